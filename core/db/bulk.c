#include "db/bulk.h"

#include "base/buffer.h"
#include "db/driver.h"

dk_status db_bulk_new_file(struct db *db, struct dk_error *err)
{
    return db_run(db,
                  "PRAGMA page_size = 8192; PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;"
                  "PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -8000; PRAGMA secure_delete = OFF",
                  err);
}

dk_status db_bulk_begin(struct db *db, int application, int version, struct dk_error *err)
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

dk_status db_bulk_end(struct db *db, bool commit, struct dk_error *err)
{
    dk_status status = db_run(db, commit ? "COMMIT" : "ROLLBACK", err);

    return db_run(db, "PRAGMA foreign_keys = ON", status == DK_OK ? err : NULL) == DK_OK ? status : DK_ERROR;
}

dk_status db_bulk_full_text(struct db *db, bool begin, struct dk_error *err)
{
    if (begin)
        return db_run(db,
                      "INSERT INTO action_fts (action_fts, rank) VALUES ('automerge', 0);"
                      "INSERT INTO action_fts (action_fts, rank) VALUES ('crisismerge', 2000);"
                      "INSERT INTO action_fts (action_fts, rank) VALUES ('hashsize', 33554432)",
                      err);
    return db_run(db,
                  "INSERT INTO action_fts (action_fts, rank) VALUES ('automerge', 4);"
                  "INSERT INTO action_fts (action_fts, rank) VALUES ('crisismerge', 16);"
                  "INSERT INTO action_fts (action_fts, rank) VALUES ('hashsize', 1048576)",
                  err);
}

dk_status db_bulk_take_full_text(struct db *db, struct db *side, struct dk_error *err)
{
    if (db->driver != side->driver || db->driver->take_full_text == NULL)
        return dk_fail(err, DK_USAGE, "this database has no full-text index to take");
    return db->driver->take_full_text(db, side, err);
}
