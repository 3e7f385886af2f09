/* Random numbers that are the same on every machine: xoshiro256** (Blackman and Vigna 2021), seeded by splitmix64.
 *
 * Every run of an experiment has a stream of its own, made from the seed and the number of the run, so that the
 * result does not depend on which thread does which run. */
#ifndef DIFKIT_INDEX_RANDOM_H
#define DIFKIT_INDEX_RANDOM_H

#include <stdint.h>

struct index_random {
    uint64_t state[4];
};

/* One step of splitmix64: a well-mixed number for every `state`. */
uint64_t index_mix(uint64_t state);

void index_random_start(struct index_random *random, uint64_t seed, uint64_t stream);

/* The next 64 bits. */
static inline uint64_t index_random_bits(struct index_random *random)
{
    uint64_t *s = random->state, result = s[1] * 5, shifted = s[1] << 17;

    result = (result << 7 | result >> 57) * 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = s[3] << 45 | s[3] >> 19;
    return result;
}

/* Uniform in [0, 1): 53 bits. */
static inline double index_random_uniform(struct index_random *random)
{
    return (double)(index_random_bits(random) >> 11) * 0x1p-53;
}

/* Uniform in 0 .. count - 1; the remainder's bias is below count / 2^64. */
static inline uint64_t index_random_below(struct index_random *random, uint64_t count)
{
    return index_random_bits(random) % count;
}

/* A pair of independent standard normals (Marsaglia's polar method). */
void index_random_normals(struct index_random *random, double *first, double *second);

/* A chi-square of `degrees` >= 2 (Marsaglia and Tsang 2000). */
double index_random_chi_square(struct index_random *random, double degrees);

#endif
