/* difkit.core.index, the kernels of composite indices for the Lua library: what its files share. */
#include "lua/index/shared.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "index/eigen.h"

#define SCRATCH_TYPE "difkit.Scratch"

enum { SCRATCH_LARGE = 16 * 1024 };

static int scratch_free(lua_State *L)
{
    void **block = luaL_checkudata(L, 1, SCRATCH_TYPE);

    free(*block);
    *block = NULL;
    return 0;
}

void *scratch(lua_State *L, size_t size)
{
    void **block;

    if (size < SCRATCH_LARGE)
        return lua_newuserdatauv(L, size > 0 ? size : 1, 0);
    block = type_hold(L, SCRATCH_TYPE, sizeof *block, scratch_free);
    *block = malloc(size);
    if (*block == NULL)
        raise_error(L, DK_LIMIT, NULL, "not enough memory for %.0f MB of scratch memory", (double)size / 1e6);
    return *block;
}

void scratch_release(lua_State *L)
{
    for (int i = lua_gettop(L); i > 0; i--) {
        void **block = luaL_testudata(L, i, SCRATCH_TYPE);

        if (block == NULL)
            continue;
        free(*block);
        *block = NULL;
    }
}

void push_flaw(lua_State *L, enum index_flaw flaw)
{
    if (flaw == INDEX_SOUND)
        lua_pushnil(L);
    else
        lua_pushstring(L, index_flaw_text(flaw));
}

void push_numbers(lua_State *L, const double *values, size_t count)
{
    lua_createtable(L, (int)count, 1);
    for (size_t i = 0; i < count; i++) {
        if (isnan(values[i]))
            continue;
        lua_pushnumber(L, values[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_pushinteger(L, (lua_Integer)count);
    lua_setfield(L, -2, "n");
}

enum index_flaw push_eigen(lua_State *L, const double *matrix, size_t k)
{
    double *values = scratch(L, (2 * k * k + 2 * k + 1) * sizeof *values);
    double *vectors = values + k, *one = vectors + k * k;
    enum index_flaw flaw = index_eigen(matrix, k, values, vectors, one + k);

    if (flaw != INDEX_SOUND)
        return flaw;
    push_numbers(L, values, k);
    lua_createtable(L, (int)k, 0);
    for (size_t j = 0; j < k; j++) {
        for (size_t i = 0; i < k; i++)
            one[i] = vectors[i * k + j];
        push_numbers(L, one, k);
        lua_rawseti(L, -2, (lua_Integer)j + 1);
    }
    return INDEX_SOUND;
}

double *check_numbers(lua_State *L, int index, size_t *count)
{
    double *values;

    luaL_checktype(L, index, LUA_TTABLE);
    lua_getfield(L, index, "n");
    *count = lua_isinteger(L, -1) && lua_tointeger(L, -1) >= 0 ? (size_t)lua_tointeger(L, -1) : (size_t)lua_rawlen(L, index);
    lua_pop(L, 1);
    values = scratch(L, *count * sizeof *values);
    for (size_t i = 0; i < *count; i++) {
        values[i] = lua_rawgeti(L, index, (lua_Integer)i + 1) == LUA_TNUMBER ? lua_tonumber(L, -1) : NAN;
        lua_pop(L, 1);
    }
    return values;
}

double number_field(lua_State *L, int index, const char *name, double fallback)
{
    double value = fallback;

    if (lua_getfield(L, index, name) == LUA_TNUMBER)
        value = lua_tonumber(L, -1);
    else if (lua_type(L, -1) == LUA_TBOOLEAN)
        value = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return value;
}

int choice_field(lua_State *L, int index, const char *name, const char *const *names, int fallback)
{
    const char *given;
    int chosen = -1;

    if (lua_getfield(L, index, name) == LUA_TNIL) {
        lua_pop(L, 1);
        return fallback;
    }
    given = luaL_checkstring(L, -1);
    for (int i = 0; names[i] != NULL && chosen < 0; i++)
        if (strcmp(names[i], given) == 0)
            chosen = i;
    if (chosen < 0)
        raise_error(L, DK_USAGE, NULL, "unknown %s \"%s\"", name, given);
    lua_pop(L, 1);
    return chosen;
}
