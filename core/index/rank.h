/* Ranks: competition ranks of scores, and the ranks that correlations and normalisation need. */
#ifndef DIFKIT_INDEX_RANK_H
#define DIFKIT_INDEX_RANK_H

#include <stddef.h>
#include <stdint.h>

#include "index/compare.h"

/* Competition ranks (1, 2, 2, 4) of unrounded scores, the highest score first. Units are tied in blocks along that order:
 * the first and the last of a block are equal within the tolerance (index_equal), so that being tied is transitive and
 * depends on no other unit. A missing score gets rank 0.
 * `order` and `work` hold n positions each; order[0..result) are the ranked units, best first.
 * Returns how many units have a rank. */
size_t index_rank(const double *score, size_t n, double tolerance, uint32_t *rank, uint32_t *order, uint32_t *work);

/* As index_rank(), for repeated rankings of nearly the same scores: order[0..count) is any order of the units to rank
 * (none of them missing) and is put right by insertion, which is fast when little has changed. */
void index_rank_again(const double *score, double tolerance, uint32_t *rank, uint32_t *order, size_t count);

/* Makes tied values (in the blocks of index_rank()) the same value; x has no missing one. `order` and `work` hold n
 * positions each. */
void index_tie(double *x, size_t n, double tolerance, uint32_t *order, uint32_t *work);

/* Mid-ranks upwards (1 = smallest; tied values share the mean of their ranks); x has no missing value. */
void index_mid_rank(const double *x, size_t n, double *rank, uint32_t *order, uint32_t *work);

#endif
