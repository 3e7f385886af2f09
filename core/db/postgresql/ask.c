/* Statements of our own, run at once. */
#include <stdlib.h>
#include <string.h>

#include "db/postgresql/connection.h"

static dk_status take(struct pg_db *db, PGresult **last, struct dk_error *err)
{
    PGresult *result;
    dk_status status = DK_OK;

    while ((result = pg_wait(db)) != NULL) {
        ExecStatusType kind = pq.PQresultStatus(result);

        if (status == DK_OK && kind != PGRES_TUPLES_OK && kind != PGRES_COMMAND_OK && kind != PGRES_EMPTY_QUERY)
            status = pg_fail(db, result, NULL, NULL, err);
        pq.PQclear(*last);
        *last = result;
        if (kind == PGRES_COPY_IN || kind == PGRES_COPY_OUT) {
            db->lost = true; /* bulk data have a way of their own: this one has no end */
            return dk_fail(err, DK_USAGE, "COPY from and to a client is for psql");
        }
    }
    return status;
}

dk_status pg_ask(struct pg_db *db, const char *sql, PGresult **out, struct dk_error *err)
{
    PGresult *last = NULL;
    dk_status status = DK_ERROR;

    if (out != NULL)
        *out = NULL;
    if (db->lost)
        return pg_fail_lost(err);
    if (pg_make_free(db, err) != DK_OK)
        return DK_ERROR;
    db->stopped = false;
    if (!pq.PQsendQuery(db->conn, sql))
        return pg_fail_lost(err);
    status = take(db, &last, err);
    if (status == DK_OK && pq.PQstatus(db->conn) != CONNECTION_OK)
        status = pg_fail_lost(err);
    if (status == DK_OK && last != NULL && pq.PQcmdTuples(last)[0] != '\0')
        db->changes = strtoll(pq.PQcmdTuples(last), NULL, 10);
    if (status == DK_OK && out != NULL)
        *out = last;
    else
        pq.PQclear(last);
    return status;
}

dk_status pg_ask_each(struct pg_db *db, const char *sql, struct dk_error *err)
{
    struct dk_buffer one = {0};
    dk_status status = DK_OK;

    while (status == DK_OK && *sql != '\0') {
        struct translated statement;

        translate(&statement, sql, strlen(sql));
        one.size = 0;
        dk_buffer_add(&one, sql, statement.end);
        if (!statement.empty)
            status = pg_ask(db, one.bytes, NULL, err);
        sql += statement.end;
        translated_free(&statement);
    }
    dk_buffer_free(&one);
    return status;
}
