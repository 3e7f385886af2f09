#include "load/store.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "db/bulk.h"
#include "load/stage.h"

enum { BATCHES_MAX = 8 };

struct row *batch_row(struct batch *batch, const struct model_entity *entity, struct place place)
{
    size_t count = entity->field_count + 1;
    size_t size = sizeof(struct row) + count * sizeof(struct db_value);
    struct row *row = arena_take(&batch->arena, size);

    memset(row, 0, size);
    row->place = place;
    row->entity = (uint8_t)model_name_of(entity);
    row->count = (uint8_t)count;
    if (batch->last == NULL)
        batch->first = row;
    else
        batch->last->next = row;
    batch->last = row;
    batch->rows++;
    return row;
}

static void batch_clear(struct batch *batch)
{
    arena_clear(&batch->arena);
    batch->first = NULL;
    batch->last = NULL;
    batch->rows = 0;
    batch->next = NULL;
}

static void batch_free(struct batch *batch)
{
    arena_free(&batch->arena);
    free(batch);
}

/* Whether rows of the entity are told apart by the database alone: the others have an id, and the reader knows them all. */
static bool may_repeat(const struct model_entity *entity)
{
    return !model_has_id(entity) && !model_has_scoped_id(entity);
}

static bool identifies(const struct model_field *field)
{
    return (field->flags & (MODEL_PRIMARY | MODEL_APART)) != 0;
}

static dk_status prepare_insert(struct store *store, const struct model_entity *entity, struct dk_error *err)
{
    struct dk_buffer sql = {0};
    dk_status status;

    dk_buffer_format(&sql, "INSERT INTO %s (", entity->name);
    model_columns(&sql, entity, true);
    dk_buffer_text(&sql, ") VALUES (");
    for (size_t i = 0; i < entity->field_count; i++)
        dk_buffer_text(&sql, "?, ");
    dk_buffer_text(&sql, may_repeat(entity) ? "?) ON CONFLICT DO NOTHING" : "?)");
    status = db_prepare(store->db, sql.bytes, sql.size, &store->insert[model_name_of(entity)], err);
    dk_buffer_free(&sql);
    return status;
}

static dk_status insert_row(struct store *store, const struct row *row, struct dk_error *err)
{
    const struct model_entity *entity = model_at(store->model, row->entity);
    struct db_statement *statement;
    bool more;

    if (store->insert[row->entity] == NULL && prepare_insert(store, entity, err) != DK_OK)
        return DK_ERROR;
    statement = store->insert[row->entity];
    for (int i = 0; i < row->count; i++)
        if (db_bind(statement, i + 1, &row->value[i], true, err) != DK_OK)
            return DK_ERROR;
    if (db_step(statement, NULL, &more, err) != DK_OK)
        return DK_ERROR;
    db_reset(statement);
    return DK_OK;
}

static dk_status index_action(struct store *store, const struct row *row, struct dk_error *err)
{
    int text = model_field_by_name(&model_entities()[MODEL_ACTION], "text");

    return db_bulk_index(store->side != NULL ? store->side : store->db, ++store->indexed, &row->value[0], &row->value[text],
                         err);
}

/* Puts the row in the place of that which has its key. */
static dk_status replace_row(struct store *store, const struct row *row, struct dk_error *err)
{
    const struct model_entity *entity = model_at(store->model, row->entity);
    struct db_statement *statement = NULL;
    struct dk_buffer sql = {0};
    int parameter = 0;
    bool more;
    dk_status status;

    dk_buffer_format(&sql, "DELETE FROM %s WHERE", entity->name);
    for (size_t i = 0; i < entity->field_count; i++)
        if (identifies(&entity->fields[i]))
            dk_buffer_format(&sql, "%s %s IS ?", parameter++ > 0 ? " AND" : "", entity->fields[i].name);
    status = db_prepare(store->db, sql.bytes, sql.size, &statement, err);
    dk_buffer_free(&sql);
    parameter = 0;
    for (size_t i = 0; i < entity->field_count && status == DK_OK; i++)
        if (identifies(&entity->fields[i]))
            status = db_bind(statement, ++parameter, &row->value[i], true, err);
    if (status == DK_OK)
        status = db_step(statement, NULL, &more, err);
    db_finish(statement);
    return status == DK_OK ? insert_row(store, row, err) : DK_ERROR;
}

