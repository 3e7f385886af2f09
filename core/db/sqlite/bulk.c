/* Filling a new database file or one in memory. */
#include "db/sqlite/bulk.h"

#include <string.h>

#include "base/buffer.h"
#include "base/text.h"
#include "db/sqlite/dialect.h"

static dk_status new_file(struct db *db, struct dk_error *err)
{
    return db_run(db,
                  "PRAGMA page_size = 8192; PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;"
                  "PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -8000; PRAGMA secure_delete = OFF",
                  err);
}

static dk_status begin(struct db *db, int application, int version, struct dk_error *err)
{
    struct dk_buffer sql = {0};
    dk_status status;

    dk_buffer_format(&sql,
                     "PRAGMA foreign_keys = OFF; BEGIN; PRAGMA application_id = %d; PRAGMA user_version = %d",
                     application, version);
    status = db_run(db, sql.bytes, err);
    dk_buffer_free(&sql);
    return status;
}

static dk_status end(struct db *db, bool commit, struct dk_error *err)
{
    dk_status status = commit ? db_run(db, "COMMIT", err) : DK_OK;

    if (!commit)
        (void)db_run(db, "ROLLBACK", NULL); /* a full disk has ended the transaction already */
    return db_run(db, "PRAGMA foreign_keys = ON", status == DK_OK ? err : NULL) == DK_OK ? status : DK_ERROR;
}

static dk_status add_begin(struct db *db, struct dk_error *err)
{
    return db_run(db, "PRAGMA foreign_keys = OFF; BEGIN", err);
}

/* Full text ------------------------------------------------------------------------------------------------------ */

static dk_status full_text(struct db *db, bool begins, struct dk_error *err)
{
    if (begins)
        return db_run(db,
                      "INSERT INTO action_fts (action_fts, rank) VALUES ('automerge', 0);"
                      "INSERT INTO action_fts (action_fts, rank) VALUES ('crisismerge', 2000);"
                      "INSERT INTO action_fts (action_fts, rank) VALUES ('hashsize', 33554432)",
                      err);
    sqlite_end_words((struct sqlite_db *)db);
    return db_run(db,
                  "INSERT INTO action_fts (action_fts, rank) VALUES ('automerge', 4);"
                  "INSERT INTO action_fts (action_fts, rank) VALUES ('crisismerge', 16);"
                  "INSERT INTO action_fts (action_fts, rank) VALUES ('hashsize', 1048576)",
                  err);
}

void sqlite_end_words(struct sqlite_db *db)
{
    for (size_t i = 0; i < 2; i++) {
        db_finish(db->words[i]);
        db->words[i] = NULL;
    }
}

/* Puts the row into one of the indexes; the statement is kept for the next. */
static dk_status add_words(struct sqlite_db *db, int which, const char *table, const struct db_value *row,
                           struct dk_error *err)
{
    struct db_statement **statement = &db->words[which];
    struct dk_buffer sql = {0};
    dk_status status = DK_OK;
    bool more;

    if (*statement == NULL) {
        dk_buffer_format(&sql, "INSERT INTO %s (rowid, text, id) VALUES (?, ?, ?)", table);
        status = db_prepare(&db->base, sql.bytes, sql.size, statement, err);
        dk_buffer_free(&sql);
    }
    for (int i = 0; i < 3 && status == DK_OK; i++)
        status = db_bind(*statement, i + 1, &row[i], true, err);
    if (status == DK_OK)
        status = db_step(*statement, NULL, &more, err);
    if (status == DK_OK)
        db_reset(*statement);
    return status;
}

static dk_status add_action(struct db *base, int64_t number, const struct db_value *id, const struct db_value *text,
                            struct dk_error *err)
{
    struct sqlite_db *db = (struct sqlite_db *)base;
    const struct db_value row[] = {{.type = DB_INTEGER, .integer = number}, *text, *id};

    if (add_words(db, 0, "action_fts", row, err) != DK_OK)
        return DK_ERROR;
    return dk_text_unspaced(text->text.bytes, text->text.size) ? add_words(db, 1, "action_trigram", row, err) : DK_OK;
}

/* The tables in which FTS5 keeps the index are copied as they are; both sides have made them alike. They are written here
 * and nowhere else, which is why the defence of such tables is lifted meanwhile. */
static dk_status take_full_text(struct db *db, struct db *side, struct dk_error *err)
{
    static const char copy[] =
        "DELETE FROM main.action_fts_data; INSERT INTO main.action_fts_data SELECT * FROM side.action_fts_data;"
        "DELETE FROM main.action_fts_idx; INSERT INTO main.action_fts_idx SELECT * FROM side.action_fts_idx;"
        "DELETE FROM main.action_fts_config; INSERT INTO main.action_fts_config SELECT * FROM side.action_fts_config;"
        "DELETE FROM main.action_trigram_data; INSERT INTO main.action_trigram_data SELECT * FROM side.action_trigram_data;"
        "DELETE FROM main.action_trigram_idx; INSERT INTO main.action_trigram_idx SELECT * FROM side.action_trigram_idx;"
        "DELETE FROM main.action_trigram_config;"
        "INSERT INTO main.action_trigram_config SELECT * FROM side.action_trigram_config";
    sqlite3 *handle = sqlite_handle(db);
    sqlite3_int64 size = 0;
    unsigned char *image = sqlite3_serialize(sqlite_handle(side), "main", &size, 0);
    dk_status status;
    int result;

    if (image == NULL)
        return dk_fail(err, DK_IO, "not enough memory for the full-text index");
    if (db_run(db, "ATTACH ':memory:' AS side", err) != DK_OK) {
        sqlite3_free(image);
        return DK_ERROR;
    }
    result = sqlite3_deserialize(handle, "side", image, size, size,
                                 SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_READONLY);
    if (result != SQLITE_OK)
        return sqlite_fail(handle, result, err);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 0, (int *)NULL);
    status = db_run(db, copy, err);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)NULL);
    return status;
}

const struct db_bulk sqlite_bulk = {
    .new_file = new_file,
    .begin = begin,
    .end = end,
    .add_begin = add_begin,
    .full_text = full_text,
    .index = add_action,
    .take_full_text = take_full_text,
    .fill_full_text = sqlite_fill_full_text,
};
