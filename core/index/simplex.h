/* A small dense linear programme: maximise c x subject to A x <= b, x >= 0, with b >= 0. */
#ifndef DIFKIT_INDEX_SIMPLEX_H
#define DIFKIT_INDEX_SIMPLEX_H

#include <stddef.h>

#include "index/flaw.h"

/* Doubles of scratch memory that `rows` constraints of `columns` variables take. */
size_t index_simplex_work(size_t rows, size_t columns);

/* `a` is rows x columns, row by row. Starts at x = 0, which b >= 0 makes feasible. Bland's rule keeps degenerate
 * steps from going round in circles. INDEX_NO_SOLUTION when the objective has no limit. */
enum index_flaw index_simplex(const double *a, const double *b, const double *c, size_t rows, size_t columns, double *x,
                              double *objective, double *work);

#endif
