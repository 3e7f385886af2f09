#define _XOPEN_SOURCE 700

#include "load/copy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/temporary.h"
#include "db/bulk.h"
#include "db/declared.h"

enum { COLUMNS_MAX = MODEL_FIELDS_MAX + 1 };

/* The columns of a table with origin; returns how many. */
static size_t list_columns(const struct model_entity *entity, const char *column[COLUMNS_MAX])
{
    size_t count = 0;

    for (; count < entity->field_count; count++)
        column[count] = entity->fields[count].name;
    if (model_name_of(entity) != MODEL_META)
        column[count++] = "origin";
    return count;
}

/* In the order in which the rows were stored, or of the key by which they are. */
static dk_status open_rows(struct db *from, const struct model_entity *entity, struct db_statement **out,
                           struct dk_error *err)
{
    struct dk_buffer sql = {0};
    dk_status status;

    dk_buffer_text(&sql, "SELECT ");
    model_columns(&sql, entity, model_name_of(entity) != MODEL_META);
    dk_buffer_format(&sql, " FROM %s ORDER BY ", entity->name);
    if (entity->clustered)
        model_order(&sql, entity);
    else
        dk_buffer_text(&sql, db_sql(from, DB_SQL_ROW_NUMBER));
    status = db_prepare(from, sql.bytes, sql.size, out, err);
    dk_buffer_free(&sql);
    return status;
}

static dk_status copy_table(struct db *from, struct db *to, const struct model_entity *entity, int64_t *count,
                            struct dk_error *err)
{
    const char *column[COLUMNS_MAX];
    struct db_value value[COLUMNS_MAX];
    size_t columns = list_columns(entity, column);
    struct db_statement *rows = NULL;
    struct db_writer *writer = NULL;
    dk_status status;
    bool row = false;

    *count = 0;
    status = open_rows(from, entity, &rows, err);
    if (status == DK_OK)
        status = db_writer_open(to, entity->name, column, columns, &writer, err);
    while (status == DK_OK && (status = db_step(rows, value, &row, err)) == DK_OK && row) {
        status = db_writer_row(writer, value, err);
        ++*count;
    }
    if (writer != NULL && db_writer_close(writer, status == DK_OK, status == DK_OK ? err : NULL) != DK_OK)
        status = DK_ERROR;
    db_finish(rows);
    return status;
}

static dk_status copy_tables(struct db *from, struct db *to, const struct model *model, struct dk_buffer *records,
                             struct dk_error *err)
{
    for (size_t i = 0; i < model_count(model); i++) {
        int64_t count;

        if (copy_table(from, to, model_at(model, i), &count, err) != DK_OK)
            return DK_ERROR;
        load_add_count(records, model_at(model, i), count);
    }
    return DK_OK;
}

static dk_status copy_to_server(struct db *from, const struct model *model, const char *address, bool distribute,
                                struct dk_buffer *records, struct dk_error *err)
{
    struct db *to = NULL;
    dk_status status;

    if (db_open(address, DB_CREATE, &to, err) != DK_OK)
        return DK_ERROR;
    status = db_replace_begin(to, model, distribute, err);
    if (status == DK_OK) {
        status = copy_tables(from, to, model, records, err);
        if (db_replace_end(to, model, status == DK_OK, status == DK_OK ? err : NULL) != DK_OK)
            status = DK_ERROR;
    }
    db_close(to);
    return status;
}

static dk_status fill_file(struct db *from, struct db *to, const struct model *model, unsigned portable,
                           struct dk_buffer *records, struct dk_error *err)
{
    dk_status status = DK_ERROR;

    if (db_bulk_new_file(to, err) != DK_OK || db_bulk_begin(to, MODEL_APPLICATION, MODEL_VERSION, err) != DK_OK)
        return DK_ERROR;
    if (db_make(to, model, DB_TABLES | DB_UNIQUE | DB_WORDS | portable, err) == DK_OK &&
        copy_tables(from, to, model, records, err) == DK_OK &&
        db_make(to, model, DB_INDEXES | DB_VIEWS | DB_TRIGGERS | portable, err) == DK_OK)
        status = db_bulk_fill_full_text(to, err);
    if (db_bulk_end(to, status == DK_OK, status == DK_OK ? err : NULL) != DK_OK)
        status = DK_ERROR;
    return status;
}

static dk_status make_file(struct db *from, const struct model *model, const char *path, unsigned portable,
                           struct dk_buffer *records, struct dk_error *err)
{
    struct db *to = NULL;
    char *temporary;
    dk_status status;
    int held = -1;

    if (db_may_replace(path, err) != DK_OK)
        return DK_ERROR;
    temporary = dk_temporary_name(path);
    status = db_open(temporary, DB_CREATE, &to, err);
    if (status == DK_OK)
        status = fill_file(from, to, model, portable, records, err);
    db_close(to);
    if (status == DK_OK)
        status = db_hold(path, &held, err);
    if (status == DK_OK)
        status = dk_file_publish(temporary, path, err);
    db_release(held);
    if (status != DK_OK)
        (void)unlink(temporary);
    free(temporary);
    return status;
}

static dk_status copy_to_file(struct db *from, const struct model *model, const char *path, struct dk_buffer *records,
                              struct dk_error *err)
{
    return make_file(from, model, path, 0, records, err);
}

dk_status copy_portable(struct db *from, const char *path, struct dk_error *err)
{
    const struct model *model;
    struct dk_buffer records = {0};
    dk_status status = db_model(from, &model, err);

    if (status == DK_OK)
        status = make_file(from, model, path, DB_PORTABLE, &records, err);
    dk_buffer_free(&records);
    return status;
}

dk_status copy_database(struct db *from, const char *to, bool distribute, struct dk_buffer *records, struct dk_error *err)
{
    const struct model *model;

    if (db_model(from, &model, err) != DK_OK)
        return DK_ERROR;
    return db_is_server(to) ? copy_to_server(from, model, to, distribute, records, err)
                            : copy_to_file(from, model, to, records, err);
}

dk_status load_to_server(const char *address, const struct load_source *source, struct load_report *report,
                         struct dk_error *err)
{
    const char *folder = getenv("TMPDIR");
    struct dk_buffer path = {0};
    struct db *from = NULL;
    dk_status status;

    dk_buffer_format(&path, "%s/load-%ld.db", folder != NULL ? folder : P_tmpdir, (long)getpid());
    status = load_to_file(path.bytes, source, report, err);
    if (status == DK_OK)
        status = db_open(path.bytes, DB_READ, &from, err);
    report->records.size = 0; /* of the file */
    if (status == DK_OK)
        status = copy_database(from, address, source->distribute, &report->records, err);
    db_close(from);
    (void)unlink(path.bytes);
    dk_buffer_free(&path);
    return status;
}
