/* Files: read whole, written atomically.
 *
 * A write goes to a temporary file in the folder of its target, is flushed to the disk and renamed over the target:
 * whoever reads the target sees the old file or the new one, never half of either. */
#ifndef DIFKIT_BASE_FILE_H
#define DIFKIT_BASE_FILE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/path.h"

/* Opens a file for reading, which must be a regular one (below /dev whatever is there): a script's folder may hold pipes,
 * which nobody is to wait for. NULL when it fails. */
FILE *dk_file_open(const char *path, struct dk_error *err);

/* Reads the file at `path` and appends it to `out`. Refuses directories and files over `limit` bytes (0: no limit). */
dk_status dk_file_read(const char *path, size_t limit, struct dk_buffer *out, struct dk_error *err);

/* A file being written. Open it, write to `stream`, then commit or discard it exactly once. */
struct dk_output {
    FILE *stream;
    char *path;      /* the target */
    char *temporary; /* the file written to, beside the target */
};

/* Begins to write `path`; missing folders above it are made when `make_folders`. Refuses a directory. */
dk_status dk_output_open(struct dk_output *output, const char *path, bool make_folders, struct dk_error *err);
/* Flushes and closes the stream, when the rest has to wait. */
dk_status dk_output_close(struct dk_output *output, struct dk_error *err);
/* Flushes, synchronises and renames; on failure the target is as it was and the temporary file is removed. */
dk_status dk_output_commit(struct dk_output *output, struct dk_error *err);
/* Removes the temporary file; does nothing after a commit. */
void dk_output_discard(struct dk_output *output);

/* Makes every folder above the last slash of `path` that is not there. */
dk_status dk_make_folders(const char *path, struct dk_error *err);

/* Copies a file to a name that is not taken, at once or not at all. */
dk_status dk_file_copy(const char *path, const char *target, struct dk_error *err);

/* Writes a whole file atomically. */
dk_status dk_file_write(const char *path, const void *bytes, size_t size, bool make_folders, struct dk_error *err);

/* Puts a finished file in its place: over a regular file, whose mode and owner it takes, or behind a link, where that leads.
 * A device or pipe is never replaced: the bytes go to it. Gives an error number. */
int dk_file_place(const char *temporary, const char *path);
/* Places `temporary` at `path` after synchronising its bytes. */
dk_status dk_file_publish(const char *temporary, const char *path, struct dk_error *err);

/* The names in a folder that end in `suffix`, in byte order; free with dk_names_free(). */
struct dk_names {
    char **name;
    size_t count;
};
dk_status dk_folder_list(const char *path, const char *suffix, struct dk_names *out, struct dk_error *err);
void dk_names_free(struct dk_names *names);

/* For a file that is not there: hints at one of its folder with a name much like its own, if there is one. `given` is the
 * path as the user wrote it, which the hint follows. */
void dk_hint_neighbour(struct dk_error *err, const char *path, const char *given);

#endif
