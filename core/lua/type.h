/* Userdata types: the one way to register one, and the one way to hold what Lua has to free. */
#ifndef DIFKIT_LUA_TYPE_H
#define DIFKIT_LUA_TYPE_H

#include <lauxlib.h>
#include <lua.h>

/* Registers a type: its methods, found by value:name(), and its events ("__gc", "__tostring" …). Scripts see the name in the
 * place of the metatable and cannot change it. Leaves the table of methods on the stack. */
void type_register(lua_State *L, const char *name, const luaL_Reg *methods, const luaL_Reg *events);
/* Adds methods to a type registered elsewhere. */
void type_extend(lua_State *L, const char *name, const luaL_Reg *methods);

/* Pushes a value of a registered type, all zero; with so many user values. */
void *type_push(lua_State *L, const char *name, size_t size, int user_values);

/* Pushes a value that is held only so that `release` is called when Lua lets go of it: all zero, of a type that scripts
 * never meet, named `name`. `release` is given the value as its argument and must bear one that is still zero. */
void *type_hold(lua_State *L, const char *name, size_t size, lua_CFunction release);

#endif
