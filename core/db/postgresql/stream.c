/* Rows as they come, one result each, so that memory does not grow with their number. One statement at a time has the
 * connection: when another is asked meanwhile, the rest of the first is read into memory, packed. */
#include <stdlib.h>
#include <string.h>

#include "db/postgresql/connection.h"

enum {
    KEPT_MAX = 512 * 1024 * 1024, /* bytes of rows that are read ahead */
    READY_ROWS = 2000,            /* that are read on to reach the end, before the server is told to stop */
    LOOK_ROWS = 4096              /* between two looks at the limits */
};

static void pack(struct dk_buffer *out, const struct db_value *value)
{
    unsigned char type = (unsigned char)value->type;

    dk_buffer_add(out, &type, 1);
    switch (value->type) {
    case DB_NULL:
        break;
    case DB_INTEGER:
        dk_buffer_add(out, &value->integer, sizeof value->integer);
        break;
    case DB_REAL:
        dk_buffer_add(out, &value->real, sizeof value->real);
        break;
    case DB_TEXT:
    case DB_BLOB:
        dk_buffer_add(out, &value->text.size, sizeof value->text.size);
        dk_buffer_add(out, value->text.bytes, value->text.size);
        break;
    }
}

static size_t unpack(const char *bytes, struct db_value *value)
{
    size_t size = 1;

    value->type = (enum db_type)(unsigned char)bytes[0];
    switch (value->type) {
    case DB_NULL:
        break;
    case DB_INTEGER:
        memcpy(&value->integer, bytes + 1, sizeof value->integer);
        size += sizeof value->integer;
        break;
    case DB_REAL:
        memcpy(&value->real, bytes + 1, sizeof value->real);
        size += sizeof value->real;
        break;
    case DB_TEXT:
    case DB_BLOB:
        memcpy(&value->text.size, bytes + 1, sizeof value->text.size);
        size += sizeof value->text.size;
        value->text.bytes = bytes + size;
        size += value->text.size;
        break;
    }
    return size;
}

static void end_rows(struct pg_statement *statement)
{
    statement->state = PG_DONE;
    if (statement->db->streaming == statement)
        statement->db->streaming = NULL;
}

/* The next result as a row in statement->row; at the end, or for an error (to *failed), the statement is done. */
static bool next_result(struct pg_statement *statement, PGresult **failed)
{
    struct pg_db *db = statement->db;
    PGresult *result = pg_wait(db);
    ExecStatusType kind = result != NULL ? pq.PQresultStatus(result) : PGRES_FATAL_ERROR;

    pq.PQclear(statement->row);
    statement->row = NULL;
    if (kind == PGRES_SINGLE_TUPLE) {
        statement->row = result;
        return true;
    }
    if (kind == PGRES_TUPLES_OK || kind == PGRES_COMMAND_OK) {
        const char *changed = pq.PQcmdTuples(result);

        if (changed[0] != '\0')
            db->changes = strtoll(changed, NULL, 10);
        pq.PQclear(result);
    } else if (result != NULL) {
        *failed = result;
    } else {
        db->lost = true;
    }
    pg_drain(db);
    end_rows(statement);
    return false;
}

static void read_row(const struct pg_statement *statement, struct db_value *values)
{
    for (int column = 0; column < statement->columns; column++)
        pg_read_value(statement->row, 0, column, statement->binary, &values[column]);
}

/* A row that was read ahead. */
static void read_kept(struct pg_statement *statement, struct db_value *values)
{
    struct db_value ignored;

    for (int column = 0; column < statement->columns; column++)
        statement->kept_at +=
            unpack(statement->kept.bytes + statement->kept_at, values != NULL ? &values[column] : &ignored);
}

void pg_next_row(struct pg_statement *statement, struct db_value *values, bool *row, PGresult **failed)
{
    struct pg_db *db = statement->db;

    *failed = NULL;
    *row = true;
    if (statement->kept_at < statement->kept.size) {
        read_kept(statement, values);
        return;
    }
    dk_buffer_free(&statement->kept);
    statement->kept_at = 0;
    if (statement->state == PG_RUNNING && ++statement->rows % LOOK_ROWS == 0 && db->check != NULL && !db->stopped &&
        db->check(db->context)) {
        db->stopped = true;
        pg_cancel(db);
    }
    *row = statement->state == PG_RUNNING && next_result(statement, failed);
    if (*row && values != NULL)
        read_row(statement, values);
    if (statement->failed != NULL) {
        *failed = statement->failed;
        statement->failed = NULL;
    }
}

dk_status pg_make_free(struct pg_db *db, struct dk_error *err)
{
    struct pg_statement *statement = db->streaming;
    struct db_value *values;
    dk_status status = DK_OK;

    if (statement == NULL)
        return DK_OK;
    /* The row that was given last stays readable until the next step: it moves to no other place. */
    PGresult *given = statement->row;
    statement->row = NULL;
    values = dk_alloc((size_t)(statement->columns + 1) * sizeof *values);
    while (db->streaming != NULL && statement->kept.size < KEPT_MAX && next_result(statement, &statement->failed)) {
        read_row(statement, values);
        for (int column = 0; column < statement->columns; column++)
            pack(&statement->kept, &values[column]);
    }
    if (db->streaming != NULL) {
        dk_fail(err, DK_LIMIT, "another query is asked while one with more than %d MB of rows is being read",
                KEPT_MAX >> 20);
        dk_hint(err, "read the large one to its end first, or ask for both in one statement");
        status = DK_ERROR;
    }
    pq.PQclear(statement->row);
    statement->row = given;
    free(values);
    return status;
}

void pg_stop_rows(struct pg_statement *statement)
{
    struct pg_db *db = statement->db;
    PGresult *failed = NULL;

    if (statement->state == PG_RUNNING) {
        for (int i = 0; i < READY_ROWS && statement->state == PG_RUNNING && !pq.PQisBusy(db->conn); i++)
            (void)next_result(statement, &failed);
        if (statement->state == PG_RUNNING) {
            pg_cancel(db);
            pg_drain(db);
        }
    }
    end_rows(statement);
    pq.PQclear(failed);
    pq.PQclear(statement->row);
    pq.PQclear(statement->failed);
    statement->row = statement->failed = NULL;
    dk_buffer_free(&statement->kept);
    statement->kept_at = 0;
}
