/* Means, medians and outranking over the children of one group. */
#include "index/aggregate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "index/children.h"
#include "index/compare.h"
#include "index/envelope.h"
#include "index/outrank.h"
#include "index/topsis.h"

size_t index_aggregate_work(size_t k, size_t n)
{
    return 4 * n + 2 * k;
}

/* Units with a child that counts and is not defined. */
static void take_undefined(const struct index_children *children, uint8_t *restrict undefined)
{
    memset(undefined, 0, children->n);
    for (size_t q = 0; q < children->k && children->undefined != NULL; q++) {
        const uint8_t *restrict child = children->undefined[q];

        if (child == NULL || !(children->weights[q] > 0))
            continue;
        for (size_t u = 0; u < children->n; u++)
            undefined[u] |= child[u];
    }
}

/* Means ----------------------------------------------------------------------------------------------------------- */

/* One way to see all means but the arithmetic: of powers, of which 0 stands for logarithms. */
static double power_of(const struct index_rule *rule)
{
    return rule->method == INDEX_GEOMETRIC ? 0 : rule->method == INDEX_HARMONIC ? -1 : rule->power;
}

/* Powers near 0 leave nothing of (x^p - 1) / p but rounding unless it is computed as such. */
static bool is_small(double power)
{
    return fabs(power) < 0.125;
}

static double transform(double power, double x, double scale)
{
    if (power == 0)
        return log(x);
    if (power == -1)
        return scale / x;
    return is_small(power) ? expm1(power * log(x / scale)) : pow(x / scale, power);
}

static double transform_back(double power, double mean, double scale)
{
    if (power == 0)
        return exp(mean);
    if (power == -1)
        return scale / mean;
    return scale * (is_small(power) ? exp(log1p(mean) / power) : pow(mean, 1 / power));
}

/* The largest value of every unit (for powers above 0), or the smallest that is not zero: divided by it no power is
 * beyond a double. */
static void scale_units(const struct index_children *children, double power, double *scale)
{
    for (size_t u = 0; u < children->n; u++)
        scale[u] = 0;
    for (size_t q = 0; q < children->k; q++) {
        const double *x = children->x[q];

        if (!(children->weights[q] > 0))
            continue;
        for (size_t u = 0; u < children->n; u++)
            if (x[u] > 0 && (scale[u] == 0 || (power > 0 ? x[u] > scale[u] : x[u] < scale[u])))
                scale[u] = x[u];
    }
}

static void by_power(const struct index_children *children, const struct index_rule *rule, double *out, uint8_t *undefined,
                     double *work)
{
    size_t n = children->n;
    double *there = work, *count = work + n, *scale = work + 2 * n, *zero = work + 3 * n;
    double power = power_of(rule), all_count, all_weight;

    memset(there, 0, 2 * n * sizeof *there);
    memset(zero, 0, n * sizeof *zero);
    memset(out, 0, n * sizeof *out);
    scale_units(children, power, scale);
    for (size_t q = 0; q < children->k; q++) {
        const double *x = children->x[q];
        double weight = children->weights[q];

        if (!(weight > 0))
            continue;
        for (size_t u = 0; u < n; u++) {
            if (isnan(x[u]))
                continue;
            there[u] += weight;
            count[u] += 1;
            if (x[u] < 0)
                out[u] = NAN;
            else if (x[u] == 0 && power <= 0)
                zero[u] = 1;
            else if (scale[u] > 0)
                out[u] += weight * transform(power, x[u], scale[u]);
        }
    }
    index_children_total(children, &all_count, &all_weight);
    for (size_t u = 0; u < n; u++) {
        if (!index_is_enough(rule, there[u], count[u], all_weight, all_count)) {
            out[u] = NAN;
        } else if (isnan(out[u])) {
            undefined[u] = 1;
        } else {
            out[u] = zero[u] != 0 || scale[u] == 0 ? 0 : transform_back(power, out[u] / there[u], scale[u]);
        }
    }
}

static void by_sum(const struct index_children *children, const struct index_rule *rule, double *out, double *work)
{
    size_t n = children->n;
    double *restrict there = work, *restrict count = work + n, *restrict magnitude = work + 2 * n;
    double *restrict sum = out, all_count, all_weight;

    memset(work, 0, 3 * n * sizeof *work);
    memset(out, 0, n * sizeof *out);
    for (size_t q = 0; q < children->k; q++) {
        const double *restrict x = children->x[q];
        double weight = children->weights[q];

        if (!(weight > 0))
            continue;
        for (size_t u = 0; u < n; u++) {
            bool present = !isnan(x[u]);
            double term = present ? weight * x[u] : 0;

            sum[u] += term;
            magnitude[u] += fabs(term);
            there[u] += present ? weight : 0;
            count[u] += present ? 1 : 0;
        }
    }
    index_children_total(children, &all_count, &all_weight);
    for (size_t u = 0; u < n; u++)
        out[u] = index_is_enough(rule, there[u], count[u], all_weight, all_count)
                     ? index_settled(sum[u], magnitude[u]) / there[u]
                     : NAN;
}

/* Methods that look at all children of one unit at once ------------------------------------------------------------- */

