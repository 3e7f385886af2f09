/* Records: a row is filled while the keys of a mapping pass by, then checked as a whole. */
#include "load/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/list.h"
#include "names/match.h"

/* Whether a field names the record within which one of the entity stands. */
static bool is_parent(const struct model_entity *entity, const struct model_field *field)
{
    return field->type == MODEL_REFERENCE && field->reference == entity->parent;
}

static size_t known_keys(const struct model_entity *entity, bool within, const char *names[READER_NAMES_MAX])
{
    size_t count = 0;

    for (size_t i = 0; i < entity->field_count; i++)
        if (entity->fields[i].key != NULL && !(within && is_parent(entity, &entity->fields[i])))
            names[count++] = entity->fields[i].key;
    for (size_t i = 0; i < MODEL_COUNT; i++)
        if (model_within(&model_entities()[i], model_name_of(entity)))
            names[count++] = model_entities()[i].key;
    if (entity->csv)
        names[count++] = "csv";
    if (entity->csv && model_names_units(entity))
        names[count++] = "units";
    if (entity->extend != NULL)
        names[count++] = "extend";
    return count;
}

/* Reads the scalar that stands here into a field; reports what does not fit. */
static bool read_value(struct reader *reader, const struct model_entity *entity, const struct model_field *field,
                       struct batch *batch, struct db_value *out)
{
    struct dk_error err;
    struct scalar scalar;

    if (!events_at(&reader->events, YAML_SCALAR_EVENT)) {
        if (reader->events.live && !events_at(&reader->events, YAML_ALIAS_EVENT)) {
            dk_fail(&err, DK_DATA, "\"%s\" of %s must be %s, not %s", field->key, entity->one,
                    model_type_text(field->type), events_kind(&reader->events));
            events_refuse(&reader->events, &err);
        }
        events_skip(&reader->events);
        return false;
    }
    scalar.text = events_text(&reader->events);
    scalar.size = events_size(&reader->events);
    scalar.plain = events_is_plain(&reader->events);
    scalar.cell = false;
    if (load_value(entity, field, &scalar, &batch->arena, out, &err))
        return true;
    events_refuse(&reader->events, &err);
    return false;
}

/* The values of a list that makes one row each; the first goes into the row. */
static bool read_items(struct reader *reader, const struct model_entity *entity, const struct model_field *field,
                       struct batch *batch)
{
    struct dk_error err;
    bool fit = true;

    reader->item_count = 0;
    while (events_advance(&reader->events) && !events_at(&reader->events, YAML_SEQUENCE_END_EVENT)) {
        struct item *item;

        reader->item = dk_list_grow(reader->item, reader->item_count, &reader->item_capacity, sizeof *reader->item);
        item = &reader->item[reader->item_count];
        memset(item, 0, sizeof *item);
        item->place = reader_place(reader);
        if (!read_value(reader, entity, field, batch, &item->value) || item->value.type == DB_NULL)
            fit = false;
        else
            reader->item_count++;
    }
    if (fit && reader->events.live && reader->item_count == 0) {
        dk_fail(&err, DK_DATA, "\"%s\" of %s is an empty list", field->key, entity->one);
        events_refuse(&reader->events, &err);
        fit = false;
    }
    return fit;
}

/* What is known of a record while its keys pass by. */
struct passing {
    struct place place[FIELDS_MAX]; /* of the values; line -1: unfit */
    int line[READER_NAMES_MAX]; /* of the keys */
    bool items;                     /* reader->item holds values of entity->list */
    char *csv;                      /* name of a file that stands for records */
    struct place csv_place;
    char units[16];                 /* the system by which units in that file are matched, or "" */
    unsigned given;                 /* fields that were given, a bit each */
    bool extend;                    /* extend: true */
};

static void read_field(struct reader *reader, const struct target *target, struct row *row, int field,
                       struct passing *passing)
{
    const struct model_entity *entity = target->entity;
    const struct model_field *what = &entity->fields[field];
    bool fit;

