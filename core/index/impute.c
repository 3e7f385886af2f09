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
