/* YAML: libyaml's events, walked along the model. No document tree is built: a row is filled while its keys pass by. */
#include "load/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/near.h"
#include "load/source.h"

enum { NAMES_MAX = 32, CHILD_KEYS = 2 };

/* A scalar of a list that makes one row each. */
struct item {
    struct db_value value;
    struct place place;
};

struct reader {
    struct load *load;
    uint32_t file;
    yaml_parser_t parser;
    yaml_event_t event; /* the current one */
    bool live;          /* `event` has to be deleted */
    bool broken;        /* nothing more can be read */
    int depth;
    const struct source_text *source;
    struct db_value document; /* id of the document of this file, once known */
    bool unfit_document;      /* its record is, and so its actions are not to be stored */
    struct item *item;
    size_t item_count, item_capacity;
};

/* The records that are read: of what, into which batch, under what. */
struct target {
    const struct model_entity *entity;
    struct batch *batch;
    struct row *parent;      /* of children */
    const struct db_value *topic; /* of actions */
    struct place place;      /* where the next record begins, when that is before its mapping; line 0: at the mapping */
};

static struct place here(const struct reader *reader)
{
    struct place place = {.file = reader->file,
                          .line = (int32_t)reader->event.start_mark.line + 1,
                          .column = (int32_t)reader->event.start_mark.column + 1};

    return place;
}

static void find_here(struct reader *reader, struct dk_error *err)
{
    load_find(reader->load, here(reader), err);
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
        find_here(reader, &err);
    }
    if (anchor != NULL) {
        dk_fail(&err, DK_DATA, "the anchor &%s is not allowed", (const char *)anchor);
        dk_hint(&err, "write values out where they are needed; a text that begins with & has to stand in quotes");
        find_here(reader, &err);
    }
    if (tag != NULL) {
        dk_fail(&err, DK_DATA, "the tag %s is not allowed", (const char *)tag);
        dk_hint(&err, "leave it out; a text that begins with ! has to stand in quotes");
        find_here(reader, &err);
    }
}

/* Goes to the next event. False when there is none because the file is broken. */
static bool advance(struct reader *reader)
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
    switch (reader->event.type) {
    case YAML_MAPPING_START_EVENT:
    case YAML_SEQUENCE_START_EVENT:
        refuse_extras(reader);
        if (++reader->depth <= LOAD_DEPTH_MAX)
            break;
        dk_fail(&err, DK_DATA, "nested deeper than %d levels", LOAD_DEPTH_MAX);
        dk_hint(&err, "the rest of the file was not read");
        find_here(reader, &err);
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
            find_here(reader, &err);
            reader->event.data.scalar.value[0] = '\0';
            reader->event.data.scalar.length = 0;
        }
        break;
    case YAML_ALIAS_EVENT: refuse_extras(reader); break;
    default: break;
    }
    return true;
}

/* Leaves the current node behind: afterwards its last event is the current one. */
static void skip(struct reader *reader)
{
    int depth = reader->depth;

    if (!reader->live)
        return;
    if (reader->event.type != YAML_MAPPING_START_EVENT && reader->event.type != YAML_SEQUENCE_START_EVENT)
        return;
    while (advance(reader))
        if (reader->depth < depth)
            return;
}

static bool at(const struct reader *reader, yaml_event_type_t type)
{
    return reader->live && reader->event.type == type;
}

static const char *text_here(const struct reader *reader)
{
    return (const char *)reader->event.data.scalar.value;
}

static size_t size_here(const struct reader *reader)
{
    return reader->event.data.scalar.length;
}

/* What stands here, for "not a list". */
static const char *kind_here(const struct reader *reader)
{
    switch (reader->event.type) {
    case YAML_MAPPING_START_EVENT: return "a mapping";
    case YAML_SEQUENCE_START_EVENT: return "a list";
    case YAML_ALIAS_EVENT: return "an alias";
    case YAML_SCALAR_EVENT: return size_here(reader) == 0 ? "nothing" : "a plain value";
    default: return "nothing";
    }
}

