/* A load from beginning to end: find the files, read the YAML, then the CSV files it names, write what came out, say what
 * it is. */
#define _POSIX_C_SOURCE 200809L

#include "load/load.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/temporary.h"
#include "base/text.h"
#include "db/bulk.h"
#include "db/declared.h"
#include "load/state.h"

const char *difkit_version(void)
{
    return DIFKIT_VERSION;
}

/* The layer of a file: 0, or 1 for those of the paths that are laid over the others. */
static unsigned layer_of(void *context, uint32_t file)
{
    struct load *load = context;
    unsigned layer;

    pthread_mutex_lock(&load->lock);
    layer = load->base > 0 && load->file[file].folder >= load->base;
    pthread_mutex_unlock(&load->lock);
    return layer;
}

/* The layer that an origin such as "egdi.csv:12" belongs to. */
static unsigned layer_of_origin(struct load *load, const char *origin)
{
    const char *colon = strrchr(origin, ':');
    size_t size = colon != NULL ? (size_t)(colon - origin) : strlen(origin);
    unsigned layer = 0;

    pthread_mutex_lock(&load->lock);
    for (size_t i = 0; i < load->file_count; i++)
        if (load->base > 0 && load->file[i].folder >= load->base && strlen(load->file[i].name) == size &&
            memcmp(load->file[i].name, origin, size) == 0)
            layer = 1;
    pthread_mutex_unlock(&load->lock);
    return layer;
}

/* A finding, unless the two rows are of different layers: then the one that is laid over the other counts. */
static bool find_repeated(void *context, const struct row *row, const char *origin)
{
    unsigned own = layer_of(context, row->place.file), other = layer_of_origin(context, origin);
    const struct model_entity *entity = model_at(((struct load *)context)->model, row->entity);
    struct dk_buffer keys = {0};
    struct dk_error err;
    char shown[DK_QUOTE_SIZE];

    if (own != other)
        return own > other;
    for (size_t i = 0; i < entity->field_count; i++) {
        const struct model_field *field = &entity->fields[i];

        if (!(field->flags & (MODEL_PRIMARY | MODEL_APART)) || row->value[i].type == DB_NULL)
            continue;
        dk_buffer_text(&keys, keys.size > 0 ? ", " : "");
        if (row->value[i].type == DB_INTEGER)
            dk_buffer_format(&keys, "%lld", (long long)row->value[i].integer);
        else
            dk_buffer_text(&keys, dk_quote(row->value[i].text.bytes, row->value[i].text.size, shown));
    }
    dk_fail(&err, DK_DATA, "%s for %s stands twice", entity->one, keys.bytes != NULL ? keys.bytes : "the same");
    dk_hint(&err, "first at %s", origin);
    load_find(context, row->place, &err);
    dk_buffer_free(&keys);
    return false;
}

static void load_free(struct load *load)
{
    for (size_t i = 0; i < load->file_count; i++) {
        free(load->file[i].name);
        free(load->file[i].path);
    }
    free(load->file);
    free(load->folder);
    free(load->finding);
    free(load->extension);
    free(load->declaration);
    free(load->pending);
    free(load->redirection);
    free(load->table);
    free(load->known);
    free(load->actions.record);
    dk_buffer_free(&load->scratch);
    ids_free(&load->ids);
    arena_free(&load->texts);
    pthread_mutex_destroy(&load->lock);
}

/* CSV files are read in the order of the model, so that what their records name is known. */
static int compare_tables(const void *left, const void *right)
{
    const struct table *a = left, *b = right;
    int by_entity = (int)model_name_of(a->entity) - (int)model_name_of(b->entity);

    return by_entity != 0 ? by_entity : (a->number > b->number) - (a->number < b->number);
}

