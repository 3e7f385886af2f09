/* What is said otherwise in the SQL of SQLite than in that of other databases. */
#ifndef DIFKIT_DB_SQLITE_DIALECT_H
#define DIFKIT_DB_SQLITE_DIALECT_H

#include "base/buffer.h"
#include "db/driver.h"

/* Appends SQL that fills the full-text indexes, which are empty, from the table of actions. */
void sqlite_fill_full_text(struct dk_buffer *out);

#endif
