#include "base/buffer.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void (*tell)(const struct dk_error *err);

void dk_tell_end(void (*how)(const struct dk_error *err))
{
    tell = how;
}

void dk_end_without_memory(void)
{
    struct dk_error err = {.code = DK_LIMIT, .message = DK_NO_MEMORY, .hint = DK_MORE_MEMORY " [limit.memory]"};

    fflush(stdout);
    if (tell != NULL)
        tell(&err);
    else
        fprintf(stderr, "difkit: %s; %s\n", err.message, err.hint);
    exit(DK_LIMIT);
}

static void *checked(void *block)
{
    if (block == NULL)
        dk_end_without_memory();
    return block;
}

/* The purse ----------------------------------------------------------------------------------------------------------- */

enum { COUNTED_FROM = 64 << 10 }; /* what is smaller often goes on as a text of its own, and is free()d without us */

static _Thread_local const struct dk_purse *purse;

void dk_purse_use(const struct dk_purse *used)
{
    purse = used;
}

size_t dk_purse_left(void)
{
    return purse != NULL ? purse->left(purse->context) : SIZE_MAX;
}

static void count(struct dk_buffer *buffer, size_t capacity)
{
    if (purse == NULL || capacity < COUNTED_FROM)
        return;
    if (!purse->take(purse->context, capacity - buffer->counted))
        checked(NULL);
    buffer->counted = capacity;
}

static void give_back(struct dk_buffer *buffer)
{
    if (purse != NULL && buffer->counted > 0)
        purse->give(purse->context, buffer->counted);
}

/* Memory ------------------------------------------------------------------------------------------------------------- */

void *dk_alloc(size_t size)
{
    return checked(malloc(size > 0 ? size : 1));
}

void *dk_alloc_zeroed(size_t count, size_t size)
{
    return checked(calloc(count > 0 ? count : 1, size > 0 ? size : 1));
}

void *dk_realloc(void *block, size_t size)
{
    return checked(realloc(block, size > 0 ? size : 1));
}

char *dk_copy_text(const char *text)
{
    size_t size = strlen(text) + 1;

    return memcpy(dk_alloc(size), text, size);
}

char *dk_buffer_reserve(struct dk_buffer *buffer, size_t extra)
{
    size_t needed = buffer->size + extra + 1;

    if (needed < extra)
        checked(NULL);
    if (needed > buffer->capacity) {
        size_t capacity = buffer->capacity < 64 ? 64 : buffer->capacity;

        while (capacity < needed)
            capacity = capacity > SIZE_MAX / 2 ? needed : capacity * 2;
        count(buffer, capacity);
        buffer->bytes = dk_realloc(buffer->bytes, capacity);
        buffer->capacity = capacity;
    }
    return buffer->bytes + buffer->size;
}

void dk_buffer_add(struct dk_buffer *buffer, const void *bytes, size_t size)
{
    char *end = dk_buffer_reserve(buffer, size);

    if (size > 0)
        memcpy(end, bytes, size);
    buffer->size += size;
    buffer->bytes[buffer->size] = '\0';
}

void dk_buffer_text(struct dk_buffer *buffer, const char *text)
{
    dk_buffer_add(buffer, text, strlen(text));
}

void dk_buffer_format(struct dk_buffer *buffer, const char *format, ...)
{
    va_list arguments;
    int size;

    va_start(arguments, format);
    size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (size < 0)
        return;
    dk_buffer_reserve(buffer, (size_t)size);
    va_start(arguments, format);
    vsnprintf(buffer->bytes + buffer->size, (size_t)size + 1, format, arguments);
    va_end(arguments);
    buffer->size += (size_t)size;
}

void dk_buffer_free(struct dk_buffer *buffer)
{
    give_back(buffer);
    free(buffer->bytes);
    memset(buffer, 0, sizeof *buffer);
}
