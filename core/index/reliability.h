/* Cronbach's alpha: how far the indicators of a group measure one thing. */
#ifndef DIFKIT_INDEX_RELIABILITY_H
#define DIFKIT_INDEX_RELIABILITY_H

#include <stddef.h>

/* Covariances of k columns of n values, pairwise complete, into covariance[k * k]. */
void index_covariances(const double *const *columns, size_t k, size_t n, double *covariance);

/* alpha = k/(k-1) (1 - sum of variances / sum of all covariances) over the columns that `skip` (k for none) leaves.
 * NaN of fewer than two columns. */
double index_cronbach(const double *covariance, size_t k, size_t skip);

/* The correlation of column q with the sum of the others, from the covariances. */
double index_item_rest(const double *covariance, size_t k, size_t q);

#endif
