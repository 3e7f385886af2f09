/* Database: an open database as a Lua value. Its results are kept in a list, so that closing it closes them first. */
#include <string.h>

#include "base/near.h"
#include "embed/archive.h"
#include "load/load.h"
#include "lua/binding.h"

/* Values and parameters ------------------------------------------------------------------------------------------ */

/* Reads the Lua value at `index` into `value`; text stays owned by Lua. False when SQL has no such type. */
static bool read_value(lua_State *L, int index, struct db_value *value)
{
    switch (lua_type(L, index)) {
    case LUA_TNIL: value->type = DB_NULL; return true;
    case LUA_TBOOLEAN:
        value->type = DB_INTEGER;
        value->integer = lua_toboolean(L, index);
        return true;
    case LUA_TNUMBER:
        if (lua_isinteger(L, index)) {
            value->type = DB_INTEGER;
            value->integer = lua_tointeger(L, index);
        } else {
            value->type = DB_REAL;
            value->real = lua_tonumber(L, index);
        }
        return true;
    case LUA_TSTRING:
        value->type = DB_TEXT;
        value->text.bytes = lua_tolstring(L, index, &value->text.size);
        return true;
    default: return false;
    }
}

static void bind_one(lua_State *L, struct db_statement *statement, int parameter, int index, const char *call)
{
    struct db_value value;
    struct dk_error err;

    if (!read_value(L, index, &value))
        raise_error(L, DK_USAGE, "give text, a number, true, false or nil", "%s: parameter %d is a %s", call, parameter,
                    luaL_typename(L, index));
    if (db_bind(statement, parameter, &value, false, &err) != DK_OK)
        raise_status(L, &err);
}

/* Binds {name = value, …}: every parameter of the statement has to have a name; every name has to be a parameter. */
static void bind_named(lua_State *L, struct db_statement *statement, int table, const char *call)
{
    int count = db_parameter_count(statement);

    for (int i = 1; i <= count; i++) {
        const char *name = db_parameter_name(statement, i);

        if (name == NULL)
            raise_error(L, DK_USAGE, "write :name for each name of the table, or give the values one by one",
                        "%s: parameter %d of the SQL has no name", call, i);
        lua_getfield(L, table, name);
        bind_one(L, statement, i, lua_gettop(L), call);
        lua_pop(L, 1);
    }
    lua_pushnil(L);
    while (lua_next(L, table) != 0) {
        const char *name = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : NULL;

        if (name == NULL)
            raise_error(L, DK_USAGE, NULL, "%s: the table of parameters mixes names and positions", call);
        if (db_parameter_index(statement, name) == 0) {
            const char *nearest = NULL;
            char hint[128] = "";

            for (int i = 1; i <= count && nearest == NULL; i++) {
                const char *known = db_parameter_name(statement, i);

                if (known != NULL)
                    nearest = dk_nearest(name, &known, 1);
            }
            if (nearest != NULL)
                snprintf(hint, sizeof hint, "did you mean \"%s\"?", nearest);
            raise_error(L, DK_USAGE, hint, "%s: the SQL has no parameter :%s", call, name);
        }
        lua_pop(L, 1);
    }
}

/* Binds what stands on the stack after the SQL text (from `first` on). */
static void bind_parameters(lua_State *L, struct db_statement *statement, int first, const char *call)
{
    int wanted = db_parameter_count(statement);
    int given = lua_gettop(L) - first + 1;

    if (given == 1 && lua_istable(L, first)) {
        given = (int)luaL_len(L, first);
        if (given == 0 && wanted > 0) {
            bind_named(L, statement, first, call);
            return;
        }
        lua_pushnil(L);
        if (given == 0 && lua_next(L, first) != 0) {
            lua_pop(L, 2);
            bind_named(L, statement, first, call);
            return;
        }
        if (given != wanted)
            raise_error(L, DK_USAGE, NULL, "%s: the SQL has %d parameters, %d values were given", call, wanted, given);
        for (int i = 1; i <= wanted; i++) {
            lua_geti(L, first, i);
            bind_one(L, statement, i, lua_gettop(L), call);
            lua_pop(L, 1);
        }
        return;
    }
    if (given != wanted)
        raise_error(L, DK_USAGE, wanted > given ? "give one value for each ? of the SQL" : NULL,
                    "%s: the SQL has %d parameters, %d values were given", call, wanted, given);
    for (int i = 1; i <= wanted; i++)
        bind_one(L, statement, i, first + i - 1, call);
}

/* Near misses for "no such column: documnet" and "no such table: actoin" ------------------------------------------- */

