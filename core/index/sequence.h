/* Sobol's quasi-random sequence (Sobol 1967; Bratley and Fox 1988), shifted by a seed.
 *
 * Primitive polynomials are found in rising order of degree; the free initial numbers were chosen by a search that
 * keeps the two-dimensional projections of neighbouring dimensions even (tests/bench/index_directions.c). A seed
 * moves all points by one random vector of bits a dimension (a digital shift), which keeps the structure and makes
 * runs with different seeds independent estimates. */
#ifndef DIFKIT_INDEX_SEQUENCE_H
#define DIFKIT_INDEX_SEQUENCE_H

#include <stddef.h>
#include <stdint.h>

enum { INDEX_SEQUENCE_MOST = 256, INDEX_SEQUENCE_BITS = 32 };

struct index_sequence {
    size_t dimensions;
    uint32_t direction[INDEX_SEQUENCE_MOST][INDEX_SEQUENCE_BITS];
    uint32_t shift[INDEX_SEQUENCE_MOST];
};

/* dimensions <= INDEX_SEQUENCE_MOST. */
void index_sequence_start(struct index_sequence *sequence, size_t dimensions, uint64_t seed);

/* Point `number` (from 0) into out[0..dimensions), each in (0, 1). Any point, in any order. */
void index_sequence_point(const struct index_sequence *sequence, uint64_t number, double *out);

/* Direction numbers of one dimension (from 0) for one choice of its initial numbers; used to make the table of
 * choices. */
void index_sequence_directions(size_t dimension, unsigned choice, uint32_t direction[INDEX_SEQUENCE_BITS]);

#endif
