/* Experiments on the tree of an index for the Lua library, and how ranks hold in their runs. */
#include <math.h>
#include <string.h>

#include "index/rank.h"
#include "lua/host/run.h"
#include "lua/index/tree.h"
#include "lua/parts.h"
#include "lua/terminal/meter.h"

#define ROBUSTNESS_TYPE "difkit.IndexRobustness"

enum { ROWS_MOST = 1 << 30, CHOICES_MOST = 1 << 15, THREADS_MOST = 64, RUNS_MOST = 100000000 };

/* One variant, the matrix on top of the stack, as dense columns of its leaves; its memory is pushed. */
static const double *read_variant(lua_State *L, const struct index_experiment *experiment, size_t from, size_t number,
                                  const uint8_t **undefined)
{
    const struct matrix *matrix = matrix_check(L, -1);
    size_t leaves = experiment->tree->leaves, units = experiment->units;
    double *dense;
    uint8_t *bytes;

    if (matrix->columns < leaves || from > matrix->rows || units > matrix->rows - from)
        raise_error(L, DK_USAGE, NULL, "variant %d does not fit the tree", (int)number + 1);
    dense = scratch_of(L, leaves * units + 1, 1, sizeof *dense);
    bytes = scratch(L, leaves * units + 1);
    for (size_t q = 0; q < leaves; q++) {
        memcpy(dense + q * units, matrix->x[q] + from, units * sizeof *dense);
        undefined_cells(matrix->x[q] + from, matrix->state[q] + from, units, bytes + q * units);
    }
    *undefined = bytes;
    return dense;
}

static void read_variants(lua_State *L, int index, struct index_experiment *experiment)
{
    size_t from = count_field(L, index, "from", 1, ROWS_MOST);
    size_t count = index_variants_count(experiment);
    const double **variants;
    const uint8_t **undefined;
    int list;

    luaL_argcheck(L, from > 0, index, "rows begin at 1");
    from--;
    lua_getfield(L, index, "variants");
    luaL_checktype(L, -1, LUA_TTABLE);
    luaL_argcheck(L, (size_t)lua_rawlen(L, -1) == count && count > 0, index, "a matrix for each variant");
    list = lua_gettop(L);
    variants = scratch(L, count * sizeof *variants);
    undefined = scratch(L, count * sizeof *undefined);
    luaL_checkstack(L, (int)(3 * count) + 32, NULL);
    for (size_t i = 0; i < count; i++) {
        lua_rawgeti(L, list, (lua_Integer)i + 1);
        variants[i] = read_variant(L, experiment, from, i, &undefined[i]);
    }
    experiment->variants = variants;
    experiment->undefined = undefined;
}

static void read_rules(lua_State *L, int index, struct index_experiment *experiment)
{
    const struct index_rule **rules;
    int list;

    lua_getfield(L, index, "rules");
    luaL_checktype(L, -1, LUA_TTABLE);
    experiment->aggregations = (size_t)lua_rawlen(L, -1);
    luaL_argcheck(L, experiment->aggregations > 0, index, "at least one list of rules");
    list = lua_gettop(L);
    rules = scratch(L, experiment->aggregations * sizeof *rules);
    luaL_checkstack(L, (int)(2 * experiment->aggregations) + 32, NULL);
    for (size_t i = 0; i < experiment->aggregations; i++) {
        lua_rawgeti(L, list, (lua_Integer)i + 1);
        rules[i] = tree_read_rules(L, -1, experiment->tree->nodes);
    }
    experiment->rules = rules;
}

/* Lists of weights of all nodes, one a weighting; none: those of the tree. */
static void read_weightings(lua_State *L, int index, struct index_experiment *experiment)
{
    const double **weights;
    int list;

    if (lua_getfield(L, index, "weightings") != LUA_TTABLE)
        return;
    list = lua_gettop(L);
    experiment->weightings = (size_t)lua_rawlen(L, list);
    weights = scratch(L, (experiment->weightings + 1) * sizeof *weights);
    luaL_checkstack(L, (int)(2 * experiment->weightings) + 32, NULL);
    for (size_t i = 0; i < experiment->weightings; i++) {
        size_t given;

        lua_rawgeti(L, list, (lua_Integer)i + 1);
        weights[i] = check_numbers(L, lua_gettop(L), &given);
        luaL_argcheck(L, given == experiment->tree->nodes, index, "a weight for each node");
    }
    experiment->weights = weights;
}

static void read_nominal(lua_State *L, int index, struct index_experiment *experiment)
{
    uint32_t *nominal;
    int list;

    if (lua_getfield(L, index, "nominal") != LUA_TTABLE)
        return;
    list = lua_gettop(L);
    nominal = scratch(L, (experiment->units + 1) * sizeof *nominal);
    for (size_t u = 0; u < experiment->units; u++) {
        lua_rawgeti(L, list, (lua_Integer)u + 1);
        nominal[u] = lua_isinteger(L, -1) ? (uint32_t)lua_tointeger(L, -1) : 0;
        lua_pop(L, 1);
    }
    experiment->nominal = nominal;
}

