/* What SQLite says about names, and which there are. */
#ifndef DIFKIT_DB_SQLITE_NAMES_H
#define DIFKIT_DB_SQLITE_NAMES_H

#include <sqlite3.h>

#include "db/db.h"

/* For an error about a table or column that is not there: hints at the nearest name that is. */
void sqlite_hint_name(sqlite3 *handle, struct dk_error *err);

#endif
