#include "index/frontier.h"

#include <math.h>

#include "index/simplex.h"

size_t index_frontier_work(size_t k, size_t n)
{
    size_t rows = n + 2 * k;

    return rows * k + rows + 2 * k + index_simplex_work(rows, k);
}

/* In the parts p of the unit's own score (p = weight times value): sum p is made large while no unit passes 1 and every part
 * stays between its shares of the sum. Divided by the unit's values the problem has the scale of none. */
static enum index_flaw score_of(const double *const *columns, size_t k, size_t n, size_t u, double lower, double upper,
                                double *score, double *work)
{
    size_t rows = n + 2 * k;
    double *a = work, *b = a + rows * k, *c = b + rows, *x = c + k;

    for (size_t j = 0; j < n; j++) {
        for (size_t q = 0; q < k; q++)
            a[j * k + q] = columns[q][u] > 0 ? columns[q][j] / columns[q][u] : 0;
        b[j] = 1;
    }
    for (size_t q = 0; q < k; q++) {
        double *least = a + (n + q) * k, *most = a + (n + k + q) * k;

        for (size_t r = 0; r < k; r++) {
            least[r] = lower - (r == q);
            most[r] = (r == q) - upper;
        }
        b[n + q] = b[n + k + q] = 0;
        c[q] = columns[q][u] > 0;
    }
    return index_simplex(a, b, c, rows, k, x, score, x + k);
}

enum index_flaw index_frontier(const double *const *columns, size_t k, size_t n, double lower, double upper, double *score,
                               double *work)
{
    for (size_t q = 0; q < k; q++)
        for (size_t u = 0; u < n; u++)
            if (!(columns[q][u] >= 0))
                return INDEX_NOT_POSITIVE;
    for (size_t u = 0; u < n; u++) {
        enum index_flaw flaw = INDEX_SOUND;
        size_t zeros = 0;

        for (size_t q = 0; q < k; q++)
            zeros += columns[q][u] == 0;
        score[u] = 0;
        if (zeros == k || (zeros > 0 && lower > 0))
            continue;
        flaw = score_of(columns, k, n, u, lower, upper, &score[u], work);
        if (flaw != INDEX_SOUND)
            return flaw;
    }
    return INDEX_SOUND;
}
