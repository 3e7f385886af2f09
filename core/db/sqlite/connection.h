/* What the files of the SQLite driver share: the connection behind a struct db. */
#ifndef DIFKIT_DB_SQLITE_CONNECTION_H
#define DIFKIT_DB_SQLITE_CONNECTION_H

#include <sqlite3.h>

#include "db/driver.h"
#include "db/period.h"

struct sqlite_db {
    struct db base;
    sqlite3 *handle;
    bool (*check)(void *context); /* db_on_progress() */
    void *context;
    struct db_statement *words[2]; /* that index words (bulk.c); NULL until they are needed */
};

struct sqlite_statement {
    struct db_statement base;
    struct sqlite_db *db;
    sqlite3_stmt *handle;
    int columns;
    struct db_periods periods;
};

extern const struct db_driver sqlite_driver;

static inline sqlite3 *sqlite_handle(const struct db *db)
{
    return ((const struct sqlite_db *)db)->handle;
}

/* Fills err (error.c) from a result code and, when `handle` is not NULL, its message. Returns DK_ERROR. */
dk_status sqlite_fail(sqlite3 *handle, int result, struct dk_error *err);
/* Copies a whole database into another, called `name` there. Returns a result code. (copy.c) */
int sqlite_copy_pages(sqlite3 *from, sqlite3 *to, const char *name);
/* db_snapshot() (copy.c) */
dk_status sqlite_snapshot(struct db *db, const char *path, struct dk_error *err);

#endif
