/* Evaluation from the leaves to the index. */
#include "index/tree.h"

size_t index_tree_work(const struct index_tree *tree, size_t n)
{
    return index_aggregate_work(tree->widest, n) + 3 * tree->widest;
}

void index_evaluate(const struct index_tree *tree, double *const *columns, uint8_t *const *undefined, size_t n,
                    const double *weight, const struct index_rule *rule, index_custom custom, void *context,
                    struct index_findings *findings, double *work)
{
    /* the last doubles of the scratch memory hold the pointers to the children's columns */
    double *weights = work + index_aggregate_work(tree->widest, n);
    const double **own = (const double **)(void *)(weights + tree->widest);
    const uint8_t **own_undefined = (const uint8_t **)(void *)(own + tree->widest);

    weight = weight != NULL ? weight : tree->weight;
    rule = rule != NULL ? rule : tree->rule;
    for (size_t node = tree->nodes; node-- > 0;) {
        struct index_children children = {.x = own, .undefined = own_undefined, .weights = weights,
                                          .k = tree->children[node], .n = n};
        enum index_flaw flaw;
        bool several = false;

        if (tree->leaf[node] >= 0)
            continue;
        for (uint32_t i = 0; i < tree->children[node]; i++) {
            uint32_t child = tree->child[tree->first[node] + i];

            own[i] = columns[child];
            own_undefined[i] = undefined[child];
            weights[i] = weight[child];
        }
        flaw =
            index_aggregate(&children, &rule[node], node, custom, context, columns[node], undefined[node], &several, work);
        if (findings->several != NULL)
            findings->several[node] = several;
        if (findings->flaw != NULL)
            findings->flaw[node] = flaw;
    }
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
