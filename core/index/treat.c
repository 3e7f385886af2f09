/* Winsorising, logarithms, Box-Cox. */
#include "index/treat.h"

#include <math.h>

#include "index/compare.h"
#include "index/sort.h"
#include "index/statistics.h"

bool index_shape_passes(double skewness, double kurtosis, const struct index_shape_rule *rule)
{
    if (isnan(skewness) || isnan(kurtosis))
        return true;
    return fabs(skewness) < rule->skewness || kurtosis < rule->kurtosis;
}

/* The number of distinct values, counted up to 3. */
static size_t distinct(const double *x, size_t n)
{
    double seen[2];
    size_t count = 0;

    for (size_t i = 0; i < n; i++) {
        if (isnan(x[i]) || (count > 0 && x[i] == seen[0]) || (count > 1 && x[i] == seen[1]))
            continue;
        if (count == 2)
            return 3;
        seen[count++] = x[i];
    }
    return count;
}

enum index_flaw index_winsorise(double *x, size_t n, const struct index_shape_rule *rule, uint8_t *done, size_t *moved)
{
    size_t raised = 0, lowered = 0;

    *moved = 0;
    for (;;) {
        double skewness, kurtosis, minimum, maximum, next;
        size_t count = 0;

        index_shape(x, n, &skewness, &kurtosis);
        if (index_shape_passes(skewness, kurtosis, rule) || *moved >= rule->most)
            return INDEX_SOUND;
        if (distinct(x, n) < 3)
            return INDEX_TOO_FEW;
        index_range(x, n, &minimum, &maximum);
        next = skewness >= 0 ? minimum : maximum;
        for (size_t i = 0; i < n; i++) {
            if (skewness >= 0 && x[i] < maximum && x[i] > next)
                next = x[i];
            if (skewness < 0 && x[i] > minimum && x[i] < next)
                next = x[i];
        }
        for (size_t i = 0; i < n; i++) {
            if (skewness >= 0 ? x[i] != maximum : x[i] != minimum)
                continue;
            x[i] = next;
            done[i] = skewness >= 0 ? INDEX_LOWERED : INDEX_RAISED;
            count++;
        }
        if (skewness >= 0)
            lowered = count;
        else
            raised = count;
        *moved = lowered + raised;
    }
}

enum index_flaw index_winsorise_share(double *x, size_t n, double lower, double upper, uint8_t *done, double *work)
{
    size_t count = index_sorted(x, n, work, work + n);
    double low = index_quantile(work, count, lower), high = index_quantile(work, count, upper);

    if (count == 0)
        return INDEX_EMPTY;
    for (size_t i = 0; i < n; i++) {
        if (x[i] < low) {
            x[i] = low;
            done[i] = INDEX_RAISED;
        } else if (x[i] > high) {
            x[i] = high;
            done[i] = INDEX_LOWERED;
        }
    }
    return INDEX_SOUND;
}

enum index_flaw index_log(double *x, size_t n, enum index_logarithm kind, double shift)
{
    double minimum, maximum, skewness = 0, kurtosis, extra;
    enum index_flaw flaw = INDEX_SOUND;

    index_range(x, n, &minimum, &maximum);
    if (isnan(minimum))
        return INDEX_EMPTY;
    if (kind == INDEX_LOG || kind == INDEX_LOG10 || kind == INDEX_LOG_OF_ONE_MORE) {
        double least = kind == INDEX_LOG_OF_ONE_MORE ? -1 : 0;

        for (size_t i = 0; i < n; i++) {
            if (x[i] <= least) {
                x[i] = NAN;
                flaw = kind == INDEX_LOG_OF_ONE_MORE ? INDEX_BELOW_MINUS_ONE : INDEX_NOT_POSITIVE;
            } else {
                x[i] = kind == INDEX_LOG ? log(x[i]) : kind == INDEX_LOG10 ? log10(x[i]) : log1p(x[i]);
            }
        }
        return flaw;
    }
    if (kind != INDEX_LOG_ONE && index_equal(minimum, maximum, INDEX_TIE_TOLERANCE))
        return INDEX_CONSTANT;
    extra = kind == INDEX_LOG_ONE ? 1 : shift * (maximum - minimum);
    if (!(extra > 0))
        return INDEX_CONSTANT;
    if (kind == INDEX_LOG_SIGNED)
        index_shape(x, n, &skewness, &kurtosis);
    for (size_t i = 0; i < n; i++)
        x[i] = kind == INDEX_LOG_SIGNED && !(skewness > 0) ? -log(maximum + extra - x[i]) : log(x[i] - minimum + extra);
    return INDEX_SOUND;
}

static double box_cox(double positive, double lambda)
{
    /* expm1 keeps the digits that (y^lambda - 1) / lambda loses near lambda = 0. */
    return lambda == 0 ? log(positive) : expm1(lambda * log(positive)) / lambda;
}

enum index_flaw index_box_cox(double *x, size_t n, double lambda)
{
    double minimum, maximum;
    enum index_flaw flaw = INDEX_SOUND;

    index_range(x, n, &minimum, &maximum);
    if (isnan(minimum))
        return INDEX_EMPTY;
    for (size_t i = 0; i < n; i++) {
        x[i] = box_cox(x[i] - minimum + 1, lambda);
        if (isinf(x[i])) {
            x[i] = NAN;
            flaw = INDEX_OUT_OF_RANGE;
        }
    }
    return flaw;
}

/* Profile log-likelihood of lambda, up to a constant. */
static double likelihood(const double *x, size_t n, double minimum, double lambda)
{
    double sum = 0, square = 0, logs = 0, count = 0;

    for (size_t i = 0; i < n; i++) {
        double y;

        if (isnan(x[i]))
            continue;
        y = box_cox(x[i] - minimum + 1, lambda);
        sum += y;
        count++;
        logs += log(x[i] - minimum + 1);
    }
    for (size_t i = 0; i < n; i++) {
        double distance = isnan(x[i]) ? 0 : box_cox(x[i] - minimum + 1, lambda) - sum / count;

        square += distance * distance;
    }
    return (lambda - 1) * logs - count / 2 * log(square / count);
}

double index_box_cox_lambda(const double *x, size_t n)
{
    const double golden = 0.6180339887498949;
    double low = -2, high = 2, left = high - golden * (high - low), right = low + golden * (high - low);
    double minimum, maximum, at_left, at_right;

    index_range(x, n, &minimum, &maximum);
    if (!(maximum > minimum) || index_equal(minimum, maximum, INDEX_TIE_TOLERANCE))
        return NAN;
    at_left = likelihood(x, n, minimum, left);
    at_right = likelihood(x, n, minimum, right);
    while (high - low > 1e-6) {
        if (at_left >= at_right) {
            high = right;
            right = left;
            at_right = at_left;
            left = high - golden * (high - low);
            at_left = likelihood(x, n, minimum, left);
        } else {
            low = left;
            left = right;
            at_left = at_right;
            right = low + golden * (high - low);
            at_right = likelihood(x, n, minimum, right);
        }
    }
    return (low + high) / 2;
}
