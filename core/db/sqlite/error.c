/* What SQLite reports, as errors of difkit. */
#include "db/sqlite/connection.h"

#include <string.h>

/* What kind of error an SQLite result code is. */
static enum dk_code code_of(int result)
{
    switch (result & 0xff) {
    case SQLITE_ERROR:
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
    case SQLITE_AUTH:
    case SQLITE_READONLY: return DK_USAGE;
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG: return DK_DATA;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return DK_LOCKED;
    case SQLITE_INTERRUPT: return DK_LIMIT;
    default: return DK_IO;
    }
}

dk_status sqlite_fail(sqlite3 *handle, int result, struct dk_error *err)
{
    const char *said = handle != NULL ? sqlite3_errmsg(handle) : sqlite3_errstr(result);
    int without_memory = strcmp(said, sqlite3_errstr(SQLITE_NOMEM)) == 0; /* which some calls report as an error of SQL */
    int reason = handle != NULL ? sqlite3_system_errno(handle) : 0;

    if (without_memory)
        result = SQLITE_NOMEM;
    if (reason != 0 && ((result & 0xff) == SQLITE_IOERR || (result & 0xff) == SQLITE_CANTOPEN))
        dk_fail(err, code_of(result), "%s: %s", said, strerror(reason));
    else
        dk_fail(err, code_of(result), "%s", said);
    switch (result & 0xff) {
    case SQLITE_AUTH:
        dk_hint(err, "a script reads and changes data, and nothing else; run your own script with --trust");
        break;
    case SQLITE_NOMEM:
        if (sqlite3_hard_heap_limit64(-1) > 0) {
            dk_fail(err, DK_LIMIT, "the queries of the script used more than %lld MB of memory",
                    (long long)sqlite3_hard_heap_limit64(-1) >> 20);
            dk_hint(err, DK_LIFT_MEMORY);
        }
        break;
    case SQLITE_READONLY:
        if (result == SQLITE_READONLY_DIRECTORY) {
            dk_fail(err, DK_IO, "the folder of the database may not be written, and changes need a journal in it");
            break;
        }
        if (result == SQLITE_READONLY_ROLLBACK) {
            const char *path = handle != NULL ? sqlite3_db_filename(handle, "main") : NULL;

            dk_fail(err, DK_LOCKED, "a program began to change this database and was interrupted");
            if (path != NULL && strlen(path) < 180)
                dk_hint(err, "take back what it began with: difkit migrate '%s'", path);
            else
                dk_hint(err, "take back what it began with `difkit migrate`");
            break;
        }
        dk_hint(err, "the database is open read-only; open it with write = true");
        break;
    case SQLITE_BUSY:
        dk_hint(err, "another program is writing to the database; try again when it is done");
        break;
    case SQLITE_NOTADB:
        dk_hint(err, "this is not an SQLite database; `difkit load` makes one from YAML");
        break;
    case SQLITE_FULL:
        dk_hint(err, "look whether the disk is full");
        break;
    case SQLITE_IOERR:
        if (reason == 0)
            dk_hint(err, "look whether the disk is full, or a limit on files is set");
        if (result != SQLITE_IOERR_ACCESS && result != SQLITE_IOERR_DELETE)
            break;
        dk_fail(err, code_of(result), "the journal beside this database names another file, which is not followed");
        dk_hint(err, "remove the journal if the database is not yours; it was not made by difkit");
        break;
    case SQLITE_INTERRUPT:
        dk_fail(err, DK_LIMIT, "a query used more than the run's seconds of processor time");
        dk_hint(err, DK_LIFT_TIME);
        break;
    default: break;
    }
    return DK_ERROR;
}
