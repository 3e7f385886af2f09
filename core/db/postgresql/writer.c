/* Rows into a table by COPY, in its binary format. */
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/number.h"
#include "db/postgresql/connection.h"
#include "db/postgresql/replace.h"

enum { CHUNK = 256 * 1024, TYPE_BOOL = 16, TYPE_INT8 = 20, TYPE_INT4 = 23, TYPE_FLOAT8 = 701 };

struct pg_writer {
    struct db_writer base;
    struct pg_db *db;
    Oid *type;
    size_t columns;
    struct dk_buffer out;
    struct dk_buffer finish; /* SQL to be run behind the rows, or nothing */
};

static const char signature[] =
    "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0"; /* with flags and the size of what follows them: none */

static void put_number(struct dk_buffer *out, uint64_t number, int bytes)
{
    char *at = dk_buffer_reserve(out, (size_t)bytes);

    for (int i = 0; i < bytes; i++)
        at[i] = (char)(number >> (8 * (bytes - 1 - i)));
    out->size += (size_t)bytes;
}

static void put_bytes(struct dk_buffer *out, const char *bytes, size_t size)
{
    put_number(out, size, 4);
    dk_buffer_add(out, bytes, size);
}

static void put_real(struct dk_buffer *out, double real)
{
    uint64_t bits;

    memcpy(&bits, &real, sizeof bits);
    put_number(out, 8, 4);
    put_number(out, bits, 8);
}

/* A number for a column of texts is what it looks like. */
static void put_as_text(struct dk_buffer *out, const struct db_value *value)
{
    char text[DK_NUMBER_SIZE];

    put_bytes(out, text,
              value->type == DB_INTEGER ? dk_integer_text(value->integer, text) : dk_real_text(value->real, text));
}

static dk_status put_value(struct dk_buffer *out, const struct db_value *value, Oid type, struct dk_error *err)
{
    if (value->type == DB_NULL) {
        put_number(out, UINT32_MAX, 4);
    } else if (value->type == DB_TEXT || value->type == DB_BLOB) {
        if (type == TYPE_INT8 || type == TYPE_FLOAT8 || type == TYPE_INT4 || type == TYPE_BOOL)
            return dk_fail(err, DK_DATA, "a text stands where the table has a number");
        if (value->type == DB_TEXT && memchr(value->text.bytes, '\0', value->text.size) != NULL)
            return dk_fail(err, DK_DATA, "a text with a zero byte cannot be stored in PostgreSQL");
        put_bytes(out, value->text.bytes, value->text.size);
    } else if (type == TYPE_FLOAT8) {
        put_real(out, value->type == DB_REAL ? value->real : (double)value->integer);
    } else if (value->type == DB_INTEGER && (type == TYPE_INT8 || type == TYPE_INT4)) {
        put_number(out, type == TYPE_INT8 ? 8 : 4, 4);
        put_number(out, (uint64_t)value->integer, type == TYPE_INT8 ? 8 : 4);
    } else {
        put_as_text(out, value);
    }
    return DK_OK;
}

static dk_status send(struct pg_writer *writer, struct dk_error *err)
{
    if (writer->out.size > 0 && pq.PQputCopyData(writer->db->conn, writer->out.bytes, (int)writer->out.size) != 1) {
        writer->db->lost = true;
        return pg_fail_lost(err);
    }
    writer->out.size = 0;
    return DK_OK;
}

static dk_status write_row(struct db_writer *base, const struct db_value *values, struct dk_error *err)
{
    struct pg_writer *writer = (struct pg_writer *)base;

    put_number(&writer->out, writer->columns, 2);
    for (size_t i = 0; i < writer->columns; i++)
        if (put_value(&writer->out, &values[i], writer->type[i], err) != DK_OK)
            return DK_ERROR;
    return writer->out.size < CHUNK ? DK_OK : send(writer, err);
}

