/* Gatherings of observations as Lua values: what gather.c and stream.c share. */
#ifndef DIFKIT_LUA_FORMAT_GATHER_H
#define DIFKIT_LUA_FORMAT_GATHER_H

#include <lua.h>

#include "read/gather.h"

#define GATHER_TYPE "difkit.Gather"

/* The gathering at `index`; raises when it is finished, unless that is what is wanted. */
struct gather *check_gather(lua_State *L, int index, bool finished);
/* Raises when the texts of a gathering do not fit into the limit of memory. */
void gather_check_memory(lua_State *L, const struct gather *gather);
/* The number of the text at `index` among the names of that sort. */
uint32_t gather_name(lua_State *L, struct gather *gather, int name, int index);

#endif
