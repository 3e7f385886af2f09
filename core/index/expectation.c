#include "index/expectation.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "index/dense.h"
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

enum index_flaw index_expect(const double *const *columns, size_t k, size_t n, struct index_expectation *out, double *work)
{
    enum { MOST_ROUNDS = 5000 };
    struct expectation e = {.k = k, .n = n, .z = work};
    double *extra, moved = INFINITY;
    enum index_flaw flaw;

    e.centre = e.z + n * k;
    e.scale = e.centre + k;
    e.mean = e.scale + k;
    e.sum = e.mean + k;
    e.row = e.sum + k;
    e.coefficients = e.row + k;
    e.covariance = e.coefficients + k;
    e.products = e.covariance + k * k;
    e.lower = e.products + k * k;
    extra = e.lower + k * k;
    e.there = (size_t *)(void *)(extra + k * k);
    flaw = standardise(&e, columns);
    if (flaw != INDEX_SOUND)
        return flaw;
    for (out->rounds = 0; moved > 1e-10 && out->rounds < MOST_ROUNDS; out->rounds++)
        if (!run_round(&e, extra, &moved))
            return INDEX_NO_SOLUTION;
    return moved <= 1e-10 && finish(&e, columns, out, extra) ? INDEX_SOUND : INDEX_NO_SOLUTION;
}
