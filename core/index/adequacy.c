#include "index/adequacy.h"

#include <math.h>
#include <string.h>

#include "index/dense.h"
#include "index/eigen.h"
#include "index/random.h"
#include "index/sort.h"
#include "index/statistics.h"

size_t index_adequacy_work(size_t k, size_t n)
{
    return 3 * k * k + k * n + 2 * k + 2;
}

/* The lower half of Cholesky's decomposition of R; INDEX_NO_SOLUTION when it is singular. */
static enum index_flaw decompose(const double *r, size_t k, double *lower, double *work)
{
    double *values = work + k * k;
    enum index_flaw flaw = index_eigen(r, k, values, NULL, work);

    if (flaw != INDEX_SOUND)
        return flaw;
    memcpy(lower, r, k * k * sizeof *lower);
    return k > 0 && values[k - 1] > 1e-12 * values[0] && index_cholesky(lower, k) ? INDEX_SOUND : INDEX_NO_SOLUTION;
}

enum index_flaw index_kmo(const double *r, size_t k, double *overall, double *item, double *work)
{
    double *lower = work, *inverse = work + k * k, squares = 0, partials = 0;
    enum index_flaw flaw = decompose(r, k, lower, inverse);

    if (flaw != INDEX_SOUND)
        return flaw;
    for (size_t j = 0; j < k; j++) {
        for (size_t i = 0; i < k; i++)
            inverse[j * k + i] = i == j;
        index_cholesky_solve(lower, k, inverse + j * k);
    }
    for (size_t i = 0; i < k; i++) {
        double own = 0, partial = 0;

        for (size_t j = 0; j < k; j++) {
            double s = inverse[i * k + j];

            if (i == j)
                continue;
            own += r[i * k + j] * r[i * k + j];
            partial += s * s / (inverse[i * k + i] * inverse[j * k + j]);
        }
        item[i] = own / (own + partial);
        squares += own;
        partials += partial;
    }
    *overall = squares / (squares + partials);
    return INDEX_SOUND;
}

/* Q(a, x) = Γ(a, x)/Γ(a): by its series below a + 1, by Lentz's continued fraction above. */
static double gamma_upper(double a, double x)
{
    enum { MOST_TERMS = 100000 };
    double scale = exp(-x + a * log(x) - lgamma(a));

    if (x < a + 1) {
        double term = 1 / a, sum = term;

        for (int i = 1; i < MOST_TERMS && term > sum * 1e-17; i++) {
            term *= x / (a + i);
            sum += term;
        }
        return 1 - sum * scale;
    } else {
        double b = x + 1 - a, c = 1 / 1e-300, d = 1 / b, h = d;

        for (int i = 1; i < MOST_TERMS; i++) {
            double factor = -i * (i - a), delta;

            b += 2;
            d = factor * d + b;
            c = b + factor / c;
            d = 1 / (fabs(d) < 1e-300 ? 1e-300 : d);
            c = fabs(c) < 1e-300 ? 1e-300 : c;
            delta = d * c;
            h *= delta;
            if (fabs(delta - 1) < 1e-16)
                break;
        }
        return scale * h;
    }
}

/* P(X >= x) of chi-square. */
static double chi_square_p(double x, double degrees)
{
    return isnan(x) || !(degrees > 0) ? NAN : x <= 0 ? 1 : gamma_upper(degrees / 2, x / 2);
}

enum index_flaw index_bartlett(const double *r, size_t k, size_t n, struct index_bartlett *out, double *work)
{
    enum index_flaw flaw = decompose(r, k, work, work + k * k);
    double log_determinant;

    if (flaw != INDEX_SOUND)
        return flaw;
    log_determinant = index_cholesky_log_determinant(work, k);
    out->determinant = exp(log_determinant);
    out->chi_square = -((double)n - 1 - (2 * (double)k + 5) / 6) * log_determinant;
    out->degrees = (double)(k * (k - 1)) / 2;
    out->p = chi_square_p(out->chi_square, out->degrees);
    return INDEX_SOUND;
}

/* A column of normals, brought to mean 0 and length 1, so that a product of two columns is their correlation. */
static void draw_column(struct index_random *random, double *x, size_t n)
{
    double sum = 0, squares = 0, spare;

    for (size_t i = 0; i < n; i += 2)
        index_random_normals(random, &x[i], i + 1 < n ? &x[i + 1] : &spare);
    for (size_t i = 0; i < n; i++)
        sum += x[i];
    for (size_t i = 0; i < n; i++) {
        x[i] -= sum / (double)n;
        squares += x[i] * x[i];
    }
    for (size_t i = 0; i < n; i++)
        x[i] /= sqrt(squares);
}

enum index_flaw index_parallel(size_t k, size_t n, size_t draws, uint64_t seed, double *mean, double *threshold,
                               double *eigenvalues, double *work)
{
    double *columns = work, *r = work + k * n, *values = r + k * k, *scratch = values + k;

    if (k < 2 || n <= k || draws == 0)
        return INDEX_TOO_FEW;
    for (size_t draw = 0; draw < draws; draw++) {
        struct index_random random;
        enum index_flaw flaw;

        index_random_start(&random, seed, draw);
        for (size_t q = 0; q < k; q++)
            draw_column(&random, columns + q * n, n);
        for (size_t i = 0; i < k; i++)
            for (size_t j = 0; j <= i; j++) {
                double product = 0;

                for (size_t u = 0; u < n; u++)
                    product += columns[i * n + u] * columns[j * n + u];
                r[i * k + j] = r[j * k + i] = i == j ? 1 : product;
            }
        flaw = index_eigen(r, k, values, NULL, scratch);
        if (flaw != INDEX_SOUND)
            return flaw;
        for (size_t j = 0; j < k; j++)
            eigenvalues[j * draws + draw] = values[j];
    }
    for (size_t j = 0; j < k; j++) {
        double *column = eigenvalues + j * draws;

        mean[j] = index_mean(column, draws);
        index_sort(column, draws, eigenvalues + k * draws);
        threshold[j] = index_quantile(column, draws, 0.95);
    }
    return INDEX_SOUND;
}