static bool is_nothing(const struct reader *reader)
{
    return at(reader, YAML_SCALAR_EVENT) && reader->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
           (size_here(reader) == 0 || strcmp(text_here(reader), "null") == 0 || strcmp(text_here(reader), "~") == 0);
}

/* Goes to the next key of a mapping; false at its end. Keys that are no scalars are reported and left out. */
static bool next_key(struct reader *reader)
{
    struct dk_error err;

    while (advance(reader)) {
        if (at(reader, YAML_MAPPING_END_EVENT))
            return false;
        if (at(reader, YAML_SCALAR_EVENT) &&
            !(size_here(reader) == 2 && memcmp(text_here(reader), "<<", 2) == 0 &&
              reader->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE))
            return true;
        if (at(reader, YAML_SCALAR_EVENT)) {
            dk_fail(&err, DK_DATA, "the merge key << is not allowed");
            dk_hint(&err, "write the keys out");
            find_here(reader, &err);
        } else if (!at(reader, YAML_ALIAS_EVENT)) {
            dk_fail(&err, DK_DATA, "%s cannot be a key", kind_here(reader));
            dk_hint(&err, "a key is plain text; a text that begins with [ or { has to stand in quotes");
            find_here(reader, &err);
        }
        skip(reader);
        if (advance(reader))
            skip(reader);
    }
    return false;
}

/* Reports a key that is not known among `names`. */
static void find_unknown(struct reader *reader, const char *where, const char *const *names, size_t count)
{
    struct dk_error err;
    char shown[QUOTE_SIZE], list[220] = "";
    const char *nearest;

    load_quote(text_here(reader), size_here(reader), shown);
    nearest = dk_nearest(shown, names, count);
    dk_fail(&err, DK_DATA, "unknown key \"%s\" in %s", shown, where);
    if (nearest != NULL) {
        dk_hint(&err, "did you mean \"%s\"?", nearest);
    } else {
        for (size_t i = 0; i < count; i++)
            snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s", i > 0 ? ", " : "", names[i]);
        dk_hint(&err, "known keys: %s", list);
    }
    find_here(reader, &err);
}

static void find_repeated(struct reader *reader, const char *where, int line)
{
    struct dk_error err;
    char shown[QUOTE_SIZE];

    dk_fail(&err, DK_DATA, "the key \"%s\" stands twice in %s",
            load_quote(text_here(reader), size_here(reader), shown), where);
    dk_hint(&err, "first at line %d", line);
    find_here(reader, &err);
}

static size_t known_keys(const struct model_entity *entity, const char *names[NAMES_MAX])
{
    size_t count = 0;

    for (size_t i = 0; i < entity->field_count; i++)
        if (entity->fields[i].key != NULL)
            names[count++] = entity->fields[i].key;
    for (size_t i = 0; i < MODEL_COUNT; i++)
        if (model_entities()[i].child && model_entities()[i].parent == model_name_of(entity))
            names[count++] = model_entities()[i].key;
    if (entity->csv)
        names[count++] = "csv";
    return count;
}

/* Reads the scalar that stands here into a field; reports what does not fit. */
static bool read_value(struct reader *reader, const struct model_entity *entity, const struct model_field *field,
                       struct batch *batch, struct db_value *out)
{
    struct dk_error err;
    struct scalar scalar;

    if (!at(reader, YAML_SCALAR_EVENT)) {
        if (reader->live && !at(reader, YAML_ALIAS_EVENT)) {
            dk_fail(&err, DK_DATA, "\"%s\" of %s must be %s, not %s", field->key, entity->one,
                    model_type_text(field->type), kind_here(reader));
            find_here(reader, &err);
        }
        skip(reader);
        return false;
    }
    scalar.text = text_here(reader);
    scalar.size = size_here(reader);
    scalar.plain = reader->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    scalar.cell = false;
    if (load_value(entity, field, &scalar, &batch->arena, out, &err))
        return true;
    find_here(reader, &err);
    return false;
}

