/* Records whose table is stored in the order of its key (observations) wait in a temporary table until all are there, and
 * go over in that order. Written one by one in the order of a file, they would touch a page each; sorted, they only append,
 * in memory that does not grow with their number. */
#ifndef DIFKIT_LOAD_STAGE_H
#define DIFKIT_LOAD_STAGE_H

#include "load/store.h"

/* Adds a row to the temporary table, which is made for the first one. */
dk_status stage_row(struct store *store, const struct row *row, struct dk_error *err);
/* Moves all rows to their table, and tells `repeated` of those whose key an earlier one has. */
dk_status stage_finish(struct store *store, struct dk_error *err);

#endif
