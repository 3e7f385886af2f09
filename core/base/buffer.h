/* A growable run of bytes, always followed by a terminating zero that is not counted.
 *
 * Running out of memory ends the process with a message: no caller of a buffer can do better. The memory of large ones is
 * taken out of the purse of whoever runs in this thread, where there is one (dk_purse_use), and none is left when that is
 * empty. */
#ifndef DIFKIT_BASE_BUFFER_H
#define DIFKIT_BASE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct dk_buffer {
    char *bytes;     /* NULL until something was added */
    size_t size;     /* bytes in use */
    size_t capacity; /* bytes allocated */
    size_t counted;  /* of them, taken out of a purse */
};

/* What a run may still use. */
struct dk_purse {
    bool (*take)(void *context, size_t size); /* false: there is not so much */
    void (*give)(void *context, size_t size);
    size_t (*left)(void *context);
    void *context;
};
/* From now on large buffers of this thread are paid out of the purse; NULL: of none. */
void dk_purse_use(const struct dk_purse *purse);
/* How many bytes there are for a buffer; SIZE_MAX where there is no purse. */
size_t dk_purse_left(void);

/* Makes room for `extra` more bytes and returns where they begin; the size is not changed. */
char *dk_buffer_reserve(struct dk_buffer *buffer, size_t extra);
void dk_buffer_add(struct dk_buffer *buffer, const void *bytes, size_t size);
void dk_buffer_text(struct dk_buffer *buffer, const char *text);
void dk_buffer_format(struct dk_buffer *buffer, const char *format, ...) DK_PRINTF(2, 3);
void dk_buffer_free(struct dk_buffer *buffer);

/* Ends the process, saying that there is no memory. */
_Noreturn void dk_end_without_memory(void);
/* How that is told from now on. */
void dk_tell_end(void (*how)(const struct dk_error *err));

/* malloc/realloc/strdup that end the process with a message when there is no memory. */
void *dk_alloc(size_t size);
void *dk_alloc_zeroed(size_t count, size_t size);
void *dk_realloc(void *block, size_t size);
char *dk_copy_text(const char *text);

#endif
