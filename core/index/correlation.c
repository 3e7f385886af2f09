/* Pearson, Spearman, Kendall and their p-values. */
#include "index/correlation.h"

#include <math.h>
#include <stdint.h>

#include "index/compare.h"
#include "index/rank.h"
#include "index/statistics.h"

enum { EXACT_KENDALL = 60 };

/* The continued fraction of the incomplete beta function (modified Lentz; Abramowitz and Stegun 26.5.8). */
static double beta_fraction(double a, double b, double x)
{
    const double tiny = 1e-300;
    double c = 1, d = 1 - (a + b) * x / (a + 1), result;

    d = 1 / (fabs(d) < tiny ? tiny : d);
    result = d;
    for (int m = 1; m <= 500; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        double step;

        d = 1 + even * d;
        c = 1 + even / c;
        d = 1 / (fabs(d) < tiny ? tiny : d);
        c = fabs(c) < tiny ? tiny : c;
        result *= d * c;
        d = 1 + odd * d;
        c = 1 + odd / c;
        d = 1 / (fabs(d) < tiny ? tiny : d);
        c = fabs(c) < tiny ? tiny : c;
        step = d * c;
        result *= step;
        if (fabs(step - 1) < 1e-15)
            break;
    }
    return result;
}

/* The logarithm of the gamma function for x > 0 (Stirling's series after a shift): the library's lgamma() sets a
 * global. */
static double log_gamma(double x)
{
    double shift = 0, inverse;

    for (; x < 15; x++)
        shift += log(x);
    inverse = 1 / (x * x);
    return (x - 0.5) * log(x) - x + 0.9189385332046727 - shift
        + (1.0 / 12 - inverse * (1.0 / 360 - inverse * (1.0 / 1260 - inverse * (1.0 / 1680 - inverse / 1188)))) / x;
}

/* The regularised incomplete beta function. */
static double incomplete_beta(double a, double b, double x)
{
    double front;

    if (x <= 0)
        return 0;
    if (x >= 1)
        return 1;
    front = exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * log(x) + b * log1p(-x));
    if (x < (a + 1) / (a + b + 2))
        return front * beta_fraction(a, b, x) / a;
    return 1 - front * beta_fraction(b, a, 1 - x) / b;
}

double index_student_p(double t, double degrees)
{
    if (isnan(t) || !(degrees > 0))
        return NAN;
    return incomplete_beta(degrees / 2, 0.5, degrees / (degrees + t * t));
}

static double pearson(const double *x, const double *y, size_t n)
{
    double mean_x = index_mean(x, n), mean_y = index_mean(y, n), xx = 0, yy = 0, xy = 0, low, high, r;
    double scale_x, scale_y; /* powers of two near the ranges: no square overflows or vanishes */

    index_range(x, n, &low, &high);
    if (n < 2 || index_equal(low, high, INDEX_TIE_TOLERANCE))
        return NAN;
    scale_x = ldexp(1, ilogb(high - low));
    index_range(y, n, &low, &high);
    if (index_equal(low, high, INDEX_TIE_TOLERANCE))
        return NAN;
    scale_y = ldexp(1, ilogb(high - low));
    for (size_t i = 0; i < n; i++) {
        double left = (x[i] - mean_x) / scale_x, right = (y[i] - mean_y) / scale_y;

        xx += left * left;
        yy += right * right;
        xy += left * right;
    }
    /* One root of the product makes a column's correlation with itself exactly 1. */
    r = xy / sqrt(xx * yy);
    return r > 1 ? 1 : r < -1 ? -1 : r;
}

/* Sums over groups of tied values, for values in falling order of `order`: sum t(t-1)/2, sum t(t-1)(t-2), sum
 * t(t-1)(2t+5). */
static void ties(const double *x, const uint32_t *order, size_t n, double sums[3])
{
    sums[0] = sums[1] = sums[2] = 0;
    for (size_t start = 0; start < n;) {
        size_t end = start + 1;
        double t;

        while (end < n && x[order[end]] == x[order[start]])
            end++;
        t = (double)(end - start);
        sums[0] += t * (t - 1) / 2;
        sums[1] += t * (t - 1) * (t - 2);
        sums[2] += t * (t - 1) * (2 * t + 5);
        start = end;
    }
}

/* P(|S| >= |s|) of Kendall's S = concordant - discordant pairs of n values without ties, from the number of
 * permutations by inversions. */
static double kendall_exact(double s, size_t n)
{
    double counts[EXACT_KENDALL * (EXACT_KENDALL - 1) / 2 + 1] = {1}, next[EXACT_KENDALL * (EXACT_KENDALL - 1) / 2 + 1];
    size_t pairs = n * (n - 1) / 2, limit;
    double p = 0;

    /* As probabilities, so that 60! does not matter: each step adds 0..k-1 inversions with chance 1/k. */
    for (size_t k = 2, most = 0; k <= n; k++) {
        size_t size = most + k - 1;

        for (size_t i = 0; i <= size; i++) {
            double sum = 0;

            for (size_t j = 0; j < k && j <= i; j++)
                sum += i - j <= most ? counts[i - j] : 0;
            next[i] = sum / (double)k;
        }
        most = size;
        for (size_t i = 0; i <= most; i++)
            counts[i] = next[i];
    }
    limit = (size_t)(((double)pairs - fabs(s)) / 2 + 0.5);
    for (size_t i = 0; i <= limit && i <= pairs; i++)
        p += counts[i];
    p *= 2;
    return p > 1 ? 1 : p;
}