/* Everything that is read, into the store. */
static dk_status read_all(struct load *load, struct dk_error *err)
{
    size_t yaml_files = load->file_count;

    dk_meter_start(&load->meter, "reading", 0, DK_METER_BYTES);
    for (size_t i = 0; i < yaml_files; i++)
        load->meter.total += load_file_size(&load->file[i]);
    for (size_t i = 0; i < yaml_files && !store_failed(&load->store); i++)
        if (load_yaml(load, (uint32_t)i, err) != DK_OK)
            return DK_ERROR;
    load_flush(load, true);
    load_complete(load);
    if (load->table_count > 0)
        qsort(load->table, load->table_count, sizeof *load->table, compare_tables);
    for (size_t i = 0; i < load->table_count; i++)
        load->meter.total += load_file_size(&load->file[load->table[i].file]);
    for (size_t i = 0; i < load->table_count && !store_failed(&load->store); i++)
        if (load_table(load, &load->table[i], err) != DK_OK)
            return DK_ERROR;
    load_end_tables(load);
    load_flush(load, true);
    return DK_OK;
}

/* What becomes of the full-text index. */
enum words {
    WORDS_NONE,  /* the findings are all that is wanted, or the database has no full text */
    WORDS_HERE,  /* filled with the rows */
    WORDS_BESIDE /* filled beside them in another database and moved in; for a database that is closed afterwards */
};

/* A database in memory with nothing but an empty full-text index. */
static dk_status open_side(struct db **out, struct dk_error *err)
{
    if (db_open(":memory:", DB_CREATE, out, err) != DK_OK)
        return DK_ERROR;
    if (db_run(*out, "BEGIN", err) == DK_OK && db_make(*out, NULL, DB_WORDS, err) == DK_OK &&
        db_bulk_full_text(*out, true, err) == DK_OK)
        return DK_OK;
    db_close(*out);
    *out = NULL;
    return DK_ERROR;
}

static dk_status take_side(struct db *db, struct db *side, struct dk_error *err)
{
    if (db_bulk_full_text(side, false, err) != DK_OK || db_run(side, "COMMIT", err) != DK_OK)
        return DK_ERROR;
    return db_bulk_take_full_text(db, side, err);
}

/* The tables, those that the files declare among them, and where the words of the actions go. */
static dk_status make_tables(struct load *load, unsigned parts, enum words words, struct db **side, struct dk_error *err)
{
    if (load_yaml_tables(load, err) != DK_OK)
        return DK_ERROR;
    load_declare(load);
    if (db_make(load->db, load->model, parts, err) != DK_OK)
        return DK_ERROR;
    if (words == WORDS_HERE && db_bulk_full_text(load->db, true, err) != DK_OK)
        return DK_ERROR;
    if (words == WORDS_BESIDE && open_side(side, err) != DK_OK)
        return DK_ERROR;
    if (words != WORDS_NONE)
        store_index(&load->store, words == WORDS_HERE ? load->db : *side);
    store_submit(&load->store, load->declared);
    load->declared = NULL;
    return DK_OK;
}

/* All rows, into a database that is empty but for its settings. */
static dk_status fill(struct load *load, unsigned parts, enum words words, struct db **side, struct dk_error *err)
{
    struct dk_error store_err = {0};
    dk_status status;

    store_begin(&load->store, load->db);
    load->store.repeated = find_repeated;
    load->store.layer = layer_of;
    load->store.context = load;
    load->store.meter = &load->meter;
    load->batch = store_batch(&load->store);
    load->late = store_batch(&load->store);
    load->declared = store_batch(&load->store);
    status = make_tables(load, parts, words, side, err);
    if (status == DK_OK)
        status = read_all(load, err);
    dk_meter_start(&load->meter, "storing", 0, DK_METER_TIME);
    store_return(&load->store, load->batch);
    store_return(&load->store, load->late);
    store_return(&load->store, load->declared);
    if (store_finish(&load->store, &store_err) != DK_OK && status == DK_OK) {
        if (err != NULL)
            *err = store_err;
        status = DK_ERROR;
    }
    return status;
}

