/* Aggregation: one score from the scores of the children of a group. Handbook, pages 102 to 116.
 *
 * A value that is there never vanishes. A missing child is left out and the weights of the others are scaled up; a threshold
 * says how much must be there. A child that is there but not defined (a mean of negative values below it) leaves its unit
 * without a score, which is then not defined itself. A child of weight 0 does not count as a child. */
#ifndef DIFKIT_INDEX_AGGREGATE_H
#define DIFKIT_INDEX_AGGREGATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "index/flaw.h"

enum index_aggregation {
    INDEX_ARITHMETIC,       /* sum w x / sum w */
    INDEX_GEOMETRIC,        /* exp(sum w ln x / sum w); 0 when a child is 0; not defined when one is negative */
    INDEX_HARMONIC,         /* sum w / sum(w / x); zero and negative as above */
    INDEX_GENERALISED,      /* (sum w x^p / sum w)^(1/p), p = 0 the geometric mean; negative as above, zero for p <= 0 */
    INDEX_MEDIAN,           /* middle value; with unequal weights the smallest x at which half of the weight is reached */
    INDEX_MINIMUM,          /* smallest x */
    INDEX_BORDA,            /* row sums of the outranking matrix: weighted points over all other units */
    INDEX_COPELAND,         /* units beaten less units lost to, by the outranking matrix */
    INDEX_KEMENY,           /* units placed below in the rankings of greatest support */
    INDEX_ENVELOPE,         /* benefit of the doubt: every unit with the weights that favour it most; negative as above */
    INDEX_MAZZIOTTA_PARETO, /* M -+ s²/M, M and s of the unit's own values; not defined where M is not above 0 */
    INDEX_MEAN_MIN,         /* M - alpha (sqrt((M - min)² + beta²) - beta) */
    INDEX_ORDERED,          /* the mean of the best or of the worst so many values, or one weighted by places; the weights
                               of the children do not count */
    INDEX_TOPSIS,           /* nearness to the best values against the worst; not defined where nothing varies */
    INDEX_CUSTOM,           /* a function of the caller; not defined where it gives nothing */
    INDEX_AGGREGATIONS
};

/* values[0..count) of one unit that are not missing, and their weights; returns the score or NaN. */
typedef double (*index_custom)(void *context, size_t node, const double *values, const double *weights, size_t count);

enum { INDEX_MOST_PLACES = 32 };

struct index_rule {
    enum index_aggregation method;
    double power;                    /* generalised mean */
    double threshold;                /* share of the children that must be there, 0 to 1; one child is always needed */
    bool by_weight;                  /* the share is counted in weight, not in children */
    double penalty;                  /* Mazziotta-Pareto: -1 or 1; mean-min: alpha */
    double beta;                     /* mean-min */
    double places;                   /* ordered: the best so many, or the worst (negative); 0: all, by `place` */
    double place[INDEX_MOST_PLACES]; /* ordered: weights from the best value to the worst, as many as `place_count` */
    size_t place_count;
    bool by_range;       /* TOPSIS: columns are divided by their range instead of their length */
    bool sample;         /* Mazziotta-Pareto: s with n - 1 instead of n */
    double lower, upper; /* envelope: bounds of every weight's share; upper 0 means 1 */
    double tolerance;    /* outranking: what counts as equal */
};

/* The children of a group: k columns of n values, missing ones NaN. undefined[q][u] tells of a missing value that it is not
 * defined; the list, and each of its columns, may be NULL. */
struct index_children {
    const double *const *x;
    const uint8_t *const *undefined;
    const double *weights;
    size_t k, n;
};

/* Doubles of scratch memory for any rule. */
size_t index_aggregate_work(size_t k, size_t n);

/* Fills out[0..n); undefined[u] becomes 1 where the score of unit u is not defined. *several is set to true when the best
 * orders of a Kemeny ranking are several. INDEX_SOUND, or what kept the whole group from a score. */
enum index_flaw index_aggregate(const struct index_children *children, const struct index_rule *rule, size_t node,
                                index_custom custom, void *context, double *out, uint8_t *undefined, bool *several,
                                double *work);

/* The children of an envelope that take part: those with a weight. chosen[u * k + q] becomes the share of weight that unit u
 * puts on child q, NaN where it has none; out[] as index_aggregate() gives it. */
enum index_flaw index_aggregate_envelope(const struct index_children *children, const struct index_rule *rule, double *out,
                                         uint8_t *undefined, double *chosen);

#endif
