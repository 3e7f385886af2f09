/* What adding and reading (gather.c) and putting in order (gather_order.c) share. Private to them. */
#ifndef DIFKIT_READ_GATHER_PARTS_H
#define DIFKIT_READ_GATHER_PARTS_H

#include "read/gather.h"

enum { GATHER_WALK = 1 << 16 }; /* bytes that are read or written at once */

static inline const struct gather_row *row_at(const struct dk_buffer *buffer, size_t begin)
{
    return buffer->bytes != NULL ? (const struct gather_row *)(const void *)(buffer->bytes + begin) : NULL;
}

/* Writes the run, sorted, behind those before. */
dk_status gather_spill(struct gather *gather, struct dk_error *err);
/* Moves buffer[*at..) to its beginning and reads on behind it, so that a whole row stands there, if one is left. */
dk_status gather_refill(FILE *file, struct gather_run *left, size_t chunk, struct dk_buffer *buffer, size_t *at,
                        struct dk_error *err);

#endif
