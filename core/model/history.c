#include "model/history.h"

#include <stddef.h>

#include "model/model.h"

/* By version, beginning with 1. */
static const char *const releases[MODEL_VERSION] = {
    "0.1.0",
    "0.2.0", /* action_trigram, to find words in scripts without spaces; periods as text */
};

const struct model_step model_steps[] = {{0}};

const char *model_version_release(int version)
{
    return version >= 1 && version <= MODEL_VERSION ? releases[version - 1] : NULL;
}
