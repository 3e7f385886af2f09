/* Records: what the model and the data as a whole ask of a row once its values are read. */
#include "load/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/list.h"
#include "base/number.h"
#include "base/text.h"

enum { BATCH_ROWS = 400 };

/* "NAME:LINE" of the record, in the arena. */
static void set_origin(struct load *load, struct batch *batch, struct row *row)
{
    const char *name = load->file[row->place.file].name;
    size_t size = strlen(name);
    char *text = arena_take(&batch->arena, size + 1 + DK_NUMBER_SIZE);
    char number[DK_NUMBER_SIZE];
    size_t begin = sizeof number;
    int line = row->place.line;

    do {
        number[--begin] = (char)('0' + line % 10);
        line /= 10;
    } while (line > 0);
    memcpy(text, name, size);
    text[size] = ':';
    memcpy(text + size + 1, number + begin, sizeof number - begin);
    load_set_text(&row->value[row->count - 1], text, size + 1 + sizeof number - begin);
}

struct row *load_row(struct load *load, struct batch *batch, const struct model_entity *entity, struct place place)
{
    struct row *row = batch_row(batch, entity, place);

    set_origin(load, batch, row);
    return row;
}

static void put_off(struct load *load, const struct model_entity *entity, const struct model_field *field,
                    const struct id_key *key, struct place place)
{
    struct pending *pending;

    load->pending = dk_list_grow(load->pending, load->pending_count, &load->pending_capacity, sizeof *load->pending);
    pending = &load->pending[load->pending_count++];
    pending->key = *key;
    pending->key.id = arena_copy(&load->texts, key->id, key->size);
    pending->key.scope = key->scope_size > 0 ? arena_copy(&load->texts, key->scope, key->scope_size) : "";
    pending->entity = entity;
    pending->field = field;
    pending->place = place;
}

static void find_dangling(struct load *load, const struct model_entity *entity, const struct model_field *field,
                          const struct id_key *key, struct place place)
{
    const struct model_entity *target = model_at(load->model, key->entity);
    const char *nearest = ids_nearest(&load->ids, key);
    const char *kind = strchr(target->one, ' ') + 1;
    struct dk_error err;
    char shown[DK_QUOTE_SIZE], scope[DK_QUOTE_SIZE];

    dk_quote(key->id, key->size, shown);
    if (field == NULL)
        dk_fail(&err, DK_DATA, "no %s \"%s\", under which these actions stand", kind, shown);
    else if (key->scope_size > 0)
        dk_fail(&err, DK_DATA, "no %s \"%s\" in the %s \"%s\", which \"%s\" of %s names", kind, shown,
                strchr(model_entities()[target->fields[0].reference].one, ' ') + 1,
                dk_quote(key->scope, key->scope_size, scope), field->key, entity->one);
    else
        dk_fail(&err, DK_DATA, "no %s \"%s\", which \"%s\" of %s names", kind, shown, field->key, entity->one);
    if (nearest != NULL)
        dk_hint(&err, "did you mean \"%s\"?", nearest);
    else
        dk_hint(&err, "%s are defined under \"%s:\"%s%s", target->many, target->key, target->child ? " of " : "",
                target->child ? model_entities()[target->parent].one : "");
    load_find(load, place, &err);
}

/* Whether records of an entity may stand in CSV files, which are read last, and be named by others. */
static bool comes_by_table(const struct load *load, int entity)
{
    return (size_t)entity < model_count(load->model) && model_at(load->model, entity)->csv;
}

void load_reference(struct load *load, const struct model_entity *entity, struct row *row, int field,
                    struct place place)
{
    const struct model_field *what = &entity->fields[field];
    struct id_key key = load_key(what->reference, row->value[field].text.bytes, row->value[field].text.size);

    if (row->value[field].type != DB_TEXT)
        return;
    if (what->scope != NULL) {
        const struct db_value *scope = &row->value[model_field_by_name(entity, what->scope)];

        if (scope->type != DB_TEXT)
            return;
        key.scope = scope->text.bytes;
        key.scope_size = scope->text.size;
    }
    if (ids_find(&load->ids, &key) != NULL)
        return;
    if (!load->complete || (comes_by_table(load, key.entity) && !load->tables_read)) {
        put_off(load, entity, what, &key, place);
    } else {
        find_dangling(load, entity, what, &key, place);
        row->skip = true;
    }
}

