#include "index/expectation.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "index/dense.h"
#include "index/random.h"
#include "index/statistics.h"

size_t index_expectation_work(size_t k, size_t n)
{
    return n * k + 4 * k * k + 7 * k + 1;
}

/* The columns in standard units, and the state of the iteration. */
struct expectation {
    size_t k, n, units;
    double *z, *centre, *scale, *mean, *covariance, *sum, *products, *lower, *coefficients, *row;
    size_t *there; /* the columns that a unit has */
};

static bool is_empty(const struct expectation *e, size_t u)
{
    for (size_t q = 0; q < e->k; q++)
        if (!isnan(e->z[q * e->n + u]))
            return false;
    return true;
}

static enum index_flaw standardise(struct expectation *e, const double *const *columns)
{
    memset(e->covariance, 0, e->k * e->k * sizeof *e->covariance);
    for (size_t q = 0; q < e->k; q++) {
        size_t count = index_available(columns[q], e->n);
        double variance;

        e->centre[q] = index_mean(columns[q], e->n);
        e->scale[q] = index_deviation(columns[q], e->n);
        if (count == 0)
            return INDEX_EMPTY;
        if (count < 2)
            return INDEX_TOO_FEW;
        if (!(e->scale[q] > 0))
            return INDEX_CONSTANT;
        for (size_t u = 0; u < e->n; u++)
            e->z[q * e->n + u] = (columns[q][u] - e->centre[q]) / e->scale[q];
        variance = ((double)count - 1) / (double)count;
        e->mean[q] = 0;
        e->covariance[q * e->k + q] = variance;
    }
    for (size_t u = 0; u < e->n; u++)
        e->units += !is_empty(e, u);
    return e->units < e->k + 2 ? INDEX_TOO_FEW : INDEX_SOUND;
}

/* What is expected of one unit: its row less the means, and what the missing parts add to the products (`extra`, k x k).
 * False when the covariances of what is there are singular. */
static bool expect_unit(struct expectation *e, size_t u, double *extra)
{
    size_t k = e->k, seen = 0, *at = e->there;

    for (size_t q = 0; q < k; q++) {
        double value = e->z[q * e->n + u];

        e->row[q] = isnan(value) ? 0 : value - e->mean[q];
        if (!isnan(value))
            at[seen++] = q;
    }
    memset(extra, 0, k * k * sizeof *extra);
    if (seen == k)
        return true;
    for (size_t i = 0; i < seen; i++)
        for (size_t j = 0; j < seen; j++)
            e->lower[i * seen + j] = e->covariance[at[i] * k + at[j]];
    if (!index_cholesky(e->lower, seen))
        return false;
    for (size_t m = 0; m < k; m++) {
        double *b = e->coefficients;

        if (!isnan(e->z[m * e->n + u]))
            continue;
        for (size_t i = 0; i < seen; i++)
            b[i] = e->covariance[m * k + at[i]];
        index_cholesky_solve(e->lower, seen, b);
        for (size_t i = 0; i < seen; i++)
            e->row[m] += b[i] * e->row[at[i]];
        for (size_t l = 0; l < k; l++) {
            if (!isnan(e->z[l * e->n + u]))
                continue;
            extra[m * k + l] = e->covariance[m * k + l];
            for (size_t i = 0; i < seen; i++)
                extra[m * k + l] -= b[i] * e->covariance[at[i] * k + l];
        }
    }
    return true;
}

/* One round; *moved is the largest change of a mean or a covariance. */
static bool run_round(struct expectation *e, double *extra, double *moved)
{
    size_t k = e->k;
    double units = (double)e->units;

    memset(e->sum, 0, k * sizeof *e->sum);
    memset(e->products, 0, k * k * sizeof *e->products);
    for (size_t u = 0; u < e->n; u++) {
        if (is_empty(e, u))
            continue;
        if (!expect_unit(e, u, extra))
            return false;
        for (size_t i = 0; i < k; i++) {
            e->sum[i] += e->row[i];
            for (size_t j = 0; j < k; j++)
                e->products[i * k + j] += e->row[i] * e->row[j] + extra[i * k + j];
        }
    }
    *moved = 0;
    for (size_t i = 0; i < k; i++) {
        for (size_t j = 0; j < k; j++) {
            double now = e->products[i * k + j] / units - e->sum[i] / units * (e->sum[j] / units);

            *moved = fmax(*moved, fabs(now - e->covariance[i * k + j]));
            e->covariance[i * k + j] = now;
        }
        *moved = fmax(*moved, fabs(e->sum[i] / units));
    }
    for (size_t i = 0; i < k; i++)
        e->mean[i] += e->sum[i] / units;
    return true;
}

