/* core.observe(function(kind, …) | nil): lets a watcher look on. `kind` is what happened:
 *   asked     result, database, SQL, values…
 *   written   path, text */
#include "lua/observe.h"

#include <lauxlib.h>

#include "lua/binding.h"
#include "lua/parts.h"

static const char observer_key;

void observe(lua_State *L, const char *kind, int first, int count)
{
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &observer_key) != LUA_TFUNCTION) {
        lua_pop(L, 1);
        return;
    }
    luaL_checkstack(L, count + 1, "too many values in a query");
    lua_pushstring(L, kind);
    for (int i = 0; i < count; i++)
        lua_pushvalue(L, first + i);
    lua_call(L, count + 1, 0);
}

static int observe_begin(lua_State *L)
{
    if (!lua_isnoneornil(L, 1))
        luaL_checktype(L, 1, LUA_TFUNCTION);
    lua_settop(L, 1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &observer_key);
    return 0;
}

void observe_register(lua_State *L)
{
    lua_pushcfunction(L, observe_begin);
    lua_setfield(L, -2, "observe");
}
