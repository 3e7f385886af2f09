/* The model: one table, from which tables, checks and help follow without contradiction. */
#define _XOPEN_SOURCE 700

#include "folder.h"

#include "load/state.h"
#include "model/history.h"
#include "model/model.h"

/* The columns of the design, in its order; outside checks ask for them by name. The last are those that came later, which
 * stand behind origin. */
static const char *const columns[][3] = {
    {"framework", "id, title, version, source"},
    {"document", "id, framework_id, title, short_title, adopted, start_year, end_year, note"},
    {"area", "id, framework_id, number, title"},
    {"topic", "id, area_id, position, title, note"},
    {"action", "id, document_id, topic_id, position, number, text, line, attribution, note", "certainty"},
    {"abbreviation", "framework_id, term, expansion, note"},
    {"unit", "id, title"},
    {"unit_alias", "unit_id, alias"},
    {"unit_group", "id, title"},
    {"group_member", "group_id, unit_id, valid_from, valid_to"},
    {"redirect", "from_id, to_id, date, reason"},
    {"link", "source_id, target_id, relation, kind, rationale, status, source_digest, target_digest"},
    {"scheme", "id, title, definition"},
    {"code", "scheme_id, id, title, definition"},
    {"coding", "action_id, scheme_id, code_id, note"},
    {"judgement", "action_id, scheme_id, coder, code_id, note"},
    {"wording", "framework_id, term, said, plural"},
    {"body", "id, title, kind, note"},
    {"round", "id, title, reference, cut_off, note"},
    {"reply", "round_id, unit_id, asked, received, answered_by, validated_by, endorsed_by, issue, digest, note"},
    {"progress", "action_id, unit_id, as_of, status, evidence, source", "round_id, answered_by, answered_on"},
    {"indicator", "id, topic_id, title, measure, direction, source, lower, upper, target, note", "rationale, licence"},
    {"source_file", "id, name, sha256, retrieved, released, licence, title"},
    {"observation", "indicator_id, unit_id, period, value, flag, source", "source_file_id, place, note, standard_error"},
    {"target", "action_id, due, recurs, quorum, count, group_id, indicator_id, value, body_id, words, note"},
    {"survey", "id, title, source, strata, lonely, smallest_cell, replication, replicate_form, scale, "
               "centre, fay, weight_columns, note"},
    {"question", "survey_id, id, position, kind, text, measure, action_id, lower, upper, filter, note"},
    {"choice", "survey_id, question_id, id, position, title"},
    {"missing_code", "survey_id, code, kind"},
    {"respondent", "survey_id, id, unit_id, period, stratum, cluster, subcluster, population, subpopulation, weight, note"},
    {"replicate", "survey_id, number, scale"},
    {"replicate_weight", "survey_id, respondent_id, number, weight"},
    {"response", "survey_id, question_id, respondent_id, value, answer, missing"},
    {"declared_table", "id, records, help"},
    {"declared_column", "table_id, id, position, type, key, required, positive, scope, fallback, not_before, help"},
    {"declared_key", "table_id, id, position"},
    {"declared_value", "table_id, column_id, id, position, help"},
    {"meta", "key, value"}};

static void test_tables(void)
{
    struct dk_buffer sql = {0};
    struct dk_error err = {0};
    struct db *db = NULL;
    char ask[128], wanted[256];

    CHECK(sizeof columns / sizeof columns[0] == MODEL_COUNT);
    db_ddl(&sql, NULL, DB_ALL);
    CHECK(db_open(":memory:", DB_CREATE, &db, &err) == DK_OK);
    CHECK(db_run(db, sql.bytes, &err) == DK_OK);
    CHECK_TEXT(err.message, "");
    for (size_t i = 0; i < MODEL_COUNT; i++) {
        bool meta = i == MODEL_META;

        CHECK_TEXT(model_entities()[i].name, columns[i][0]);
        snprintf(ask, sizeof ask, "SELECT group_concat(name, ', ') FROM pragma_table_info('%s')", columns[i][0]);
        snprintf(wanted, sizeof wanted, "%s%s%s%s", columns[i][1], meta ? "" : ", origin", columns[i][2] != NULL ? ", " : "",
                 columns[i][2] != NULL ? columns[i][2] : "");
        CHECK_TEXT(query(db, ask), wanted);
        snprintf(ask, sizeof ask, "SELECT strict FROM pragma_table_list WHERE name = '%s'", columns[i][0]);
        CHECK_TEXT(query(db, ask), "1");
    }
    CHECK_TEXT(query(db, "SELECT group_concat(name, ', ') FROM pragma_table_info('action_full')"),
               "id, document, document_title, document_short_title, topic, topic_title, area, area_title, area_number, "
               "topic_position, position, number, text, line, attribution, note, origin");
    CHECK(db_run(db, "INSERT INTO area (id, framework_id, title) VALUES ('A', 'none', 'A')", &err) == DK_ERROR);
    CHECK(db_run(db, "INSERT INTO framework (id, title) VALUES ('f', NULL)", &err) == DK_ERROR);
    db_close(db);
    dk_buffer_free(&sql);
}

