/* Evaluation from the leaves to the index. */
#include "index/tree.h"

size_t index_tree_work(const struct index_tree *tree, size_t n)
{
    return index_aggregate_work(tree->widest, n) + 2 * tree->widest;
}

enum index_flaw index_evaluate(const struct index_tree *tree, double *const *columns, size_t n, const double *weight,
                               const struct index_rule *rule, index_custom custom, void *context, uint8_t *const *bad,
                               size_t *failed, double *work)
{
    /* the last doubles of the scratch memory hold the pointers to the children's columns */
    double *weights = work + index_aggregate_work(tree->widest, n);
    const double **own = (const double **)(void *)(weights + tree->widest);
    enum index_flaw first = INDEX_SOUND;

    weight = weight != NULL ? weight : tree->weight;
    rule = rule != NULL ? rule : tree->rule;
    for (size_t node = tree->nodes; node-- > 0;) {
        enum index_flaw flaw;

        if (tree->leaf[node] >= 0)
            continue;
        for (uint32_t i = 0; i < tree->children[node]; i++) {
            uint32_t child = tree->child[tree->first[node] + i];

            own[i] = columns[child];
            weights[i] = weight[child];
        }
        flaw = index_aggregate(own, weights, tree->children[node], n, &rule[node], node, custom, context, columns[node],
                               bad != NULL ? bad[node] : NULL, work);
        if (flaw != INDEX_SOUND && first == INDEX_SOUND) {
            first = flaw;
            *failed = node;
        }
    }
    return first;
}

void index_effective_weights(const struct index_tree *tree, const double *weight, double *effective, double *live)
{
    weight = weight != NULL ? weight : tree->weight;
    /* Upwards: what a node weighs among its siblings, and for a group the sum of its children's weights. */
    for (size_t node = tree->nodes; node-- > 0;) {
        if (tree->leaf[node] >= 0) {
            live[node] = weight[node];
            continue;
        }
        effective[node] = 0;
        for (uint32_t i = 0; i < tree->children[node]; i++)
            effective[node] += live[tree->child[tree->first[node] + i]];
        live[node] = effective[node] > 0 ? weight[node] : 0;
    }
    /* Downwards: live[node] becomes what one unit of weight in the group is worth. */
    for (size_t node = 0; node < tree->nodes; node++) {
        double own = node == 0 ? 1 : live[node] * live[tree->parent[node]], sum = effective[node];

        effective[node] = own;
        if (tree->leaf[node] < 0)
            live[node] = sum > 0 ? own / sum : 0;
    }
}
