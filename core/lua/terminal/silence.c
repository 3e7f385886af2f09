/* Standard output switched off and on again: core.silence(true), core.silence(false). A script that is run to look at what
 * it makes must not print. A run that is stopped while it is off has it back when its state is closed. */
#define _POSIX_C_SOURCE 200809L

#include "lua/binding.h"
#include "lua/parts.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static const char kept_key;

/* The standard output that was there before; -1 when it is on. */
static void restore(int *kept)
{
    if (*kept < 0)
        return;
    fflush(stdout);
    dup2(*kept, STDOUT_FILENO);
    close(*kept);
    *kept = -1;
}

static int silence_end(lua_State *L)
{
    restore(lua_touserdata(L, 1));
    return 0;
}

static int silence(lua_State *L)
{
    int *kept, nothing;

    lua_rawgetp(L, LUA_REGISTRYINDEX, &kept_key);
    kept = lua_touserdata(L, -1);
    if (!lua_toboolean(L, 1)) {
        restore(kept);
        return 0;
    }
    if (*kept >= 0)
        return 0;
    fflush(stdout);
    nothing = open("/dev/null", O_WRONLY);
    *kept = nothing < 0 ? -1 : dup(STDOUT_FILENO);
    if (*kept >= 0)
        dup2(nothing, STDOUT_FILENO);
    if (nothing >= 0)
        close(nothing);
    if (*kept < 0)
        return raise_error(L, DK_IO, NULL, "cannot switch standard output off");
    return 0;
}

void silence_register(lua_State *L)
{
    int *kept = lua_newuserdatauv(L, sizeof *kept, 0);

    *kept = -1;
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, silence_end);
    lua_setfield(L, -2, "__gc");
    lua_setmetatable(L, -2);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &kept_key);
    lua_pushcfunction(L, silence);
    lua_setfield(L, -2, "silence");
}
