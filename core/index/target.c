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

/* The nearest weights by the shares themselves: what the closed form only comes near when it is out of reach. */
struct nearest {
    const double *covariance, *target;
    size_t k;
    double *loading; /* z = C w / sqrt(diagonal) */
    double *slope;   /* of each share by each weight, k x k */
    double *normal, *step;
    double *tried, *tried_share;
};

size_t index_target_direct_work(size_t k)
{
    return 2 * k * k + 6 * k + 1;
}

/* Signed shares under weights, and the sum of squares by which they miss the target. */
static double miss(const struct nearest *at, const double *weights, double *share)
{
    size_t k = at->k;
    double sum = 0, gap = 0;

    for (size_t i = 0; i < k; i++) {
        at->loading[i] = 0;
        for (size_t j = 0; j < k; j++)
            at->loading[i] += at->covariance[i * k + j] * weights[j];
        at->loading[i] /= sqrt(at->covariance[i * k + i]);
        sum += at->loading[i] * at->loading[i];
    }
    for (size_t i = 0; i < k; i++) {
        share[i] = at->loading[i] * fabs(at->loading[i]) / sum;
        gap += (share[i] - at->target[i]) * (share[i] - at->target[i]);
    }
    return isfinite(gap) ? gap : INFINITY;
}

/* d share / d weight where `loading` stands. */
static void slopes(const struct nearest *at, const double *share)
{
    size_t k = at->k;
    double sum = 0;

    for (size_t i = 0; i < k; i++)
        sum += at->loading[i] * at->loading[i];
    for (size_t j = 0; j < k; j++) {
        double total = 0; /* half of d sum / d w_j */

        for (size_t i = 0; i < k; i++)
            total += at->loading[i] * at->covariance[i * k + j] / sqrt(at->covariance[i * k + i]);
        for (size_t i = 0; i < k; i++) {
            double root = at->covariance[i * k + j] / sqrt(at->covariance[i * k + i]);

            at->slope[i * k + j] = 2 * (fabs(at->loading[i]) * root - share[i] * total) / sum;
        }
    }
}

/* A damped step (Levenberg and Marquardt) over the weights that are above zero or want to rise, cut off at zero, into
 * `tried`. False when nothing may move. */
static bool damped_step(const struct nearest *at, const double *weights, const double *share, double damping)
{
    size_t k = at->k, count = 0, free_at[64];

    for (size_t j = 0; j < k; j++) {
        double down = 0;

        for (size_t i = 0; i < k; i++)
            down -= at->slope[i * k + j] * (share[i] - at->target[i]);
        if (weights[j] > 0 || down > 0) {
            at->step[count] = down;
            free_at[count++] = j;
        }
    }
    for (size_t a = 0; a < count; a++)
        for (size_t b = 0; b <= a; b++) {
            double sum = a == b ? damping : 0;

            for (size_t i = 0; i < k; i++)
                sum += at->slope[i * k + free_at[a]] * at->slope[i * k + free_at[b]];
            at->normal[a * count + b] = at->normal[b * count + a] = sum;
        }
    if (count == 0 || !index_cholesky(at->normal, count))
        return false;
    index_cholesky_solve(at->normal, count, at->step);
    memcpy(at->tried, weights, k * sizeof *weights);
    for (size_t a = 0; a < count; a++)
        at->tried[free_at[a]] = fmax(0, weights[free_at[a]] + at->step[a]);
    return scale_to_one(at->tried, k) == INDEX_SOUND;
}

/* Goes down from `weights` as far as it goes; gives the gap there. */
static double descend(const struct nearest *at, double *weights, double *share)
{
    enum { MOST_STEPS = 400 };
    double gap = miss(at, weights, share), damping = 1e-3;

    for (int step = 0; step < MOST_STEPS && gap > 1e-26 && damping < 1e10; step++) {
        double tried;

        miss(at, weights, share);
        slopes(at, share);
        tried = damped_step(at, weights, share, damping) ? miss(at, at->tried, at->tried_share) : INFINITY;
        if (tried < gap) {
            bool settled = gap - tried < 1e-16 * gap;

            memcpy(weights, at->tried, at->k * sizeof *weights);
            memcpy(share, at->tried_share, at->k * sizeof *share);
            gap = tried;
            damping = fmax(1e-12, damping / 5);
            if (settled)
                break;
        } else {
            damping *= 4;
        }
    }
    return gap;
}

enum index_flaw index_target_direct(const double *covariance, const double *target, size_t k, double *weights, double *share,
                                    double *gap, double *work)
{
    enum { MOST_CORNERS = 16 };
    double *from = work + 2 * k * k + 4 * k, *from_share = from + k;
    struct nearest at = {covariance,
                         target,
                         k,
                         work,
                         work + k,
                         work + k + k * k,
                         work + k + 2 * k * k,
                         work + 2 * k + 2 * k * k,
                         work + 3 * k + 2 * k * k};

    if (k > 64)
        return INDEX_TOO_LARGE;
    *gap = descend(&at, weights, share);
    /* From equal weights, and from each corner half way: with half of all weight on one indicator. */
    for (size_t start = 0; start <= k && start <= MOST_CORNERS; start++) {
        double found;

        for (size_t i = 0; i < k; i++)
            from[i] = (start == k || k == 1 ? 1.0 / (double)k : i == start ? 0.5 : 0.5 / (double)(k - 1));
        found = descend(&at, from, from_share);
        if (found < *gap) {
            *gap = found;
            memcpy(weights, from, k * sizeof *weights);
            memcpy(share, from_share, k * sizeof *share);
        }
    }
    return isfinite(*gap) ? INDEX_SOUND : INDEX_NO_SOLUTION;
}
