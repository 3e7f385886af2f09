/* Benefit of the doubt with bounds on the shares of the score (Cherchye et al. 2007), each unit against all. */
#ifndef DIFKIT_INDEX_FRONTIER_H
#define DIFKIT_INDEX_FRONTIER_H

#include <stddef.h>

#include "index/flaw.h"

/* Doubles of scratch memory for k columns of n units. */
size_t index_frontier_work(size_t k, size_t n);

/* The score of each unit under the weights that favour it most, where no unit passes 1 under them and each column makes
 * `lower` to `upper` of the unit's own score. Columns are complete, without negative values; k lower <= 1 <= k upper. A unit
 * with a zero scores 0 when `lower` is above zero; a column that it lacks otherwise carries no weight. */
enum index_flaw index_frontier(const double *const *columns, size_t k, size_t n, double lower, double upper, double *score,
                               double *work);

#endif
