/* The writing end of a load: rows come in batches and go into the database in a thread of their own, while the next
 * batch is being read. At most a few batches are under way, so that memory does not grow with the data. */
#ifndef DIFKIT_LOAD_STORE_H
#define DIFKIT_LOAD_STORE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "db/db.h"
#include "load/arena.h"
#include "load/ids.h"
#include "model/model.h"

struct row {
    struct row *next;
    struct place place; /* of the record */
    uint8_t entity;     /* enum model_name */
    uint8_t count;      /* values: the fields and origin */
    bool skip;          /* unfit, or not to be stored */
    struct db_value value[];
};

struct batch {
    struct arena arena; /* of the rows and their texts */
    struct row *first, *last;
    size_t rows;
    struct batch *next;
};

struct store {
    struct db *db;
    /* Told of a row that is there already; `origin` is where the first one stands. True when the row is to take its place.
     * Called in the store's thread. */
    bool (*repeated)(void *context, const struct row *row, const char *origin);
    /* The layer that a file belongs to: a row of a higher one takes the place of a row of a lower one. */
    unsigned (*layer)(void *context, uint32_t file);
    void *context;                           /* for both */
    struct db_statement *insert[MODEL_COUNT];
    struct db_statement *first[MODEL_COUNT]; /* finds the row that is there already */
    struct db_statement *index;              /* action_fts */
    struct db_statement *stage;              /* of records whose table is stored in the order of its key */
    const struct model_entity *staged;
    bool full_text;
    int64_t actions; /* stored so far */

    pthread_t thread;
    bool threaded; /* else batches are written where they are submitted */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct batch *queue, *queue_end; /* submitted, oldest first */
    struct batch *spare;             /* to be filled again */
    size_t batches;                  /* that exist */
    bool finished;                   /* nothing more will come */
    dk_status status;
    struct dk_error err;
};

/* Begins to store into a database that has its tables. With `full_text`, actions go into action_fts as well. */
void store_begin(struct store *store, struct db *db, bool full_text);
/* An empty batch to fill. Waits while too many are under way. */
struct batch *store_batch(struct store *store);
/* Gives back a batch that will not be stored; NULL is allowed. */
void store_return(struct store *store, struct batch *batch);
/* Hands a batch over. */
void store_submit(struct store *store, struct batch *batch);
/* Whether writing has failed, so that reading on makes no sense. */
bool store_failed(struct store *store);
/* Waits until all is written; frees everything. */
dk_status store_finish(struct store *store, struct dk_error *err);

struct row *batch_row(struct batch *batch, const struct model_entity *entity, struct place place);

#endif