static double weighted_median(double *values, double *weights, size_t count)
{
    double half = 0, so_far = 0;
    bool equal = true;

    /* Few children: insertion keeps the pairs together. */
    for (size_t i = 1; i < count; i++) {
        double value = values[i], weight = weights[i];
        size_t j = i;

        for (; j > 0 && values[j - 1] > value; j--) {
            values[j] = values[j - 1];
            weights[j] = weights[j - 1];
        }
        values[j] = value;
        weights[j] = weight;
    }
    for (size_t i = 0; i < count; i++) {
        half += weights[i] / 2;
        equal = equal && fabs(weights[i] - weights[0]) <= 1e-12 * weights[0];
    }
    if (equal) {
        double low = values[(count - 1) / 2], high = values[count / 2];

        return index_settled(low / 2 + high / 2, fmax(fabs(low), fabs(high)));
    }
    for (size_t i = 0; i < count; i++) {
        so_far += weights[i];
        if (so_far >= half * (1 - 1e-12))
            return values[i];
    }
    return values[count - 1];
}

/* M -+ s²/M (Mazziotta and Pareto 2016): a mean with a penalty for imbalance. Weighted where the weights differ. */
static double mazziotta_pareto(const double *values, const double *weights, size_t count, const struct index_rule *rule)
{
    double total = 0, mean = 0, variance = 0;

    for (size_t i = 0; i < count; i++) {
        total += weights[i];
        mean += weights[i] * values[i];
    }
    mean /= total;
    if (!(mean > 0))
        return NAN;
    for (size_t i = 0; i < count; i++)
        variance += weights[i] / total * (values[i] - mean) * (values[i] - mean);
    if (rule->sample)
        variance = count > 1 ? variance * (double)count / (double)(count - 1) : 0;
    return mean + rule->penalty * variance / mean;
}

/* M - alpha (sqrt((M - min)² + beta²) - beta) (Casadio Tarabusi and Guarini 2013). */
static double mean_min(const double *values, const double *weights, size_t count, const struct index_rule *rule)
{
    double total = 0, mean = 0, least = values[0];

    for (size_t i = 0; i < count; i++) {
        total += weights[i];
        mean += weights[i] * values[i];
        least = fmin(least, values[i]);
    }
    mean /= total;
    return mean - rule->penalty * (sqrt((mean - least) * (mean - least) + rule->beta * rule->beta) - rule->beta);
}

/* What the weights of places come to for place `at` of `count`: where there are as many values as weights, that of the
 * place; otherwise the weights spread over the whole, of which each value gets its part (Yager 1988). */
static double place_weight(const struct index_rule *rule, size_t at, size_t count)
{
    double step = 1 / (double)rule->place_count, low = (double)at / (double)count, high = (double)(at + 1) / (double)count;
    double sum = 0;

    if (count == rule->place_count)
        return rule->place[at];
    for (size_t i = 0; i < rule->place_count; i++) {
        double both = fmin(high, (double)(i + 1) * step) - fmax(low, (double)i * step);

        sum += both > 0 ? rule->place[i] * both : 0;
    }
    return sum;
}

static void sort_falling(double *values, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        double value = values[i];
        size_t j = i;

        for (; j > 0 && values[j - 1] < value; j--)
            values[j] = values[j - 1];
        values[j] = value;
    }
}

/* The mean of the best so many values, or of the worst, or weighted by places. Sorts the values. */
static double ordered(double *values, size_t count, const struct index_rule *rule)
{
    size_t wanted = (size_t)fabs(rule->places);
    double sum = 0, total = 0;

    sort_falling(values, count);
    if (rule->places == 0) {
        for (size_t i = 0; i < count; i++) {
            double weight = place_weight(rule, i, count);

            sum += weight * values[i];
            total += weight;
        }
        return sum / total;
    }
    if (wanted > count)
        wanted = count;
    for (size_t i = 0; i < wanted; i++)
        sum += rule->places > 0 ? values[i] : values[count - 1 - i];
    return sum / (double)wanted;
}

static void by_unit(const struct index_children *children, const struct index_rule *rule, size_t node, index_custom custom,
                    void *context, double *out, uint8_t *undefined, double *work)
{
    double *values = work, *own = work + children->k, all_count, all_weight;

    index_children_total(children, &all_count, &all_weight);
    for (size_t u = 0; u < children->n; u++) {
        double there = 0;
        size_t count = 0;

        for (size_t q = 0; q < children->k; q++) {
            if (!(children->weights[q] > 0) || isnan(children->x[q][u]))
                continue;
            values[count] = children->x[q][u];
            own[count++] = children->weights[q];
            there += children->weights[q];
        }
        out[u] = NAN;
        if (undefined[u] || !index_is_enough(rule, there, (double)count, all_weight, all_count))
            continue;
        if (rule->method == INDEX_CUSTOM) {
            out[u] = custom(context, node, values, own, count);
            undefined[u] = isnan(out[u]);
        } else if (rule->method == INDEX_MEDIAN) {
            out[u] = weighted_median(values, own, count);
        } else if (rule->method == INDEX_MAZZIOTTA_PARETO) {
            out[u] = mazziotta_pareto(values, own, count, rule);
            undefined[u] = isnan(out[u]);
        } else if (rule->method == INDEX_MEAN_MIN) {
            out[u] = mean_min(values, own, count, rule);
        } else if (rule->method == INDEX_ORDERED) {
            out[u] = ordered(values, count, rule);
        } else {
            out[u] = values[0];
            for (size_t i = 1; i < count; i++)
                out[u] = values[i] < out[u] ? values[i] : out[u];
        }
    }
}

