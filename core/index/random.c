/* Seeding. */
#include "index/random.h"

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
