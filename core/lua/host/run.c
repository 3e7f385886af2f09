/* The host: makes the Lua state and puts the library into it. Calls of it are in call.c, their limits in limits.c. */
#include "lua/host/host.h"

#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>
#include <lualib.h>

#include "lua/binding.h"
#include "lua/host/run.h"

static const char host_key;

int luaopen_difkit_core(lua_State *L);

struct host *host_of(lua_State *L)
{
    struct host *host;

    lua_rawgetp(L, LUA_REGISTRYINDEX, &host_key);
    host = lua_touserdata(L, -1);
    lua_pop(L, 1);
    return host;
}

struct host_options host_defaults(void)
{
    return (struct host_options){
        .memory_limit = (size_t)1 << 30, .time_limit = 120, .output_limit = (size_t)256 << 20};
}

/* Files written ---------------------------------------------------------------------------------------------------- */

void host_note_written(struct host *host, const char *path, size_t size)
{
    host->written = dk_realloc(host->written, (host->written_count + 1) * sizeof *host->written);
    host->written[host->written_count].path = dk_copy_text(path);
    host->written[host->written_count].size = size;
    host->written_count++;
}

size_t host_written_count(const struct host *host)
{
    return host->written_count;
}

struct host_written host_written(const struct host *host, size_t index)
{
    return (struct host_written){host->written[index].path, host->written[index].size};
}

/* Scripts ---------------------------------------------------------------------------------------------------------- */

/* core.run_chunk(source, name, …) -> what the chunk returns. `name` is the chunk's: "@path" or "@stock:NAME". The chunk runs
 * in the environment of scripts, and is given the further arguments. */
static int run_chunk(lua_State *L)
{
    struct host *host = host_of(L);
    size_t size;
    const char *source = luaL_checklstring(L, 1, &size);
    const char *name = luaL_checkstring(L, 2);

    if (luaL_loadbufferx(L, source, size, name, "t") != LUA_OK)
        return lua_error(L);
    if (host != NULL)
        host->running = true;
    if (host != NULL && !host->options.trust) {
        sandbox_push(L, host);
        lua_setupvalue(L, -2, 1);
    }
    lua_replace(L, 2);
    lua_remove(L, 1);
    lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
    return lua_gettop(L);
}

void host_register(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"run_chunk", run_chunk}, {NULL, NULL}};
    const struct host *host = host_of(L);

    luaL_setfuncs(L, functions, 0);
    lua_newtable(L);
    if (host != NULL) {
        for (size_t i = 0; i < host->options.overlay_count; i++) {
            lua_pushstring(L, host->options.overlay[i]);
            lua_rawseti(L, -2, (lua_Integer)i + 1);
        }
        if (host->options.database != NULL) {
            lua_pushstring(L, host->options.database);
            lua_setfield(L, -3, "default_database");
        }
    }
    lua_setfield(L, -2, "overlay");
}

/* Making the state -------------------------------------------------------------------------------------------------- */

/* Takes from the standard library what library code must not fall back on, and puts the library where require finds it. */
static int prepare(lua_State *L)
{
    struct host *host = lua_touserdata(L, 1);

    lua_pushlightuserdata(L, host);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &host_key);
    luaL_openlibs(L);
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
    host->state = lua_newstate(limits_allocate, host);
    if (host->state == NULL) {
        free(host);
        return NULL;
    }
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
    limits_end_timer(host);
    allocator_free(&host->allocator);
    for (size_t i = 0; i < host->written_count; i++)
        free(host->written[i].path);
    free(host->written);
    for (size_t i = 0; i < host->named_count; i++)
        free(host->named[i]);
    free(host->named);
    dk_buffer_free(&host->traceback);
    dk_buffer_free(&host->typed);
    free(host);
}

lua_State *host_state(struct host *host)
{
    return host->state;
}
