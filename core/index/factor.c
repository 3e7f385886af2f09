/* Components kept, loadings, varimax, Nicoletti's weights. */
#include "index/factor.h"

#include <math.h>

size_t index_components_kept(const double *values, size_t k, double share, double total)
{
    double all = 0, so_far = 0;
    size_t kept = 0;

    for (size_t i = 0; i < k; i++)
        all += values[i];
    while (kept < k && (values[kept] / all >= share || so_far / all < total))
        so_far += values[kept++];
    return kept > 0 ? kept : 1;
}

void index_loadings(const double *values, const double *vectors, size_t k, size_t f, double *loadings)
{
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < f; j++)
            loadings[i * f + j] = vectors[i * k + j] * sqrt(values[j] > 0 ? values[j] : 0);
}

/* Turns columns p and q towards the varimax criterion; returns the angle. The rows are of unit length. */
static double turn(double *loadings, size_t k, size_t f, size_t p, size_t q)
{
    double sum_u = 0, sum_v = 0, squares = 0, products = 0, angle, cosine, sine;

    for (size_t i = 0; i < k; i++) {
        double x = loadings[i * f + p], y = loadings[i * f + q];
        double u = x * x - y * y, v = 2 * x * y;

        sum_u += u;
        sum_v += v;
        squares += u * u - v * v;
        products += 2 * u * v;
    }
    angle = atan2(products - 2 * sum_u * sum_v / (double)k, squares - (sum_u * sum_u - sum_v * sum_v) / (double)k) / 4;
    cosine = cos(angle);
    sine = sin(angle);
    for (size_t i = 0; i < k; i++) {
        double x = loadings[i * f + p], y = loadings[i * f + q];

        loadings[i * f + p] = cosine * x + sine * y;
        loadings[i * f + q] = cosine * y - sine * x;
    }
    return fabs(angle);
}

/* Varimax of rows of unit length (Kaiser's normalisation): `length` keeps what each row had. */
enum index_flaw index_varimax(double *loadings, size_t k, size_t f, double *length)
{
    enum { MOST_ROUNDS = 1000 };
    double largest = 1;

    for (size_t i = 0; i < k; i++) {
        double sum = 0;

        for (size_t j = 0; j < f; j++)
            sum += loadings[i * f + j] * loadings[i * f + j];
        length[i] = sum > 0 ? sqrt(sum) : 1;
        for (size_t j = 0; j < f; j++)
            loadings[i * f + j] /= length[i];
    }
    for (int round = 0; round < MOST_ROUNDS && largest > 1e-12; round++) {
        largest = 0;
        for (size_t p = 0; p + 1 < f; p++)
            for (size_t q = p + 1; q < f; q++)
                largest = fmax(largest, turn(loadings, k, f, p, q));
    }
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < f; j++)
            loadings[i * f + j] *= length[i];
    return largest > 1e-12 ? INDEX_NO_SOLUTION : INDEX_SOUND;
}

void index_nicoletti(const double *loadings, size_t k, size_t f, double *weights, size_t *group)
{
    double sum = 0, all = 0;

    for (size_t i = 0; i < k * f; i++)
        all += loadings[i] * loadings[i];
    for (size_t i = 0; i < k; i++) {
        size_t best = 0;
        double square;

        for (size_t j = 1; j < f; j++)
            if (fabs(loadings[i * f + j]) > fabs(loadings[i * f + best]))
                best = j;
        /* a^2 / (sum of the component) * (sum of the component) / all: the component's sum cancels. */
        square = loadings[i * f + best] * loadings[i * f + best];
        weights[i] = square / all;
        sum += weights[i];
        if (group != NULL)
            group[i] = best;
    }
    for (size_t i = 0; i < k; i++)
        weights[i] /= sum;
}
