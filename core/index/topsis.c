#include "index/topsis.h"

#include <math.h>
#include <string.h>

#include "index/children.h"

/* Whether the unit takes part with this child. */
static bool takes_part(const double *column, const double *out, size_t u)
{
    return !isnan(out[u]) && !isnan(column[u]);
}

/* The extremes of a column, and what its values are divided by; false when the column does not vary. */
static bool measure(const double *column, const double *out, size_t n, bool by_range, double *low, double *high,
                    double *divisor)
{
    double largest, squares = 0;

    *low = INFINITY;
    *high = -INFINITY;
    for (size_t u = 0; u < n; u++)
        if (takes_part(column, out, u)) {
            *low = fmin(*low, column[u]);
            *high = fmax(*high, column[u]);
        }
    if (!(*high > *low))
        return false;
    largest = fmax(fabs(*low), fabs(*high)); /* squares of shares of it do not overflow */
    for (size_t u = 0; u < n; u++)
        if (takes_part(column, out, u))
            squares += column[u] / largest * (column[u] / largest);
    *divisor = by_range ? *high - *low : largest * sqrt(squares);
    return isfinite(*divisor);
}

enum index_flaw index_topsis(const struct index_children *children, const struct index_rule *rule, double *out,
                             uint8_t *undefined, double *work)
{
    size_t n = children->n, compared = 0, scored = 0;
    double *above = work, *below = work + n;

    memset(work, 0, 2 * n * sizeof *work);
    for (size_t u = 0; u < n; u++) {
        out[u] = undefined[u] || !index_enough(children, rule, u) ? NAN : 0;
        compared += !isnan(out[u]);
    }
    for (size_t q = 0; q < children->k; q++) {
        const double *column = children->x[q];
        double weight = children->weights[q], low, high, divisor;

        if (!(weight > 0) || !measure(column, out, n, rule->by_range, &low, &high, &divisor))
            continue;
        for (size_t u = 0; u < n; u++) {
            double to_best, to_worst;

            if (!takes_part(column, out, u))
                continue;
            to_best = weight * ((high - column[u]) / divisor);
            to_worst = weight * ((column[u] - low) / divisor);
            above[u] += to_best * to_best;
            below[u] += to_worst * to_worst;
        }
    }
    for (size_t u = 0; u < n; u++) {
        double both = sqrt(above[u]) + sqrt(below[u]);

        if (isnan(out[u]))
            continue;
        undefined[u] = !(both > 0);
        out[u] = both > 0 ? sqrt(below[u]) / both : NAN;
        scored += both > 0;
    }
    return compared > 0 && scored == 0 ? INDEX_CONSTANT : INDEX_SOUND;
}
