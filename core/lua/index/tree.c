/* The tree of an index for the Lua library: evaluation and effective weights. */
#include "lua/index/tree.h"

#include <math.h>
#include <string.h>

#define TREE_TYPE "difkit.IndexTree"

static const char *const aggregations[] = {"arithmetic", "geometric", "harmonic", "generalised",      "median",   "minimum",
                                           "borda",      "copeland",  "kemeny",   "benefit_of_doubt", "function", NULL};

/* The arrays of a tree follow it in its own block. */
struct index_tree *tree_check(lua_State *L, int index)
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
    const struct index_tree *tree = tree_check(L, 1);
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
        rules = tree_read_rules(L, 6, tree->nodes);
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
    flaw = index_evaluate(tree, columns, count, weights, rules, caller.functions != 0 ? caller_call : NULL, &caller, bad,
                          &failed, work);
    caller_check(L, &caller);
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

void index_register_type(lua_State *L, const char *type, const luaL_Reg *methods, lua_CFunction release)
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
    static const luaL_Reg functions[] = {{"tree", tree_new}, {NULL, NULL}};
    static const luaL_Reg methods[] = {{"evaluate", tree_evaluate},
                                       {"effective", tree_effective},
                                       {"robustness", tree_robustness},
                                       {"sensitivity", tree_sensitivity},
                                       {NULL, NULL}};

    luaL_setfuncs(L, functions, 0);
    index_register_type(L, TREE_TYPE, methods, NULL);
}
