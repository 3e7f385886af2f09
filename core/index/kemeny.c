/* The exact Kemeny order, and where it is not the only one.
 *
 * Unit j beats i when support[j,i] > 1/2. A strongly connected part of the graph "does not lose to" can be ordered
 * by itself: every unit of one part beats every unit of a later part, and the best order never breaks such a majority
 * (Truchon's extended Condorcet criterion). Within a part best[S] is the greatest support of an order of the subset
 * S, found by taking out the unit that stands last in it. The subsets that begin a best order of the whole part are
 * reached from it by taking out every unit that can stand last: a unit of such a subset stands, in some best order,
 * before every unit outside of it. */
#include "index/outrank.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

/* The parts of units[start..end), best part first: the units stand in falling order of the number of units they beat or draw
 * with; the shortest beginning whose units all beat all of the rest is a part. */
static size_t part_size(const double *support, size_t n, const uint32_t *units, size_t start, size_t end)
{
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
    uint8_t *begins; /* a bit for each subset: whether it begins a best order */
    double before[2][INDEX_KEMENY_MOST][HALF_SETS];
};

/* The greatest support of an order of `set` with `last` at its end. */
static double with_last(const struct part *part, size_t set, size_t last)
{
    size_t others = set ^ (size_t)1 << last;

    return part->best[others] + part->before[0][last][others & (HALF_SETS - 1)] + part->before[1][last][others >> HALF];
}

static bool can_be_last(const struct part *part, size_t set, size_t last)
{
    return with_last(part, set, last) >= part->best[set] - 1e-12 * (1 + part->best[set]);
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

static void fill_best(struct part *part)
{
    size_t all = ((size_t)1 << part->m) - 1;

    part->best[0] = 0;
    for (size_t set = 1; set <= all; set++) {
        double most = -INFINITY;

        for (size_t last = 0; last < part->m; last++)
            if (set >> last & 1)
                most = fmax(most, with_last(part, set, last));
        part->best[set] = most;
    }
}

/* behind[i]: the units that stand behind unit i in some best order. */
static void compare_orders(struct part *part, uint32_t *behind)
{
    size_t all = ((size_t)1 << part->m) - 1;

    memset(part->begins, 0, all / 8 + 1);
    memset(behind, 0, part->m * sizeof *behind);
    part->begins[all >> 3] |= (uint8_t)(1 << (all & 7));
    for (size_t set = all; set > 0; set--) {
        if (!(part->begins[set >> 3] >> (set & 7) & 1))
            continue;
        for (size_t i = 0; i < part->m; i++) {
            size_t others = set ^ (size_t)1 << i;

            if (!(set >> i & 1))
                continue;
            behind[i] |= (uint32_t)(all & ~set);
            if (can_be_last(part, set, i))
                part->begins[others >> 3] |= (uint8_t)(1 << (others & 7));
        }
    }
}

/* Orders units[0..m) in place by one of the best orders. block[i] becomes the size of the tied block that begins at place i,
 * 0 within a block. */
static void solve_part(const double *support, size_t n, uint32_t *units, struct part *part, size_t *block)
{
    uint32_t order[INDEX_KEMENY_MOST], behind[INDEX_KEMENY_MOST];
    size_t m = part->m, place_of[INDEX_KEMENY_MOST], first = 0, reach = 0;

    fill_before(part, support, n, units);
    fill_best(part);
    compare_orders(part, behind);
    for (size_t set = ((size_t)1 << m) - 1, place = m; place > 0; place--) {
        size_t chosen = m;

        for (size_t last = m; last-- > 0 && chosen == m;)
            if (set >> last & 1 && can_be_last(part, set, last))
                chosen = last;
        order[place - 1] = units[chosen];
        place_of[chosen] = place - 1;
        set ^= (size_t)1 << chosen;
    }
    /* A block ends where no unit so far stands, in another best order, behind one that comes later. */
    memset(block, 0, m * sizeof *block);
    for (size_t place = 0; place < m; place++) {
        for (size_t i = 0; i < m; i++) /* units that can stand before the one at this place */
            for (size_t j = 0; j < m; j++)
                if (place_of[j] == place && behind[i] >> j & 1 && place_of[i] > reach)
                    reach = place_of[i];
        if (reach <= place) {
            block[first] = place + 1 - first;
            first = place + 1;
            reach = first;
        }
    }
    memcpy(units, order, m * sizeof *order);
}

/* The units in falling order of the number of units they beat (2) or draw with (1); equal ones in the order given. */
static void sort_by_victories(const double *support, size_t n, uint32_t *order)
{
    uint32_t *points = dk_alloc_zeroed(n + 1, sizeof *points);

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
    free(points);
}

static double sum_of_support(const double *support, size_t n, const uint32_t *order)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++)
            sum += support[order[i] * n + order[j]];
    return sum;
}

/* Every unit of a block stands over the mean of the places of the block. */
static void points_of_blocks(const uint32_t *order, const size_t *block, size_t n, double *points, bool *several)
{
    for (size_t start = 0; start < n; start += block[start]) {
        if (block[start] > 1 && several != NULL)
            *several = true;
        for (size_t i = start; i < start + block[start] && points != NULL; i++)
            points[order[i]] = (double)(n - 1 - start) - (double)(block[start] - 1) / 2;
    }
}

enum index_flaw index_kemeny(const double *support, size_t n, uint32_t *order, double *points, double *total, bool *several)
{
    size_t *block = dk_alloc_zeroed(n + 1, sizeof *block);
    struct part *part = NULL;
    enum index_flaw flaw = INDEX_SOUND;

    if (several != NULL)
        *several = false;
    sort_by_victories(support, n, order);
    for (size_t start = 0; start < n;) {
        size_t size = part_size(support, n, order, start, n);

        block[start] = size;
        if (size > INDEX_KEMENY_MOST) {
            flaw = INDEX_TOO_LARGE;
            goto done;
        }
        if (size > 1) {
            if (part == NULL)
                part = dk_alloc_zeroed(1, sizeof *part);
            part->m = size;
            part->best = dk_realloc(part->best, ((size_t)1 << size) * sizeof *part->best);
            part->begins = dk_realloc(part->begins, ((size_t)1 << size) / 8 + 1);
            solve_part(support, n, order + start, part, block + start);
        }
        start += size;
    }
    points_of_blocks(order, block, n, points, several);
    if (total != NULL)
        *total = sum_of_support(support, n, order);
done:
    if (part != NULL) {
        free(part->best);
        free(part->begins);
    }
    free(part);
    free(block);
    return flaw;
}
