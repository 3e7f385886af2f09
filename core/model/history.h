/* The versions of the tables that were released, and what changed between them.
 *
 * A database of an older version is brought up to date by making the tables of today and copying into them, column by
 * column, what is there (core/db/sqlite/migrate.c). So most changes need nothing but their mark in model.c:
 *
 *   a new column   `.since = MODEL_VERSION` in its field: it stands at the end of the table, behind origin, and must be able
 *                  to be null, since old records have none
 *   a new table    `.since = MODEL_VERSION` in its entity
 *   another type   nothing, where SQL turns the old values into the new type by itself
 *   anything else  (a column renamed, split, in another unit) a step in history.c, which says how the column is computed
 *                  from the old row
 *
 * MODEL_VERSION is raised once for each release of difkit that changes the tables, with a row in the list of versions; a
 * file of each released version is kept below tests/data/released, and tests/cli/released_spec.lua reads them all. */
#ifndef DIFKIT_MODEL_HISTORY_H
#define DIFKIT_MODEL_HISTORY_H

/* A column that is not simply copied when a database older than `version` is brought up to date. */
struct model_step {
    int version;
    const char *table;
    const char *column; /* of today */
    const char *value;  /* SQL over the columns of the old row */
};

/* The steps, oldest first; the last has no table. A later step for the same column takes the place of an earlier one. */
extern const struct model_step model_steps[];

/* The difkit that first wrote tables of that version: "0.1.0"; NULL for a version that never was. */
const char *model_version_release(int version);

#endif
