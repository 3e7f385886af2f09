#include "index/local.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "index/sort.h"

size_t index_local_work(size_t n)
{
    return 8 * n;
}

static double sum_of_squares(const double *list, size_t n)
{
    double mean = 0, sum = 0;

    for (size_t i = 0; i < n; i++)
        mean += list[i] / (double)n;
    for (size_t i = 0; i < n; i++)
        sum += (list[i] - mean) * (list[i] - mean);
    return sum;
}

/* Sums over the units around each unit: of the weights, of weight times distance and its square, of weight times y. */
struct sums {
    double *s0, *s1, *s2, *t0, *t1;
};

/* Adds every pair of units once to the sums of both. What weighs less than 1e-18 of the unit itself changes no digit. */
static void gather(const double *x, const double *y, size_t n, double width, const struct sums *at)
{
    for (size_t i = 0; i < n; i++) {
        at->s0[i] = 1;
        at->s1[i] = at->s2[i] = at->t1[i] = 0;
        at->t0[i] = y[i];
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            double away = x[j] - x[i], half = 0.5 * away / width * (away / width), weight;

            if (half > 42)
                continue;
            weight = exp(-half);
            at->s0[i] += weight;
            at->s1[i] += weight * away;
            at->s2[i] += weight * away * away;
            at->t0[i] += weight * y[j];
            at->t1[i] += weight * away * y[j];
            at->s0[j] += weight;
            at->s1[j] -= weight * away;
            at->s2[j] += weight * away * away;
            at->t0[j] += weight * y[i];
            at->t1[j] -= weight * away * y[i];
        }
}

/* The weighted line through the others at every unit into fit[n]; false when the width is too small for one of them. */
static bool smooth(const double *x, const double *y, size_t n, double width, double *fit, double *left_out)
{
    struct sums at = {fit + n, fit + 2 * n, fit + 3 * n, fit + 4 * n, fit + 5 * n};

    gather(x, y, n, width, &at);
    *left_out = 0;
    for (size_t i = 0; i < n; i++) {
        double below = at.s0[i] * at.s2[i] - at.s1[i] * at.s1[i], own = at.s2[i] / below, apart;

        fit[i] = (at.s2[i] * at.t0[i] - at.s1[i] * at.t1[i]) / below;
        if (!(below > 0) || !isfinite(fit[i]) || !(own <= 1 - 1e-8))
            return false;
        apart = (y[i] - fit[i]) / (1 - own);
        *left_out += apart * apart / (double)n;
    }
    return true;
}

enum index_flaw index_local_fixed(const double *x, const double *y, size_t n, double width, struct index_local *out,
                                  double *work)
{
    double all = sum_of_squares(y, n);

    if (n < 3)
        return INDEX_TOO_FEW;
    if (!(all > 0))
        return INDEX_CONSTANT;
    out->width = width;
    if (!(width > 0) || !smooth(x, y, n, width, work, &out->left_out))
        return INDEX_NO_SOLUTION;
    out->ratio = sum_of_squares(work, n) / all;
    return INDEX_SOUND;
}

enum index_flaw index_local_ratio(const double *x, const double *y, size_t n, struct index_local *out, double *work)
{
    enum { FIRST = 4, LAST = 60, STEPS_PER_DEVIATION = 20, LEAST_UNITS = 10, LEAST_DISTINCT = 6 };
    double deviation, *sorted = work + 6 * n;
    size_t distinct = n > 0;
    bool found = false;

    memcpy(sorted, x, n * sizeof *x);
    index_sort(sorted, n, sorted + n);
    for (size_t i = 1; i < n; i++)
        distinct += sorted[i] > sorted[i - 1];
    if (n < LEAST_UNITS || distinct < LEAST_DISTINCT)
        return INDEX_TOO_FEW;
    deviation = sqrt(sum_of_squares(x, n) / (double)(n - 1));
    for (int step = FIRST; step <= LAST; step++) {
        struct index_local tried;
        enum index_flaw flaw = index_local_fixed(x, y, n, deviation * step / STEPS_PER_DEVIATION, &tried, work);

        if (flaw == INDEX_CONSTANT)
            return flaw;
        if (flaw == INDEX_SOUND && (!found || tried.left_out < out->left_out)) {
            *out = tried;
            found = true;
        }
    }
    return found ? INDEX_SOUND : INDEX_NO_SOLUTION;
}
