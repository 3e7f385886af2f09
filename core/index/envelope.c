/* One linear programme a unit. */
#include "index/envelope.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "index/simplex.h"

size_t index_envelope_work(size_t k, size_t n)
{
    size_t rows = n + 2 * k;

    return rows * k + rows + 3 * k + index_simplex_work(rows, k);
}

/* A problem over all columns; that of a unit is over the columns that it has. */
struct envelope {
    const double *const *columns;
    const uint8_t *left_out;
    const double *lower, *upper;
    const double
        *scale; /* of each column a power of two near its largest value, so that the programme is of plain numbers */
    size_t k, n;
};

static bool takes_part(const struct envelope *envelope, size_t c)
{
    return envelope->left_out == NULL || !envelope->left_out[c];
}

static double power_of_two_near(double value)
{
    int exponent;

    if (!(value > 0))
        return 1;
    (void)frexp(value, &exponent);
    return ldexp(1, exponent);
}

static enum index_flaw check_bounds(const struct envelope *envelope)
{
    double low = 0, high = 0;

    for (size_t q = 0; q < envelope->k; q++) {
        low += envelope->lower != NULL ? envelope->lower[q] : 0;
        high += envelope->upper != NULL ? envelope->upper[q] : 1;
    }
    return low > 1 + 1e-12 || high < 1 - 1e-12 ? INDEX_NO_RANGE : INDEX_SOUND;
}

/* The constraints of a unit that has the columns own[0..count): one a unit, and the bounds of its weights. Its variables
 * are weights times the scales of their columns. */
static size_t constraints(const struct envelope *envelope, const size_t *own, size_t count, double *a, double *b)
{
    double wider = (double)envelope->k / (double)count, most = 0;
    size_t rows = 0;

    for (size_t c = 0; c < envelope->n; c++) {
        if (!takes_part(envelope, c))
            continue;
        for (size_t i = 0; i < count; i++) {
            double value = envelope->columns[own[i]][c];

            a[rows * count + i] = isnan(value) ? 0 : value / envelope->scale[own[i]];
        }
        b[rows++] = 1;
    }
    for (size_t i = 0; i < count; i++)
        most = fmax(most, envelope->scale[own[i]]);
    for (size_t i = 0; i < count; i++) {
        double low = envelope->lower != NULL ? fmin(1, wider * envelope->lower[own[i]]) : 0;
        double high = envelope->upper != NULL ? fmin(1, wider * envelope->upper[own[i]]) : 1;

        if (low > 0) {
            for (size_t j = 0; j < count; j++)
                a[rows * count + j] = (low - (j == i)) * (most / envelope->scale[own[j]]);
            b[rows++] = 0;
        }
        if (high < 1) {
            for (size_t j = 0; j < count; j++)
                a[rows * count + j] = ((j == i) - high) * (most / envelope->scale[own[j]]);
            b[rows++] = 0;
        }
    }
    return rows;
}

/* The programme of unit c over own[0..count); `shares` of all columns may be NULL. */
static enum index_flaw solve(const struct envelope *envelope, size_t c, const size_t *own, size_t count, double *score,
                             double *shares, double *work)
{
    size_t k = envelope->k, n = envelope->n;
    double *a = work, *b = a + (n + 2 * k) * k, *goal = b + n + 2 * k, *w = goal + k, *scratch = w + k;
    double most = 0, least = INFINITY, sum = 0, unit;
    enum index_flaw flaw;
    size_t rows = constraints(envelope, own, count, a, b);

    for (size_t i = 0; i < count; i++) {
        goal[i] = envelope->columns[own[i]][c] / envelope->scale[own[i]];
        most = fmax(most, goal[i]);
        least = fmin(least, envelope->scale[own[i]]);
    }
    /* A small unit has a small goal, which the tolerance of the simplex method must not take for none. */
    unit = power_of_two_near(most);
    for (size_t i = 0; i < count; i++)
        goal[i] /= unit;
    flaw = index_simplex(a, b, goal, rows, count, w, score, scratch);
    if (flaw != INDEX_SOUND)
        return flaw;
    *score *= unit;
    for (size_t i = 0; i < count; i++)
        sum += w[i] * (least / envelope->scale[own[i]]);
    for (size_t i = 0; i < count && shares != NULL && sum > 0; i++)
        shares[own[i]] = w[i] * (least / envelope->scale[own[i]]) / sum;
    return INDEX_SOUND;
}

enum index_flaw index_envelope(const double *const *columns, size_t k, size_t n, const uint8_t *left_out,
                               const double *lower, const double *upper, double *score, double *weights, double *work)
{
    struct envelope envelope = {.columns = columns, .left_out = left_out, .lower = lower, .upper = upper, .scale = work,
                                .k = k, .n = n};
    enum index_flaw flaw = check_bounds(&envelope);
    size_t own[INDEX_ENVELOPE_MOST], solved = 0;

    if (flaw != INDEX_SOUND)
        return flaw;
    if (k > INDEX_ENVELOPE_MOST)
        return INDEX_TOO_LARGE;
    for (size_t q = 0; q < k; q++) {
        double most = 0;

        for (size_t c = 0; c < n; c++) {
            if (!takes_part(&envelope, c))
                continue;
            if (columns[q][c] < 0)
                return INDEX_NOT_POSITIVE;
            most = columns[q][c] > most ? columns[q][c] : most;
        }
        work[q] = power_of_two_near(most);
    }
    for (size_t c = 0; c < n; c++) {
        size_t count = 0;

        score[c] = NAN;
        for (size_t q = 0; q < k; q++) {
            if (weights != NULL)
                weights[c * k + q] = NAN;
            if (!isnan(columns[q][c]))
                own[count++] = q;
        }
        if (count == 0 || !takes_part(&envelope, c))
            continue;
        flaw = solve(&envelope, c, own, count, &score[c], weights != NULL ? weights + c * k : NULL, work + k);
        if (flaw != INDEX_SOUND)
            return flaw;
        solved++;
    }
    return solved > 0 ? INDEX_SOUND : INDEX_EMPTY;
}
