/* Covariances and what is made of them (Cronbach 1951; Handbook, page 72). */
#include "index/reliability.h"

#include <math.h>

/* The covariance of two columns over the units that have both (n - 1); NaN of fewer than two. */
static double covariance_of(const double *x, const double *y, size_t n)
{
    double sum_x = 0, sum_y = 0, sum = 0, count = 0;

    for (size_t i = 0; i < n; i++) {
        if (isnan(x[i]) || isnan(y[i]))
            continue;
        sum_x += x[i];
        sum_y += y[i];
        count++;
    }
    for (size_t i = 0; i < n; i++)
        if (!isnan(x[i]) && !isnan(y[i]))
            sum += (x[i] - sum_x / count) * (y[i] - sum_y / count);
    return count < 2 ? NAN : sum / (count - 1);
}

void index_covariances(const double *const *columns, size_t k, size_t n, double *covariance)
{
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j <= i; j++)
            covariance[i * k + j] = covariance[j * k + i] = covariance_of(columns[i], columns[j], n);
}

double index_cronbach(const double *covariance, size_t k, size_t skip)
{
    double variances = 0, all = 0, count = (double)(skip < k ? k - 1 : k);

    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++) {
            if (i == skip || j == skip)
                continue;
            all += covariance[i * k + j];
            variances += i == j ? covariance[i * k + j] : 0;
        }
    return count < 2 ? NAN : count / (count - 1) * (1 - variances / all);
}

double index_item_rest(const double *covariance, size_t k, size_t q)
{
    double with = 0, rest = 0;

    for (size_t i = 0; i < k; i++) {
        if (i == q)
            continue;
        with += covariance[q * k + i];
        for (size_t j = 0; j < k; j++)
            rest += j == q ? 0 : covariance[i * k + j];
    }
    return with / sqrt(covariance[q * k + q] * rest);
}