/* The values of a list that makes one row each; the first goes into the row. */
static bool read_items(struct reader *reader, const struct model_entity *entity, const struct model_field *field,
                       struct batch *batch)
{
    struct dk_error err;
    bool fit = true;

    reader->item_count = 0;
    while (advance(reader) && !at(reader, YAML_SEQUENCE_END_EVENT)) {
        struct item *item;

        reader->item = load_grow(reader->item, reader->item_count, &reader->item_capacity, sizeof *reader->item);
        item = &reader->item[reader->item_count];
        memset(item, 0, sizeof *item);
        item->place = here(reader);
        if (!read_value(reader, entity, field, batch, &item->value) || item->value.type == DB_NULL)
            fit = false;
        else
            reader->item_count++;
    }
    if (fit && reader->live && reader->item_count == 0) {
        dk_fail(&err, DK_DATA, "\"%s\" of %s is an empty list", field->key, entity->one);
        find_here(reader, &err);
        fit = false;
    }
    return fit;
}

static void read_list(struct reader *reader, const struct target *target);

/* What is known of a record while its keys pass by. */
struct passing {
    struct place place[FIELDS_MAX]; /* of the values; line -1: unfit */
    int line[FIELDS_MAX + CHILD_KEYS + 1]; /* of the keys */
    bool items;                     /* reader->item holds values of entity->list */
    char *csv;                      /* name of a file that stands for records */
    struct place csv_place;
    unsigned given;                 /* fields that were given, a bit each */
};

static void read_field(struct reader *reader, const struct target *target, struct row *row, int field,
                       struct passing *passing)
{
    const struct model_entity *entity = target->entity;
    const struct model_field *what = &entity->fields[field];
    bool fit;

    if (!advance(reader))
        return;
    passing->place[field] = here(reader);
    passing->given |= 1U << field;
    if (entity->list != NULL && strcmp(entity->list, what->key) == 0 && at(reader, YAML_SEQUENCE_START_EVENT)) {
        fit = read_items(reader, entity, what, target->batch);
        if (fit) {
            passing->items = true;
            row->value[field] = reader->item[0].value;
            passing->place[field] = reader->item[0].place;
        }
    } else {
        fit = read_value(reader, entity, what, target->batch, &row->value[field]);
    }
    if (!fit) {
        passing->place[field].line = -1;
        row->skip = true;
    }
}

static void read_csv_key(struct reader *reader, struct passing *passing)
{
    struct dk_error err;

    if (!advance(reader))
        return;
    passing->csv_place = here(reader);
    free(passing->csv);
    passing->csv = dk_copy_text(at(reader, YAML_SCALAR_EVENT) ? text_here(reader) : "");
    if (!at(reader, YAML_SCALAR_EVENT)) {
        dk_fail(&err, DK_DATA, "\"csv\" must be the name of a file, not %s", kind_here(reader));
        find_here(reader, &err);
        skip(reader);
    }
}

static void read_child(struct reader *reader, const struct model_entity *child, const struct target *target,
                       struct row *row)
{
    struct target children = {.entity = child, .batch = target->batch, .parent = row};

    if (advance(reader))
        read_list(reader, &children);
}

/* The keys of a record; the mapping's start is the current event. */
static void read_keys(struct reader *reader, const struct target *target, struct row *row, struct passing *passing)
{
    const struct model_entity *entity = target->entity;
    const size_t csv_key = entity->field_count;

    while (next_key(reader)) {
        int field = model_field_by_key(entity, text_here(reader), size_here(reader));
        const struct model_entity *child = NULL;
        size_t slot;
        int line = here(reader).line;

        if (field >= 0) {
            slot = (size_t)field;
        } else if (entity->csv && size_here(reader) == 3 && memcmp(text_here(reader), "csv", 3) == 0) {
            slot = csv_key;
        } else {
            child = model_child_by_key(model_name_of(entity), text_here(reader), size_here(reader));
            slot = csv_key + 1;
        }
        if (field < 0 && slot != csv_key && child == NULL) {
            const char *names[NAMES_MAX];

            find_unknown(reader, entity->one, names, known_keys(entity, names));
        } else if (passing->line[slot] > 0) {
            find_repeated(reader, entity->one, passing->line[slot]);
        } else {
            passing->line[slot] = line;
            if (field >= 0)
                read_field(reader, target, row, field, passing);
            else if (child != NULL)
                read_child(reader, child, target, row);
            else
                read_csv_key(reader, passing);
            continue;
        }
        if (advance(reader))
            skip(reader);
    }
}