/* Asks what to do with a row that another one kept out, saying where that stands. */
static dk_status find_first(struct store *store, const struct row *row, struct dk_error *err)
{
    const struct model_entity *entity = model_at(store->model, row->entity);
    struct db_statement **statement = &store->first[row->entity];
    struct db_value origin = {0};
    struct dk_buffer text = {0};
    bool found = false, replaces;
    int parameter = 0;

    if (*statement == NULL) {
        struct dk_buffer sql = {0};
        dk_status status;

        dk_buffer_format(&sql, "SELECT origin FROM %s WHERE", entity->name);
        for (size_t i = 0; i < entity->field_count; i++)
            if (identifies(&entity->fields[i]))
                dk_buffer_format(&sql, "%s %s IS ?", parameter++ > 0 ? " AND" : "", entity->fields[i].name);
        status = db_prepare(store->db, sql.bytes, sql.size, statement, err);
        dk_buffer_free(&sql);
        if (status != DK_OK)
            return DK_ERROR;
    }
    parameter = 0;
    for (size_t i = 0; i < entity->field_count; i++)
        if (identifies(&entity->fields[i]) && db_bind(*statement, ++parameter, &row->value[i], true, err) != DK_OK)
            return DK_ERROR;
    if (db_step(*statement, &origin, &found, err) != DK_OK)
        return DK_ERROR;
    if (found && origin.type == DB_TEXT)
        dk_buffer_add(&text, origin.text.bytes, origin.text.size);
    db_reset(*statement);
    replaces = store->repeated(store->context, row, text.bytes != NULL ? text.bytes : "");
    dk_buffer_free(&text);
    return replaces ? replace_row(store, row, err) : DK_OK;
}

static dk_status write_batch(struct store *store, const struct batch *batch, struct dk_error *err)
{
    for (const struct row *row = batch->first; row != NULL; row = row->next) {
        if (row->skip)
            continue;
        if (model_at(store->model, row->entity)->clustered) {
            if (stage_row(store, row, err) != DK_OK)
                return DK_ERROR;
            continue;
        }
        if (insert_row(store, row, err) != DK_OK)
            return DK_ERROR;
        if (row->entity == MODEL_ACTION) {
            if (store->here && index_action(store, row, err) != DK_OK)
                return DK_ERROR;
        } else if (may_repeat(model_at(store->model, row->entity)) && db_changes(store->db) == 0 &&
                   find_first(store, row, err) != DK_OK) {
            return DK_ERROR;
        }
    }
    return DK_OK;
}

static dk_status index_batch(struct store *store, const struct batch *batch, struct dk_error *err)
{
    for (const struct row *row = batch->first; row != NULL; row = row->next)
        if (!row->skip && row->entity == MODEL_ACTION && index_action(store, row, err) != DK_OK)
            return DK_ERROR;
    return DK_OK;
}

static void recycle(struct store *store, struct batch *batch)
{
    batch_clear(batch);
    pthread_mutex_lock(&store->lock);
    batch->next = store->spare;
    store->spare = batch;
    pthread_cond_broadcast(&store->changed);
    pthread_mutex_unlock(&store->lock);
}

void store_return(struct store *store, struct batch *batch)
{
    if (batch != NULL)
        recycle(store, batch);
}

/* The first failure is the one that is reported. */
static void note_failure(struct store *store, const struct dk_error *err)
{
    pthread_mutex_lock(&store->lock);
    if (store->status == DK_OK) {
        store->status = DK_ERROR;
        store->err = *err;
    }
    pthread_mutex_unlock(&store->lock);
}

static void work(struct store *store, const struct batch *batch,
                 dk_status (*what)(struct store *store, const struct batch *batch, struct dk_error *err))
{
    struct dk_error err = {0};

    if (!store_failed(store) && what(store, batch, &err) != DK_OK)
        note_failure(store, &err);
}

static void hand_to(struct store *store, struct worker *worker, struct batch *batch)
{
    pthread_mutex_lock(&store->lock);
    batch->next = NULL;
    if (worker->queue_end == NULL)
        worker->queue = batch;
    else
        worker->queue_end->next = batch;
    worker->queue_end = batch;
    pthread_cond_broadcast(&store->changed);
    pthread_mutex_unlock(&store->lock);
}

