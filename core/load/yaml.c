/* A YAML file: its keys at the top, and what stands under each. No document tree is built. */
#define _GNU_SOURCE /* memmem */

#include "load/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/list.h"

/* The id of this file's document, when its actions come before it: looked for in a reading of its own. */
static bool find_document(struct reader *reader, struct dk_buffer *out)
{
    struct events events = {.depth_max = LOAD_DEPTH_MAX};
    bool key = true, in_document = false, at_id = false, found = false;

    events_begin(&events, reader->source->bytes, reader->source->size);
    while (!found && events.parsing && events_advance(&events) && !events_at(&events, YAML_STREAM_END_EVENT)) {
        /* `key` says whether a scalar on this level (1: the file's keys, 2: those of a mapping below) is a key. */
        if (!events_at(&events, YAML_SCALAR_EVENT)) {
            key = true;
        } else if (events.depth == 1 && key) {
            in_document = strcmp(events_text(&events), "document") == 0;
            key = false;
        } else if (events.depth == 2 && in_document && key) {
            at_id = strcmp(events_text(&events), "id") == 0;
            key = false;
        } else if (events.depth == 2 && in_document && at_id) {
            dk_buffer_text(out, events_text(&events));
            found = true;
        } else {
            key = true;
        }
    }
    events_end(&events);
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
    events_refuse(&reader->events, &err);
    return false;
}

/* The topic whose actions follow; reports one that stands twice in the file or is not defined. */
static bool read_topic(struct reader *reader, struct db_value *topic)
{
    const struct model_entity *entity = &model_entities()[MODEL_ACTION];
    struct load *load = reader->load;
    struct id_key key = load_key(MODEL_TOPIC, events_text(&reader->events), events_size(&reader->events));
    struct id_key cell = load_key(KEY_CELL, key.id, key.size);
    const struct id_entry *first;

    cell.scope = load->file[reader->file].path;
    cell.scope_size = strlen(cell.scope);
    first = ids_define(&load->ids, &cell, reader_place(reader), NULL);
    if (first != NULL) {
        events_refuse_repeated(&reader->events, "actions", first->place.line);
        return false;
    }
    load_set_text(topic, arena_copy(&load->texts, key.id, key.size), key.size);
    if (ids_find(&load->ids, &key) == NULL) {
        struct pending *pending;

        load->pending = dk_list_grow(load->pending, load->pending_count, &load->pending_capacity, sizeof *load->pending);
        pending = &load->pending[load->pending_count++];
        pending->key = load_key(MODEL_TOPIC, topic->text.bytes, topic->text.size);
        pending->entity = entity;
        pending->field = NULL;
        pending->place = reader_place(reader);
    }
    return true;
}

static bool expect_mapping(struct reader *reader, const struct model_entity *entity, const char *of)
{
    struct dk_error err;

    if (events_at(&reader->events, YAML_MAPPING_START_EVENT))
        return true;
    if (!events_at(&reader->events, YAML_ALIAS_EVENT)) {
        dk_fail(&err, DK_DATA, "\"%s\" must be a mapping%s, not %s", entity->key, of, events_kind(&reader->events));
        events_refuse(&reader->events, &err);
    }
    events_skip(&reader->events);
    return false;
}

static void read_by_topic(struct reader *reader, const struct model_entity *entity)
{
    struct target target = {.entity = entity};
    bool known;

    if (!expect_mapping(reader, entity, " from topics to lists of actions"))
        return;
    known = know_document(reader);
    while (events_next_key(&reader->events)) {
        struct db_value topic = {0};
        bool fit = read_topic(reader, &topic);

        if (!events_advance(&reader->events))
            return;
        if (!fit || !known) {
            events_skip(&reader->events);
            continue;
        }
        target.topic = &topic;
        target.batch = reader->load->batch;
        reader_read_list(reader, &target);
    }
}

static void read_by_term(struct reader *reader, const struct model_entity *entity)
{
    struct target target = {.entity = entity, .batch = reader->load->late};

    if (!expect_mapping(reader, entity, " from terms to what they stand for"))
        return;
    while (events_next_key(&reader->events)) {
        struct scalar scalar = {.text = events_text(&reader->events), .size = events_size(&reader->events)};
        int field = model_field_by_name(entity, "term");
        struct db_value term = {0};
        struct dk_error err;
        struct place place = reader_place(reader);
        struct model_field term_field = entity->fields[field];
        struct row *row;
        bool fit;

        term_field.key = "term";
        fit = load_value(entity, &term_field, &scalar, &target.batch->arena, &term, &err);
        if (!fit) {
            events_refuse(&reader->events, &err);
        } else if (term.type == DB_NULL) {
            dk_fail(&err, DK_DATA, "%s is empty", entity->one);
            events_refuse(&reader->events, &err);
            fit = false;
        }
        if (!events_advance(&reader->events))
            return;
        target.place = place;
        row = reader_read_record(reader, &target);
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

    row = reader_read_record(reader, &target);
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
        reader_read_list(reader, &target);
        break;
    }
}

static size_t top_keys(const struct model *model, const char *names[READER_TOP_MAX])
{
    size_t count = 0;

    for (size_t i = 0; i < model_count(model); i++)
        if (!model_at(model, i)->child && model_at(model, i)->key != NULL)
            names[count++] = model_at(model, i)->key;
    names[count++] = "extend";
    return count;
}

