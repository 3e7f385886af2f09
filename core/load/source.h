/* The text of one file of a load, from the disk or from the program; its SHA-256 is noted when it is read. */
#ifndef DIFKIT_LOAD_SOURCE_H
#define DIFKIT_LOAD_SOURCE_H

#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"

struct load_file;

struct source_text {
    const unsigned char *bytes;
    size_t size;
    struct dk_buffer owned; /* when it was read from the disk */
};

dk_status source_read(struct load_file *file, struct source_text *out, struct dk_error *err);
void source_free(struct source_text *source);

#endif
