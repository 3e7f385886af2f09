/* Seeding, and what is not uniform. */
#include "index/random.h"

#include <math.h>

uint64_t index_mix(uint64_t state)
{
    uint64_t z = state + UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

void index_random_start(struct index_random *random, uint64_t seed, uint64_t stream)
{
    uint64_t base = index_mix(seed) ^ index_mix(stream * UINT64_C(0xd1342543de82ef95) + 1);

    for (int i = 0; i < 4; i++)
        random->state[i] = index_mix(base + (uint64_t)i * UINT64_C(0x9e3779b97f4a7c15));
}

void index_random_normals(struct index_random *random, double *first, double *second)
{
    double u, v, square;

    do {
        u = 2 * index_random_uniform(random) - 1;
        v = 2 * index_random_uniform(random) - 1;
        square = u * u + v * v;
    } while (square >= 1 || square == 0);
    *first = u * sqrt(-2 * log(square) / square);
    *second = v * sqrt(-2 * log(square) / square);
}

double index_random_chi_square(struct index_random *random, double degrees)
{
    double d = degrees / 2 - 1.0 / 3, c = 1 / sqrt(9 * d);

    for (;;) {
        double x, spare, v, u;

        index_random_normals(random, &x, &spare);
        v = 1 + c * x;
        if (v <= 0)
            continue;
        v = v * v * v;
        u = index_random_uniform(random);
        if (log(u) < x * x / 2 + d - d * v + d * log(v))
            return 2 * d * v;
    }
}
