#include "embed/archive.h"

#include <stdlib.h>
#include <string.h>

static int compare(const void *name, const void *file)
{
    return strcmp(name, ((const struct embed_file *)file)->name);
}

const struct embed_file *embed_find(const char *name)
{
    if (embed_file_count == 0)
        return NULL;
    return bsearch(name, embed_files, embed_file_count, sizeof embed_files[0], compare);
}
