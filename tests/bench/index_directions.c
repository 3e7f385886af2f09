/* Chooses the initial numbers of the Sobol sequence and prints the table `choices` of core/index/sequence.c.
 *
 * Dimension after dimension takes, of 64 candidate sets of initial numbers, the one whose two-dimensional
 * projections with the 40 dimensions before it are the most even: least sum of the quality parameter t (Niederreiter
 * 1987) over the first 2^6, 2^8 and 2^10 points, each t squared so that one bad projection counts for more than
 * several fair ones. */
#include <stdint.h>
#include <stdio.h>

#include "index/sequence.h"

enum { CANDIDATES = 64, WINDOW = 40 };

/* The generator matrix of `bits` points' worth: row r as a word. */
static void rows_of(const uint32_t direction[INDEX_SEQUENCE_BITS], unsigned bits, uint32_t *rows)
{
    for (unsigned r = 0; r < bits; r++) {
        rows[r] = 0;
        for (unsigned column = 0; column < bits; column++)
            rows[r] |= (direction[column] >> (31 - r) & 1) << column;
    }
}

static int independent(const uint32_t *left, unsigned from_left, const uint32_t *right, unsigned from_right)
{
    uint32_t basis[64];
    unsigned size = 0;

    for (unsigned i = 0; i < from_left + from_right; i++) {
        uint32_t row = i < from_left ? left[i] : right[i - from_left];

        for (unsigned b = 0; b < size; b++)
            if ((row ^ basis[b]) < row)
                row ^= basis[b];
        if (row == 0)
            return 0;
        basis[size++] = row;
    }
    return 1;
}

static unsigned quality(const uint32_t *left, const uint32_t *right, unsigned bits)
{
    for (unsigned strength = bits; strength > 0; strength--) {
        int sound = 1;

        for (unsigned from_left = 0; from_left <= strength && sound; from_left++)
            sound = independent(left, from_left, right, strength - from_left);
        if (sound)
            return bits - strength;
    }
    return bits;
}

int main(void)
{
    static const unsigned sizes[] = {6, 8, 10};
    static uint32_t chosen[INDEX_SEQUENCE_MOST][3][16];

    for (size_t d = 0; d < INDEX_SEQUENCE_MOST; d++) {
        unsigned best = 0;
        unsigned long least = -1ul;

        for (unsigned candidate = 0; candidate < CANDIDATES; candidate++) {
            uint32_t direction[INDEX_SEQUENCE_BITS], rows[3][16];
            unsigned long sum = 0;

            index_sequence_directions(d, candidate, direction);
            for (unsigned s = 0; s < 3; s++)
                rows_of(direction, sizes[s], rows[s]);
            for (size_t other = d > WINDOW ? d - WINDOW : 0; other < d; other++)
                for (unsigned s = 0; s < 3; s++) {
                    unsigned t = quality(chosen[other][s], rows[s], sizes[s]);

                    sum += t * t;
                }
            if (sum < least) {
                least = sum;
                best = candidate;
                for (unsigned s = 0; s < 3; s++)
                    for (unsigned r = 0; r < 16; r++)
                        chosen[d][s][r] = rows[s][r];
            }
        }
        printf("%u,%s", best, d % 24 == 23 ? "\n" : " ");
    }
    printf("\n");
    return 0;
}
