/* Direction numbers and points. */
#include "index/sequence.h"

#include <stdbool.h>
#include <string.h>

#include "index/random.h"

/* For each dimension, which of its candidate sets of initial numbers the search took. */
static const uint8_t choices[INDEX_SEQUENCE_MOST] = {
    0, 0, 0, 8, 0, 30, 26, 27, 22, 55, 38, 23, 40, 9, 17, 55, 54, 38, 25, 28, 17, 38, 10, 4,
    2, 30, 59, 15, 42, 12, 19, 7, 22, 62, 4, 9, 16, 20, 2, 12, 56, 47, 55, 11, 17, 56, 25, 56,
    27, 37, 1, 8, 57, 14, 31, 39, 21, 1, 54, 2, 19, 37, 22, 35, 4, 46, 59, 45, 25, 26, 38, 8,
    54, 34, 60, 49, 57, 12, 57, 34, 9, 36, 1, 57, 63, 24, 35, 8, 29, 62, 47, 2, 38, 22, 50, 11,
    57, 50, 13, 39, 31, 9, 50, 18, 21, 25, 47, 28, 28, 45, 22, 21, 48, 28, 20, 21, 16, 50, 58, 18,
    42, 19, 57, 53, 46, 22, 37, 28, 39, 30, 37, 20, 43, 63, 3, 12, 29, 53, 5, 22, 2, 49, 42, 13,
    5, 30, 36, 10, 35, 46, 38, 49, 56, 62, 47, 63, 53, 49, 49, 62, 48, 48, 23, 63, 13, 57, 2, 62,
    9, 0, 39, 18, 3, 52, 18, 52, 8, 31, 3, 27, 1, 30, 7, 10, 6, 18, 10, 40, 11, 22, 15, 41,
    41, 7, 26, 28, 2, 55, 14, 25, 45, 60, 0, 29, 10, 8, 60, 36, 5, 57, 47, 42, 25, 14, 10, 21,
    29, 15, 21, 47, 33, 41, 3, 4, 40, 4, 10, 39, 18, 62, 56, 10, 14, 41, 2, 52, 57, 63, 33, 30,
    58, 41, 59, 55, 46, 13, 60, 22, 2, 61, 9, 60, 15, 8, 24, 21,
};

/* a * b modulo the polynomial `modulus` of `degree` over GF(2). */
static uint32_t multiply(uint32_t a, uint32_t b, uint32_t modulus, unsigned degree)
{
    uint32_t result = 0;

    for (; b != 0; b >>= 1) {
        if (b & 1)
            result ^= a;
        a <<= 1;
        if (a >> degree & 1)
            a ^= modulus;
    }
    return result;
}

static uint32_t power(uint32_t exponent, uint32_t modulus, unsigned degree)
{
    uint32_t result = 1, base = degree == 1 ? 2 ^ modulus : 2;

    for (; exponent != 0; exponent >>= 1) {
        if (exponent & 1)
            result = multiply(result, base, modulus, degree);
        base = multiply(base, base, modulus, degree);
    }
    return result;
}

/* Whether x has the full order 2^degree - 1 modulo the polynomial. */
static bool is_primitive(uint32_t polynomial, unsigned degree)
{
    uint32_t order = (UINT32_C(1) << degree) - 1, rest = order;

    if (power(order, polynomial, degree) != 1)
        return false;
    for (uint32_t factor = 2; rest > 1; factor++) {
        if (rest % factor != 0)
            continue;
        while (rest % factor == 0)
            rest /= factor;
        if (power(order / factor, polynomial, degree) == 1)
            return false;
    }
    return true;
}

/* The number-th (from 0) primitive polynomial in rising order, with its degree: x + 1, x^2 + x + 1, x^3 + x + 1, … */
static uint32_t primitive(size_t number, unsigned *degree)
{
    uint32_t polynomial = 3;

    for (*degree = 1;; polynomial += 2) {
        if (polynomial >> (*degree + 1) != 0)
            ++*degree;
        if (is_primitive(polynomial, *degree) && number-- == 0)
            return polynomial;
    }
}

static void directions(uint32_t polynomial, unsigned degree, size_t dimension, unsigned choice,
                       uint32_t direction[INDEX_SEQUENCE_BITS])
{
    struct index_random random;

    index_random_start(&random, 1967 + dimension, choice);
    for (unsigned i = 0; i < INDEX_SEQUENCE_BITS; i++) {
        if (i < degree) {
            /* an odd number below 2^(i+1), placed at the top */
            uint32_t initial = (uint32_t)(index_random_bits(&random) >> 32) >> (31 - i) | 1;

            direction[i] = initial << (31 - i);
            continue;
        }
        direction[i] = direction[i - degree] ^ direction[i - degree] >> degree;
        for (unsigned j = 1; j < degree; j++)
            if (polynomial >> (degree - j) & 1)
                direction[i] ^= direction[i - j];
    }
}

void index_sequence_directions(size_t dimension, unsigned choice, uint32_t direction[INDEX_SEQUENCE_BITS])
{
    unsigned degree;
    uint32_t polynomial;

    if (dimension == 0) {
        for (unsigned i = 0; i < INDEX_SEQUENCE_BITS; i++)
            direction[i] = UINT32_C(1) << (31 - i);
        return;
    }
    polynomial = primitive(dimension - 1, &degree);
    directions(polynomial, degree, dimension, choice, direction);
}

void index_sequence_start(struct index_sequence *sequence, size_t dimensions, uint64_t seed)
{
    struct index_random random;
    uint32_t polynomial = 1;
    unsigned degree = 1;

    index_random_start(&random, seed, UINT64_MAX);
    sequence->dimensions = dimensions;
    for (size_t d = 0; d < dimensions; d++) {
        if (d == 0) {
            index_sequence_directions(0, 0, sequence->direction[0]);
        } else {
            do {
                polynomial += 2;
                if (polynomial >> (degree + 1) != 0)
                    degree++;
            } while (!is_primitive(polynomial, degree));
            directions(polynomial, degree, d, choices[d], sequence->direction[d]);
        }
        sequence->shift[d] = (uint32_t)(index_random_bits(&random) >> 32);
    }
}

void index_sequence_point(const struct index_sequence *sequence, uint64_t number, double *out)
{
    /* Gray code: neighbouring points differ in one direction number. */
    uint64_t gray = number ^ number >> 1;

    for (size_t d = 0; d < sequence->dimensions; d++) {
        uint32_t bits = sequence->shift[d];

        for (unsigned i = 0; i < INDEX_SEQUENCE_BITS && gray >> i != 0; i++)
            if (gray >> i & 1)
                bits ^= sequence->direction[d][i];
        out[d] = ((double)bits + 0.5) * 0x1p-32;
    }
}
