/* Whether enough of the children of a group is there. */
#ifndef DIFKIT_INDEX_CHILDREN_H
#define DIFKIT_INDEX_CHILDREN_H

#include "index/aggregate.h"

/* What a threshold is measured against: how many children count, and their weight. */
void index_children_total(const struct index_children *children, double *count, double *weight);
/* Whether children of weight `there`, `count` of them, are as many as the rule asks for, out of those of all. */
bool index_is_enough(const struct index_rule *rule, double there, double count, double all_weight, double all_count);
/* Whether the unit has as many children as the rule asks for. */
bool index_enough(const struct index_children *children, const struct index_rule *rule, size_t unit);

#endif
