/* What goes wrong in a query, raised again when its statement is over: an error must not jump over the frames of the
 * database. */
#include "lua/data/raise.h"

#include <string.h>

static const char places_key;

void remember_places(lua_State *L, const struct database *database)
{
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &places_key) != LUA_TTABLE) {
        lua_pop(L, 1);
        lua_newtable(L);
        lua_createtable(L, 0, 1);
        lua_pushliteral(L, "v");
        lua_setfield(L, -2, "__mode");
        lua_setmetatable(L, -2);
        lua_pushvalue(L, -1);
        lua_rawsetp(L, LUA_REGISTRYINDEX, &places_key);
    }
    lua_pushvalue(L, -2);
    lua_rawsetp(L, -2, database);
    lua_pop(L, 1);
}

void push_places(lua_State *L, const struct database *database)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &places_key);
    lua_rawgetp(L, -1, database);
    lua_remove(L, -2);
}

/* Adds to the message of the error value on top of the stack in which function it was raised, the innermost. */
static void name_function(lua_State *L, const char *name)
{
    const char *message;

    if (!lua_istable(L, -1))
        return;
    lua_pushliteral(L, "message");
    if (lua_rawget(L, -2) == LUA_TSTRING) {
        message = lua_tostring(L, -1);
        if (strstr(message, "the SQL function ") == NULL) {
            lua_pushliteral(L, "message");
            lua_pushfstring(L, "%s (in the SQL function %s)", message, name);
            lua_rawset(L, -4);
        }
    }
    lua_pop(L, 1);
}

int raise_query(lua_State *L, struct database *database, const struct dk_error *err)
{
    const char *name = database->failed;

    if (name == NULL)
        return raise_status(L, err);
    database->failed = NULL;
    push_places(L, database);
    lua_rawgeti(L, -1, RAISED);
    lua_pushboolean(L, false);
    lua_rawseti(L, -3, RAISED);
    name_function(L, name);
    return lua_error(L);
}
