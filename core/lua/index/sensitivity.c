/* Sobol indices for the Lua library: of an experiment on the tree of an index, and of any function. */
#include <math.h>
#include <string.h>

#include "index/sensitivity.h"
#include "lua/host/run.h"
#include "lua/index/tree.h"
#include "lua/parts.h"
#include "lua/terminal/meter.h"

enum { ROWS_MOST = 1 << 30, BOOTSTRAP_MOST = 1 << 24, INPUTS_MOST = 1 << 20 };

static int sampling_free(lua_State *L)
{
    struct index_sampling **sampling = lua_touserdata(L, 1);

    index_sampling_free(*sampling);
    *sampling = NULL;
    return 0;
}

static struct index_sampling *push_sampling(lua_State *L, size_t inputs, bool quasi, uint64_t seed)
{
    struct index_sampling **sampling = type_hold(L, "difkit.IndexSampling", sizeof *sampling, sampling_free);

    *sampling = index_sampling_new(inputs, quasi, seed);
    return *sampling;
}

static void set_effect(lua_State *L, const char *name, const char *low, const char *high, const struct index_effect *effect)
{
    if (!isnan(effect->value)) {
        lua_pushnumber(L, effect->value);
        lua_setfield(L, -2, name);
    }
    if (!isnan(effect->low)) {
        lua_pushnumber(L, effect->low);
        lua_setfield(L, -2, low);
        lua_pushnumber(L, effect->high);
        lua_setfield(L, -2, high);
    }
}

struct estimation {
    size_t rows, stride, bootstrap;
    enum index_estimator first, total;
    uint64_t seed;
    double *work;
};

/* {rows, first, total, bootstrap, seed} of the table at `index`. */
static struct estimation read_estimation(lua_State *L, int index)
{
    static const char *const estimators[] = {"saltelli", "jansen", NULL};
    struct estimation how = {.rows = count_field(L, index, "rows", 1024, ROWS_MOST),
                             .bootstrap = count_field(L, index, "bootstrap", 0, BOOTSTRAP_MOST),
                             .first = (enum index_estimator)choice_field(L, index, "first", estimators, INDEX_SALTELLI),
                             .total = (enum index_estimator)choice_field(L, index, "total", estimators, INDEX_JANSEN),
                             .seed = seed_field(L, index, "seed")};

    how.work = scratch_of(L, 3 * how.bootstrap + 1, 1, sizeof *how.work);
    return how;
}

/* Pushes {first, first_low, first_high, total, total_low, total_high}; what cannot be computed is left out. */
static void push_effects(lua_State *L, const struct estimation *how, const double *y_a, const double *y_b,
                         const double *y_ab)
{
    struct index_effect first, total;

    index_sobol(y_a, y_b, y_ab, how->rows, how->stride, how->first, how->total, how->bootstrap, how->seed, how->work, &first,
                &total);
    lua_createtable(L, 0, 6);
    set_effect(L, "first", "first_low", "first_high", &first);
    set_effect(L, "total", "total_low", "total_high", &total);
}

/* tree:sensitivity(experiment, groups, number, {rows, quasi, …}, threads) -> list over outputs (the mean shift of ranks,
 * then the rank of every unit) of lists over groups, whether the sampling was quasi-random. groups: the number 1.. of every
 * input's group */
