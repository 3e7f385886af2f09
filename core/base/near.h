/* Near misses: which of the known names was probably meant. */
#ifndef DIFKIT_BASE_NEAR_H
#define DIFKIT_BASE_NEAR_H

#include <stddef.h>

/* Edit distance of two names: insertions, deletions, substitutions and swaps of neighbours each cost 1;
 * letters that differ in case alone cost nothing. Names over 63 bytes count as unlike. */
size_t dk_name_distance(const char *left, const char *right);

/* The name nearest to `given` among `names`, or NULL when none is near enough (a third of its length, at least 1, at
 * most 3). The earlier of two equally near ones. The result is borrowed from `names`. */
const char *dk_nearest(const char *given, const char *const *names, size_t count);

#endif
