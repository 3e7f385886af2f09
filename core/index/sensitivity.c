/* Sampling, running and estimating. */
#include "index/sensitivity.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "index/random.h"
#include "index/robustness.h"
#include "index/sequence.h"
#include "index/sort.h"
#include "index/statistics.h"

enum { MOST_THREADS = 64 };

struct index_sampling {
    size_t inputs;
    uint64_t seed;
    bool quasi;
    struct index_sequence sequence;
};

struct index_sampling *index_sampling_new(size_t inputs, bool quasi, uint64_t seed)
{
    struct index_sampling *sampling = dk_alloc_zeroed(1, sizeof *sampling);

    sampling->inputs = inputs;
    sampling->seed = seed;
    sampling->quasi = quasi && 2 * inputs <= INDEX_SEQUENCE_MOST;
    if (sampling->quasi)
        index_sequence_start(&sampling->sequence, 2 * inputs, seed);
    return sampling;
}

void index_sampling_free(struct index_sampling *sampling)
{
    free(sampling);
}

bool index_sampling_is_quasi(const struct index_sampling *sampling)
{
    return sampling->quasi;
}

void index_sampling_row(const struct index_sampling *sampling, uint64_t number, double *a, double *b)
{
    if (sampling->quasi) {
        double point[INDEX_SEQUENCE_MOST];

        index_sequence_point(&sampling->sequence, number, point);
        memcpy(a, point, sampling->inputs * sizeof *a);
        memcpy(b, point + sampling->inputs, sampling->inputs * sizeof *b);
    } else {
        struct index_random random;

        index_random_start(&random, sampling->seed, number);
        for (size_t i = 0; i < sampling->inputs; i++)
            a[i] = index_random_uniform(&random);
        for (size_t i = 0; i < sampling->inputs; i++)
            b[i] = index_random_uniform(&random);
    }
}

struct outputs {
    const double *a, *b, *ab;
    size_t n, stride;
    enum index_estimator first_by, total_by;
};

/* Both indices over all rows, or over n rows drawn by `random`. */
static void estimate(const struct outputs *y, struct index_random *random, double *first, double *total)
{
    struct index_random again;
    double mean = 0, variance = 0, product_first = 0, product_total = 0, square_first = 0, square_total = 0,
           count = (double)y->n;

    if (random != NULL)
        again = *random;
    for (size_t i = 0; i < y->n; i++) {
        size_t row = (random != NULL ? index_random_below(&again, y->n) : i) * y->stride;

        mean += (y->a[row] + y->b[row]) / (2 * count);
    }
    for (size_t i = 0; i < y->n; i++) {
        size_t row = (random != NULL ? index_random_below(random, y->n) : i) * y->stride;
        double a = y->a[row] - mean, b = y->b[row] - mean, ab = y->ab[row] - mean;

        variance += a * a + b * b;
        product_first += b * (ab - a);
        product_total += a * (a - ab);
        square_first += (b - ab) * (b - ab);
        square_total += (a - ab) * (a - ab);
    }
    variance /= 2 * count;
    if (!(variance > 0)) {
        *first = *total = NAN;
        return;
    }
    *first = y->first_by == INDEX_SALTELLI ? product_first / count / variance : 1 - square_first / count / (2 * variance);
    *total = y->total_by == INDEX_SALTELLI ? product_total / count / variance : square_total / count / (2 * variance);
}

/* The 5th and 95th percentile of what the resamples gave; those without variance are left out. */
static void interval(double *values, size_t count, double *scratch, struct index_effect *effect)
{
    size_t there = 0;

    for (size_t i = 0; i < count; i++)
        if (!isnan(values[i]))
            values[there++] = values[i];
    index_sort(values, there, scratch);
    effect->low = index_quantile(values, there, 0.05);
    effect->high = index_quantile(values, there, 0.95);
}

void index_sobol(const double *y_a, const double *y_b, const double *y_ab, size_t n, size_t stride,
                 enum index_estimator first_by, enum index_estimator total_by, size_t bootstrap, uint64_t seed, double *work,
                 struct index_effect *first, struct index_effect *total)
{
    struct outputs y = {
        .a = y_a, .b = y_b, .ab = y_ab, .n = n, .stride = stride, .first_by = first_by, .total_by = total_by};

