/* The tree of an index for the Lua library: evaluation, effective weights, robustness, sensitivity. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "index/rank.h"
#include "index/robustness.h"
#include "index/sensitivity.h"
#include "index/tree.h"
#include "lua/index.h"
#include "lua/meter.h"
#include "lua/policy.h"

#define TREE_TYPE "difkit.IndexTree"
#define ROBUSTNESS_TYPE "difkit.IndexRobustness"
#define SAMPLING_TYPE "difkit.IndexSampling"

static const char *const aggregations[] = {"arithmetic", "geometric", "harmonic", "generalised",      "median",   "minimum",
                                           "borda",      "copeland",  "kemeny",   "benefit_of_doubt", "function", NULL};

/* The arrays of a tree follow it in its own block. */
static struct index_tree *check_tree(lua_State *L, int index)
{
    return luaL_checkudata(L, index, TREE_TYPE);
}

/* The rule in the table at `index`: {method, power, threshold, by_weight, lower, upper}. */
static struct index_rule read_rule(lua_State *L, int index)
{
    struct index_rule rule = {
        .method = (enum index_aggregation)choice_field(L, index, "method", aggregations, INDEX_ARITHMETIC),
        .power = number_field(L, index, "power", 1),
        .threshold = number_field(L, index, "threshold", 0),
        .by_weight = number_field(L, index, "by_weight", 0) != 0,
        .lower = number_field(L, index, "lower", 0),
        .upper = number_field(L, index, "upper", 0),
    };

    return rule;
}

/* The rules of all nodes from the list at `index` (pushed). */
static struct index_rule *read_rules(lua_State *L, int index, size_t nodes)
{
    struct index_rule *rules;

    luaL_checktype(L, index, LUA_TTABLE);
    index = lua_absindex(L, index);
    rules = scratch(L, nodes * sizeof *rules);
    for (size_t i = 0; i < nodes; i++) {
        if (lua_rawgeti(L, index, (lua_Integer)i + 1) != LUA_TTABLE)
            raise_error(L, DK_USAGE, NULL, "node %d has no rule", (int)i + 1);
        rules[i] = read_rule(L, lua_gettop(L));
        lua_pop(L, 1);
    }
    return rules;
}

/* tree(nodes) -> tree; nodes in an order in which every node stands after its parent: {parent = number (0 for the first), leaf = column or
 * nil, weight = number, and for a group its rule} */
static int tree_new(lua_State *L)
{
    size_t nodes, at = 0;
    struct index_tree *tree;
    uint32_t *parent, *first, *children, *child;
    int32_t *leaf;
    double *weight;
    struct index_rule *rule;

    luaL_checktype(L, 1, LUA_TTABLE);
    nodes = (size_t)lua_rawlen(L, 1);
    luaL_argcheck(L, nodes > 0, 1, "a tree without nodes");
    tree = lua_newuserdatauv(L, sizeof *tree + nodes * (sizeof *rule + sizeof *weight + 5 * sizeof *parent), 0);
    memset(tree, 0, sizeof *tree);
    rule = (struct index_rule *)(void *)(tree + 1);
    weight = (double *)(void *)(rule + nodes);
    parent = (uint32_t *)(void *)(weight + nodes);
    first = parent + nodes;
    children = first + nodes;
    child = children + nodes;
    leaf = (int32_t *)(child + nodes);
    *tree = (struct index_tree){.nodes = nodes, .parent = parent, .leaf = leaf, .first = first, .children = children,
                                .child = child, .weight = weight, .rule = rule};
    for (size_t i = 0; i < nodes; i++) {
        double above, column;

        lua_rawgeti(L, 1, (lua_Integer)i + 1);
        luaL_checktype(L, -1, LUA_TTABLE);
        above = number_field(L, lua_gettop(L), "parent", 0);
        column = number_field(L, lua_gettop(L), "leaf", 0);
        luaL_argcheck(L, i == 0 ? above == 0 : above >= 1 && above <= (double)i, 1, "a node before its parent");
        parent[i] = i == 0 ? 0 : (uint32_t)above - 1;
        leaf[i] = column >= 1 ? (int32_t)column - 1 : -1;
        weight[i] = number_field(L, lua_gettop(L), "weight", 1);
        rule[i] = read_rule(L, lua_gettop(L));
        children[i] = 0;
        if (i > 0)
            children[parent[i]]++;
        if (leaf[i] >= 0 && (size_t)leaf[i] + 1 > tree->leaves)
            tree->leaves = (size_t)leaf[i] + 1;
        lua_pop(L, 1);
    }
    for (size_t i = 0; i < nodes; i++) {
        first[i] = (uint32_t)at;
        at += children[i];
        if (children[i] > tree->widest)
            tree->widest = children[i];
    }
    for (size_t i = nodes; i-- > 1;)
        child[first[parent[i]] + --children[parent[i]]] = (uint32_t)i;
    for (size_t i = 1; i < nodes; i++)
        children[parent[i]]++;
    luaL_setmetatable(L, TREE_TYPE);
    return 1;
}

