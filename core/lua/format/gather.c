/* core.gather: observations put in order outside of Lua (read/gather.h), and from there into a database. */
#include "lua/format/gather.h"

#include <math.h>
#include <string.h>

#include "db/bulk.h"
#include "lua/binding.h"
#include "lua/data/data.h"
#include "lua/format/rows.h"
#include "lua/host/access.h"
#include "lua/host/run.h"
#include "lua/parts.h"
#include "lua/terminal/meter.h"

#define WALK_TYPE "difkit.GatherWalk"

struct walk {
    struct gather_walk walk;
    uint32_t unit; /* INTERN_NONE: all */
    size_t count;
};

static int gather_collect(lua_State *L)
{
    gather_free(luaL_checkudata(L, 1, GATHER_TYPE));
    return 0;
}

struct gather *check_gather(lua_State *L, int index, bool finished)
{
    struct gather *gather = luaL_checkudata(L, index, GATHER_TYPE);

    luaL_argcheck(L, gather->finished == finished, index, finished ? "it is not finished" : "it is finished");
    return gather;
}

void gather_check_memory(lua_State *L, const struct gather *gather)
{
    struct host *host = host_of(L);
    size_t size = 0;

    if (host == NULL)
        return;
    limits_check(L);
    for (int i = 0; i < GATHER_NAMES; i++)
        size += intern_memory(&gather->name[i]);
    if (!host_has_memory(host, size))
        raise_error(L, DK_LIMIT, DK_LIFT_MEMORY, "the names of the observations do not fit into the memory limit");
}

uint32_t gather_name(lua_State *L, struct gather *gather, int name, int index)
{
    size_t size;
    const char *text = luaL_checklstring(L, index, &size);

    return intern_add(&gather->name[name], text, size);
}

/* core.gather([bytes of a run]) -> gather */
static int core_gather(lua_State *L)
{
    lua_Integer most = luaL_optinteger(L, 1, 0);
    struct gather *gather = type_push(L, GATHER_TYPE, sizeof *gather, 1);

    gather->run_max = most > 0 ? (size_t)most : 0;
    push_buffer(L); /* for the patterns of places */
    lua_setiuservalue(L, -2, 1);
    return 1;
}

static struct dk_buffer *scratch(lua_State *L, int index)
{
    struct dk_buffer *buffer;

    lua_getiuservalue(L, index, 1);
    buffer = lua_touserdata(L, -1);
    lua_pop(L, 1);
    return buffer;
}

/* gather:put(unit, indicator, period, value | nil, flag, note, place, rank | nil) */
static int gather_put(lua_State *L)
{
    struct gather *gather = check_gather(L, 1, false);
    struct dk_buffer *pattern = scratch(L, 1);
    size_t note_size, place_size;
    const char *note = luaL_checklstring(L, 7, &note_size), *place = luaL_checklstring(L, 8, &place_size);
    struct gather_row row = {.missing = lua_isnil(L, 5), .rank = (uint8_t)luaL_optinteger(L, 9, 0)};
    struct dk_error err;

    row.name[GATHER_UNIT] = gather_name(L, gather, GATHER_UNIT, 2);
    row.name[GATHER_INDICATOR] = gather_name(L, gather, GATHER_INDICATOR, 3);
    row.name[GATHER_PERIOD] = gather_name(L, gather, GATHER_PERIOD, 4);
    row.name[GATHER_FLAG] = gather_name(L, gather, GATHER_FLAG, 6);
    row.value = row.missing ? 0 : luaL_checknumber(L, 5);
    row.number = gather_split(place, place_size, pattern);
    row.name[GATHER_PLACE] =
        intern_add(&gather->name[GATHER_PLACE], pattern->bytes != NULL ? pattern->bytes : "", pattern->size);
    if (gather->count % CHECK_EVERY == 0)
        gather_check_memory(L, gather);
    return gather_add(gather, &row, note, note_size, &err) == DK_OK ? 0 : raise_status(L, &err);
}

/* gather:finish() */
static int finish(lua_State *L)
{
    struct gather *gather = luaL_checkudata(L, 1, GATHER_TYPE);
    struct dk_error err;

    return gather_finish(gather, &err) == DK_OK ? 0 : raise_status(L, &err);
}

/* gather:clear() */
static int clear(lua_State *L)
{
    gather_clear(luaL_checkudata(L, 1, GATHER_TYPE));
    return 0;
}

/* gather:size() -> observations */
static int size_of(lua_State *L)
{
    const struct gather *gather = luaL_checkudata(L, 1, GATHER_TYPE);

    lua_pushinteger(L, (lua_Integer)gather->count);
    return 1;
}

