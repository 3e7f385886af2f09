/* Rows of cells as Lua has them: what read.c, which reads them, and kept.c, which keeps them, share. */
#ifndef DIFKIT_LUA_FORMAT_ROWS_H
#define DIFKIT_LUA_FORMAT_ROWS_H

#include <lua.h>

#include "read/kept.h"

#define KEPT_TYPE "difkit.KeptRows"

enum { CHECK_EVERY = 1024 /* rows between looks at the limits */ };

/* Rows kept, of which each is read when it is asked for. */
struct kept_rows {
    struct kept kept;
    struct dk_buffer kinds;
};

/* Pushes a row: its texts by column, `kinds`, `line` and `n`. The buffer is for the kinds, and empty again when it is given.
 */
void push_row(lua_State *L, struct dk_buffer *buffer, const struct read_row *row);
/* Registers the type of kept rows, and adds what looks at whole columns of them (columns.c). */
void kept_register(lua_State *L);
void columns_register(lua_State *L);

#endif