/* {csv: FILE}: the row becomes what holds for all rows of the file. */
static void put_table(struct reader *reader, const struct target *target, struct row *row, struct passing *passing)
{
    struct load *load = reader->load;
    struct place mark = passing->csv_place;
    struct table *table;
    struct dk_error err;
    uint32_t file = 0;
    bool was_skipped = row->skip;

    row->skip = true; /* it is no row of its own */
    if (was_skipped || passing->csv[0] == '\0')
        return;
    if (load_add_table_file(load, reader->file, passing->csv, &file, &err) != DK_OK) {
        load_find(load, mark, &err);
        return;
    }
    load->table = load_grow(load->table, load->table_count, &load->table_capacity, sizeof *load->table);
    table = &load->table[load->table_count++];
    table->entity = target->entity;
    table->given = passing->given;
    table->file = file;
    table->common = arena_take(&load->texts, sizeof *row + row->count * sizeof row->value[0]);
    memcpy(table->common, row, sizeof *row + row->count * sizeof row->value[0]);
    for (int i = 0; i < row->count; i++)
        if (row->value[i].type == DB_TEXT)
            table->common->value[i].text.bytes = arena_copy(&load->texts, row->value[i].text.bytes, row->value[i].text.size);
    for (size_t i = 0; i < target->entity->field_count; i++)
        if ((passing->given & 1U << i) && target->entity->fields[i].type == MODEL_REFERENCE)
            load_reference(load, target->entity, table->common, (int)i, passing->place[i]);
}

/* One more row for every further value of the list. */
static void put_items(struct reader *reader, const struct target *target, const struct row *first)
{
    int field = model_field_by_key(target->entity, target->entity->list, strlen(target->entity->list));

    for (size_t i = 1; i < reader->item_count; i++) {
        struct row *row = load_row(reader->load, target->batch, target->entity, first->place);

        memcpy(row->value, first->value, row->count * sizeof row->value[0]);
        row->skip = first->skip;
        row->value[field] = reader->item[i].value;
        if (target->entity->fields[field].type == MODEL_REFERENCE)
            load_reference(reader->load, target->entity, row, field, reader->item[i].place);
    }
}

static void note_redirect(struct reader *reader, const struct row *row, struct place from, struct place to)
{
    struct load *load = reader->load;
    struct redirection *redirection;
    struct id_key key;

    if (row->value[0].type != DB_TEXT || row->value[1].type != DB_TEXT)
        return;
    load->redirection = load_grow(load->redirection, load->redirection_count, &load->redirection_capacity,
                                  sizeof *load->redirection);
    redirection = &load->redirection[load->redirection_count++];
    redirection->from = arena_copy(&load->texts, row->value[0].text.bytes, row->value[0].text.size);
    redirection->to = arena_copy(&load->texts, row->value[1].text.bytes, row->value[1].text.size);
    redirection->from_place = from;
    redirection->to_place = to;
    key = load_key(KEY_REDIRECT, redirection->from, strlen(redirection->from));
    (void)ids_define(&load->ids, &key, from, redirection->to);
}

