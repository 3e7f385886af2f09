/* Treatment of outliers and of skewed columns, before normalisation.
 *
 * The rule of skewness and kurtosis is the one the JRC and COINr use: a column fails when |skewness| and kurtosis
 * both reach their limits. */
#ifndef DIFKIT_INDEX_TREAT_H
#define DIFKIT_INDEX_TREAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "index/flaw.h"

/* What a treatment did to a cell. */
enum index_treated {
    INDEX_UNTREATED,
    INDEX_LOWERED,    /* winsorised downwards */
    INDEX_RAISED,     /* winsorised upwards */
    INDEX_TRANSFORMED /* the whole column went through a function */
};

struct index_shape_rule {
    double skewness; /* 2 */
    double kurtosis; /* 3.5 */
    size_t most;     /* points to winsorise at most; SIZE_MAX for no limit */
};

/* Whether a column with this shape needs no treatment. A shape that cannot be computed passes. */
bool index_shape_passes(double skewness, double kurtosis, const struct index_shape_rule *rule);

/* Winsorises x in place until its shape passes or `rule->most` points stand at the edges: while it fails, all points
 * at the maximum (positive skewness; else the minimum) are set to the next distinct value. Tied points move together,
 * so that the limit can be overstepped in one step. done[i] is set for every cell that changed. *moved counts the
 * points at the edges. A column of fewer than three distinct values is left as it is: INDEX_TOO_FEW. */
enum index_flaw index_winsorise(double *x, size_t n, const struct index_shape_rule *rule, uint8_t *done, size_t *moved);

/* Winsorises at two percentiles (0.025 and 0.975 in the Handbook, page 84). `work` holds 2 n doubles. */
enum index_flaw index_winsorise_share(double *x, size_t n, double lower, double upper, uint8_t *done, double *work);

enum index_logarithm {
    INDEX_LOG,         /* ln x */
    INDEX_LOG10,       /* log10 x */
    INDEX_LOG_ONE,     /* ln(x - minimum + 1): a value depends on the smallest of the column */
    INDEX_LOG_SHIFTED, /* ln(x - minimum + a (maximum - minimum)), a = 0.01 */
    INDEX_LOG_SIGNED,  /* the same when skewness is positive, else -ln(maximum - x + a (maximum - minimum)) */
    INDEX_LOG_OF_ONE_MORE /* ln(1 + x) */
};

/* `shift` is the a of the shifted logarithms. A plain logarithm of a value that is not positive makes that cell
 * missing: INDEX_NOT_POSITIVE (ln(1 + x) of one at or below -1: INDEX_BELOW_MINUS_ONE). A constant column is left as it is
 * by the shifted ones: INDEX_CONSTANT. */
enum index_flaw index_log(double *x, size_t n, enum index_logarithm kind, double shift);

/* Box and Cox (1964) on x - minimum + 1: ln of it when lambda is 0, else (it^lambda - 1) / lambda. */
enum index_flaw index_box_cox(double *x, size_t n, double lambda);
/* The lambda of greatest profile likelihood in [-2, 2], to 1e-6. NaN of a constant. */
double index_box_cox_lambda(const double *x, size_t n);

#endif