static dk_status put_meta(struct db *db, const char *key, const char *text, struct dk_error *err)
{
    static const char sql[] = "INSERT INTO meta (key, value) VALUES (?, ?)";
    struct db_statement *statement = NULL;
    struct db_value value[2] = {{0}};
    bool row;
    dk_status status;

    load_set_text(&value[0], key, strlen(key));
    load_set_text(&value[1], text, strlen(text));
    status = db_prepare(db, sql, strlen(sql), &statement, err);
    for (int i = 0; i < 2 && status == DK_OK; i++)
        status = db_bind(statement, i + 1, &value[i], true, err);
    if (status == DK_OK)
        status = db_step(statement, NULL, &row, err);
    db_finish(statement);
    return status;
}

/* Version, digest and files: no clock, no absolute path, so that equal data make equal databases. */
static dk_status describe(struct load *load, struct dk_error *err)
{
    struct dk_buffer files = {0};
    char digest[65];
    char version[16];
    dk_status status = DK_ERROR;

    snprintf(version, sizeof version, "%d", MODEL_VERSION);
    for (size_t i = 0; i < load->file_count; i++)
        dk_buffer_format(&files, "%s%s  %s", i > 0 ? "\n" : "", load->file[i].digest, load->file[i].name);
    if (digest_content(load->db, &load->actions, digest, err) == DK_OK &&
        put_meta(load->db, "schema_version", version, err) == DK_OK &&
        put_meta(load->db, "difkit_version", difkit_version(), err) == DK_OK &&
        put_meta(load->db, "content_digest", digest, err) == DK_OK &&
        put_meta(load->db, "loaded", files.bytes != NULL ? files.bytes : "", err) == DK_OK)
        status = DK_OK;
    dk_buffer_free(&files);
    return status;
}

/* Loads into an empty database. */
static dk_status run(struct db *db, const struct load_source *source, bool keep, enum words words,
                     struct load_report *report, struct dk_error *err)
{
    unsigned parts = DB_TABLES | DB_UNIQUE | (keep ? DB_INDEXES : 0) | (words != WORDS_NONE ? DB_WORDS : 0) |
                     (source->portable ? DB_PORTABLE : 0);
    struct load load = {.db = db};
    struct db *side = NULL;
    dk_status status = DK_ERROR;

    memset(report, 0, sizeof *report);
    pthread_mutex_init(&load.lock, NULL);
    ids_begin(&load.ids);
    if (load_find_files(&load, source, err) != DK_OK)
        goto done;
    /* Where the data are not in order, the database may have refused a row of them: then the findings say why. */
    if (fill(&load, parts, words, &side, err) != DK_OK && load.finding_total == 0)
        goto done;
    if (load.finding_total == 0 && load_ask_rules(&load, err) != DK_OK)
        goto done;
    if (load.finding_total > 0) {
        dk_fail(err, DK_DATA, load.finding_total == 1 ? "1 error in the data" : "%zu errors in the data",
                load.finding_total);
        load_hand_over(&load, report);
        goto done;
    }
    if ((words == WORDS_HERE && db_bulk_full_text(db, false, err) != DK_OK) ||
        (words == WORDS_BESIDE && take_side(db, side, err) != DK_OK))
        goto done;
    if (keep && (db_make(db, load.model, DB_VIEWS | (words != WORDS_NONE ? DB_TRIGGERS : 0), err) != DK_OK ||
                 describe(&load, err) != DK_OK))
        goto done;
    status = DK_OK;
done:
    db_on_progress(db, NULL, NULL);
    dk_meter_stop(&load.meter);
    db_close(side);
    load_free(&load);
    return status;
}

/* One transaction around a load. */
static dk_status load_whole(struct db *db, const struct load_source *source, enum words words, struct load_report *report,
                            struct dk_error *err)
{
    dk_status status = DK_ERROR;

