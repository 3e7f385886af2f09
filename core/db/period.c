/* Periods in statements: which values are some, by the words of the statement. */
#include "db/period.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "db/words.h"
#include "model/model.h"

static bool is_period_field(const struct model_field *field)
{
    return field->type == MODEL_PERIOD;
}

/* The names of columns of periods: one or two in all. */
static void list_periods(struct words *words)
{
    for (size_t i = 0; i < model_count(words->model); i++) {
        const struct model_entity *entity = model_at(words->model, i);

        for (size_t f = 0; f < entity->field_count; f++) {
            size_t known = 0;

            if (!is_period_field(&entity->fields[f]))
                continue;
            while (known < words->periods && strcmp(words->period[known], entity->fields[f].name) != 0)
                known++;
            if (known == words->periods && known < sizeof words->period / sizeof words->period[0])
                words->period[words->periods++] = entity->fields[f].name;
        }
    }
}

/* Whether a name is that of a column of periods, or an alias of one. */
static bool names_period(const struct words *words, const struct token *token)
{
    for (size_t i = 0; i < words->periods; i++)
        if (sql_same_name(token, words->period[i], strlen(words->period[i])))
            return true;
    for (size_t i = 0; i < words->aliases; i++)
        if (sql_same_name(token, words->alias[i]->text, words->alias[i]->size))
            return true;
    return false;
}

static bool speaks_of_periods(const struct words *words)
{
    for (size_t at = 0; at < words->count; at++)
        if (names_period(words, &words->token[at]))
            return true;
    return false;
}

/* Expressions ------------------------------------------------------------------------------------------------------ */

/* Tokens first..end. */
struct range {
    size_t first, end;
};

static bool yields_period(const struct words *words, struct range range);

static size_t closing(const struct words *words, size_t open)
{
    size_t at = open + 1;

    while (at < words->count && !(sql_is_sign(&words->token[at], ')') && words->token[at].depth == words->token[open].depth))
        at++;
    return at;
}

/* The part from `first` to the next comma or one of the ending words at its depth. */
static struct range part(const struct words *words, size_t first, size_t end)
{
    static const char *const ends[] = {"from",  "where", "union",  "except", "intersect", "order",
                                       "limit", "group", "having", "window", NULL};
    struct range range = {first, first};
    int depth = first < words->count ? words->token[first].depth : 0;

    while (range.end < end && !(words->token[range.end].depth == depth &&
                                (sql_is_sign(&words->token[range.end], ',') || sql_is_any(&words->token[range.end], ends))))
        range.end++;
    return range;
}

/* The first column of a SELECT, without its name. */
static size_t after_select(const struct words *words, size_t at)
{
    at++;
    while (at < words->count && (sql_is_word(&words->token[at], "distinct") || sql_is_word(&words->token[at], "all")))
        at++;
    return at;
}

static struct range without_alias(const struct words *words, struct range range)
{
    const struct token *token = words->token;
    size_t end = range.end;

    if (end >= range.first + 3 && sql_is_word(&token[end - 2], "as"))
        range.end = end - 2;
    else if (end >= range.first + 2 && (token[end - 1].kind == WORD || token[end - 1].kind == QUOTED) &&
             !sql_is_word(&token[end - 1], "end") &&
             (sql_is_sign(&token[end - 2], ')') || token[end - 2].kind == WORD || token[end - 2].kind == QUOTED))
        range.end = end - 1;
    return range;
}

/* CASE … END: every result has to be a period, or null. */
static bool case_yields(const struct words *words, struct range range)
{
    int depth = words->token[range.first].depth;
    size_t inner = 0, results = 0;

    for (size_t at = range.first + 1; at < range.end; at++) {
        const struct token *token = &words->token[at];
        struct range result = {at + 1, at + 1};

        if (token->depth != depth)
            continue;
        inner += sql_is_word(token, "case");
        inner -= sql_is_word(token, "end") && inner > 0;
        if (inner > 0 || !(sql_is_word(token, "then") || sql_is_word(token, "else")))
            continue;
        for (size_t cases = 0; result.end < range.end; result.end++) {
            const struct token *next = &words->token[result.end];

            if (next->depth != depth)
                continue;
            if (cases == 0 && (sql_is_word(next, "when") || sql_is_word(next, "else") || sql_is_word(next, "end")))
                break;
            cases += sql_is_word(next, "case");
            cases -= sql_is_word(next, "end") && cases > 0;
        }
        if (result.end == result.first + 1 && sql_is_word(&words->token[result.first], "null"))
            continue;
        if (!yields_period(words, result))
            return false;
        results++;
    }
    return results > 0;
}

