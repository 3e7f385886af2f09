/* Near misses: which of the known names was probably meant. */
#ifndef DIFKIT_BASE_NEAR_H
#define DIFKIT_BASE_NEAR_H

#include <stdbool.h>
#include <stddef.h>

enum { DK_NEAR_LONGEST = 63 };

/* Edit distance of two names: insertions, deletions, substitutions and swaps of neighbours each cost 1;
 * letters that differ in case alone cost nothing. Names over DK_NEAR_LONGEST bytes count as unlike. */
size_t dk_name_distance(const char *left, const char *right);

/* The nearest of many names, tried one after another; the earlier of two equally near ones. */
struct dk_near {
    const char *given;
    size_t allowed;              /* the distance that the next name may have */
    char name[DK_NEAR_LONGEST + 1]; /* the nearest so far, "" while there is none */
};
void dk_near_begin(struct dk_near *near, const char *given);
/* Whether the name is nearer than all before it, and near enough: a third of the length of what was given, at least 1, at
 * most 3. */
bool dk_near_try(struct dk_near *near, const char *name);

/* The name nearest to `given` among `names`, or NULL when none is near enough. The result is borrowed from `names`. */
const char *dk_nearest(const char *given, const char *const *names, size_t count);

#endif
