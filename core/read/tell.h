/* Which of several columns differ in rows that are the same in others: the rows come one after another, as digests, and are
 * told apart in parts of a temporary file, so that memory stays the same whatever their number. */
#ifndef DIFKIT_READ_TELL_H
#define DIFKIT_READ_TELL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/buffer.h"

enum { TELL_PARTS = 256 };

/* A run of bytes of a part in the file. */
struct tell_block {
    size_t begin;
    uint32_t size, part;
};

struct tell {
    size_t columns;
    struct dk_buffer part[TELL_PARTS]; /* records that are not in the file yet: the key, then each column */
    FILE *file;
    size_t spilled;
    struct tell_block *block;
    size_t blocks, block_capacity;
    bool *differs; /* of each column, once told */
};

void tell_begin(struct tell *tell, size_t columns);
/* Adds a row: the digest of its key, and that of each column. */
dk_status tell_add(struct tell *tell, uint64_t key, const uint64_t *column, struct dk_error *err);
/* Fills `differs`. */
dk_status tell_finish(struct tell *tell, struct dk_error *err);
void tell_free(struct tell *tell);

#endif