void load_finish_row(struct load *load, const struct model_entity *entity, struct row *row, const struct place *place)
{
    for (size_t i = 0; i < entity->field_count; i++) {
        const struct model_field *field = &entity->fields[i];

        if (row->value[i].type == DB_NULL) {
            if (field->fallback != NULL && place[i].line >= 0)
                load_set_text(&row->value[i], field->fallback, strlen(field->fallback));
            else if (place[i].line < 0)
                row->skip = true;
            else if ((field->flags & MODEL_REQUIRED) && field->key != NULL && !(field->flags & MODEL_FILLED) &&
                     !(row->within && field->type == MODEL_REFERENCE && field->reference == entity->parent))
                load_find_missing(load, entity, row, field, place[i]);
        } else if (field->type == MODEL_REFERENCE && field->key != NULL) {
            load_reference(load, entity, row, (int)i, load_place_or(place, (int)i, row));
        }
    }
    load_check_row(load, entity, row, place);
}

/* A unit that two frameworks define alike is one unit. */
static bool same_unit(struct load *load, const struct row *row, const struct id_entry *first)
{
    const struct db_value *title = &row->value[1];

    return row->entity == MODEL_UNIT && title->type == DB_TEXT && first->remark != NULL &&
           load->file[first->place.file].folder != load->file[row->place.file].folder &&
           strlen(first->remark) == title->text.size && memcmp(first->remark, title->text.bytes, title->text.size) == 0;
}

static void find_twice(struct load *load, const struct model_entity *entity, const struct db_value *id,
                       const struct id_entry *first, struct place place)
{
    struct dk_error err;
    char shown[DK_QUOTE_SIZE], where[400];
    const char *framework = load->folder[load->file[place.file].folder].framework;

    dk_quote(id->text.bytes, id->text.size, shown);
    load_place_text(load, first->place, where, sizeof where);
    dk_fail(&err, DK_DATA, "%s \"%s\" is defined twice, first at %s", strchr(entity->one, ' ') + 1, shown, where);
    if (entity == &model_entities()[MODEL_AREA] && load->file[place.file].extends)
        dk_hint(&err, "to add topics to it, leave its title and number out");
    else if (load->file[first->place.file].folder != load->file[place.file].folder)
        dk_hint(&err, "ids are unique over all that is loaded together: put the framework before it, as in \"%s.%s\"",
                framework != NULL ? framework : "my-framework", shown);
    load_find(load, place, &err);
}

void load_define_missing(struct load *load, const struct row *row)
{
    struct id_key key;

    if (row->skip || row->value[0].type != DB_TEXT || row->value[1].type != DB_TEXT || row->value[2].type != DB_TEXT)
        return;
    key = load_key(MODEL_MISSING_CODE, row->value[1].text.bytes, row->value[1].text.size);
    key.scope = row->value[0].text.bytes;
    key.scope_size = row->value[0].text.size;
    (void)ids_define(&load->ids, &key, row->place, row->value[2].text.bytes);
}

/* What else is to be remembered of a record beside its id, or NULL. */
static const char *remark_of(const struct model_entity *entity, const struct row *row)
{
    const char *name = row->entity == MODEL_UNIT       ? "title"
                       : row->entity == MODEL_QUESTION ? "kind"
                       : row->entity == MODEL_SURVEY   ? "weight_columns"
                                                       : NULL;
    const struct db_value *value = name != NULL ? &row->value[model_field_by_name(entity, name)] : NULL;

    return value != NULL && value->type == DB_TEXT ? value->text.bytes : NULL;
}

void load_define(struct load *load, const struct model_entity *entity, struct row *row, struct place place)
{
    int field = model_field_by_name(entity, "id");
    const struct db_value *id = &row->value[field < 0 ? 0 : field];
    const struct id_entry *first;
    struct id_key key;

    if (field < 0 || id->type != DB_TEXT || !(model_has_id(entity) || model_has_scoped_id(entity)))
        return;
    key = load_key(row->entity, id->text.bytes, id->text.size);
    if (model_has_scoped_id(entity)) {
        if (row->value[0].type != DB_TEXT)
            return;
        key.scope = row->value[0].text.bytes;
        key.scope_size = row->value[0].text.size;
    }
    first = ids_define(&load->ids, &key, place, remark_of(entity, row));
    if (first == NULL)
        return;
    row->skip = true;
    if (!same_unit(load, row, first))
        find_twice(load, entity, id, first, place);
}

