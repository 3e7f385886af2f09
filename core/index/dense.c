#include "index/dense.h"

#include <math.h>

bool index_cholesky(double *a, size_t k)
{
    for (size_t j = 0; j < k; j++) {
        for (size_t i = j; i < k; i++) {
            double sum = a[i * k + j];

            for (size_t l = 0; l < j; l++)
                sum -= a[i * k + l] * a[j * k + l];
            if (i == j && !(sum > 0))
                return false;
            a[i * k + j] = i == j ? sqrt(sum) : sum / a[j * k + j];
        }
    }
    return true;
}

void index_cholesky_solve(const double *lower, size_t k, double *b)
{
    for (size_t i = 0; i < k; i++) {
        for (size_t j = 0; j < i; j++)
            b[i] -= lower[i * k + j] * b[j];
        b[i] /= lower[i * k + i];
    }
    for (size_t i = k; i-- > 0;) {
        for (size_t j = i + 1; j < k; j++)
            b[i] -= lower[j * k + i] * b[j];
        b[i] /= lower[i * k + i];
    }
}

double index_cholesky_log_determinant(const double *lower, size_t k)
{
    double sum = 0;

    for (size_t i = 0; i < k; i++)
        sum += log(lower[i * k + i]);
    return 2 * sum;
}
