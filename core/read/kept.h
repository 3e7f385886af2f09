/* The rows of a text or sheet kept to be read again, in any order: compact, and beyond KEPT_IN_MEMORY bytes in a temporary
 * file, so that memory grows by a bit a row. */
#ifndef DIFKIT_READ_KEPT_H
#define DIFKIT_READ_KEPT_H

#include <stdio.h>

#include "base/buffer.h"
#include "read/read.h"

enum { KEPT_IN_MEMORY = 8 << 20, KEPT_STRIDE = 64 };

struct kept {
    struct dk_buffer bytes; /* what is not in the file yet */
    FILE *file;
    size_t spilled; /* bytes in the file */
    size_t *begin;  /* of one row of KEPT_STRIDE */
    size_t count, begins, capacity;
    size_t next, next_begin; /* the row behind that which was given last, and where it begins */
    size_t width;            /* of the widest row */
    size_t at;               /* where the file stands */
    struct dk_buffer row;
    struct read_cell *view; /* of the row given last */
    size_t view_capacity;
};

/* Keeps a row. */
dk_status kept_add(struct kept *kept, const struct read_row *row, struct dk_error *err);
/* The row of that number, from 0; what it points at lives until the next is asked for. */
dk_status kept_get(struct kept *kept, size_t index, struct read_row *row, struct dk_error *err);
void kept_free(struct kept *kept);

#endif
