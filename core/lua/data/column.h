/* Column: the values of one column of a result, side by side in memory. */
#ifndef DIFKIT_LUA_DATA_COLUMN_H
#define DIFKIT_LUA_DATA_COLUMN_H

#include <lua.h>
#include <stddef.h>
#include <stdint.h>

union column_slot {
    int64_t integer;
    double real; /* NaN where there is no value */
    size_t text; /* where in `text` it begins */
};

struct column {
    size_t size;
    size_t capacity, type_capacity; /* of `slot` and `type`, in values */
    union column_slot *slot;
    unsigned char *type;   /* enum db_type, one a value */
    char *text; /* all texts, one after the other */
    size_t text_size, text_capacity;
    size_t count[5];       /* values of each enum db_type */
};

/* The Column at `index` of the Lua stack, or NULL. */
struct column *column_test(lua_State *L, int index);
/* The text at position `at` (0-based), which must be one; borrowed from the column. */
const char *column_text(const struct column *column, size_t at, size_t *size);
/* The values as numbers into out[0..column->size): NaN for what is missing or text. */
void column_reals(const struct column *column, double *out);

#endif
