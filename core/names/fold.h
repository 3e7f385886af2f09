/* Names folded for comparison: two that differ only in letter case, accents, spaces, punctuation, the words "the", "of" and
 * "and", or in usual abbreviations (St., Rep., Dem.) fold alike. utf8proc knows the characters. */
#ifndef DIFKIT_NAMES_FOLD_H
#define DIFKIT_NAMES_FOLD_H

#include <stddef.h>

#include "base/buffer.h"

enum { NAMES_FOLD_MOST = 255 }; /* bytes of a name; what is longer is no name */

/* Folds text[0..size): `key` has its words one after another, `words` (may be NULL) the words in byte order between spaces,
 * and stays empty for a single word. Both are emptied first. What is too long, no UTF-8, or without a letter or digit, gives
 * an empty key. */
void names_fold(const char *text, size_t size, struct dk_buffer *key, struct dk_buffer *words);

#endif