    estimate(&y, NULL, &first->value, &total->value);
    first->low = first->high = total->low = total->high = NAN;
    if (bootstrap == 0 || isnan(first->value))
        return;
    for (size_t i = 0; i < bootstrap; i++) {
        struct index_random random;

        index_random_start(&random, seed, i);
        estimate(&y, &random, &work[i], &work[bootstrap + i]);
    }
    interval(work, bootstrap, work + 2 * bootstrap, first);
    interval(work + bootstrap, bootstrap, work + 2 * bootstrap, total);
}

struct part {
    const struct index_experiment *experiment;
    const struct index_sampling *sampling;
    const uint32_t *group, *nominal;
    size_t groups, rows, first, end;
    double *out;
};

/* Runs one setting and writes its outputs into row `row` of sample `sample`. */
static void record(const struct part *part, struct index_run *run, const double *inputs, size_t sample, size_t row)
{
    size_t units = part->experiment->units;
    double *out = part->out + (sample * part->rows + row) * (units + 1);

    index_run_setting(run, inputs);
    out[0] = index_rank_shift(run->rank, part->nominal, units);
    for (size_t u = 0; u < units; u++)
        out[1 + u] = run->rank[u] > 0 ? (double)run->rank[u] : NAN;
}

static void *run_part(void *argument)
{
    const struct part *part = argument;
    struct index_run run;
    double *a, *b, *mixed;

    index_run_start(&run, part->experiment);
    a = dk_alloc(3 * (run.inputs + 1) * sizeof *a);
    b = a + run.inputs;
    mixed = b + run.inputs;
    for (size_t row = part->first; row < part->end; row++) {
        index_sampling_row(part->sampling, row, a, b);
        record(part, &run, a, 0, row);
        record(part, &run, b, 1, row);
        for (size_t g = 0; g < part->groups; g++) {
            for (size_t i = 0; i < run.inputs; i++)
                mixed[i] = part->group[i] == g ? b[i] : a[i];
            record(part, &run, mixed, 2 + g, row);
        }
    }
    free(a);
    index_run_end(&run);
    return NULL;
}

/* The rows from `first` to `end`, shared out. */
static void run_parts(struct part *parts, unsigned threads, size_t first, size_t end)
{
    pthread_t handles[MOST_THREADS];
    size_t started = 0, count = end - first;

    for (unsigned t = 0; t < threads; t++) {
        parts[t].first = first + count * t / threads;
        parts[t].end = first + count * (t + 1) / threads;
    }
    for (unsigned t = 1; t < threads; t++, started++)
        if (pthread_create(&handles[t], NULL, run_part, &parts[t]) != 0)
            break;
    run_part(&parts[0]);
    for (unsigned t = 1; t < threads; t++)
        if (t <= started)
            pthread_join(handles[t], NULL);
        else
            run_part(&parts[t]);
}

void index_sensitivity_run(const struct index_experiment *experiment, const struct index_sampling *sampling, size_t rows,
                           const uint32_t *group, size_t groups, const uint32_t *nominal, unsigned threads, double *out)
{
    struct part parts[MOST_THREADS];
    double cost = index_setting_cost(experiment) * (double)(groups + 2);

    threads = experiment->custom != NULL ? 1 : index_threads(threads, rows, cost);
    for (unsigned t = 0; t < threads; t++) {
        struct part part = {
            .experiment = experiment,
            .sampling = sampling,
            .group = group,
            .nominal = nominal,
            .groups = groups,
            .rows = rows,
            .out = out,
        };

        parts[t] = part;
    }
    for (size_t done = 0, next = index_first_part(experiment, rows, cost, threads); done < rows && next > 0;) {
        if (next > rows - done)
            next = rows - done;
        run_parts(parts, threads, done, done + next);
        done += next;
        if (experiment->pace != NULL)
            next = experiment->pace(experiment->pace_context, done);
    }
}
