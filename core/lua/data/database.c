/* Database: an open database as a Lua value. Its results are kept in a list, so that closing it closes them first. */
#include <string.h>

#include "base/near.h"
#include "lua/binding.h"
#include "lua/data/data.h"
#include "lua/observe.h"
#include "lua/parts.h"

/* Values and parameters ------------------------------------------------------------------------------------------ */

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
            char hint[128] = "";
            struct dk_near near;

            dk_near_begin(&near, name);
            for (int i = 1; i <= count; i++)
                (void)dk_near_try(&near, db_parameter_name(statement, i));
            if (near.name[0] != '\0')
                snprintf(hint, sizeof hint, "did you mean \"%s\"?", near.name);
            raise_error(L, DK_USAGE, hint, "%s: the SQL has no parameter :%s", call, name);
        }
        lua_pop(L, 1);
    }
}

static void raise_count(lua_State *L, const char *hint, const char *call, int wanted, int given)
{
    raise_error(L, DK_USAGE, hint, "%s: the SQL has %d parameter%s, %d value%s given", call, wanted, wanted == 1 ? "" : "s",
                given, given == 1 ? " was" : "s were");
}

/* Binds what stands on the stack after the SQL text (from `first` on). */
static void bind_parameters(lua_State *L, struct db_statement *statement, int first, const char *call)
{
    int wanted = db_parameter_count(statement);
    int given = lua_gettop(L) - first + 1;

    if (given == 1 && lua_istable(L, first)) {
        given = (int)lua_rawlen(L, first);
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
            raise_count(L, NULL, call, wanted, given);
        for (int i = 1; i <= wanted; i++) {
            lua_rawgeti(L, first, i);
            bind_one(L, statement, i, lua_gettop(L), call);
            lua_pop(L, 1);
        }
        return;
    }
    if (given != wanted)
        raise_count(L, wanted > given ? "give one value for each ? of the SQL" : NULL, call, wanted, given);
    for (int i = 1; i <= wanted; i++)
        bind_one(L, statement, i, first + i - 1, call);
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

    if (database->running > 0)
        return raise_error(L, DK_USAGE, "close it when the query is read",
                           "the database cannot be closed by a function that its query calls");
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
    struct result *result = type_push(L, RESULT_TYPE, sizeof *result, RESULT_USER_VALUES);

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
    lua_pushvalue(L, 3); /* result, database, SQL, parameters, as the observer takes them */
    lua_insert(L, 1);
    lua_remove(L, 4);
    observe(L, "asked", 1, lua_gettop(L));
    lua_settop(L, 1);
    lua_pushnil(L);
    lua_pushnil(L);
    lua_pushvalue(L, 1);
    return 4;
}

/* db:exec(sql, …) -> rows changed. Without parameters the SQL may hold several statements. */
static int database_exec(lua_State *L)
{
    struct database *database = check_database(L, 1);
    struct result *result;
    struct dk_error err;
    const char *sql;
    size_t size;
    bool row = true;

    sql = luaL_checklstring(L, 2, &size);
    if (strlen(sql) != size)
        return raise_error(L, DK_USAGE, "bind the value instead", "db:exec: the SQL text holds a zero byte");
    if (lua_gettop(L) == 2) {
        dk_status status;

        database->running++;
        status = db_run(database->db, sql, &err);
        database->running--;
        if (status != DK_OK)
            return raise_query(L, database, &err);
    } else {
        result = push_result(L, database);
        lua_insert(L, 3);
        prepare_statement(L, database, result);
        bind_parameters(L, result->statement, 4, "db:exec");
        while (row)
            if (result_step(result, NULL, &row, &err) != DK_OK) {
                result_close(result);
                return raise_query(L, database, &err);
            }
        result_close(result);
    }
    lua_pushinteger(L, db_changes(database->db));
    return 1;
}

/* core.sql(database, "tables" | "row number" | "temporary" | "search") -> SQL that is another for each kind of database: a
 * query for name and kind ("table", "view", "index") of what can be read; the column that numbers rows as they were stored;
 * the schema of temporary tables */
static int core_sql(lua_State *L)
{
    static const char *const names[] = {"tables", "row number", "temporary", "search", NULL};
    const struct database *database = check_database(L, 1);

    lua_pushstring(L, db_sql(database->db, (enum db_sql)luaL_checkoption(L, 2, NULL, names)));
    return 1;
}

/* core.sql_problem(message) -> "function", "name" or "other": what the database does not know; the word of the SQL
 * that the message complains of, or nil */
static int core_sql_problem(lua_State *L)
{
    static const char *const kinds[] = {"other", "function", "name"};
    char word[256];

    lua_pushstring(L, kinds[db_problem_of(luaL_checkstring(L, 1), word, sizeof word)]);
    lua_pushstring(L, word[0] != '\0' ? word : NULL);
    return 2;
}

void database_register(lua_State *L)
{
    static const luaL_Reg functions[] = {{"sql", core_sql}, {"sql_problem", core_sql_problem}, {NULL, NULL}};
    static const luaL_Reg methods[] = {{"query", database_query},   {"exec", database_exec},
                                       {"close", database_close},   {"path", database_path},
                                       {"writable", database_writable}, {NULL, NULL}};
    static const luaL_Reg events[] = {
        {"__gc", database_close}, {"__close", database_close}, {"__tostring", database_tostring}, {NULL, NULL}};

    luaL_setfuncs(L, functions, 0);
    type_register(L, DATABASE_TYPE, methods, events);
    lua_setfield(L, -2, "database");
}
