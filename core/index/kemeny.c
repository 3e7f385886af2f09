/* The exact Kemeny order.
 *
 * Unit j beats i when support[j,i] > 1/2. A strongly connected part of the graph "does not lose to" can be ordered
 * by itself: every unit of one part beats every unit of a later part, and the best order never breaks such a majority
 * (Truchon's extended Condorcet criterion). Within a part best[S] is the greatest support of an order of the subset
 * S, found by taking out the unit that stands last in it. */
#include "index/outrank.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

/* The parts of units[0..n), best part first, by beaten counts: a part is closed when everything in it beats
 * everything after it. */
static size_t part_size(const double *support, size_t n, const uint32_t *units, size_t start, size_t end)
{
    /* units[start..end) stand in falling order of the number of units they beat or draw with; the shortest beginning
     * whose units all beat all of the rest is a part. */
    for (size_t cut = start + 1; cut < end; cut++) {
        bool closed = true;

        for (size_t i = start; i < cut && closed; i++)
            for (size_t j = cut; j < end && closed; j++)
                closed = support[units[i] * n + units[j]] > 0.5 + 1e-12;
        if (closed)
            return cut - start;
    }
    return end - start;
}

enum { HALF = INDEX_KEMENY_MOST / 2, HALF_SETS = 1 << HALF };

/* before[half][last][subset]: the support of all units of the subset, of one half of the part, over `last`. */
struct part {
    size_t m;
    double *best;
    double before[2][INDEX_KEMENY_MOST][HALF_SETS];
};

/* The greatest support of an order of `set` with `last` at its end. */
static double with_last(const struct part *part, size_t set, size_t last)
{
    size_t others = set ^ (size_t)1 << last;

    return part->best[others] + part->before[0][last][others & (HALF_SETS - 1)] + part->before[1][last][others >> HALF];
}

static void fill_before(struct part *part, const double *support, size_t n, const uint32_t *units)
{
    for (size_t half = 0; half < 2; half++)
        for (size_t last = 0; last < part->m; last++) {
            double *table = part->before[half][last];

            table[0] = 0;
            for (size_t set = 1; set < HALF_SETS; set++) {
                size_t bit = 0, unit;

                while (!(set >> bit & 1))
                    bit++;
                unit = half * HALF + bit;
                table[set] = table[set & (set - 1)]
                    + (unit < part->m && unit != last ? support[units[unit] * n + units[last]] : 0);
            }
        }
}

/* Orders units[0..m) in place by dynamic programming over their subsets. */
static void solve_part(const double *support, size_t n, uint32_t *units, struct part *part)
{
    uint32_t order[INDEX_KEMENY_MOST];
    size_t m = part->m, all = ((size_t)1 << m) - 1;

    fill_before(part, support, n, units);
    part->best[0] = 0;
    for (size_t set = 1; set <= all; set++) {
        double most = -INFINITY;

        for (size_t last = 0; last < m; last++)
            if (set >> last & 1)
                most = fmax(most, with_last(part, set, last));
        part->best[set] = most;
    }
    for (size_t set = all, place = m; place > 0; place--) {
        size_t chosen = m;
        double enough = part->best[set] - 1e-12 * (1 + part->best[set]);

        /* The latest unit that can stand last, so that earlier ones come first among equals. */
        for (size_t last = m; last-- > 0 && chosen == m;)
            if (set >> last & 1 && with_last(part, set, last) >= enough)
                chosen = last;
        order[place - 1] = units[chosen];
        set ^= (size_t)1 << chosen;
    }
    memcpy(units, order, m * sizeof *order);
}

enum index_flaw index_kemeny(const double *support, size_t n, uint32_t *order, double *total)
{
    uint32_t *points = dk_alloc_zeroed(n + 1, sizeof *points);
    struct part *part = NULL;
    double sum = 0;
    enum index_flaw flaw = INDEX_SOUND;

    for (size_t i = 0; i < n; i++) {
        order[i] = (uint32_t)i;
        for (size_t j = 0; j < n; j++) {
            double margin = i == j ? -1 : support[i * n + j] - 0.5;

            points[i] += margin > 1e-12 ? 2 : margin >= -1e-12 ? 1 : 0;
        }
    }
    for (size_t i = 1; i < n; i++) {
        uint32_t unit = order[i];
        size_t j = i;

        for (; j > 0 && points[order[j - 1]] < points[unit]; j--)
            order[j] = order[j - 1];
        order[j] = unit;
    }
    for (size_t start = 0; start < n;) {
        size_t size = part_size(support, n, order, start, n);

        if (size > INDEX_KEMENY_MOST) {
            flaw = INDEX_TOO_LARGE;
            goto done;
        }
        if (size > 1) {
            /* Back into the order of the units, so that ties do not depend on the points. */
            for (size_t i = start + 1; i < start + size; i++)
                for (size_t j = i; j > start && order[j - 1] > order[j]; j--) {
                    uint32_t swap = order[j];

                    order[j] = order[j - 1];
                    order[j - 1] = swap;
                }
            if (part == NULL)
                part = dk_alloc_zeroed(1, sizeof *part);
            part->m = size;
            part->best = dk_realloc(part->best, ((size_t)1 << size) * sizeof *part->best);
            solve_part(support, n, order + start, part);
        }
        start += size;
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++)
            sum += support[order[i] * n + order[j]];
    if (total != NULL)
        *total = sum;
done:
    if (part != NULL)
        free(part->best);
    free(part);
    free(points);
    return flaw;
}
