/* What the server reports, in the words that all databases share (db/problem.c): by its code, never by its sentences, which
 * come in the language of the server. */
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/near.h"
#include "db/postgresql/connection.h"

static bool begins(const char *state, const char *with)
{
    return strncmp(state, with, strlen(with)) == 0;
}

dk_status pg_fail_lost(struct dk_error *err)
{
    dk_fail(err, DK_IO, "the connection to the server was lost");
    dk_hint(err, "what was not committed is not stored; when the server answers again, run it again");
    return DK_ERROR;
}

/* What kind of error it is, by the class of its code. */
static enum dk_code code_of(const char *state)
{
    if (begins(state, "22") || begins(state, "23") || begins(state, "21"))
        return DK_DATA;
    if (begins(state, "40") || strcmp(state, "55P03") == 0)
        return DK_LOCKED;
    if (begins(state, "54") || strcmp(state, "57014") == 0)
        return DK_LIMIT;
    if (begins(state, "08") || begins(state, "53") || begins(state, "57") || begins(state, "58") || begins(state, "XX") ||
        begins(state, "28"))
        return DK_IO;
    return DK_USAGE;
}

/* The word of the SQL at a place, without quotes; of a name with a point its last part. */
static void take_word(const char *sql, size_t at, char *out, size_t size)
{
    const char *text = sql + at;
    const char *point;

    if (*text == '"') {
        const char *end = strchr(text + 1, '"');

        snprintf(out, size, "%.*s", end != NULL ? (int)(end - text - 1) : 0, text + 1);
        return;
    }
    snprintf(out, size, "%.*s", (int)strcspn(text, " \t\r\n(),;=<>+-*/'"), text);
    if (out[0] == '\0' && *text != '\0')
        snprintf(out, size, "%c", *text);
    point = strrchr(out, '.');
    if (point != NULL && point[1] != '\0')
        memmove(out, point + 1, strlen(point));
    for (char *quote = strchr(out, '"'); quote != NULL; quote = strchr(out, '"'))
        memmove(quote, quote + 1, strlen(quote));
}

/* Hints at the nearest of the names that a query gives. */
static void hint_near(struct pg_db *db, const char *given, const char *sql, struct dk_error *err)
{
    PGresult *names;
    struct dk_near near;

    if (given[0] == '\0' || strlen(given) > DK_NEAR_LONGEST || pq.PQtransactionStatus(db->conn) != PQTRANS_IDLE)
        return;
    names = pq.PQexec(db->conn, sql);
    dk_near_begin(&near, given);
    for (int i = 0; i < pq.PQntuples(names); i++)
        (void)dk_near_try(&near, pq.PQgetvalue(names, i, 0));
    pq.PQclear(names);
    if (near.name[0] != '\0')
        dk_hint(err, "did you mean \"%s\"?", near.name);
}

static const char tables_sql[] =
    "SELECT relname FROM pg_catalog.pg_class WHERE relkind IN ('r', 'v', 'p', 'm', 'f') AND relnamespace = "
    "(SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = pg_catalog.current_schema()) ORDER BY relname";
static const char columns_sql[] =
    "SELECT DISTINCT attname FROM pg_catalog.pg_attribute AS a JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid WHERE "
    "c.relkind IN ('r', 'v', 'p', 'm', 'f') AND a.attnum > 0 AND NOT a.attisdropped AND c.relnamespace = "
    "(SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = pg_catalog.current_schema()) ORDER BY attname";

/* The nearest of this schema's names where one is unknown. */
static void fail_unknown(struct pg_db *db, const char *state, const char *word, const char *said, struct dk_error *err)
{
    if (strcmp(state, "42P01") == 0) {
        dk_fail(err, DK_USAGE, "no such table: %s", word);
        hint_near(db, word, tables_sql, err);
    } else if (strcmp(state, "42703") == 0) {
        dk_fail(err, DK_USAGE, "no such column: %s", word);
        hint_near(db, word, columns_sql, err);
    } else {
        dk_fail(err, DK_USAGE, "%s", said);
    }
}

