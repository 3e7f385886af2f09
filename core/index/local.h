/* The correlation ratio S = V(E(y|x)) / V(y) by local linear regression (Paruolo, Saisana and Saltelli 2013, pp. 8 to 10 of
 * arXiv 1104.3009v2). */
#ifndef DIFKIT_INDEX_LOCAL_H
#define DIFKIT_INDEX_LOCAL_H

#include <stddef.h>

#include "index/flaw.h"

/* Doubles of scratch memory for n values. */
size_t index_local_work(size_t n);

struct index_local {
    double ratio;    /* S */
    double width;    /* of the Gaussian kernel */
    double left_out; /* mean squared error where each unit is predicted by the others */
};

/* A Gaussian kernel whose width, 0.2 to 3 standard deviations of x in steps of 0.05, is the one that predicts left-out units
 * best; widths at which a unit hangs on itself alone are left out. INDEX_TOO_FEW of fewer than ten units or six distinct x,
 * INDEX_CONSTANT when y is constant, INDEX_NO_SOLUTION when no width remains. The columns are complete. */
enum index_flaw index_local_ratio(const double *x, const double *y, size_t n, struct index_local *out, double *work);

/* The same with a width that is given, of three units and more. */
enum index_flaw index_local_fixed(const double *x, const double *y, size_t n, double width, struct index_local *out,
                                  double *work);

#endif
