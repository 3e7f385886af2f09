/* Learning a scale and applying it. */
#include "index/normalise.h"

#include <math.h>

#include "index/compare.h"
#include "index/sort.h"
#include "index/statistics.h"

struct index_scale index_scale_default(enum index_scaling method)
{
    struct index_scale scale = {
        .method = method,
        .direction = 1,
        .low = 0,
        .high = 100,
        .truncate = true,
        .spread = 1,
        .band = 0.2,
        .lower = NAN,
        .upper = NAN,
        .target = NAN,
        .value = NAN,
        .tolerance = INDEX_TIE_TOLERANCE,
    };

    if (method == INDEX_SCALE_ADJUSTED) {
        scale.centre = 100;
        scale.spread = 60;
    }
    return scale;
}

/* The reference value on the scale of x. */
static double reference_value(const struct index_scale *scale)
{
    switch (scale->reference) {
    case INDEX_REFERENCE_MEAN:
        return scale->direction * scale->mean;
    case INDEX_REFERENCE_MEDIAN:
        return scale->direction * index_quantile(scale->sorted, scale->count, 0.5);
    case INDEX_REFERENCE_BEST:
        return scale->direction * scale->maximum;
    case INDEX_REFERENCE_WORST:
        return scale->direction * scale->minimum;
    case INDEX_REFERENCE_VALUE:
        break;
    }
    return scale->value;
}

static bool has_reference(enum index_scaling method)
{
    return method == INDEX_SCALE_RATIO || method == INDEX_SCALE_DIFFERENCE || method == INDEX_SCALE_ADJUSTED;
}

static bool is_constant(const struct index_scale *scale)
{
    return index_equal(scale->minimum, scale->maximum, scale->tolerance);
}

/* Whether the learned scale can be used. */
static enum index_flaw flaw_of(const struct index_scale *scale)
{
    double target = scale->direction * scale->target;

    switch (scale->method) {
    case INDEX_SCALE_NONE:
        return INDEX_SOUND;
    case INDEX_SCALE_GOALPOSTS:
        return scale->upper > scale->lower ? INDEX_SOUND : INDEX_NO_RANGE;
    default:
        break;
    }
    if (scale->count == 0)
        return INDEX_EMPTY;
    switch (scale->method) {
    case INDEX_SCALE_MINMAX:
        return is_constant(scale) ? INDEX_CONSTANT : INDEX_SOUND;
    case INDEX_SCALE_ZSCORE:
        return scale->count < 2 ? INDEX_TOO_FEW : is_constant(scale) ? INDEX_CONSTANT : INDEX_SOUND;
    case INDEX_SCALE_PERCENTILE_RANK:
        return scale->count < 2 ? INDEX_TOO_FEW : INDEX_SOUND;
    case INDEX_SCALE_TARGET:
        return target > scale->minimum && !index_equal(target, scale->minimum, scale->tolerance) ? INDEX_SOUND
                                                                                                 : INDEX_NO_RANGE;
    case INDEX_SCALE_RATIO:
    case INDEX_SCALE_DIFFERENCE:
        return isnan(scale->value) ? INDEX_EMPTY : scale->value != 0 ? INDEX_SOUND : INDEX_ZERO_REFERENCE;
    case INDEX_SCALE_ADJUSTED:
        return is_constant(scale) ? INDEX_CONSTANT : isnan(scale->value) ? INDEX_EMPTY : INDEX_SOUND;
    case INDEX_SCALE_MEAN_BAND:
        return scale->direction * scale->mean > 0 ? INDEX_SOUND : INDEX_NOT_POSITIVE;
    case INDEX_SCALE_FRACTION:
        /* the best and the worst on the scale of x: a ratio of levels means something for positive values alone */
        return scale->direction * scale->maximum > 0 && scale->direction * scale->minimum >= 0 ? INDEX_SOUND
                                                                                               : INDEX_NOT_POSITIVE;
    default:
        return INDEX_SOUND;
    }
}

enum index_flaw index_learn_scale(struct index_scale *scale, const double *reference, size_t m, double *memory)
{
    static const double shares[5] = {0.15, 0.25, 0.65, 0.85, 0.95};
    double *directed = memory;
    size_t count = 0;
    bool sorts = false;

    switch (scale->method) {
    case INDEX_SCALE_RANK:
    case INDEX_SCALE_BORDA:
    case INDEX_SCALE_PERCENTILE_RANK:
    case INDEX_SCALE_PERCENTILE:
    case INDEX_SCALE_CATEGORICAL:
        sorts = true;
        break;
    case INDEX_SCALE_RATIO:
    case INDEX_SCALE_DIFFERENCE:
    case INDEX_SCALE_ADJUSTED:
        sorts = scale->reference == INDEX_REFERENCE_MEDIAN;
        break;
    default:
        break;
    }
    for (size_t i = 0; i < m; i++)
        if (!isnan(reference[i]))
            directed[count++] = scale->direction * reference[i];
    scale->count = count;
    scale->sorted = directed;
    index_range(directed, count, &scale->minimum, &scale->maximum);
    scale->mean = index_mean(directed, count);
    scale->deviation = scale->method == INDEX_SCALE_ZSCORE ? index_deviation(directed, count) : NAN;
    if (sorts)
        index_sort(directed, count, memory + m);
    if (scale->method == INDEX_SCALE_CATEGORICAL)
        for (size_t i = 0; i < 5; i++)
            scale->cuts[i] = index_quantile(directed, count, shares[i]);
    if (has_reference(scale->method))
        scale->value = reference_value(scale);
    else if (sorts)
        index_tie_sorted(directed, count, scale->tolerance);
    return flaw_of(scale);
}