/* An unknown function; or an operator between types that do not fit, at whose sign the server points. */
static void fail_function(const char *sql, size_t at, const char *word, const char *said, struct dk_error *err)
{
    const char *end = sql != NULL ? sql + at + strlen(word) : NULL;

    if (end != NULL && *end == '(') {
        dk_fail(err, DK_USAGE, "no such function: %s", word);
        dk_hint(err, "PostgreSQL has other functions than SQLite, and takes no text for a number: CAST(x AS TEXT)");
    } else {
        dk_fail(err, DK_USAGE, "%s", said);
        dk_hint(err, "PostgreSQL compares no text with a number: CAST(x AS TEXT), or CAST(x AS BIGINT)");
    }
}

/* Errors that a statement itself is to blame for. */
static bool fail_statement(struct pg_db *db, const char *state, const char *said, const char *sql, size_t at,
                           struct dk_error *err)
{
    char word[128] = "";

    if (sql != NULL)
        take_word(sql, at, word, sizeof word);
    if (strcmp(state, "42P01") == 0 || strcmp(state, "42703") == 0)
        fail_unknown(db, state, word, said, err);
    else if (strcmp(state, "42883") == 0)
        fail_function(sql, at, word, said, err);
    else if (strcmp(state, "42601") == 0 && sql != NULL && word[0] != '\0')
        dk_fail(err, DK_USAGE, "near \"%s\": syntax error", word);
    else if (strcmp(state, "42601") == 0 && sql != NULL)
        dk_fail(err, DK_USAGE, "incomplete input");
    else
        return false;
    return true;
}

/* Advice for what the server refuses. */
static void add_advice(struct pg_db *db, const char *state, struct dk_error *err)
{
    if (strcmp(state, "25006") == 0)
        dk_hint(err, "the database is open read-only; open it with write = true");
    else if (strcmp(state, "42501") == 0)
        dk_hint(err, "the role %s lacks a right that the owner of the schema can grant it", pq.PQuser(db->conn));
    else if (begins(state, "40") || strcmp(state, "55P03") == 0)
        dk_hint(err, "another program is writing to the database; try again when it is done");
    else if (begins(state, "57P") || begins(state, "08"))
        dk_hint(err, "what was not committed is not stored; when the server answers again, run it again");
    else if (strcmp(state, "53100") == 0)
        dk_hint(err, "the disk of the server is full; nothing was stored");
    else if (strcmp(state, "42P18") == 0)
        dk_hint(err, "say its type: CAST(? AS TEXT)");
    else if (strcmp(state, "22P02") == 0)
        dk_hint(err, "a value was given for a column of another type");
}

dk_status pg_fail(struct pg_db *db, const PGresult *result, const struct translated *translated, const char *sql,
                  struct dk_error *err)
{
    const char *state = pq.PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *said = pq.PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *detail = pq.PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);
    const char *position = pq.PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION);
    const char *hint = pq.PQresultErrorField(result, PG_DIAG_MESSAGE_HINT);
    unsigned long character = 0;
    size_t at = 0;

    if (state == NULL) { /* libpq itself: the server is gone */
        db->lost = true;
        return pg_fail_lost(err);
    }
    if (strcmp(state, "57014") == 0 && db->stopped) {
        dk_fail(err, DK_LIMIT, "a query used more than the run's seconds");
        dk_hint(err, DK_LIFT_TIME);
        return DK_ERROR;
    }
    if (position != NULL && sql != NULL && sscanf(position, "%lu", &character) == 1)
        at = translated_place(translated, character);
    if (!fail_statement(db, state, said, character > 0 ? sql : NULL, at, err)) {
        dk_fail(err, code_of(state), "%s%s%s%s", said != NULL ? said : "the server refused it", detail != NULL ? " (" : "",
                detail != NULL ? detail : "", detail != NULL ? ")" : "");
        if (hint != NULL)
            dk_hint(err, "%s", hint);
        add_advice(db, state, err);
    }
    if (character > 0)
        db_place_in_sql(sql, at, err);
    if (pq.PQstatus(db->conn) != CONNECTION_OK || begins(state, "57P"))
        db->lost = true;
    return DK_ERROR;
}