/* The batch that has waited longest; NULL when nothing more will come. */
static struct batch *take(struct store *store, struct worker *worker)
{
    struct batch *batch;

    pthread_mutex_lock(&store->lock);
    while (worker->queue == NULL && !worker->finished)
        pthread_cond_wait(&store->changed, &store->lock);
    batch = worker->queue;
    if (batch != NULL)
        worker->queue = batch->next;
    if (worker->queue == NULL)
        worker->queue_end = NULL;
    pthread_mutex_unlock(&store->lock);
    return batch;
}

static void *index_words(void *argument)
{
    struct store *store = argument;
    struct batch *batch;

    while ((batch = take(store, &store->words)) != NULL) {
        work(store, batch, index_batch);
        recycle(store, batch);
    }
    return NULL;
}

/* The words of a batch: in their thread, or here when there is none. */
static void index_or_hand_over(struct store *store, struct batch *batch)
{
    if (store->words.running) {
        hand_to(store, &store->words, batch);
        return;
    }
    if (store->side != NULL)
        work(store, batch, index_batch);
    recycle(store, batch);
}

static void *write_rows(void *argument)
{
    struct store *store = argument;
    struct batch *batch;

    while ((batch = take(store, &store->rows)) != NULL) {
        work(store, batch, write_batch);
        index_or_hand_over(store, batch);
    }
    return NULL;
}

void store_index(struct store *store, struct db *index)
{
    store->here = index == store->db;
    store->side = store->here ? NULL : index;
}

void store_begin(struct store *store, struct db *db)
{
    memset(store, 0, sizeof *store);
    store->db = db;
    pthread_mutex_init(&store->lock, NULL);
    pthread_cond_init(&store->changed, NULL);
}

struct batch *store_batch(struct store *store)
{
    struct batch *batch;

    pthread_mutex_lock(&store->lock);
    while (store->spare == NULL && store->batches >= BATCHES_MAX)
        pthread_cond_wait(&store->changed, &store->lock);
    batch = store->spare;
    if (batch != NULL) {
        store->spare = batch->next;
    } else {
        batch = dk_alloc_zeroed(1, sizeof *batch);
        store->batches++;
    }
    pthread_mutex_unlock(&store->lock);
    batch->next = NULL;
    return batch;
}

void store_submit(struct store *store, struct batch *batch)
{
    if (!store->rows.running && !store->started) {
        store->started = true;
        store->words.running = store->side != NULL && pthread_create(&store->words.thread, NULL, index_words, store) == 0;
        store->rows.running = pthread_create(&store->rows.thread, NULL, write_rows, store) == 0;
    }
    if (store->rows.running) {
        hand_to(store, &store->rows, batch);
        return;
    }
    work(store, batch, write_batch); /* no thread is to be had */
    index_or_hand_over(store, batch);
}

bool store_failed(struct store *store)
{
    bool failed;

    pthread_mutex_lock(&store->lock);
    failed = store->status != DK_OK;
    pthread_mutex_unlock(&store->lock);
    return failed;
}

static void finish_worker(struct store *store, struct worker *worker)
{
    pthread_mutex_lock(&store->lock);
    worker->finished = true;
    pthread_cond_broadcast(&store->changed);
    pthread_mutex_unlock(&store->lock);
    if (worker->running)
        pthread_join(worker->thread, NULL);
    worker->running = false;
}

static bool beat(void *meter)
{
    dk_meter_beat(meter);
    return false;
}

dk_status store_finish(struct store *store, struct dk_error *err)
{
    struct dk_error stage_err = {0};

    finish_worker(store, &store->rows);
    if (store->meter != NULL)
        db_on_progress(store->db, beat, store->meter);
    if (!store_failed(store) && stage_finish(store, &stage_err) != DK_OK)
        note_failure(store, &stage_err);
    finish_worker(store, &store->words);
    db_finish(store->stage);
    for (size_t i = 0; i < MODEL_ENTITIES_MAX; i++) {
        db_finish(store->insert[i]);
        db_finish(store->first[i]);
    }
    while (store->spare != NULL) {
        struct batch *next = store->spare->next;

        batch_free(store->spare);
        store->spare = next;
    }
    pthread_mutex_destroy(&store->lock);
    pthread_cond_destroy(&store->changed);
    if (store->status != DK_OK && err != NULL)
        *err = store->err;
    return store->status;
}
