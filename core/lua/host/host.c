/* The host: makes the Lua state and puts the library into it. Calls of it are in call.c, their limits in limits.c. */
#include "lua/host/host.h"

#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>
#include <lualib.h>

#include "base/buffer.h"
#include "db/db.h"
#include "lua/binding.h"
#include "lua/host/access.h"
#include "lua/host/run.h"

int luaopen_difkit_core(lua_State *L);

/* Making the state -------------------------------------------------------------------------------------------------- */

/* An error outside of any call that is protected: Lua has no memory for what it was given. */
static int panic(lua_State *L)
{
    (void)L;
    dk_end_without_memory();
}

/* Takes from the standard library what library code must not fall back on, and puts the library where require finds it. */
static int prepare(lua_State *L)
{
    struct host *host = lua_touserdata(L, 1);

    host_remember(L, host);
    luaL_openlibs(L);
    lua_pushcfunction(L, error_assert);
    lua_setglobal(L, "assert");
    /* The same script gives the same result: numbers are drawn from a fixed beginning unless the script seeds anew. */
    if (luaL_dostring(L, "math.randomseed(20190902)") != LUA_OK)
        return lua_error(L);
    lua_getglobal(L, "package");
    lua_getfield(L, -1, "preload");
    lua_pushcfunction(L, luaopen_difkit_core);
    lua_setfield(L, -2, "difkit.core");
    lua_pop(L, 1);
    lua_getfield(L, -1, "searchers");
    if (!host->options.trust) {
        /* Only the library itself: a file of the current folder must not pass for a part of it. */
        lua_newtable(L);
        lua_rawgeti(L, -2, 1);
        lua_rawseti(L, -2, 1);
        lua_pushcfunction(L, library_search);
        lua_rawseti(L, -2, 2);
        lua_setfield(L, -3, "searchers");
        /* Tables are printed by the library: that counts as output of the script, too. */
        lua_pushcfunction(L, sandbox_print);
        lua_setglobal(L, "print");
        lua_pushcfunction(L, sandbox_setmetatable);
        lua_setglobal(L, "setmetatable");
        lua_getglobal(L, "string");
        lua_pushnil(L);
        lua_setfield(L, -2, "dump");
        lua_pushliteral(L, "");
        lua_getmetatable(L, -1);
        lua_pushliteral(L, "string");
        lua_setfield(L, -2, "__metatable");
    } else {
        for (lua_Integer i = luaL_len(L, -1); i >= 2; i--) {
            lua_geti(L, -1, i);
            lua_seti(L, -2, i + 1);
        }
        lua_pushcfunction(L, library_search);
        lua_seti(L, -2, 2);
        if (host->options.folder != NULL) {
            lua_getfield(L, -2, "path");
            lua_pushfstring(L, "%s/?.lua;%s/?/init.lua;%s", host->options.folder, host->options.folder,
                            lua_tostring(L, -1));
            lua_setfield(L, -4, "path");
        }
    }
    return 0;
}

struct host *host_new(const struct host_options *options)
{
    struct host *host = dk_alloc_zeroed(1, sizeof *host);

    host->options = *options;
    host->memory_left = options->trust || options->memory_limit == 0 ? SIZE_MAX / 2 : options->memory_limit;
    if (!options->trust && options->memory_limit > 0)
        db_limit_memory(options->memory_limit);
    limits_open_purse(host);
    host->state = lua_newstate(limits_allocate, host);
    if (host->state == NULL) {
        dk_purse_use(NULL);
        free(host);
        return NULL;
    }
    lua_atpanic(host->state, panic);
    lua_pushcfunction(host->state, prepare);
    lua_pushlightuserdata(host->state, host);
    if (lua_pcall(host->state, 1, 0, 0) != LUA_OK) {
        host_free(host);
        return NULL;
    }
    return host;
}

void host_free(struct host *host)
{
    if (host == NULL)
        return;
    limits_lift(host);
    lua_close(host->state);
    dk_purse_use(NULL);
    limits_end_timer(host);
    allocator_free(&host->allocator);
    for (size_t i = 0; i < host->written_count; i++)
        free(host->written[i].path);
    free(host->written);
    for (size_t i = 0; i < host->named_count; i++)
        free(host->named[i]);
    free(host->named);
    for (size_t i = 0; i < host->files_read_count; i++)
        free(host->files_read[i]);
    free(host->files_read);
    dk_buffer_free(&host->traceback);
    free(host);
}
