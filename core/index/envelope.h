/* Benefit of the doubt: every unit is scored with the weights that favour it most (data envelopment analysis;
 * Melyn and Moesen 1991; Cherchye et al. 2007; Handbook, pages 92 to 94). */
#ifndef DIFKIT_INDEX_ENVELOPE_H
#define DIFKIT_INDEX_ENVELOPE_H

#include <stddef.h>
#include <stdint.h>

#include "index/flaw.h"

enum { INDEX_ENVELOPE_MOST = 1000 }; /* columns */

/* Doubles of scratch memory for k columns of n values. */
size_t index_envelope_work(size_t k, size_t n);

/* For each unit c: score = max over w >= 0 of sum_q w_q x_qc, such that sum_q w_q x_qj <= 1 for every unit j and
 * lower_q <= w_q / sum w <= upper_q (NULL: no bounds). weights[c * k + q] are the shares w_q / sum w that it takes;
 * NULL when not wanted.
 *
 * A unit that lacks values is scored over those it has, within bounds that are scaled up by the number of columns over
 * the number it has; where it is compared with, what it lacks counts as zero (Kuosmanen 2002). left_out[c] (NULL: nobody)
 * takes a unit out of it all; that and a unit without any value get NaN. Negative values: INDEX_NOT_POSITIVE; bounds that
 * cannot be met: INDEX_NO_RANGE. */
enum index_flaw index_envelope(const double *const *columns, size_t k, size_t n, const uint8_t *left_out,
                               const double *lower, const double *upper, double *score, double *weights, double *work);

#endif
