/* Ranking on unrounded scores. */
#include "index/rank.h"

#include <math.h>

#include "index/sort.h"

/* Gives ranks to units that stand in falling order of their scores. */
static void assign(const double *score, double tolerance, uint32_t *rank, const uint32_t *order, size_t count)
{
    uint32_t current = 1;
    double first; /* of the block */

    if (count == 0)
        return;
    first = score[order[0]];
    for (size_t i = 0; i < count; i++) {
        double value = score[order[i]];

        /* index_equal(), of a value that is not above the first */
        if (first - value > tolerance * (first > -value ? first : -value)) {
            current = (uint32_t)i + 1;
            first = value;
        }
        rank[order[i]] = current;
    }
}

size_t index_rank(const double *score, size_t n, double tolerance, uint32_t *rank, uint32_t *order, uint32_t *work)
{
    size_t count = 0;

    for (size_t i = 0; i < n; i++) {
        rank[i] = 0;
        if (!isnan(score[i]))
            order[count++] = (uint32_t)i;
    }
    index_order_falling(score, order, count, work);
    assign(score, tolerance, rank, order, count);
    return count;
}

void index_rank_again(const double *score, double tolerance, uint32_t *rank, uint32_t *order, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        uint32_t unit = order[i];
        double value = score[unit];
        size_t j = i;

        for (; j > 0 && score[order[j - 1]] < value; j--)
            order[j] = order[j - 1];
        order[j] = unit;
    }
    assign(score, tolerance, rank, order, count);
}

void index_tie(double *x, size_t n, double tolerance, uint32_t *order, uint32_t *work)
{
    size_t first = 0;

    for (size_t i = 0; i < n; i++)
        order[i] = (uint32_t)i;
    index_order_falling(x, order, n, work);
    for (size_t i = 1; i < n; i++) {
        if (index_equal(x[order[first]], x[order[i]], tolerance))
            x[order[i]] = x[order[first]];
        else
            first = i;
    }
}

void index_mid_rank(const double *x, size_t n, double *rank, uint32_t *order, uint32_t *work)
{
    for (size_t i = 0; i < n; i++)
        order[i] = (uint32_t)i;
    index_order_falling(x, order, n, work);
    for (size_t start = 0; start < n;) {
        size_t end = start + 1;

        while (end < n && x[order[end]] == x[order[start]])
            end++;
        for (size_t i = start; i < end; i++)
            rank[order[i]] = (double)n - ((double)start + (double)(end - 1)) / 2;
        start = end;
    }
}
