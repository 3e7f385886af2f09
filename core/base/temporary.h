/* Temporary files and folders: what is written before it is published, and what must not stay.
 *
 * Each is locked (flock) while its process lives. What a killed process left is therefore known by its free lock: it is
 * removed by whoever writes beside it next. Signals and the end of the program remove what this process has. */
#ifndef DIFKIT_BASE_TEMPORARY_H
#define DIFKIT_BASE_TEMPORARY_H

#include <stdio.h>

#include "base/error.h"

/* A temporary file without a name, gone when it is closed; NULL with errno. Unlike tmpfile() it stands in the folder of
 * TMPDIR, which a process within walls may write. */
FILE *dk_file_temporary(void);

/* Makes a new file beside `path` (or beside no device) and gives its name: PATH.difkit-WORD.tmp; free it. Where no file can
 * be made, writing to the name says why. What dead processes left for the same path is removed. */
char *dk_temporary_name(const char *path);
/* Removes the file, with a journal of SQLite's beside it. */
void dk_temporary_discard(const char *name);
/* What went wrong with the file, said of the `path` that it was to become. */
void dk_temporary_blame(const char *name, const char *path, struct dk_error *err);
/* The file has been renamed: its name is nobody's any more. */
void dk_temporary_forget(const char *name);

/* Removes the temporary files that were named and neither published nor discarded. Safe in a signal handler, which is
 * what it is for: a program that is stopped leaves nothing half-written behind. */
void dk_remove_temporaries(void);

/* Makes a folder PREFIXWORD with mode 0700, after those that dead processes left under that prefix are gone; free the name.
 * *held keeps it until it is closed. NULL with errno. */
char *dk_temporary_folder(const char *prefix, int *held);

/* A signal that ends this process removes the folder, too, if it is empty then; until it is forgotten. */
void dk_temporary_watch(const char *name);

/* Removes, in a folder and below it, the temporary files that no living process holds. */
void dk_sweep_folder(const char *path);

#endif
