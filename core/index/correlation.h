/* Correlations of two columns over the units that have both, with two-sided p-values. */
#ifndef DIFKIT_INDEX_CORRELATION_H
#define DIFKIT_INDEX_CORRELATION_H

#include <stddef.h>

enum index_correlation_kind { INDEX_PEARSON, INDEX_SPEARMAN, INDEX_KENDALL };

struct index_correlation {
    double r;
    double p;     /* of no association; NaN where it cannot be computed */
    size_t count; /* units that have both */
};

/* Bytes of scratch memory for columns of n values. */
size_t index_correlation_work(size_t n);

/* r is NaN when fewer than two units have both or when one column is constant over them. Pearson; Spearman (Pearson
 * of mid-ranks); Kendall's tau-b. p: for Pearson and Spearman from t = r sqrt((n - 2) / (1 - r^2)) with n - 2 degrees
 * of freedom (for Spearman an approximation); for Kendall exact without ties up to 60 units, else by the normal
 * approximation with the variance corrected for ties (Kendall 1970). */
void index_correlate(const double *x, const double *y, size_t n, enum index_correlation_kind kind, void *work,
                     struct index_correlation *out);

/* P(|T| >= |t|) of Student's t. */
double index_student_p(double t, double degrees);

#endif
