/* Reading YAML along the model: its events one by one, and the records that they make up. Private to core/load. */
#ifndef DIFKIT_LOAD_READER_H
#define DIFKIT_LOAD_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "load/source.h"
#include "load/state.h"
#include "yaml/events.h"

/* Keys that a mapping can have: of a record its fields, the lists of its children, csv, units and extend; of a file all
 * entities and extend. */
enum { READER_NAMES_MAX = MODEL_FIELDS_MAX + MODEL_COUNT + 3, READER_TOP_MAX = MODEL_ENTITIES_MAX + 1 };

/* A scalar of a list that makes one row each. */
struct item {
    struct db_value value;
    struct place place;
};

struct reader {
    struct load *load;
    uint32_t file;
    struct events events;
    const struct source_text *source;
    struct db_value document; /* id of the document of this file, once known */
    bool unfit_document;      /* its record is, and so its actions are not to be stored */
    bool quiet;               /* what is refused is reported in another reading */
    struct item *item;
    size_t item_count, item_capacity;
};

/* The records that are read: of what, into which batch, under what. */
struct target {
    const struct model_entity *entity;
    struct batch *batch;
    struct row *parent;      /* of children */
    const struct db_value *topic; /* of actions */
    struct place place;      /* where the next record begins, when that is before its mapping; line 0: at the mapping */
};

/* reader.c: the events. */

/* Begins to read a source. End reader->events with it. */
void reader_begin(struct reader *reader, struct load *load, uint32_t file, const struct source_text *source);
/* Where the current event begins. */
struct place reader_place(const struct reader *reader);
/* The value of the current key, which has to be true or false; what is neither is reported and counts as false. */
bool reader_read_truth(struct reader *reader, const char *key);
/* Reports the current key, which is not known among `names`. */
void reader_find_unknown(struct reader *reader, const char *where, const char *const *names, size_t count);

/* record_reader.c: the records. */

/* Reads the record that stands here. The row lives until its batch is submitted. */
struct row *reader_read_record(struct reader *reader, const struct target *target);
/* Records in a list; a single {csv: FILE} may stand in its place. */
void reader_read_list(struct reader *reader, const struct target *target);

/* decisions.c: whether a key at the top of a file decides about names of units; and its value, at which the events stand. */
bool reader_is_decision(const char *key);
void reader_read_decision(struct reader *reader, const char *key);

#endif
