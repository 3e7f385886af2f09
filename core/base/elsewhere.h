/* A file that another process publishes: in a process that may write nothing beside it. */
#ifndef DIFKIT_BASE_ELSEWHERE_H
#define DIFKIT_BASE_ELSEWHERE_H

#include "base/error.h"

/* From now on the file `path` is written to `temporary`, and put in its place by `publish` rather than here. The strings
 * must stay. */
void dk_elsewhere_set(const char *path, const char *temporary, dk_status (*publish)(const char *path, struct dk_error *err));
/* Where the file `path` is written when another process publishes it; else NULL. */
const char *dk_elsewhere(const char *path);
/* Has it published. */
dk_status dk_elsewhere_publish(const char *path, struct dk_error *err);

#endif
