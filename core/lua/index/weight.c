/* Weights from judgements and from data, and outranking, for the Lua library. */
#include <math.h>

#include "index/correlation.h"
#include "index/weight.h"
#include "lua/index/shared.h"
#include "lua/parts.h"

/* Rows of numbers at `index`, all of `width` (found from the first), into memory of Lua (pushed). */
static double *check_rows(lua_State *L, int index, size_t *rows, size_t *width)
{
    double *values;

    luaL_checktype(L, index, LUA_TTABLE);
    *rows = (size_t)lua_rawlen(L, index);
    lua_rawgeti(L, index, 1);
    *width = lua_istable(L, -1) ? (size_t)lua_rawlen(L, -1) : 0;
    lua_pop(L, 1);
    values = scratch(L, (*rows * *width + 1) * sizeof *values);
    for (size_t i = 0; i < *rows; i++) {
        if (lua_rawgeti(L, index, (lua_Integer)i + 1) != LUA_TTABLE || (size_t)lua_rawlen(L, -1) != *width)
            raise_error(L, DK_USAGE, NULL, "row %d has another length than the first", (int)i + 1);
        for (size_t j = 0; j < *width; j++) {
            values[i * *width + j] = lua_rawgeti(L, -1, (lua_Integer)j + 1) == LUA_TNUMBER ? lua_tonumber(L, -1) : NAN;
            lua_pop(L, 1);
        }
        lua_pop(L, 1);
    }
    return values;
}

static int finish_weights(lua_State *L, enum index_flaw flaw, const double *weights, size_t k)
{
    if (flaw == INDEX_SOUND) {
        push_numbers(L, weights, k);
        return 1;
    }
    lua_pushnil(L);
    push_flaw(L, flaw);
    return 2;
}

/* ahp(rows) -> weights, eigenvalue, consistency index, consistency ratio | nil, flaw */
static int weight_ahp(lua_State *L)
{
    size_t rows, k;
    double *comparisons = check_rows(L, 1, &rows, &k), *weights = scratch(L, (k + 1) * sizeof *weights);
    struct index_ahp ahp;
    enum index_flaw flaw;

    if (rows != k)
        return raise_error(L, DK_USAGE, NULL, "comparisons need as many rows as columns, not %d and %d", (int)rows, (int)k);
    flaw = index_ahp(comparisons, k, weights, &ahp);
    if (flaw != INDEX_SOUND)
        return finish_weights(L, flaw, weights, k);
    push_numbers(L, weights, k);
    lua_pushnumber(L, ahp.eigenvalue);
    lua_pushnumber(L, ahp.consistency);
    if (isnan(ahp.ratio))
        lua_pushnil(L);
    else
        lua_pushnumber(L, ahp.ratio);
    return 4;
}

/* budget(rows) -> weights | nil, flaw; a row an expert */
static int weight_budget(lua_State *L)
{
    size_t experts, k;
    double *points = check_rows(L, 1, &experts, &k), *weights = scratch(L, (k + 1) * sizeof *weights);

    return finish_weights(L, index_budget(points, experts, k, weights), weights, k);
}

/* critic(matrix, columns, from, count), entropy(…) -> weights | nil, flaw */
static int from_columns(lua_State *L, bool critic)
{
    struct matrix *matrix = matrix_check(L, 1);
    size_t from, count, k;
    const double **columns;
    double *weights;

    matrix_range(L, matrix, 3, &from, &count);
    columns = matrix_columns(L, matrix, 2, from, count, &k);
    weights = scratch(L, (k + 1) * sizeof *weights);
    if (critic)
        return finish_weights(
            L, index_critic(columns, k, count, weights, scratch(L, index_correlation_work(count))), weights, k);
    return finish_weights(L, index_entropy(columns, k, count, weights), weights, k);
}

static int weight_critic(lua_State *L)
{
    return from_columns(L, true);
}

static int weight_entropy(lua_State *L)
{
    return from_columns(L, false);
}

void index_weight_register(lua_State *L)
{
    static const luaL_Reg functions[] = {{"ahp", weight_ahp},
                                         {"budget", weight_budget},
                                         {"critic", weight_critic},
                                         {"entropy", weight_entropy},
                                         {NULL, NULL}};

    luaL_setfuncs(L, functions, 0);
}