/* Finds in the database's own catalogue a name near the one an error complains of, and makes it the hint. */
static void hint_name(struct db *db, struct dk_error *err)
{
    static const char *const kinds[][2] = {
        {"no such column: ", "SELECT DISTINCT c.name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c "
                             "WHERE t.type IN ('table', 'view')"},
        {"no such table: ", "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')"},
    };
    struct db_statement *statement = NULL;
    struct db_value value;
    char given[64], name[64];
    size_t best = SIZE_MAX;
    bool row;

    for (size_t kind = 0; kind < 2; kind++) {
        size_t skip = strlen(kinds[kind][0]);
        const char *last;

        if (strncmp(err->message, kinds[kind][0], skip) != 0)
            continue;
        snprintf(given, sizeof given, "%.*s", (int)strcspn(err->message + skip, " ("), err->message + skip);
        last = strrchr(given, '.');
        if (last != NULL)
            memmove(given, last + 1, strlen(last));
        if (db_prepare(db, kinds[kind][1], strlen(kinds[kind][1]), &statement, NULL) != DK_OK)
            return;
        while (db_step(statement, &value, &row, NULL) == DK_OK && row) {
            const char *known = name;
            size_t distance;

            snprintf(name, sizeof name, "%.*s", (int)value.text.size, value.text.bytes);
            distance = dk_name_distance(given, name);
            if (distance < best && dk_nearest(given, &known, 1) != NULL) {
                best = distance;
                dk_hint(err, "did you mean \"%s\"?", name);
            }
        }
        db_finish(statement);
        return;
    }
}

/* Database ------------------------------------------------------------------------------------------------------- */

struct database *check_database(lua_State *L, int index)
{
    struct database *database = luaL_checkudata(L, index, DATABASE_TYPE);

    if (database->db == NULL)
        raise_error(L, DK_USAGE, "open it again with difkit.open", "the database is closed");
    return database;
}

static int database_close(lua_State *L)
{
    struct database *database = luaL_checkudata(L, 1, DATABASE_TYPE);

    while (database->first != NULL) {
        database->first->expired = true;
        result_close(database->first);
    }
    db_close(database->db);
    database->db = NULL;
    return 0;
}

static int database_tostring(lua_State *L)
{
    struct database *database = luaL_checkudata(L, 1, DATABASE_TYPE);

    if (database->db == NULL)
        lua_pushliteral(L, "difkit.Database (closed)");
    else
        lua_pushfstring(L, "difkit.Database (%s)", db_path(database->db));
    return 1;
}

static int database_path(lua_State *L)
{
    lua_pushstring(L, db_path(check_database(L, 1)->db));
    return 1;
}

static int database_writable(lua_State *L)
{
    lua_pushboolean(L, db_writable(check_database(L, 1)->db));
    return 1;
}

/* Makes room for the columns of a row and notes their names; both are kept as user values of the result. */
static void prepare_columns(lua_State *L, struct result *result, int index)
{
    result->columns = db_column_count(result->statement);
    result->value = lua_newuserdatauv(L, (size_t)(result->columns + 1) * sizeof *result->value, 0);
    lua_setiuservalue(L, index, RESULT_VALUES);
    lua_createtable(L, result->columns, 0);
    for (int i = 0; i < result->columns; i++) {
        lua_pushstring(L, db_column_name(result->statement, i));
        lua_rawseti(L, -2, i + 1);
    }
    lua_setiuservalue(L, index, RESULT_NAMES);
}

/* Pushes a result without a statement that belongs to the database at index 1. */
static struct result *push_result(lua_State *L, struct database *database)
{
    struct result *result = lua_newuserdatauv(L, sizeof *result, RESULT_USER_VALUES);

    memset(result, 0, sizeof *result);
    luaL_setmetatable(L, RESULT_TYPE);
    lua_pushvalue(L, 1);
    lua_setiuservalue(L, -2, RESULT_DATABASE);
    result->database = database;
    result->next = database->first;
    if (result->next != NULL)
        result->next->previous = result;
    database->first = result;
    return result;
}

static void prepare_statement(lua_State *L, struct database *database, struct result *result)
{
    struct dk_error err;
    size_t size;
    const char *sql = luaL_checklstring(L, 2, &size);

    if (db_prepare(database->db, sql, size, &result->statement, &err) != DK_OK) {
        result_close(result);
        hint_name(database->db, &err);
        raise_status(L, &err);
    }
}

/* db:query(sql, …) -> result, and what the generic for wants so that it is closed on break */
static int database_query(lua_State *L)
{
    struct database *database = check_database(L, 1);
    struct result *result;

    luaL_checkstring(L, 2);
    result = push_result(L, database);
    lua_insert(L, 3); /* database, SQL, result, parameters */
    prepare_statement(L, database, result);
    prepare_columns(L, result, 3);
    bind_parameters(L, result->statement, 4, "db:query");
    lua_settop(L, 3);
    lua_pushnil(L);
    lua_pushnil(L);
    lua_pushvalue(L, 3);
    return 4;
}

