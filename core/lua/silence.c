/* Standard output switched off and on again: core.silence(true), core.silence(false). A script that is run anew to look at
 * how it makes a page must not print a second time. */
#define _POSIX_C_SOURCE 200809L

#include "lua/binding.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static const char kept_key;

static int kept(lua_State *L)
{
    int descriptor;

    lua_rawgetp(L, LUA_REGISTRYINDEX, &kept_key);
    descriptor = lua_isinteger(L, -1) ? (int)lua_tointeger(L, -1) : -1;
    lua_pop(L, 1);
    return descriptor;
}

static int silence(lua_State *L)
{
    bool quiet = lua_toboolean(L, 1);
    int descriptor = kept(L), nothing;

    if (quiet == (descriptor >= 0))
        return 0;
    fflush(stdout);
    if (quiet) {
        descriptor = dup(STDOUT_FILENO);
        nothing = open("/dev/null", O_WRONLY);
        if (descriptor < 0 || nothing < 0)
            return raise_error(L, DK_IO, NULL, "cannot switch standard output off");
        dup2(nothing, STDOUT_FILENO);
        close(nothing);
        lua_pushinteger(L, descriptor);
    } else {
        dup2(descriptor, STDOUT_FILENO);
        close(descriptor);
        lua_pushnil(L);
    }
    lua_rawsetp(L, LUA_REGISTRYINDEX, &kept_key);
    return 0;
}

void silence_register(lua_State *L)
{
    lua_pushcfunction(L, silence);
    lua_setfield(L, -2, "silence");
}