/* Out of standard units. */
static bool finish(struct expectation *e, const double *const *columns, struct index_expectation *out, double *extra)
{
    for (size_t u = 0; u < e->n; u++) {
        bool empty = is_empty(e, u);

        if (!empty && !expect_unit(e, u, extra))
            return false;
        for (size_t q = 0; q < e->k; q++) {
            bool missing = isnan(columns[q][u]);

            out->filled[q * e->n + u] = !missing ? columns[q][u]
                                        : empty  ? NAN
                                                 : e->centre[q] + e->scale[q] * (e->row[q] + e->mean[q]);
            out->spread[q * e->n + u] = !missing ? 0 : empty ? NAN : e->scale[q] * sqrt(fmax(0, extra[q * e->k + q]));
        }
    }
    for (size_t i = 0; i < e->k; i++) {
        out->mean[i] = e->centre[i] + e->scale[i] * e->mean[i];
        for (size_t j = 0; j < e->k; j++)
            out->covariance[i * e->k + j] = e->scale[i] * e->scale[j] * e->covariance[i * e->k + j];
    }
    return true;
}

/* Lays out the memory of an estimate; `extra` is k x k of it. */
static double *lay_out(struct expectation *e, double *work)
{
    size_t k = e->k;
    double *extra;

    e->z = work;
    e->centre = e->z + e->n * k;
    e->scale = e->centre + k;
    e->mean = e->scale + k;
    e->sum = e->mean + k;
    e->row = e->sum + k;
    e->coefficients = e->row + k;
    e->covariance = e->coefficients + k;
    e->products = e->covariance + k * k;
    e->lower = e->products + k * k;
    extra = e->lower + k * k;
    e->there = (size_t *)(void *)(extra + k * k);
    return extra;
}

/* Means and covariances that the data make the likeliest. */
static enum index_flaw estimate(struct expectation *e, const double *const *columns, double *extra, size_t *rounds)
{
    enum { MOST_ROUNDS = 5000 };
    enum index_flaw flaw = standardise(e, columns);
    double moved = INFINITY;

    if (flaw != INDEX_SOUND)
        return flaw;
    for (*rounds = 0; moved > 1e-10 && *rounds < MOST_ROUNDS; ++*rounds)
        if (!run_round(e, extra, &moved))
            return INDEX_NO_SOLUTION;
    return moved <= 1e-10 ? INDEX_SOUND : INDEX_NO_SOLUTION;
}

enum index_flaw index_expect(const double *const *columns, size_t k, size_t n, struct index_expectation *out, double *work)
{
    struct expectation e = {.k = k, .n = n};
    double *extra = lay_out(&e, work);
    enum index_flaw flaw = estimate(&e, columns, extra, &out->rounds);

    if (flaw != INDEX_SOUND)
        return flaw;
    return finish(&e, columns, out, extra) ? INDEX_SOUND : INDEX_NO_SOLUTION;
}

/* Draws -------------------------------------------------------------------------------------------------------------- */

static void fill_normals(struct index_random *random, double *z, size_t count)
{
    double spare;

    for (size_t i = 0; i < count; i += 2)
        index_random_normals(random, &z[i], i + 1 < count ? &z[i + 1] : &spare);
}