static void read_top(struct reader *reader)
{
    const struct model *model = reader->load->model;
    int line[MODEL_ENTITIES_MAX] = {0}, extend_line = 0;
    struct dk_error err;

    if (!events_at(&reader->events, YAML_MAPPING_START_EVENT)) {
        dk_fail(&err, DK_DATA, events_is_nothing(&reader->events) ? "the file is empty" : "the file holds %s, not a mapping",
                events_kind(&reader->events));
        dk_hint(&err, "expected keys such as framework, areas, document and actions");
        events_refuse(&reader->events, &err);
        events_skip(&reader->events);
        return;
    }
    while (events_next_key(&reader->events)) {
        const struct model_entity *entity =
            model_entity_by_key(model, events_text(&reader->events), events_size(&reader->events));

        if (strcmp(events_text(&reader->events), "extend") == 0 && extend_line == 0) {
            extend_line = reader_place(reader).line;
            reader->load->file[reader->file].extends = reader_read_truth(reader, "extend");
            continue;
        }
        if (reader_is_decision(events_text(&reader->events))) {
            char decision[16];

            snprintf(decision, sizeof decision, "%s", events_text(&reader->events));
            if (!events_advance(&reader->events))
                return;
            reader_read_decision(reader, decision);
            continue;
        }
        if (strcmp(events_text(&reader->events), "extend") == 0) {
            events_refuse_repeated(&reader->events, "this file", extend_line);
        } else if (entity == NULL) {
            const char *names[READER_TOP_MAX];

            reader_find_unknown(reader, "a file", names, top_keys(model, names));
        } else if (line[model_name_of(entity)] > 0) {
            events_refuse_repeated(&reader->events, "this file", line[model_name_of(entity)]);
            entity = NULL;
        } else {
            line[model_name_of(entity)] = reader_place(reader).line;
        }
        if (!events_advance(&reader->events))
            return;
        if (entity != NULL && model_name_of(entity) != MODEL_DECLARED_TABLE) {
            read_entry(reader, entity);
        } else {
            reader->quiet = entity != NULL; /* it was read before all else */
            events_skip(&reader->events);
            reader->quiet = false;
        }
    }
}

/* What stands under tables: alone; the rest is passed over. */
static void read_top_tables(struct reader *reader)
{
    const struct model_entity *entity = &model_entities()[MODEL_DECLARED_TABLE];
    struct target target = {.entity = entity, .batch = reader->load->declared};

    while (events_next_key(&reader->events)) {
        bool tables = strcmp(events_text(&reader->events), entity->key) == 0;

        if (!events_advance(&reader->events))
            return;
        reader->quiet = !tables;
        if (tables)
            reader_read_list(reader, &target);
        else
            events_skip(&reader->events);
        reader->quiet = true;
        if (tables)
            return;
    }
}

static void read_stream(struct reader *reader)
{
    struct dk_error err;

    if (!events_advance(&reader->events) ||
        !events_advance(&reader->events)) /* the start of the stream, then that of the document */
        return;
    if (events_at(&reader->events, YAML_STREAM_END_EVENT)) {
        dk_fail(&err, DK_DATA, "the file is empty");
        dk_hint(&err, "expected keys such as framework, areas, document and actions");
        events_refuse(&reader->events, &err);
        return;
    }
    if (!events_advance(&reader->events))
        return;
    read_top(reader);
    if (!events_advance(&reader->events) || !events_advance(&reader->events)) /* the document's end, then what follows */
        return;
    if (events_at(&reader->events, YAML_DOCUMENT_START_EVENT)) {
        dk_fail(&err, DK_DATA, "a second YAML document in one file");
        dk_hint(&err, "put it into a file of its own, without \"---\"");
        events_refuse(&reader->events, &err);
    }
}

static void read_tables(struct load *load, uint32_t file, const struct source_text *source)
{
    struct reader reader;
    struct dk_error finding;

    if (!load_check_encoding(source->bytes, source->size, &finding))
        return; /* reported when the rest is read */
    reader_begin(&reader, load, file, source);
    reader.quiet = true;
    reader.events.pass = NULL;
    if (events_advance(&reader.events) && events_advance(&reader.events) && events_advance(&reader.events) &&
        events_at(&reader.events, YAML_MAPPING_START_EVENT))
        read_top_tables(&reader);
    events_end(&reader.events);
    free(reader.item);
}

/* Every file may hold records of declared tables, and the tables have to be made before. They are declared in few files: the
 * others are only searched for the word. */
dk_status load_yaml_tables(struct load *load, struct dk_error *err)
{
    const char *word = model_entities()[MODEL_DECLARED_TABLE].key;
    dk_status status = DK_OK;

    for (size_t i = 0; i < load->file_count && status == DK_OK; i++) {
        struct source_text source;

        status = source_read(&load->file[i], &source, err);
        if (status == DK_OK && source.size > 0 && memmem(source.bytes, source.size, word, strlen(word)) != NULL)
            read_tables(load, (uint32_t)i, &source);
        source_free(&source);
    }
    return status;
}

dk_status load_yaml(struct load *load, uint32_t file, struct dk_error *err)
{
    struct reader reader;
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
    reader_begin(&reader, load, file, &source);
    read_stream(&reader);
    events_end(&reader.events);
    free(reader.item);
    load->bytes_read += source.size;
    source_digest(&load->file[file], &source); /* now, while the store has still something to do */
    source_free(&source);
    return DK_OK;
}