/* db:exec(sql, …) -> rows changed. Without parameters the SQL may hold several statements. */
static int database_exec(lua_State *L)
{
    struct database *database = check_database(L, 1);
    struct result *result;
    struct dk_error err;
    bool row = true;

    luaL_checkstring(L, 2);
    if (lua_gettop(L) == 2) {
        if (db_run(database->db, lua_tostring(L, 2), &err) != DK_OK) {
            hint_name(database->db, &err);
            return raise_status(L, &err);
        }
    } else {
        result = push_result(L, database);
        lua_insert(L, 3);
        prepare_statement(L, database, result);
        bind_parameters(L, result->statement, 4, "db:exec");
        while (row)
            if (db_step(result->statement, NULL, &row, &err) != DK_OK) {
                result_close(result);
                return raise_status(L, &err);
            }
        result_close(result);
    }
    lua_pushinteger(L, db_changes(database->db));
    return 1;
}

/* Opening -------------------------------------------------------------------------------------------------------- */

/* Pushes a Database without a database; fill it and return it. */
static struct database *push_database(lua_State *L)
{
    struct database *database = lua_newuserdatauv(L, sizeof *database, 0);

    memset(database, 0, sizeof *database);
    luaL_setmetatable(L, DATABASE_TYPE);
    return database;
}

static int finish_open(lua_State *L, struct database *database, dk_status status, struct dk_error *err)
{
    if (status == DK_OK)
        status = host_prepare_database(L, database->db, err);
    return status == DK_OK ? 1 : push_condition(L, err);
}

/* core.open_bundled(writable) -> Database */
static int core_open_bundled(lua_State *L)
{
    bool writable = lua_toboolean(L, 1);
    const struct embed_file *image = embed_find("bundled.db");
    struct database *database = push_database(L);
    struct dk_error err;

    if (image == NULL)
        return finish_open(L, database, dk_fail(&err, DK_IO, "no data is bundled with this build of difkit"), &err);
    return finish_open(L, database, db_open_image(image->bytes, image->size, writable, &database->db, &err), &err);
}

/* core.open_file(path, writable) -> Database | nil, message, code */
static int core_open_file(lua_State *L)
{
    const char *path = luaL_checkstring(L, 1);
    bool writable = lua_toboolean(L, 2);
    struct database *database;
    struct dk_error err;

    if (files_resolve_read(L, path, &err) != DK_OK)
        return push_condition(L, &err);
    database = push_database(L);
    return finish_open(L, database,
                       db_open(lua_tostring(L, -2), writable ? DB_WRITE : DB_READ, &database->db, &err), &err);
}

/* The paths of a load, and what it found: held by a userdata since Lua may raise in between. */
struct loading {
    const char **path;
    struct load_source source;
    struct load_report report;
};

static int loading_free(lua_State *L)
{
    struct loading *loading = lua_touserdata(L, 1);

    load_report_free(&loading->report);
    return 0;
}

/* Reads the array of paths at index 1; the paths, as this run may read them, are kept in a table below the userdata. */
static dk_status push_loading(lua_State *L, struct loading **out, struct dk_error *err)
{
    struct loading *loading;
    lua_Integer count;

    luaL_checktype(L, 1, LUA_TTABLE);
    count = luaL_len(L, 1);
    lua_createtable(L, (int)count, 0);
    loading = lua_newuserdatauv(L, sizeof *loading, 1);
    memset(loading, 0, sizeof *loading);
    if (luaL_newmetatable(L, "difkit.Loading")) {
        lua_pushcfunction(L, loading_free);
        lua_setfield(L, -2, "__gc");
    }
    lua_setmetatable(L, -2);
    loading->path = lua_newuserdatauv(L, (size_t)(count + 1) * sizeof *loading->path, 0);
    lua_setiuservalue(L, -2, 1);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_geti(L, 1, i);
        if (lua_type(L, -1) != LUA_TSTRING)
            raise_error(L, DK_USAGE, "give a list of paths", "path %d is a %s", (int)i, luaL_typename(L, -1));
        if (lua_tostring(L, -1)[0] == '@')
            lua_pushvalue(L, -1);
        else if (files_resolve_read(L, lua_tostring(L, -1), err) != DK_OK)
            return DK_ERROR;
        loading->path[i - 1] = lua_tostring(L, -1);
        lua_rawseti(L, -4, i);
        lua_pop(L, 1);
    }
    loading->source.path = loading->path;
    loading->source.count = (size_t)count;
    *out = loading;
    return DK_OK;
}

