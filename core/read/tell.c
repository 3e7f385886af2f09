#define _XOPEN_SOURCE 700

#include "read/tell.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "base/temporary.h"

enum { PART_MAX = 16 << 10 }; /* bytes of a part in memory */

void tell_begin(struct tell *tell, size_t columns)
{
    memset(tell, 0, sizeof *tell);
    tell->columns = columns;
    tell->differs = dk_alloc_zeroed(columns + 1, sizeof *tell->differs);
}

static size_t record_size(const struct tell *tell)
{
    return (1 + tell->columns) * sizeof(uint64_t);
}

static dk_status spill(struct tell *tell, size_t part, struct dk_error *err)
{
    struct dk_buffer *buffer = &tell->part[part];

    if (tell->file == NULL)
        tell->file = dk_file_temporary();
    if (tell->file == NULL || fwrite(buffer->bytes, 1, buffer->size, tell->file) != buffer->size)
        return dk_fail(err, DK_IO, "cannot write a temporary file: %s", strerror(errno));
    tell->block = dk_list_grow(tell->block, tell->blocks, &tell->block_capacity, sizeof *tell->block);
    tell->block[tell->blocks++] = (struct tell_block){tell->spilled, (uint32_t)buffer->size, (uint32_t)part};
    tell->spilled += buffer->size;
    buffer->size = 0;
    return DK_OK;
}

dk_status tell_add(struct tell *tell, uint64_t key, const uint64_t *column, struct dk_error *err)
{
    size_t part = key >> 56; /* of TELL_PARTS */
    struct dk_buffer *buffer = &tell->part[part];

    dk_buffer_add(buffer, &key, sizeof key);
    dk_buffer_add(buffer, column, tell->columns * sizeof *column);
    return buffer->size + record_size(tell) <= PART_MAX ? DK_OK : spill(tell, part, err);
}

/* Records begin with their keys. */
static int compare(const void *left, const void *right)
{
    uint64_t a, b;

    memcpy(&a, left, sizeof a);
    memcpy(&b, right, sizeof b);
    return (a > b) - (a < b);
}

/* Looks at all records of a part. */
static void look(struct tell *tell, char *bytes, size_t size)
{
    size_t record = record_size(tell), count = size / record;

    if (count > 1)
        qsort(bytes, count, record, compare);
    for (size_t i = 1; i < count; i++) {
        const char *before = bytes + (i - 1) * record, *at = bytes + i * record;

        if (compare(before, at) != 0)
            continue;
        for (size_t j = 0; j < tell->columns; j++)
            if (memcmp(before + (j + 1) * sizeof(uint64_t), at + (j + 1) * sizeof(uint64_t), sizeof(uint64_t)) != 0)
                tell->differs[j] = true;
    }
}

/* The blocks of a part behind what is in memory of it. */
static dk_status gather_part(struct tell *tell, size_t part, struct dk_error *err)
{
    struct dk_buffer *buffer = &tell->part[part];

    for (size_t i = 0; i < tell->blocks; i++) {
        const struct tell_block *block = &tell->block[i];

        if (block->part != part)
            continue;
        if (fseeko(tell->file, (off_t)block->begin, SEEK_SET) != 0 ||
            fread(dk_buffer_reserve(buffer, block->size), 1, block->size, tell->file) != block->size)
            return dk_fail(err, DK_IO, "cannot read a temporary file: %s", strerror(errno));
        buffer->size += block->size;
    }
    return DK_OK;
}

dk_status tell_finish(struct tell *tell, struct dk_error *err)
{
    if (tell->file != NULL && fflush(tell->file) != 0)
        return dk_fail(err, DK_IO, "cannot write a temporary file: %s", strerror(errno));
    for (size_t part = 0; part < TELL_PARTS; part++) {
        if (tell->file != NULL && gather_part(tell, part, err) != DK_OK)
            return DK_ERROR;
        look(tell, tell->part[part].bytes, tell->part[part].size);
        dk_buffer_free(&tell->part[part]);
    }
    return DK_OK;
}

void tell_free(struct tell *tell)
{
    for (size_t part = 0; part < TELL_PARTS; part++)
        dk_buffer_free(&tell->part[part]);
    if (tell->file != NULL)
        fclose(tell->file);
    free(tell->block);
    free(tell->differs);
    memset(tell, 0, sizeof *tell);
}
