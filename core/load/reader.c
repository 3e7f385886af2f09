/* libyaml's events, and what is refused of YAML: anchors, aliases, tags, merge keys, too deep and too long. */
#include "load/reader.h"

#include <stdio.h>
#include <string.h>

#include "base/near.h"

struct place reader_place(const struct reader *reader)
{
    struct place place = {.file = reader->file,
                          .line = (int32_t)reader->event.start_mark.line + 1,
                          .column = (int32_t)reader->event.start_mark.column + 1};

    return place;
}

void reader_find(struct reader *reader, struct dk_error *err)
{
    load_find(reader->load, reader_place(reader), err);
}

/* libyaml's complaint, as a finding. */
static void find_syntax(struct reader *reader)
{
    const yaml_parser_t *parser = &reader->parser;
    struct place place = {.file = reader->file,
                          .line = (int32_t)parser->problem_mark.line + 1,
                          .column = (int32_t)parser->problem_mark.column + 1};
    const char *problem = parser->problem != NULL ? parser->problem : "it cannot be read";
    struct dk_error err;

    if (parser->context != NULL)
        dk_fail(&err, DK_DATA, "not YAML: %s, %s that begins at line %d", problem, parser->context,
                (int)parser->context_mark.line + 1);
    else
        dk_fail(&err, DK_DATA, "not YAML: %s", problem);
    if (strstr(problem, "mapping values are not allowed") != NULL)
        dk_hint(&err, "a text that contains \": \" has to stand in quotes");
    else if (strstr(problem, "cannot start any token") != NULL)
        dk_hint(&err, "indent with spaces, not tabs; put a text that begins with @, ` or %% in quotes");
    else if (strstr(problem, "did not find expected") != NULL)
        dk_hint(&err, "look for a missing bracket, quote or comma, or for a line that is indented differently");
    load_find(reader->load, place, &err);
}

static void refuse_extras(struct reader *reader)
{
    const yaml_event_t *event = &reader->event;
    const yaml_char_t *anchor = NULL, *tag = NULL;
    struct dk_error err;

    if (event->type == YAML_SCALAR_EVENT) {
        anchor = event->data.scalar.anchor;
        tag = event->data.scalar.tag;
    } else if (event->type == YAML_SEQUENCE_START_EVENT) {
        anchor = event->data.sequence_start.anchor;
        tag = event->data.sequence_start.tag;
    } else if (event->type == YAML_MAPPING_START_EVENT) {
        anchor = event->data.mapping_start.anchor;
        tag = event->data.mapping_start.tag;
    } else if (event->type == YAML_ALIAS_EVENT) {
        dk_fail(&err, DK_DATA, "the alias *%s is not allowed", (const char *)event->data.alias.anchor);
        dk_hint(&err, "write the value out; a text that begins with * has to stand in quotes");
        reader_find(reader, &err);
    }
    if (anchor != NULL) {
        dk_fail(&err, DK_DATA, "the anchor &%s is not allowed", (const char *)anchor);
        dk_hint(&err, "write values out where they are needed; a text that begins with & has to stand in quotes");
        reader_find(reader, &err);
    }
    if (tag != NULL) {
        dk_fail(&err, DK_DATA, "the tag %s is not allowed", (const char *)tag);
        dk_hint(&err, "leave it out; a text that begins with ! has to stand in quotes");
        reader_find(reader, &err);
    }
}

bool reader_advance(struct reader *reader)
{
    struct dk_error err;

    if (reader->live)
        yaml_event_delete(&reader->event);
    reader->live = false;
    if (reader->broken)
        return false;
    if (!yaml_parser_parse(&reader->parser, &reader->event)) {
        find_syntax(reader);
        reader->broken = true;
        return false;
    }
    reader->live = true;
    dk_meter_tick(&reader->load->meter, reader->load->bytes_read + reader->event.end_mark.index);
    switch (reader->event.type) {
    case YAML_MAPPING_START_EVENT:
    case YAML_SEQUENCE_START_EVENT:
        refuse_extras(reader);
        if (++reader->depth <= LOAD_DEPTH_MAX)
            break;
        dk_fail(&err, DK_DATA, "nested deeper than %d levels", LOAD_DEPTH_MAX);
        dk_hint(&err, "the rest of the file was not read");
        reader_find(reader, &err);
        reader->broken = true;
        return false;
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT: reader->depth--; break;
    case YAML_SCALAR_EVENT:
        if (reader->event.data.scalar.anchor != NULL || reader->event.data.scalar.tag != NULL)
            refuse_extras(reader);
        if (reader->event.data.scalar.length > LOAD_SCALAR_MAX) {
            dk_fail(&err, DK_DATA, "a value of %zu bytes; at most %d are allowed",
                    reader->event.data.scalar.length, LOAD_SCALAR_MAX);
            dk_hint(&err, "look for a quote that is not closed");
            reader_find(reader, &err);
            reader->event.data.scalar.value[0] = '\0';
            reader->event.data.scalar.length = 0;
        }
        break;
    case YAML_ALIAS_EVENT: refuse_extras(reader); break;
    default: break;
    }
    return true;
}

