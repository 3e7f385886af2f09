#include "index/association.h"

#include <math.h>

#include "index/random.h"
#include "index/sort.h"
#include "index/statistics.h"

void index_fisher_interval(double r, size_t n, double *low, double *high)
{
    double z, half;

    *low = *high = NAN;
    if (n < 4 || !(fabs(r) < 1))
        return;
    z = atanh(r);
    half = 1.959963984540054 / sqrt((double)n - 3);
    *low = tanh(z - half);
    *high = tanh(z + half);
}

double index_williams_t(double r12, double r13, double r23, size_t n)
{
    double units = (double)n, mean = (r12 + r13) / 2, determinant, below;

    if (n < 4)
        return NAN;
    determinant = 1 - r12 * r12 - r13 * r13 - r23 * r23 + 2 * r12 * r13 * r23;
    below = 2 * (units - 1) / (units - 3) * determinant + mean * mean * pow(1 - r23, 3);
    return below > 0 ? (r12 - r13) * sqrt((units - 1) * (1 + r23) / below) : NAN;
}

/* The correlation of a resample of two columns with mean 0; NaN where a column is constant in it. */
static double resampled(const double *x, const double *y, size_t n, struct index_random *random)
{
    double sx = 0, sy = 0, xx = 0, yy = 0, xy = 0, count = (double)n, variance;

    for (size_t i = 0; i < n; i++) {
        size_t u = (size_t)index_random_below(random, n);

        sx += x[u];
        sy += y[u];
        xx += x[u] * x[u];
        yy += y[u] * y[u];
        xy += x[u] * y[u];
    }
    variance = (xx - sx * sx / count) * (yy - sy * sy / count);
    return xx - sx * sx / count > 1e-12 * xx && yy - sy * sy / count > 1e-12 * yy ? (xy - sx * sy / count) / sqrt(variance)
                                                                                  : NAN;
}

size_t index_bootstrap_correlation(const double *x, const double *y, size_t n, size_t draws, uint64_t seed, double *low,
                                   double *high, double *work)
{
    double *left = work, *right = left + n, *found = right + n, *scratch = found + draws;
    double mean_x = index_mean(x, n), mean_y = index_mean(y, n);
    size_t there = 0;

    for (size_t i = 0; i < n; i++) {
        left[i] = x[i] - mean_x;
        right[i] = y[i] - mean_y;
    }
    for (size_t draw = 0; draw < draws; draw++) {
        struct index_random random;
        double r;

        index_random_start(&random, seed, draw);
        r = resampled(left, right, n, &random);
        if (!isnan(r))
            found[there++] = r;
    }
    index_sort(found, there, scratch);
    *low = index_quantile(found, there, 0.025);
    *high = index_quantile(found, there, 0.975);
    return draws - there;
}
