/* Sorting of doubles and of positions by their values: stable merge sorts in memory of the caller. */
#ifndef DIFKIT_INDEX_SORT_H
#define DIFKIT_INDEX_SORT_H

#include <stddef.h>
#include <stdint.h>

/* Sorts x[0..n) upwards; no NaN. `work` holds n doubles. */
void index_sort(double *x, size_t n, double *work);

/* Copies the values of x that are not missing into `out` (room for n) and sorts them upwards; returns their number. */
size_t index_sorted(const double *x, size_t n, double *out, double *work);

/* Puts order[0..n) (positions into key, all of them not missing) into falling order of key; equal keys keep their
 * order. `work` holds n positions. */
void index_order_falling(const double *key, uint32_t *order, size_t n, uint32_t *work);

/* How many of sorted[0..n) are smaller than value. */
size_t index_count_below(const double *sorted, size_t n, double value);

#endif
