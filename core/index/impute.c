/* Filling gaps. */
#include "index/impute.h"

#include <math.h>

#include "index/sort.h"
#include "index/statistics.h"

size_t index_impute_value(double *x, size_t n, double value, uint8_t *filled)
{
    size_t count = 0;

    if (isnan(value))
        return 0;
    for (size_t i = 0; i < n; i++) {
        if (!isnan(x[i]))
            continue;
        x[i] = value;
        filled[i] = 1;
        count++;
    }
    return count;
}

size_t index_impute_group(double *x, size_t n, const uint32_t *group, uint32_t groups, bool median, uint8_t *filled,
                          double *work)
{
    size_t total = 0;

    for (uint32_t g = 0; g < groups; g++) {
        size_t count = 0;
        double value;

        for (size_t i = 0; i < n; i++)
            if (group[i] == g && !isnan(x[i]) && !filled[i])
                work[count++] = x[i];
        if (median)
            index_sort(work, count, work + n);
        value = median ? index_quantile(work, count, 0.5) : index_mean(work, count);
        if (isnan(value))
            continue;
        for (size_t i = 0; i < n; i++) {
            if (group[i] != g || !isnan(x[i]))
                continue;
            x[i] = value;
            filled[i] = 1;
            total++;
        }
    }
    return total;
}

size_t index_impute_last(double *x, size_t units, size_t periods, const double *times, double limit, uint8_t *filled)
{
    size_t count = 0;

    for (size_t unit = 0; unit < units; unit++) {
        size_t last = periods; /* none yet */

        for (size_t period = 0; period < periods; period++) {
            size_t cell = period * units + unit;

            if (!isnan(x[cell])) {
                last = period;
            } else if (last < periods && times[period] - times[last] <= limit) {
                x[cell] = x[last * units + unit];
                filled[cell] = 1;
                count++;
            }
            /* `last` stays at an observed value, so that the limit counts from there. */
        }
    }
    return count;
}

size_t index_impute_linear(double *x, size_t units, size_t periods, const double *times, bool nearest, uint8_t *filled)
{
    size_t count = 0;

    for (size_t unit = 0; unit < units; unit++) {
        size_t before = periods, after;

        for (size_t period = 0; period < periods; period++) {
            size_t cell = period * units + unit;
            double value = NAN;

            if (!isnan(x[cell])) {
                before = period;
                continue;
            }
            for (after = period + 1; after < periods && isnan(x[after * units + unit]); after++)
                continue;
            if (before < periods && after < periods) {
                double share = (times[period] - times[before]) / (times[after] - times[before]);
                double from = x[before * units + unit];

                value = from + share * (x[after * units + unit] - from);
            } else if (nearest && before < periods) {
                value = x[before * units + unit];
            } else if (nearest && after < periods) {
                value = x[after * units + unit];
            }
            if (isnan(value))
                continue;
            filled[cell] = 1;
            count++;
            /* Written at once: the next gap must still see the observed value before it, which `before` keeps. */
            x[cell] = value;
        }
    }
    return count;
}

/* The mean square of the scaled differences of two units; NaN when they share no column. */
static double distance(const double *const *columns, size_t k, const double *scale, size_t target, size_t u, size_t v)
{
    double sum = 0;
    size_t shared = 0;

    for (size_t q = 0; q < k; q++) {
        double apart = (columns[q][u] - columns[q][v]) * scale[q];

        if (q == target || scale[q] == 0 || isnan(apart))
            continue;
        sum += apart * apart;
        shared++;
    }
    return shared > 0 ? sum / (double)shared : NAN;
}

size_t index_impute_nearest(const double *const *columns, size_t k, size_t n, size_t target, size_t neighbours, double *x,
                            uint8_t *filled, double *work)
{
    double *scale = work, *away = work + k, *sorted = away + n;
    size_t count = 0;

    for (size_t q = 0; q < k; q++) {
        double low, high;

        index_range(columns[q], n, &low, &high);
        scale[q] = high > low ? 1 / (high - low) : 0;
    }
    for (size_t u = 0; u < n; u++) {
        double sum = 0, furthest;
        size_t near = 0, there = 0;

        x[u] = columns[target][u];
        if (!isnan(x[u]))
            continue;
        for (size_t v = 0; v < n; v++) {
            away[v] = isnan(columns[target][v]) ? NAN : distance(columns, k, scale, target, u, v);
            if (!isnan(away[v]))
                sorted[there++] = away[v];
        }
        if (there == 0)
            continue;
        index_sort(sorted, there, sorted + n);
        furthest = sorted[(neighbours < there ? neighbours : there) - 1] * (1 + 1e-12);
        for (size_t v = 0; v < n; v++)
            if (away[v] <= furthest) {
                sum += columns[target][v];
                near++;
            }
        x[u] = sum / (double)near;
        filled[u] = 1;
        count++;
    }
    return count;
}