/* Functions of the user ------------------------------------------------------------------------------------------- */

/* Calls functions[node](values, weights); the first error is kept and raised when the kernel is back. */
struct caller {
    lua_State *L;
    int functions; /* index of the table, or 0 */
    int problem;   /* index of a stack slot for the error */
    bool failed;
};

static double call_function(void *context, size_t node, const double *values, const double *weights, size_t count)
{
    struct caller *caller = context;
    lua_State *L = caller->L;
    double result = NAN;

    if (caller->failed || !lua_checkstack(L, 8))
        return NAN;
    lua_rawgeti(L, caller->functions, (lua_Integer)node + 1);
    push_numbers(L, values, count);
    push_numbers(L, weights, count);
    if (lua_pcall(L, 2, 1, 0) != LUA_OK) {
        lua_replace(L, caller->problem);
        caller->failed = true;
        return NAN;
    }
    if (lua_type(L, -1) == LUA_TNUMBER) {
        result = lua_tonumber(L, -1);
    } else if (!lua_isnil(L, -1)) {
        lua_pushfstring(L, "an aggregation must give a number or nil, not a %s", luaL_typename(L, -1));
        lua_replace(L, caller->problem);
        caller->failed = true;
    }
    lua_pop(L, 1);
    return result;
}

static struct caller caller_at(lua_State *L, int functions)
{
    struct caller caller = {.L = L, .functions = lua_istable(L, functions) ? functions : 0};

    lua_pushnil(L);
    caller.problem = lua_gettop(L);
    return caller;
}

static void check_caller(lua_State *L, const struct caller *caller)
{
    if (!caller->failed)
        return;
    lua_pushvalue(L, caller->problem);
    lua_error(L);
}

/* Evaluation ------------------------------------------------------------------------------------------------------ */

/* Why a group has no score: what its children without a value have in common, else that something was not reported. */
static uint8_t reason(const struct index_tree *tree, size_t group, double *const *columns, uint8_t *const *states, size_t u)
{
    uint8_t common = CELL_ORIGINS;

    for (uint32_t i = 0; i < tree->children[group]; i++) {
        uint32_t child = tree->child[tree->first[group] + i];
        uint8_t origin = states[child][u] & CELL_ORIGIN;

        if (!isnan(columns[child][u]))
            continue;
        if (common != CELL_ORIGINS && common != origin)
            return CELL_NOT_REPORTED;
        common = origin;
    }
    return common == CELL_ORIGINS || common == CELL_OBSERVED || common == CELL_COMPUTED ? CELL_NOT_REPORTED : common;
}

/* tree:evaluate(scores, from, count, weights | nil, rules | nil, functions | nil) -> flaw, node of the flaw. `scores` has a column a node;
 * those of the leaves are read, those of the groups written. */
static int tree_evaluate(lua_State *L)
{
    const struct index_tree *tree = check_tree(L, 1);
    struct matrix *scores = matrix_check(L, 2);
    size_t from, count, failed = 0, given;
    double *weights = NULL, *work, **columns;
    struct index_rule *rules = NULL;
    struct caller caller;
    uint8_t **bad;
    enum index_flaw flaw;

    lua_settop(L, 7);
    matrix_range(L, scores, 3, &from, &count);
    if (scores->columns != tree->nodes)
        return raise_error(L, DK_USAGE, NULL, "the matrix does not fit the tree");
    if (!lua_isnil(L, 5)) {
        weights = check_numbers(L, 5, &given);
        luaL_argcheck(L, given == tree->nodes, 5, "one weight for each node");
    }
    if (!lua_isnil(L, 6))
        rules = read_rules(L, 6, tree->nodes);
    work = scratch(L, (index_tree_work(tree, count) + 1) * sizeof *work);
    columns = scratch(L, tree->nodes * sizeof *columns);
    bad = scratch(L, tree->nodes * sizeof *bad);
    for (size_t node = 0; node < tree->nodes; node++) {
        columns[node] = scores->x[node] + from;
        bad[node] = scores->state[node] + from;
        if (tree->leaf[node] < 0)
            memset(bad[node], 0, count);
    }
    caller = caller_at(L, 7);
    flaw = index_evaluate(tree, columns, count, weights, rules, caller.functions != 0 ? call_function : NULL, &caller, bad,
                          &failed, work);
    check_caller(L, &caller);
    /* from the leaves up: a group's reason may be that of a group below */
    for (size_t node = tree->nodes; node-- > 0;)
        for (size_t u = 0; u < count && tree->leaf[node] < 0; u++) {
            if (bad[node][u] != 0)
                bad[node][u] = CELL_COMPUTED | CELL_UNUSABLE;
            else
                bad[node][u] = isnan(columns[node][u]) ? reason(tree, node, columns, bad, u) : CELL_COMPUTED;
        }
    scratch_release(L);
    push_flaw(L, flaw);
    lua_pushinteger(L, (lua_Integer)failed + 1);
    return 2;
}