/* The id of the parent goes into its children, which follow it in the batch. */
static void fill_children(struct reader *reader, const struct row *row)
{
    const struct db_value *id = &row->value[0];

    for (struct row *child = row->next; child != NULL; child = child->next) {
        const struct model_entity *entity = &model_entities()[child->entity];

        for (size_t i = 0; i < entity->field_count; i++)
            if (entity->fields[i].key == NULL && entity->fields[i].type == MODEL_REFERENCE &&
                entity->fields[i].reference == row->entity)
                child->value[i] = *id;
        if (id->type != DB_TEXT)
            child->skip = true;
        if (child->entity == MODEL_CODE)
            load_define(reader->load, entity, child, child->place);
    }
}

/* Everything that follows once the keys of a record have been read. */
static void close_record(struct reader *reader, const struct target *target, struct row *row,
                         struct passing *passing)
{
    const struct model_entity *entity = target->entity;
    int id = model_field_by_name(entity, "id");
    struct load *load = reader->load;

    load_finish_row(load, entity, row, passing->place);
    if (passing->items)
        put_items(reader, target, row);
    if (row->entity == MODEL_REDIRECT) {
        size_t item = 0;

        for (const struct row *each = row; each != NULL; each = each->next, item++)
            note_redirect(reader, each, passing->place[0],
                          passing->items ? reader->item[item].place : passing->place[1]);
    }
    if (id >= 0 && row->entity != MODEL_CODE)
        load_define(load, entity, row, passing->place[id].line > 0 ? passing->place[id] : row->place);
    else if (id >= 0 && passing->place[id].line > 0)
        row->place = passing->place[id]; /* to be defined with its scheme */
    if (id == 0)
        fill_children(reader, row);
}

static struct row *read_record(struct reader *reader, const struct target *target)
{
    const struct model_entity *entity = target->entity;
    struct passing passing = {0};
    struct dk_error err;
    struct row *row = load_row(reader->load, target->batch, entity, target->place.line > 0 ? target->place : here(reader));

    if (target->topic != NULL) {
        row->value[model_field_by_name(entity, "document_id")] = reader->document;
        row->value[model_field_by_name(entity, "topic_id")] = *target->topic;
    }
    if (at(reader, YAML_SCALAR_EVENT) && entity->scalar != NULL && !is_nothing(reader)) {
        int field = model_field_by_key(entity, entity->scalar, strlen(entity->scalar));

        passing.place[field] = here(reader);
        if (!read_value(reader, entity, &entity->fields[field], target->batch, &row->value[field])) {
            passing.place[field].line = -1;
            row->skip = true;
        }
    } else if (at(reader, YAML_MAPPING_START_EVENT)) {
        read_keys(reader, target, row, &passing);
    } else {
        if (!at(reader, YAML_ALIAS_EVENT)) {
            dk_fail(&err, DK_DATA, "%s must be a mapping%s, not %s", entity->one, entity->scalar != NULL ? " or a text" : "",
                    kind_here(reader));
            find_here(reader, &err);
        }
        skip(reader);
        row->skip = true;
        return row;
    }
    if (reader->broken) {
        for (struct row *each = row; each != NULL; each = each->next) /* and what stands within it */
            each->skip = true;
    } else if (passing.csv != NULL) {
        put_table(reader, target, row, &passing);
    } else {
        close_record(reader, target, row, &passing);
    }
    free(passing.csv);
    return row;
}

/* Where a position is not given, it is the next one; positions that are given ascend. */
static void set_position(struct reader *reader, const struct target *target, struct row *row, int64_t *last)
{
    int field = model_field_by_name(target->entity, "position");
    struct dk_error err;

    if (field < 0)
        return;
    if (row->value[field].type != DB_INTEGER) {
        row->value[field].type = DB_INTEGER;
        row->value[field].integer = *last + 1;
    } else if (row->value[field].integer <= *last) {
        dk_fail(&err, DK_DATA, "position %lld of %s does not come after %lld, the one before",
                (long long)row->value[field].integer, target->entity->one, (long long)*last);
        dk_hint(&err, "expected %lld or more, or no position at all", (long long)*last + 1);
        load_find(reader->load, row->place, &err);
        row->skip = true;
    }
    *last = row->value[field].integer;
}

