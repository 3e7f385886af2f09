#include "base/elsewhere.h"

#include <stddef.h>
#include <string.h>

/* The one file that another process publishes. */
static struct {
    const char *path, *temporary;
    dk_status (*publish)(const char *path, struct dk_error *err);
} elsewhere;

void dk_elsewhere_set(const char *path, const char *temporary, dk_status (*publish)(const char *path, struct dk_error *err))
{
    elsewhere.path = path;
    elsewhere.temporary = temporary;
    elsewhere.publish = publish;
}

const char *dk_elsewhere(const char *path)
{
    return elsewhere.path != NULL && strcmp(elsewhere.path, path) == 0 ? elsewhere.temporary : NULL;
}

dk_status dk_elsewhere_publish(const char *path, struct dk_error *err)
{
    return elsewhere.publish(path, err);
}
