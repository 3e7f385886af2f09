/* The archive: files that the build put into the program (library, stock scripts, bundled data).
 *
 * core/embed/embed.c writes the table; this looks files up in it. */
#ifndef DIFKIT_EMBED_ARCHIVE_H
#define DIFKIT_EMBED_ARCHIVE_H

#include <stddef.h>

struct embed_file {
    const char *name; /* "difkit/init.lua", "stock/coverage.lua", "data/asean-dif/difap.yaml", "bundled.db" */
    const unsigned char *bytes; /* followed by a terminating zero that is not counted */
    size_t size;
};

/* Written by core/embed/embed.c, in byte order of the names. */
extern const struct embed_file embed_files[];
extern const size_t embed_file_count;

/* The file of that name, or NULL. */
const struct embed_file *embed_find(const char *name);

#endif
