/* The PostgreSQL driver: a session with a server, by libpq. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "db/postgresql/connection.h"

static void close_db(struct db *base)
{
    struct pg_db *db = (struct pg_db *)base;

    pg_forget_prepared(db);
    if (db->conn != NULL)
        pq.PQfinish(db->conn);
    pg_forget_relations(db);
    free(db->schema);
    free(db->base.path);
    free(db);
}

/* Limits ---------------------------------------------------------------------------------------------------------- */

static dk_status restrict_to_data(struct db *base, struct dk_error *err)
{
    struct pg_db *db = (struct pg_db *)base;

    db->restricted = true;
    if (!db->superuser)
        return DK_OK;
    dk_fail(err, DK_LIMIT, "%s is a superuser of the server, who can read its files and run programs there",
            pq.PQuser(db->conn));
    dk_hint(err, "connect as a role that may only SELECT (scripts/guide/SERVER.md); --trust is for your own script");
    return DK_ERROR;
}

static dk_status make_read_only(struct db *base, struct dk_error *err)
{
    base->writable = false;
    return pg_ask((struct pg_db *)base, "SET default_transaction_read_only = on", NULL, err);
}

static void on_progress(struct db *base, bool (*check)(void *context), void *context)
{
    struct pg_db *db = (struct pg_db *)base;

    db->check = check;
    db->context = context;
}

/* The server's own limit is a net below ours, which counts the time that we wait for it: it counts the time that we need as
 * well while rows are read. */
static dk_status limit_time(struct db *base, double seconds, struct dk_error *err)
{
    char sql[80];

    snprintf(sql, sizeof sql, "SET statement_timeout = '%.0fs'", 4 * seconds + 60);
    return pg_ask((struct pg_db *)base, sql, NULL, err);
}

/* Statements without parameters ------------------------------------------------------------------------------------ */

static bool is_among(const char *word, const char *const *list)
{
    for (; *list != NULL; list++)
        if (strcmp(word, *list) == 0)
            return true;
    return false;
}

static bool may_run(const struct pg_db *db, const struct translated *statement)
{
    static const char *const reading[] = {"SELECT", "VALUES", "WITH", "TABLE", "EXPLAIN", NULL};
    static const char *const writing[] = {"INSERT", "UPDATE", "DELETE", "MERGE",    "TRUNCATE",  "BEGIN",   "START",
                                          "COMMIT", "END",    "ABORT",  "ROLLBACK", "SAVEPOINT", "RELEASE", NULL};
    static const char *const making[] = {"CREATE", "ALTER", "DROP", NULL};
    static const char *const made[] = {"TABLE", "INDEX", "UNIQUE", "VIEW", "TEMP", "TEMPORARY", "SEQUENCE", NULL};

    if (strcmp(statement->first, "COPY") == 0)
        return false;
    if (!db->restricted || is_among(statement->first, reading))
        return true;
    return db->base.writable && (is_among(statement->first, writing) ||
                                 (is_among(statement->first, making) && is_among(statement->second, made)));
}

static dk_status run_one(struct pg_db *db, const struct translated *statement, struct dk_error *err)
{
    if (!may_run(db, statement)) {
        dk_fail(err, DK_USAGE, "%s is not for a script", statement->first);
        dk_hint(err, "a script reads and changes data, and nothing else; run your own script with --trust");
        return DK_ERROR;
    }
    if (statement->count > 0)
        return dk_fail(err, DK_USAGE, "the SQL has a parameter, and no value is given");
    return pg_ask(db, statement->sql.bytes, NULL, err);
}

static dk_status run(struct db *base, const char *sql, struct dk_error *err)
{
    dk_status status = DK_OK;

    while (status == DK_OK && *sql != '\0') {
        struct translated statement;

        translate(&statement, sql, strlen(sql));
        if (!statement.empty)
            status = run_one((struct pg_db *)base, &statement, err);
        sql += statement.end;
        translated_free(&statement);
    }
    return status;
}

static int64_t changes(const struct db *db)
{
    return ((const struct pg_db *)db)->changes;
}

static const char *const forms[] = {
    [DB_SQL_TABLES] = "SELECT relname AS name, CASE WHEN relkind IN ('v', 'm') THEN 'view' ELSE 'table' END AS kind FROM "
                      "pg_catalog.pg_class WHERE relkind IN ('r', 'v', 'm', 'p', 'f') AND relnamespace = (SELECT oid FROM "
                      "pg_catalog.pg_namespace WHERE nspname = pg_catalog.current_schema()) ORDER BY relname",
    [DB_SQL_ROW_NUMBER] = "ctid",
    [DB_SQL_TEMPORARY] = "pg_temp",
    [DB_SQL_SEARCH] = "words",
    [DB_SQL_HAS] = "SELECT 1 FROM pg_catalog.pg_class WHERE relname = ? AND relnamespace = (SELECT oid FROM "
                   "pg_catalog.pg_namespace WHERE nspname = pg_catalog.current_schema())",
};

const struct db_driver postgresql_driver = {
    .capabilities = 0,
    .name = "PostgreSQL",
    .close = close_db,
    .restrict_to_data = restrict_to_data,
    .make_read_only = make_read_only,
    .on_progress = on_progress,
    .limit_time = limit_time,
    .ddl = postgresql_ddl,
    .sql = forms,
    .bulk = &postgresql_bulk,
    .run = run,
    .changes = changes,
    .prepare = pg_statement_prepare,
    .finish = pg_statement_finish,
    .parameter_count = pg_parameter_count,
    .parameter_name = pg_parameter_name,
    .bind = pg_bind,
    .reset = pg_reset,
    .column_count = pg_column_count,
    .column_name = pg_column_name,
    .column_table = pg_column_table,
    .step = pg_step,
};
