/* What a script of another author may ask of SQLite. Part of the SQLite driver. */
#ifndef DIFKIT_DB_SQLITE_RESTRICT_H
#define DIFKIT_DB_SQLITE_RESTRICT_H

struct sqlite3;

/* From now on statements of this connection read and change data and tables, and nothing else. */
void restrict_connection(struct sqlite3 *handle);

#endif
