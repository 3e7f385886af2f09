/* The outranking matrix, Borda and Copeland points. */
#include "index/outrank.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

void index_outrank(const double *const *children, const double *weights, size_t k, size_t n, double *support)
{
    for (size_t j = 0; j < n; j++) {
        support[j * n + j] = 0;
        for (size_t i = 0; i < j; i++) {
            double better = 0, equal = 0, all = 0, share;

            for (size_t q = 0; q < k; q++) {
                double left = children[q][j], right = children[q][i];

                if (isnan(left) || isnan(right))
                    continue;
                better += left > right ? weights[q] : 0;
                equal += left == right ? weights[q] : 0;
                all += weights[q];
            }
            share = all > 0 ? (better + equal / 2) / all : 0.5;
            support[j * n + i] = share;
            support[i * n + j] = 1 - share;
        }
    }
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

/* Which units have enough of the children; returns how many. */
static size_t select_units(const double *const *children, const double *weights, size_t k, size_t n,
                           const struct index_rule *rule, uint32_t *unit)
{
    size_t chosen = 0;

    for (size_t u = 0; u < n; u++) {
        double there = 0, all = 0, there_count = 0, all_count = 0, share;

        for (size_t q = 0; q < k; q++) {
            if (!(weights[q] > 0))
                continue;
            all += weights[q];
            all_count++;
            if (isnan(children[q][u]))
                continue;
            there += weights[q];
            there_count++;
        }
        share = rule->by_weight ? there / all : there_count / all_count;
        if (there_count > 0 && share >= rule->threshold - 1e-12)
            unit[chosen++] = (uint32_t)u;
    }
    return chosen;
}

enum index_flaw index_outrank_scores(const double *const *children, const double *weights, size_t k, size_t n,
                                     const struct index_rule *rule, double *out)
{
    enum index_flaw flaw = INDEX_SOUND;
    uint32_t *unit = dk_alloc((2 * n + 1) * sizeof *unit), *order = unit + n;
    size_t chosen = select_units(children, weights, k, n, rule, unit);
    double *dense = NULL, *support = NULL, *points = NULL;
    const double **columns = NULL;

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
            dense[q * chosen + u] = children[q][unit[u]];
        columns[q] = dense + q * chosen;
    }
    index_outrank(columns, weights, k, chosen, support);
    if (rule->method == INDEX_BORDA) {
        index_borda(support, chosen, points);
    } else if (rule->method == INDEX_COPELAND) {
        index_copeland(support, chosen, points);
    } else {
        flaw = index_kemeny(support, chosen, order, NULL);
        if (flaw != INDEX_SOUND)
            goto done;
        for (size_t place = 0; place < chosen; place++)
            points[order[place]] = (double)(chosen - 1 - place);
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