static void push_name(lua_State *L, const struct gather *gather, const struct gather_row *row, int name)
{
    size_t size;
    const char *text = gather_text(gather, row, name, &size);

    lua_pushlstring(L, text, size);
}

/* A whole number as an integer, as Lua writes it. */
static void push_number(lua_State *L, double value)
{
    if (value == floor(value) && fabs(value) < 9007199254740992.0)
        lua_pushinteger(L, (lua_Integer)value);
    else
        lua_pushnumber(L, value);
}

static void push_row_value(lua_State *L, const struct gather_row *row)
{
    if (row->missing)
        lua_pushnil(L);
    else
        push_number(L, row->value);
}

static void push_place(lua_State *L, const struct gather *gather, const struct gather_row *row, struct dk_buffer *buffer)
{
    gather_place(gather, row, buffer);
    lua_pushlstring(L, buffer->bytes != NULL ? buffer->bytes : "", buffer->size);
}

/* gather:twins() -> {{indicator, unit, period, place, place of the first, value, value of the first}, …}, same, outranked:
 * observations that stand twice. */
static int twins(lua_State *L)
{
    const struct gather *gather = check_gather(L, 1, true);
    struct dk_buffer *buffer = scratch(L, 1);

    lua_createtable(L, (int)gather->twin_count, 0);
    for (size_t i = 0; i < gather->twin_count; i++) {
        const struct gather_row *there = &gather->twin[i].first, *row = &gather->twin[i].second;

        lua_createtable(L, 7, 0);
        for (int name = 0; name < GATHER_KEYS; name++) {
            push_name(L, gather, row, name);
            lua_rawseti(L, -2, name + 1);
        }
        push_place(L, gather, row, buffer);
        lua_rawseti(L, -2, 4);
        push_place(L, gather, there, buffer);
        lua_rawseti(L, -2, 5);
        push_row_value(L, row);
        lua_rawseti(L, -2, 6);
        push_row_value(L, there);
        lua_rawseti(L, -2, 7);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_pushinteger(L, (lua_Integer)gather->same);
    lua_pushinteger(L, (lua_Integer)gather->outranked);
    return 3;
}

static void push_used(lua_State *L, const struct gather *gather, int name)
{
    lua_newtable(L);
    for (size_t i = 0; i < gather->name[name].count; i++) {
        size_t size;
        const char *text = intern_get(&gather->name[name], (uint32_t)i, &size);

        if (gather->used[name][i] == 0)
            continue;
        lua_pushlstring(L, text, size);
        lua_pushinteger(L, (lua_Integer)gather->used[name][i]);
        lua_rawset(L, -3);
    }
}

/* gather:used() -> units, indicators, periods, flags: each text -> how many observations have it */
static int used(lua_State *L)
{
    const struct gather *gather = check_gather(L, 1, true);

    push_used(L, gather, GATHER_UNIT);
    push_used(L, gather, GATHER_INDICATOR);
    push_used(L, gather, GATHER_PERIOD);
    push_used(L, gather, GATHER_FLAG);
    return 4;
}

/* gather:range(indicator) -> the least and the greatest value | nil */
static int range(lua_State *L)
{
    const struct gather *gather = check_gather(L, 1, true);
    size_t size;
    const char *text = luaL_checklstring(L, 2, &size);
    uint32_t number = intern_find(&gather->name[GATHER_INDICATOR], text, size);

    if (number == INTERN_NONE || gather->range[number].count == 0)
        return 0;
    push_number(L, gather->range[number].low);
    push_number(L, gather->range[number].high);
    return 2;
}

/* gather:walk([unit]) -> walk, over all observations or those of a unit */
static int walk_begin(lua_State *L)
{
    struct gather *gather = check_gather(L, 1, true);
    size_t size = 0;
    const char *unit = luaL_optlstring(L, 2, NULL, &size);
    struct walk *walk = type_push(L, WALK_TYPE, sizeof *walk, 1);

    walk->walk.gather = gather;
    walk->unit = unit != NULL ? intern_find(&gather->name[GATHER_UNIT], unit, size) : INTERN_NONE;
    lua_pushvalue(L, 1);
    lua_setiuservalue(L, -2, 1);
    return 1;
}

static int walk_free(lua_State *L)
{
    struct walk *walk = luaL_checkudata(L, 1, WALK_TYPE);

    gather_walk_end(&walk->walk);
    return 0;
}

/* walk:next() -> unit, indicator, period, value | nil, flag, note, place; nothing at the end */
static int walk_next(lua_State *L)
{
    struct walk *walk = luaL_checkudata(L, 1, WALK_TYPE);
    const struct gather *gather = walk->walk.gather;
    const struct gather_row *row;
    struct dk_error err;
    dk_status status;

    lua_settop(L, 1);
    do {
        if (walk->count++ % CHECK_EVERY == 0 && host_of(L) != NULL)
            limits_check(L);
        row = gather_next(&walk->walk, &status, &err);
    } while (row != NULL && walk->unit != INTERN_NONE && row->name[GATHER_UNIT] != walk->unit);
    if (status != DK_OK)
        return raise_status(L, &err);
    if (row == NULL)
        return 0;
    lua_getiuservalue(L, 1, 1);
    push_name(L, gather, row, GATHER_UNIT);
    push_name(L, gather, row, GATHER_INDICATOR);
    push_name(L, gather, row, GATHER_PERIOD);
    push_row_value(L, row);
    push_name(L, gather, row, GATHER_FLAG);
    lua_pushlstring(L, gather_note(row), row->note);
    push_place(L, gather, row, scratch(L, 2));
    return 7;
}

/* Into a database ----------------------------------------------------------------------------------------------- */

/* The values of the statement, in the order of its parameters. */
enum { INTO_INDICATOR, INTO_UNIT, INTO_PERIOD, INTO_VALUE, INTO_FLAG, INTO_FILE, INTO_PLACE, INTO_NOTE, INTO_VALUES };

static struct db_value text_value(const char *text, size_t size)
{
    struct db_value value = {.type = DB_TEXT};

    value.text.bytes = text;
    value.text.size = size;
    return value;
}

/* The names of a sort as values: what the table at `map` says under that name in its field; else as they are, or nothing
 * unless they are `kept`. What the table holds must stay there meanwhile. */
static struct db_value *map_names(lua_State *L, const struct gather *gather, int name, int map, const char *field, bool kept)
{
    size_t count = gather->name[name].count;
    struct db_value *value = lua_newuserdatauv(L, (count + 1) * sizeof *value, 0);

    lua_getfield(L, map, field);
    for (size_t i = 0; i < count; i++) {
        size_t size;
        const char *text = intern_get(&gather->name[name], (uint32_t)i, &size);

        value[i] = text_value(text, kept ? size : 0);
        if (!lua_istable(L, -1))
            continue;
        lua_pushlstring(L, text, size);
        if (lua_rawget(L, -2) == LUA_TSTRING) {
            text = lua_tolstring(L, -1, &size);
            value[i] = text_value(text, size);
        }
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    return value;
}

static bool is_space(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

/* The note as the data keep it: behind words about the status, on one line. */
static void write_note(const struct gather_row *row, const struct db_value *words, struct dk_buffer *out)
{
    const char *note = gather_note(row);

    out->size = 0;
    dk_buffer_add(out, words->text.bytes, words->text.size);
    if (words->text.size > 0 && row->note > 0)
        dk_buffer_text(out, "; ");
    for (size_t i = 0; i < row->note; i++) {
        if (!is_space(note[i]))
            dk_buffer_add(out, &note[i], 1);
        else if (i == 0 || !is_space(note[i - 1]))
            dk_buffer_add(out, " ", 1);
    }
}

/* What the rows are written by. */
struct into {
    struct db *db;
    struct db_statement *statement;
    struct gather_walk walk;
    struct db_value *name[GATHER_NAMES], *words; /* of each text; of each flag */
    struct dk_buffer *place, *note;
    struct db_value file;
    const struct host *host;
    struct dk_meter *meter;
    int64_t changes;
};

static dk_status write_row(struct into *into, const struct gather_row *row, struct dk_error *err)
{
    const struct db_value *flag = &into->name[GATHER_FLAG][row->name[GATHER_FLAG]];
    struct db_value value[INTO_VALUES] = {{DB_NULL, {0}}};
    bool more;

    value[INTO_INDICATOR] = into->name[GATHER_INDICATOR][row->name[GATHER_INDICATOR]];
    value[INTO_UNIT] = into->name[GATHER_UNIT][row->name[GATHER_UNIT]];
    value[INTO_PERIOD] = into->name[GATHER_PERIOD][row->name[GATHER_PERIOD]];
    if (!row->missing)
        value[INTO_VALUE] = (struct db_value){.type = DB_REAL, .real = row->value};
    if (flag->text.size > 0)
        value[INTO_FLAG] = *flag;
    value[INTO_FILE] = into->file;
    gather_place(into->walk.gather, row, into->place);
    value[INTO_PLACE] = text_value(into->place->bytes, into->place->size);
    write_note(row, &into->words[row->name[GATHER_FLAG]], into->note);
    if (into->note->size > 0)
        value[INTO_NOTE] = text_value(into->note->bytes, into->note->size);
    for (int i = 0; i < INTO_VALUES; i++)
        if (db_bind(into->statement, i + 1, &value[i], true, err) != DK_OK)
            return DK_ERROR;
    if (db_step(into->statement, NULL, &more, err) != DK_OK)
        return DK_ERROR;
    into->changes += db_changes(into->db);
    db_reset(into->statement);
    return DK_OK;
}

static dk_status write_rows(struct into *into, struct dk_error *err)
{
    const struct gather_row *row;
    dk_status status = DK_OK;
    size_t count = 0;

    while (status == DK_OK && (row = gather_next(&into->walk, &status, err)) != NULL) {
        status = write_row(into, row, err);
        dk_meter_tick(into->meter, ++count);
        if (count % CHECK_EVERY == 0 && into->host != NULL && limits_passed(into->host))
            break; /* the caller raises it */
    }
    return status;
}

/* gather:into(database, sql, {indicator, period, flag, words}, file) -> rows changed
 *
 * Runs the statement for each observation, in order, with its indicator, unit, period, value, flag, the file, its place and
 * its note. The tables say what becomes of names, and which words about a flag go to the note. */
static int gather_into(lua_State *L)
{
    struct gather *gather = check_gather(L, 1, true);
    struct into into = {.db = check_database(L, 2)->db, .walk.gather = gather, .host = host_of(L)};
    size_t size, file_size;
    const char *sql = luaL_checklstring(L, 3, &size), *file;
    struct dk_error err;
    dk_status status;

    luaL_checktype(L, 4, LUA_TTABLE);
    file = luaL_checklstring(L, 5, &file_size);
    into.file = text_value(file, file_size);
    into.name[GATHER_INDICATOR] = map_names(L, gather, GATHER_INDICATOR, 4, "indicator", true);
    into.name[GATHER_UNIT] = map_names(L, gather, GATHER_UNIT, 4, "unit", true);
    into.name[GATHER_PERIOD] = map_names(L, gather, GATHER_PERIOD, 4, "period", true);
    into.name[GATHER_FLAG] = map_names(L, gather, GATHER_FLAG, 4, "flag", true);
    into.words = map_names(L, gather, GATHER_FLAG, 4, "words", false);
    into.place = push_buffer(L);
    into.note = push_buffer(L);
    into.meter = meter_push(L, "observation", gather->count);
    status = db_prepare(into.db, sql, size, &into.statement, &err);
    if (status == DK_OK)
        status = write_rows(&into, &err);
    db_finish(into.statement);
    gather_walk_end(&into.walk);
    if (status != DK_OK)
        return raise_status(L, &err);
    if (into.host != NULL)
        limits_check(L);
    lua_pushinteger(L, into.changes);
    return 1;
}

/* core.add_begin(database): begins a transaction for records whose references the caller has seen to */
static int core_add_begin(lua_State *L)
{
    struct dk_error err;

    return db_bulk_add_begin(check_database(L, 1)->db, &err) == DK_OK ? 0 : raise_status(L, &err);
}

/* core.add_end(database, commit): ends it */
static int core_add_end(lua_State *L)
{
    struct dk_error err;

    return db_bulk_add_end(check_database(L, 1)->db, lua_toboolean(L, 2), &err) == DK_OK ? 0 : raise_status(L, &err);
}

void gather_register(lua_State *L)
{
    static const luaL_Reg methods[] = {{"put", gather_put},   {"finish", finish}, {"clear", clear}, {"size", size_of},
                                       {"twins", twins},      {"used", used},     {"range", range}, {"walk", walk_begin},
                                       {"into", gather_into}, {NULL, NULL}};
    static const luaL_Reg events[] = {{"__gc", gather_collect}, {NULL, NULL}};
    static const luaL_Reg functions[] = {
        {"gather", core_gather}, {"add_begin", core_add_begin}, {"add_end", core_add_end}, {NULL, NULL}};
    static const luaL_Reg walk_methods[] = {{"next", walk_next}, {NULL, NULL}};
    static const luaL_Reg walk_events[] = {{"__gc", walk_free}, {NULL, NULL}};

    type_register(L, GATHER_TYPE, methods, events);
    lua_pop(L, 1);
    type_register(L, WALK_TYPE, walk_methods, walk_events);
    lua_pop(L, 1);
    luaL_setfuncs(L, functions, 0);
}
