/* When two computed numbers are the same number: the one comparison of ranks, outranking and normalisation.
 *
 * Values that are equal in mathematics come out different in their last digits, in an order that nobody chose. Two values
 * are taken for the same when they differ by no more than the tolerance, relative to the larger of the two: what a third
 * value is does not matter. A difference that cancels to nothing but rounding is zero. */
#ifndef DIFKIT_INDEX_COMPARE_H
#define DIFKIT_INDEX_COMPARE_H

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>

/* The tolerance used where the caller has no other wish: scores that are equal in mathematics differ by rounding
 * alone. */
#define INDEX_TIE_TOLERANCE 1e-12

/* How much of the largest term of a sum its rounding can leave, where the sum itself should be zero. */
#define INDEX_ROUNDING (8 * DBL_EPSILON)

static inline bool index_equal(double a, double b, double tolerance)
{
    double left = fabs(a), right = fabs(b);

    return a == b || fabs(a - b) <= tolerance * (left > right ? left : right);
}

/* `value` is a sum or difference of terms of that magnitude: zero when it is but their rounding. */
static inline double index_settled(double value, double magnitude)
{
    return fabs(value) <= INDEX_ROUNDING * magnitude ? 0 : value;
}

/* sorted[0..n) in rising order: every value becomes the largest of its tied block. Blocks begin at the largest value; first
 * and last of a block are within the tolerance of each other. */
static inline void index_tie_sorted(double *sorted, size_t n, double tolerance)
{
    for (size_t i = n; i-- > 1;)
        if (index_equal(sorted[i], sorted[i - 1], tolerance))
            sorted[i - 1] = sorted[i];
}

#endif
