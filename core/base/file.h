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

/* Opens a file for reading, which must be a regular one (below /dev whatever is there): a script's folder may hold pipes,
 * which nobody is to wait for. NULL when it fails. */
FILE *dk_file_open(const char *path, struct dk_error *err);

/* Reads the file at `path` and appends it to `out`. Refuses directories and files over `limit` bytes (0: no limit). */
dk_status dk_file_read(const char *path, size_t limit, struct dk_buffer *out, struct dk_error *err);

/* A temporary file without a name, gone when it is closed; NULL with errno. Unlike tmpfile() it stands in the folder of
 * TMPDIR, which a process within walls may write. */
FILE *dk_file_temporary(void);

/* A file being written. Open it, write to `stream`, then commit or discard it exactly once. */
struct dk_output {
    FILE *stream;
    char *path;      /* the target */
    char *temporary; /* the file written to, beside the target */
};

/* Begins to write `path`; missing folders above it are made when `make_folders`. Refuses a directory. */
dk_status dk_output_open(struct dk_output *output, const char *path, bool make_folders, struct dk_error *err);
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
/* Whether something is there that is neither a file nor a folder. */
bool dk_is_device(const char *path);
/* The path with links followed, where it is there; free it. */
char *dk_real_path(const char *path);

/* Places `temporary` at `path` after synchronising its bytes. */
dk_status dk_file_publish(const char *temporary, const char *path, struct dk_error *err);

/* From now on the file `path` is written to `temporary`, and put in its place by `publish` rather than here: in a process
 * that may write nothing else. The strings must stay. */
void dk_file_publish_by(const char *path, const char *temporary,
                        dk_status (*publish)(const char *path, struct dk_error *err));

/* Removes a folder with the files in it; folders in it stay, and with them the folder. */
void dk_folder_remove(const char *path);

/* A name for a temporary file beside `path` (or beside no device), unique to this process; free it. */
char *dk_temporary_name(const char *path);

/* Removes the temporary files that were named and neither published nor discarded. Safe in a signal handler, which is
 * what it is for: a program that is stopped leaves nothing half-written behind. */
void dk_remove_temporaries(void);

bool dk_is_folder(const char *path);
bool dk_file_exists(const char *path);

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