static int tree_sensitivity(lua_State *L)
{
    const struct index_tree *tree = tree_check(L, 1);
    lua_Integer groups = luaL_checkinteger(L, 4), threads = luaL_optinteger(L, 6, 0);
    struct index_experiment *experiment;
    struct index_sampling *sampling;
    struct estimation how;
    struct caller caller;
    uint32_t *group, *ranks;
    double *out;
    size_t count, outputs, sample;
    struct pace pace;
    bool quasi;

    luaL_checktype(L, 3, LUA_TTABLE);
    luaL_checktype(L, 5, LUA_TTABLE);
    luaL_argcheck(L, groups > 0 && groups <= INPUTS_MOST, 4, "at least one group, and not a million");
    lua_settop(L, 6);
    quasi = number_field(L, 5, "quasi", 1) != 0;
    how = read_estimation(L, 5);
    luaL_argcheck(L, how.rows >= 2, 5, "at least two rows");
    experiment = experiment_read(L, tree, 2, &caller);
    count = index_inputs_count(experiment);
    luaL_argcheck(L, (size_t)lua_rawlen(L, 3) == count, 3, "a group for each input");
    group = scratch(L, (count + 1) * sizeof *group);
    for (size_t i = 0; i < count; i++) {
        lua_rawgeti(L, 3, (lua_Integer)i + 1);
        group[i] = (uint32_t)lua_tointeger(L, -1) - 1;
        lua_pop(L, 1);
    }
    outputs = experiment->units + 1;
    how.stride = outputs;
    out = scratch_of(L, ((size_t)groups + 2) * how.rows, outputs, sizeof *out);
    ranks = scratch(L, outputs * sizeof *ranks);
    sampling = push_sampling(L, count, quasi, how.seed);
    index_nominal_ranks(experiment, ranks);
    pace_start(&pace, L, "row", how.rows);
    experiment->pace = pace_next;
    experiment->pace_context = &pace;
    index_sensitivity_run(experiment, sampling, how.rows, group, (size_t)groups, ranks, (unsigned)threads, out);
    caller_check(L, &caller);
    limits_check(L);
    sample = how.rows * outputs;
    lua_createtable(L, (int)outputs, 0);
    for (size_t o = 0; o < outputs; o++) {
        lua_createtable(L, (int)groups, 0);
        limits_check(L);
        for (size_t g = 0; g < (size_t)groups; g++) {
            push_effects(L, &how, out + o, out + sample + o, out + (2 + g) * sample + o);
            lua_rawseti(L, -2, (lua_Integer)g + 1);
        }
        lua_rawseti(L, -2, (lua_Integer)o + 1);
    }
    lua_pushboolean(L, index_sampling_is_quasi(sampling));
    return 2;
}

/* The function at index 1 of the inputs. */
static double call_model(lua_State *L, const double *inputs, size_t count)
{
    double result;

    lua_pushvalue(L, 1);
    push_numbers(L, inputs, count);
    lua_call(L, 1, 1);
    if (lua_type(L, -1) != LUA_TNUMBER)
        raise_error(L, DK_USAGE, NULL, "the function must give a number, not a %s", luaL_typename(L, -1));
    result = lua_tonumber(L, -1);
    lua_pop(L, 1);
    return result;
}

/* sobol(function, inputs, {rows, quasi, first, total, bootstrap, seed}) -> list over inputs of effects, whether quasi-random
 */
static int sobol(lua_State *L)
{
    lua_Integer count = luaL_checkinteger(L, 2);
    struct estimation how;
    struct index_sampling *sampling;
    struct dk_meter *meter;
    double *y, *a, *b, *mixed;
    size_t inputs;
    bool quasi;

    luaL_checktype(L, 1, LUA_TFUNCTION);
    luaL_checktype(L, 3, LUA_TTABLE);
    luaL_argcheck(L, count > 0 && count <= INPUTS_MOST, 2, "at least one input, and not a million");
    inputs = (size_t)count;
    quasi = number_field(L, 3, "quasi", 1) != 0;
    how = read_estimation(L, 3);
    luaL_argcheck(L, how.rows >= 2, 3, "at least two rows");
    how.stride = 1;
    sampling = push_sampling(L, inputs, quasi, how.seed);
    y = scratch_of(L, (inputs + 2) * how.rows + 3 * inputs, 1, sizeof *y);
    a = y + (inputs + 2) * how.rows;
    b = a + inputs;
    mixed = b + inputs;
    meter = meter_push(L, "row", how.rows);
    for (size_t row = 0; row < how.rows; row++) {
        dk_meter_tick(meter, row);
        index_sampling_row(sampling, row, a, b);
        y[row] = call_model(L, a, inputs);
        y[how.rows + row] = call_model(L, b, inputs);
        for (size_t i = 0; i < inputs; i++) {
            memcpy(mixed, a, inputs * sizeof *mixed);
            mixed[i] = b[i];
            y[(2 + i) * how.rows + row] = call_model(L, mixed, inputs);
        }
    }
    lua_createtable(L, (int)inputs, 0);
    for (size_t i = 0; i < inputs; i++) {
        push_effects(L, &how, y, y + how.rows, y + (2 + i) * how.rows);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_pushboolean(L, index_sampling_is_quasi(sampling));
    return 2;
}

void index_sensitivity_register(lua_State *L)
{
    static const luaL_Reg functions[] = {{"sobol", sobol}, {NULL, NULL}};
    static const luaL_Reg of_tree[] = {{"sensitivity", tree_sensitivity}, {NULL, NULL}};

    luaL_setfuncs(L, functions, 0);
    type_extend(L, TREE_TYPE, of_tree);
}