static double clamp(double value, double low, double high)
{
    return value < low ? low : value > high ? high : value;
}

/* How many values of the reference set stand below y: those of its tied block do not. */
static double below(const struct index_scale *scale, double y)
{
    size_t above = index_count_below(scale->sorted, scale->count, y);

    if (above < scale->count && index_equal(scale->sorted[above], y, scale->tolerance))
        y = scale->sorted[above];
    return (double)index_count_below(scale->sorted, scale->count, y);
}

/* left - right, zero when they differ by rounding alone. */
static double difference(double left, double right)
{
    return index_settled(left - right, fmax(fabs(left), fabs(right)));
}

/* A quotient; NaN where it is too small for a double, which zero would hide. */
static double quotient(double left, double right)
{
    double share = left / right;

    return share == 0 && left != 0 ? NAN : share;
}

/* One value through a sound scale; NaN when the method cannot use it. */
static double apply(const struct index_scale *scale, double x)
{
    double y = scale->direction * x, share;
    size_t category = 0;

    switch (scale->method) {
    case INDEX_SCALE_RANK:
        return below(scale, y) + 1;
    case INDEX_SCALE_BORDA:
        return below(scale, y);
    case INDEX_SCALE_PERCENTILE_RANK:
        return below(scale, y) / (double)(scale->count - 1);
    case INDEX_SCALE_PERCENTILE:
        return 100 * (below(scale, y) + 1) / (double)scale->count;
    case INDEX_SCALE_TARGET:
        share = quotient(y - scale->minimum, scale->direction * scale->target - scale->minimum);
        return scale->cap && share > 1 ? 1 : share;
    case INDEX_SCALE_RATIO:
        if (scale->direction > 0)
            return quotient(x, scale->value);
        return x != 0 ? quotient(scale->value, x) : NAN;
    case INDEX_SCALE_DIFFERENCE:
        return scale->direction * difference(x, scale->value) / fabs(scale->value);
    case INDEX_SCALE_ADJUSTED:
        return scale->centre +
               scale->spread * (scale->direction * difference(x, scale->value) / (scale->maximum - scale->minimum));
    case INDEX_SCALE_GOALPOSTS:
        share = quotient(scale->direction > 0 ? x - scale->lower : scale->upper - x, scale->upper - scale->lower);
        share *= scale->high;
        return scale->truncate ? clamp(share, fmin(0, scale->high), fmax(0, scale->high)) : share;
    case INDEX_SCALE_CATEGORICAL:
        while (category < 5 && (y >= scale->cuts[category] || index_equal(y, scale->cuts[category], scale->tolerance)))
            category++;
        return 20.0 * (double)category;
    case INDEX_SCALE_MEAN_BAND:
        share = x / (scale->direction * scale->mean);
        if (index_equal(share, 1 + scale->band, scale->tolerance) || index_equal(share, 1 - scale->band, scale->tolerance))
            return 0;
        return scale->direction * (share > 1 + scale->band ? 1 : share < 1 - scale->band ? -1 : 0);
    case INDEX_SCALE_FRACTION:
        if (scale->direction > 0)
            return quotient(x, scale->maximum);
        return x > 0 ? quotient(-scale->maximum, x) : NAN;
    default:
        return y;
    }
}

/* The two methods that most columns go through, without a branch for the value. */
static bool apply_fast(const struct index_scale *scale, const double *x, size_t n, double *out)
{
    if (scale->method == INDEX_SCALE_MINMAX) {
        double range = scale->maximum - scale->minimum, width = scale->high - scale->low;
        double magnitude = fmax(fabs(scale->low), fabs(scale->high));

        for (size_t i = 0; i < n; i++)
            out[i] = index_settled(scale->low + width * ((scale->direction * x[i] - scale->minimum) / range), magnitude);
        return true;
    }
    if (scale->method == INDEX_SCALE_ZSCORE) {
        for (size_t i = 0; i < n; i++) {
            double y = scale->direction * x[i], score = scale->spread * (difference(y, scale->mean) / scale->deviation);

            out[i] = index_settled(scale->centre + score, fabs(scale->centre));
        }
        return true;
    }
    return false;
}

size_t index_apply_scale(const struct index_scale *scale, const double *x, size_t n, double *out)
{
    size_t before = index_available(x, n), lost = 0;
    bool sound = flaw_of(scale) == INDEX_SOUND;

    if (!sound || !apply_fast(scale, x, n, out))
        for (size_t i = 0; i < n; i++)
            out[i] = !isnan(x[i]) && sound ? apply(scale, x[i]) : NAN;
    for (size_t i = 0; i < n; i++)
        out[i] = isinf(out[i]) ? NAN : out[i];
    lost = before - index_available(out, n);
    return lost;
}