/* tree:effective(weights | nil) -> list of effective weights, one a node */
static int tree_effective(lua_State *L)
{
    const struct index_tree *tree = check_tree(L, 1);
    double *weights = NULL, *effective;
    size_t given;

    if (!lua_isnoneornil(L, 2)) {
        weights = check_numbers(L, 2, &given);
        luaL_argcheck(L, given == tree->nodes, 2, "one weight for each node");
    }
    effective = scratch(L, 2 * tree->nodes * sizeof *effective);
    index_effective_weights(tree, weights, effective, effective + tree->nodes);
    push_numbers(L, effective, tree->nodes);
    return 1;
}

/* Experiments ----------------------------------------------------------------------------------------------------- */

/* A setting of an experiment in the table at `index`: {variants = list of matrices, imputations, normalisations, rules = list of lists, noise =
 * list, drops, from, count, tolerance, functions}. All its memory stays on the stack. */
static struct index_experiment *read_experiment(lua_State *L, const struct index_tree *tree, int index, struct caller *caller)
{
    struct index_experiment *experiment = scratch(L, sizeof *experiment);
    const double **variants;
    const struct index_rule **rules;
    size_t count, from, given;

    luaL_checktype(L, index, LUA_TTABLE);
    memset(experiment, 0, sizeof *experiment);
    experiment->tree = tree;
    experiment->imputations = (size_t)number_field(L, index, "imputations", 1);
    experiment->normalisations = (size_t)number_field(L, index, "normalisations", 1);
    experiment->tolerance = number_field(L, index, "tolerance", INDEX_TIE_TOLERANCE);
    experiment->drops = (size_t)number_field(L, index, "drops", 0);
    from = (size_t)number_field(L, index, "from", 1) - 1;
    experiment->units = (size_t)number_field(L, index, "count", 0);
    luaL_checkstack(L, 32, NULL);
    lua_getfield(L, index, "variants");
    luaL_checktype(L, -1, LUA_TTABLE);
    count = experiment->imputations * experiment->normalisations;
    luaL_argcheck(L, (size_t)lua_rawlen(L, -1) == count && count > 0, index, "a matrix for each variant");
    given = (size_t)lua_gettop(L);
    variants = scratch(L, count * sizeof *variants);
    luaL_checkstack(L, (int)(2 * count) + 32, NULL);
    for (size_t i = 0; i < count; i++) {
        const struct matrix *matrix;
        double *dense;

        lua_rawgeti(L, (int)given, (lua_Integer)i + 1);
        matrix = matrix_check(L, -1);
        if (matrix->columns < tree->leaves || from + experiment->units > matrix->rows)
            raise_error(L, DK_USAGE, NULL, "variant %d does not fit the tree", (int)i + 1);
        dense = scratch(L, (tree->leaves * experiment->units + 1) * sizeof *dense);
        for (size_t q = 0; q < tree->leaves; q++)
            memcpy(dense + q * experiment->units, matrix->x[q] + from, experiment->units * sizeof *dense);
        variants[i] = dense;
    }
    experiment->variants = variants;
    lua_getfield(L, index, "rules");
    luaL_checktype(L, -1, LUA_TTABLE);
    experiment->aggregations = (size_t)lua_rawlen(L, -1);
    luaL_argcheck(L, experiment->aggregations > 0, index, "at least one list of rules");
    given = (size_t)lua_gettop(L);
    rules = scratch(L, experiment->aggregations * sizeof *rules);
    luaL_checkstack(L, (int)(2 * experiment->aggregations) + 32, NULL);
    for (size_t i = 0; i < experiment->aggregations; i++) {
        lua_rawgeti(L, (int)given, (lua_Integer)i + 1);
        rules[i] = read_rules(L, -1, tree->nodes);
    }
    experiment->rules = rules;
    lua_getfield(L, index, "noise");
    experiment->noise = check_numbers(L, lua_gettop(L), &given);
    luaL_argcheck(L, given == tree->nodes, index, "noise for each node");
    if (lua_getfield(L, index, "nominal") == LUA_TTABLE) {
        uint32_t *nominal = scratch(L, (experiment->units + 1) * sizeof *nominal);
        int list = lua_gettop(L) - 1;

        for (size_t u = 0; u < experiment->units; u++) {
            lua_rawgeti(L, list, (lua_Integer)u + 1);
            nominal[u] = lua_isinteger(L, -1) ? (uint32_t)lua_tointeger(L, -1) : 0;
            lua_pop(L, 1);
        }
        experiment->nominal = nominal;
    }
    lua_getfield(L, index, "functions");
    *caller = caller_at(L, lua_gettop(L));
    if (caller->functions != 0) {
        experiment->custom = call_function;
        experiment->context = caller;
    }
    return experiment;
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
    const struct index_tree *tree = check_tree(L, 1);
    lua_Integer runs = luaL_checkinteger(L, 3), seed = luaL_checkinteger(L, 4), threads = luaL_optinteger(L, 5, 0);
    bool pairs = lua_toboolean(L, 6);
    struct index_robustness *result;
    struct index_experiment *experiment;
    struct caller caller;
    struct pace pace;

