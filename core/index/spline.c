#include "index/spline.h"

#include <math.h>
#include <string.h>

#include "index/dense.h"
#include "index/random.h"
#include "index/sort.h"
#include "index/statistics.h"

enum { MOST_BASES = 13 };

/* A fit in progress: the bases of every unit (n x k), B'B, B'y, and what one penalty made of them. */
struct fit {
    const double *y;
    size_t n, k;
    bool cross_validated;
    double *bases, *fitted;
    double product[MOST_BASES * MOST_BASES], right[MOST_BASES], penalty[MOST_BASES * MOST_BASES];
    double lower[MOST_BASES * MOST_BASES], beta[MOST_BASES];
};

size_t index_spline_work(size_t n)
{
    return n * (MOST_BASES + 3) + 2;
}

/* Cubic B-splines at x on equal knots `step` apart, the first of whose segments begins at `low`. */
static void bases_at(double x, double low, double step, size_t segments, double *bases)
{
    double place = (x - low) / step, t;
    size_t segment = place <= 0 ? 0 : (size_t)place;

    if (segment >= segments)
        segment = segments - 1;
    t = place - (double)segment;
    memset(bases, 0, (segments + 3) * sizeof *bases);
    bases[segment] = (1 - t) * (1 - t) * (1 - t) / 6;
    bases[segment + 1] = (3 * t * t * t - 6 * t * t + 4) / 6;
    bases[segment + 2] = (-3 * t * t * t + 3 * t * t + 3 * t + 1) / 6;
    bases[segment + 3] = t * t * t / 6;
}

static void prepare(struct fit *fit, const double *x, const double *y, size_t n, size_t segments, double *work)
{
    double low, high;

    index_range(x, n, &low, &high);
    memset(fit, 0, sizeof *fit);
    fit->y = y;
    fit->n = n;
    fit->k = segments + 3;
    fit->bases = work;
    fit->fitted = work + n * MOST_BASES;
    for (size_t u = 0; u < n; u++) {
        double *row = fit->bases + u * fit->k;

        bases_at(x[u], low, (high - low) / (double)segments, segments, row);
        for (size_t i = 0; i < fit->k; i++) {
            fit->right[i] += row[i] * y[u];
            for (size_t j = 0; j < fit->k; j++)
                fit->product[i * fit->k + j] += row[i] * row[j];
        }
    }
    for (size_t d = 0; d + 2 < fit->k; d++) {
        static const double difference[3] = {1, -2, 1};

        for (size_t i = 0; i < 3; i++)
            for (size_t j = 0; j < 3; j++)
                fit->penalty[(d + i) * fit->k + d + j] += difference[i] * difference[j];
    }
}

/* Fits with one penalty: coefficients and fitted values. False when the system cannot be solved. */
static bool solve(struct fit *fit, double lambda)
{
    for (size_t i = 0; i < fit->k * fit->k; i++)
        fit->lower[i] = fit->product[i] + lambda * fit->penalty[i];
    if (!index_cholesky(fit->lower, fit->k))
        return false;
    memcpy(fit->beta, fit->right, fit->k * sizeof *fit->beta);
    index_cholesky_solve(fit->lower, fit->k, fit->beta);
    for (size_t u = 0; u < fit->n; u++) {
        fit->fitted[u] = 0;
        for (size_t i = 0; i < fit->k; i++)
            fit->fitted[u] += fit->bases[u * fit->k + i] * fit->beta[i];
    }
    return true;
}

/* The trace of what turns y into the fit that was solved last. */
static double degrees_of(const struct fit *fit)
{
    double degrees = 0;

    for (size_t j = 0; j < fit->k; j++) {
        double column[MOST_BASES];

        for (size_t i = 0; i < fit->k; i++)
            column[i] = fit->product[i * fit->k + j];
        index_cholesky_solve(fit->lower, fit->k, column);
        degrees += column[j];
    }
    return degrees;
}

/* What is to be made small, of log10 of the penalty: the restricted likelihood, or generalised cross-validation. */
static double criterion(struct fit *fit, double exponent)
{
    double lambda = pow(10, exponent), residual = 0, rough = 0;

    if (!solve(fit, lambda))
        return INFINITY;
    for (size_t u = 0; u < fit->n; u++)
        residual += (fit->y[u] - fit->fitted[u]) * (fit->y[u] - fit->fitted[u]);
    if (fit->cross_validated)
        return (double)fit->n * residual / pow((double)fit->n - degrees_of(fit), 2);
    for (size_t d = 0; d + 2 < fit->k; d++) {
        double second = fit->beta[d] - 2 * fit->beta[d + 1] + fit->beta[d + 2];

        rough += second * second;
    }
    return ((double)fit->n - 2) * log(residual + lambda * rough) + index_cholesky_log_determinant(fit->lower, fit->k) -
           ((double)fit->k - 2) * log(lambda);
}

