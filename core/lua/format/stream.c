/* gather:stream: the rows of a table into a gathering without Lua, as far as its texts were met before (read/stream.h). */
#include "read/stream.h"

#include <string.h>

#include "lua/binding.h"
#include "lua/format/gather.h"
#include "lua/format/rows.h"
#include "lua/host/access.h"
#include "lua/host/run.h"
#include "lua/parts.h"
#include "lua/terminal/meter.h"

#define STREAM_TYPE "difkit.GatherStream"

enum { STREAM_GATHER = 1, STREAM_KEPT, STREAM_USER_VALUES = STREAM_KEPT };

static int stream_collect(lua_State *L)
{
    stream_free(luaL_checkudata(L, 1, STREAM_TYPE));
    return 0;
}

/* The list of columns in a field of the table at `index`, for Lua to free with the stream. */
static size_t *columns_in(lua_State *L, int index, const char *field, size_t *count)
{
    size_t *column = NULL;

    *count = 0;
    if (lua_getfield(L, index, field) == LUA_TTABLE) {
        size_t size = lua_rawlen(L, -1);

        column = dk_alloc((size + 1) * sizeof *column);
        for (size_t i = 0; i < size; i++) {
            lua_rawgeti(L, -1, (lua_Integer)i + 1);
            column[i] = (size_t)lua_tointeger(L, -1);
            lua_pop(L, 1);
        }
        *count = size;
    }
    lua_pop(L, 1);
    return column;
}

static size_t number_in(lua_State *L, int index, const char *field)
{
    size_t number;

    lua_getfield(L, index, field);
    number = (size_t)lua_tointeger(L, -1);
    lua_pop(L, 1);
    return number;
}

static bool flag_in(lua_State *L, int index, const char *field)
{
    bool flag;

    lua_getfield(L, index, field);
    flag = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return flag;
}

/* Its own text of a field as a name of the gathering; INTERN_NONE without it. */
static uint32_t name_in(lua_State *L, struct gather *gather, int name, int index, const char *field)
{
    uint32_t number = INTERN_NONE;

    if (lua_getfield(L, index, field) == LUA_TSTRING)
        number = gather_name(L, gather, name, lua_gettop(L));
    lua_pop(L, 1);
    return number;
}

static void read_value(lua_State *L, struct stream *stream, struct stream_value *value, int index)
{
    value->column = number_in(L, index, "at");
    value->flag_column = number_in(L, index, "flag_at");
    value->period = name_in(L, stream->gather, GATHER_PERIOD, index, "when");
    value->place = name_in(L, stream->gather, GATHER_PLACE, index, "place");
    value->names.column = columns_in(L, index, "names", &value->names.columns);
    value->flags.column = dk_alloc(sizeof *value->flags.column);
    value->flags.column[0] = value->flag_column;
    value->flags.columns = 1;
}

/* gather:stream(kept, plan) -> stream. The plan: `unit`, `period`, `silent`: lists of columns; `note`: a column; `values`: a
 * list of {at, flag_at (columns), when (text of a period), names (columns), place (before and behind its number, with a zero
 * between)}; `point`, `numbers`, `width`. */
static int core_stream(lua_State *L)
{
    struct gather *gather = check_gather(L, 1, false);
    const struct kept_rows *rows = luaL_checkudata(L, 2, KEPT_TYPE);
    struct stream *stream;
    size_t values;

    luaL_checktype(L, 3, LUA_TTABLE);
    lua_settop(L, 3);
    stream = type_push(L, STREAM_TYPE, sizeof *stream, STREAM_USER_VALUES);
    lua_pushvalue(L, 1);
    lua_setiuservalue(L, 4, STREAM_GATHER);
    lua_pushvalue(L, 2);
    lua_setiuservalue(L, 4, STREAM_KEPT);
    stream->gather = gather;
    stream->cells = rows->kept.width;
    stream->cell = dk_alloc_zeroed(stream->cells + 1, sizeof(*stream->cell));
    stream->unit.column = columns_in(L, 3, "unit", &stream->unit.columns);
    stream->period.column = columns_in(L, 3, "period", &stream->period.columns);
    stream->note = number_in(L, 3, "note");
    stream->silent = columns_in(L, 3, "silent", &stream->silents);
    stream->point = flag_in(L, 3, "point");
    stream->numbers = flag_in(L, 3, "numbers");
    stream->width = number_in(L, 3, "width");
    stream->no_flag = intern_add(&gather->name[GATHER_FLAG], "", 0);
    if (lua_getfield(L, 3, "values") != LUA_TTABLE)
        return raise_error(L, DK_USAGE, NULL, "the plan of a stream needs a list of values");
    values = lua_rawlen(L, -1);
    stream->value = dk_alloc_zeroed(values + 1, sizeof *stream->value);
    for (; stream->values < values; stream->values++) {
        if (lua_rawgeti(L, 5, (lua_Integer)stream->values + 1) != LUA_TTABLE)
            return raise_error(L, DK_USAGE, NULL, "a value of a stream is a table");
        read_value(L, stream, &stream->value[stream->values], 6);
        lua_pop(L, 1);
    }
    lua_settop(L, 4);
    return 1;
}

