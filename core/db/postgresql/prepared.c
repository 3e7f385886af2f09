/* Statements that the server has prepared are kept: preparing and describing one takes longer than most lookups. Both are
 * asked in one go. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "db/postgresql/connection.h"

static void forget(struct prepared *prepared)
{
    pq.PQclear(prepared->about);
    free(prepared->sql);
    free(prepared->given);
    free(prepared);
}

void pg_forget_prepared(struct pg_db *db)
{
    for (size_t i = 0; i < PREPARED_MAX; i++) {
        if (db->prepared[i] != NULL)
            forget(db->prepared[i]);
        db->prepared[i] = NULL;
    }
}

static bool same_types(const struct prepared *prepared, const Oid *given, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if ((prepared->given != NULL ? prepared->given[i] : 0) != (given != NULL ? given[i] : 0))
            return false;
    return true;
}

/* A place for another: a free one, else that of the one that was not used for the longest. NULL: all are in use. */
static struct prepared **find_place(struct pg_db *db)
{
    struct prepared **oldest = NULL;

    for (size_t i = 0; i < PREPARED_MAX; i++) {
        if (db->prepared[i] == NULL)
            return &db->prepared[i];
        if (db->prepared[i]->users == 0 && (oldest == NULL || db->prepared[i]->used < (*oldest)->used))
            oldest = &db->prepared[i];
    }
    return oldest;
}

/* Gives up the server's copy of one that nobody uses. */
static dk_status make_room(struct pg_db *db, struct prepared **place, struct dk_error *err)
{
    char sql[64];
    dk_status status = DK_OK;

    if (*place == NULL)
        return DK_OK;
    if (pq.PQtransactionStatus(db->conn) != PQTRANS_INERROR) {
        snprintf(sql, sizeof sql, "DEALLOCATE %s", (*place)->name);
        status = pg_ask(db, sql, NULL, err);
    }
    forget(*place);
    *place = NULL;
    return status;
}

/* The answer to one command of a pipeline, followed by the mark of its end. */
static PGresult *take_answer(struct pg_db *db)
{
    PGresult *answer = pg_wait(db), *end;

    while (answer != NULL && pq.PQresultStatus(answer) != PGRES_PIPELINE_SYNC && (end = pg_wait(db)) != NULL)
        pq.PQclear(end);
    return answer;
}

/* Prepares and describes in one go; fills prepared->about. */
static dk_status ask_server(struct pg_db *db, struct prepared *prepared, const struct translated *translated,
                            const char *sql, struct dk_error *err)
{
    PGresult *made, *end;
    dk_status status = DK_OK;

    if (!pq.PQenterPipelineMode(db->conn) ||
        !pq.PQsendPrepare(db->conn, prepared->name, prepared->sql, prepared->given != NULL ? (int)translated->count : 0,
                          prepared->given) ||
        !pq.PQsendDescribePrepared(db->conn, prepared->name) || !pq.PQpipelineSync(db->conn))
        return pg_fail_lost(err);
    made = take_answer(db);
    prepared->about = take_answer(db);
    end = pg_wait(db);
    pq.PQclear(end);
    (void)pq.PQexitPipelineMode(db->conn);
    if (made == NULL)
        status = pg_fail_lost(err);
    else if (pq.PQresultStatus(made) != PGRES_COMMAND_OK)
        status = pg_fail(db, made, translated, sql, err);
    else if (prepared->about == NULL || pq.PQresultStatus(prepared->about) != PGRES_COMMAND_OK)
        status = prepared->about != NULL ? pg_fail(db, prepared->about, translated, sql, err) : pg_fail_lost(err);
    pq.PQclear(made);
    return status;
}

struct prepared *pg_prepare(struct pg_db *db, const struct translated *translated, const Oid *given, const char *sql,
                            struct dk_error *err)
{
    struct prepared **place, *prepared;

    for (size_t i = 0; i < PREPARED_MAX; i++) {
        prepared = db->prepared[i];
        if (prepared != NULL && strcmp(prepared->sql, translated->sql.bytes) == 0 &&
            same_types(prepared, given, translated->count)) {
            prepared->users++;
            prepared->used = ++db->clock;
            return prepared;
        }
    }
    place = find_place(db);
    if (place == NULL) {
        dk_fail(err, DK_LIMIT, "more than %d queries are open at once", PREPARED_MAX);
        dk_hint(err, "read each to its end, or close it");
        return NULL;
    }
    if (db->lost) {
        (void)pg_fail_lost(err);
        return NULL;
    }
    if (pg_make_free(db, err) != DK_OK || make_room(db, place, err) != DK_OK)
        return NULL;
    prepared = dk_alloc_zeroed(1, sizeof *prepared);
    prepared->sql = dk_copy_text(translated->sql.bytes);
    if (given != NULL) {
        prepared->given = dk_alloc((translated->count + 1) * sizeof *given);
        memcpy(prepared->given, given, translated->count * sizeof *given);
    }
    snprintf(prepared->name, sizeof prepared->name, "difkit_%u", ++db->names);
    if (ask_server(db, prepared, translated, sql, err) != DK_OK) {
        forget(prepared);
        return NULL;
    }
    prepared->users = 1;
    prepared->used = ++db->clock;
    *place = prepared;
    return prepared;
}

void pg_unprepare(struct prepared *prepared)
{
    if (prepared != NULL)
        prepared->users--;
}
