/* What the files that bind the tree of an index share. */
#ifndef DIFKIT_LUA_INDEX_TREE_H
#define DIFKIT_LUA_INDEX_TREE_H

#include "index/compare.h"
#include "index/robustness.h"
#include "index/tree.h"
#include "lua/index/shared.h"

#define TREE_TYPE "difkit.IndexTree"

/* The tree at that index; raises when it is none. */
struct index_tree *tree_check(lua_State *L, int index);
/* The rules of all nodes from the list at `index`, in memory that is pushed. */
struct index_rule *tree_read_rules(lua_State *L, int index, size_t nodes);

/* Which of the missing cells are so since they are not defined, a byte each. */
void undefined_cells(const double *x, const uint8_t *state, size_t count, uint8_t *undefined);

/* Aggregations that are functions of the user: called as functions[node](values, weights). The first error is kept and
 * raised when the kernel is back. */
struct caller {
    lua_State *L;
    int functions; /* index of the table, or 0 */
    int problem;   /* index of a stack slot for the error */
    bool failed;
};

/* `functions` is the index of the table, or of nil; a slot is pushed. */
struct caller caller_at(lua_State *L, int functions);
/* What the kernel calls; `context` is a struct caller. */
double caller_call(void *context, size_t node, const double *values, const double *weights, size_t count);
/* Raises what was kept. */
void caller_check(lua_State *L, const struct caller *caller);

/* A setting of an experiment in the table at `index`: {variants = list of matrices, imputations, normalisations, rules =
 * list of lists, noise = list, drops, from, count, tolerance, functions}. All its memory is pushed. */
struct index_experiment *experiment_read(lua_State *L, const struct index_tree *tree, int index, struct caller *caller);

#endif
