/* From the rows of a query into a matrix, without a Lua value in between. */
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "lua/data/data.h"
#include "lua/index/load.h"
#include "lua/parts.h"

static uint64_t hash_text(const char *text, size_t size)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < size; i++)
        hash = (hash ^ (unsigned char)text[i]) * UINT64_C(0x100000001b3);
    return hash ^ hash >> 29;
}

static uint64_t hash_integer(int64_t integer)
{
    uint64_t hash = (uint64_t)integer * UINT64_C(0x9e3779b97f4a7c15);

    return hash ^ hash >> 32;
}

static void enter(struct load_names *names, struct name name, uint64_t hash)
{
    size_t at = hash & names->mask;

    while (names->slot[at].place != 0)
        at = (at + 1) & names->mask;
    names->slot[at] = name;
}

/* The list of texts or numbers at `index` (memory pushed). */
static struct load_names read_names(lua_State *L, int index)
{
    size_t count, room = 16;
    struct load_names names = {0};

    luaL_checktype(L, index, LUA_TTABLE);
    count = (size_t)lua_rawlen(L, index);
    while (room < 4 * count)
        room *= 2;
    names.mask = room - 1;
    names.count = count;
    names.slot = lua_newuserdatauv(L, room * sizeof *names.slot, 0);
    memset(names.slot, 0, room * sizeof *names.slot);
    for (size_t i = 0; i < count; i++) {
        struct name name = {.place = (uint32_t)i + 1};

        if (lua_rawgeti(L, index, (lua_Integer)i + 1) == LUA_TNUMBER && lua_isinteger(L, -1)) {
            name.is_integer = true;
            name.integer = lua_tointeger(L, -1);
            enter(&names, name, hash_integer(name.integer));
        } else {
            name.text = luaL_checklstring(L, -1, &name.size);
            name.is_integer = false;
            enter(&names, name, hash_text(name.text, name.size));
            if (dk_parse_integer(name.text, name.size, &name.integer)) {
                name.is_integer = true;
                name.text = NULL;
                enter(&names, name, hash_integer(name.integer));
            }
        }
        lua_pop(L, 1);
    }
    return names;
}

/* The place of a value of a row, from 1; 0 when it is not among the names. */
static uint32_t find(struct load_names *names, const struct db_value *value)
{
    size_t at;

    if (value->type == DB_INTEGER) {
        for (at = hash_integer(value->integer) & names->mask; names->slot[at].place != 0; at = (at + 1) & names->mask)
            if (names->slot[at].is_integer && names->slot[at].integer == value->integer)
                return names->slot[at].place;
        return 0;
    }
    if (value->type != DB_TEXT)
        return 0;
    if (names->last_slot != NULL && names->last_slot->size == value->text.size &&
        memcmp(names->last_slot->text, value->text.bytes, value->text.size) == 0)
        return names->last_slot->place;
    for (at = hash_text(value->text.bytes, value->text.size) & names->mask; names->slot[at].place != 0;
         at = (at + 1) & names->mask) {
        struct name *name = &names->slot[at];

        if (name->text != NULL && name->size == value->text.size && memcmp(name->text, value->text.bytes, name->size) == 0) {
            names->last_slot = name;
            return name->place;
        }
    }
    return 0;
}

/* What an SDMX observation status says of a cell. */
static uint8_t state_of(const struct db_value *flag, bool missing)
{
    char code = flag->type == DB_TEXT && flag->text.size > 0 ? flag->text.bytes[0] : '\0';

    if (!missing)
        return code == 'I' ? CELL_IMPUTED_AT_SOURCE : CELL_OBSERVED;
    switch (code) {
    case 'M': return CELL_NOT_APPLICABLE;
    case 'H': return CELL_NOT_DUE;
    case 'Q': return CELL_CONFIDENTIAL;
    default: return CELL_NOT_REPORTED;
    }
}

#define NAMES_TYPE "difkit.IndexNames"

/* names(units, periods) -> what load() finds rows by: made once, used for every column */
static int index_names(lua_State *L)
{
    struct load_names *names;

    lua_settop(L, 2);
    names = type_push(L, NAMES_TYPE, 2 * sizeof *names, 3);
    names[0] = read_names(L, 1);
    lua_setiuservalue(L, 3, 1); /* keeps the slots, and the texts they point to, alive */
    names[1] = read_names(L, 2);
    lua_setiuservalue(L, 3, 2);
    lua_createtable(L, 2, 0);
    lua_pushvalue(L, 1);
    lua_rawseti(L, -2, 1);
    lua_pushvalue(L, 2);
    lua_rawseti(L, -2, 2);
    lua_setiuservalue(L, 3, 3);
    return 1;
}

void load_check_names(lua_State *L, int index, const struct load_names **units, const struct load_names **periods)
{
    const struct load_names *names = luaL_checkudata(L, index, NAMES_TYPE);

    *units = &names[0];
    *periods = &names[1];
}

size_t load_row_into(struct load_names *units, struct load_names *periods, const struct db_value value[4],
                     struct matrix *matrix, size_t column)
{
    uint32_t unit = find(units, &value[0]), period;
    double number = NAN;
    size_t cell, infinite = 0;

    if (unit == 0 || (period = find(periods, &value[1])) == 0)
        return 0;
    if (value[2].type == DB_REAL)
        number = value[2].real;
    else if (value[2].type == DB_INTEGER)
        number = (double)value[2].integer;
    if (isinf(number)) {
        infinite = 1;
        number = NAN;
    }
    cell = (size_t)(period - 1) * units->count + unit - 1;
    matrix->x[column][cell] = number;
    matrix->state[column][cell] = state_of(&value[3], isnan(number));
    return infinite;
}

/* load(result, matrix, column, names) -> infinite values that were left out. The result's columns: unit, period, value,
 * flag; rows of other units and periods are passed over. Units come one after another within a period. */
static int index_load(lua_State *L)
{
    struct result *result = check_open_result(L, 1);
    struct matrix *matrix = matrix_check(L, 2);
    lua_Integer column = luaL_checkinteger(L, 3);
    struct load_names *names = luaL_checkudata(L, 4, NAMES_TYPE), units = names[0], periods = names[1];
    size_t infinite = 0;

    if (result->columns != 4)
        return raise_error(L, DK_USAGE, NULL, "the query must give unit, period, value and flag");
    if (column < 1 || (size_t)column > matrix->columns || units.count * periods.count != matrix->rows)
        return raise_error(L, DK_USAGE, NULL, "the names do not fit the matrix");
    while (result_advance(L, result))
        infinite += load_row_into(&units, &periods, result->value, matrix, (size_t)column - 1);
    lua_pushinteger(L, (lua_Integer)infinite);
    return 1;
}

void index_load_register(lua_State *L)
{
    static const luaL_Reg functions[] = {{"names", index_names}, {"load", index_load}, {NULL, NULL}};
    static const luaL_Reg nothing[] = {{NULL, NULL}};

    luaL_setfuncs(L, functions, 0);
    type_register(L, NAMES_TYPE, nothing, nothing);
}
