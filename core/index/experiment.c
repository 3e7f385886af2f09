/* One run of an experiment. */
#include "index/experiment.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "index/compare.h"
#include "index/random.h"
#include "index/rank.h"

struct index_inputs index_experiment_inputs(const struct index_experiment *experiment)
{
    struct index_inputs inputs = {
        .imputation = experiment->imputations > 1,
        .draw = experiment->draws > 1,
        .treatment = experiment->treatments > 1,
        .normalisation = experiment->normalisations > 1,
        .aggregation = experiment->aggregations > 1,
        .weighting = experiment->weightings > 1,
        .drops = experiment->drops,
    };

    for (size_t node = 0; node < experiment->tree->nodes; node++)
        inputs.weights += experiment->noise[node] != 0;
    return inputs;
}

size_t index_inputs_count(const struct index_experiment *experiment)
{
    struct index_inputs inputs = index_experiment_inputs(experiment);

    return inputs.imputation + inputs.draw + inputs.treatment + inputs.normalisation + inputs.aggregation +
           inputs.weighting + inputs.weights + inputs.drops;
}

static size_t at_least_one(size_t count)
{
    return count > 1 ? count : 1;
}

size_t index_variants_count(const struct index_experiment *experiment)
{
    return experiment->imputations * at_least_one(experiment->draws) * at_least_one(experiment->treatments) *
           experiment->normalisations;
}

/* Whether the rule of every group is the arithmetic mean. */
static bool is_linear(const struct index_tree *tree, const struct index_rule *rules)
{
    for (size_t node = 0; node < tree->nodes; node++)
        if (tree->leaf[node] < 0 && rules[node].method != INDEX_ARITHMETIC)
            return false;
    return true;
}

static bool is_complete(const double *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (isnan(values[i]))
            return false;
    return true;
}

/* The largest absolute value of each unit, by which a sum of them that cancels is known. */
static void fill_largest(const double *values, size_t leaves, size_t units, double *largest)
{
    for (size_t u = 0; u < units; u++)
        largest[u] = 0;
    for (size_t i = 0; i < leaves * units; i++)
        if (fabs(values[i]) > largest[i % units])
            largest[i % units] = fabs(values[i]);
}

void index_run_start(struct index_run *run, const struct index_experiment *experiment)
{
    const struct index_tree *tree = experiment->tree;
    size_t units = experiment->units, variants = index_variants_count(experiment);

    memset(run, 0, sizeof *run);
    run->experiment = experiment;
    run->inputs = index_inputs_count(experiment);
    run->weight = dk_alloc(3 * tree->nodes * sizeof(double));
    run->effective = run->weight + tree->nodes;
    run->live = run->effective + tree->nodes;
    run->scores = dk_alloc((tree->nodes + 1) * units * sizeof(double) + 1);
    run->score = run->scores + tree->nodes * units;
    run->columns = dk_alloc(tree->nodes * sizeof *run->columns);
    run->bytes = dk_alloc_zeroed(tree->nodes * units + 1, 1);
    run->undefined = dk_alloc(tree->nodes * sizeof *run->undefined);
    for (size_t node = 0; node < tree->nodes; node++) {
        run->columns[node] = run->scores + node * units;
        run->undefined[node] = run->bytes + node * units;
    }
    run->largest = dk_alloc((variants * units + 1) * sizeof *run->largest);
    for (size_t i = 0; i < variants; i++)
        fill_largest(experiment->variants[i], tree->leaves, units, run->largest + i * units);
    run->work = dk_alloc((index_tree_work(tree, units) + 1) * sizeof(double));
    run->order = dk_alloc((2 * units + 1) * sizeof *run->order);
    run->rank = run->order + units;
    run->complete = dk_alloc((variants + experiment->aggregations) * sizeof(bool));
    run->linear = run->complete + variants;
    for (size_t i = 0; i < variants; i++)
        run->complete[i] = is_complete(experiment->variants[i], tree->leaves * units);
    for (size_t i = 0; i < experiment->aggregations; i++)
        run->linear[i] = is_linear(tree, experiment->rules[i]);
    for (size_t i = 0; i < units; i++)
        run->order[i] = (uint32_t)i;
}

void index_run_end(struct index_run *run)
{
    free(run->weight);
    free(run->scores);
    free(run->work);
    free(run->columns);
    free(run->bytes);
    free(run->undefined);
    free(run->largest);
    free(run->order);
    free(run->complete);
    memset(run, 0, sizeof *run);
}

static size_t alternative(double input, size_t count)
{
    size_t chosen = (size_t)(input * (double)count);

    return chosen < count ? chosen : count - 1;
}

/* The weighted sum of all columns: what the tree comes to when every group is an arithmetic mean and nothing is
 * missing. Four columns a pass, so that the sums stay in registers; the order of additions is that of the columns. */
static void weighted_sum(const struct index_tree *tree, const double *columns, const double *effective, size_t n,
                         double *restrict out)
{
    const double *column[4];
    double weight[4];
    size_t held = 0;

    memset(out, 0, n * sizeof *out);
    for (size_t node = 0; node < tree->nodes; node++) {
        if (tree->leaf[node] >= 0 && effective[node] != 0) {
            column[held] = columns + (size_t)tree->leaf[node] * n;
            weight[held++] = effective[node];
        }
        if (held == 4) {
            const double *a = column[0], *b = column[1], *c = column[2], *d = column[3];
            double p = weight[0], q = weight[1], r = weight[2], s = weight[3];

            for (size_t u = 0; u < n; u++)
                out[u] = (((out[u] + p * a[u]) + q * b[u]) + r * c[u]) + s * d[u];
            held = 0;
        }
    }
    for (size_t i = 0; i < held; i++)
        for (size_t u = 0; u < n; u++)
            out[u] += weight[i] * column[i][u];
}