struct index_experiment *experiment_read(lua_State *L, const struct index_tree *tree, int index, struct caller *caller)
{
    struct index_experiment *experiment = scratch(L, sizeof *experiment);
    size_t given;

    luaL_checktype(L, index, LUA_TTABLE);
    memset(experiment, 0, sizeof *experiment);
    experiment->tree = tree;
    experiment->imputations = count_field(L, index, "imputations", 1, CHOICES_MOST);
    experiment->draws = count_field(L, index, "draws", 1, CHOICES_MOST);
    experiment->treatments = count_field(L, index, "treatments", 1, CHOICES_MOST);
    experiment->normalisations = count_field(L, index, "normalisations", 1, CHOICES_MOST);
    experiment->tolerance = number_field(L, index, "tolerance", INDEX_TIE_TOLERANCE);
    experiment->drops = count_field(L, index, "drops", 0, CHOICES_MOST);
    experiment->units = count_field(L, index, "count", 0, ROWS_MOST);
    luaL_checkstack(L, 32, NULL);
    read_variants(L, index, experiment);
    read_rules(L, index, experiment);
    lua_getfield(L, index, "noise");
    experiment->noise = check_numbers(L, lua_gettop(L), &given);
    luaL_argcheck(L, given == tree->nodes, index, "noise for each node");
    luaL_checkstack(L, 32, NULL);
    read_weightings(L, index, experiment);
    read_nominal(L, index, experiment);
    lua_getfield(L, index, "functions");
    *caller = caller_at(L, lua_gettop(L));
    if (caller->functions != 0) {
        experiment->custom = caller_call;
        experiment->context = caller;
    }
    return experiment;
}

static int run_free(lua_State *L)
{
    index_run_end(lua_touserdata(L, 1));
    return 0;
}

static struct index_robustness *check_robustness(lua_State *L, int index)
{
    return luaL_checkudata(L, index, ROBUSTNESS_TYPE);
}

static int robustness_free(lua_State *L)
{
    index_robustness_free(check_robustness(L, 1));
    return 0;
}

/* tree:robustness(experiment, runs, seed, threads, pairs) -> robustness */
static int tree_robustness(lua_State *L)
{
    const struct index_tree *tree = tree_check(L, 1);
    lua_Integer runs = luaL_checkinteger(L, 3), seed = luaL_checkinteger(L, 4), threads = luaL_optinteger(L, 5, 0);
    bool pairs = lua_toboolean(L, 6);
    struct index_robustness *result;
    struct index_experiment *experiment;
    struct caller caller;
    struct pace pace;

    luaL_argcheck(L, runs > 0 && runs <= RUNS_MOST, 3, "must be 1 to 100 million");
    experiment = experiment_read(L, tree, 2, &caller);
    check_room(L, (double)runs * sizeof(double) +
                      (double)experiment->units * (double)experiment->units * (pairs ? 8 : 4) * THREADS_MOST);
    pace_start(&pace, L, "run", (uint64_t)runs);
    experiment->pace = pace_next;
    experiment->pace_context = &pace;
    result = type_push(L, ROBUSTNESS_TYPE, sizeof *result, 0);
    index_robustness_run(experiment, (size_t)runs, (uint64_t)seed, (unsigned)threads, pairs, result);
    caller_check(L, &caller);
    limits_check(L);
    return 1;
}

static size_t check_unit(lua_State *L, const struct index_robustness *result, int argument)
{
    lua_Integer unit = luaL_checkinteger(L, argument);

    luaL_argcheck(L, unit >= 1 && (size_t)unit <= result->units, argument, "no such unit");
    return (size_t)unit - 1;
}

/* robustness:nominal(unit) -> rank | nil */
static int robustness_nominal(lua_State *L)
{
    const struct index_robustness *result = check_robustness(L, 1);
    uint32_t rank = result->nominal[check_unit(L, result, 2)];

    if (rank == 0)
        return 0;
    lua_pushinteger(L, rank);
    return 1;
}

/* robustness:quantile(unit, p) -> rank | nil */
static int robustness_quantile(lua_State *L)
{
    const struct index_robustness *result = check_robustness(L, 1);
    double rank = index_rank_quantile(result, check_unit(L, result, 2), luaL_checknumber(L, 3));

    if (isnan(rank))
        return 0;
    lua_pushnumber(L, rank);
    return 1;
}

