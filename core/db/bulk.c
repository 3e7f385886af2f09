#include "db/bulk.h"

#include <stdlib.h>

#include "base/buffer.h"
#include "db/driver.h"

dk_status db_bulk_new_file(struct db *db, struct dk_error *err)
{
    return db->driver->bulk->new_file(db, err);
}

dk_status db_bulk_begin(struct db *db, int application, int version, struct dk_error *err)
{
    return db->driver->bulk->begin(db, application, version, err);
}

dk_status db_bulk_end(struct db *db, bool commit, struct dk_error *err)
{
    return db->driver->bulk->end(db, commit, err);
}

dk_status db_bulk_add_begin(struct db *db, struct dk_error *err)
{
    return db->driver->bulk->add_begin != NULL ? db->driver->bulk->add_begin(db, err) : db_run(db, "BEGIN", err);
}

dk_status db_bulk_add_end(struct db *db, bool commit, struct dk_error *err)
{
    if (db->driver->bulk->end != NULL)
        return db->driver->bulk->end(db, commit, err);
    return db_run(db, commit ? "COMMIT" : "ROLLBACK", err);
}

dk_status db_bulk_full_text(struct db *db, bool begin, struct dk_error *err)
{
    return db->driver->bulk->full_text(db, begin, err);
}

dk_status db_bulk_index(struct db *db, int64_t number, const struct db_value *id, const struct db_value *text,
                        struct dk_error *err)
{
    return db->driver->bulk->index(db, number, id, text, err);
}

dk_status db_bulk_take_full_text(struct db *db, struct db *side, struct dk_error *err)
{
    if (db->driver != side->driver)
        return dk_fail(err, DK_USAGE, "this database has no full-text index to take");
    return db->driver->bulk->take_full_text(db, side, err);
}

dk_status db_bulk_fill_full_text(struct db *db, struct dk_error *err)
{
    struct dk_buffer sql = {0};
    dk_status status = DK_OK;

    if (db->driver->bulk->fill_full_text != NULL) {
        db->driver->bulk->fill_full_text(&sql);
        status = db_run(db, sql.bytes, err);
        dk_buffer_free(&sql);
    }
    return status;
}

/* Rows by INSERT, for a database in which nothing is faster. */
struct inserter {
    struct db_writer base;
    struct db_statement *insert;
    size_t columns;
};

static dk_status insert_row(struct db_writer *base, const struct db_value *values, struct dk_error *err)
{
    struct inserter *inserter = (struct inserter *)base;
    bool row;

    for (size_t i = 0; i < inserter->columns; i++)
        if (db_bind(inserter->insert, (int)i + 1, &values[i], true, err) != DK_OK)
            return DK_ERROR;
    if (db_step(inserter->insert, NULL, &row, err) != DK_OK)
        return DK_ERROR;
    db_reset(inserter->insert);
    return DK_OK;
}

static dk_status close_inserter(struct db_writer *base, bool keep, struct dk_error *err)
{
    (void)keep;
    (void)err;
    db_finish(((struct inserter *)base)->insert);
    free(base);
    return DK_OK;
}

dk_status db_writer_open(struct db *db, const char *table, const char *const *column, size_t count, struct db_writer **out,
                         struct dk_error *err)
{
    struct inserter *inserter;
    struct dk_buffer sql = {0};

    *out = NULL;
    if (db->driver->bulk->open_writer != NULL)
        return db->driver->bulk->open_writer(db, table, column, count, out, err);
    inserter = dk_alloc_zeroed(1, sizeof *inserter);
    inserter->base = (struct db_writer){insert_row, close_inserter};
    inserter->columns = count;
    dk_buffer_format(&sql, "INSERT INTO %s (", table);
    for (size_t i = 0; i < count; i++)
        dk_buffer_format(&sql, "%s%s", i > 0 ? ", " : "", column[i]);
    dk_buffer_text(&sql, ") VALUES (");
    for (size_t i = 0; i < count; i++)
        dk_buffer_text(&sql, i > 0 ? ", ?" : "?");
    dk_buffer_text(&sql, ")");
    if (db_prepare(db, sql.bytes, sql.size, &inserter->insert, err) == DK_OK) {
        *out = &inserter->base;
    } else {
        free(inserter);
    }
    dk_buffer_free(&sql);
    return *out != NULL ? DK_OK : DK_ERROR;
}

dk_status db_writer_row(struct db_writer *writer, const struct db_value *values, struct dk_error *err)
{
    return writer->row(writer, values, err);
}

dk_status db_writer_close(struct db_writer *writer, bool keep, struct dk_error *err)
{
    return writer->close(writer, keep, err);
}

dk_status db_replace_begin(struct db *db, const struct model *model, bool distribute, struct dk_error *err)
{
    return db->driver->bulk->replace_begin(db, model, distribute, err);
}

dk_status db_replace_end(struct db *db, const struct model *model, bool keep, struct dk_error *err)
{
    return db->driver->bulk->replace_end(db, model, keep, err);
}
