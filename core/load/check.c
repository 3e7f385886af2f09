/* What the values of a record say together: the rules between the fields of one row. Those over several records are in
 * rules.c. */
#include "load/state.h"

#include <string.h>

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
static void check_order(struct load *load, const struct model_entity *entity, struct row *row, const struct place *place)
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

/* A weight counts people: none is less than nobody. */
static void check_respondent(struct load *load, const struct model_entity *entity, struct row *row,
                             const struct place *place)
{
    int weight = model_field_by_name(entity, "weight");
    struct dk_error err;

    if (row->value[weight].type != DB_REAL || row->value[weight].real >= 0)
        return;
    dk_fail(&err, DK_DATA, "the weight of a respondent is negative");
    dk_hint(&err, "expected how many of the population it stands for, from 0");
    load_find(load, load_place_or(place, weight, row), &err);
    row->skip = true;
}

/* A response has exactly one of value, answer and missing. */
static void check_response(struct load *load, const struct model_entity *entity, struct row *row, const struct place *place)
{
    int first = model_field_by_name(entity, "value"), count = 0;
    struct dk_error err;

    for (int i = first; i < first + 3; i++) {
        if (place[i].line < 0)
            return; /* unfit, and reported */
        count += row->value[i].type != DB_NULL;
    }
    if (count == 1)
        return;
    dk_fail(&err, DK_DATA,
            count == 0 ? "a response has neither a value nor an answer, and does not say why"
                       : "a response has more than one of value, answer and missing");
    dk_hint(&err,
            "a number stands under value, a word under answer, and why there is neither under missing: refused, unknown, "
            "not_applicable, not_asked, none or invalid");
    load_find(load, load_place_or(place, first, row), &err);
    row->skip = true;
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
    load_find(load, load_place_or(place, missing ? value : flag, row), &err);
    row->skip = true;
}

static void check_link(struct load *load, const struct model_entity *entity, struct row *row, const struct place *place)
{
    int source = model_field_by_name(entity, "source_id");
    int target = model_field_by_name(entity, "target_id");
    struct dk_error err;

    if (row->value[source].type != DB_TEXT || row->value[target].type != DB_TEXT ||
        compare_values(&row->value[source], &row->value[target]) != 0)
        return;
    dk_fail(&err, DK_DATA, "a link joins an action with itself");
    dk_hint(&err, "source and target must differ");
    load_find(load, load_place_or(place, target, row), &err);
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
        dk_fail(&err, DK_DATA,
                numbered ? "a target of at_least does not say how many" : "a target says how many without at_least");
        dk_hint(&err, "such as {quorum: at_least, count: 5}");
        load_find(load, load_place_or(place, count, row), &err);
        row->skip = true;
    }
    if (measured != (row->value[value].type != DB_NULL)) {
        dk_fail(&err, DK_DATA, measured ? "a target of an indicator has no value" : "a target has a value of no indicator");
        dk_hint(&err, "such as {indicator: osi, value: 0.75}");
        load_find(load, load_place_or(place, value, row), &err);
        row->skip = true;
    }
}

void load_check_row(struct load *load, const struct model_entity *entity, struct row *row, const struct place *place)
{
    if (entity->not_before[0][0] != NULL)
        check_order(load, entity, row, place);
    if (row->entity == MODEL_OBSERVATION)
        check_observation(load, entity, row, place);
    else if (row->entity == MODEL_LINK)
        check_link(load, entity, row, place);
    else if (row->entity == MODEL_TARGET)
        check_target(load, entity, row, place);
    else if (row->entity == MODEL_RESPONDENT)
        check_respondent(load, entity, row, place);
    else if (row->entity == MODEL_RESPONSE)
        check_response(load, entity, row, place);
}
