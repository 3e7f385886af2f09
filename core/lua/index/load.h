/* From rows of unit, period, value and flag into a matrix (load.c): what the readers of observations share. */
#ifndef DIFKIT_LUA_INDEX_LOAD_H
#define DIFKIT_LUA_INDEX_LOAD_H

#include "db/db.h"
#include "lua/index/shared.h"

/* Names and their positions: open addressing; the names belong to Lua. Names that are whole numbers are found by number as
 * well. A copy may be used by another thread. */
struct load_names {
    size_t mask, count;
    struct name {
        const char *text;
        size_t size;
        int64_t integer;
        bool is_integer;
        uint32_t place; /* from 1; 0: free */
    } * slot;
    struct name *last_slot; /* found last: names come in runs */
};

/* The names of units and periods at `index`, as core.index.names() made them. */
void load_check_names(lua_State *L, int index, const struct load_names **units, const struct load_names **periods);
/* Puts a row of unit, period, value and flag into the column (from 0); one of other units and periods is passed over. How
 * many infinite values were left out. */
size_t load_row_into(struct load_names *units, struct load_names *periods, const struct db_value value[4],
                     struct matrix *matrix, size_t column);

#endif
