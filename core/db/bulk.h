/* Filling a new database in one go: what makes that fast, and what would be wrong at any other time. */
#ifndef DIFKIT_DB_BULK_H
#define DIFKIT_DB_BULK_H

#include <stdbool.h>

#include "base/error.h"
#include "db/db.h"
#include "model/model.h"

/* For a file that nobody else knows yet and that is thrown away when something goes wrong: no journal file, no waiting for
 * the disk, a cache of bounded size. The file has to be synchronised before it takes the place of another. */
dk_status db_bulk_new_file(struct db *db, struct dk_error *err);

/* Begins a transaction in which references are not checked (the loader does that) and names the format of the file. */
dk_status db_bulk_begin(struct db *db, int application, int version, struct dk_error *err);
/* Commits or takes back; references are checked again from then on. */
dk_status db_bulk_end(struct db *db, bool commit, struct dk_error *err);

/* The same for a database that is in use: a transaction in which references are not checked, since the caller has seen to
 * them. */
dk_status db_bulk_add_begin(struct db *db, struct dk_error *err);
dk_status db_bulk_add_end(struct db *db, bool commit, struct dk_error *err);

/* Before and after the words of the actions: gather much in memory and merge nothing, then as usual again. Both need
 * DB_FULL_TEXT, as what follows does. */
dk_status db_bulk_full_text(struct db *db, bool begin, struct dk_error *err);
/* Puts the words of an action, the `number`th that was stored (from 1), into the full-text indexes. */
dk_status db_bulk_index(struct db *db, int64_t number, const struct db_value *id, const struct db_value *text,
                        struct dk_error *err);

/* Moves the full-text index that `side`, a database in memory, has been given into `db`, whose own is empty. Both were made
 * by the same statements. `db` has to be closed and opened again before the index is used. */
dk_status db_bulk_take_full_text(struct db *db, struct db *side, struct dk_error *err);
/* Indexes the words of all actions that are there. */
dk_status db_bulk_fill_full_text(struct db *db, struct dk_error *err);

/* Rows into one table, as fast as the database takes them. Nothing else may be asked meanwhile. */
struct db_writer;
dk_status db_writer_open(struct db *db, const char *table, const char *const *column, size_t count, struct db_writer **out,
                         struct dk_error *err);
dk_status db_writer_row(struct db_writer *writer, const struct db_value *values, struct dk_error *err);
/* Ends it, and frees it whatever comes; unless `keep`, the transaction around it has to be taken back. */
dk_status db_writer_close(struct db_writer *writer, bool keep, struct dk_error *err);

/* On a server: begins a transaction in which all tables of the model are made anew, empty, beside those that are there; then
 * makes their keys and indexes and puts them in the place of those, or takes all back. Where the database has several nodes,
 * the large tables are distributed over them; `distribute`: it is an error when it has none. */
dk_status db_replace_begin(struct db *db, const struct model *model, bool distribute, struct dk_error *err);
dk_status db_replace_end(struct db *db, const struct model *model, bool keep, struct dk_error *err);

#endif
