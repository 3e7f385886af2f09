/* Aggregation: one score from the scores of the children of a group. Handbook, pages 102 to 116.
 *
 * Missing children are left out and the weights of the others scaled up; a threshold says how much must be there. A
 * child of weight 0 does not count as a child. Columns are those of the children, n values each. */
#ifndef DIFKIT_INDEX_AGGREGATE_H
#define DIFKIT_INDEX_AGGREGATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "index/flaw.h"

enum index_aggregation {
    INDEX_ARITHMETIC,  /* sum w x / sum w */
    INDEX_GEOMETRIC,   /* exp(sum w ln x / sum w) */
    INDEX_HARMONIC,    /* sum w / sum(w / x) */
    INDEX_GENERALISED, /* (sum w x^p / sum w)^(1/p); p = 0 is the geometric mean */
    INDEX_MEDIAN,      /* middle value; with unequal weights the smallest x at which half of the weight is reached */
    INDEX_MINIMUM,     /* smallest x */
    INDEX_BORDA,       /* row sums of the outranking matrix: weighted points over all other units */
    INDEX_COPELAND,    /* units beaten less units lost to, by the outranking matrix */
    INDEX_KEMENY,      /* units placed below in the ranking of greatest support */
    INDEX_ENVELOPE,    /* benefit of the doubt: every unit with the weights that favour it most */
    INDEX_CUSTOM,      /* a function of the caller */
    INDEX_AGGREGATIONS
};

/* values[0..count) of one unit that are not missing, and their weights; returns the score or NaN. */
typedef double (*index_custom)(void *context, size_t node, const double *values, const double *weights, size_t count);

struct index_rule {
    enum index_aggregation method;
    double power;     /* generalised mean */
    double threshold; /* share of the children that must be there, 0 to 1; one child is always needed */
    bool by_weight;   /* the share is counted in weight, not in children */
    double lower, upper; /* envelope: bounds of every weight's share; upper 0 means 1 */
};

/* Doubles of scratch memory for any rule. */
size_t index_aggregate_work(size_t k, size_t n);

/* bad[u] is set to 1 where a value of unit u could not be used (zero or negative under a geometric mean): the score
 * is missing there. NULL when not wanted. INDEX_SOUND, or what kept the whole group from a score. */
enum index_flaw index_aggregate(const double *const *children, const double *weights, size_t k, size_t n,
                                const struct index_rule *rule, size_t node, index_custom custom, void *context, double *out,
                                uint8_t *bad, double *work);

#endif
