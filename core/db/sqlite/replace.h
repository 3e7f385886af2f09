/* Replacing database files (replace.c). */
#ifndef DIFKIT_DB_SQLITE_REPLACE_H
#define DIFKIT_DB_SQLITE_REPLACE_H

#include <sqlite3.h>
#include <stdbool.h>

#include "base/error.h"

/* db_may_replace() */
dk_status sqlite_may_replace(const char *path, struct dk_error *err);
/* db_hold(), db_release() */
dk_status sqlite_hold(const char *path, int *held, struct dk_error *err);
void sqlite_release(int held);
/* Refuses to `what` ("make", "replace") a database beside which a journal or write-ahead log stands: what they hold would be
 * written into the new file when it is opened. */
dk_status sqlite_check_alone(const char *path, const char *what, struct dk_error *err);

/* wait.c: other programs that write the same file are waited for, DIFKIT_WAIT seconds (10), which is said after the first.
 * Whether to try once more; begins with nothing in `waiting`. */
struct sqlite_waiting {
    double since;
    int times;
};
bool sqlite_wait_more(struct sqlite_waiting *waiting, const char *path);
/* Lets the statements of a connection wait. The path must outlive it. */
void sqlite_wait(sqlite3 *handle, const char *path);

/* How a file keeps its changes: not in a write-ahead log; in one that holds nothing; in one that another program shares; in
 * one that was left behind. */
enum sqlite_log { SQLITE_LOG_NONE, SQLITE_LOG_EMPTY, SQLITE_LOG_SHARED, SQLITE_LOG_LEFT };
enum sqlite_log sqlite_log_of(const char *path);

#endif
