/* The SQLite driver: statements, functions and limits. Files are opened and copied in file.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "base/buffer.h"
#include "db/declared.h"
#include "db/sqlite/bulk.h"
#include "db/sqlite/connection.h"
#include "db/sqlite/function.h"
#include "db/sqlite/names.h"
#include "db/sqlite/restrict.h"

enum { PROGRESS_STEPS = 2000 }; /* virtual machine instructions between two calls of the progress check */

static sqlite3 *handle_of(const struct db *db)
{
    return sqlite_handle(db);
}

static sqlite3_stmt *statement_of(const struct db_statement *statement)
{
    return ((const struct sqlite_statement *)statement)->handle;
}

static dk_status run(struct db *db, const char *sql, struct dk_error *err)
{
    int result = sqlite3_exec(handle_of(db), sql, NULL, NULL, NULL);

    if (result == SQLITE_OK)
        return DK_OK;
    sqlite_fail(handle_of(db), result, err);
    sqlite_hint_name(handle_of(db), err);
    return DK_ERROR;
}

static void close_db(struct db *db)
{
    sqlite_end_words((struct sqlite_db *)db);
    sqlite3_close_v2(handle_of(db));
    free(db->path);
    free(db);
}

/* Limits -------------------------------------------------------------------------------------------------------- */

static dk_status restrict_to_data(struct db *db, struct dk_error *err)
{
    (void)err;
    restrict_connection(handle_of(db));
    return DK_OK;
}

static dk_status make_read_only(struct db *db, struct dk_error *err)
{
    db->writable = false;
    return run(db, "PRAGMA query_only = ON", err);
}

void db_limit_memory(size_t bytes)
{
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 1);
    (void)sqlite3_hard_heap_limit64((sqlite3_int64)bytes);
}

static int progress(void *context)
{
    struct sqlite_db *db = context;

    return db->check(db->context) ? 1 : 0;
}

static void on_progress(struct db *base, bool (*check)(void *context), void *context)
{
    struct sqlite_db *db = (struct sqlite_db *)base;

    db->check = check;
    db->context = context;
    sqlite3_progress_handler(db->handle, check != NULL ? PROGRESS_STEPS : 0, check != NULL ? progress : NULL, db);
}

static dk_status define(struct db *db, const struct db_function *function, struct dk_error *err)
{
    int result;

    if (sqlite_has_function(handle_of(db), function->name)) {
        function->release(function->context);
        dk_fail(err, DK_USAGE, "%s is a function of SQL itself", function->name);
        dk_hint(err, "give yours another name");
        return DK_ERROR;
    }
    result = sqlite_define(handle_of(db), function);
    if ((result & 0xff) == SQLITE_BUSY) {
        dk_fail(err, DK_USAGE, "the function %s cannot change while a query is being read", function->name);
        dk_hint(err, "read or close the query first");
        return DK_ERROR;
    }
    return result == SQLITE_OK ? DK_OK : sqlite_fail(handle_of(db), result, err);
}

/* Statements ---------------------------------------------------------------------------------------------------- */

static int64_t changes(const struct db *db)
{
    return sqlite3_changes64(handle_of(db));
}

static bool is_blank(const char *sql)
{
    /* Comments after the statement are rare enough to be prepared by SQLite, which finds nothing in them. */
    return sql[strspn(sql, " \t\r\n;")] == '\0';
}

static void find_periods(struct sqlite_statement *statement, const struct model *model, const char *sql)
{
    struct db_origin *origin = dk_alloc((size_t)(statement->columns + 1) * sizeof *origin);

    for (int i = 0; i < statement->columns; i++)
        origin[i] =
            (struct db_origin){sqlite3_column_name(statement->handle, i), sqlite3_column_table_name(statement->handle, i),
                               sqlite3_column_origin_name(statement->handle, i)};
    db_find_periods(sql, model, origin, (size_t)statement->columns, sqlite3_bind_parameter_count(statement->handle) > 0,
                    &statement->periods);
    free(origin);
}

static dk_status prepare(struct db *base, const char *sql, size_t size, struct db_statement **out,
                         struct dk_error *err)
{
    struct sqlite_db *db = (struct sqlite_db *)base;
    char *text = memcpy(dk_alloc(size + 1), sql, size), *cast = NULL;
    sqlite3_stmt *handle = NULL, *second = NULL;
    const struct model *model;
    struct sqlite_statement *statement;
    const char *rest = NULL;
    dk_status status = DK_ERROR;
    int result, offset;

    text[size] = '\0';
    if (strlen(text) != size) {
        dk_fail(err, DK_USAGE, "the SQL text holds a zero byte");
        goto done;
    }
    result = sqlite3_prepare_v2(db->handle, text, -1, &handle, &rest);
    if (result != SQLITE_OK) {
        sqlite_fail(db->handle, result, err);
        offset = sqlite3_error_offset(db->handle);
        sqlite_hint_name(db->handle, err);
        if (offset >= 0)
            db_place_in_sql(text, (size_t)offset, err);
        goto done;
    }
    if (handle == NULL) {
        dk_fail(err, DK_USAGE, "there is no statement in the SQL text");
        goto done;
    }
    if (!is_blank(rest) && (sqlite3_prepare_v2(db->handle, rest, -1, &second, NULL) != SQLITE_OK || second != NULL)) {
        dk_fail(err, DK_USAGE, "the SQL text holds more than one statement");
        dk_hint(err, "run them one by one");
        goto done;
    }
    (void)db_model(base, &model, NULL);
    cast = db_compare_as_text(text, model);
    if (cast != NULL && sqlite3_prepare_v2(db->handle, cast, -1, &second, NULL) == SQLITE_OK) {
        sqlite3_finalize(handle);
        handle = second;
        second = NULL;
    }
    statement = dk_alloc_zeroed(1, sizeof *statement);
    statement->base.driver = &sqlite_driver;
    statement->db = db;
    statement->handle = handle;
    statement->columns = sqlite3_column_count(handle);
    find_periods(statement, model, text);
    *out = &statement->base;
    handle = NULL;
    status = DK_OK;
done:
    sqlite3_finalize(handle);
    sqlite3_finalize(second);
    free(cast);
    free(text);
    return status;
}