/* The gaps of every unit, drawn given means and covariances, into filled (k x n, in standard units). */
static bool draw_gaps(struct expectation *e, struct index_random *random, double *extra, double *filled, double *normals)
{
    size_t k = e->k, n = e->n;

    for (size_t u = 0; u < n; u++) {
        size_t count = 0, *at = e->there;

        if (is_empty(e, u))
            continue;
        if (!expect_unit(e, u, extra))
            return false;
        for (size_t q = 0; q < k; q++) {
            filled[q * n + u] = e->row[q] + e->mean[q];
            if (isnan(e->z[q * n + u]))
                at[count++] = q;
        }
        for (size_t i = 0; i < count; i++)
            for (size_t j = 0; j < count; j++)
                e->lower[i * count + j] = extra[at[i] * k + at[j]];
        if (count > 0 && !index_cholesky(e->lower, count))
            return false;
        fill_normals(random, normals, count);
        for (size_t i = 0; i < count; i++)
            for (size_t j = 0; j <= i; j++)
                filled[at[i] * n + u] += e->lower[i * count + j] * normals[j];
    }
    return true;
}

/* Means and covariances, drawn given filled data: covariances from the inverted Wishart distribution of the sums of products
 * with units - 1 degrees of freedom (Bartlett's decomposition), means around those of the data. */
static bool draw_parameters(struct expectation *e, struct index_random *random, const double *filled, double *triangle,
                            double *normals)
{
    size_t k = e->k, n = e->n;
    double units = (double)e->units;

    for (size_t i = 0; i < k; i++) {
        e->sum[i] = 0;
        for (size_t u = 0; u < n; u++)
            e->sum[i] += is_empty(e, u) ? 0 : filled[i * n + u] / units;
    }
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++) {
            e->products[i * k + j] = 0;
            for (size_t u = 0; u < n; u++)
                if (!is_empty(e, u))
                    e->products[i * k + j] += (filled[i * n + u] - e->sum[i]) * (filled[j * n + u] - e->sum[j]);
        }
    if (!index_cholesky(e->products, k))
        return false;
    for (size_t i = 0; i < k; i++) {
        fill_normals(random, triangle + i * k, i);
        triangle[i * k + i] = sqrt(index_random_chi_square(random, units - 1 - (double)i));
    }
    /* Row i of the root of the covariances solves triangle m = (row i of the factor of the products). */
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++) {
            double value = j <= i ? e->products[i * k + j] : 0;

            for (size_t l = 0; l < j; l++)
                value -= triangle[j * k + l] * e->lower[i * k + l];
            e->lower[i * k + j] = value / triangle[j * k + j];
        }
    fill_normals(random, normals, k);
    for (size_t i = 0; i < k; i++) {
        e->mean[i] = e->sum[i];
        for (size_t j = 0; j < k; j++) {
            e->mean[i] += e->lower[i * k + j] * normals[j] / sqrt(units);
            e->covariance[i * k + j] = 0;
            for (size_t l = 0; l < k; l++)
                e->covariance[i * k + j] += e->lower[i * k + l] * e->lower[j * k + l];
        }
    }
    return true;
}

size_t index_augment_work(size_t k, size_t n)
{
    return index_expectation_work(k, n) + k * n + k * k + k;
}

enum index_flaw index_augment(const double *const *columns, size_t k, size_t n, size_t draws, size_t between, uint64_t seed,
                              double *drawn, double *work)
{
    struct expectation e = {.k = k, .n = n};
    double *filled = work + index_expectation_work(k, n), *triangle = filled + k * n, *normals = triangle + k * k;
    double *extra = lay_out(&e, work);
    struct index_random random;
    size_t rounds;
    enum index_flaw flaw = estimate(&e, columns, extra, &rounds);

    if (flaw != INDEX_SOUND)
        return flaw;
    index_random_start(&random, seed, 0);
    for (size_t i = 0; i < k * n; i++)
        filled[i] = NAN;
    for (size_t d = 0; d < draws; d++) {
        for (size_t step = 0; step < between; step++)
            if (!draw_gaps(&e, &random, extra, filled, normals) || !draw_parameters(&e, &random, filled, triangle, normals))
                return INDEX_NO_SOLUTION;
        for (size_t i = 0; i < k * n; i++)
            drawn[d * k * n + i] =
                isnan(columns[i / n][i % n]) ? e.centre[i / n] + e.scale[i / n] * filled[i] : columns[i / n][i % n];
    }
    return INDEX_SOUND;
}
