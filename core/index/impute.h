/* Imputation: fills gaps of a column, and marks the cells it filled.
 *
 * A panel column holds its periods one after another, each with the same units in the same order: x[period * units
 * + unit]. */
#ifndef DIFKIT_INDEX_IMPUTE_H
#define DIFKIT_INDEX_IMPUTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Each fills the gaps it can and sets filled[i] = 1 there; returns how many it filled. */
size_t index_impute_value(double *x, size_t n, double value, uint8_t *filled);

/* Mean or median within groups of units: group[i] is the group of x[i], groups of them; a group without values stays
 * missing. `work` holds 3 n doubles. */
size_t index_impute_group(double *x, size_t n, const uint32_t *group, uint32_t groups, bool median, uint8_t *filled,
                          double *work);

/* The unit's last earlier value, at most `limit` time units back (INFINITY: no limit). times[0..periods) rise. */
size_t index_impute_last(double *x, size_t units, size_t periods, const double *times, double limit, uint8_t *filled);

/* Linear in time between a unit's values; outside them nothing, or the nearest value when `nearest`. */
size_t index_impute_linear(double *x, size_t units, size_t periods, const double *times, bool nearest, uint8_t *filled);

/* The mean of the `neighbours` units that are nearest and have a value of `target`, one of k columns of n units; those that
 * are as near as the last of them count as well. Near is the mean square of the differences over the other columns that both
 * units have, each divided by the range of the column. A unit that shares no column with another keeps its gap. x[0..n) is
 * the target column with its gaps filled; `work` holds 3 n + k doubles. */
size_t index_impute_nearest(const double *const *columns, size_t k, size_t n, size_t target, size_t neighbours, double *x,
                            uint8_t *filled, double *work);

#endif
