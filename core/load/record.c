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
    const struct model_entity *target = &model_entities()[key->entity];
    const char *nearest = ids_nearest(&load->ids, key);
    const char *kind = strchr(target->one, ' ') + 1;
    struct dk_error err;
    char shown[DK_QUOTE_SIZE], scope[DK_QUOTE_SIZE];

    dk_quote(key->id, key->size, shown);
    if (field == NULL)
        dk_fail(&err, DK_DATA, "no %s \"%s\", under which these actions stand", kind, shown);
    else if (key->scope_size > 0)
        dk_fail(&err, DK_DATA, "no %s \"%s\" in the %s \"%s\", which \"%s\" of %s names", kind, shown,
                strchr(model_entities()[target->parent].one, ' ') + 1, dk_quote(key->scope, key->scope_size, scope),
                field->key, entity->one);
    else
        dk_fail(&err, DK_DATA, "no %s \"%s\", which \"%s\" of %s names", kind, shown, field->key, entity->one);
    if (nearest != NULL)
        dk_hint(&err, "did you mean \"%s\"?", nearest);
    else
        dk_hint(&err, "%s are defined under \"%s:\"%s%s", target->many, target->key, target->child ? " of " : "",
                target->child ? model_entities()[target->parent].one : "");
    load_find(load, place, &err);
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
    if (!load->complete) {
        put_off(load, entity, what, &key, place);
    } else {
        find_dangling(load, entity, what, &key, place);
        row->skip = true;
    }
}

static int compare_values(const struct db_value *left, const struct db_value *right)
{
    size_t common;
    int order;

    if (left->type == DB_INTEGER && right->type == DB_INTEGER)
        return (left->integer > right->integer) - (left->integer < right->integer);
    if (left->type == DB_REAL && right->type == DB_REAL)
        return (left->real > right->real) - (left->real < right->real);
    if (left->type != DB_TEXT || right->type != DB_TEXT)
        return 0;
    common = left->text.size < right->text.size ? left->text.size : right->text.size;
    order = memcmp(left->text.bytes, right->text.bytes, common);
    return order != 0 ? order : (left->text.size > right->text.size) - (left->text.size < right->text.size);
}

/* end before start */
static void check_order(struct load *load, const struct model_entity *entity, struct row *row,
                        const struct place *place)
{
    for (size_t i = 0; i < sizeof entity->not_before / sizeof entity->not_before[0]; i++) {
        const char *const *names = entity->not_before[i];
        int later, earlier;
        struct dk_error err;

        if (names[0] == NULL)
            break;
        later = model_field_by_name(entity, names[0]);
        earlier = model_field_by_name(entity, names[1]);
        if (row->value[later].type == DB_NULL || row->value[earlier].type == DB_NULL ||
            compare_values(&row->value[later], &row->value[earlier]) >= 0)
            continue;
        dk_fail(&err, DK_DATA, "\"%s\" of %s comes before its \"%s\"", entity->fields[later].key, entity->one,
                entity->fields[earlier].key);
        dk_hint(&err, "expected no %s than \"%s\"", row->value[later].type == DB_REAL ? "less" : "earlier",
                entity->fields[earlier].key);
        load_find(load, place[later], &err);
        row->skip = true;
    }
}

static struct place place_or(const struct place *place, int field, const struct row *row)
{
    return place[field].line > 0 ? place[field] : row->place;
}

/* An observation has a value, or a flag that says why not. */
static void check_observation(struct load *load, const struct model_entity *entity, struct row *row,
                              const struct place *place)
{
    int value = model_field_by_name(entity, "value");
    int flag = model_field_by_name(entity, "flag");
    bool missing = row->value[value].type == DB_NULL;
    const char *code = row->value[flag].type == DB_TEXT ? row->value[flag].text.bytes : NULL;
    struct dk_error err;

    if (place[value].line < 0 || place[flag].line < 0)
        return; /* unfit, and reported */
    if (missing && code == NULL) {
        dk_fail(&err, DK_DATA, "an observation has neither a value nor a flag that says why");
        dk_hint(&err, "flag it M (cannot exist), L (not collected), Q (suppressed) or O (missing)");
    } else if (missing && model_flag_needs_value(code)) {
        dk_fail(&err, DK_DATA, "an observation flagged %s has no value", code);
        dk_hint(&err, "flag it M (cannot exist), L (not collected), Q (suppressed) or O (missing)");
    } else if (!missing && model_flag_means_missing(code != NULL ? code : "")) {
        dk_fail(&err, DK_DATA, "an observation has a value and the flag %s, which says that it is missing", code);
        dk_hint(&err, "leave the value empty, or choose another flag");
    } else {
        return;
    }
    load_find(load, place_or(place, missing ? value : flag, row), &err);
    row->skip = true;
}

