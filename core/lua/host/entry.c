/* An interactive session, seen from the library: the environment in which the typed lines run, and calls within limits of
 * their own. What it has of its user is lua/terminal/desk.c. */
#include "lua/binding.h"
#include "lua/host/access.h"
#include "lua/host/run.h"
#include "lua/parts.h"

/* The host of an interactive session, between its entries. */
static struct host *check_interactive(lua_State *L)
{
    struct host *host = host_of(L);

    if (host == NULL || !host->options.interactive || host->in_entry)
        raise_error(L, DK_USAGE, NULL, "only `difkit repl` itself does this");
    return host;
}

/* core.entry_environment() -> the environment of scripts, or of a trusted run the globals */
static int entry_environment(lua_State *L)
{
    struct host *host = check_interactive(L);

    if (host->options.trust)
        lua_pushglobaltable(L);
    else
        sandbox_push(L, host);
    host->running = true;
    return 1;
}

/* Pushes an error value made of err. */
static void push_failure(lua_State *L, const struct dk_error *err)
{
    lua_createtable(L, 0, 4);
    lua_pushstring(L, dk_code_name(err->code));
    lua_setfield(L, -2, "code");
    lua_pushstring(L, err->message);
    lua_setfield(L, -2, "message");
    if (err->hint[0] != '\0') {
        lua_pushstring(L, err->hint);
        lua_setfield(L, -2, "hint");
    }
    luaL_setmetatable(L, ERROR_TYPE);
}

/* core.entry_call(f, …) -> true and what f returned, or false and an error value. The limits begin anew. */
static int entry_call(lua_State *L)
{
    struct host *host = check_interactive(L);
    struct dk_error err = {0};
    bool failed;
    int status;

    luaL_checktype(L, 1, LUA_TFUNCTION);
    lua_pushcfunction(L, error_handler);
    lua_insert(L, 1);
    limits_start_entry(host);
    host->in_entry = true;
    status = lua_pcall(L, lua_gettop(L) - 2, LUA_MULTRET, 1);
    host->in_entry = false;
    limits_lift(host);
    failed = limits_failure(host, &err);
    limits_end_entry(host);
    lua_pushboolean(L, status == LUA_OK);
    lua_replace(L, 1);
    if (status == LUA_OK)
        return lua_gettop(L);
    if (failed) {
        lua_settop(L, 1);
        push_failure(L, &err);
    }
    return 2;
}

void entry_register(lua_State *L)
{
    static const luaL_Reg functions[] = {{"entry_environment", entry_environment}, {"entry_call", entry_call}, {NULL, NULL}};

    luaL_setfuncs(L, functions, 0);
}
