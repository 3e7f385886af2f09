/* TOPSIS (Hwang and Yoon 1981): how much nearer a unit lies to the best values of the children than to the worst. */
#ifndef DIFKIT_INDEX_TOPSIS_H
#define DIFKIT_INDEX_TOPSIS_H

#include "index/aggregate.h"

/* With v = w x / sqrt(sum x²) of each column, or w x / (maximum - minimum) where rule->by_range, and D+, D- a unit's
 * Euclidean distances to the largest and the smallest v of every column, out = D- / (D+ + D-); over the children that the
 * unit has. A unit for which both are zero is not defined. `work` holds 2 n doubles. INDEX_CONSTANT when no column varies.
 */
enum index_flaw index_topsis(const struct index_children *children, const struct index_rule *rule, double *out,
                             uint8_t *undefined, double *work);

#endif
