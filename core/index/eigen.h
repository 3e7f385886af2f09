/* Eigenvalues and eigenvectors of a symmetric matrix by cyclic Jacobi rotations.
 *
 * Own code instead of LAPACK: matrices here are small (a row an indicator), and a fixed order of sums and products and
 * square roots, and nothing else, gives the same bytes on every machine. */
#ifndef DIFKIT_INDEX_EIGEN_H
#define DIFKIT_INDEX_EIGEN_H

#include <stddef.h>

#include "index/flaw.h"

/* values[k], falling; vectors[k x k], a column each of unit length, or NULL where only the values are wanted. The sign of a
 * vector is free: its elements sum to more than nothing, and where they sum to nothing the first that is not zero is
 * positive. Only the upper half of the matrix is read. INDEX_CONSTANT when an element is not finite (the correlation of a
 * constant). `work` holds k * k doubles. */
enum index_flaw index_eigen(const double *matrix, size_t k, double *values, double *vectors, double *work);

#endif
