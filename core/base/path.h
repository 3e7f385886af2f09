/* What stands at a path. */
#ifndef DIFKIT_BASE_PATH_H
#define DIFKIT_BASE_PATH_H

#include <stdbool.h>

bool dk_is_folder(const char *path);
bool dk_file_exists(const char *path);

/* Whether something is there that is neither a file nor a folder. */
bool dk_is_device(const char *path);
/* The path with links followed, where it is there; free it. */
char *dk_real_path(const char *path);

/* Removes a folder with the files in it; folders in it stay, and with them the folder. */
void dk_folder_remove(const char *path);

#endif
