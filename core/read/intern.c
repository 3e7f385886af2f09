#include "read/intern.h"

#include <stdlib.h>
#include <string.h>

#include "base/list.h"

static uint32_t hash_of(const char *text, size_t size)
{
    uint32_t hash = 2166136261u;

    for (size_t i = 0; i < size; i++)
        hash = (hash ^ (unsigned char)text[i]) * 16777619u;
    return hash ^ hash >> 15;
}

/* The slot of the text, or the free one where it would be. */
static size_t slot_of(const struct intern *intern, const char *text, size_t size, uint32_t hash)
{
    size_t at = hash & (intern->slots - 1);

    for (; intern->slot[at] != 0; at = (at + 1) & (intern->slots - 1)) {
        const struct intern_text *it = &intern->text[intern->slot[at] - 1];

        if (it->hash == hash && it->size == size && memcmp(intern->bytes.bytes + it->begin, text, size) == 0)
            break;
    }
    return at;
}

static void widen(struct intern *intern)
{
    free(intern->slot);
    intern->slots = intern->slots == 0 ? 64 : 2 * intern->slots;
    intern->slot = dk_alloc_zeroed(intern->slots, sizeof *intern->slot);
    for (size_t i = 0; i < intern->count; i++) {
        size_t at = intern->text[i].hash & (intern->slots - 1);

        while (intern->slot[at] != 0)
            at = (at + 1) & (intern->slots - 1);
        intern->slot[at] = (uint32_t)i + 1;
    }
}

uint32_t intern_add(struct intern *intern, const char *text, size_t size)
{
    uint32_t hash = hash_of(text, size);
    size_t at;

    if (2 * (intern->count + 1) > intern->slots)
        widen(intern);
    at = slot_of(intern, text, size, hash);
    if (intern->slot[at] == 0) {
        intern->text = dk_list_grow(intern->text, intern->count, &intern->capacity, sizeof *intern->text);
        intern->text[intern->count] = (struct intern_text){intern->bytes.size, (uint32_t)size, hash};
        dk_buffer_add(&intern->bytes, text, size);
        intern->slot[at] = (uint32_t)++intern->count;
    }
    return intern->slot[at] - 1;
}

uint32_t intern_find(const struct intern *intern, const char *text, size_t size)
{
    return intern->slots == 0 ? INTERN_NONE : intern->slot[slot_of(intern, text, size, hash_of(text, size))] - 1;
}

const char *intern_get(const struct intern *intern, uint32_t number, size_t *size)
{
    *size = intern->text[number].size;
    return intern->bytes.bytes + intern->text[number].begin;
}

/* A text to be sorted. */
struct ranked {
    const char *text;
    uint32_t size, number;
};

static int compare(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    int order = memcmp(a->text, b->text, a->size < b->size ? a->size : b->size);

    return order != 0 ? order : (a->size > b->size) - (a->size < b->size);
}

void intern_rank(const struct intern *intern, uint32_t *rank)
{
    struct ranked *list = dk_alloc((intern->count + 1) * sizeof *list);

    for (size_t i = 0; i < intern->count; i++)
        list[i] = (struct ranked){intern->bytes.bytes + intern->text[i].begin, intern->text[i].size, (uint32_t)i};
    qsort(list, intern->count, sizeof *list, compare);
    for (size_t i = 0; i < intern->count; i++)
        rank[list[i].number] = (uint32_t)i;
    free(list);
}

size_t intern_memory(const struct intern *intern)
{
    return intern->bytes.capacity + intern->capacity * sizeof *intern->text + intern->slots * sizeof *intern->slot;
}

void intern_free(struct intern *intern)
{
    dk_buffer_free(&intern->bytes);
    free(intern->text);
    free(intern->slot);
    memset(intern, 0, sizeof *intern);
}