static void finish(struct db_statement *statement)
{
    sqlite3_finalize(statement_of(statement));
    db_free_periods(&((struct sqlite_statement *)statement)->periods);
    free(statement);
}

static int parameter_count(const struct db_statement *statement)
{
    return sqlite3_bind_parameter_count(statement_of(statement));
}

static const char *parameter_name(const struct db_statement *statement, int index)
{
    const char *name = sqlite3_bind_parameter_name(statement_of(statement), index);

    return name != NULL && name[0] != '?' ? name + 1 : NULL;
}

static dk_status bind(struct db_statement *base, int index, const struct db_value *value, bool borrowed,
                      struct dk_error *err)
{
    struct sqlite_statement *statement = (struct sqlite_statement *)base;
    sqlite3_destructor_type lifetime = borrowed ? SQLITE_STATIC : SQLITE_TRANSIENT;
    int result = SQLITE_MISUSE;
    int64_t whole;

    switch (value->type) {
    case DB_NULL: result = sqlite3_bind_null(statement->handle, index); break;
    case DB_INTEGER: result = sqlite3_bind_int64(statement->handle, index, value->integer); break;
    case DB_REAL:
        if (statement->periods.whole_years && db_whole_number(value->real, &whole))
            result = sqlite3_bind_int64(statement->handle, index, whole);
        else
            result = sqlite3_bind_double(statement->handle, index, value->real);
        break;
    case DB_TEXT:
        result = sqlite3_bind_text64(statement->handle, index, value->text.bytes, value->text.size, lifetime,
                                     SQLITE_UTF8);
        break;
    case DB_BLOB:
        result = value->text.size == 0
                     ? sqlite3_bind_zeroblob(statement->handle, index, 0)
                     : sqlite3_bind_blob64(statement->handle, index, value->text.bytes, value->text.size, lifetime);
        break;
    }
    return result == SQLITE_OK ? DK_OK : sqlite_fail(statement->db->handle, result, err);
}

static void reset(struct db_statement *statement)
{
    (void)sqlite3_reset(statement_of(statement));
}

static int column_count(const struct db_statement *statement)
{
    return ((const struct sqlite_statement *)statement)->columns;
}

static const char *column_name(const struct db_statement *statement, int column)
{
    return sqlite3_column_name(statement_of(statement), column);
}

static const char *column_table(const struct db_statement *statement, int column)
{
    return sqlite3_column_table_name(statement_of(statement), column);
}

static dk_status step(struct db_statement *base, struct db_value *values, bool *row, struct dk_error *err)
{
    struct sqlite_statement *statement = (struct sqlite_statement *)base;
    int result = sqlite3_step(statement->handle);

    *row = result == SQLITE_ROW;
    if (result == SQLITE_ROW) {
        if (values != NULL)
            for (int column = 0; column < statement->columns; column++)
                sqlite_read_value(sqlite3_column_value(statement->handle, column), &values[column]);
        for (int column = 0; values != NULL && statement->periods.column != NULL && column < statement->columns; column++)
            if (statement->periods.column[column])
                db_read_period(&values[column]);
        return DK_OK;
    }
    if (result == SQLITE_DONE)
        return DK_OK;
    sqlite_fail(statement->db->handle, result, err);
    (void)sqlite3_reset(statement->handle);
    return DK_ERROR;
}

static const char *const forms[] = {
    [DB_SQL_TABLES] =
        ("SELECT name, CASE type WHEN 'virtual' THEN 'index' ELSE type END AS kind FROM pragma_table_list "
         "WHERE type IN ('table', 'view', 'virtual') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"),
    [DB_SQL_ROW_NUMBER] = "rowid",
    [DB_SQL_TEMPORARY] = "temp",
    [DB_SQL_SEARCH] = "index",
    [DB_SQL_HAS] = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?",
};

const struct db_driver sqlite_driver = {
    .name = "SQLite",
    .capabilities = DB_FULL_TEXT | DB_DEFINE | DB_SNAPSHOT,
    .close = close_db,
    .restrict_to_data = restrict_to_data,
    .make_read_only = make_read_only,
    .on_progress = on_progress,
    .snapshot = sqlite_snapshot,
    .define = define,
    .ddl = sqlite_ddl,
    .sql = forms,
    .bulk = &sqlite_bulk,
    .run = run,
    .changes = changes,
    .prepare = prepare,
    .finish = finish,
    .parameter_count = parameter_count,
    .parameter_name = parameter_name,
    .bind = bind,
    .reset = reset,
    .column_count = column_count,
    .column_name = column_name,
    .column_table = column_table,
    .step = step,
};
