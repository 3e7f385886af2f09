#include "base/near.h"

#include <ctype.h>
#include <string.h>

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t dk_name_distance(const char *left, const char *right)
{
    size_t rows[3][DK_NEAR_LONGEST + 1];
    size_t left_size = strlen(left);
    size_t right_size = strlen(right);
    size_t *before = rows[0], *last = rows[1], *row = rows[2];

    if (left_size > DK_NEAR_LONGEST || right_size > DK_NEAR_LONGEST)
        return DK_NEAR_LONGEST;
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

void dk_near_begin(struct dk_near *near, const char *given)
{
    size_t third = strlen(given) / 3;

    near->given = given;
    near->allowed = third < 1 ? 1 : third > 3 ? 3 : third;
    near->name[0] = '\0';
}

bool dk_near_try(struct dk_near *near, const char *name)
{
    size_t distance = dk_name_distance(near->given, name);

    if (distance > near->allowed || (distance == near->allowed && near->name[0] != '\0'))
        return false;
    near->allowed = distance;
    memcpy(near->name, name, strlen(name) + 1);
    return true;
}

const char *dk_nearest(const char *given, const char *const *names, size_t count)
{
    struct dk_near near;
    const char *nearest = NULL;

    dk_near_begin(&near, given);
    for (size_t i = 0; i < count; i++)
        if (dk_near_try(&near, names[i]))
            nearest = names[i];
    return nearest;
}