/* Kendall's tau-b by Knight's method: sort by x, then count the exchanges that sorting by y takes. */
static void kendall(const double *x, const double *y, size_t n, double *scratch, uint32_t *order, uint32_t *swap,
                    struct index_correlation *out)
{
    double *ranks_x = scratch, *ranks_y = scratch + n;
    double tied_x[3], tied_y[3], both = 0, exchanges = 0, pairs = (double)n * (double)(n - 1) / 2, s, size = (double)n;
    uint32_t *from = order, *to = swap;

    index_mid_rank(x, n, ranks_x, order, swap);
    ties(x, order, n, tied_x);
    index_mid_rank(y, n, ranks_y, order, swap);
    ties(y, order, n, tied_y);
    /* `order` is in falling order of y; a stable sort by x leaves ties of x in falling order of y. */
    for (size_t i = 0; i < n; i++)
        swap[i] = order[i];
    for (size_t width = 1; width < n; width *= 2) {
        uint32_t *other = from == order ? swap : order;

        for (size_t start = 0; start < n; start += 2 * width) {
            size_t middle = n - start < width ? n : start + width, end = n - start < 2 * width ? n : start + 2 * width;
            size_t left = start, right = middle;

            for (size_t k = start; k < end; k++)
                other[k] = right >= end || (left < middle && x[from[left]] >= x[from[right]]) ? from[left++]
                                                                                             : from[right++];
        }
        from = other;
    }
    for (size_t start = 0; start < n;) {
        size_t end = start + 1;

        while (end < n && x[from[end]] == x[from[start]] && y[from[end]] == y[from[start]])
            end++;
        both += (double)(end - start) * (double)(end - start - 1) / 2;
        start = end;
    }
    to = from == order ? swap : order;
    for (size_t width = 1; width < n; width *= 2) {
        for (size_t start = 0; start < n; start += 2 * width) {
            size_t middle = n - start < width ? n : start + width, end = n - start < 2 * width ? n : start + 2 * width;
            size_t left = start, right = middle;

            for (size_t k = start; k < end; k++) {
                if (right >= end || (left < middle && y[from[left]] >= y[from[right]])) {
                    to[k] = from[left++];
                } else {
                    exchanges += (double)(middle - left);
                    to[k] = from[right++];
                }
            }
        }
        uint32_t *other = from;

        from = to;
        to = other;
    }
    if (pairs == tied_x[0] || pairs == tied_y[0])
        return;
    s = pairs - tied_x[0] - tied_y[0] + both - 2 * exchanges;
    out->r = s / (sqrt(pairs - tied_x[0]) * sqrt(pairs - tied_y[0]));
    if (tied_x[0] == 0 && tied_y[0] == 0 && n <= EXACT_KENDALL) {
        out->p = kendall_exact(s, n);
    } else if (n > 2) {
        double variance = (size * (size - 1) * (2 * size + 5) - tied_x[2] - tied_y[2]) / 18
            + tied_x[1] * tied_y[1] / (9 * size * (size - 1) * (size - 2)) + 2 * tied_x[0] * tied_y[0] / (size * (size - 1));

        out->p = erfc(fabs(s) / sqrt(variance) / sqrt(2.0));
    }
}

size_t index_correlation_work(size_t n)
{
    return n * (4 * sizeof(double) + 2 * sizeof(uint32_t));
}

void index_correlate(const double *x, const double *y, size_t n, enum index_correlation_kind kind, void *work,
                     struct index_correlation *out)
{
    double *left = work, *right = left + n, *scratch = right + n;
    uint32_t *order = (uint32_t *)(scratch + 2 * n), *swap = order + n;
    size_t count = 0;

    for (size_t i = 0; i < n; i++) {
        if (isnan(x[i]) || isnan(y[i]))
            continue;
        left[count] = x[i];
        right[count++] = y[i];
    }
    out->r = out->p = NAN;
    out->count = count;
    if (count < 2)
        return;
    if (kind != INDEX_PEARSON) {
        index_tie(left, count, INDEX_TIE_TOLERANCE, order, swap);
        index_tie(right, count, INDEX_TIE_TOLERANCE, order, swap);
    }
    if (kind == INDEX_KENDALL) {
        kendall(left, right, count, scratch, order, swap, out);
        return;
    }
    if (kind == INDEX_SPEARMAN) {
        index_mid_rank(left, count, scratch, order, swap);
        index_mid_rank(right, count, scratch + n, order, swap);
        left = scratch;
        right = scratch + n;
    }
    out->r = pearson(left, right, count);
    if (count > 2 && !isnan(out->r))
        out->p = fabs(out->r) >= 1 ? 0
                                   : index_student_p(out->r * sqrt((double)(count - 2) / (1 - out->r * out->r)),
                                                     (double)(count - 2));
}
