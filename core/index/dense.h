/* Small dense symmetric matrices: Cholesky's decomposition and what is solved by it. Row by row, k x k. */
#ifndef DIFKIT_INDEX_DENSE_H
#define DIFKIT_INDEX_DENSE_H

#include <stdbool.h>
#include <stddef.h>

/* a = L L', L into the lower half of `a`; false when the matrix is not positive definite. */
bool index_cholesky(double *a, size_t k);
/* Solves L L' x = b in place; `lower` as index_cholesky() left it. */
void index_cholesky_solve(const double *lower, size_t k, double *b);
/* The logarithm of the determinant of L L'. */
double index_cholesky_log_determinant(const double *lower, size_t k);

#endif
