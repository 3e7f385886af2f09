#define _XOPEN_SOURCE 700

#include "read/strings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/temporary.h"
#include "base/list.h"

static dk_status spill(struct strings *strings, struct dk_error *err)
{
    if (strings->file == NULL)
        strings->file = dk_file_temporary();
    if (strings->file == NULL || fwrite(strings->bytes.bytes, 1, strings->bytes.size, strings->file) != strings->bytes.size)
        return dk_fail(err, DK_IO, "cannot write a temporary file: %s", strerror(errno));
    strings->spilled += strings->bytes.size;
    strings->bytes.size = 0;
    return DK_OK;
}

dk_status strings_add(struct strings *strings, struct dk_error *err)
{
    strings->end = dk_list_grow(strings->end, strings->count, &strings->capacity, sizeof *strings->end);
    strings->size = strings->spilled + strings->bytes.size;
    strings->end[strings->count++] = strings->size;
    if (strings->bytes.size >= READ_STRINGS_IN_MEMORY && spill(strings, err) != DK_OK)
        return DK_ERROR;
    strings->open = strings->bytes.size;
    return DK_OK;
}

dk_status strings_finish(struct strings *strings, struct dk_error *err)
{
    if (strings->file == NULL)
        return DK_OK;
    if (strings->bytes.size > 0 && spill(strings, err) != DK_OK)
        return DK_ERROR;
    dk_buffer_free(&strings->bytes);
    if (fflush(strings->file) != 0)
        return dk_fail(err, DK_IO, "cannot write a temporary file: %s", strerror(errno));
    strings->mapped = mmap(NULL, strings->size, PROT_READ, MAP_PRIVATE, fileno(strings->file), 0);
    if (strings->mapped == MAP_FAILED) {
        strings->mapped = NULL;
        return dk_fail(err, DK_IO, "cannot map a temporary file: %s", strerror(errno));
    }
    return DK_OK;
}

const char *strings_get(const struct strings *strings, size_t index, size_t *size)
{
    size_t begin = index > 0 && index < strings->count ? strings->end[index - 1] : 0;

    if (index >= strings->count)
        return NULL;
    *size = strings->end[index] - begin;
    if (strings->mapped != NULL)
        return strings->mapped + begin;
    return strings->bytes.bytes != NULL ? strings->bytes.bytes + begin : "";
}

size_t strings_memory(const struct strings *strings)
{
    return strings->bytes.capacity + strings->capacity * sizeof *strings->end;
}

void strings_free(struct strings *strings)
{
    if (strings->mapped != NULL)
        munmap(strings->mapped, strings->size);
    if (strings->file != NULL)
        fclose(strings->file);
    dk_buffer_free(&strings->bytes);
    free(strings->end);
    memset(strings, 0, sizeof *strings);
}
