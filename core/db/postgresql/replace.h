/* Replacing all tables at once (replace.c). */
#ifndef DIFKIT_DB_POSTGRESQL_REPLACE_H
#define DIFKIT_DB_POSTGRESQL_REPLACE_H

#include "db/db.h"

/* db_replace_begin(), db_replace_end() */
dk_status replace_begin(struct db *db, const struct model *model, bool distribute, struct dk_error *err);
dk_status replace_end(struct db *db, const struct model *model, bool keep, struct dk_error *err);

#endif
