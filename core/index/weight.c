/* Budget, AHP, CRITIC, entropy. */
#include "index/weight.h"

#include <math.h>
#include <string.h>

#include "index/correlation.h"
#include "index/statistics.h"

/* Divides by the sum; INDEX_NO_WEIGHT when it is not positive or a weight is negative. */
static enum index_flaw to_one(double *weights, size_t k)
{
    double sum = 0;

    for (size_t q = 0; q < k; q++) {
        if (!(weights[q] >= 0))
            return INDEX_NO_WEIGHT;
        sum += weights[q];
    }
    if (!(sum > 0) || isinf(sum))
        return INDEX_NO_WEIGHT;
    for (size_t q = 0; q < k; q++)
        weights[q] /= sum;
    return INDEX_SOUND;
}

enum index_flaw index_budget(const double *points, size_t experts, size_t k, double *weights)
{
    memset(weights, 0, k * sizeof *weights);
    for (size_t expert = 0; expert < experts; expert++) {
        const double *row = points + expert * k;
        double sum = 0;

        for (size_t q = 0; q < k; q++)
            sum += row[q];
        if (!(sum > 0))
            return INDEX_NO_WEIGHT;
        for (size_t q = 0; q < k; q++)
            weights[q] += row[q] / sum;
    }
    return to_one(weights, k);
}

enum index_flaw index_ahp(const double *comparisons, size_t k, double *weights, struct index_ahp *out)
{
    /* Saaty's mean consistency index of random matrices; the Handbook prints those of 3 to 10. */
    static const double random_index[] = {NAN,  NAN,  NAN,  0.58, 0.90, 1.12, 1.24, 1.32,
                                          1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59};
    double next[INDEX_AHP_MOST], change = 1;

    if (k == 0 || k > INDEX_AHP_MOST)
        return INDEX_TOO_LARGE;
    for (size_t i = 0; i < k * k; i++)
        if (!(comparisons[i] > 0) || isinf(comparisons[i]))
            return INDEX_NOT_POSITIVE;
    for (size_t q = 0; q < k; q++)
        weights[q] = 1 / (double)k;
    for (int round = 0; round < 10000 && change > 1e-15; round++) {
        double sum = 0;

        for (size_t i = 0; i < k; i++) {
            next[i] = 0;
            for (size_t j = 0; j < k; j++)
                next[i] += comparisons[i * k + j] * weights[j];
            sum += next[i];
        }
        /* The weights sum to 1, so that the sum of A w is the eigenvalue. */
        out->eigenvalue = sum;
        change = 0;
        for (size_t i = 0; i < k; i++) {
            change = fmax(change, fabs(next[i] / sum - weights[i]));
            weights[i] = next[i] / sum;
        }
    }
    out->consistency = k > 1 ? (out->eigenvalue - (double)k) / (double)(k - 1) : 0;
    out->ratio = k < sizeof random_index / sizeof *random_index ? out->consistency / random_index[k] : NAN;
    return change > 1e-12 ? INDEX_NO_SOLUTION : INDEX_SOUND;
}

enum index_flaw index_critic(const double *const *columns, size_t k, size_t n, double *weights, void *scratch)
{
    for (size_t q = 0; q < k; q++) {
        double low, high;

        index_range(columns[q], n, &low, &high);
        if (!(high > low))
            return INDEX_CONSTANT;
        weights[q] = 0;
        for (size_t j = 0; j < k; j++) {
            struct index_correlation pair;

            if (j == q)
                continue;
            index_correlate(columns[q], columns[j], n, INDEX_PEARSON, scratch, &pair);
            if (isnan(pair.r))
                return INDEX_CONSTANT;
            weights[q] += 1 - pair.r;
        }
        /* The deviation of (x - low) / (high - low). */
        weights[q] *= index_deviation(columns[q], n) / (high - low);
    }
    return to_one(weights, k);
}

enum index_flaw index_entropy(const double *const *columns, size_t k, size_t n, double *weights)
{
    for (size_t q = 0; q < k; q++) {
        const double *x = columns[q];
        double sum = 0, entropy = 0;
        size_t count = index_available(x, n);

        if (count < 2)
            return INDEX_TOO_FEW;
        for (size_t i = 0; i < n; i++) {
            if (x[i] < 0)
                return INDEX_NOT_POSITIVE;
            sum += isnan(x[i]) ? 0 : x[i];
        }
        if (!(sum > 0))
            return INDEX_NOT_POSITIVE;
        for (size_t i = 0; i < n; i++)
            if (x[i] > 0)
                entropy -= x[i] / sum * log(x[i] / sum);
        weights[q] = 1 - entropy / log((double)count);
        /* A constant column has all the entropy there is: what rounding leaves must not be negative. */
        weights[q] = weights[q] > 1e-15 ? weights[q] : 0;
    }
    return to_one(weights, k);
}
