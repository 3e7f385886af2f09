/* Result: the rows of one statement, read once from front to back.
 *
 * The statement is finished when the last row was read, on break out of a for loop, by close, by the garbage collector, or
 * when the database is closed; a result used after its database was closed raises an error. */
#include <string.h>

#include "base/near.h"
#include "lua/binding.h"
#include "lua/data/data.h"
#include "lua/parts.h"

void result_close(struct result *result)
{
    db_finish(result->statement);
    result->statement = NULL;
    if (result->database == NULL)
        return;
    if (result->previous != NULL)
        result->previous->next = result->next;
    else
        result->database->first = result->next;
    if (result->next != NULL)
        result->next->previous = result->previous;
    result->database = NULL;
    result->previous = result->next = NULL;
}

struct result *check_open_result(lua_State *L, int index)
{
    struct result *result = luaL_checkudata(L, index, RESULT_TYPE);

    if (result->expired)
        raise_error(L, DK_USAGE, "read all rows before db:close()", "the database of this result was closed");
    return result;
}

void check_not_stepping(lua_State *L, const struct result *result)
{
    if (result->stepping)
        raise_error(L, DK_USAGE, "use another query", "a function that a query calls cannot read or close that query");
}

dk_status result_step(struct result *result, struct db_value *values, bool *row, struct dk_error *err)
{
    struct database *database = result->database;
    dk_status status;

    database->running++;
    result->stepping = true;
    status = db_step(result->statement, values, row, err);
    result->stepping = false;
    database->running--;
    return status;
}

bool result_advance(lua_State *L, struct result *result)
{
    struct database *database = result->database;
    struct dk_error err;
    bool row;

    if (result->statement == NULL)
        return false;
    check_not_stepping(L, result);
    if (result_step(result, result->value, &row, &err) != DK_OK) {
        result_close(result);
        raise_query(L, database, &err);
    }
    if (!row)
        result_close(result);
    return row;
}

/* Named rows ------------------------------------------------------------------------------------------------------ */

/* row.field for a field the row has not: nil for a column that is null, an error with a near miss for anything else. */
static int row_index(lua_State *L)
{
    const char *given = luaL_tolstring(L, 2, NULL);
    char hint[160] = "";
    struct dk_near near;

    lua_pushvalue(L, 2);
    if (lua_type(L, 2) == LUA_TSTRING && lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) {
        lua_pushnil(L);
        return 1;
    }
    dk_near_begin(&near, given);
    for (lua_Integer i = 1; lua_rawgeti(L, lua_upvalueindex(2), i) == LUA_TSTRING; i++) {
        (void)dk_near_try(&near, lua_tostring(L, -1));
        lua_pop(L, 1);
    }
    if (near.name[0] != '\0')
        snprintf(hint, sizeof hint, "did you mean \"%s\"?", near.name);
    return raise_error(L, DK_USAGE, hint, "a row of this result has no column \"%s\"", given);
}

/* Pushes the metatable of the result's named rows, or nil when the rows are not those of an entity (have no id). */
static void push_row_metatable(lua_State *L, struct result *result, int index)
{
    const char *entity = NULL;

    if (lua_getiuservalue(L, index, RESULT_ROW) != LUA_TNIL)
        return;
    lua_pop(L, 1);
    lua_createtable(L, 0, 4);
    lua_createtable(L, 0, result->columns);
    for (int i = 0; i < result->columns; i++) {
        const char *name = db_column_name(result->statement, i);

        lua_pushboolean(L, 1);
        lua_setfield(L, -2, name);
        if (strcmp(name, "id") == 0)
            entity = db_column_table(result->statement, i);
    }
    lua_pushvalue(L, -1);
    lua_getiuservalue(L, index, RESULT_NAMES);
    lua_pushcclosure(L, row_index, 2);
    lua_setfield(L, -3, "__index");
    lua_setfield(L, -2, "columns");
    lua_pushliteral(L, ROW_TYPE);
    lua_setfield(L, -2, "__name");
    lua_pushstring(L, entity != NULL ? entity : "row");
    lua_setfield(L, -2, "entity");
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, index, RESULT_ROW);
}

/* Pushes the current row by column name. `names` is the index of the result's names, `meta` of the rows' metatable. */
static void push_named(lua_State *L, const struct result *result, int names, int meta)
{
    lua_createtable(L, 0, result->columns);
    for (int i = 0; i < result->columns; i++) {
        if (result->value[i].type == DB_NULL)
            continue;
        lua_rawgeti(L, names, i + 1);
        push_value(L, &result->value[i]);
        lua_rawset(L, -3);
    }
    lua_pushvalue(L, meta);
    lua_setmetatable(L, -2);
}

