#include "db/sqlite/function.h"

#include <stdlib.h>

#include <sqlite3.h>

#include "base/buffer.h"

/* One call of the column interface a value, then the cheaper ones on the value: the connection is used by one thread. */
void sqlite_read_value(sqlite3_value *cell, struct db_value *value)
{
    switch (sqlite3_value_type(cell)) {
    case SQLITE_INTEGER:
        value->type = DB_INTEGER;
        value->integer = sqlite3_value_int64(cell);
        break;
    case SQLITE_FLOAT:
        value->type = DB_REAL;
        value->real = sqlite3_value_double(cell);
        break;
    case SQLITE_TEXT:
        value->type = DB_TEXT;
        value->text.bytes = (const char *)sqlite3_value_text(cell);
        value->text.size = (size_t)sqlite3_value_bytes(cell);
        break;
    case SQLITE_BLOB:
        value->type = DB_BLOB;
        value->text.bytes = sqlite3_value_blob(cell);
        value->text.size = (size_t)sqlite3_value_bytes(cell);
        if (value->text.bytes == NULL)
            value->text.bytes = "";
        break;
    default: value->type = DB_NULL; break;
    }
}

struct answer {
    struct db_answer base;
    sqlite3_context *call;
};

static void give(struct db_answer *base, const struct db_value *value)
{
    sqlite3_context *call = ((struct answer *)base)->call;

    switch (value->type) {
    case DB_NULL: sqlite3_result_null(call); break;
    case DB_INTEGER: sqlite3_result_int64(call, value->integer); break;
    case DB_REAL: sqlite3_result_double(call, value->real); break;
    case DB_TEXT:
        sqlite3_result_text64(call, value->text.bytes, value->text.size, SQLITE_TRANSIENT, SQLITE_UTF8);
        break;
    case DB_BLOB: sqlite3_result_blob64(call, value->text.bytes, value->text.size, SQLITE_TRANSIENT); break;
    }
}

static void fail(sqlite3_context *call)
{
    const struct db_function *function = sqlite3_user_data(call);
    char message[DB_FUNCTION_NAME_MAX + 32];

    sqlite3_snprintf(sizeof message, message, "the function %s failed", function->name);
    sqlite3_result_error(call, message, -1);
}

static void read_arguments(int count, sqlite3_value **cells, struct db_value *values)
{
    for (int i = 0; i < count; i++)
        sqlite_read_value(cells[i], &values[i]);
}

static void on_call(sqlite3_context *call, int count, sqlite3_value **cells)
{
    const struct db_function *function = sqlite3_user_data(call);
    struct db_value values[DB_ARGUMENTS_MAX];
    struct answer answer = {{give}, call};

    read_arguments(count, cells, values);
    if (!function->call(function->context, values, count, &answer.base))
        fail(call);
}

static void on_step(sqlite3_context *call, int count, sqlite3_value **cells)
{
    const struct db_function *function = sqlite3_user_data(call);
    struct db_value values[DB_ARGUMENTS_MAX];
    int64_t *group = sqlite3_aggregate_context(call, sizeof *group);

    if (group == NULL) {
        sqlite3_result_error_nomem(call);
        return;
    }
    read_arguments(count, cells, values);
    if (!function->step(function->context, group, values, count))
        fail(call);
}

static void on_finish(sqlite3_context *call)
{
    const struct db_function *function = sqlite3_user_data(call);
    int64_t none = 0, *group = sqlite3_aggregate_context(call, 0);
    struct answer answer = {{give}, call};

    if (!function->finish(function->context, group != NULL ? group : &none, &answer.base))
        fail(call);
}

static void release(void *context)
{
    struct db_function *function = context;

    function->release(function->context);
    free((char *)(uintptr_t)function->name); /* its own copy; the cast drops the const of the interface */
    free(function);
}

bool sqlite_has_function(sqlite3 *handle, const char *name)
{
    sqlite3_stmt *statement = NULL;
    bool found = false;

    if (sqlite3_prepare_v2(handle, "SELECT 1 FROM pragma_function_list WHERE builtin AND name = lower(?)", -1, &statement,
                           NULL) == SQLITE_OK &&
        sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC) == SQLITE_OK)
        found = sqlite3_step(statement) == SQLITE_ROW;
    sqlite3_finalize(statement);
    return found;
}

int sqlite_define(sqlite3 *handle, const struct db_function *given)
{
    struct db_function *function = dk_alloc(sizeof *function);
    /* Not for views and triggers: a database file of somebody else must not run the script's code. */
    int flags = SQLITE_UTF8 | SQLITE_DIRECTONLY | (given->deterministic ? SQLITE_DETERMINISTIC : 0);
    bool aggregate = given->step != NULL;

    *function = *given;
    function->name = dk_copy_text(given->name);
    return sqlite3_create_function_v2(handle, function->name, function->arguments, flags, function,
                                      aggregate ? NULL : on_call, aggregate ? on_step : NULL, aggregate ? on_finish : NULL,
                                      release);
}
