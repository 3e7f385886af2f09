/* Bottom-up merge sort over runs that insertion sort has prepared. */
#include "index/sort.h"

#include <math.h>
#include <string.h>

enum { RUN = 12 };

static void insert_run(double *x, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        double value = x[i];
        size_t j = i;

        for (; j > 0 && x[j - 1] > value; j--)
            x[j] = x[j - 1];
        x[j] = value;
    }
}

void index_sort(double *x, size_t n, double *work)
{
    double *from = x, *to = work;

    for (size_t start = 0; start < n; start += RUN)
        insert_run(x + start, n - start < RUN ? n - start : RUN);
    for (size_t width = RUN; width < n; width *= 2) {
        double *swap = from;

        for (size_t start = 0; start < n; start += 2 * width) {
            size_t middle = n - start < width ? n : start + width;
            size_t end = n - start < 2 * width ? n : start + 2 * width;
            size_t left = start, right = middle;

            for (size_t k = start; k < end; k++)
                to[k] = right >= end || (left < middle && from[left] <= from[right]) ? from[left++] : from[right++];
        }
        from = to;
        to = swap;
    }
    if (from != x)
        memcpy(x, from, n * sizeof *x);
}

size_t index_sorted(const double *x, size_t n, double *out, double *work)
{
    size_t count = 0;

    for (size_t i = 0; i < n; i++)
        if (!isnan(x[i]))
            out[count++] = x[i];
    index_sort(out, count, work);
    return count;
}

static void insert_order(const double *key, uint32_t *order, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        uint32_t value = order[i];
        size_t j = i;

        for (; j > 0 && key[order[j - 1]] < key[value]; j--)
            order[j] = order[j - 1];
        order[j] = value;
    }
}

void index_order_falling(const double *key, uint32_t *order, size_t n, uint32_t *work)
{
    uint32_t *from = order, *to = work;

    for (size_t start = 0; start < n; start += RUN)
        insert_order(key, order + start, n - start < RUN ? n - start : RUN);
    for (size_t width = RUN; width < n; width *= 2) {
        uint32_t *swap = from;

        for (size_t start = 0; start < n; start += 2 * width) {
            size_t middle = n - start < width ? n : start + width;
            size_t end = n - start < 2 * width ? n : start + 2 * width;
            size_t left = start, right = middle;

            for (size_t k = start; k < end; k++)
                to[k] = right >= end || (left < middle && key[from[left]] >= key[from[right]]) ? from[left++]
                                                                                              : from[right++];
        }
        from = to;
        to = swap;
    }
    if (from != order)
        memcpy(order, from, n * sizeof *order);
}

size_t index_count_below(const double *sorted, size_t n, double value)
{
    size_t low = 0, high = n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (sorted[middle] < value)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