/* Pushes an array of {message, hint, file, line, column, text}, with `total` beside. */
static void push_findings(lua_State *L, const struct load_report *report)
{
    char text[2048];

    lua_createtable(L, (int)report->count, 1);
    lua_pushinteger(L, (lua_Integer)report->total);
    lua_setfield(L, -2, "total");
    for (size_t i = 0; i < report->count; i++) {
        const struct dk_error *finding = &report->finding[i];

        lua_createtable(L, 0, 6);
        lua_pushstring(L, finding->message);
        lua_setfield(L, -2, "message");
        lua_pushstring(L, finding->hint);
        lua_setfield(L, -2, "hint");
        lua_pushstring(L, finding->file);
        lua_setfield(L, -2, "file");
        lua_pushinteger(L, finding->line);
        lua_setfield(L, -2, "line");
        lua_pushinteger(L, finding->column);
        lua_setfield(L, -2, "column");
        dk_error_text(finding, text, sizeof text);
        lua_pushstring(L, text);
        lua_setfield(L, -2, "text");
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

/* Pushes nil, message, code, findings; the message is the first finding when there are any. */
static int push_load_failure(lua_State *L, const struct load_report *report, const struct dk_error *err)
{
    char text[2048];

    if (report->count == 0)
        return push_condition(L, err);
    dk_error_text(&report->finding[0], text, sizeof text);
    lua_pushnil(L);
    if (report->total > 1)
        lua_pushfstring(L, "%s (and %d more)", text, (int)report->total - 1);
    else
        lua_pushstring(L, text);
    lua_pushstring(L, dk_code_name(DK_DATA));
    push_findings(L, report);
    return 4;
}

/* core.load(paths, writable) -> Database in memory | nil, message, code, findings */
static int core_load(lua_State *L)
{
    struct loading *loading;
    struct database *database;
    struct dk_error err;

    if (push_loading(L, &loading, &err) != DK_OK)
        return push_condition(L, &err);
    database = push_database(L);
    if (db_open(":memory:", DB_CREATE, &database->db, &err) != DK_OK ||
        load_into(database->db, &loading->source, &loading->report, &err) != DK_OK)
        return push_load_failure(L, &loading->report, &err);
    if (!lua_toboolean(L, 2) && db_run(database->db, "PRAGMA query_only = ON", &err) != DK_OK)
        return push_condition(L, &err);
    return finish_open(L, database, DK_OK, &err);
}

/* core.load_file(paths, target) -> true | nil, message, code, findings */
static int core_load_file(lua_State *L)
{
    const char *target = luaL_checkstring(L, 2);
    struct loading *loading;
    struct dk_error err;

    if (push_loading(L, &loading, &err) != DK_OK || files_resolve_write(L, target, &err) != DK_OK)
        return push_condition(L, &err);
    if (load_to_file(lua_tostring(L, -1), &loading->source, &loading->report, &err) != DK_OK)
        return push_load_failure(L, &loading->report, &err);
    lua_pushboolean(L, 1);
    return 1;
}

/* core.check(paths) -> true | nil, message, code, findings */
static int core_check(lua_State *L)
{
    struct loading *loading;
    struct dk_error err;

    if (push_loading(L, &loading, &err) != DK_OK)
        return push_condition(L, &err);
    if (load_check(&loading->source, &loading->report, &err) != DK_OK)
        return push_load_failure(L, &loading->report, &err);
    lua_pushboolean(L, 1);
    return 1;
}

void database_register(lua_State *L)
{
    static const luaL_Reg methods[] = {{"query", database_query},   {"exec", database_exec},
                                       {"close", database_close},   {"path", database_path},
                                       {"writable", database_writable}, {NULL, NULL}};
    static const luaL_Reg events[] = {
        {"__gc", database_close}, {"__close", database_close}, {"__tostring", database_tostring}, {NULL, NULL}};
    static const luaL_Reg functions[] = {{"open_bundled", core_open_bundled}, {"open_file", core_open_file},
                                         {"load", core_load},                 {"load_file", core_load_file},
                                         {"check", core_check},               {NULL, NULL}};

    luaL_setfuncs(L, functions, 0);
    luaL_newmetatable(L, DATABASE_TYPE);
    luaL_setfuncs(L, events, 0);
    lua_pushliteral(L, DATABASE_TYPE);
    lua_setfield(L, -2, "__metatable");
    luaL_newlib(L, methods);
    lua_pushvalue(L, -1);
    lua_setfield(L, -4, "database");
    lua_setfield(L, -2, "__index");
    lua_pop(L, 1);
}