/* Ranks of the units that have a score; run->order stays a good guess of the next order. */
static void rank_units(struct index_run *run, bool complete)
{
    size_t n = run->experiment->units, count = n;

    if (!complete) {
        uint32_t *order = run->order;

        count = 0;
        for (size_t i = 0; i < n; i++) {
            run->rank[i] = 0;
            if (!isnan(run->score[i]))
                order[count++] = (uint32_t)i;
        }
    }
    index_rank_again(run->score, run->experiment->tolerance, run->rank, run->order, count);
    if (count < n)
        for (size_t i = 0; i < n; i++)
            run->order[i] = (uint32_t)i;
}

void index_run_setting(struct index_run *run, const double *inputs)
{
    const struct index_experiment *experiment = run->experiment;
    const struct index_tree *tree = experiment->tree;
    const double *weight = experiment->weightings > 0 ? experiment->weights[0] : tree->weight;
    size_t imputation = 0, draw = 0, treatment = 0, normalisation = 0, aggregation = 0, variant;
    struct index_findings findings = {.several = NULL};

    if (experiment->imputations > 1)
        imputation = alternative(*inputs++, experiment->imputations);
    if (experiment->draws > 1)
        draw = alternative(*inputs++, experiment->draws);
    if (experiment->treatments > 1)
        treatment = alternative(*inputs++, experiment->treatments);
    if (experiment->normalisations > 1)
        normalisation = alternative(*inputs++, experiment->normalisations);
    if (experiment->aggregations > 1)
        aggregation = alternative(*inputs++, experiment->aggregations);
    if (experiment->weightings > 1)
        weight = experiment->weights[alternative(*inputs++, experiment->weightings)];
    for (size_t node = 0; node < tree->nodes; node++) {
        run->weight[node] = weight[node];
        if (experiment->noise[node] != 0)
            run->weight[node] *= 1 + experiment->noise[node] * (2 * *inputs++ - 1);
    }
    for (size_t i = 0; i < experiment->drops; i++) {
        size_t drop = alternative(*inputs++, tree->leaves + 1);

        /* 0 drops nothing */
        for (size_t node = 0; node < tree->nodes && drop > 0; node++)
            if (tree->leaf[node] >= 0 && (size_t)tree->leaf[node] == drop - 1)
                run->weight[node] = 0;
    }
    variant = imputation * at_least_one(experiment->draws) + draw;
    variant = (variant * at_least_one(experiment->treatments) + treatment) * experiment->normalisations + normalisation;
    if (run->complete[variant] && run->linear[aggregation]) {
        index_effective_weights(tree, run->weight, run->effective, run->live);
        weighted_sum(tree, experiment->variants[variant], run->effective, experiment->units, run->score);
        for (size_t u = 0; u < experiment->units; u++)
            run->score[u] = index_settled(run->score[u], run->largest[variant * experiment->units + u]);
        rank_units(run, true);
        return;
    }
    /* the kernel only reads the columns of leaves */
    for (size_t node = 0; node < tree->nodes; node++) {
        size_t at = tree->leaf[node] >= 0 ? (size_t)tree->leaf[node] * experiment->units : 0;

        if (tree->leaf[node] < 0)
            continue;
        run->columns[node] = (double *)experiment->variants[variant] + at;
        run->undefined[node] = experiment->undefined != NULL ? (uint8_t *)experiment->undefined[variant] + at : NULL;
    }
    index_evaluate(tree, run->columns, run->undefined, experiment->units, run->weight, experiment->rules[aggregation],
                   experiment->custom, experiment->context, &findings, run->work);
    memcpy(run->score, run->scores, experiment->units * sizeof *run->score);
    rank_units(run, false);
}

/* The setting that changes nothing: first alternatives, weights as given, nothing left out. */
static void nominal_setting(const struct index_experiment *experiment, double *inputs)
{
    struct index_inputs count = index_experiment_inputs(experiment);
    size_t choices = index_inputs_count(experiment) - count.weights - count.drops;

    for (size_t i = 0; i < choices; i++)
        inputs[i] = 0;
    for (size_t i = 0; i < count.weights; i++)
        inputs[choices + i] = 0.5;
    for (size_t i = 0; i < count.drops; i++)
        inputs[choices + count.weights + i] = 0;
}

void index_draw_setting(size_t count, uint64_t seed, uint64_t number, double *inputs)
{
    struct index_random random;

    index_random_start(&random, seed, number);
    for (size_t i = 0; i < count; i++)
        inputs[i] = index_random_uniform(&random);
}

void index_nominal_ranks(const struct index_experiment *experiment, uint32_t *ranks)
{
    struct index_run run;
    double *inputs;

    if (experiment->nominal != NULL) {
        memcpy(ranks, experiment->nominal, experiment->units * sizeof *ranks);
        return;
    }
    index_run_start(&run, experiment);
    inputs = dk_alloc((run.inputs + 1) * sizeof *inputs);
    nominal_setting(experiment, inputs);
    index_run_setting(&run, inputs);
    memcpy(ranks, run.rank, experiment->units * sizeof *ranks);
    free(inputs);
    index_run_end(&run);
}

double index_setting_cost(const struct index_experiment *experiment)
{
    const struct index_tree *tree = experiment->tree;
    double cost = 20 + 2.0 * (double)(tree->nodes * experiment->units);

    for (size_t a = 0; a < experiment->aggregations; a++)
        for (size_t node = 0; node < tree->nodes; node++) {
            enum index_aggregation method = experiment->rules[a][node].method;

            if (tree->leaf[node] < 0 && (method == INDEX_KEMENY || method == INDEX_ENVELOPE || method == INDEX_CUSTOM))
                cost += 1e5; /* a program of its own */
        }
    return cost;
}
