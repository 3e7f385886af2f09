#include "base/near.h"

#include <ctype.h>
#include <string.h>

enum { LONGEST = 63 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t dk_name_distance(const char *left, const char *right)
{
    size_t rows[3][LONGEST + 1];
    size_t left_size = strlen(left);
    size_t right_size = strlen(right);
    size_t *before = rows[0], *last = rows[1], *row = rows[2];

    if (left_size > LONGEST || right_size > LONGEST)
        return LONGEST;
    for (size_t j = 0; j <= right_size; j++)
        last[j] = j;
    memcpy(before, last, sizeof rows[0]);
    for (size_t i = 1; i <= left_size; i++) {
        size_t *spare = before;

        row[0] = i;
        for (size_t j = 1; j <= right_size; j++) {
            int a = tolower((unsigned char)left[i - 1]);
            int b = tolower((unsigned char)right[j - 1]);
            size_t cost = least(least(row[j - 1], last[j]) + 1, last[j - 1] + (a != b));

            if (i > 1 && j > 1 && a == tolower((unsigned char)right[j - 2]) &&
                tolower((unsigned char)left[i - 2]) == b)
                cost = least(cost, before[j - 2] + 1);
            row[j] = cost;
        }
        before = last;
        last = row;
        row = spare;
    }
    return last[right_size];
}

const char *dk_nearest(const char *given, const char *const *names, size_t count)
{
    size_t allowed = strlen(given) / 3;
    const char *nearest = NULL;

    if (allowed < 1)
        allowed = 1;
    if (allowed > 3)
        allowed = 3;
    for (size_t i = 0; i < count; i++) {
        size_t distance = dk_name_distance(given, names[i]);

        if (distance <= allowed) {
            nearest = names[i];
            if (distance == 0)
                break;
            allowed = distance - 1;
        }
    }
    return nearest;
}
