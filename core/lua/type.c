#include "lua/type.h"
#include "lua/parts.h"

#include <stdbool.h>
#include <string.h>

/* Makes a metatable that scripts cannot see, on top of the stack; false when there is one of that name already. */
static bool make(lua_State *L, const char *name)
{
    if (!luaL_newmetatable(L, name))
        return false;
    lua_pushstring(L, name);
    lua_setfield(L, -2, "__metatable");
    return true;
}

void type_register(lua_State *L, const char *name, const luaL_Reg *methods, const luaL_Reg *events)
{
    (void)make(L, name);
    luaL_setfuncs(L, events, 0);
    lua_newtable(L);
    luaL_setfuncs(L, methods, 0);
    lua_pushvalue(L, -1);
    lua_setfield(L, -3, "__index");
    lua_remove(L, -2);
}

void type_extend(lua_State *L, const char *name, const luaL_Reg *methods)
{
    luaL_getmetatable(L, name);
    lua_getfield(L, -1, "__index");
    luaL_setfuncs(L, methods, 0);
    lua_pop(L, 2);
}

void *type_push(lua_State *L, const char *name, size_t size, int user_values)
{
    void *value = lua_newuserdatauv(L, size, user_values);

    memset(value, 0, size);
    luaL_setmetatable(L, name);
    return value;
}

void *type_hold(lua_State *L, const char *name, size_t size, lua_CFunction release)
{
    void *value = lua_newuserdatauv(L, size, 0);

    memset(value, 0, size);
    if (make(L, name)) {
        lua_pushcfunction(L, release);
        lua_setfield(L, -2, "__gc");
    }
    lua_setmetatable(L, -2);
    return value;
}