/* A function that hands on what it is given. */
static bool call_yields(const struct words *words, struct range range)
{
    static const char *const any[] = {"coalesce", "ifnull", NULL};
    static const char *const first[] = {"min",       "max", "nullif", "first_value", "last_value",
                                        "nth_value", "lag", "lead",   NULL};
    const struct token *name = &words->token[range.first];
    size_t end = closing(words, range.first + 1);
    struct range argument = part(words, range.first + 2, end);

    if (end + 1 < range.end && !sql_is_word(&words->token[end + 1], "over") &&
        !sql_is_word(&words->token[end + 1], "filter"))
        return false;
    if (sql_is_any(name, first))
        return yields_period(words, argument);
    while (sql_is_any(name, any) && argument.first < end) {
        if (yields_period(words, argument))
            return true;
        argument = part(words, argument.end + 1, end);
    }
    return false;
}

static bool yields_period(const struct words *words, struct range range)
{
    const struct token *token = words->token;
    size_t size = range.end - range.first;

    if (range.end <= range.first || range.end > words->count)
        return false;
    if (sql_is_sign(&token[range.first], '(') && closing(words, range.first) == range.end - 1) {
        if (size > 2 && sql_is_word(&token[range.first + 1], "select"))
            return yields_period(words,
                                 without_alias(words, part(words, after_select(words, range.first + 1), range.end - 1)));
        return yields_period(words, (struct range){range.first + 1, range.end - 1});
    }
    if (sql_is_word(&token[range.first], "case"))
        return case_yields(words, range);
    if (size >= 4 && token[range.first].kind == WORD && sql_is_sign(&token[range.first + 1], '('))
        return call_yields(words, range);
    for (size_t i = range.first + 1; i < range.end; i += 2)
        if (!sql_is_sign(&token[i], '.'))
            return false;
    return size % 2 == 1 && names_period(words, &token[range.end - 1]);
}

/* Names that the statement gives to what holds periods: … AS name, and the columns of WITH t(name) AS (SELECT …). */
static void find_aliases(struct words *words)
{
    words->alias = dk_alloc((words->count + 1) * sizeof *words->alias);
    for (size_t at = 2; at + 1 < words->count; at++) {
        size_t first = at;
        int depth = words->token[at].depth;

        if (!sql_is_word(&words->token[at], "as") || sql_is_sign(&words->token[at + 1], '('))
            continue;
        while (first > 0 && words->token[first - 1].depth >= depth &&
               !(words->token[first - 1].depth == depth &&
                 (sql_is_sign(&words->token[first - 1], ',') || sql_is_word(&words->token[first - 1], "select") ||
                  sql_is_word(&words->token[first - 1], "distinct") || sql_is_word(&words->token[first - 1], "from"))))
            first--;
        if (yields_period(words, (struct range){first, at}))
            words->alias[words->aliases++] = &words->token[at + 1];
    }
    for (size_t at = 2; at + 2 < words->count; at++) {
        size_t name, column;

        if (!sql_is_word(&words->token[at], "as") || !sql_is_sign(&words->token[at + 1], '(') ||
            !sql_is_word(&words->token[at + 2], "select") || !sql_is_sign(&words->token[at - 1], ')'))
            continue;
        for (name = at - 1; name > 0 && !sql_is_sign(&words->token[name], '('); name--)
            continue;
        column = after_select(words, at + 2);
        for (name++; name < at - 1; name += 2) {
            struct range item = part(words, column, closing(words, at + 1));

            if (yields_period(words, without_alias(words, item)))
                words->alias[words->aliases++] = &words->token[name];
            column = item.end + 1;
        }
    }
}

/* Comparisons ------------------------------------------------------------------------------------------------------ */

static bool is_comparison(const struct token *token)
{
    static const char *const between[] = {"in", "between", "is", "not", NULL};

    return (token->kind == SIGN && strchr("=<>!", *token->text) != NULL) || sql_is_any(token, between);
}

/* The end of a computed period that begins at `at`: a function that hands one on, or an alias; `at` when none begins there.
 */
static size_t computed_end(const struct words *words, size_t at)
{
    const struct token *token = words->token;

    if (at + 3 < words->count && token[at].kind == WORD && sql_is_sign(&token[at + 1], '(')) {
        size_t end = closing(words, at + 1) + 1;

        return end <= words->count && yields_period(words, (struct range){at, end}) ? end : at;
    }
    for (size_t i = 0; i < words->aliases; i++)
        if (sql_same_name(&token[at], words->alias[i]->text, words->alias[i]->size) && &token[at] != words->alias[i])
            return at + 1;
    return at;
}

char *db_compare_as_text(const char *sql, const struct model *model)
{
    struct words words = {.model = model};
    struct dk_buffer out = {0};
    const char *copied = sql;

    list_periods(&words);
    sql_split(&words, sql);
    if (speaks_of_periods(&words))
        find_aliases(&words);
    for (size_t at = 0; at < words.count && words.alias != NULL; at++) {
        size_t end = computed_end(&words, at), first = at;
        const char *from, *to;

        if (end == at)
            continue;
        while (first >= 2 && sql_is_sign(&words.token[first - 1], '.'))
            first -= 2; /* the alias of a table before it */
        if (!(end < words.count && is_comparison(&words.token[end])) &&
            !(first > 0 && words.token[first - 1].kind == SIGN && strchr("=<>", *words.token[first - 1].text) != NULL))
            continue;
        from = words.token[first].text - (words.token[first].kind == QUOTED);
        to = words.token[end - 1].text + words.token[end - 1].size + (words.token[end - 1].kind == QUOTED);
        dk_buffer_add(&out, copied, (size_t)(from - copied));
        dk_buffer_text(&out, "CAST(");
        dk_buffer_add(&out, from, (size_t)(to - from));
        dk_buffer_text(&out, " AS TEXT)");
        copied = to;
        at = end - 1;
    }
    free(words.token);
    free(words.alias);
    if (copied == sql)
        return NULL;
    dk_buffer_add(&out, copied, strlen(copied) + 1);
    return out.bytes;
}