/* robustness:mean(unit) -> mean rank | nil */
static int robustness_mean(lua_State *L)
{
    const struct index_robustness *result = check_robustness(L, 1);
    const uint32_t *counts = result->histogram + check_unit(L, result, 2) * (result->units + 1);
    double sum = 0, runs = (double)(result->runs - counts[0]);

    for (size_t rank = 1; rank <= result->units; rank++)
        sum += (double)rank * counts[rank];
    if (runs == 0)
        return 0;
    lua_pushnumber(L, sum / runs);
    return 1;
}

/* robustness:runs_with(unit, rank) -> number of runs; rank 0: without a score */
static int robustness_runs_with(lua_State *L)
{
    const struct index_robustness *result = check_robustness(L, 1);
    size_t unit = check_unit(L, result, 2);
    lua_Integer rank = luaL_checkinteger(L, 3);

    luaL_argcheck(L, rank >= 0 && (size_t)rank <= result->units, 3, "no such rank");
    lua_pushinteger(L, result->histogram[unit * (result->units + 1) + (size_t)rank]);
    return 1;
}

/* robustness:wins(unit, other) -> number of runs in which unit stood before other */
static int robustness_wins(lua_State *L)
{
    const struct index_robustness *result = check_robustness(L, 1);
    size_t unit = check_unit(L, result, 2), other = check_unit(L, result, 3);

    if (result->wins == NULL)
        return 0;
    lua_pushinteger(L, result->wins[unit * result->units + other]);
    return 1;
}

/* robustness:shifts() -> list: the mean shift of ranks in each run */
static int robustness_shifts(lua_State *L)
{
    const struct index_robustness *result = check_robustness(L, 1);

    push_numbers(L, result->shift, result->runs);
    return 1;
}

/* tree:settings(experiment, settings) -> a list of scores for each setting (a list of inputs), nil for a unit without one */
static int tree_settings(lua_State *L)
{
    const struct index_tree *tree = tree_check(L, 1);
    struct index_experiment *experiment;
    struct index_run *run;
    struct caller caller;
    size_t settings, count;
    double *inputs;

    luaL_checktype(L, 3, LUA_TTABLE);
    lua_settop(L, 3);
    settings = (size_t)lua_rawlen(L, 3);
    experiment = experiment_read(L, tree, 2, &caller);
    count = index_inputs_count(experiment);
    inputs = scratch(L, settings * count * sizeof *inputs + 1);
    luaL_checkstack(L, 16, NULL);
    for (size_t s = 0; s < settings; s++) {
        luaL_argcheck(L, lua_rawgeti(L, 3, (lua_Integer)s + 1) == LUA_TTABLE && (size_t)lua_rawlen(L, -1) == count, 3,
                      "a list of as many inputs as there are");
        for (size_t i = 0; i < count; i++) {
            lua_rawgeti(L, -1, (lua_Integer)i + 1);
            inputs[s * count + i] = lua_tonumber(L, -1);
            lua_pop(L, 1);
        }
        lua_pop(L, 1);
    }
    run = type_hold(L, "difkit.IndexRun", sizeof *run, run_free);
    memset(run, 0, sizeof *run);
    index_run_start(run, experiment);
    lua_createtable(L, (int)settings, 0);
    for (size_t s = 0; s < settings; s++) {
        index_run_setting(run, inputs + s * count);
        push_numbers(L, run->score, experiment->units);
        lua_rawseti(L, -2, (lua_Integer)s + 1);
    }
    caller_check(L, &caller);
    return 1;
}

/* draw(count, seed, run) -> list of inputs: the setting of one run of a robustness experiment */
static int experiment_draw(lua_State *L)
{
    lua_Integer count = luaL_checkinteger(L, 1), seed = luaL_checkinteger(L, 2), run = luaL_checkinteger(L, 3);
    double *inputs;

    luaL_argcheck(L, count >= 0 && count <= ROWS_MOST, 1, "must not be negative");
    inputs = scratch_of(L, (size_t)count + 1, 1, sizeof *inputs);
    index_draw_setting((size_t)count, (uint64_t)seed, (uint64_t)run - 1, inputs);
    push_numbers(L, inputs, (size_t)count);
    return 1;
}

void index_robustness_register(lua_State *L)
{
    static const luaL_Reg functions[] = {{"draw", experiment_draw}, {NULL, NULL}};
    static const luaL_Reg of_tree[] = {{"robustness", tree_robustness}, {"settings", tree_settings}, {NULL, NULL}};
    static const luaL_Reg events[] = {{"__gc", robustness_free}, {NULL, NULL}};
    static const luaL_Reg methods[] = {{"nominal", robustness_nominal},
                                       {"quantile", robustness_quantile},
                                       {"mean", robustness_mean},
                                       {"runs_with", robustness_runs_with},
                                       {"wins", robustness_wins},
                                       {"shifts", robustness_shifts},
                                       {NULL, NULL}};

    luaL_setfuncs(L, functions, 0);
    type_register(L, ROBUSTNESS_TYPE, methods, events);
    type_extend(L, TREE_TYPE, of_tree);
}
