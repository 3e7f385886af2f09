/* Values of SQLite, and functions that the program defines. Part of the SQLite driver. */
#ifndef DIFKIT_DB_SQLITE_FUNCTION_H
#define DIFKIT_DB_SQLITE_FUNCTION_H

#include "db/db.h"

struct sqlite3;
struct sqlite3_value;

/* Text and blobs are borrowed from the cell. */
void sqlite_read_value(struct sqlite3_value *cell, struct db_value *value);
/* Whether SQLite comes with a function of that name. */
bool sqlite_has_function(struct sqlite3 *handle, const char *name);
/* Returns a result code of SQLite; the function is released when it is not SQLITE_OK. */
int sqlite_define(struct sqlite3 *handle, const struct db_function *function);

#endif
