/* One linear programme a unit. */
#include "index/envelope.h"

#include <math.h>
#include <string.h>

#include "index/simplex.h"

size_t index_envelope_work(size_t k, size_t n)
{
    size_t rows = n + 2 * k;

    return rows * k + rows + 2 * k + index_simplex_work(rows, k);
}

/* Whether unit c has every value. */
static int complete(const double *const *columns, size_t k, size_t c)
{
    for (size_t q = 0; q < k; q++)
        if (isnan(columns[q][c]))
            return 0;
    return 1;
}

enum index_flaw index_envelope(const double *const *columns, size_t k, size_t n, const double *lower, const double *upper,
                               double *score, double *weights, double *work)
{
    double *a = work, *b = a + (n + 2 * k) * k, *own = b + n + 2 * k, *w = own + k, *scratch = w + k;
    double low = 0, high = 0;
    size_t rows = 0;

    for (size_t q = 0; q < k; q++) {
        low += lower != NULL ? lower[q] : 0;
        high += upper != NULL ? upper[q] : 1;
    }
    if (low > 1 + 1e-12 || high < 1 - 1e-12)
        return INDEX_NO_RANGE;
    for (size_t c = 0; c < n; c++) {
        if (!complete(columns, k, c))
            continue;
        for (size_t q = 0; q < k; q++) {
            if (columns[q][c] < 0)
                return INDEX_NOT_POSITIVE;
            a[rows * k + q] = columns[q][c];
        }
        b[rows++] = 1;
    }
    if (rows == 0)
        return INDEX_EMPTY;
    for (size_t q = 0; q < k; q++) {
        if (lower != NULL && lower[q] > 0) {
            for (size_t j = 0; j < k; j++)
                a[rows * k + j] = lower[q] - (j == q);
            b[rows++] = 0;
        }
        if (upper != NULL && upper[q] < 1) {
            for (size_t j = 0; j < k; j++)
                a[rows * k + j] = (j == q) - upper[q];
            b[rows++] = 0;
        }
    }
    for (size_t c = 0; c < n; c++) {
        enum index_flaw flaw;
        double sum = 0;

        score[c] = NAN;
        for (size_t q = 0; q < k && weights != NULL; q++)
            weights[c * k + q] = NAN;
        if (!complete(columns, k, c))
            continue;
        for (size_t q = 0; q < k; q++)
            own[q] = columns[q][c];
        flaw = index_simplex(a, b, own, rows, k, w, &score[c], scratch);
        if (flaw != INDEX_SOUND)
            return flaw;
        for (size_t q = 0; q < k; q++)
            sum += w[q];
        for (size_t q = 0; q < k && weights != NULL && sum > 0; q++)
            weights[c * k + q] = w[q] / sum;
    }
    return INDEX_SOUND;
}
