/* Texts that come again and again, each kept once and known by a number, from 0 in the order in which they were first met.
 */
#ifndef DIFKIT_READ_INTERN_H
#define DIFKIT_READ_INTERN_H

#include <stdint.h>

#include "base/buffer.h"

#define INTERN_NONE UINT32_MAX

struct intern_text {
    size_t begin; /* in `bytes` */
    uint32_t size, hash;
};

struct intern {
    struct dk_buffer bytes;
    struct intern_text *text;
    size_t count, capacity;
    uint32_t *slot; /* number + 1, by hash; 0: free */
    size_t slots;   /* a power of two */
};

/* The number of the text, which is added when it is not there. */
uint32_t intern_add(struct intern *intern, const char *text, size_t size);
/* The same, or INTERN_NONE when it is not there. */
uint32_t intern_find(const struct intern *intern, const char *text, size_t size);
/* Lives until the next is added. */
const char *intern_get(const struct intern *intern, uint32_t number, size_t *size);
/* rank[number]: the place of each text in the order of bytes. `rank` has room for all. */
void intern_rank(const struct intern *intern, uint32_t *rank);
/* Bytes that it takes. */
size_t intern_memory(const struct intern *intern);
void intern_free(struct intern *intern);

#endif