/* result() -> next row by column name, or nil: what the generic for calls. As a metamethod it is only ever called with the
 * result itself, so that its type need not be checked once a row. */
static int result_call(lua_State *L)
{
    struct result *result = lua_touserdata(L, 1);

    lua_settop(L, 1);
    if (result->statement == NULL || !result_advance(L, result)) {
        (void)check_open_result(L, 1);
        return 0;
    }
    lua_getiuservalue(L, 1, RESULT_NAMES);
    push_row_metatable(L, result, 1);
    push_named(L, result, 2, 3);
    return 1;
}

/* result:all() -> array of rows by column name */
static int result_all(lua_State *L)
{
    struct result *result = check_open_result(L, 1);

    lua_settop(L, 1);
    lua_newtable(L);
    if (!result_advance(L, result))
        return 1;
    lua_getiuservalue(L, 1, RESULT_NAMES);
    push_row_metatable(L, result, 1);
    for (lua_Integer count = 1;; count++) {
        push_named(L, result, 3, 4);
        lua_rawseti(L, 2, count);
        if (!result_advance(L, result))
            break;
    }
    lua_settop(L, 2);
    return 1;
}

/* result:one() -> the first row by column name, or nil */
static int result_one(lua_State *L)
{
    struct result *result = check_open_result(L, 1);
    int given = result_call(L);

    result_close(result);
    return given;
}

/* result:value() -> the first column of the first row, or nil */
static int result_value(lua_State *L)
{
    struct result *result = check_open_result(L, 1);

    if (!result_advance(L, result) || result->columns == 0)
        return 0;
    push_value(L, &result->value[0]);
    result_close(result);
    return 1;
}

/* Positional rows -------------------------------------------------------------------------------------------------- */

static int next_positional(lua_State *L)
{
    struct result *result = lua_touserdata(L, lua_upvalueindex(1));

    if (result->statement == NULL || !result_advance(L, result)) {
        (void)check_open_result(L, lua_upvalueindex(1));
        return 0;
    }
    lua_createtable(L, result->columns, 0);
    for (int i = 0; i < result->columns; i++) {
        if (result->value[i].type == DB_NULL)
            continue;
        push_value(L, &result->value[i]);
        lua_rawseti(L, -2, i + 1);
    }
    return 1;
}

/* result:rows() -> iterator of rows as arrays in the order of the columns; a null leaves a hole */
static int result_rows(lua_State *L)
{
    (void)check_open_result(L, 1);
    lua_pushvalue(L, 1);
    lua_pushcclosure(L, next_positional, 1);
    lua_pushnil(L);
    lua_pushnil(L);
    lua_pushvalue(L, 1);
    return 4;
}

/* result:names() -> array of the column names */
static int result_names(lua_State *L)
{
    struct result *result = luaL_checkudata(L, 1, RESULT_TYPE);

    lua_getiuservalue(L, 1, RESULT_NAMES);
    lua_createtable(L, result->columns, 0);
    for (int i = 1; i <= result->columns; i++) {
        lua_rawgeti(L, -2, i);
        lua_rawseti(L, -2, i);
    }
    return 1;
}

static int result_finish(lua_State *L)
{
    struct result *result = luaL_checkudata(L, 1, RESULT_TYPE);

    check_not_stepping(L, result);
    result_close(result);
    return 0;
}

static int result_tostring(lua_State *L)
{
    const struct result *result = luaL_checkudata(L, 1, RESULT_TYPE);

    lua_pushfstring(L, "difkit.Result (%d columns%s)", result->columns, result->statement == NULL ? ", closed" : "");
    return 1;
}

void result_register(lua_State *L)
{
    static const luaL_Reg methods[] = {{"rows", result_rows},   {"all", result_all},     {"one", result_one},
                                       {"value", result_value}, {"names", result_names}, {"close", result_finish},
                                       {NULL, NULL}};
    static const luaL_Reg events[] = {{"__call", result_call},
                                      {"__gc", result_finish},
                                      {"__close", result_finish},
                                      {"__tostring", result_tostring},
                                      {NULL, NULL}};

    type_register(L, RESULT_TYPE, methods, events);
    lua_setfield(L, -2, "result");
}