/* Records in a list; a single {csv: FILE} may stand in its place. */
static void read_list(struct reader *reader, const struct target *target)
{
    struct target each = *target;
    struct dk_error err;
    int64_t position = 0;
    bool flows = target->parent == NULL && target->batch != reader->load->late;

    if (at(reader, YAML_MAPPING_START_EVENT) && target->entity->csv) {
        (void)read_record(reader, target);
        return;
    }
    if (!at(reader, YAML_SEQUENCE_START_EVENT)) {
        if (!at(reader, YAML_ALIAS_EVENT)) {
            dk_fail(&err, DK_DATA, "\"%s\" must be a list of %s, not %s", target->entity->key, target->entity->many,
                    kind_here(reader));
            find_here(reader, &err);
        }
        skip(reader);
        return;
    }
    while (advance(reader) && !at(reader, YAML_SEQUENCE_END_EVENT)) {
        struct row *row;

        row = read_record(reader, &each);
        set_position(reader, &each, row, &position);
        if (row->entity == MODEL_ACTION) {
            row->skip = row->skip || reader->unfit_document;
            load_note_action(reader->load, row);
        }
        if (flows) {
            load_flush(reader->load, false);
            each.batch = reader->load->batch;
        }
    }
}

/* The id of this file's document, when its actions come before it: looked for in a reading of its own. */
static bool find_document(struct reader *reader, struct dk_buffer *out)
{
    yaml_parser_t parser;
    yaml_event_t event;
    int depth = 0;
    bool key = true, in_document = false, at_id = false, found = false, done = false;

    if (!yaml_parser_initialize(&parser))
        return false;
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, reader->source->bytes, reader->source->size);
    while (!done && yaml_parser_parse(&parser, &event)) {
        bool scalar = event.type == YAML_SCALAR_EVENT;
        const char *text = scalar ? (const char *)event.data.scalar.value : "";

        /* `key` says whether a scalar on this level (1: the file's keys, 2: those of a mapping below) is a key. */
        if (event.type == YAML_MAPPING_START_EVENT || event.type == YAML_SEQUENCE_START_EVENT) {
            depth++;
            key = true;
        } else if (event.type == YAML_MAPPING_END_EVENT || event.type == YAML_SEQUENCE_END_EVENT) {
            depth--;
            key = true;
        } else if (scalar && depth == 1 && key) {
            in_document = strcmp(text, "document") == 0;
            key = false;
        } else if (scalar && depth == 2 && in_document && key) {
            at_id = strcmp(text, "id") == 0;
            key = false;
        } else if (scalar && depth == 2 && in_document && at_id) {
            dk_buffer_text(out, text);
            found = true;
        } else if (scalar) {
            key = true;
        }
        done = found || event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    return found;
}

static bool know_document(struct reader *reader)
{
    struct dk_buffer id = {0};
    struct dk_error err;

    if (reader->document.type == DB_TEXT)
        return true;
    if (find_document(reader, &id) && id.size > 0) {
        load_set_text(&reader->document, arena_copy(&reader->load->texts, id.bytes, id.size), id.size);
        dk_buffer_free(&id);
        return true;
    }
    dk_buffer_free(&id);
    dk_fail(&err, DK_DATA, "actions in a file without a document");
    dk_hint(&err, "add document: {id: …, title: …} to this file");
    find_here(reader, &err);
    return false;
}

/* The topic whose actions follow; reports one that stands twice in the file or is not defined. */
static bool read_topic(struct reader *reader, struct db_value *topic)
{
    const struct model_entity *entity = &model_entities()[MODEL_ACTION];
    struct load *load = reader->load;
    struct id_key key = load_key(MODEL_TOPIC, text_here(reader), size_here(reader));
    struct id_key cell = load_key(KEY_CELL, key.id, key.size);
    const struct id_entry *first;

    cell.scope = load->file[reader->file].path;
    cell.scope_size = strlen(cell.scope);
    first = ids_define(&load->ids, &cell, here(reader), NULL);
    if (first != NULL) {
        find_repeated(reader, "actions", first->place.line);
        return false;
    }
    load_set_text(topic, arena_copy(&load->texts, key.id, key.size), key.size);
    if (ids_find(&load->ids, &key) == NULL) {
        struct pending *pending;

        load->pending = load_grow(load->pending, load->pending_count, &load->pending_capacity, sizeof *load->pending);
        pending = &load->pending[load->pending_count++];
        pending->key = load_key(MODEL_TOPIC, topic->text.bytes, topic->text.size);
        pending->entity = entity;
        pending->field = NULL;
        pending->place = here(reader);
    }
    return true;
}

