#include "index/children.h"

#include <math.h>

/* What the threshold is measured against: the children that count and their weight. */
void index_children_total(const struct index_children *children, double *count, double *weight)
{
    *count = 0;
    *weight = 0;
    for (size_t q = 0; q < children->k; q++) {
        *count += children->weights[q] > 0;
        *weight += children->weights[q];
    }
}

bool index_is_enough(const struct index_rule *rule, double there, double count, double all_weight, double all_count)
{
    double share = rule->by_weight ? there / all_weight : count / all_count;

    return count > 0 && there > 0 && share >= rule->threshold - 1e-12;
}

bool index_enough(const struct index_children *children, const struct index_rule *rule, size_t unit)
{
    double there = 0, count = 0, all_weight, all_count;

    index_children_total(children, &all_count, &all_weight);
    for (size_t q = 0; q < children->k; q++) {
        if (!(children->weights[q] > 0) || isnan(children->x[q][unit]))
            continue;
        there += children->weights[q];
        count++;
    }
    return index_is_enough(rule, there, count, all_weight, all_count);
}
