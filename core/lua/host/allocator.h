/* The memory of a host's Lua state.
 *
 * Scripts that stream rows make and drop small blocks by the million. Blocks of up to 256 bytes therefore come from free
 * lists of one size each, cut from larger pieces that are given back when the state is closed; the rest comes from malloc.
 * Not used under the address sanitizer, which has to see every block. */
#ifndef DIFKIT_LUA_HOST_ALLOCATOR_H
#define DIFKIT_LUA_HOST_ALLOCATOR_H

#include <stddef.h>

enum { ALLOCATOR_STEP = 16, ALLOCATOR_LARGEST = 256, ALLOCATOR_CLASSES = ALLOCATOR_LARGEST / ALLOCATOR_STEP };

struct allocator {
    void *free_block[ALLOCATOR_CLASSES]; /* the first free block of each size; each begins with the next */
    void *piece;                         /* the newest piece; each begins with the one before */
    char *next, *end;                    /* what is not cut yet of the newest piece */
};

/* As realloc(), with the size of the block at hand; new_size 0 frees. NULL when there is no memory. */
void *allocator_change(struct allocator *allocator, void *block, size_t old_size, size_t new_size);
/* Gives the pieces back; every block from them is gone. */
void allocator_free(struct allocator *allocator);

#endif
