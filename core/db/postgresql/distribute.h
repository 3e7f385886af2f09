/* Tables over the nodes of a Citus cluster (distribute.c). */
#ifndef DIFKIT_DB_POSTGRESQL_DISTRIBUTE_H
#define DIFKIT_DB_POSTGRESQL_DISTRIBUTE_H

#include "db/postgresql/connection.h"

/* Whether the database has the extension; fails when it has not and that is wanted. */
dk_status distribute_check(struct pg_db *db, bool wanted, bool *there, struct dk_error *err);
/* Distributes the tables of the model, which are empty and without keys, in the schema that comes first. */
dk_status distribute_tables(struct pg_db *db, const struct model *model, struct dk_error *err);

#endif
