/* The shared texts of a workbook, one after another in one block: in memory, or beyond READ_STRINGS_IN_MEMORY bytes in a
 * temporary file that is mapped. */
#ifndef DIFKIT_READ_STRINGS_H
#define DIFKIT_READ_STRINGS_H

#include <stdio.h>

#include "base/buffer.h"
#include "read/read.h"

struct strings {
    struct dk_buffer bytes; /* what is not in the file */
    size_t *end;            /* of each text */
    size_t count, capacity;
    size_t open;          /* where the text being added begins in `bytes` */
    size_t size, spilled; /* bytes of all texts, and of those in the file */
    FILE *file;
    char *mapped;
};

/* Ends a text, whose bytes were added to `bytes`. */
dk_status strings_add(struct strings *strings, struct dk_error *err);
/* No more texts will come: they can be asked for. */
dk_status strings_finish(struct strings *strings, struct dk_error *err);
/* NULL when there is no such text. */
const char *strings_get(const struct strings *strings, size_t index, size_t *size);
/* Bytes of memory that are held. */
size_t strings_memory(const struct strings *strings);
void strings_free(struct strings *strings);

#endif