    luaL_argcheck(L, runs > 0 && runs <= UINT32_MAX, 3, "must be at least 1");
    experiment = read_experiment(L, tree, 2, &caller);
    pace_start(&pace, L, "run", (uint64_t)runs);
    experiment->pace = pace_next;
    experiment->pace_context = &pace;
    result = lua_newuserdatauv(L, sizeof *result, 0);
    memset(result, 0, sizeof *result);
    luaL_setmetatable(L, ROBUSTNESS_TYPE);
    index_robustness_run(experiment, (size_t)runs, (uint64_t)seed, (unsigned)threads, pairs, result);
    check_caller(L, &caller);
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

/* draw(count, seed, run) -> list of inputs: the setting of one run of a robustness experiment */
static int experiment_draw(lua_State *L)
{
    lua_Integer count = luaL_checkinteger(L, 1), seed = luaL_checkinteger(L, 2), run = luaL_checkinteger(L, 3);
    double *inputs;

    luaL_argcheck(L, count >= 0, 1, "must not be negative");
    inputs = scratch(L, (size_t)(count + 1) * sizeof *inputs);
    index_draw_setting((size_t)count, (uint64_t)seed, (uint64_t)(run - 1), inputs);
    push_numbers(L, inputs, (size_t)count);
    return 1;
}

/* Sensitivity ----------------------------------------------------------------------------------------------------- */

static int sampling_free(lua_State *L)
{
    struct index_sampling **sampling = luaL_checkudata(L, 1, SAMPLING_TYPE);

    index_sampling_free(*sampling);
    *sampling = NULL;
    return 0;
}

static struct index_sampling *push_sampling(lua_State *L, size_t inputs, bool quasi, uint64_t seed)
{
    struct index_sampling **sampling = lua_newuserdatauv(L, sizeof *sampling, 0);

    *sampling = NULL;
    luaL_setmetatable(L, SAMPLING_TYPE);
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
    struct estimation how = {.rows = (size_t)number_field(L, index, "rows", 1024),
                             .bootstrap = (size_t)number_field(L, index, "bootstrap", 0),
                             .first = (enum index_estimator)choice_field(L, index, "first", estimators, INDEX_SALTELLI),
                             .total = (enum index_estimator)choice_field(L, index, "total", estimators, INDEX_JANSEN),
                             .seed = (uint64_t)(lua_Integer)number_field(L, index, "seed", 1)};

