/* The tree of an index for the Lua library: evaluation and effective weights. */
#include "lua/index/tree.h"
#include "lua/parts.h"

#include <math.h>
#include <string.h>

enum { COLUMNS_MOST = 1 << 24 };

static const char *const aggregations[] = {
    "arithmetic", "geometric",        "harmonic", "generalised", "median",  "minimum", "borda",    "copeland",
    "kemeny",     "benefit_of_doubt", "mpi",      "mean_min",    "ordered", "topsis",  "function", NULL};

/* The arrays of a tree follow it in its own block. */
struct index_tree *tree_check(lua_State *L, int index)
{
    return luaL_checkudata(L, index, TREE_TYPE);
}

/* The weights of places in the field `place`, if there are any. */
static void read_places(lua_State *L, int index, struct index_rule *rule)
{
    size_t count = 0;

    if (lua_getfield(L, index, "place") == LUA_TTABLE)
        count = (size_t)lua_rawlen(L, -1);
    if (count > INDEX_MOST_PLACES)
        raise_error(L, DK_USAGE, NULL, "at most %d weights of places, not %d", INDEX_MOST_PLACES, (int)count);
    for (size_t i = 0; i < count; i++) {
        lua_rawgeti(L, -1, (lua_Integer)i + 1);
        rule->place[i] = lua_tonumber(L, -1);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    rule->place_count = count;
    if (count > 0)
        rule->places = 0;
}

/* The rule in the table at `index`: {method, power, threshold, by_weight, lower, upper, tolerance, …}. */
static struct index_rule read_rule(lua_State *L, int index)
{
    struct index_rule rule = {
        .method = (enum index_aggregation)choice_field(L, index, "method", aggregations, INDEX_ARITHMETIC),
        .power = number_field(L, index, "power", 1),
        .threshold = number_field(L, index, "threshold", 0),
        .by_weight = number_field(L, index, "by_weight", 0) != 0,
        .penalty = number_field(L, index, "penalty", 0),
        .beta = number_field(L, index, "beta", 0),
        .places = number_field(L, index, "places", 1),
        .sample = number_field(L, index, "sample", 0) != 0,
        .by_range = number_field(L, index, "by_range", 0) != 0,
        .lower = number_field(L, index, "lower", 0),
        .upper = number_field(L, index, "upper", 0),
        .tolerance = number_field(L, index, "tolerance", INDEX_TIE_TOLERANCE),
    };

    read_places(L, index, &rule);
    return rule;
}

struct index_rule *tree_read_rules(lua_State *L, int index, size_t nodes)
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

/* tree(nodes) -> tree; nodes in an order in which every node stands after its parent: {parent = number (0 for the first),
 * leaf = column or nil, weight = number, and for a group its rule} */
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
    *tree = (struct index_tree){.nodes = nodes,
                                .parent = parent,
                                .leaf = leaf,
                                .first = first,
                                .children = children,
                                .child = child,
                                .weight = weight,
                                .rule = rule};
    for (size_t i = 0; i < nodes; i++) {
        double above, column;

        lua_rawgeti(L, 1, (lua_Integer)i + 1);
        luaL_checktype(L, -1, LUA_TTABLE);
        above = number_field(L, lua_gettop(L), "parent", 0);
        column = number_field(L, lua_gettop(L), "leaf", 0);
        luaL_argcheck(L, i == 0 ? above == 0 : above >= 1 && above <= (double)i, 1, "a node before its parent");
        luaL_argcheck(L, column >= 0 && column <= COLUMNS_MOST, 1, "a leaf is the number of a column");
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

double caller_call(void *context, size_t node, const double *values, const double *weights, size_t count)
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

struct caller caller_at(lua_State *L, int functions)
{
    struct caller caller = {.L = L, .functions = lua_istable(L, functions) ? functions : 0};

    lua_pushnil(L);
    caller.problem = lua_gettop(L);
    return caller;
}

void caller_check(lua_State *L, const struct caller *caller)
{
    if (!caller->failed)
        return;
    lua_pushvalue(L, caller->problem);
    lua_error(L);
}

/* Evaluation ------------------------------------------------------------------------------------------------------ */

/* Why a unit has no score in a group, from its children without one: what they have in common, else how a value was lost,
 * else that something was not reported. */
static uint8_t reason(const struct index_tree *tree, size_t group, const double *weights, double *const *columns,
                      uint8_t *const *states, size_t u)
{
    uint8_t common = CELL_ORIGINS, lost = 0;
    bool weighs = false, mixed = false;

    for (uint32_t i = 0; i < tree->children[group]; i++) {
        uint32_t child = tree->child[tree->first[group] + i];
        uint8_t state = states[child][u];

        if (!(weights[child] > 0))
            continue;
        weighs = true;
        if (!isnan(columns[child][u]))
            continue;
        if (cell_is_lost(state)) {
            lost = (state & CELL_DONE) > lost ? state & CELL_DONE : lost;
            state = CELL_COMPUTED;
        }
        mixed |= common != CELL_ORIGINS && common != (state & CELL_ORIGIN);
        common = state & CELL_ORIGIN;
    }
    if (!weighs)
        return CELL_WEIGHTLESS;
    if (lost != 0)
        return CELL_COMPUTED | lost;
    if (common == CELL_ORIGINS)
        return CELL_COMPUTED | CELL_COLUMN; /* all children are there, and no unit has a score */
    return mixed || common == CELL_OBSERVED || common == CELL_COMPUTED ? CELL_NOT_REPORTED : common;
}

void undefined_cells(const double *x, const uint8_t *state, size_t count, uint8_t *undefined)
{
    for (size_t u = 0; u < count; u++)
        undefined[u] = isnan(x[u]) && (state[u] & CELL_DONE) == CELL_UNDEFINED;
}

/* States of the groups, from the leaves up: a group's reason may be that of a group below. */
static void fill_states(const struct index_tree *tree, const double *weights, double *const *columns,
                        uint8_t *const *undefined, uint8_t *const *states, size_t count)
{
    for (size_t node = tree->nodes; node-- > 0;)
        for (size_t u = 0; u < count && tree->leaf[node] < 0; u++) {
            if (undefined[node][u])
                states[node][u] = CELL_COMPUTED | CELL_UNDEFINED;
            else
                states[node][u] = isnan(columns[node][u]) ? reason(tree, node, weights, columns, states, u) : CELL_COMPUTED;
        }
}

/* What was found of the groups: {node = its flaw, …} and {node = true, …} of several best orders. */
static void push_findings(lua_State *L, const struct index_tree *tree, const struct index_findings *findings)
{
    lua_newtable(L);
    lua_newtable(L);
    for (size_t node = 0; node < tree->nodes; node++) {
        if (tree->leaf[node] < 0 && findings->flaw[node] != INDEX_SOUND) {
            push_flaw(L, findings->flaw[node]);
            lua_rawseti(L, -3, (lua_Integer)node + 1);
        }
        if (tree->leaf[node] < 0 && findings->several[node]) {
            lua_pushboolean(L, 1);
            lua_rawseti(L, -2, (lua_Integer)node + 1);
        }
    }
}

/* tree:evaluate(scores, from, count, weights | nil, rules | nil, functions | nil) -> flaws by node, whether best orders are
 * several by node. `scores` has a column a node; those of the leaves are read, those of the groups written. */
static int tree_evaluate(lua_State *L)
{
    const struct index_tree *tree = tree_check(L, 1);
    struct matrix *scores = matrix_check(L, 2);
    size_t from, count, given;
    double *weights = NULL, *work, **columns;
    struct index_rule *rules = NULL;
    struct index_findings findings;
    struct caller caller;
    uint8_t **undefined, **states, *bytes;

    lua_settop(L, 7);
    matrix_range(L, scores, 3, &from, &count);
    if (scores->columns != tree->nodes)
        return raise_error(L, DK_USAGE, NULL, "the matrix does not fit the tree");
    if (!lua_isnil(L, 5)) {
        weights = check_numbers(L, 5, &given);
        luaL_argcheck(L, given == tree->nodes, 5, "one weight for each node");
    }
    if (!lua_isnil(L, 6))
        rules = tree_read_rules(L, 6, tree->nodes);
    work = scratch(L, (index_tree_work(tree, count) + 1) * sizeof *work);
    columns = scratch(L, tree->nodes * sizeof *columns);
    states = scratch(L, tree->nodes * sizeof *states);
    undefined = scratch(L, tree->nodes * sizeof *undefined);
    findings.several = scratch(L, tree->nodes * sizeof *findings.several);
    findings.flaw = scratch(L, tree->nodes * sizeof *findings.flaw);
    bytes = scratch(L, tree->nodes * count);
    for (size_t node = 0; node < tree->nodes; node++) {
        columns[node] = scores->x[node] + from;
        states[node] = scores->state[node] + from;
        undefined[node] = bytes + node * count;
        if (tree->leaf[node] >= 0)
            undefined_cells(columns[node], states[node], count, undefined[node]);
    }
    caller = caller_at(L, 7);
    index_evaluate(tree, columns, undefined, count, weights, rules, caller.functions != 0 ? caller_call : NULL, &caller,
                   &findings, work);
    caller_check(L, &caller);
    fill_states(tree, weights != NULL ? weights : tree->weight, columns, undefined, states, count);
    push_findings(L, tree, &findings);
    scratch_release(L);
    return 2;
}

/* tree:chosen(scores, from, count, node, weights | nil) -> a list a unit: the share of weight that benefit of the doubt puts
 * on each child of the group, nil where it has none; `scores` as tree:evaluate() left them */
static int tree_chosen(lua_State *L)
{
    const struct index_tree *tree = tree_check(L, 1);
    struct matrix *scores = matrix_check(L, 2);
    lua_Integer node = luaL_checkinteger(L, 5);
    double *weights = NULL, *own, *out, *chosen;
    const double **columns;
    const uint8_t **undefined;
    uint8_t *bytes;
    size_t from, count, k, given;
    struct index_children children;

    lua_settop(L, 6);
    matrix_range(L, scores, 3, &from, &count);
    luaL_argcheck(L, node >= 1 && (size_t)node <= tree->nodes && tree->leaf[node - 1] < 0, 5, "no such group");
    if (!lua_isnil(L, 6)) {
        weights = check_numbers(L, 6, &given);
        luaL_argcheck(L, given == tree->nodes, 6, "one weight for each node");
    }
    k = tree->children[node - 1];
    own = scratch(L, k * sizeof *own);
    columns = scratch(L, k * sizeof *columns);
    undefined = scratch(L, k * sizeof *undefined);
    out = scratch(L, (count + 1) * sizeof *out);
    chosen = scratch(L, (count * k + 1) * sizeof *chosen);
    bytes = scratch(L, k * count);
    for (size_t q = 0; q < k; q++) {
        uint32_t child = tree->child[tree->first[node - 1] + q];

        columns[q] = scores->x[child] + from;
        undefined[q] = bytes + q * count;
        undefined_cells(columns[q], scores->state[child] + from, count, bytes + q * count);
        own[q] = weights != NULL ? weights[child] : tree->weight[child];
    }
    children = (struct index_children){.x = columns, .undefined = undefined, .weights = own, .k = k, .n = count};
    index_aggregate_envelope(&children, &tree->rule[node - 1], out, scratch(L, count + 1), chosen);
    lua_createtable(L, (int)count, 0);
    for (size_t u = 0; u < count; u++) {
        push_numbers(L, chosen + u * k, k);
        lua_rawseti(L, -2, (lua_Integer)u + 1);
    }
    scratch_release(L);
    return 1;
}

/* tree:effective(weights | nil) -> list of effective weights, one a node */
static int tree_effective(lua_State *L)
{
    const struct index_tree *tree = tree_check(L, 1);
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

void index_tree_register(lua_State *L)
{
    static const luaL_Reg functions[] = {{"tree", tree_new}, {NULL, NULL}};
    static const luaL_Reg no_events[] = {{NULL, NULL}};
    static const luaL_Reg methods[] = {
        {"evaluate", tree_evaluate}, {"effective", tree_effective}, {"chosen", tree_chosen}, {NULL, NULL}};

    luaL_setfuncs(L, functions, 0);
    type_register(L, TREE_TYPE, methods, no_events);
}
