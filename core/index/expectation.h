/* Expectation-maximisation of a multivariate normal (Dempster, Laird and Rubin 1977): what is missing of a unit from what is
 * there of it, by the means and covariances that all units together make the likeliest. */
#ifndef DIFKIT_INDEX_EXPECTATION_H
#define DIFKIT_INDEX_EXPECTATION_H

#include <stddef.h>
#include <stdint.h>

#include "index/flaw.h"

struct index_expectation {
    double *mean;       /* k */
    double *covariance; /* k x k, divisor n */
    double *filled;     /* k x n, a column after the other: values, and conditional means where one is missing */
    double *spread;     /* k x n: conditional standard deviation of what is filled, 0 of what is there */
    size_t rounds;
};

/* Doubles of scratch memory for k columns of n units. */
size_t index_expectation_work(size_t k, size_t n);

/* `columns` with NaN where a value is missing; a unit without any takes no part and keeps its gaps. Begins with the means
 * and variances of what is there; ends when nothing moves by more than 1e-10 standard deviations. INDEX_EMPTY of a column
 * without a value, INDEX_CONSTANT of a constant, INDEX_TOO_FEW of fewer than k + 2 units, INDEX_NO_SOLUTION when covariances
 * are singular or 5,000 rounds do not do. */
enum index_flaw index_expect(const double *const *columns, size_t k, size_t n, struct index_expectation *out, double *work);

/* Draws of what is missing (data augmentation; Schafer 1997): from the estimate on, gaps are drawn given means and
 * covariances, and these, by the prior of Jeffreys, given the data so filled, `between` times before each of the `draws`
 * that are kept: drawn[(d * k + q) * n + u]. The same seed gives the same draws. A unit without any value keeps its gaps.
 * Flaws as above. `work` holds index_augment_work() doubles. */
size_t index_augment_work(size_t k, size_t n);
enum index_flaw index_augment(const double *const *columns, size_t k, size_t n, size_t draws, size_t between, uint64_t seed,
                              double *drawn, double *work);

#endif
