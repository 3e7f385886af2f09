/* Zip archives and gzip: what is in them, bounded. No path is taken from an archive: names are only compared.
 *
 * Built without minizip or zlib, the functions refuse with advice. */
#ifndef DIFKIT_READ_ARCHIVE_H
#define DIFKIT_READ_ARCHIVE_H

#include <stdio.h>

#include "read/read.h"

struct archive;
struct part; /* one entry, being read */

/* Opens the archive that `stream` is, which stays the caller's and has to outlive it. */
struct archive *archive_open(FILE *stream, struct dk_error *err);
void archive_close(struct archive *archive);
size_t archive_count(const struct archive *archive);
const char *archive_name(const struct archive *archive, size_t index);
uint64_t archive_size(const struct archive *archive, size_t index);
/* The entry of that name, ASCII letters of any case; SIZE_MAX: none. */
size_t archive_find(const struct archive *archive, const char *name);

/* Any number of parts can be read at once. */
struct part *part_open(const struct archive *archive, size_t index, struct dk_error *err);
/* Up to `size` bytes; *got is 0 at the end, where the checksum was right. */
dk_status part_read(struct part *part, void *bytes, size_t size, size_t *got, struct dk_error *err);
void part_close(struct part *part);

/* The whole entry in a temporary file without a name. */
FILE *archive_extract(const struct archive *archive, size_t index, struct dk_error *err);
/* What a gzip file holds, in a temporary file without a name. */
FILE *gzip_extract(FILE *stream, struct dk_error *err);

#endif
