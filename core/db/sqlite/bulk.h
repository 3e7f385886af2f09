/* Filling a database: what the driver offers for db/bulk.h. */
#ifndef DIFKIT_DB_SQLITE_BULK_H
#define DIFKIT_DB_SQLITE_BULK_H

#include "db/sqlite/connection.h"

extern const struct db_bulk sqlite_bulk;
/* Gives up the statements that index words. */
void sqlite_end_words(struct sqlite_db *db);

#endif
