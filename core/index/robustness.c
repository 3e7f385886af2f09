/* The loop over the runs, one part of them a thread. */
#define _POSIX_C_SOURCE 200809L
#include "index/robustness.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buffer.h"

enum { MOST_THREADS = 64 };

struct part {
    const struct index_experiment *experiment;
    struct index_robustness *result; /* nominal and shift are shared, each run writes its own shift */
    uint32_t *histogram, *wins;      /* of this part alone */
    size_t first, end;
    uint64_t seed;
};

unsigned index_threads(unsigned asked, size_t work, double nanoseconds)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned threads = asked > 0 ? asked : processors > 0 ? (unsigned)processors : 1;

    /* Starting a thread costs some 50 microseconds: below a millisecond each it is not worth it. */
    if (asked == 0 && (double)work * nanoseconds < 1e6 * threads)
        threads = (unsigned)((double)work * nanoseconds / 1e6);
    if (threads > MOST_THREADS)
        threads = MOST_THREADS;
    if (threads > work)
        threads = (unsigned)work;
    return threads > 0 ? threads : 1;
}

double index_rank_shift(const uint32_t *rank, const uint32_t *nominal, size_t units)
{
    uint64_t sum = 0;
    size_t count = 0;

    for (size_t u = 0; u < units; u++) {
        if (rank[u] == 0 || nominal[u] == 0)
            continue;
        sum += rank[u] > nominal[u] ? rank[u] - nominal[u] : nominal[u] - rank[u];
        count++;
    }
    return count > 0 ? (double)sum / (double)count : 0;
}

static void count_wins(const uint32_t *restrict rank, size_t n, uint32_t *restrict wins)
{
    for (size_t j = 0; j < n; j++) {
        uint32_t own = rank[j];
        uint32_t *restrict row = wins + j * n;

        /* 0 - 1 is the largest number: a unit without a rank neither wins nor is beaten */
        if (own == 0)
            continue;
        for (size_t i = 0; i < n; i++)
            row[i] += own < rank[i];
    }
}

static void *run_part(void *argument)
{
    struct part *part = argument;
    size_t n = part->experiment->units;
    struct index_run run;
    double *inputs;

    index_run_start(&run, part->experiment);
    inputs = dk_alloc((run.inputs + 1) * sizeof *inputs);
    for (size_t r = part->first; r < part->end; r++) {
        index_draw_setting(run.inputs, part->seed, r, inputs);
        index_run_setting(&run, inputs);
        for (size_t u = 0; u < n; u++)
            part->histogram[u * (n + 1) + run.rank[u]]++;
        part->result->shift[r] = index_rank_shift(run.rank, part->result->nominal, n);
        if (part->wins != NULL)
            count_wins(run.rank, n, part->wins);
    }
    free(inputs);
    index_run_end(&run);
    return NULL;
}

size_t index_first_part(const struct index_experiment *experiment, size_t all, double nanoseconds, unsigned threads)
{
    double part = 5e6 * threads / nanoseconds; /* 5 milliseconds */

    if (experiment->pace == NULL || part >= (double)all)
        return all;
    return part > threads ? (size_t)part : threads;
}

/* The runs from `first` to `end`, shared out. */
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
            run_part(&parts[t]); /* no more threads to be had: do its part here */
}

void index_robustness_run(const struct index_experiment *experiment, size_t runs, uint64_t seed, unsigned threads,
                          bool pairs, struct index_robustness *out)
{
    size_t n = experiment->units, cells = n * (n + 1), done = 0, next;
    struct part parts[MOST_THREADS];
    double cost = index_setting_cost(experiment);

    threads = experiment->custom != NULL ? 1 : index_threads(threads, runs, cost);
    out->units = n;
    out->nominal = dk_alloc((n + 1) * sizeof *out->nominal);
    out->shift = dk_alloc((runs + 1) * sizeof *out->shift);
    out->histogram = dk_alloc_zeroed(cells + 1, sizeof *out->histogram);
    out->wins = pairs ? dk_alloc_zeroed(n * n + 1, sizeof *out->wins) : NULL;
    index_nominal_ranks(experiment, out->nominal);
    for (unsigned t = 0; t < threads; t++) {
        struct part part = {
            .experiment = experiment,
            .result = out,
            .histogram = t == 0 ? out->histogram : dk_alloc_zeroed(cells + 1, sizeof *out->histogram),
            .wins = !pairs ? NULL : t == 0 ? out->wins : dk_alloc_zeroed(n * n + 1, sizeof *out->wins),
            .seed = seed,
        };

        parts[t] = part;
    }
    for (next = index_first_part(experiment, runs, cost, threads); done < runs && next > 0;) {
        if (next > runs - done)
            next = runs - done;
        run_parts(parts, threads, done, done + next);
        done += next;
        if (experiment->pace != NULL)
            next = experiment->pace(experiment->pace_context, done);
    }
    out->runs = done;
    for (unsigned t = 1; t < threads; t++) {
        for (size_t i = 0; i < cells; i++)
            out->histogram[i] += parts[t].histogram[i];
        for (size_t i = 0; i < n * n && pairs; i++)
            out->wins[i] += parts[t].wins[i];
        free(parts[t].histogram);
        free(parts[t].wins);
    }
}

void index_robustness_free(struct index_robustness *result)
{
    free(result->nominal);
    free(result->histogram);
    free(result->wins);
    free(result->shift);
    result->nominal = result->histogram = result->wins = NULL;
    result->shift = NULL;
}

double index_rank_quantile(const struct index_robustness *result, size_t unit, double p)
{
    const uint32_t *counts = result->histogram + unit * (result->units + 1);
    size_t ranked = result->runs - counts[0], below, seen = 0, low = 0, high = 0;
    double place;

    if (ranked == 0)
        return NAN;
    place = p * (double)(ranked - 1);
    below = (size_t)place;
    for (size_t rank = 1; rank <= result->units && high == 0; rank++) {
        seen += counts[rank];
        if (low == 0 && seen > below)
            low = rank;
        if (seen > below + 1 || (below + 1 >= ranked && seen > below))
            high = rank;
    }
    return (double)low + (place - (double)below) * ((double)high - (double)low);
}