    memset(report, 0, sizeof *report);
    if (db_bulk_begin(db, MODEL_APPLICATION, MODEL_VERSION, err) != DK_OK)
        return DK_ERROR;
    status = run(db, source, true, db_can(db, DB_FULL_TEXT) ? words : WORDS_NONE, report, err);
    if (db_bulk_end(db, status == DK_OK, status == DK_OK ? err : NULL) != DK_OK)
        status = DK_ERROR;
    return status;
}

dk_status load_into(struct db *db, const struct load_source *source, struct load_report *report, struct dk_error *err)
{
    return load_whole(db, source, WORDS_HERE, report, err);
}

dk_status load_check(const struct load_source *source, struct load_report *report, struct dk_error *err)
{
    struct db *db = NULL;
    dk_status status;

    memset(report, 0, sizeof *report);
    if (db_open(":memory:", DB_CREATE, &db, err) != DK_OK)
        return DK_ERROR;
    status = db_bulk_begin(db, MODEL_APPLICATION, MODEL_VERSION, err);
    if (status == DK_OK)
        status = run(db, source, false, WORDS_NONE, report, err);
    (void)db_bulk_end(db, false, NULL);
    db_close(db);
    return status;
}

/* How many records of an entity there are. */
static dk_status count_entity(struct db *db, const struct model_entity *entity, int64_t *count, struct dk_error *err)
{
    struct db_statement *statement = NULL;
    struct dk_buffer sql = {0};
    struct db_value value = {0};
    bool row = false;
    dk_status status;

    dk_buffer_format(&sql, "SELECT count(*) FROM %s", entity->name);
    status = db_prepare(db, sql.bytes, sql.size, &statement, err);
    if (status == DK_OK)
        status = db_step(statement, &value, &row, err);
    *count = row ? value.integer : 0;
    db_finish(statement);
    dk_buffer_free(&sql);
    return status;
}

void load_add_count(struct dk_buffer *out, const struct model_entity *entity, int64_t count)
{
    if (count > 0 && model_name_of(entity) != MODEL_META)
        dk_buffer_format(out, "%s%lld %s", out->size > 0 ? ", " : "", (long long)count,
                         count == 1 ? strchr(entity->one, ' ') + 1 : entity->many);
}

dk_status load_count(struct db *db, struct dk_buffer *out, struct dk_error *err)
{
    const struct model *model;

    if (db_model(db, &model, err) != DK_OK)
        return DK_ERROR;
    for (size_t i = 0; i < model_count(model); i++) {
        int64_t count;

        if (count_entity(db, model_at(model, i), &count, err) != DK_OK)
            return DK_ERROR;
        load_add_count(out, model_at(model, i), count);
    }
    return DK_OK;
}

dk_status load_to_file(const char *path, const struct load_source *source, struct load_report *report,
                       struct dk_error *err)
{
    char *temporary;
    struct db *db = NULL;
    dk_status status;
    int held = -1;

    memset(report, 0, sizeof *report);
    if (db_hold(path, &held, err) != DK_OK)
        return DK_ERROR;
    db_release(held); /* what is there may be read while the new one is made */
    held = -1;
    temporary = dk_temporary_name(path);
    status = db_open(temporary, DB_CREATE, &db, err);
    if (status == DK_OK)
        status = db_bulk_new_file(db, err);
    if (status == DK_OK)
        status = load_whole(db, source, WORDS_BESIDE, report, err);
    if (status == DK_OK)
        status = load_count(db, &report->records, err);
    if (status != DK_OK)
        dk_temporary_blame(temporary, path, err);
    db_close(db);
    if (status == DK_OK)
        status = db_hold(path, &held, err); /* a writer may have begun since */
    if (status == DK_OK)
        status = dk_file_publish(temporary, path, err);
    db_release(held);
    if (status != DK_OK)
        dk_temporary_discard(temporary);
    free(temporary);
    return status;
}
