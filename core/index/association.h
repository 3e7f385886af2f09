/* How sure a correlation is: intervals, and the comparison of two correlations that share a variable. */
#ifndef DIFKIT_INDEX_ASSOCIATION_H
#define DIFKIT_INDEX_ASSOCIATION_H

#include <stddef.h>
#include <stdint.h>

/* The 95 % interval of r from n units by Fisher's z; NaN of fewer than four units or |r| = 1. */
void index_fisher_interval(double r, size_t n, double *low, double *high);

/* Williams (1959; Steiger 1980, eq. 7): whether r12 and r13 differ, both of the same n units. t has n - 3 degrees of
 * freedom; NaN of fewer than four units. */
double index_williams_t(double r12, double r13, double r23, size_t n);

/* The percentile interval (2.5 and 97.5, type 7) of r over resamples of units; both columns are complete. Resamples in which
 * a column is constant are left out; their number is returned. `work` holds 4 n + 2 draws doubles. */
size_t index_bootstrap_correlation(const double *x, const double *y, size_t n, size_t draws, uint64_t seed, double *low,
                                   double *high, double *work);

#endif
