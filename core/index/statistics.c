/* Moments, quantiles and counts. */
#include "index/statistics.h"

#include <math.h>
#include <string.h>

#include "index/compare.h"
#include "index/sort.h"

size_t index_available(const double *x, size_t n)
{
    size_t count = 0;

    for (size_t i = 0; i < n; i++)
        count += !isnan(x[i]);
    return count;
}

/* The largest absolute value of x, to keep sums of large values within what a double holds. */
static double largest(const double *x, size_t n)
{
    double most = 0;

    for (size_t i = 0; i < n; i++)
        most = fabs(x[i]) > most ? fabs(x[i]) : most;
    return most;
}

/* The sum of x / scale - around. */
static double sum_of(const double *x, size_t n, double around, double scale, size_t *count)
{
    double sum = 0, inverse = 1 / scale;

    *count = 0;
    for (size_t i = 0; i < n; i++) {
        if (isnan(x[i]))
            continue;
        sum += x[i] * inverse - around;
        ++*count;
    }
    return sum;
}

double index_mean(const double *x, size_t n)
{
    double most = largest(x, n), scale, mean, rest;
    size_t count;

    /* a power of two: dividing by it rounds nothing */
    scale = most > 1e150 && !isinf(most) ? ldexp(1, ilogb(most)) : 1;
    mean = sum_of(x, n, 0, scale, &count) / (double)count;
    if (count == 0 || !isfinite(mean))
        return count == 0 ? NAN : mean;
    rest = sum_of(x, n, mean, scale, &count);
    return index_settled(mean + rest / (double)count, most / scale) * scale;
}

/* What distances from the mean are divided by, so that their powers neither overflow nor vanish: 1 where they cannot. */
static double scale_of_distances(const double *x, size_t n, double mean, double limit)
{
    double most = 0;

    for (size_t i = 0; i < n; i++)
        most = fabs(x[i] - mean) > most ? fabs(x[i] - mean) : most;
    if (!(most > 0) || isinf(most) || (most < limit && most > 1 / limit))
        return 1;
    return ldexp(1, ilogb(most));
}

double index_deviation(const double *x, size_t n)
{
    double mean = index_mean(x, n), scale = scale_of_distances(x, n, mean, 1e150), inverse = 1 / scale, sum = 0;
    size_t count = 0;

    for (size_t i = 0; i < n; i++) {
        if (isnan(x[i]))
            continue;
        sum += (x[i] - mean) * inverse * ((x[i] - mean) * inverse);
        count++;
    }
    return count < 2 ? NAN : sqrt(sum / (double)(count - 1)) * scale;
}

void index_shape(const double *x, size_t n, double *skewness, double *kurtosis)
{
    double mean = index_mean(x, n), scale = scale_of_distances(x, n, mean, 1e70);
    double second = 0, third = 0, fourth = 0, count = 0, minimum, maximum;

    *skewness = NAN;
    *kurtosis = NAN;
    for (size_t i = 0; i < n; i++) {
        double distance = (x[i] - mean) / scale, square = distance * distance;

        if (isnan(x[i]))
            continue;
        second += square;
        third += square * distance;
        fourth += square * square;
        count++;
    }
    index_range(x, n, &minimum, &maximum);
    if (count < 3 || index_equal(minimum, maximum, INDEX_TIE_TOLERANCE) || !(second > 0))
        return;
    *skewness = sqrt(count) * third / (second * sqrt(second)) * sqrt(count * (count - 1)) / (count - 2);
    if (count < 4)
        return;
    *kurtosis = ((count + 1) * (count * fourth / (second * second) - 3) + 6) * (count - 1) / ((count - 2) * (count - 3));
}

void index_range(const double *x, size_t n, double *minimum, double *maximum)
{
    double low = INFINITY, high = -INFINITY;
    size_t count = 0;

    for (size_t i = 0; i < n; i++) {
        low = x[i] < low ? x[i] : low;
        high = x[i] > high ? x[i] : high;
        count += !isnan(x[i]);
    }
    *minimum = count > 0 ? low : NAN;
    *maximum = count > 0 ? high : NAN;
}

double index_quantile(const double *sorted, size_t n, double p)
{
    double place;
    size_t below;

    if (n == 0)
        return NAN;
    place = p * (double)(n - 1);
    below = (size_t)place;
    if (below + 1 >= n)
        return sorted[n - 1];
    return sorted[below] + (place - (double)below) * (sorted[below + 1] - sorted[below]);
}

void index_summarise(const double *x, size_t n, double *sorted, double *work, struct index_summary *out)
{
    memset(out, 0, sizeof *out);
    out->rows = n;
    out->available = index_sorted(x, n, sorted, work);
    for (size_t start = 0; start < out->available;) {
        size_t end = start + 1;

        while (end < out->available && sorted[end] == sorted[start])
            end++;
        out->unique++;
        if (end - start > out->same)
            out->same = end - start;
        if (sorted[start] != 0)
            out->non_zero += end - start;
        start = end;
    }
    index_range(x, n, &out->minimum, &out->maximum);
    out->mean = index_mean(x, n);
    out->median = index_quantile(sorted, out->available, 0.5);
    out->deviation = index_deviation(x, n);
    index_shape(x, n, &out->skewness, &out->kurtosis);
}
