/* Outranking: units compared in pairs, criterion by criterion (Handbook, pages 105 to 113). */
#ifndef DIFKIT_INDEX_OUTRANK_H
#define DIFKIT_INDEX_OUTRANK_H

#include <stddef.h>
#include <stdint.h>

#include "index/aggregate.h"
#include "index/flaw.h"

enum {
    INDEX_OUTRANK_MOST = 5000, /* units of an outranking matrix */
    INDEX_KEMENY_MOST = 24     /* units of a cycle that the exact Kemeny ranking can resolve */
};

/* support[j * n + i] = share of weight of the criteria on which j is better than i, plus half of that on which they
 * are equal, over the criteria that both have; so support[j,i] + support[i,j] = 1. One half where they share none.
 * The diagonal is 0. */
void index_outrank(const double *const *children, const double *weights, size_t k, size_t n, double *support);

/* Borda: row sums. */
void index_borda(const double *support, size_t n, double *points);
/* Copeland: for each row the number of supports above one half less those below it; within 1e-12 of one half is a
 * draw. */
void index_copeland(const double *support, size_t n, double *points);

/* Condorcet, Kemeny, Young, Levenglick: the order of greatest sum of support over all pairs, exactly. order[0] is the
 * best. The majority graph is split into its strongly connected parts, which stand in a fixed order; each part is
 * solved by dynamic programming over its subsets. Among orders of equal support the one that puts earlier units first
 * at the first difference counted from the end. INDEX_TOO_LARGE when a part has more than INDEX_KEMENY_MOST units.
 * `total` receives the sum of support. */
enum index_flaw index_kemeny(const double *support, size_t n, uint32_t *order, double *total);

/* The three as scores of a group: units below the rule's threshold get NaN and are not compared. */
enum index_flaw index_outrank_scores(const double *const *children, const double *weights, size_t k, size_t n,
                                     const struct index_rule *rule, double *out);

#endif
