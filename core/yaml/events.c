#include "yaml/events.h"

#include <string.h>

#include "base/buffer.h"
#include "base/text.h"

void events_begin(struct events *events, const void *bytes, size_t size)
{
    if (!yaml_parser_initialize(&events->parser))
        dk_end_without_memory();
    events->parsing = true;
    yaml_parser_set_encoding(&events->parser, YAML_UTF8_ENCODING);
    /* libyaml takes a byte order mark for content of a document that the second key then ends. */
    if (size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        bytes = (const char *)bytes + 3;
        size -= 3;
    }
    yaml_parser_set_input_string(&events->parser, bytes, size);
}

void events_end(struct events *events)
{
    if (events->live)
        yaml_event_delete(&events->event);
    if (events->parsing)
        yaml_parser_delete(&events->parser);
    events->live = false;
    events->parsing = false;
}

int events_line(const struct events *events)
{
    return (int)events->event.start_mark.line + 1;
}

int events_column(const struct events *events)
{
    return (int)events->event.start_mark.column + 1;
}

/* Refusing -------------------------------------------------------------------------------------------------------- */

static void refuse_at(struct events *events, int line, int column, struct dk_error *err)
{
    err->line = line;
    err->column = column;
    if (events->refuse != NULL)
        events->refuse(events->context, err);
}

void events_refuse(struct events *events, struct dk_error *err)
{
    refuse_at(events, events_line(events), events_column(events), err);
}

void events_refuse_repeated(struct events *events, const char *where, int line)
{
    struct dk_error err;
    char shown[DK_QUOTE_SIZE];

    dk_fail(&err, DK_DATA, "the key \"%s\" stands twice in %s", dk_quote(events_text(events), events_size(events), shown),
            where);
    dk_hint(&err, "first at line %d", line);
    events_refuse(events, &err);
}

/* libyaml's complaint. */
static void refuse_syntax(struct events *events)
{
    const yaml_parser_t *parser = &events->parser;
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
    refuse_at(events, (int)parser->problem_mark.line + 1, (int)parser->problem_mark.column + 1, &err);
}

static void refuse_extras(struct events *events)
{
    const yaml_event_t *event = &events->event;
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
        events_refuse(events, &err);
    }
    if (anchor != NULL) {
        dk_fail(&err, DK_DATA, "the anchor &%s is not allowed", (const char *)anchor);
        dk_hint(&err, "write values out where they are needed; a text that begins with & has to stand in quotes");
        events_refuse(events, &err);
    }
    if (tag != NULL) {
        dk_fail(&err, DK_DATA, "the tag %s is not allowed", (const char *)tag);
        dk_hint(&err, "leave it out; a text that begins with ! has to stand in quotes");
        events_refuse(events, &err);
    }
}

/* Events ---------------------------------------------------------------------------------------------------------- */

bool events_advance(struct events *events)
{
    struct dk_error err;

    if (events->live)
        yaml_event_delete(&events->event);
    events->live = false;
    if (events->broken)
        return false;
    if (!yaml_parser_parse(&events->parser, &events->event)) {
        if (events->parser.error == YAML_MEMORY_ERROR)
            dk_end_without_memory(); /* and not for a fault of the data */
        refuse_syntax(events);
        events->broken = true;
        return false;
    }
    events->live = true;
    if (events->pass != NULL)
        events->pass(events->context, events->event.end_mark.index);
    switch (events->event.type) {
    case YAML_MAPPING_START_EVENT:
    case YAML_SEQUENCE_START_EVENT:
        refuse_extras(events);
        if (++events->depth <= events->depth_max)
            break;
        dk_fail(&err, DK_DATA, "nested deeper than %d levels", events->depth_max);
        dk_hint(&err, "the rest of the file was not read");
        events_refuse(events, &err);
        events->broken = true;
        return false;
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT: events->depth--; break;
    case YAML_SCALAR_EVENT:
        if (events->event.data.scalar.anchor != NULL || events->event.data.scalar.tag != NULL)
            refuse_extras(events);
        if (events->event.data.scalar.length > EVENTS_SCALAR_MAX) {
            dk_fail(&err, DK_DATA, "a value of %zu bytes; at most %d are allowed",
                    events->event.data.scalar.length, EVENTS_SCALAR_MAX);
            dk_hint(&err, "look for a quote that is not closed");
            events_refuse(events, &err);
            events->event.data.scalar.value[0] = '\0';
            events->event.data.scalar.length = 0;
        }
        break;
    case YAML_ALIAS_EVENT: refuse_extras(events); break;
    default: break;
    }
    return true;
}

void events_skip(struct events *events)
{
    int depth = events->depth;

    if (!events->live)
        return;
    if (events->event.type != YAML_MAPPING_START_EVENT && events->event.type != YAML_SEQUENCE_START_EVENT)
        return;
    while (events_advance(events))
        if (events->depth < depth)
            return;
}

bool events_at(const struct events *events, yaml_event_type_t type)
{
    return events->live && events->event.type == type;
}

const char *events_text(const struct events *events)
{
    return (const char *)events->event.data.scalar.value;
}

size_t events_size(const struct events *events)
{
    return events->event.data.scalar.length;
}

bool events_is_plain(const struct events *events)
{
    return events->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

const char *events_kind(const struct events *events)
{
    switch (events->event.type) {
    case YAML_MAPPING_START_EVENT: return "a mapping";
    case YAML_SEQUENCE_START_EVENT: return "a list";
    case YAML_ALIAS_EVENT: return "an alias";
    case YAML_SCALAR_EVENT: return events_size(events) == 0 ? "nothing" : "a plain value";
    default: return "nothing";
    }
}

bool events_is_nothing(const struct events *events)
{
    return events_at(events, YAML_SCALAR_EVENT) && events->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
           (events_size(events) == 0 || strcmp(events_text(events), "null") == 0 || strcmp(events_text(events), "~") == 0);
}

bool events_next_key(struct events *events)
{
    struct dk_error err;

    while (events_advance(events)) {
        if (events_at(events, YAML_MAPPING_END_EVENT))
            return false;
        if (events_at(events, YAML_SCALAR_EVENT) &&
            !(events_size(events) == 2 && memcmp(events_text(events), "<<", 2) == 0 &&
              events->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE))
            return true;
        if (events_at(events, YAML_SCALAR_EVENT)) {
            dk_fail(&err, DK_DATA, "the merge key << is not allowed");
            dk_hint(&err, "write the keys out");
            events_refuse(events, &err);
        } else if (!events_at(events, YAML_ALIAS_EVENT)) {
            dk_fail(&err, DK_DATA, "%s cannot be a key", events_kind(events));
            dk_hint(&err, "a key is plain text; a text that begins with [ or { has to stand in quotes");
            events_refuse(events, &err);
        }
        events_skip(events);
        if (events_advance(events))
            events_skip(events);
    }
    return false;
}
