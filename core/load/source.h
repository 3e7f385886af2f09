/* The text of one file of a load, from the disk or from the program, and its SHA-256. */
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

dk_status source_read(const struct load_file *file, struct source_text *out, struct dk_error *err);
/* Notes the digest of the text with the file. */
void source_digest(struct load_file *file, const struct source_text *source);
void source_free(struct source_text *source);

#endif