static double golden(struct fit *fit, double low, double high)
{
    const double share = (sqrt(5) - 1) / 2;
    double left = high - share * (high - low), right = low + share * (high - low);
    double at_left = criterion(fit, left), at_right = criterion(fit, right);

    while (high - low > 1e-9) {
        if (at_left < at_right) {
            high = right;
            right = left;
            at_right = at_left;
            left = high - share * (high - low);
            at_left = criterion(fit, left);
        } else {
            low = left;
            left = right;
            at_left = at_right;
            right = low + share * (high - low);
            at_right = criterion(fit, right);
        }
    }
    return (low + high) / 2;
}

/* The penalty that makes the criterion least: on the grid first, since it may have several valleys. */
static double best_exponent(struct fit *fit)
{
    enum { STEPS = 100 };
    double least = INFINITY;
    int best = STEPS;

    for (int step = 0; step <= STEPS; step++) {
        double value = criterion(fit, -4 + step / 10.0);

        if (value < least) {
            least = value;
            best = step;
        }
    }
    if (best == STEPS || fit->cross_validated)
        return -4 + best / 10.0;
    return golden(fit, fmax(-4, -4 + (best - 1) / 10.0), -4 + (best + 1) / 10.0);
}

static enum index_flaw finish(struct fit *fit, double lambda, struct index_spline *out)
{
    double mean_y = index_mean(fit->y, fit->n), mean, explained = 0, all = 0;

    if (!solve(fit, lambda))
        return INDEX_NO_SOLUTION;
    mean = index_mean(fit->fitted, fit->n);
    for (size_t u = 0; u < fit->n; u++) {
        explained += (fit->fitted[u] - mean) * (fit->fitted[u] - mean);
        all += (fit->y[u] - mean_y) * (fit->y[u] - mean_y);
    }
    out->ratio = explained / all;
    out->degrees = degrees_of(fit);
    return INDEX_SOUND;
}

/* Whether there is something to be fitted: enough units, distinct x, y that varies. */
static enum index_flaw check(const double *x, const double *y, size_t n, size_t least, size_t least_distinct, double *work)
{
    size_t distinct = 1;
    double low, high;

    if (n < least)
        return INDEX_TOO_FEW;
    index_range(y, n, &low, &high);
    if (!(high > low))
        return INDEX_CONSTANT;
    index_sorted(x, n, work, work + n);
    for (size_t i = 1; i < n; i++)
        distinct += work[i] > work[i - 1];
    return distinct < least_distinct ? INDEX_TOO_FEW : INDEX_SOUND;
}

enum index_flaw index_spline_ratio(const double *x, const double *y, size_t n, bool cross_validated,
                                   struct index_spline *out, double *work)
{
    enum { SEGMENTS = 10, LEAST = 10, LEAST_DISTINCT = 6 };
    enum index_flaw flaw = check(x, y, n, LEAST, LEAST_DISTINCT, work);
    struct fit fit;

    if (flaw != INDEX_SOUND)
        return flaw;
    prepare(&fit, x, y, n, SEGMENTS, work);
    fit.cross_validated = cross_validated;
    out->lambda = best_exponent(&fit);
    return finish(&fit, pow(10, out->lambda), out);
}

enum index_flaw index_spline_fixed(const double *x, const double *y, size_t n, size_t segments, double lambda,
                                   struct index_spline *out, double *work)
{
    enum index_flaw flaw = check(x, y, n, 3, 2, work);
    struct fit fit;

    if (flaw != INDEX_SOUND || segments < 1 || segments + 3 > MOST_BASES)
        return flaw != INDEX_SOUND ? flaw : INDEX_TOO_FEW;
    prepare(&fit, x, y, n, segments, work);
    out->lambda = log10(lambda);
    return finish(&fit, lambda, out);
}

size_t index_spline_interval(const double *x, const double *y, size_t n, size_t draws, uint64_t seed, double *low,
                             double *high, double *work)
{
    double *left = work, *right = left + n, *found = right + n, *rest = found + 2 * draws;
    size_t there = 0;

    for (size_t draw = 0; draw < draws; draw++) {
        struct index_random random;
        struct index_spline one;

        index_random_start(&random, seed, draw);
        for (size_t i = 0; i < n; i++) {
            size_t unit = (size_t)index_random_below(&random, n);

            left[i] = x[unit];
            right[i] = y[unit];
        }
        if (index_spline_ratio(left, right, n, false, &one, rest) == INDEX_SOUND)
            found[there++] = one.ratio;
    }
    index_sort(found, there, found + draws);
    *low = index_quantile(found, there, 0.025);
    *high = index_quantile(found, there, 0.975);
    return draws - there;
}
