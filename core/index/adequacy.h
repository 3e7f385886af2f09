/* Whether indicators share enough for one score: Kaiser-Meyer-Olkin, Bartlett's test of sphericity, and Horn's parallel
 * analysis. All of a correlation matrix R (k x k) over n complete units. */
#ifndef DIFKIT_INDEX_ADEQUACY_H
#define DIFKIT_INDEX_ADEQUACY_H

#include <stddef.h>
#include <stdint.h>

#include "index/flaw.h"

/* Doubles of scratch memory for k columns of n values. */
size_t index_adequacy_work(size_t k, size_t n);

/* The measure of sampling adequacy (Kaiser 1974), over all and of each item: squared correlations against squared partial
 * ones. INDEX_NO_SOLUTION when R is singular (reciprocal condition below 1e-12). */
enum index_flaw index_kmo(const double *r, size_t k, double *overall, double *item, double *work);

struct index_bartlett {
    double determinant, chi_square, degrees, p;
};

/* chi² = -(n - 1 - (2k + 5)/6) ln det R with k(k - 1)/2 degrees of freedom (Bartlett 1950). INDEX_NO_SOLUTION as above. */
enum index_flaw index_bartlett(const double *r, size_t k, size_t n, struct index_bartlett *out, double *work);

/* Horn (1965): for each position the mean and the 95th percentile (type 7) of the eigenvalues of `draws` random tables of
 * independent normal items. `eigenvalues` holds (k + 1) * draws doubles. */
enum index_flaw index_parallel(size_t k, size_t n, size_t draws, uint64_t seed, double *mean, double *threshold,
                               double *eigenvalues, double *work);

#endif
