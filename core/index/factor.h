/* Principal components (their eigenvalues: eigen.h), rotation, and the weights that come from them.
 *
 * Matrices are k x k or k x f, row by row: a row an indicator, a column a component. */
#ifndef DIFKIT_INDEX_FACTOR_H
#define DIFKIT_INDEX_FACTOR_H

#include <stddef.h>

#include "index/flaw.h"

/* Components the Handbook keeps (page 89): those that explain at least `share` of the variance, and as many more as it
 * takes to explain `total` of it; at least one. Usual: 0.1 and 0.6. */
size_t index_components_kept(const double *values, size_t k, double share, double total);

/* loadings[k x f] = eigenvector times the root of its eigenvalue. */
void index_loadings(const double *values, const double *vectors, size_t k, size_t f, double *loadings);

/* Varimax rotation in place with Kaiser's normalisation (Kaiser 1958), until no pair of columns turns by more than
 * 1e-12. `length` is scratch memory of k doubles. */
enum index_flaw index_varimax(double *loadings, size_t k, size_t f, double *length);

/* Weights after Nicoletti et al. (2000; Handbook, pages 89 to 91): each indicator counts on the component where its
 * |loading| is highest, with its share of that component's variance times the component's share of all the variance
 * that is kept; scaled to sum 1. group[q] receives that component, unless it is NULL. */
void index_nicoletti(const double *loadings, size_t k, size_t f, double *weights, size_t *group);

#endif
