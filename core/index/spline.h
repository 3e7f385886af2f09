/* The correlation ratio S = V(E(y|x)) / V(y) (Pearson 1905; Paruolo, Saisana and Saltelli 2013, eq. 5) by a penalised
 * spline. */
#ifndef DIFKIT_INDEX_SPLINE_H
#define DIFKIT_INDEX_SPLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "index/flaw.h"

/* Doubles of scratch memory for n values. */
size_t index_spline_work(size_t n);

struct index_spline {
    double ratio;   /* S */
    double lambda;  /* log10 of the penalty; 6 is the straight line */
    double degrees; /* effective degrees of freedom */
};

/* Cubic B-splines on ten equal segments with second differences as penalty (Eilers and Marx 1996), which restricted maximum
 * likelihood chooses: log10 of it within -4 and 6, a grid of 0.1 and golden section. INDEX_TOO_FEW of fewer than ten units
 * or six distinct x, INDEX_CONSTANT when y is constant. The columns are complete. With `cross_validated` the penalty is the
 * one of the grid whose generalised cross-validation n |e|² / (n - degrees)² is least, which fits small samples too closely.
 */
enum index_flaw index_spline_ratio(const double *x, const double *y, size_t n, bool cross_validated,
                                   struct index_spline *out, double *work);

/* The same with `segments` (at most 10) and a penalty that is given. */
enum index_flaw index_spline_fixed(const double *x, const double *y, size_t n, size_t segments, double lambda,
                                   struct index_spline *out, double *work);

/* The 2.5th and 97.5th percentile of S by restricted likelihood over `draws` seeded resamples of the units; gives how many
 * were left out because nothing could be fitted to them. `work`: index_spline_work(n) + 2 * n + 2 * draws doubles. */
size_t index_spline_interval(const double *x, const double *y, size_t n, size_t draws, uint64_t seed, double *low,
                             double *high, double *work);

#endif
