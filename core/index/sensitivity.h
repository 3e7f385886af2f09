/* Variance-based sensitivity: how much of an output's variance each input, or group of inputs, accounts for.
 *
 * Two samples A and B of N settings, and for every group of inputs the sample AB in which that group alone comes
 * from B. With y their outputs, V the variance of yA and yB together, all centred at their mean (Saltelli et al. 2010,
 * table 2):
 *
 *   first order   Saltelli   mean(yB (yAB - yA)) / V      Jansen   1 - mean((yB - yAB)^2) / 2V
 *   total         Saltelli   mean(yA (yA - yAB)) / V      Jansen   mean((yA - yAB)^2) / 2V */
#ifndef DIFKIT_INDEX_SENSITIVITY_H
#define DIFKIT_INDEX_SENSITIVITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "index/experiment.h"

enum index_estimator { INDEX_SALTELLI, INDEX_JANSEN };

struct index_effect {
    double value;     /* NaN when the output does not vary */
    double low, high; /* 5th and 95th percentile of the bootstrap; NaN without one */
};

/* A sampling of `inputs` dimensions: quasi-random while 2 * inputs <= INDEX_SEQUENCE_MOST and asked for, else random. */
struct index_sampling;
struct index_sampling *index_sampling_new(size_t inputs, bool quasi, uint64_t seed);
void index_sampling_free(struct index_sampling *sampling);
bool index_sampling_is_quasi(const struct index_sampling *sampling);
/* Row `number` of the samples A and B. */
void index_sampling_row(const struct index_sampling *sampling, uint64_t number, double *a, double *b);

/* The indices of one output. y_ab is the output of the sample AB of the group asked about; all of n values, `stride`
 * apart. `bootstrap` resamples of the rows give the interval (0: none); `work` holds 3 * bootstrap doubles. */
void index_sobol(const double *y_a, const double *y_b, const double *y_ab, size_t n, size_t stride,
                 enum index_estimator first_by, enum index_estimator total_by, size_t bootstrap, uint64_t seed, double *work,
                 struct index_effect *first, struct index_effect *total);

/* Outputs of an experiment for all samples. Output 0 is the mean shift of ranks against `nominal`, output 1 + u the
 * rank of unit u (NaN without a score). group[i] is the group of input i, of `groups`. `out` holds (groups + 2) *
 * rows * (units + 1) doubles: the samples A, B, AB of group 0, …; in each a row of outputs after another. The result
 * does not depend on `threads`. Stopped by the pace of the experiment, the rows that follow are not filled. */
void index_sensitivity_run(const struct index_experiment *experiment, const struct index_sampling *sampling, size_t rows,
                           const uint32_t *group, size_t groups, const uint32_t *nominal, unsigned threads, double *out);

#endif