void load_note_action(struct load *load, const struct row *row)
{
    struct record_digests *actions = &load->actions;
    struct record_digest *record;

    if (row->skip)
        return;
    actions->record = dk_list_grow(actions->record, actions->count, &actions->capacity, sizeof *actions->record);
    record = &actions->record[actions->count++];
    record->id = load->ids.entry[load->ids.count - 1].id; /* the row was the last to be defined */
    record->size = row->value[0].text.size;
    digest_record(model_at(load->model, row->entity), row->value, &load->scratch, record->digest);
}

void load_flush(struct load *load, bool now)
{
    if (load->batch->rows < BATCH_ROWS && !(now && load->batch->rows > 0))
        return;
    store_submit(&load->store, load->batch);
    load->batch = store_batch(&load->store);
}

static bool is_any_id(struct load *load, const char *id)
{
    for (size_t i = 0; i < model_count(load->model); i++) {
        struct id_key key = load_key((int)i, id, strlen(id));

        if (model_has_id(model_at(load->model, i)) && ids_find(&load->ids, &key) != NULL)
            return true;
    }
    return false;
}

/* A redirect leads, over others if need be, to an id that is in use, and away from one that is not. */
static void check_redirection(struct load *load, const struct redirection *redirection)
{
    const char *to = redirection->to;
    struct dk_error err;

    if (is_any_id(load, redirection->from)) {
        dk_fail(&err, DK_DATA, "\"from\" of a redirect names \"%s\", which is still in use", redirection->from);
        dk_hint(&err, "a redirect leads away from an id that is no longer defined");
        load_find(load, redirection->from_place, &err);
    }
    for (size_t i = 0; i <= load->redirection_count; i++) {
        struct id_key key = load_key(KEY_REDIRECT, to, strlen(to));
        const struct id_entry *next;

        if (is_any_id(load, to))
            return;
        next = ids_find(&load->ids, &key);
        if (next == NULL) {
            const char *nearest;

            dk_fail(&err, DK_DATA, "no record \"%s\", to which a redirect from \"%s\" leads", to, redirection->from);
            key.entity = MODEL_ACTION;
            nearest = ids_nearest(&load->ids, &key);
            if (nearest != NULL)
                dk_hint(&err, "did you mean \"%s\"?", nearest);
            load_find(load, redirection->to_place, &err);
            return;
        }
        to = next->remark;
    }
    dk_fail(&err, DK_DATA, "the redirect from \"%s\" leads in a circle", redirection->from);
    dk_hint(&err, "a redirect must end at an id that is in use");
    load_find(load, redirection->to_place, &err);
}

/* The framework of what stands in a folder: the one defined there, or the only one. */
static const char *framework_of(struct load *load, size_t folder)
{
    const char *only = NULL;

    if (load->folder[folder].framework != NULL)
        return load->folder[folder].framework;
    for (size_t i = 0; i < load->folder_count; i++) {
        if (load->folder[i].framework == NULL)
            continue;
        if (only != NULL)
            return NULL;
        only = load->folder[i].framework;
    }
    return only;
}

static void fill_framework(struct load *load, struct row *row)
{
    const struct model_entity *entity = model_at(load->model, row->entity);
    int field = model_field_by_name(entity, "framework_id");
    const char *framework;
    struct dk_error err;

    if (field < 0 || row->value[field].type != DB_NULL)
        return;
    framework = framework_of(load, load->file[row->place.file].folder);
    if (framework != NULL) {
        load_set_text(&row->value[field], framework, strlen(framework));
        return;
    }
    row->skip = true;
    dk_fail(&err, DK_DATA, "%s belongs to no framework", entity->one);
    dk_hint(&err,
            "read it together with the data it belongs to (@bundled: the bundled ones), or define a framework in the same "
            "folder: framework: {id: my-framework, title: My framework}");
    load_find(load, row->place, &err);
}

/* References that were put off: those to records of CSV files when these have been read, the others before. */
static void check_pending(struct load *load, bool by_table)
{
    for (size_t i = 0; i < load->pending_count; i++) {
        struct pending *pending = &load->pending[i];

        if (comes_by_table(load, pending->key.entity) == by_table && ids_find(&load->ids, &pending->key) == NULL)
            find_dangling(load, pending->entity, pending->field, &pending->key, pending->place);
    }
}

void load_end_tables(struct load *load)
{
    load->tables_read = true;
    check_pending(load, true);
}

void load_complete(struct load *load)
{
    load_extend(load);
    load->complete = true;
    check_pending(load, false);
    for (size_t i = 0; i < load->redirection_count; i++)
        check_redirection(load, &load->redirection[i]);
    for (struct row *row = load->late->first; row != NULL; row = row->next)
        fill_framework(load, row);
    store_submit(&load->store, load->late);
    load->late = NULL;
}
