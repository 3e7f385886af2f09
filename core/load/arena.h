/* Memory that is given out piece by piece and taken back all at once: the strings and rows of a batch. */
#ifndef DIFKIT_LOAD_ARENA_H
#define DIFKIT_LOAD_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *first;
    struct arena_block *current;
};

/* `size` bytes, aligned for any type, that live until the arena is cleared. */
void *arena_take(struct arena *arena, size_t size);
/* A copy of text[0..size), terminated. */
char *arena_copy(struct arena *arena, const char *text, size_t size);
/* Takes everything back and keeps the memory for what comes next. */
void arena_clear(struct arena *arena);
void arena_free(struct arena *arena);

#endif
