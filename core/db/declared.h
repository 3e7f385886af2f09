/* Which tables a database has: those of difkit, and those that its data declare (model/declared.h). */
#ifndef DIFKIT_DB_DECLARED_H
#define DIFKIT_DB_DECLARED_H

#include "db/db.h"
#include "model/model.h"

/* The model of an open database, read when it is first asked for; NULL where the data declare no tables. Borrowed. */
dk_status db_model(struct db *db, const struct model **out, struct dk_error *err);
/* Hands over the model of a database that was filled, or is to be; model_free() is called with db_close(). */
void db_give_model(struct db *db, struct model *model);
/* Reads the model from the tables of a schema: "", or "old." for an attached database. Free it. */
dk_status db_read_model(struct db *db, const char *schema, struct model **out, struct dk_error *err);

/* Whether some database keeps a name to itself, so that no table or column of the data can have it. */
bool db_keeps_name(const char *name);

#endif