void reader_skip(struct reader *reader)
{
    int depth = reader->depth;

    if (!reader->live)
        return;
    if (reader->event.type != YAML_MAPPING_START_EVENT && reader->event.type != YAML_SEQUENCE_START_EVENT)
        return;
    while (reader_advance(reader))
        if (reader->depth < depth)
            return;
}

bool reader_at(const struct reader *reader, yaml_event_type_t type)
{
    return reader->live && reader->event.type == type;
}

const char *reader_text(const struct reader *reader)
{
    return (const char *)reader->event.data.scalar.value;
}

size_t reader_size(const struct reader *reader)
{
    return reader->event.data.scalar.length;
}

const char *reader_kind(const struct reader *reader)
{
    switch (reader->event.type) {
    case YAML_MAPPING_START_EVENT: return "a mapping";
    case YAML_SEQUENCE_START_EVENT: return "a list";
    case YAML_ALIAS_EVENT: return "an alias";
    case YAML_SCALAR_EVENT: return reader_size(reader) == 0 ? "nothing" : "a plain value";
    default: return "nothing";
    }
}

bool reader_is_nothing(const struct reader *reader)
{
    return reader_at(reader, YAML_SCALAR_EVENT) && reader->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
           (reader_size(reader) == 0 || strcmp(reader_text(reader), "null") == 0 || strcmp(reader_text(reader), "~") == 0);
}

bool reader_next_key(struct reader *reader)
{
    struct dk_error err;

    while (reader_advance(reader)) {
        if (reader_at(reader, YAML_MAPPING_END_EVENT))
            return false;
        if (reader_at(reader, YAML_SCALAR_EVENT) &&
            !(reader_size(reader) == 2 && memcmp(reader_text(reader), "<<", 2) == 0 &&
              reader->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE))
            return true;
        if (reader_at(reader, YAML_SCALAR_EVENT)) {
            dk_fail(&err, DK_DATA, "the merge key << is not allowed");
            dk_hint(&err, "write the keys out");
            reader_find(reader, &err);
        } else if (!reader_at(reader, YAML_ALIAS_EVENT)) {
            dk_fail(&err, DK_DATA, "%s cannot be a key", reader_kind(reader));
            dk_hint(&err, "a key is plain text; a text that begins with [ or { has to stand in quotes");
            reader_find(reader, &err);
        }
        reader_skip(reader);
        if (reader_advance(reader))
            reader_skip(reader);
    }
    return false;
}

void reader_find_unknown(struct reader *reader, const char *where, const char *const *names, size_t count)
{
    struct dk_error err;
    char shown[QUOTE_SIZE], list[220] = "";
    const char *nearest;

    load_quote(reader_text(reader), reader_size(reader), shown);
    nearest = dk_nearest(shown, names, count);
    dk_fail(&err, DK_DATA, "unknown key \"%s\" in %s", shown, where);
    if (nearest != NULL) {
        dk_hint(&err, "did you mean \"%s\"?", nearest);
    } else {
        for (size_t i = 0; i < count; i++)
            snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s", i > 0 ? ", " : "", names[i]);
        dk_hint(&err, "known keys: %s", list);
    }
    reader_find(reader, &err);
}

void reader_find_repeated(struct reader *reader, const char *where, int line)
{
    struct dk_error err;
    char shown[QUOTE_SIZE];

    dk_fail(&err, DK_DATA, "the key \"%s\" stands twice in %s",
            load_quote(reader_text(reader), reader_size(reader), shown), where);
    dk_hint(&err, "first at line %d", line);
    reader_find(reader, &err);
}
