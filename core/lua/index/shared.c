/* difkit.core.index, the kernels of composite indices for the Lua library: what its files share. */
#include "lua/index/shared.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "index/eigen.h"
#include "lua/host/access.h"

#define SCRATCH_TYPE "difkit.Scratch"

enum { SCRATCH_LARGE = 16 * 1024 };

/* What is large, and its size, which counts as Lua's. */
struct block {
    void *bytes;
    size_t size;
};

static void let_go(lua_State *L, struct block *block)
{
    free(block->bytes);
    host_give_memory(host_of(L), block->size);
    *block = (struct block){0};
}

static int scratch_free(lua_State *L)
{
    let_go(L, luaL_checkudata(L, 1, SCRATCH_TYPE));
    return 0;
}

static int no_memory(lua_State *L, double size)
{
    return raise_error(L, DK_LIMIT, NULL, "not enough memory for %.0f MB", size / 1e6);
}

void *scratch(lua_State *L, size_t size)
{
    struct block *block;

    if (size < SCRATCH_LARGE)
        return lua_newuserdatauv(L, size > 0 ? size : 1, 0);
    block = type_hold(L, SCRATCH_TYPE, sizeof *block, scratch_free);
    if (!host_take_memory(host_of(L), size))
        no_memory(L, (double)size);
    block->size = size;
    block->bytes = malloc(size);
    if (block->bytes == NULL)
        no_memory(L, (double)size);
    return block->bytes;
}

void *scratch_of(lua_State *L, size_t rows, size_t columns, size_t size)
{
    if (columns > 0 && rows > SIZE_MAX / 4 / size / columns)
        no_memory(L, (double)rows * (double)columns * (double)size);
    return scratch(L, rows * columns * size);
}

void check_room(lua_State *L, double size)
{
    void *block =
        size < (double)(SIZE_MAX / 4) && host_has_memory(host_of(L), (size_t)size) ? malloc((size_t)size + 1) : NULL;

    if (block == NULL)
        no_memory(L, size);
    free(block);
}

void scratch_release(lua_State *L)
{
    for (int i = lua_gettop(L); i > 0; i--) {
        struct block *block = luaL_testudata(L, i, SCRATCH_TYPE);

        if (block != NULL)
            let_go(L, block);
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
    lua_pushliteral(L, "n");
    lua_rawget(L, index);
    *count = lua_isinteger(L, -1) && lua_tointeger(L, -1) >= 0 ? (size_t)lua_tointeger(L, -1) : (size_t)lua_rawlen(L, index);
    lua_pop(L, 1);
    values = scratch_of(L, *count, 1, sizeof *values);
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

size_t count_field(lua_State *L, int index, const char *name, size_t fallback, size_t most)
{
    double value = number_field(L, index, name, (double)fallback);

    if (!(value >= 0 && value <= (double)most))
        raise_error(L, DK_USAGE, NULL, "%s must be a number from 0 to %.0f", name, (double)most);
    return (size_t)value;
}

uint64_t seed_field(lua_State *L, int index, const char *name)
{
    lua_Integer seed = 1;
    int is_whole = 1;

    if (lua_getfield(L, index, name) != LUA_TNIL)
        seed = lua_tointegerx(L, -1, &is_whole);
    if (!is_whole)
        raise_error(L, DK_USAGE, NULL, "%s must be a whole number", name);
    lua_pop(L, 1);
    return (uint64_t)seed;
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
