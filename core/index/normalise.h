/* Normalisation: brings indicators of different measures onto one scale.
 *
 * Methods and formulas: OECD/JRC, Handbook on Constructing Composite Indicators (2008), table 3 and table 15, and
 * the conventions of COINr for what the Handbook leaves out. A scale is first learned from a reference set (the units
 * of one period, or of all periods) and then applied, so that periods can be compared on one scale. Direction -1
 * means that a lower value is better. */
#ifndef DIFKIT_INDEX_NORMALISE_H
#define DIFKIT_INDEX_NORMALISE_H

#include <stdbool.h>
#include <stddef.h>

#include "index/flaw.h"

/* With y = direction * x, and minimum, maximum, mean, s (n - 1), rank (1 = worst, tied values get the least) over the
 * reference set of m values: */
enum index_scaling {
    INDEX_SCALE_NONE,            /* y */
    INDEX_SCALE_MINMAX,          /* low + (high - low) (y - minimum) / (maximum - minimum) */
    INDEX_SCALE_ZSCORE,          /* centre + spread (y - mean) / s */
    INDEX_SCALE_RANK,            /* rank */
    INDEX_SCALE_BORDA,           /* rank - 1 */
    INDEX_SCALE_PERCENTILE_RANK, /* (rank - 1) / (m - 1) */
    INDEX_SCALE_PERCENTILE,      /* 100 rank / m (Handbook, table 15) */
    INDEX_SCALE_TARGET,          /* (y - minimum) / (direction * target - minimum); at most 1 when capped */
    INDEX_SCALE_RATIO,           /* x / reference; reference / x when lower is better */
    INDEX_SCALE_DIFFERENCE,      /* direction (x - reference) / |reference| */
    INDEX_SCALE_GOALPOSTS,       /* high (x - lower) / (upper - lower), or high (upper - x) / (upper - lower) */
    INDEX_SCALE_CATEGORICAL,     /* 0, 20, 40, 60, 80, 100 by the 15th, 25th, 65th, 85th and 95th percentile of y */
    INDEX_SCALE_MEAN_BAND,       /* direction * 1 above (1 + band) mean, -1 below (1 - band) mean, 0 between */
    INDEX_SCALE_FRACTION,        /* x / maximum; minimum / x when lower is better */
    INDEX_SCALE_ADJUSTED, /* centre + spread direction (x - reference) / (maximum - minimum), 100 and 60: the goalposts
                             of Mazziotta and Pareto's adjusted index, from 70 to 130 around the reference */
    INDEX_SCALINGS
};

enum index_reference {
    INDEX_REFERENCE_MEAN,
    INDEX_REFERENCE_MEDIAN,
    INDEX_REFERENCE_BEST,
    INDEX_REFERENCE_WORST,
    INDEX_REFERENCE_VALUE /* struct index_scale.value: a unit's, a year's, a number of the user's */
};

struct index_scale {
    /* What is asked for. */
    enum index_scaling method;
    int direction;     /* 1 or -1 */
    double low, high;  /* min-max: the range of the result; goalposts: high is what the upper goalpost gives */
    double lower, upper; /* goalposts, on the scale of x */
    bool truncate;     /* goalposts: keep results within 0 and high */
    double target;     /* on the scale of x */
    bool cap;          /* target: at most 1 */
    double centre, spread; /* z-score: mean and deviation of the result */
    double band;       /* mean band */
    enum index_reference reference;
    double value;      /* INDEX_REFERENCE_VALUE */
    double tolerance;  /* what counts as equal, see index_equal() */
    /* What was learned. */
    double minimum, maximum, mean, deviation; /* of y */
    double cuts[5];
    const double
        *sorted; /* y in rising order, in the memory given to index_learn_scale(); tied values as index_tie() has them */
    size_t count;
};

/* A scale of the method with its usual parameters: 0 to 100, mean 0 and deviation 1, band 0.2, truncated, not capped. */
struct index_scale index_scale_default(enum index_scaling method);

/* Learns the scale from reference[0..m). `memory` holds 2 m doubles; for the ranking methods it must live as long as
 * the scale. */
enum index_flaw index_learn_scale(struct index_scale *scale, const double *reference, size_t m, double *memory);

/* Applies a learned scale; `out` may be x. Missing stays missing, and a value the method cannot use, or one whose result no
 * double holds, becomes missing; returns how many did. A difference that is but rounding is zero. */
size_t index_apply_scale(const struct index_scale *scale, const double *x, size_t n, double *out);

#endif