static dk_status close_writer(struct db_writer *base, bool keep, struct dk_error *err)
{
    struct pg_writer *writer = (struct pg_writer *)base;
    struct pg_db *db = writer->db;
    PGresult *result;
    dk_status status = DK_OK;

    if (keep && !db->lost) {
        put_number(&writer->out, UINT16_MAX, 2);
        status = send(writer, err);
    }
    if (!db->lost && pq.PQputCopyEnd(db->conn, keep ? NULL : "given up") != 1)
        db->lost = true;
    while (!db->lost && (result = pg_wait(db)) != NULL) {
        if (keep && status == DK_OK && pq.PQresultStatus(result) != PGRES_COMMAND_OK)
            status = pg_fail(db, result, NULL, NULL, err);
        pq.PQclear(result);
    }
    if (db->lost && keep && status == DK_OK)
        status = pg_fail_lost(err);
    if (keep && status == DK_OK && writer->finish.size > 0)
        status = pg_ask(db, writer->finish.bytes, NULL, err);
    dk_buffer_free(&writer->out);
    dk_buffer_free(&writer->finish);
    free(writer->type);
    free(writer);
    return status;
}

static void list_columns(struct dk_buffer *out, const char *const *column, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        dk_buffer_text(out, i > 0 ? ", " : "");
        target_quote(out, column[i]);
    }
}

static const char temporary[] = "pg_temp.";

static bool is_temporary(const char *table)
{
    return strncmp(table, temporary, sizeof temporary - 1) == 0;
}

/* A table of the schema, or pg_temp.NAME. */
static void name_table(struct dk_buffer *out, const char *table)
{
    if (is_temporary(table)) {
        dk_buffer_text(out, temporary);
        table += sizeof temporary - 1;
    }
    target_quote(out, table);
}

/* The types that the table has for the columns. */
static dk_status find_types(struct pg_db *db, const char *table, const char *const *column, size_t count, Oid *type,
                            struct dk_error *err)
{
    struct dk_buffer sql = {0};
    PGresult *result;
    dk_status status;

    dk_buffer_text(&sql, "SELECT ");
    list_columns(&sql, column, count);
    dk_buffer_text(&sql, " FROM ");
    name_table(&sql, table);
    dk_buffer_text(&sql, " LIMIT 0");
    status = pg_ask(db, sql.bytes, &result, err);
    for (size_t i = 0; status == DK_OK && i < count; i++)
        type[i] = pq.PQftype(result, (int)i);
    if (status == DK_OK)
        pq.PQclear(result);
    dk_buffer_free(&sql);
    return status;
}

static dk_status begin_copy(struct pg_db *db, const char *table, const char *const *column, size_t count,
                            struct dk_error *err)
{
    struct dk_buffer sql = {0};
    PGresult *result = NULL;
    dk_status status = DK_OK;

    dk_buffer_text(&sql, "COPY ");
    name_table(&sql, table);
    dk_buffer_text(&sql, " (");
    list_columns(&sql, column, count);
    dk_buffer_text(&sql, ") FROM STDIN (FORMAT binary)");
    if (!pq.PQsendQuery(db->conn, sql.bytes) || (result = pg_wait(db)) == NULL)
        status = pg_fail_lost(err);
    else if (pq.PQresultStatus(result) != PGRES_COPY_IN) {
        status = pg_fail(db, result, NULL, NULL, err);
        pg_drain(db);
    }
    pq.PQclear(result);
    dk_buffer_free(&sql);
    return status;
}

static dk_status open_writer(struct db *base, const char *table, const char *const *column, size_t count,
                             struct db_writer **out, struct dk_error *err)
{
    struct pg_db *db = (struct pg_db *)base;
    struct pg_writer *writer = dk_alloc_zeroed(1, sizeof *writer);

    writer->base.row = write_row;
    writer->base.close = close_writer;
    writer->db = db;
    writer->columns = count;
    writer->type = dk_alloc_zeroed(count + 1, sizeof *writer->type);
    if (find_types(db, table, column, count, writer->type, err) != DK_OK ||
        begin_copy(db, table, column, count, err) != DK_OK) {
        free(writer->type);
        free(writer);
        return DK_ERROR;
    }
    dk_buffer_add(&writer->out, signature, sizeof signature - 1);
    if (is_temporary(table)) { /* what no other process of the server will do */
        dk_buffer_text(&writer->finish, "ANALYZE ");
        name_table(&writer->finish, table);
    }
    *out = &writer->base;
    return DK_OK;
}

const struct db_bulk postgresql_bulk = {
    .open_writer = open_writer,
    .replace_begin = replace_begin,
    .replace_end = replace_end,
};
