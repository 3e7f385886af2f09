/* The tree of an index, as arrays: node 0 is the index itself, every node stands after its parent, leaves point to
 * columns. */
#ifndef DIFKIT_INDEX_TREE_H
#define DIFKIT_INDEX_TREE_H

#include <stddef.h>
#include <stdint.h>

#include "index/aggregate.h"

struct index_tree {
    size_t nodes, leaves;
    size_t widest;              /* children of the largest group */
    const uint32_t *parent;     /* of each node; 0 for node 0 */
    const int32_t *leaf;        /* column of a leaf, -1 for a group */
    const uint32_t *first;      /* group: where its children begin in `child` */
    const uint32_t *children;   /* group: how many */
    const uint32_t *child;      /* nodes - 1 node numbers */
    const double *weight;       /* relative to its siblings; 0 leaves it out */
    const struct index_rule *rule; /* of each group */
};

/* Doubles of scratch memory for n units. */
size_t index_tree_work(const struct index_tree *tree, size_t n);

/* What has to be said of groups, of every node; either list may be NULL when it is not wanted. */
struct index_findings {
    enum index_flaw *flaw; /* what kept it from scores; INDEX_SOUND: nothing */
    bool *several;         /* the best orders of its Kemeny ranking are several */
};

/* Scores of every group for n units. columns[i] are the n values of node i: those of a leaf are read, those of a group
 * written; so are undefined[i], n bytes each, 1 where a value is missing since it is not defined (NULL for a leaf of which
 * all that is missing is simply missing). `weight` and `rule` replace those of the tree unless NULL. */
void index_evaluate(const struct index_tree *tree, double *const *columns, uint8_t *const *undefined, size_t n,
                    const double *weight, const struct index_rule *rule, index_custom custom, void *context,
                    struct index_findings *findings, double *work);

/* Effective weight of every node: the product of weight / sum of siblings' weights up to the index. A group all of
 * whose children have weight 0 has none itself, and its siblings share. `live` holds one double a node. */
void index_effective_weights(const struct index_tree *tree, const double *weight, double *effective, double *live);

#endif
