/* The outranking matrix, Borda and Copeland points. */
#include "index/outrank.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "index/children.h"
#include "index/rank.h"

void index_outrank(const double *const *children, const double *weights, size_t k, size_t n, double tolerance,
                   double *support)
{
    uint32_t *rank = dk_alloc((k * n + 2 * n + 1) * sizeof *rank), *order = rank + k * n;

    for (size_t q = 0; q < k; q++)
        index_rank(children[q], n, tolerance, rank + q * n, order, order + n);
    for (size_t j = 0; j < n; j++) {
        support[j * n + j] = 0;
        for (size_t i = 0; i < j; i++) {
            double better = 0, equal = 0, all = 0, share;

            for (size_t q = 0; q < k; q++) {
                uint32_t left = rank[q * n + j], right = rank[q * n + i];

                if (left == 0 || right == 0)
                    continue;
                better += left < right ? weights[q] : 0;
                equal += left == right ? weights[q] : 0;
                all += weights[q];
            }
            share = all > 0 ? (better + equal / 2) / all : 0.5;
            support[j * n + i] = share;
            support[i * n + j] = 1 - share;
        }
    }
    free(rank);
}

void index_borda(const double *support, size_t n, double *points)
{
    for (size_t j = 0; j < n; j++) {
        points[j] = 0;
        for (size_t i = 0; i < n; i++)
            points[j] += support[j * n + i];
    }
}

void index_copeland(const double *support, size_t n, double *points)
{
    for (size_t j = 0; j < n; j++) {
        points[j] = 0;
        for (size_t i = 0; i < n; i++) {
            double margin = i == j ? 0 : support[j * n + i] - 0.5;

            points[j] += margin > 1e-12 ? 1 : margin < -1e-12 ? -1 : 0;
        }
    }
}

/* Which units are compared; returns how many. */
static size_t select_units(const struct index_children *children, const struct index_rule *rule, const uint8_t *undefined,
                           uint32_t *unit)
{
    size_t chosen = 0;

    for (size_t u = 0; u < children->n; u++)
        if (!undefined[u] && index_enough(children, rule, u))
            unit[chosen++] = (uint32_t)u;
    return chosen;
}

enum index_flaw index_outrank_scores(const struct index_children *children, const struct index_rule *rule,
                                     const uint8_t *undefined, double *out, bool *several)
{
    size_t k = children->k, n = children->n;
    enum index_flaw flaw = INDEX_SOUND;
    uint32_t *unit = dk_alloc((2 * n + 1) * sizeof *unit), *order = unit + n;
    size_t chosen = select_units(children, rule, undefined, unit);
    double *dense = NULL, *support = NULL, *points = NULL;
    const double **columns = NULL;

    *several = false;
    for (size_t u = 0; u < n; u++)
        out[u] = NAN;
    if (chosen > INDEX_OUTRANK_MOST) {
        flaw = INDEX_TOO_LARGE;
        goto done;
    }
    if (chosen == 0)
        goto done;
    dense = dk_alloc(k * chosen * sizeof *dense);
    columns = dk_alloc(k * sizeof *columns);
    support = dk_alloc(chosen * chosen * sizeof *support);
    points = dk_alloc(chosen * sizeof *points);
    for (size_t q = 0; q < k; q++) {
        for (size_t u = 0; u < chosen; u++)
            dense[q * chosen + u] = children->x[q][unit[u]];
        columns[q] = dense + q * chosen;
    }
    index_outrank(columns, children->weights, k, chosen, rule->tolerance, support);
    if (rule->method == INDEX_BORDA) {
        index_borda(support, chosen, points);
    } else if (rule->method == INDEX_COPELAND) {
        index_copeland(support, chosen, points);
    } else {
        flaw = index_kemeny(support, chosen, order, points, NULL, several);
        if (flaw != INDEX_SOUND)
            goto done;
    }
    for (size_t u = 0; u < chosen; u++)
        out[unit[u]] = points[u];
done:
    free(points);
    free(support);
    free(columns);
    free(dense);
    free(unit);
    return flaw;
}
