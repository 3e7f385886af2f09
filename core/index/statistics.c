/* Moments, quantiles and counts. */
#include "index/statistics.h"

#include <math.h>
#include <string.h>

#include "index/sort.h"

size_t index_available(const double *x, size_t n)
{
    size_t count = 0;

    for (size_t i = 0; i < n; i++)
        count += !isnan(x[i]);
    return count;
}

double index_mean(const double *x, size_t n)
{
    double sum = 0, rest = 0, mean;
    size_t count = 0;

    for (size_t i = 0; i < n; i++) {
        if (isnan(x[i]))
            continue;
        sum += x[i];
        count++;
    }
    if (count == 0)
        return NAN;
    mean = sum / (double)count;
    if (!isfinite(mean))
        return mean;
    for (size_t i = 0; i < n; i++)
        if (!isnan(x[i]))
            rest += x[i] - mean;
    return mean + rest / (double)count;
}

double index_deviation(const double *x, size_t n)
{
    double mean = index_mean(x, n), sum = 0;
    size_t count = 0;

    for (size_t i = 0; i < n; i++) {
        if (isnan(x[i]))
            continue;
        sum += (x[i] - mean) * (x[i] - mean);
        count++;
    }
    return count < 2 ? NAN : sqrt(sum / (double)(count - 1));
}

void index_shape(const double *x, size_t n, double *skewness, double *kurtosis)
{
    double mean = index_mean(x, n), second = 0, third = 0, fourth = 0, count = 0;

    *skewness = NAN;
    *kurtosis = NAN;
    for (size_t i = 0; i < n; i++) {
        double distance = x[i] - mean, square = distance * distance;

        if (isnan(x[i]))
            continue;
        second += square;
        third += square * distance;
        fourth += square * square;
        count++;
    }
    if (count < 3 || !(second > 0))
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