    if (!events_advance(&reader->events))
        return;
    passing->place[field] = reader_place(reader);
    passing->given |= 1U << field;
    if (entity->list != NULL && strcmp(entity->list, what->key) == 0 &&
        events_at(&reader->events, YAML_SEQUENCE_START_EVENT)) {
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

    if (!events_advance(&reader->events))
        return;
    passing->csv_place = reader_place(reader);
    free(passing->csv);
    passing->csv = dk_copy_text(events_at(&reader->events, YAML_SCALAR_EVENT) ? events_text(&reader->events) : "");
    if (!events_at(&reader->events, YAML_SCALAR_EVENT)) {
        dk_fail(&err, DK_DATA, "\"csv\" must be the name of a file, not %s", events_kind(&reader->events));
        events_refuse(&reader->events, &err);
        events_skip(&reader->events);
    }
}

/* units: names, or a system of codes, beside csv. */
static void read_units_key(struct reader *reader, struct passing *passing)
{
    struct dk_error err;
    const char *text;

    if (!events_advance(&reader->events))
        return;
    text = events_at(&reader->events, YAML_SCALAR_EVENT) ? events_text(&reader->events) : "";
    if (strcmp(text, "names") == 0)
        text = "any";
    if (text[0] != '\0' && strlen(text) < sizeof passing->units && names_is_system(text)) {
        strcpy(passing->units, text);
        return;
    }
    dk_fail(&err, DK_DATA, "\"units\" must be names, or a system of codes");
    dk_hint(&err, "have names, iso2, iso3, m49, wb, imf, eurostat, hdr, owid, ilo, oecd, un");
    events_refuse(&reader->events, &err);
    events_skip(&reader->events);
}

bool reader_read_truth(struct reader *reader, const char *key)
{
    struct dk_error err;
    bool scalar;

    if (!events_advance(&reader->events))
        return false;
    scalar = events_at(&reader->events, YAML_SCALAR_EVENT);
    if (scalar && strcmp(events_text(&reader->events), "true") == 0)
        return true;
    if (!scalar || strcmp(events_text(&reader->events), "false") != 0) {
        dk_fail(&err, DK_DATA, "\"%s\" must be true or false", key);
        events_refuse(&reader->events, &err);
        events_skip(&reader->events);
    }
    return false;
}

static void read_child(struct reader *reader, const struct model_entity *child, const struct target *target,
                       struct row *row)
{
    struct target children = {.entity = child, .batch = target->batch, .parent = row};