static struct kept_rows *kept_of(lua_State *L)
{
    struct kept_rows *rows;

    lua_getiuservalue(L, 1, STREAM_KEPT);
    rows = lua_touserdata(L, -1);
    lua_pop(L, 1);
    return rows;
}

/* stream:run(first, last, meter | nil) -> the first row that has to be thought about; nothing when there is none */
static int stream_run(lua_State *L)
{
    struct stream *stream = luaL_checkudata(L, 1, STREAM_TYPE);
    struct kept_rows *rows = kept_of(L);
    lua_Integer first = luaL_checkinteger(L, 2), last = luaL_checkinteger(L, 3);
    struct dk_meter *meter = meter_at(L, 4);
    struct read_row row;
    struct dk_error err;
    bool taken = true;

    luaL_argcheck(L, first >= 1 && last <= (lua_Integer)rows->kept.count, 2, "no such row");
    for (; first <= last; first++) {
        if (first % CHECK_EVERY == 0)
            gather_check_memory(L, stream->gather);
        if (meter != NULL)
            dk_meter_tick(meter, stream->gather->count);
        if (kept_get(&rows->kept, (size_t)first - 1, &row, &err) != DK_OK || stream_row(stream, &row, &taken, &err) != DK_OK)
            return raise_status(L, &err);
        if (!taken) {
            lua_pushinteger(L, first);
            return 1;
        }
    }
    return 0;
}

/* stream:learn(row, "unit" | "when", text) and stream:learn(row, "series" | "flag", text, number of the value): what the
 * cells of that row mean, from now on */
static int stream_teach(lua_State *L)
{
    static const char *const what[] = {"unit", "when", "series", "flag", NULL};
    static const int names[] = {GATHER_UNIT, GATHER_PERIOD, GATHER_INDICATOR, GATHER_FLAG};
    struct stream *stream = luaL_checkudata(L, 1, STREAM_TYPE);
    struct kept_rows *rows = kept_of(L);
    lua_Integer index = luaL_checkinteger(L, 2), number = luaL_optinteger(L, 5, 1);
    int which = luaL_checkoption(L, 3, NULL, what);
    uint32_t means = gather_name(L, stream->gather, names[which], 4);
    struct stream_memo *memo = which == 0 ? &stream->unit : &stream->period;
    struct read_row row;
    struct dk_error err;

    luaL_argcheck(L, index >= 1 && index <= (lua_Integer)rows->kept.count, 2, "no such row");
    luaL_argcheck(L, number >= 1 && (size_t)number <= stream->values, 5, "no such value");
    if (which >= 2)
        memo = which == 2 ? &stream->value[number - 1].names : &stream->value[number - 1].flags;
    if (kept_get(&rows->kept, (size_t)index - 1, &row, &err) != DK_OK)
        return raise_status(L, &err);
    stream_learn(stream, memo, &row, means);
    return 0;
}

void stream_register(lua_State *L)
{
    static const luaL_Reg methods[] = {{"run", stream_run}, {"learn", stream_teach}, {NULL, NULL}};
    static const luaL_Reg events[] = {{"__gc", stream_collect}, {NULL, NULL}};
    static const luaL_Reg more[] = {{"stream", core_stream}, {NULL, NULL}};

    type_register(L, STREAM_TYPE, methods, events);
    lua_pop(L, 1);
    type_extend(L, GATHER_TYPE, more);
}
