/* The writing end of a load: rows come in batches and go into the database in a thread of their own, while the next
 * batch is being read. With a side database, a second thread takes the batches over from the first and indexes the words of
 * their actions there, since that takes as long as writing them. At most a few batches are under way, so that memory does
 * not grow with the data. */
#ifndef DIFKIT_LOAD_STORE_H
#define DIFKIT_LOAD_STORE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/meter.h"
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
    bool within;        /* stands within the record that its parent's field names */
    bool numbered;      /* its position was not given: the loader counts */
    struct db_value value[];
};

struct batch {
    struct arena arena; /* of the rows and their texts */
    struct row *first, *last;
    size_t rows;
    struct batch *next;
};

/* A thread with the batches that wait for it. */
struct worker {
    pthread_t thread;
    bool running;
    bool finished; /* nothing more will come */
    struct batch *queue, *queue_end; /* oldest first */
};

struct store {
    struct db *db;
    const struct model *model; /* of the rows; set before the first batch is handed over */
    /* Told of a row that is there already; `origin` is where the first one stands. True when the row is to take its place.
     * Called in the store's thread. */
    bool (*repeated)(void *context, const struct row *row, const char *origin);
    /* The layer that a file belongs to: a row of a higher one takes the place of a row of a lower one. */
    unsigned (*layer)(void *context, uint32_t file);
    void *context;                           /* for both */
    struct dk_meter *meter; /* beats while the database works, once the threads have ended; NULL: none */
    struct db_statement *insert[MODEL_ENTITIES_MAX];
    struct db_statement *first[MODEL_ENTITIES_MAX]; /* finds the row that is there already */
    bool here;                               /* words of `db` are indexed with the rows */
    struct db *side;                         /* that of another database is filled, or NULL */
    struct db_statement *stage;              /* of records whose table is stored in the order of its key */
    int64_t staged_rows;                     /* so far */
    const struct model_entity *staged;
    int64_t indexed; /* actions so far: their number in both databases */

    bool started;
    struct worker rows, words; /* batches go from the one to the other */
    pthread_mutex_t lock;      /* over the queues and what follows */
    pthread_cond_t changed;
    struct batch *spare; /* to be filled again */
    size_t batches;      /* that exist */
    dk_status status;
    struct dk_error err;
};

/* Begins to store into a database that has its tables before the first batch is handed over. */
void store_begin(struct store *store, struct db *db);
/* The words of actions go into the indexes of `index`: the same database, or one beside it. To be called before that, too.
 */
void store_index(struct store *store, struct db *index);
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
