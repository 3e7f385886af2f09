#include "index/eigen.h"

#include <math.h>
#include <string.h>

/* Turns rows and columns p and q of the upper half so that element (p, q) becomes zero (Rutishauser 1966). */
static void rotate(double *a, size_t k, size_t p, size_t q, double *vectors)
{
    double element = a[p * k + q], theta = (a[q * k + q] - a[p * k + p]) / (2 * element);
    double tangent = 1 / (fabs(theta) + sqrt(theta * theta + 1)), cosine, sine;

    if (theta < 0)
        tangent = -tangent;
    cosine = 1 / sqrt(tangent * tangent + 1);
    sine = tangent * cosine;
    a[p * k + p] -= tangent * element;
    a[q * k + q] += tangent * element;
    a[p * k + q] = 0;
    for (size_t i = 0; i < k; i++) {
        double *x = i < p ? &a[i * k + p] : &a[p * k + i], *y = i < q ? &a[i * k + q] : &a[q * k + i], was;

        if (i == p || i == q)
            continue;
        was = *x;
        *x = cosine * was - sine * *y;
        *y = sine * was + cosine * *y;
    }
    for (size_t i = 0; vectors != NULL && i < k; i++) {
        double *row = vectors + i * k, was = row[p];

        row[p] = cosine * was - sine * row[q];
        row[q] = sine * was + cosine * row[q];
    }
}

/* One sweep over all pairs, in the order of rows; how many had to be turned. What vanishes beside both of its diagonal
 * elements is zero. */
static size_t sweep(double *a, size_t k, double *vectors)
{
    size_t turned = 0;

    for (size_t p = 0; p + 1 < k; p++)
        for (size_t q = p + 1; q < k; q++) {
            double element = fabs(a[p * k + q]), left = fabs(a[p * k + p]), right = fabs(a[q * k + q]);

            if (element == 0)
                continue;
            if (left + element * 0x1p-4 == left && right + element * 0x1p-4 == right) {
                a[p * k + q] = 0;
                continue;
            }
            rotate(a, k, p, q, vectors);
            turned++;
        }
    return turned;
}

static void exchange(double *values, double *vectors, size_t k, size_t i, size_t j)
{
    double value = values[i];

    values[i] = values[j];
    values[j] = value;
    for (size_t row = 0; vectors != NULL && row < k; row++) {
        double element = vectors[row * k + i];

        vectors[row * k + i] = vectors[row * k + j];
        vectors[row * k + j] = element;
    }
}

static void put_in_order(double *values, double *vectors, size_t k)
{
    for (size_t i = 0; i + 1 < k; i++) {
        size_t largest = i;

        for (size_t j = i + 1; j < k; j++)
            if (values[j] > values[largest])
                largest = j;
        if (largest != i)
            exchange(values, vectors, k, i, largest);
    }
}

static void fix_signs(double *vectors, size_t k)
{
    for (size_t j = 0; j < k; j++) {
        double sum = 0, first = 0;

        for (size_t i = 0; i < k; i++) {
            sum += vectors[i * k + j];
            if (first == 0 && fabs(vectors[i * k + j]) > 1e-12)
                first = vectors[i * k + j];
        }
        if (fabs(sum) <= 1e-12)
            sum = first;
        for (size_t i = 0; i < k && sum < 0; i++)
            vectors[i * k + j] = -vectors[i * k + j];
    }
}

enum index_flaw index_eigen(const double *matrix, size_t k, double *values, double *vectors, double *work)
{
    enum { MOST_SWEEPS = 60 };
    int sweeps = 0;

    for (size_t i = 0; i < k * k; i++)
        if (!isfinite(matrix[i]))
            return INDEX_CONSTANT;
    if (k > 0)
        memcpy(work, matrix, k * k * sizeof *work);
    for (size_t i = 0; vectors != NULL && i < k * k; i++)
        vectors[i] = i % (k + 1) == 0;
    while (sweep(work, k, vectors) > 0)
        if (++sweeps == MOST_SWEEPS)
            return INDEX_NO_SOLUTION;
    for (size_t i = 0; i < k; i++)
        values[i] = work[i * k + i];
    put_in_order(values, vectors, k);
    if (vectors != NULL)
        fix_signs(vectors, k);
    return INDEX_SOUND;
}
