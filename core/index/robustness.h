/* Monte-Carlo robustness of ranks: many settings of an experiment, counted. */
#ifndef DIFKIT_INDEX_ROBUSTNESS_H
#define DIFKIT_INDEX_ROBUSTNESS_H

#include <stddef.h>
#include <stdint.h>

#include "index/experiment.h"

struct index_robustness {
    size_t runs, units;
    uint32_t *nominal;   /* rank of every unit in the setting that changes nothing */
    uint32_t *histogram; /* [unit * (units + 1) + rank]: runs in which the unit had that rank; rank 0: no score */
    uint32_t *wins;      /* [j * units + i]: runs in which j stood before i; NULL when not asked for */
    double *shift;       /* [run]: mean over the units of |rank - nominal rank| (those that have both) */
};

/* Runs the experiment; stopped by its pace, out->runs says how many runs there are. The result does not depend on `threads`
 * (0: as many as there are processors and as pay off). A custom function keeps it to one thread. */
void index_robustness_run(const struct index_experiment *experiment, size_t runs, uint64_t seed, unsigned threads,
                          bool pairs, struct index_robustness *out);
void index_robustness_free(struct index_robustness *result);

/* Mean over the units of |rank - nominal|, for units that have both; 0 when there is none. */
double index_rank_shift(const uint32_t *rank, const uint32_t *nominal, size_t units);

/* The p-quantile (type 7) of a unit's rank over the runs in which it had one; NaN when it never had. */
double index_rank_quantile(const struct index_robustness *result, size_t unit, double p);

/* How many settings to run before the pace of the experiment is asked for the first time, out of `all`. */
size_t index_first_part(const struct index_experiment *experiment, size_t all, double nanoseconds, unsigned threads);

/* How many threads `work` tasks of about `nanoseconds` each are worth; `asked` 0 for the machine's choice. */
unsigned index_threads(unsigned asked, size_t work, double nanoseconds);

#endif
