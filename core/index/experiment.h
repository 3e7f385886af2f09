/* An experiment with an index: which of its choices vary, and what one setting of them gives.
 *
 * A setting is a row of inputs in [0, 1), in this order: imputation, draw, treatment, normalisation, aggregation and
 * weighting where there is more than one, one for every weight that has noise, one for every indicator that may be left out.
 * Everything that does not depend on the setting is computed before: the normalised columns of every imputation, of every
 * draw of what chance leaves open (gaps filled at random, errors of measurement), under every treatment, with every
 * normalisation are the `variants`. */
#ifndef DIFKIT_INDEX_EXPERIMENT_H
#define DIFKIT_INDEX_EXPERIMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "index/tree.h"

struct index_experiment {
    const struct index_tree *tree;
    size_t units;
    double tolerance;                                      /* of ties, see index_rank() */
    size_t imputations, draws, treatments, normalisations; /* draws, treatments: 0 means 1 */
    const double *const *variants; /* [((imputation * draws + draw) * treatments + treatment) * normalisations +
                                      normalisation]: leaves x units, a column a leaf */
    const uint8_t *const
        *undefined; /* of the same shape: 1 where a value is missing since it is not defined; NULL: nowhere */
    size_t aggregations;
    const struct index_rule *const *rules; /* [aggregation]: the rule of every node */
    size_t weightings;                     /* 0: the weights of the tree */
    const double *const *weights;          /* [weighting]: the weight of every node */
    const double *noise;                   /* of every node: its weight is multiplied by 1 + noise * (2 u - 1); 0 keeps it */
    size_t drops;                          /* each drop leaves out no indicator or one of them, all equally likely */
    const uint32_t *nominal; /* rank of every unit to compare with; NULL: of the setting that changes nothing */
    index_custom custom;
    void *context;
    /* Called between the parts of a long experiment with the settings done: how many more before it is called again, 0 to
     * stop. NULL: all at once. What comes out does not depend on the parts. */
    size_t (*pace)(void *context, size_t done);
    void *pace_context;
};

/* What the kernel knows of an experiment, and the memory of one run. */
struct index_run {
    const struct index_experiment *experiment;
    size_t inputs;
    double *weight, *effective, *live, *scores, *work;
    double **columns;            /* of each node: its scores */
    uint8_t *bytes, **undefined; /* of each node: where they are not defined */
    double *largest;             /* of each variant and unit: the largest absolute value that it has */
    uint32_t *order;
    bool *complete; /* of each variant: nothing is missing */
    bool *linear;   /* of each aggregation: arithmetic means all the way */
    double *score;  /* result: the score of the index for every unit */
    uint32_t *rank; /* result: their ranks, 0 for a unit without a score */
};

/* How many inputs a setting has, by kind. */
struct index_inputs {
    size_t imputation, draw, treatment, normalisation, aggregation, weighting; /* 0 or 1 each */
    size_t weights, drops;
};

struct index_inputs index_experiment_inputs(const struct index_experiment *experiment);
/* All of them, and how many variants there are. */
size_t index_variants_count(const struct index_experiment *experiment);
size_t index_inputs_count(const struct index_experiment *experiment);

void index_run_start(struct index_run *run, const struct index_experiment *experiment);
void index_run_end(struct index_run *run);

/* One setting: fills run->score and run->rank. */
void index_run_setting(struct index_run *run, const double *inputs);

/* The ranks to compare with: experiment->nominal, or those of the nominal setting. */
void index_nominal_ranks(const struct index_experiment *experiment, uint32_t *ranks);

/* About how many nanoseconds a setting takes. */
double index_setting_cost(const struct index_experiment *experiment);

/* The setting of run number `number` of a Monte-Carlo experiment. */
void index_draw_setting(size_t count, uint64_t seed, uint64_t number, double *inputs);

#endif
