/* A database that difkit opens as its own, of whatever version it writes now, with tables of a benchmark. */
#ifndef DIFKIT_BENCH_DATABASE_H
#define DIFKIT_BENCH_DATABASE_H

#include <stdbool.h>
#include <stdio.h>

#include <sqlite3.h>

#include "model/model.h"

/* Runs `sql` on the new file; where it fails, says why on standard error. */
static inline bool make_database(const char *path, const char *sql)
{
    char head[128];
    sqlite3 *db;
    bool made;

    snprintf(head, sizeof head, "PRAGMA application_id = %d; PRAGMA user_version = %d; CREATE TABLE meta(key, value)",
             MODEL_APPLICATION, MODEL_VERSION);
    made = sqlite3_open(path, &db) == SQLITE_OK && sqlite3_exec(db, head, NULL, NULL, NULL) == SQLITE_OK &&
           sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
    if (!made)
        fprintf(stderr, "%s: %s\n", path, sqlite3_errmsg(db));
    sqlite3_close(db);
    return made;
}

#endif
