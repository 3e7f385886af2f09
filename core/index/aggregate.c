/* Means, medians and outranking over the children of one group. */
#include "index/aggregate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "index/envelope.h"
#include "index/outrank.h"
#include "index/sort.h"

size_t index_aggregate_work(size_t k, size_t n)
{
    return 3 * n + 4 * k;
}

/* Where a value cannot be used. */
static bool unusable(const struct index_rule *rule, double x)
{
    switch (rule->method) {
    case INDEX_GEOMETRIC:
    case INDEX_HARMONIC:
        return x <= 0;
    case INDEX_GENERALISED:
        if (rule->power <= 0)
            return x <= 0;
        return x < 0 && rule->power != floor(rule->power);
    default:
        return false;
    }
}

static double transform(const struct index_rule *rule, double x)
{
    switch (rule->method) {
    case INDEX_GEOMETRIC:
        return log(x);
    case INDEX_HARMONIC:
        return 1 / x;
    case INDEX_GENERALISED:
        return rule->power == 0 ? log(x) : pow(x, rule->power);
    default:
        return x;
    }
}

static double transform_back(const struct index_rule *rule, double mean)
{
    switch (rule->method) {
    case INDEX_GEOMETRIC:
        return exp(mean);
    case INDEX_HARMONIC:
        return 1 / mean;
    case INDEX_GENERALISED:
        return rule->power == 0 ? exp(mean) : pow(mean, 1 / rule->power);
    default:
        return mean;
    }
}

/* Sums of one child into the totals of its group. */
static void add_child(const double *restrict x, double weight, const struct index_rule *rule, size_t n, double *restrict sum,
                      double *restrict there, double *restrict count, uint8_t *bad)
{
    if (rule->method == INDEX_ARITHMETIC) {
        for (size_t u = 0; u < n; u++) {
            bool present = !isnan(x[u]);

            sum[u] += present ? weight * x[u] : 0;
            there[u] += present ? weight : 0;
            count[u] += present ? 1 : 0;
        }
        return;
    }
    for (size_t u = 0; u < n; u++) {
        if (isnan(x[u]))
            continue;
        there[u] += weight;
        count[u] += 1;
        if (unusable(rule, x[u])) {
            sum[u] = NAN;
            if (bad != NULL)
                bad[u] = 1;
            continue;
        }
        sum[u] += weight * transform(rule, x[u]);
    }
}

/* What the threshold is measured against: the children that count and their weight. */
static void children_total(const double *weights, size_t k, double *count, double *weight)
{
    *count = 0;
    *weight = 0;
    for (size_t q = 0; q < k; q++) {
        *count += weights[q] > 0;
        *weight += weights[q];
    }
}

static bool enough(const struct index_rule *rule, double there, double count, double all_weight, double all_count)
{
    double share = rule->by_weight ? there / all_weight : count / all_count;

    return count > 0 && there > 0 && share >= rule->threshold - 1e-12;
}

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
    if (equal)
        return (values[(count - 1) / 2] + values[count / 2]) / 2;
    for (size_t i = 0; i < count; i++) {
        so_far += weights[i];
        if (so_far >= half * (1 - 1e-12))
            return values[i];
    }
    return values[count - 1];
}

/* The methods that look at all children of one unit at once. */
static void by_unit(const double *const *children, const double *weights, size_t k, size_t n, const struct index_rule *rule,
                    size_t node, index_custom custom, void *context, double *out, double *work)
{
    double *values = work, *own = work + k, all_count, all_weight;

    children_total(weights, k, &all_count, &all_weight);
    for (size_t u = 0; u < n; u++) {
        double there = 0;
        size_t count = 0;

        for (size_t q = 0; q < k; q++) {
            if (!(weights[q] > 0) || isnan(children[q][u]))
                continue;
            values[count] = children[q][u];
            own[count++] = weights[q];
            there += weights[q];
        }
        out[u] = NAN;
        if (!enough(rule, there, (double)count, all_weight, all_count))
            continue;
        if (rule->method == INDEX_CUSTOM) {
            out[u] = custom(context, node, values, own, count);
        } else if (rule->method == INDEX_MEDIAN) {
            out[u] = weighted_median(values, own, count);
        } else {
            out[u] = values[0];
            for (size_t i = 1; i < count; i++)
                out[u] = values[i] < out[u] ? values[i] : out[u];
        }
    }
}

/* Benefit of the doubt over the children that have a weight; a unit that lacks one of them has no score. */
static enum index_flaw by_envelope(const double *const *children, const double *weights, size_t k, size_t n,
                                   const struct index_rule *rule, double *out)
{
    const double **columns = dk_alloc((k + 1) * sizeof *columns);
    double *lower = dk_alloc((2 * k + index_envelope_work(k, n) + 1) * sizeof *lower), *upper = lower + k;
    enum index_flaw flaw;
    size_t count = 0;

    for (size_t q = 0; q < k; q++) {
        if (!(weights[q] > 0))
            continue;
        lower[count] = rule->lower;
        upper[count] = rule->upper > 0 ? rule->upper : 1;
        columns[count++] = children[q];
    }
    for (size_t u = 0; u < n; u++)
        out[u] = NAN;
    flaw = count == 0 ? INDEX_NO_WEIGHT : index_envelope(columns, count, n, lower, upper, out, NULL, upper + k);
    if (flaw != INDEX_SOUND)
        for (size_t u = 0; u < n; u++)
            out[u] = NAN;
    free(lower);
    free(columns);
    return flaw == INDEX_EMPTY ? INDEX_SOUND : flaw;
}

enum index_flaw index_aggregate(const double *const *children, const double *weights, size_t k, size_t n,
                                const struct index_rule *rule, size_t node, index_custom custom, void *context, double *out,
                                uint8_t *bad, double *work)
{
    double *there = work, *count = work + n, all_count, all_weight;

    switch (rule->method) {
    case INDEX_MEDIAN:
    case INDEX_MINIMUM:
    case INDEX_CUSTOM:
        by_unit(children, weights, k, n, rule, node, custom, context, out, work);
        return INDEX_SOUND;
    case INDEX_BORDA:
    case INDEX_COPELAND:
    case INDEX_KEMENY:
        return index_outrank_scores(children, weights, k, n, rule, out);
    case INDEX_ENVELOPE:
        return by_envelope(children, weights, k, n, rule, out);
    default:
        break;
    }
    memset(there, 0, 2 * n * sizeof *there);
    memset(out, 0, n * sizeof *out);
    for (size_t q = 0; q < k; q++)
        if (weights[q] > 0)
            add_child(children[q], weights[q], rule, n, out, there, count, bad);
    children_total(weights, k, &all_count, &all_weight);
    for (size_t u = 0; u < n; u++)
        out[u] = enough(rule, there[u], count[u], all_weight, all_count) ? transform_back(rule, out[u] / there[u]) : NAN;
    return INDEX_SOUND;
}
