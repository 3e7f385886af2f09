/* Copies of a whole database, as it is at one moment. */
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
    }
    sqlite3_close_v2(target);
    return status;
}
