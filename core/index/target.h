/* Weights that would give each indicator the importance wanted for it (Paruolo, Saisana and Saltelli 2013, eq. 7). */
#ifndef DIFKIT_INDEX_TARGET_H
#define DIFKIT_INDEX_TARGET_H

#include <stdbool.h>
#include <stddef.h>

#include "index/flaw.h"

/* Doubles of scratch memory for k indicators. */
size_t index_target_work(size_t k);

/* `covariance` (k x k) of the indicators of a weighted mean, `target` the shares of importance wanted (sum 1, none
 * negative). closed[k]: the weights of the closed form, which may be negative. best[k]: the nearest without a negative one
 * (Lawson and Hanson 1974). Both sum to 1. share[k]: the importance under `best`, r² of each as a share of their sum.
 * *reachable: whether none of `closed` is negative. INDEX_NO_SOLUTION when the covariances are singular. */
enum index_flaw index_target_weights(const double *covariance, const double *target, size_t k, double *closed, double *best,
                                     double *share, bool *reachable, double *work);

/* Doubles of scratch memory for index_target_direct(). */
size_t index_target_direct_work(size_t k);

/* Of all weights that are not negative those whose signed shares of importance, r|r| as a share of the sum of r², lie
 * nearest to `target` by the sum of squares: *gap. Found by damped least squares from several beginnings, of which `weights`
 * (those of index_target_weights()) is the first: it may be a local minimum, and is never worse than where it began.
 * share[k]: the signed shares. INDEX_TOO_LARGE of more than 64 indicators. */
enum index_flaw index_target_direct(const double *covariance, const double *target, size_t k, double *weights, double *share,
                                    double *gap, double *work);

#endif