    how.work = scratch(L, (3 * how.bootstrap + 1) * sizeof *how.work);
    return how;
}

/* Pushes {first, first_low, first_high, total, total_low, total_high}; what cannot be computed is left out. */
static void push_effects(lua_State *L, const struct estimation *how, const double *y_a, const double *y_b, const double *y_ab)
{
    struct index_effect first, total;

    index_sobol(y_a, y_b, y_ab, how->rows, how->stride, how->first, how->total, how->bootstrap, how->seed, how->work, &first,
                &total);
    lua_createtable(L, 0, 6);
    set_effect(L, "first", "first_low", "first_high", &first);
    set_effect(L, "total", "total_low", "total_high", &total);
}

/* tree:sensitivity(experiment, groups, number, {rows, quasi, …}, threads) -> list over outputs (the mean shift of ranks, then the rank of every
 * unit) of lists over groups, whether the sampling was quasi-random. groups: the number 1.. of every input's group */
static int tree_sensitivity(lua_State *L)
{
    const struct index_tree *tree = check_tree(L, 1);
    lua_Integer groups = luaL_checkinteger(L, 4), threads = luaL_optinteger(L, 6, 0);
    struct index_experiment *experiment;
    struct index_inputs kinds;
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
    luaL_argcheck(L, groups > 0, 4, "at least one group");
    lua_settop(L, 6);
    quasi = number_field(L, 5, "quasi", 1) != 0;
    how = read_estimation(L, 5);
    luaL_argcheck(L, how.rows >= 2, 5, "at least two rows");
    experiment = read_experiment(L, tree, 2, &caller);
    kinds = index_experiment_inputs(experiment);
    count = kinds.imputation + kinds.normalisation + kinds.aggregation + kinds.weights + kinds.drops;
    luaL_argcheck(L, (size_t)lua_rawlen(L, 3) == count, 3, "a group for each input");
    group = scratch(L, (count + 1) * sizeof *group);
    for (size_t i = 0; i < count; i++) {
        lua_rawgeti(L, 3, (lua_Integer)i + 1);
        group[i] = (uint32_t)lua_tointeger(L, -1) - 1;
        lua_pop(L, 1);
    }
    outputs = experiment->units + 1;
    how.stride = outputs;
    out = scratch(L, ((size_t)groups + 2) * how.rows * outputs * sizeof *out);
    ranks = scratch(L, outputs * sizeof *ranks);
    sampling = push_sampling(L, count, quasi, how.seed);
    index_nominal_ranks(experiment, ranks);
    pace_start(&pace, L, "row", how.rows);
    experiment->pace = pace_next;
    experiment->pace_context = &pace;
    index_sensitivity_run(experiment, sampling, how.rows, group, (size_t)groups, ranks, (unsigned)threads, out);
    check_caller(L, &caller);
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

/* sobol(function, inputs, {rows, quasi, first, total, bootstrap, seed}) -> list over inputs of effects, whether quasi-random */
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
    luaL_argcheck(L, count > 0, 2, "at least one input");
    inputs = (size_t)count;
    quasi = number_field(L, 3, "quasi", 1) != 0;
    how = read_estimation(L, 3);
    luaL_argcheck(L, how.rows >= 2, 3, "at least two rows");
    how.stride = 1;
    sampling = push_sampling(L, inputs, quasi, how.seed);
    y = scratch(L, ((inputs + 2) * how.rows + 3 * inputs) * sizeof *y);
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

static void register_type(lua_State *L, const char *type, const luaL_Reg *methods, lua_CFunction release)
{
    luaL_newmetatable(L, type);
    if (release != NULL) {
        lua_pushcfunction(L, release);
        lua_setfield(L, -2, "__gc");
    }
    lua_newtable(L);
    if (methods != NULL)
        luaL_setfuncs(L, methods, 0);
    lua_setfield(L, -2, "__index");
    lua_pop(L, 1);
}

void index_tree_register(lua_State *L)
{
    static const luaL_Reg functions[] = {{"tree", tree_new}, {"draw", experiment_draw}, {"sobol", sobol}, {NULL, NULL}};
    static const luaL_Reg tree_methods[] = {{"evaluate", tree_evaluate},
                                            {"effective", tree_effective},
                                            {"robustness", tree_robustness},
                                            {"sensitivity", tree_sensitivity},
                                            {NULL, NULL}};
    static const luaL_Reg robustness_methods[] = {{"nominal", robustness_nominal},     {"quantile", robustness_quantile},
                                                  {"mean", robustness_mean},           {"runs_with", robustness_runs_with},
                                                  {"wins", robustness_wins},           {"shifts", robustness_shifts},
                                                  {NULL, NULL}};

    luaL_setfuncs(L, functions, 0);
    register_type(L, TREE_TYPE, tree_methods, NULL);
    register_type(L, ROBUSTNESS_TYPE, robustness_methods, robustness_free);
    register_type(L, SAMPLING_TYPE, NULL, sampling_free);
}
