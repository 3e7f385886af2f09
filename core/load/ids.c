#include "load/ids.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/list.h"
#include "base/near.h"

/* A search for a near miss compares with every id; all searches of a load together stay within this. */
enum { EFFORT = 400 * 1000 };

struct id_key load_key(int entity, const char *id, size_t size)
{
    struct id_key key = {.entity = entity, .scope = "", .scope_size = 0, .id = id, .size = size};

    return key;
}

void ids_begin(struct ids *ids)
{
    memset(ids, 0, sizeof *ids);
    ids->effort = EFFORT;
    ids->slots = 1024;
    ids->slot = dk_alloc_zeroed(ids->slots, sizeof *ids->slot);
}

void ids_free(struct ids *ids)
{
    free(ids->entry);
    free(ids->slot);
    arena_free(&ids->texts);
    memset(ids, 0, sizeof *ids);
}

static uint64_t mix(uint64_t hash, const char *text, size_t size)
{
    /* Eight bytes at a time, multiplied and folded; the tail goes in padded with its length. */
    while (size >= 8) {
        uint64_t word;

        memcpy(&word, text, 8);
        hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 29;
        text += 8;
        size -= 8;
    }
    {
        uint64_t word = 0;

        memcpy(&word, text, size);
        word ^= (uint64_t)size << 56;
        hash = (hash ^ word) * UINT64_C(0xBF58476D1CE4E5B9);
        hash ^= hash >> 32;
    }
    return hash;
}

static uint64_t hash_of(const struct id_key *key)
{
    uint64_t hash = mix((uint64_t)key->entity + 1, key->id, key->size);

    return key->scope_size > 0 ? mix(hash, key->scope, key->scope_size) : hash;
}

static bool is(const struct id_entry *entry, uint64_t hash, const struct id_key *key)
{
    return entry->hash == hash && entry->entity == key->entity && entry->size == key->size &&
           entry->scope_size == key->scope_size && memcmp(entry->id, key->id, key->size) == 0 &&
           (key->scope_size == 0 || memcmp(entry->scope, key->scope, key->scope_size) == 0);
}

/* The slot that holds the key, or the free one where it belongs. */
static size_t slot_of(const struct ids *ids, uint64_t hash, const struct id_key *key)
{
    size_t slot = hash & (ids->slots - 1);

    while (ids->slot[slot] != 0 && !is(&ids->entry[ids->slot[slot] - 1], hash, key))
        slot = (slot + 1) & (ids->slots - 1);
    return slot;
}

static void grow(struct ids *ids)
{
    free(ids->slot);
    ids->slots *= 2;
    ids->slot = dk_alloc_zeroed(ids->slots, sizeof *ids->slot);
    for (size_t i = 0; i < ids->count; i++) {
        size_t slot = ids->entry[i].hash & (ids->slots - 1);

        while (ids->slot[slot] != 0)
            slot = (slot + 1) & (ids->slots - 1);
        ids->slot[slot] = (uint32_t)i + 1;
    }
}

const struct id_entry *ids_find(const struct ids *ids, const struct id_key *key)
{
    size_t slot = slot_of(ids, hash_of(key), key);

    return ids->slot[slot] != 0 ? &ids->entry[ids->slot[slot] - 1] : NULL;
}

const struct id_entry *ids_define(struct ids *ids, const struct id_key *key, struct place place, const char *remark)
{
    uint64_t hash = hash_of(key);
    size_t slot = slot_of(ids, hash, key);
    struct id_entry *entry;

    if (ids->slot[slot] != 0)
        return &ids->entry[ids->slot[slot] - 1];
    ids->entry = dk_list_grow(ids->entry, ids->count, &ids->capacity, sizeof *ids->entry);
    entry = &ids->entry[ids->count++];
    entry->hash = hash;
    entry->entity = key->entity;
    entry->id = arena_copy(&ids->texts, key->id, key->size);
    entry->size = (uint32_t)key->size;
    entry->scope = key->scope_size > 0 ? arena_copy(&ids->texts, key->scope, key->scope_size) : "";
    entry->scope_size = (uint32_t)key->scope_size;
    entry->remark = remark != NULL ? arena_copy(&ids->texts, remark, strlen(remark)) : NULL;
    entry->place = place;
    ids->slot[slot] = (uint32_t)ids->count;
    if (ids->count * 2 > ids->slots)
        grow(ids);
    return NULL;
}

const char *ids_nearest(struct ids *ids, const struct id_key *key)
{
    char given[DK_NEAR_LONGEST + 1];
    const char *nearest = NULL;
    struct dk_near near;

    if (key->size > DK_NEAR_LONGEST)
        return NULL;
    memcpy(given, key->id, key->size);
    given[key->size] = '\0';
    dk_near_begin(&near, given);
    for (size_t i = 0; i < ids->count && ids->effort > 0; i++) {
        const struct id_entry *entry = &ids->entry[i];
        size_t apart = entry->size > key->size ? entry->size - key->size : key->size - entry->size;

        if (entry->entity != key->entity || apart > near.allowed || entry->scope_size != key->scope_size ||
            memcmp(entry->scope, key->scope, key->scope_size) != 0)
            continue;
        ids->effort--;
        if (dk_near_try(&near, entry->id))
            nearest = entry->id;
    }
    return nearest;
}