static bool expect_mapping(struct reader *reader, const struct model_entity *entity, const char *of)
{
    struct dk_error err;

    if (at(reader, YAML_MAPPING_START_EVENT))
        return true;
    if (!at(reader, YAML_ALIAS_EVENT)) {
        dk_fail(&err, DK_DATA, "\"%s\" must be a mapping%s, not %s", entity->key, of, kind_here(reader));
        find_here(reader, &err);
    }
    skip(reader);
    return false;
}

static void read_by_topic(struct reader *reader, const struct model_entity *entity)
{
    struct target target = {.entity = entity};
    bool known;

    if (!expect_mapping(reader, entity, " from topics to lists of actions"))
        return;
    known = know_document(reader);
    while (next_key(reader)) {
        struct db_value topic = {0};
        bool fit = read_topic(reader, &topic);

        if (!advance(reader))
            return;
        if (!fit || !known) {
            skip(reader);
            continue;
        }
        target.topic = &topic;
        target.batch = reader->load->batch;
        read_list(reader, &target);
    }
}

static void read_by_term(struct reader *reader, const struct model_entity *entity)
{
    struct target target = {.entity = entity, .batch = reader->load->late};

    if (!expect_mapping(reader, entity, " from terms to what they stand for"))
        return;
    while (next_key(reader)) {
        struct scalar scalar = {.text = text_here(reader), .size = size_here(reader)};
        int field = model_field_by_name(entity, "term");
        struct db_value term = {0};
        struct dk_error err;
        struct place place = here(reader);
        struct model_field term_field = entity->fields[field];
        struct row *row;
        bool fit;

        term_field.key = "term";
        fit = load_value(entity, &term_field, &scalar, &target.batch->arena, &term, &err);
        if (!fit) {
            find_here(reader, &err);
        } else if (term.type == DB_NULL) {
            dk_fail(&err, DK_DATA, "an abbreviation is empty");
            find_here(reader, &err);
            fit = false;
        }
        if (!advance(reader))
            return;
        target.place = place;
        row = read_record(reader, &target);
        row->value[field] = term;
        if (!fit)
            row->skip = true;
    }
}

static void define_framework(struct reader *reader, const struct row *row)
{
    struct load *load = reader->load;
    struct load_folder *folder = &load->folder[load->file[reader->file].folder];
    struct dk_error err;
    char where[400];

    if (row->value[0].type != DB_TEXT)
        return;
    if (folder->framework == NULL) {
        folder->framework = arena_copy(&load->texts, row->value[0].text.bytes, row->value[0].text.size);
        folder->framework_place = row->place;
        return;
    }
    load_place_text(load, folder->framework_place, where, sizeof where);
    dk_fail(&err, DK_DATA, "a second framework in one folder; the first is at %s", where);
    dk_hint(&err, "give each framework a folder of its own");
    load_find(load, row->place, &err);
}

static void read_single(struct reader *reader, const struct model_entity *entity)
{
    bool document = model_name_of(entity) == MODEL_DOCUMENT;
    struct target target = {.entity = entity, .batch = document ? reader->load->late : reader->load->batch};
    struct row *row;

    row = read_record(reader, &target);
    if (!document) {
        define_framework(reader, row);
    } else if (row->value[0].type == DB_TEXT) {
        reader->unfit_document = row->skip;
        load_set_text(&reader->document,
                      arena_copy(&reader->load->texts, row->value[0].text.bytes, row->value[0].text.size),
                      row->value[0].text.size);
    }
}

