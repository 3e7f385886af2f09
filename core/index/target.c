#include "index/target.h"

#include <math.h>
#include <string.h>

#include "index/dense.h"

size_t index_target_work(size_t k)
{
    return 4 * k * k + 5 * k + 1;
}

/* Solves the least squares over the columns that are open; the others get 0. */
static bool solve_free(const double *normal, const double *right, const bool *open, size_t k, double *solution, double *work)
{
    double *small = work, *b = work + k * k;
    size_t count = 0;

    for (size_t i = 0; i < k; i++) {
        size_t column = 0;

        if (!open[i])
            continue;
        for (size_t j = 0; j < k; j++)
            if (open[j])
                small[count * k + column++] = normal[i * k + j];
        b[count++] = right[i];
    }
    for (size_t i = 0; i < count; i++) /* rows of k become rows of count */
        memmove(small + i * count, small + i * k, count * sizeof *small);
    if (!index_cholesky(small, count))
        return false;
    index_cholesky_solve(small, count, b);
    count = 0;
    for (size_t i = 0; i < k; i++)
        solution[i] = open[i] ? b[count++] : 0;
    return true;
}

/* Goes from `x` towards `wanted` until the first of the open ones reaches zero, and closes it. True when `wanted` is
 * reached. */
static bool step_to(double *x, const double *wanted, bool *open, size_t k)
{
    double share = 1;

    for (size_t i = 0; i < k; i++)
        if (open[i] && wanted[i] <= 0)
            share = fmin(share, x[i] / (x[i] - wanted[i]));
    for (size_t i = 0; i < k; i++) {
        bool leaves = open[i] && wanted[i] <= 0;

        x[i] += share * (wanted[i] - x[i]);
        if (leaves && x[i] <= 1e-14) {
            open[i] = false;
            x[i] = 0;
        }
    }
    return share >= 1;
}

/* Lawson and Hanson (1974), on the normal equations. */
static enum index_flaw least_squares(const double *normal, const double *right, size_t k, double *x, double *work)
{
    enum { MOST_ROUNDS = 1000 };
    double *wanted = work, *scratch = work + k;
    bool open[64] = {false};

    if (k > sizeof open / sizeof open[0])
        return INDEX_TOO_LARGE;
    memset(x, 0, k * sizeof *x);
    for (int round = 0; round < MOST_ROUNDS; round++) {
        size_t best = k;
        double steepest = 1e-12;

        for (size_t i = 0; i < k; i++) {
            double slope = right[i];

            for (size_t j = 0; j < k; j++)
                slope -= normal[i * k + j] * x[j];
            if (!open[i] && slope > steepest) {
                steepest = slope;
                best = i;
            }
        }
        if (best == k)
            return INDEX_SOUND;
        open[best] = true;
        for (int inner = 0; inner < MOST_ROUNDS; inner++) {
            if (!solve_free(normal, right, open, k, wanted, scratch))
                return INDEX_NO_SOLUTION;
            if (step_to(x, wanted, open, k))
                break;
        }
    }
    return INDEX_NO_SOLUTION;
}

static enum index_flaw scale_to_one(double *weights, size_t k)
{
    double sum = 0;

    for (size_t i = 0; i < k; i++)
        sum += weights[i];
    if (sum == 0)
        return INDEX_NO_SOLUTION;
    for (size_t i = 0; i < k; i++)
        weights[i] /= sum;
    return INDEX_SOUND;
}

/* r² of each indicator with the weighted mean, as a share of their sum. */
static void importance(const double *covariance, const double *weights, size_t k, double *share)
{
    double sum = 0;

    for (size_t i = 0; i < k; i++) {
        double with = 0;

        for (size_t j = 0; j < k; j++)
            with += covariance[i * k + j] * weights[j];
        share[i] = with * with / covariance[i * k + i];
        sum += share[i];
    }
    for (size_t i = 0; i < k; i++)
        share[i] /= sum;
}

enum index_flaw index_target_weights(const double *covariance, const double *target, size_t k, double *closed, double *best,
                                     double *share, bool *reachable, double *work)
{
    double *lower = work, *normal = lower + k * k, *right = normal + k * k, *scratch = right + k;
    enum index_flaw flaw;

    memcpy(lower, covariance, k * k * sizeof *lower);
    if (!index_cholesky(lower, k))
        return INDEX_NO_SOLUTION;
    for (size_t i = 0; i < k; i++) {
        closed[i] = sqrt(target[i] * covariance[i * k + i]);
        right[i] = 0;
        for (size_t j = 0; j < k; j++) {
            double root = sqrt(covariance[j * k + j]);

            right[i] += covariance[j * k + i] / root * sqrt(target[j]);
            normal[i * k + j] = 0;
            for (size_t l = 0; l < k; l++)
                normal[i * k + j] += covariance[l * k + i] * covariance[l * k + j] / covariance[l * k + l];
        }
    }
    index_cholesky_solve(lower, k, closed);
    flaw = scale_to_one(closed, k);
    if (flaw == INDEX_SOUND)
        flaw = least_squares(normal, right, k, best, scratch);
    if (flaw == INDEX_SOUND)
        flaw = scale_to_one(best, k);
    if (flaw != INDEX_SOUND)
        return flaw;
    *reachable = true;
    for (size_t i = 0; i < k; i++)
        *reachable = *reachable && closed[i] >= 0;
    importance(covariance, best, k, share);
    return INDEX_SOUND;
}
