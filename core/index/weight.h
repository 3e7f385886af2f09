/* Weights from data or from judgements. Every function writes k weights that sum to 1. */
#ifndef DIFKIT_INDEX_WEIGHT_H
#define DIFKIT_INDEX_WEIGHT_H

#include <stddef.h>

#include "index/flaw.h"


/* Mean over experts of points[expert * k + q] as shares of that expert's budget (Handbook, page 96). */
enum index_flaw index_budget(const double *points, size_t experts, size_t k, double *weights);

struct index_ahp {
    double eigenvalue;  /* principal eigenvalue of the matrix of comparisons */
    double consistency; /* index: (eigenvalue - k) / (k - 1) */
    double ratio;       /* index / random index; below 0.1 is consistent; NaN for k < 3 or k > 15 */
};

enum { INDEX_AHP_MOST = 64 };

/* Analytic hierarchy process (Saaty 1980; Handbook, page 96): the principal eigenvector of a positive reciprocal
 * matrix, by powers. */
enum index_flaw index_ahp(const double *comparisons, size_t k, double *weights, struct index_ahp *out);

/* CRITIC (Diakoulaki et al. 1995): s_q sum_j (1 - r_qj), s the deviation of the column scaled to 0..1. `scratch` holds
 * index_correlation_work(n) bytes. */
enum index_flaw index_critic(const double *const *columns, size_t k, size_t n, double *weights, void *scratch);

/* Entropy (Zeleny 1982): 1 - e_q with e_q = -sum p ln p / ln m over the m values of the column, p = x / sum x; no
 * value may be negative. */
enum index_flaw index_entropy(const double *const *columns, size_t k, size_t n, double *weights);

#endif
