#include "lua/host/allocator.h"

#include <stdlib.h>
#include <string.h>

enum { PIECE_SIZE = 64 * 1024 };

#if defined(__SANITIZE_ADDRESS__)
enum { POOLED = 0 };
#else
enum { POOLED = ALLOCATOR_LARGEST };
#endif

static size_t class_of(size_t size)
{
    return (size - 1) / ALLOCATOR_STEP;
}

static void *cut(struct allocator *allocator, size_t size)
{
    char *block;

    if ((size_t)(allocator->end - allocator->next) < size || allocator->next == NULL) {
        void **piece = malloc(PIECE_SIZE);

        if (piece == NULL)
            return NULL;
        *piece = allocator->piece;
        allocator->piece = piece;
        allocator->next = (char *)piece + ALLOCATOR_STEP;
        allocator->end = (char *)piece + PIECE_SIZE;
    }
    block = allocator->next;
    allocator->next += size;
    return block;
}

static void *take(struct allocator *allocator, size_t size)
{
    size_t class = class_of(size);
    void **block = allocator->free_block[class];

    if (block == NULL)
        return cut(allocator, (class + 1) * ALLOCATOR_STEP);
    allocator->free_block[class] = *block;
    return block;
}

static void give(struct allocator *allocator, void *block, size_t size)
{
    size_t class = class_of(size);

    *(void **)block = allocator->free_block[class];
    allocator->free_block[class] = block;
}

void *allocator_change(struct allocator *allocator, void *block, size_t old_size, size_t new_size)
{
    void *moved;

    if (block == NULL)
        return new_size == 0 ? NULL : new_size <= POOLED ? take(allocator, new_size) : malloc(new_size);
    if (new_size == 0) {
        if (old_size <= POOLED)
            give(allocator, block, old_size);
        else
            free(block);
        return NULL;
    }
    if (old_size > POOLED && new_size > POOLED)
        return realloc(block, new_size);
    if (old_size <= POOLED && new_size <= POOLED && class_of(old_size) == class_of(new_size))
        return block;
    moved = new_size <= POOLED ? take(allocator, new_size) : malloc(new_size);
    if (moved == NULL)
        return NULL;
    memcpy(moved, block, old_size < new_size ? old_size : new_size);
    if (old_size <= POOLED)
        give(allocator, block, old_size);
    else
        free(block);
    return moved;
}

void allocator_free(struct allocator *allocator)
{
    while (allocator->piece != NULL) {
        void **piece = allocator->piece;

        allocator->piece = *piece;
        free(piece);
    }
    memset(allocator, 0, sizeof *allocator);
}
