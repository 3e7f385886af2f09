#include "load/arena.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

enum { BLOCK_SIZE = 128 * 1024, ALIGNMENT = sizeof(long double) };

struct arena_block {
    struct arena_block *next;
    size_t used;
    size_t size;
    long double bytes[]; /* the strictest alignment */
};

static struct arena_block *block_new(size_t size)
{
    struct arena_block *block = dk_alloc(sizeof *block + size);

    block->next = NULL;
    block->used = 0;
    block->size = size;
    return block;
}

/* Makes a block with room for `size` bytes current: the next one that was kept, or a new one. */
static void next_block(struct arena *arena, size_t size)
{
    size_t wanted = size > BLOCK_SIZE ? size : BLOCK_SIZE;
    struct arena_block *block;

    if (arena->current != NULL && arena->current->next != NULL && arena->current->next->size >= wanted) {
        arena->current = arena->current->next;
        return;
    }
    block = block_new(wanted);
    if (arena->current == NULL) {
        arena->first = block;
    } else {
        block->next = arena->current->next;
        arena->current->next = block;
    }
    arena->current = block;
}

static void *take(struct arena *arena, size_t size, size_t alignment)
{
    struct arena_block *block = arena->current;
    size_t begin = block == NULL ? 0 : (block->used + alignment - 1) / alignment * alignment;

    if (block == NULL || begin > block->size || block->size - begin < size) {
        next_block(arena, size);
        block = arena->current;
        begin = 0;
    }
    block->used = begin + size;
    return (char *)block->bytes + begin;
}

void *arena_take(struct arena *arena, size_t size)
{
    return take(arena, size, ALIGNMENT);
}

char *arena_copy(struct arena *arena, const char *text, size_t size)
{
    char *copy = take(arena, size + 1, 1);

    if (size > 0)
        memcpy(copy, text, size);
    copy[size] = '\0';
    return copy;
}

void arena_clear(struct arena *arena)
{
    struct arena_block **link = &arena->first;

    while (*link != NULL) {
        struct arena_block *block = *link;

        block->used = 0;
        if (block->size > BLOCK_SIZE) { /* made for one long text */
            *link = block->next;
            free(block);
        } else {
            link = &block->next;
        }
    }
    arena->current = arena->first;
}

void arena_free(struct arena *arena)
{
    while (arena->first != NULL) {
        struct arena_block *next = arena->first->next;

        free(arena->first);
        arena->first = next;
    }
    arena->current = NULL;
}
