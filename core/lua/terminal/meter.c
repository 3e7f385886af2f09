/* Meters for the library and for what the bindings do at length; see core/base/meter.h. */
#include "lua/terminal/meter.h"

#include "lua/binding.h"
#include "lua/host/access.h"
#include "lua/host/run.h"
#include "lua/parts.h"

#define METER_TYPE "difkit.Meter"

struct dk_meter *meter_push(lua_State *L, const char *label, uint64_t total)
{
    struct dk_meter *meter = type_push(L, METER_TYPE, sizeof *meter, 0);

    dk_meter_start(meter, label, total, DK_METER_STEPS);
    lua_toclose(L, -1);
    return meter;
}

struct dk_meter *meter_at(lua_State *L, int index)
{
    return luaL_testudata(L, index, METER_TYPE);
}

static int meter_stop(lua_State *L)
{
    dk_meter_stop(luaL_checkudata(L, 1, METER_TYPE));
    return 0;
}

/* core.meter(label, total | nil) -> Meter, to be closed */
static int core_meter(lua_State *L)
{
    const char *label = luaL_checkstring(L, 1);
    lua_Integer total = luaL_optinteger(L, 2, 0);
    struct dk_meter *meter = type_push(L, METER_TYPE, sizeof *meter, 0);

    dk_meter_start(meter, label, total > 0 ? (uint64_t)total : 0, DK_METER_STEPS);
    return 1;
}

/* meter:tick(done) */
static int meter_tick(lua_State *L)
{
    struct dk_meter *meter = luaL_checkudata(L, 1, METER_TYPE);
    lua_Number done = luaL_checknumber(L, 2);

    dk_meter_tick(meter, done >= 0 && done < 9e15 ? (uint64_t)done : 0);
    return 0;
}

/* Work in parts -------------------------------------------------------------------------------------------------- */

void pace_start(struct pace *pace, lua_State *L, const char *label, uint64_t total)
{
    pace->L = L;
    pace->meter = meter_push(L, label, total);
    pace->before = 0;
    pace->clock = dk_clock();
}

/* Parts of about a twentieth of a second: long enough to pay for their threads, short enough to be stopped between them. */
size_t pace_next(void *context, size_t done)
{
    static const double aim = 0.05;
    struct pace *pace = context;
    double now = dk_clock(), took = now - pace->clock;
    double part = (double)(done - pace->before), factor = took > 0 ? aim / took : 4;

    pace->before = done;
    pace->clock = now;
    dk_meter_tick(pace->meter, done);
    if (limits_passed(host_of(pace->L)))
        return 0;
    part *= factor > 4 ? 4 : factor;
    return part > 1 ? (size_t)part : 1;
}

void meter_register(lua_State *L)
{
    static const luaL_Reg methods[] = {{"tick", meter_tick}, {"stop", meter_stop}, {NULL, NULL}};
    static const luaL_Reg events[] = {{"__gc", meter_stop}, {"__close", meter_stop}, {NULL, NULL}};

    lua_pushcfunction(L, core_meter);
    lua_setfield(L, -2, "meter");
    type_register(L, METER_TYPE, methods, events);
    lua_pop(L, 1);
}
