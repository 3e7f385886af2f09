/* Databases whose tables are of an older version (model/history.h), brought up to date in a copy. */
#ifndef DIFKIT_DB_SQLITE_MIGRATE_H
#define DIFKIT_DB_SQLITE_MIGRATE_H

#include "db/db.h"

/* Fills `db`, which is new and empty, with what the attached database `old` holds, whose tables are of `version`: makes the
 * tables of today, copies the records, and takes over what else somebody has put there (columns, tables, views …). */
dk_status migrate_from_old(struct db *db, int version, struct dk_error *err);

#endif