/* Columns ---------------------------------------------------------------------------------------------------------- */

/* Where the columns of the result begin: after RETURNING, else after the first SELECT that stands in no parentheses. */
static size_t result_begins(const struct words *words)
{
    size_t select = words->count;

    for (size_t at = 0; at < words->count; at++) {
        if (words->token[at].depth != 0)
            continue;
        if (sql_is_word(&words->token[at], "returning"))
            return at + 1;
        if (select == words->count && sql_is_word(&words->token[at], "select"))
            select = after_select(words, at);
    }
    return select;
}

/* Of the result's columns their expressions; false when * hides which is which. */
static bool find_items(const struct words *words, size_t columns, struct range *items)
{
    size_t at = result_begins(words), count = 0;

    while (at < words->count && count < columns) {
        struct range item = part(words, at, words->count);

        if (item.end == item.first || sql_is_sign(&words->token[item.end - 1], '*'))
            return false;
        items[count++] = without_alias(words, item);
        if (item.end >= words->count || !sql_is_sign(&words->token[item.end], ','))
            break;
        at = item.end + 1;
    }
    return count == columns;
}

/* Whether a value bound to a parameter is only compared and stored: next to a division the kind of number matters. */
static bool divides_parameter(const struct words *words)
{
    for (size_t at = 0; at < words->count; at++) {
        const struct token *token = &words->token[at];

        if (!sql_is_sign(token, '/') && !sql_is_sign(token, '%'))
            continue;
        if ((at > 0 && token[-1].kind == PARAMETER) || (at + 1 < words->count && token[1].kind == PARAMETER))
            return true;
    }
    return false;
}

static bool comes_from_period(const struct model *model, const struct db_origin *origin)
{
    const struct model_entity *entity =
        origin->table != NULL && origin->column != NULL ? model_table(model, origin->table) : NULL;
    int field = entity != NULL ? model_field_by_name(entity, origin->column) : -1;

    return field >= 0 && is_period_field(&entity->fields[field]);
}

void db_find_periods(const char *sql, const struct model *model, const struct db_origin *origin, size_t columns,
                     bool parameters, struct db_periods *periods)
{
    bool *found = dk_alloc_zeroed(columns + 1, sizeof *found), any = false, expressions = false;
    struct words words = {.model = model};
    struct range *items = NULL;
    bool plain = false;

    for (size_t i = 0; i < columns; i++) {
        found[i] = comes_from_period(model, &origin[i]);
        expressions |= origin[i].table == NULL;
    }
    if (expressions || parameters) {
        list_periods(&words);
        sql_split(&words, sql);
    }
    periods->whole_years = speaks_of_periods(&words) && !divides_parameter(&words);
    if (expressions && speaks_of_periods(&words)) {
        find_aliases(&words);
        items = dk_alloc((columns + 1) * sizeof *items);
        plain = find_items(&words, columns, items);
    }
    for (size_t i = 0; i < columns; i++) {
        struct token own = {.kind = QUOTED, .text = origin[i].name, .size = strlen(origin[i].name)};

        if (items != NULL && origin[i].table == NULL)
            found[i] = plain ? yields_period(&words, items[i]) : names_period(&words, &own);
        any |= found[i];
    }
    free(items);
    free(words.token);
    free(words.alias);
    periods->column = any ? found : NULL;
    if (!any)
        free(found);
}

void db_free_periods(struct db_periods *periods)
{
    free(periods->column);
    periods->column = NULL;
}

void db_read_period(struct db_value *value)
{
    int64_t integer = 0;
    const char *text;
    size_t first;

    if (value->type != DB_TEXT || value->text.size == 0 || value->text.size > 18)
        return;
    /* written as the integer is: "007" and "+5" are texts */
    text = value->text.bytes;
    first = text[0] == '-';
    if (first == value->text.size || (text[first] == '0' && value->text.size > 1))
        return;
    for (size_t i = first; i < value->text.size; i++) {
        if (text[i] < '0' || text[i] > '9')
            return;
        integer = 10 * integer + (text[i] - '0');
    }
    value->type = DB_INTEGER;
    value->integer = first > 0 ? -integer : integer;
}

bool db_whole_number(double real, int64_t *integer)
{
    if (!(fabs(real) < 1e15) || real != floor(real))
        return false;
    *integer = (int64_t)real;
    return true;
}