static void read_entry(struct reader *reader, const struct model_entity *entity)
{
    struct target target = {.entity = entity, .batch = reader->load->batch};

    switch (entity->shape) {
    case MODEL_SINGLE: read_single(reader, entity); break;
    case MODEL_BY_TOPIC: read_by_topic(reader, entity); break;
    case MODEL_BY_TERM: read_by_term(reader, entity); break;
    default:
        if (model_name_of(entity) == MODEL_AREA)
            target.batch = reader->load->late;
        read_list(reader, &target);
        break;
    }
}

static size_t top_keys(const char *names[NAMES_MAX])
{
    size_t count = 0;

    for (size_t i = 0; i < MODEL_COUNT; i++)
        if (!model_entities()[i].child && model_entities()[i].key != NULL)
            names[count++] = model_entities()[i].key;
    return count;
}

static void read_top(struct reader *reader)
{
    int line[MODEL_COUNT] = {0};
    struct dk_error err;

    if (!at(reader, YAML_MAPPING_START_EVENT)) {
        dk_fail(&err, DK_DATA, is_nothing(reader) ? "the file is empty" : "the file holds %s, not a mapping", kind_here(reader));
        dk_hint(&err, "expected keys such as framework, areas, document and actions");
        find_here(reader, &err);
        skip(reader);
        return;
    }
    while (next_key(reader)) {
        const struct model_entity *entity = model_entity_by_key(text_here(reader), size_here(reader));

        if (entity == NULL) {
            const char *names[NAMES_MAX];

            find_unknown(reader, "a file", names, top_keys(names));
        } else if (line[model_name_of(entity)] > 0) {
            find_repeated(reader, "this file", line[model_name_of(entity)]);
            entity = NULL;
        } else {
            line[model_name_of(entity)] = here(reader).line;
        }
        if (!advance(reader))
            return;
        if (entity != NULL)
            read_entry(reader, entity);
        else
            skip(reader);
    }
}

static void read_stream(struct reader *reader)
{
    struct dk_error err;

    if (!advance(reader) || !advance(reader)) /* the start of the stream, then that of the document */
        return;
    if (at(reader, YAML_STREAM_END_EVENT)) {
        dk_fail(&err, DK_DATA, "the file is empty");
        dk_hint(&err, "expected keys such as framework, areas, document and actions");
        find_here(reader, &err);
        return;
    }
    if (!advance(reader))
        return;
    read_top(reader);
    if (!advance(reader) || !advance(reader)) /* the document's end, then what follows */
        return;
    if (at(reader, YAML_DOCUMENT_START_EVENT)) {
        dk_fail(&err, DK_DATA, "a second YAML document in one file");
        dk_hint(&err, "put it into a file of its own, without \"---\"");
        find_here(reader, &err);
    }
}

dk_status load_yaml(struct load *load, uint32_t file, struct dk_error *err)
{
    struct reader reader = {.load = load, .file = file};
    struct source_text source;
    struct dk_error finding;

    if (source_read(&load->file[file], &source, err) != DK_OK)
        return DK_ERROR;
    if (!load_check_encoding(source.bytes, source.size, &finding)) {
        struct place place = {.file = file, .line = finding.line, .column = finding.column};

        load_find(load, place, &finding);
        source_free(&source);
        return DK_OK;
    }
    reader.source = &source;
    if (!yaml_parser_initialize(&reader.parser)) {
        source_free(&source);
        return dk_fail(err, DK_IO, "not enough memory to read %s", load->file[file].path);
    }
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader.parser, source.bytes, source.size);
    read_stream(&reader);
    if (reader.live)
        yaml_event_delete(&reader.event);
    yaml_parser_delete(&reader.parser);
    free(reader.item);
    source_digest(&load->file[file], &source); /* now, while the store has still something to do */
    source_free(&source);
    return DK_OK;
}
