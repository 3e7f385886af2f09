/* Progress of what the bindings do at length, and a look at the limits of the run in between. */
#ifndef DIFKIT_LUA_TERMINAL_METER_H
#define DIFKIT_LUA_TERMINAL_METER_H

#include <lua.h>
#include <stddef.h>
#include <stdint.h>

#include "base/meter.h"

/* Pushes a meter that stops when the running C function returns or raises; that function must leave its slot alone. */
struct dk_meter *meter_push(lua_State *L, const char *label, uint64_t total);

/* The meter at `index`, begun by difkit.meter, or NULL. */
struct dk_meter *meter_at(lua_State *L, int index);

/* Work that a kernel does in parts, asking pace_next() how large the next one is to be: 0 when a limit of the run is
 * passed, which limits_check() then raises. */
struct pace {
    lua_State *L;
    struct dk_meter *meter;
    size_t before; /* done at the last call */
    double clock;
};
/* Pushes the meter. */
void pace_start(struct pace *pace, lua_State *L, const char *label, uint64_t total);
size_t pace_next(void *context, size_t done);

#endif
