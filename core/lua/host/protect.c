/* xpcall and coroutines of scripts, which must not go on for longer than a moment once a limit was passed: what runs
 * within the hook that raised the limit's error, a message handler or a __close of a coroutine that died of it, is
 * looked at by no hook. So handlers that are written in Lua are not asked about that error, and no coroutine is resumed
 * or closed behind it. */
#include <lauxlib.h>

#include "lua/host/access.h"
#include "lua/host/run.h"

/* The message handler; upvalue 1 is the script's. */
static int handle(lua_State *L)
{
    if (limits_tripped(host_of(L)))
        return 1;
    lua_settop(L, 1);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, 1, 1);
    return 1;
}

static int finish(lua_State *L, int status, lua_KContext context)
{
    (void)status;
    (void)context;
    return lua_gettop(L);
}

/* Upvalue 1 is the standard function. */
int sandbox_xpcall(lua_State *L)
{
    luaL_checktype(L, 2, LUA_TFUNCTION);
    if (!lua_iscfunction(L, 2)) {
        lua_pushvalue(L, 2);
        lua_pushcclosure(L, handle, 1);
        lua_replace(L, 2);
    }
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_callk(L, lua_gettop(L) - 1, LUA_MULTRET, 0, finish);
    return finish(L, LUA_OK, 0);
}

/* Coroutines --------------------------------------------------------------------------------------------------------- */

/* Resumes with the `count` values on top of L, which it takes. Gives how many values are there instead, or -1 for an error
 * value. */
static int resume(lua_State *L, lua_State *thread, int count)
{
    int results;

    limits_end(L);
    if (!lua_checkstack(thread, count)) {
        lua_pushliteral(L, "too many arguments to resume");
        return -1;
    }
    lua_xmove(L, thread, count);
    count = lua_resume(thread, L, count, &results);
    if (count != LUA_OK && count != LUA_YIELD) {
        if (lua_checkstack(thread, 1))
            lua_pushvalue(thread, -1); /* it keeps one for coroutine.close() */
        lua_xmove(thread, L, 1);
        return -1;
    }
    if (!lua_checkstack(L, results + 1)) {
        lua_pop(thread, results);
        lua_pushliteral(L, "too many results to resume");
        return -1;
    }
    lua_xmove(thread, L, results);
    return results;
}

static lua_State *check_thread(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTHREAD);
    return lua_tothread(L, 1);
}

/* coroutine.resume(thread, …) */
static int safe_resume(lua_State *L)
{
    int results = resume(L, check_thread(L), lua_gettop(L) - 1);

    lua_pushboolean(L, results >= 0);
    lua_insert(L, results >= 0 ? -results - 1 : -2);
    return results >= 0 ? results + 1 : 2;
}

/* coroutine.close(thread); upvalue 1 is the standard function */
static int safe_close(lua_State *L)
{
    limits_end(L);
    lua_settop(L, 1);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, 1, LUA_MULTRET);
    return lua_gettop(L);
}

/* The function that coroutine.wrap() gives; upvalue 1 is the thread, upvalue 2 coroutine.close(). */
static int step(lua_State *L)
{
    lua_State *thread = lua_tothread(L, lua_upvalueindex(1));
    int results = resume(L, thread, lua_gettop(L));

    if (results >= 0)
        return results;
    if (lua_status(thread) != LUA_OK && lua_status(thread) != LUA_YIELD) { /* it died of an error: what it holds is closed */
        lua_pushvalue(L, lua_upvalueindex(2));
        lua_pushvalue(L, lua_upvalueindex(1));
        lua_call(L, 1, 2);
        if (lua_toboolean(L, -2))
            lua_pop(L, 2);
    }
    if (lua_type(L, -1) == LUA_TSTRING) {
        luaL_where(L, 1);
        lua_insert(L, -2);
        lua_concat(L, 2);
    }
    return lua_error(L);
}

/* coroutine.wrap(function); upvalue 1 is coroutine.close() */
static int safe_wrap(lua_State *L)
{
    lua_State *thread;

    luaL_checktype(L, 1, LUA_TFUNCTION);
    thread = lua_newthread(L);
    lua_pushvalue(L, 1);
    lua_xmove(L, thread, 1);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_pushcclosure(L, step, 2);
    return 1;
}

void sandbox_coroutines(lua_State *L)
{
    lua_getfield(L, -1, "close");
    lua_pushcclosure(L, safe_close, 1);
    lua_pushvalue(L, -1);
    lua_setfield(L, -3, "close");
    lua_pushcclosure(L, safe_wrap, 1);
    lua_setfield(L, -2, "wrap");
    lua_pushcfunction(L, safe_resume);
    lua_setfield(L, -2, "resume");
}
