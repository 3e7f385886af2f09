/* Outranking: units compared in pairs, criterion by criterion (Handbook, pages 105 to 113). */
#ifndef DIFKIT_INDEX_OUTRANK_H
#define DIFKIT_INDEX_OUTRANK_H

#include <stdbool.h>
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
 * Better and equal are those of index_rank() with the tolerance. The diagonal is 0. */
void index_outrank(const double *const *children, const double *weights, size_t k, size_t n, double tolerance,
                   double *support);

/* Borda: row sums. */
void index_borda(const double *support, size_t n, double *points);
/* Copeland: for each row the number of supports above one half less those below it; within 1e-12 of one half is a
 * draw. */
void index_copeland(const double *support, size_t n, double *points);

/* Condorcet, Kemeny, Young, Levenglick: the order of greatest sum of support over all pairs, exactly. order[0] is the
 * best. The majority graph is split into its strongly connected parts, which stand in a fixed order; each part is
 * solved by dynamic programming over its subsets. INDEX_TOO_LARGE when a part has more than INDEX_KEMENY_MOST units.
 *
 * Several orders can have the greatest support. Units that they do not agree about are tied, and with them all that
 * stand between: what is left is the finest division into tied blocks whose sequence all the best orders share. points[u]
 * is the mean number of units below unit u, which does not depend on the order in which the units are given; order[] is
 * one of the best orders. *several says whether there was more than one. points, total (the sum of support) and several
 * may be NULL. */
enum index_flaw index_kemeny(const double *support, size_t n, uint32_t *order, double *points, double *total, bool *several);

/* The three as scores of a group: units below the rule's threshold, and those that are not defined, get NaN and are not
 * compared. *several as in index_kemeny(). */
enum index_flaw index_outrank_scores(const struct index_children *children, const struct index_rule *rule,
                                     const uint8_t *undefined, double *out, bool *several);

#endif
