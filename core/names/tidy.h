/* What stands about a name in the files that offices have: marks of footnotes, ranks, odd spaces; and names whose file was
 * read in the wrong encoding. */
#ifndef DIFKIT_NAMES_TIDY_H
#define DIFKIT_NAMES_TIDY_H

#include <stdbool.h>
#include <stddef.h>

#include "names/fold.h"

struct names_span {
    const char *text;
    size_t size;
};

/* Takes a mark or an odd sign off the end or a rank off the beginning; false when there is none. */
bool names_strip(struct names_span *span);

/* UTF-8 that was read as Windows-1252, put right; false when the text is nothing of the kind. */
bool names_repair(struct names_span text, char out[NAMES_FOLD_MOST + 1], size_t *size);

#endif