    if (events_advance(&reader->events))
        reader_read_list(reader, &children);
}

/* The keys of a record; the mapping's start is the current event. */
static void read_keys(struct reader *reader, const struct target *target, struct row *row, struct passing *passing)
{
    const struct model_entity *entity = target->entity;
    const size_t csv_key = entity->field_count, extend_key = csv_key + 1, units_key = csv_key + 2, first_child = csv_key + 3;
    const bool has_units = entity->csv && model_names_units(entity);

    while (events_next_key(&reader->events)) {
        int field = model_field_by_key(entity, events_text(&reader->events), events_size(&reader->events));
        const struct model_entity *child = NULL;
        size_t slot;
        int line = reader_place(reader).line;

        if (field >= 0 && row->within && is_parent(entity, &entity->fields[field]))
            field = -1; /* it stands within its parent */
        if (field >= 0) {
            slot = (size_t)field;
        } else if (entity->csv && strcmp(events_text(&reader->events), "csv") == 0) {
            slot = csv_key;
        } else if (has_units && strcmp(events_text(&reader->events), "units") == 0) {
            slot = units_key;
        } else if (entity->extend != NULL && strcmp(events_text(&reader->events), "extend") == 0) {
            slot = extend_key;
        } else {
            child = model_child_by_key(model_name_of(entity), events_text(&reader->events), events_size(&reader->events));
            slot = child != NULL ? first_child + model_name_of(child) : READER_NAMES_MAX;
        }
        if (slot == READER_NAMES_MAX) {
            const char *names[READER_NAMES_MAX];

            reader_find_unknown(reader, entity->one, names, known_keys(entity, row->within, names));
        } else if (passing->line[slot] > 0) {
            events_refuse_repeated(&reader->events, entity->one, passing->line[slot]);
        } else {
            passing->line[slot] = line;
            if (field >= 0)
                read_field(reader, target, row, field, passing);
            else if (child != NULL)
                read_child(reader, child, target, row);
            else if (slot == csv_key)
                read_csv_key(reader, passing);
            else if (slot == units_key)
                read_units_key(reader, passing);
            else
                passing->extend = reader_read_truth(reader, "extend");
            continue;
        }
        if (events_advance(&reader->events))
            events_skip(&reader->events);
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
    load->table = dk_list_grow(load->table, load->table_count, &load->table_capacity, sizeof *load->table);
    table = &load->table[load->table_count++];
    table->number = load->table_count;
    table->entity = target->entity;
    table->given = passing->given;
    table->file = file;
    memcpy(table->units, passing->units, sizeof table->units);
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
    load->redirection = dk_list_grow(load->redirection, load->redirection_count, &load->redirection_capacity,
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
    const struct db_value *id = &row->value[model_field_by_name(model_at(reader->load->model, row->entity), "id")];

    for (struct row *child = row->next; child != NULL; child = child->next) {
        const struct model_entity *entity = model_at(NULL, child->entity);

        for (size_t i = 0; i < entity->field_count; i++)
            if ((entity->fields[i].key == NULL || child->within) && entity->fields[i].type == MODEL_REFERENCE &&
                entity->fields[i].reference == row->entity)
                child->value[i] = *id;
        if (id->type != DB_TEXT)
            child->skip = true;
        if (model_has_scoped_id(entity) && entity->fields[0].reference == row->entity)
            load_define(reader->load, entity, child, child->place);
        else if (child->entity == MODEL_MISSING_CODE)
            load_define_missing(reader->load, child);
        if (child->entity == MODEL_ALIAS && child->value[0].type == DB_TEXT && child->value[1].type == DB_TEXT)
            load_know_name(reader->load, child->value[1].text.bytes, child->value[1].text.size, child->value[0].text.bytes,
                           child->value[0].text.size);
    }
}

/* Whether the record of an area is, or may be, one that adds topics to another; notes it then. */
static bool note_extension(struct reader *reader, const struct target *target, struct row *row,
                           const struct passing *passing)
{
    const struct model_entity *entity = target->entity;
    struct extension extension = {.row = row, .asked = passing->extend};
    int title = model_field_by_name(entity, "title");

    if (row->entity != MODEL_AREA || row->value[0].type != DB_TEXT || row->skip ||
        !(passing->extend || (row->value[title].type == DB_NULL && passing->place[title].line == 0)))
        return false;
    extension.place = passing->place[0];
    for (size_t i = 1; i < entity->field_count && extension.title.line == 0; i++)
        if (entity->fields[i].key != NULL)
            extension.title = passing->place[i];
    load_note_extension(reader->load, &extension);
    fill_children(reader, row);
    return true;
}

/* Everything that follows once the keys of a record have been read. */
static void close_record(struct reader *reader, const struct target *target, struct row *row,
                         struct passing *passing)
{
    const struct model_entity *entity = target->entity;
    int id = model_field_by_name(entity, "id");
    struct load *load = reader->load;

    if (note_extension(reader, target, row, passing))
        return;
    if (row->entity == MODEL_FRAMEWORK && passing->extend)
        load->folder[load->file[reader->file].folder].extends = true;
    load_finish_row(load, entity, row, passing->place);
    if (passing->items)
        put_items(reader, target, row);
    if (row->entity == MODEL_REDIRECT) {
        size_t item = 0;

        for (const struct row *each = row; each != NULL; each = each->next, item++)
            note_redirect(reader, each, passing->place[0],
                          passing->items ? reader->item[item].place : passing->place[1]);
    }
    if (model_name_of(entity) >= MODEL_DECLARED_TABLE && entity->declared == 0)
        load_note_declaration(load, row, passing->place);
    if (id >= 0 && !(entity->child && model_has_scoped_id(entity)))
        load_define(load, entity, row, passing->place[id].line > 0 ? passing->place[id] : row->place);
    else if (id >= 0 && passing->place[id].line > 0)
        row->place = passing->place[id]; /* to be defined with its parent */
    if (id >= 0)
        fill_children(reader, row);
}

struct row *reader_read_record(struct reader *reader, const struct target *target)
{
    const struct model_entity *entity = target->entity;
    struct passing passing = {0};
    struct dk_error err;
    struct row *row =
        load_row(reader->load, target->batch, entity, target->place.line > 0 ? target->place : reader_place(reader));

    row->within = entity->nested && target->parent != NULL;
    if (target->topic != NULL) {
        row->value[model_field_by_name(entity, "document_id")] = reader->document;
        row->value[model_field_by_name(entity, "topic_id")] = *target->topic;
    }
    if (events_at(&reader->events, YAML_SCALAR_EVENT) && entity->scalar != NULL && !events_is_nothing(&reader->events)) {
        int field = model_field_by_key(entity, entity->scalar, strlen(entity->scalar));

        passing.place[field] = reader_place(reader);
        if (!read_value(reader, entity, &entity->fields[field], target->batch, &row->value[field])) {
            passing.place[field].line = -1;
            row->skip = true;
        }
    } else if (events_at(&reader->events, YAML_MAPPING_START_EVENT)) {
        read_keys(reader, target, row, &passing);
    } else {
        if (!events_at(&reader->events, YAML_ALIAS_EVENT)) {
            dk_fail(&err, DK_DATA, "%s must be a mapping%s, not %s", entity->one, entity->scalar != NULL ? " or a text" : "",
                    events_kind(&reader->events));
            events_refuse(&reader->events, &err);
        }
        events_skip(&reader->events);
        row->skip = true;
        return row;
    }
    if (reader->events.broken) {
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
        row->numbered = true;
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

void reader_read_list(struct reader *reader, const struct target *target)
{
    struct target each = *target;
    struct dk_error err;
    int64_t position = 0;
    bool flows = target->parent == NULL && target->batch == reader->load->batch;

    if (events_at(&reader->events, YAML_MAPPING_START_EVENT) && target->entity->csv) {
        (void)reader_read_record(reader, target);
        return;
    }
    if (!events_at(&reader->events, YAML_SEQUENCE_START_EVENT)) {
        if (!events_at(&reader->events, YAML_ALIAS_EVENT)) {
            dk_fail(&err, DK_DATA, "\"%s\" must be a list of %s, not %s", target->entity->key, target->entity->many,
                    events_kind(&reader->events));
            events_refuse(&reader->events, &err);
        }
        events_skip(&reader->events);
        return;
    }
    while (events_advance(&reader->events) && !events_at(&reader->events, YAML_SEQUENCE_END_EVENT)) {
        struct row *row;

        row = reader_read_record(reader, &each);
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