/* What other parts rely on. */
static void test_table_is_consistent(void)
{
    for (size_t i = 0; i < MODEL_COUNT; i++) {
        const struct model_entity *entity = &model_entities()[i];
        bool told_apart = false;

        CHECK(entity->field_count <= FIELDS_MAX);
        CHECK(entity->help != NULL && entity->one != NULL && entity->many != NULL);
        CHECK((entity->key == NULL) == (entity->shape == MODEL_NOWHERE));
        CHECK(entity->scalar == NULL || model_field_by_key(entity, entity->scalar, strlen(entity->scalar)) >= 0);
        CHECK(entity->list == NULL || model_field_by_key(entity, entity->list, strlen(entity->list)) >= 0);
        for (size_t j = 0; j < entity->field_count; j++) {
            const struct model_field *field = &entity->fields[j];

            CHECK(field->help != NULL && field->name != NULL);
            CHECK((field->type == MODEL_ENUM) <= (field->values != NULL));
            CHECK(model_field_by_name(entity, field->name) == (int)j);
            told_apart = told_apart || (field->flags & (MODEL_PRIMARY | MODEL_APART));
        }
        CHECK(told_apart);
        for (size_t j = 0; j < 2 && entity->not_before[j][0] != NULL; j++)
            CHECK(model_field_by_name(entity, entity->not_before[j][0]) >= 0 &&
                  model_field_by_name(entity, entity->not_before[j][1]) >= 0);
        if (!entity->child && entity->key != NULL)
            CHECK(model_entity_by_key(NULL, entity->key, strlen(entity->key)) == entity);
        if (entity->child || entity->nested)
            CHECK(model_child_by_key(entity->parent, entity->key, strlen(entity->key)) == entity);
    }
    CHECK(model_entity_by_key(NULL, "documnet", 8) == NULL);
    CHECK(model_flag_means_missing("M") && !model_flag_means_missing("A") && !model_flag_means_missing(""));
    CHECK(model_flag_needs_value("A") && !model_flag_needs_value("K") && !model_flag_needs_value("M"));
}

static void test_text(void)
{
    struct dk_buffer text = {0};
    size_t line = 0;

    model_text(&text, NULL, 80);
    for (size_t i = 0; i < text.size; i++) {
        line = text.bytes[i] == '\n' ? 0 : line + 1;
        CHECK(line <= 80);
    }
    CHECK(strstr(text.bytes, "  end_year       written end; year: last year it covers\n") != NULL);
    CHECK(strstr(text.bytes, "observation: a value of an indicator for a unit in a period\n") != NULL);
    dk_buffer_free(&text);
}

/* The JSON is read by SQLite, which refuses what is not well-formed. */
static void test_json_schema(void)
{
    struct dk_buffer json = {0}, sql = {0};
    struct dk_error err = {0};
    struct db *db = NULL;

    model_json_schema(&json, NULL);
    dk_buffer_text(&sql, "CREATE TABLE t (json TEXT); INSERT INTO t VALUES ('");
    for (size_t i = 0; i < json.size; i++)
        dk_buffer_add(&sql, json.bytes[i] == '\'' ? "''" : &json.bytes[i], json.bytes[i] == '\'' ? 2 : 1);
    dk_buffer_text(&sql, "')");
    CHECK(db_open(":memory:", DB_CREATE, &db, &err) == DK_OK);
    CHECK(db_run(db, sql.bytes, &err) == DK_OK);
    CHECK_TEXT(query(db, "SELECT json_valid(json) FROM t"), "1");
    CHECK_TEXT(query(db, "SELECT json_extract(json, '$.\"$schema\"') FROM t"), "http://json-schema.org/draft-07/schema#");
    CHECK_TEXT(query(db, "SELECT json_extract(json, '$.definitions.action.required') FROM t"), "[\"id\",\"text\"]");
    CHECK_TEXT(query(db, "SELECT json_extract(json, '$.definitions.link.properties.relation.enum') FROM t"),
               "[\"equal\",\"subset\",\"superset\",\"intersects\",\"none\"]");
    CHECK_TEXT(query(db, "SELECT count(*) FROM t, json_tree(t.json) WHERE json_tree.key = '$ref' AND "
                         "json_extract(t.json, '$.' || replace(substr(json_tree.value, 3), '/', '.')) IS NULL"), "0");
    db_close(db);
    dk_buffer_free(&json);
    dk_buffer_free(&sql);
}

/* What came after the first version: old databases have no value for it. */
static void test_history(void)
{
    for (int version = 1; version <= MODEL_VERSION; version++)
        CHECK(model_version_release(version) != NULL);
    CHECK(model_version_release(0) == NULL && model_version_release(MODEL_VERSION + 1) == NULL);
    for (int i = 0; i < MODEL_COUNT; i++) {
        const struct model_entity *entity = &model_entities()[i];

        CHECK(entity->since <= MODEL_VERSION);
        for (size_t j = 0; j < entity->field_count; j++) {
            const struct model_field *field = &entity->fields[j];

            CHECK(field->since <= MODEL_VERSION);
            CHECK(field->since <= entity->since || !(field->flags & (MODEL_REQUIRED | MODEL_PRIMARY | MODEL_APART)));
        }
    }
    for (const struct model_step *step = model_steps; step->table != NULL; step++)
        CHECK(step->version > 1 && step->version <= MODEL_VERSION);
}

int main(void)
{
    test_tables();
    test_history();
    test_table_is_consistent();
    test_text();
    test_json_schema();
    return check_result();
}