/* Benefit of the doubt ---------------------------------------------------------------------------------------------- */

static bool any_negative(const struct index_children *children, size_t unit)
{
    for (size_t q = 0; q < children->k; q++)
        if (children->weights[q] > 0 && children->x[q][unit] < 0)
            return true;
    return false;
}

/* The columns of the children that have a weight and the units that are compared, for index_envelope(). */
struct compared {
    const double **columns; /* of the k children that have a weight */
    size_t *child;          /* which they are */
    double *lower, *upper, *work;
    uint8_t *left_out; /* units */
    size_t k;
};

static void compare_children(const struct index_children *children, const struct index_rule *rule, struct compared *compared,
                             uint8_t *undefined)
{
    size_t k = children->k, n = children->n;

    compared->columns = dk_alloc((k + 1) * sizeof *compared->columns);
    compared->child = dk_alloc((k + 1) * sizeof *compared->child);
    compared->lower = dk_alloc((2 * k + index_envelope_work(k, n) + 1) * sizeof *compared->lower);
    compared->upper = compared->lower + k;
    compared->work = compared->upper + k;
    compared->left_out = dk_alloc_zeroed(n + 1, 1);
    compared->k = 0;
    for (size_t q = 0; q < k; q++) {
        if (!(children->weights[q] > 0))
            continue;
        compared->lower[compared->k] = rule->lower;
        compared->upper[compared->k] = rule->upper > 0 ? rule->upper : 1;
        compared->child[compared->k] = q;
        compared->columns[compared->k++] = children->x[q];
    }
    for (size_t u = 0; u < n; u++) {
        bool is_enough = index_enough(children, rule, u);

        undefined[u] |= is_enough && any_negative(children, u);
        compared->left_out[u] = !is_enough || undefined[u];
    }
}

static void free_compared(struct compared *compared)
{
    free(compared->columns);
    free(compared->child);
    free(compared->lower);
    free(compared->left_out);
}

enum index_flaw index_aggregate_envelope(const struct index_children *children, const struct index_rule *rule, double *out,
                                         uint8_t *undefined, double *chosen)
{
    size_t k = children->k, n = children->n;
    struct compared compared;
    double *shares = NULL;
    enum index_flaw flaw;

    take_undefined(children, undefined);
    compare_children(children, rule, &compared, undefined);
    for (size_t u = 0; u < n; u++)
        out[u] = NAN;
    if (chosen != NULL)
        shares = dk_alloc((n * compared.k + 1) * sizeof *shares);
    flaw = compared.k == 0 ? INDEX_NO_WEIGHT
                           : index_envelope(compared.columns, compared.k, n, compared.left_out, compared.lower,
                                            compared.upper, out, shares, compared.work);
    for (size_t u = 0; u < n; u++) {
        if (flaw != INDEX_SOUND)
            out[u] = NAN;
        for (size_t q = 0; q < k && chosen != NULL; q++)
            chosen[u * k + q] = NAN;
        for (size_t i = 0; i < compared.k && chosen != NULL && flaw == INDEX_SOUND; i++)
            chosen[u * k + compared.child[i]] = shares[u * compared.k + i];
    }
    free(shares);
    free_compared(&compared);
    return flaw == INDEX_EMPTY || flaw == INDEX_NO_WEIGHT ? INDEX_SOUND : flaw;
}

enum index_flaw index_aggregate(const struct index_children *children, const struct index_rule *rule, size_t node,
                                index_custom custom, void *context, double *out, uint8_t *undefined, bool *several,
                                double *work)
{
    enum index_flaw flaw = INDEX_SOUND;

    take_undefined(children, undefined);
    switch (rule->method) {
    case INDEX_ARITHMETIC:
        by_sum(children, rule, out, work);
        break;
    case INDEX_GEOMETRIC:
    case INDEX_HARMONIC:
    case INDEX_GENERALISED:
        by_power(children, rule, out, undefined, work);
        break;
    case INDEX_BORDA:
    case INDEX_COPELAND:
    case INDEX_KEMENY:
        flaw = index_outrank_scores(children, rule, undefined, out, several);
        break;
    case INDEX_ENVELOPE:
        flaw = index_aggregate_envelope(children, rule, out, undefined, NULL);
        break;
    case INDEX_TOPSIS:
        flaw = index_topsis(children, rule, out, undefined, work);
        break;
    default:
        by_unit(children, rule, node, custom, context, out, undefined, work);
        break;
    }
    for (size_t u = 0; u < children->n; u++) {
        undefined[u] |= isinf(out[u]);
        if (undefined[u])
            out[u] = NAN;
    }
    return flaw;
}
