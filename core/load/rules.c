/* Rules over records of several tables, asked of the database once all is stored: each query gives the records that break a
 * rule, as origin, what is wrong, and what would be right. */
#include "load/state.h"

#include <stdlib.h>
#include <string.h>

static const char *const rules[] = {
    /* What a question does not take. */
    "SELECT r.origin, 'the answer \"' || coalesce(r.answer, r.value) || '\" is none of the choices of the question \"' || "
    "r.question_id || '\"', 'its choices stand under `choices:` of the question' FROM response AS r "
    "WHERE r.missing IS NULL AND EXISTS (SELECT 1 FROM choice AS c WHERE "
    "c.survey_id = r.survey_id AND c.question_id = r.question_id) AND NOT EXISTS (SELECT 1 FROM choice AS c WHERE "
    "c.survey_id = "
    "r.survey_id AND c.question_id = r.question_id AND (c.id = r.answer OR CAST(c.id AS REAL) = r.value)) LIMIT 20",

    "SELECT r.origin, 'the answer ' || coalesce('\"' || r.answer || '\"', r.value) || ' to the question \"' || q.id || '\" "
    "of yes "
    "and no', 'expected 1 for yes or 0 for no; a code for nothing stands in `missing:` of its survey' FROM response AS r "
    "JOIN "
    "question AS q ON q.survey_id = r.survey_id AND q.id = r.question_id WHERE q.kind = 'yesno' AND r.missing IS NULL AND "
    "(r.value IS NULL OR r.value NOT IN (0, 1)) LIMIT 20",

    "SELECT r.origin, 'the answer ' || r.value || ' to the question \"' || q.id || '\" lies outside of ' || "
    "coalesce(q.lower, "
    "'…') || ' to ' || coalesce(q.upper, '…'), 'a code for nothing stands in `missing:` of its survey' FROM response AS r "
    "JOIN "
    "question AS q ON q.survey_id = r.survey_id AND q.id = r.question_id WHERE r.value < q.lower OR r.value > q.upper LIMIT "
    "20",

    "SELECT r.origin, 'the answer \"' || r.answer || '\" to the question \"' || q.id || '\" is a word', 'the question takes "
    "numbers' FROM response AS r JOIN question AS q ON q.survey_id = r.survey_id AND q.id = r.question_id WHERE q.kind IN "
    "('number', 'scale') AND r.answer IS NOT NULL LIMIT 20",

    /* Populations. */
    "SELECT min(origin), 'the respondents of the stratum \"' || coalesce(stratum, '') || '\" of the survey \"' || survey_id "
    "|| "
    "'\" have different populations', 'one number for all of a stratum: how many clusters it has' FROM respondent AS r "
    "WHERE "
    "(SELECT strata FROM survey WHERE id = survey_id) = 'across' GROUP BY survey_id, stratum HAVING count(DISTINCT "
    "population) "
    "> 1 LIMIT 20",
    "SELECT min(origin), 'the respondents of the stratum \"' || coalesce(stratum, '') || '\" of the survey \"' || survey_id "
    "|| "
    "'\" in ' || coalesce(unit_id, '') || ' ' || coalesce(period, '') || ' have different populations', 'one number for all "
    "of a "
    "stratum: how many clusters it has' FROM respondent AS r WHERE (SELECT strata FROM survey WHERE id = survey_id) = "
    "'within' "
    "GROUP BY survey_id, unit_id, period, stratum HAVING count(DISTINCT population) > 1 LIMIT 20",
};

/* The place that an origin such as "answers.csv:12" means. */
static struct place place_of(struct load *load, const struct db_value *origin)
{
    struct place place = {0};
    const char *colon = NULL;

    for (size_t i = 0; i < origin->text.size; i++)
        if (origin->text.bytes[i] == ':')
            colon = origin->text.bytes + i;
    if (colon == NULL)
        return place;
    for (size_t i = 0; i < load->file_count; i++)
        if (strlen(load->file[i].name) == (size_t)(colon - origin->text.bytes) &&
            memcmp(load->file[i].name, origin->text.bytes, strlen(load->file[i].name)) == 0)
            place.file = (uint32_t)i;
    for (const char *digit = colon + 1; digit < origin->text.bytes + origin->text.size; digit++)
        place.line = place.line * 10 + (*digit - '0');
    place.column = 1;
    return place;
}

static dk_status ask(struct load *load, const char *sql, struct dk_error *err)
{
    struct db_statement *statement = NULL;
    struct db_value value[3];
    struct dk_error finding;
    bool row = false;
    dk_status status = db_prepare(load->db, sql, strlen(sql), &statement, err);

    while (status == DK_OK && (status = db_step(statement, value, &row, err)) == DK_OK && row) {
        if (value[0].type != DB_TEXT || value[1].type != DB_TEXT)
            continue;
        dk_fail(&finding, DK_DATA, "%.*s", (int)value[1].text.size, value[1].text.bytes);
        if (value[2].type == DB_TEXT)
            dk_hint(&finding, "%.*s", (int)value[2].text.size, value[2].text.bytes);
        load_find(load, place_of(load, &value[0]), &finding);
    }
    db_finish(statement);
    return status;
}

dk_status load_ask_rules(struct load *load, struct dk_error *err)
{
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        if (ask(load, rules[i], err) != DK_OK)
            return DK_ERROR;
    return DK_OK;
}
