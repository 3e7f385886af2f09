/* Copies of a whole database, as it is at one moment. */
#include <string.h>

#include "db/sqlite/connection.h"
#include "db/sqlite/vfs.h"

int sqlite_copy_pages(sqlite3 *from, sqlite3 *to, const char *name)
{
    sqlite3_backup *backup = sqlite3_backup_init(to, name, from, "main");
    int result;

    if (backup == NULL)
        return sqlite3_errcode(to);
    result = sqlite3_backup_step(backup, -1); /* all pages in one step: a writer waits, and none can come in between */
    sqlite3_backup_finish(backup);
    return result == SQLITE_DONE ? SQLITE_OK : result;
}

/* Looks for damage that SQLite can see: a copy has all that its original has. */
static dk_status check_pages(sqlite3 *handle, const char *original, struct dk_error *err)
{
    sqlite3_stmt *statement = NULL;
    int result = sqlite3_prepare_v2(handle, "PRAGMA quick_check(1)", -1, &statement, NULL);
    dk_status status = DK_OK;

    if (result == SQLITE_OK)
        result = sqlite3_step(statement);
    if (result != SQLITE_ROW) {
        status = sqlite_fail(handle, result, err);
    } else if (strcmp((const char *)sqlite3_column_text(statement, 0), "ok") != 0) {
        status = dk_fail(err, DK_IO, "%s is damaged: %s", original, (const char *)sqlite3_column_text(statement, 0));
        dk_hint(err, "`difkit doctor --db` says more; go back to an earlier copy, or load the YAML again");
    }
    sqlite3_finalize(statement);
    return status;
}

dk_status sqlite_snapshot(struct db *db, const char *path, struct dk_error *err)
{
    sqlite3 *target = NULL;
    int result =
        sqlite3_open_v2(path, &target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, sqlite_vfs());
    dk_status status = DK_OK;

    if (result == SQLITE_OK)
        result = sqlite_copy_pages(sqlite_handle(db), target, "main");
    if (result != SQLITE_OK) {
        status = sqlite_fail(target, result, err);
        dk_place(err, path, 0, 0);
    } else {
        status = check_pages(target, db_path(db), err);
    }
    sqlite3_close_v2(target);
    return status;
}
