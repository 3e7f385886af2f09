/* Descriptive statistics of one column; missing values (NaN) are left out everywhere.
 *
 * Definitions: standard deviation with n - 1; skewness and excess kurtosis of type 2 (Joanes and Gill 1998; those
 * of Excel's SKEW and KURT, and of COINr); quantiles of type 7 (Hyndman and Fan 1996; the default of R). */
#ifndef DIFKIT_INDEX_STATISTICS_H
#define DIFKIT_INDEX_STATISTICS_H

#include <stddef.h>

struct index_summary {
    size_t rows;      /* values and gaps */
    size_t available; /* values */
    size_t non_zero;  /* values that are not zero */
    size_t unique;    /* distinct values */
    size_t same;      /* how often the most frequent value occurs */
    double minimum, maximum, mean, median, deviation, skewness, kurtosis;
};

size_t index_available(const double *x, size_t n);
/* The mean; summed twice, so that what the first pass rounded off is put back, and zero where nothing but rounding is left.
 * NaN of nothing. */
double index_mean(const double *x, size_t n);
/* NaN of fewer than two values. */
double index_deviation(const double *x, size_t n);
/* Skewness (NaN of fewer than 3 values or of a constant) and kurtosis (of fewer than 4). */
void index_shape(const double *x, size_t n, double *skewness, double *kurtosis);
/* Smallest and largest value; NaN of nothing. */
void index_range(const double *x, size_t n, double *minimum, double *maximum);
/* The p-quantile, 0 <= p <= 1, of values in rising order. NaN of nothing. */
double index_quantile(const double *sorted, size_t n, double p);
/* `sorted` and `work` hold n doubles each; the sorted values are left in `sorted`. */
void index_summarise(const double *x, size_t n, double *sorted, double *work, struct index_summary *out);

#endif