static void check_link(struct load *load, const struct model_entity *entity, struct row *row,
                       const struct place *place)
{
    int source = model_field_by_name(entity, "source_id");
    int target = model_field_by_name(entity, "target_id");
    struct dk_error err;

    if (row->value[source].type != DB_TEXT || row->value[target].type != DB_TEXT ||
        compare_values(&row->value[source], &row->value[target]) != 0)
        return;
    dk_fail(&err, DK_DATA, "a link joins an action with itself");
    dk_hint(&err, "source and target must differ");
    load_find(load, place_or(place, target, row), &err);
    row->skip = true;
}

/* How many is said where the quorum is a number, and only there; a value is that of an indicator. */
static void check_target(struct load *load, const struct model_entity *entity, struct row *row, const struct place *place)
{
    const struct db_value *quorum = &row->value[model_field_by_name(entity, "quorum")];
    int count = model_field_by_name(entity, "count"), value = model_field_by_name(entity, "value");
    bool numbered = quorum->type == DB_TEXT && strcmp(quorum->text.bytes, "at_least") == 0;
    bool measured = row->value[model_field_by_name(entity, "indicator_id")].type != DB_NULL;
    struct dk_error err;

    if (row->skip)
        return;
    if (numbered != (row->value[count].type != DB_NULL)) {
        dk_fail(&err, DK_DATA, numbered ? "a target of at_least does not say how many" : "a target says how many without at_least");
        dk_hint(&err, "such as {quorum: at_least, count: 5}");
        load_find(load, place_or(place, count, row), &err);
        row->skip = true;
    }
    if (measured != (row->value[value].type != DB_NULL)) {
        dk_fail(&err, DK_DATA, measured ? "a target of an indicator has no value" : "a target has a value of no indicator");
        dk_hint(&err, "such as {indicator: osi, value: 0.75}");
        load_find(load, place_or(place, value, row), &err);
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
            load_reference(load, entity, row, (int)i, place_or(place, (int)i, row));
        }
    }
    if (entity->not_before[0][0] != NULL)
        check_order(load, entity, row, place);
    if (row->entity == MODEL_OBSERVATION)
        check_observation(load, entity, row, place);
    else if (row->entity == MODEL_LINK)
        check_link(load, entity, row, place);
    else if (row->entity == MODEL_TARGET)
        check_target(load, entity, row, place);
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

void load_define(struct load *load, const struct model_entity *entity, struct row *row, struct place place)
{
    int field = model_field_by_name(entity, "id");
    const struct db_value *id = &row->value[field < 0 ? 0 : field];
    const struct id_entry *first;
    struct id_key key;
    const char *remark = NULL;

    if (field < 0 || id->type != DB_TEXT)
        return;
    key = load_key(row->entity, id->text.bytes, id->text.size);
    if (row->entity == MODEL_CODE) {
        if (row->value[0].type != DB_TEXT)
            return;
        key.scope = row->value[0].text.bytes;
        key.scope_size = row->value[0].text.size;
    } else if (row->entity == MODEL_UNIT && row->value[1].type == DB_TEXT) {
        remark = row->value[1].text.bytes;
    }
    first = ids_define(&load->ids, &key, place, remark);
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
    digest_record(&model_entities()[row->entity], row->value, &load->scratch, record->digest);
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
    for (int i = 0; i < MODEL_COUNT; i++) {
        struct id_key key = load_key(i, id, strlen(id));

        if (model_has_id(&model_entities()[i]) && ids_find(&load->ids, &key) != NULL)
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
    const struct model_entity *entity = &model_entities()[row->entity];
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

void load_complete(struct load *load)
{
    load_extend(load);
    load->complete = true;
    for (size_t i = 0; i < load->pending_count; i++) {
        struct pending *pending = &load->pending[i];

        if (ids_find(&load->ids, &pending->key) == NULL)
            find_dangling(load, pending->entity, pending->field, &pending->key, pending->place);
    }
    for (size_t i = 0; i < load->redirection_count; i++)
        check_redirection(load, &load->redirection[i]);
    for (struct row *row = load->late->first; row != NULL; row = row->next)
        fill_framework(load, row);
    store_submit(&load->store, load->late);
    load->late = NULL;
}
