/* The ids that are defined in what is loaded: a hash table from (entity, scope, id) to the place where it stands. */
#ifndef DIFKIT_LOAD_IDS_H
#define DIFKIT_LOAD_IDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "load/arena.h"

/* A place in what is loaded: `file` is an index into the files of the load. */
struct place {
    uint32_t file;
    int32_t line;
    int32_t column;
};

/* What an id is, and of what. */
struct id_key {
    int entity;        /* enum model_name, or a number of the loader's own */
    const char *scope; /* id of the parent, or "" */
    size_t scope_size;
    const char *id;
    size_t size;
};

struct id_entry {
    uint64_t hash;
    const char *scope;
    const char *id;
    const char *remark; /* what else is to be remembered, or NULL */
    uint32_t scope_size;
    uint32_t size;
    int entity;
    struct place place;
};

struct ids {
    struct id_entry *entry; /* in the order in which they were defined */
    size_t count;
    size_t capacity;
    uint32_t *slot; /* index of an entry + 1 */
    size_t slots;
    struct arena texts;
    size_t effort; /* comparisons still allowed in the search for near misses */
};

/* The key of an id without a scope. */
struct id_key load_key(int entity, const char *id, size_t size);

void ids_begin(struct ids *ids);
void ids_free(struct ids *ids);

const struct id_entry *ids_find(const struct ids *ids, const struct id_key *key);
/* Defines an id. When it was there before, returns that entry and changes nothing; else returns NULL. */
const struct id_entry *ids_define(struct ids *ids, const struct id_key *key, struct place place, const char *remark);
/* The defined id of the same entity and scope nearest to the one looked for, or NULL. */
const char *ids_nearest(struct ids *ids, const struct id_key *key);

#endif
