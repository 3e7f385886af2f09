/* result:columns(): whole columns in memory of the core, for scoring: eight bytes and a tag a value, no Lua object each. */
#include <math.h>
#include <string.h>

#include "lua/binding.h"
#include "lua/data/data.h"
#include "lua/parts.h"

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

static struct column *check_column(lua_State *L, int index)
{
    return luaL_checkudata(L, index, COLUMN_TYPE);
}

/* Changes a block through the allocator of the Lua state, so that the memory of columns counts towards a script's limit. */
static void *resize(lua_State *L, void *block, size_t old_size, size_t new_size)
{
    void *context;
    lua_Alloc allocate = lua_getallocf(L, &context);
    void *changed = allocate(context, block, block != NULL ? old_size : 0, new_size);

    if (changed == NULL && new_size > 0)
        luaL_error(L, "not enough memory for a column of a result");
    return changed;
}

static int column_free(lua_State *L)
{
    struct column *column = check_column(L, 1);

    resize(L, column->slot, column->capacity * sizeof *column->slot, 0);
    resize(L, column->type, column->type_capacity, 0);
    resize(L, column->text, column->text_capacity, 0);
    memset(column, 0, sizeof *column);
    return 0;
}

/* Doubles the room for values. Each array notes its own capacity, so that a failure between the two leaves both right. */
static void grow(lua_State *L, struct column *column)
{
    size_t capacity = column->capacity == 0 ? 256 : column->capacity * 2;

    column->type = resize(L, column->type, column->type_capacity, capacity);
    column->type_capacity = capacity;
    column->slot = resize(L, column->slot, column->capacity * sizeof *column->slot, capacity * sizeof *column->slot);
    column->capacity = capacity;
}

static void add_text(lua_State *L, struct column *column, const char *bytes, size_t size)
{
    if (column->text_capacity - column->text_size < size) {
        size_t capacity = column->text_capacity * 2 + size + 256;

        column->text = resize(L, column->text, column->text_capacity, capacity);
        column->text_capacity = capacity;
    }
    memcpy(column->text + column->text_size, bytes, size);
    column->text_size += size;
}

static void add(lua_State *L, struct column *column, const struct db_value *value)
{
    size_t at = column->size;

    if (at == column->capacity)
        grow(L, column);
    if (value->type == DB_TEXT || value->type == DB_BLOB) {
        column->slot[at].text = column->text_size;
        add_text(L, column, value->text.bytes, value->text.size);
    } else if (value->type == DB_INTEGER) {
        column->slot[at].integer = value->integer;
    } else {
        column->slot[at].real = value->type == DB_REAL ? value->real : NAN;
    }
    column->type[at] = (unsigned char)value->type;
    column->count[value->type]++;
    column->size++;
}

/* The text at position `at`, which must be one; borrowed from the column. */
static const char *column_text(const struct column *column, size_t at, size_t *size)
{
    size_t begin = column->slot[at].text, end = column->text_size;

    for (size_t next = at + 1; next < column->size; next++)
        if (column->type[next] == DB_TEXT || column->type[next] == DB_BLOB) {
            end = column->slot[next].text;
            break;
        }
    *size = end - begin;
    return column->text + begin;
}

static void push_slot(lua_State *L, const struct column *column, size_t at)
{
    size_t size;
    const char *text;

    switch ((enum db_type)column->type[at]) {
    case DB_NULL: lua_pushnil(L); break;
    case DB_INTEGER: lua_pushinteger(L, column->slot[at].integer); break;
    case DB_REAL: lua_pushnumber(L, column->slot[at].real); break;
    case DB_TEXT:
    case DB_BLOB:
        text = column_text(column, at, &size);
        lua_pushlstring(L, text, size);
        break;
    }
}

/* column[i], column:method() */
static int column_index(lua_State *L)
{
    const struct column *column = check_column(L, 1);
    int is_integer;
    lua_Integer at = lua_tointegerx(L, 2, &is_integer);

    if (!is_integer) {
        lua_pushvalue(L, 2);
        lua_rawget(L, lua_upvalueindex(1));
    } else if (at < 1 || (size_t)at > column->size) {
        lua_pushnil(L);
    } else {
        push_slot(L, column, (size_t)at - 1);
    }
    return 1;
}

static int column_length(lua_State *L)
{
    lua_pushinteger(L, (lua_Integer)check_column(L, 1)->size);
    return 1;
}

/* column:table() -> array of Lua values, with the count as field n since nulls leave holes */
static int column_table(lua_State *L)
{
    const struct column *column = check_column(L, 1);

    lua_createtable(L, (int)column->size, 1);
    for (size_t at = 0; at < column->size; at++) {
        push_slot(L, column, at);
        lua_rawseti(L, -2, (lua_Integer)at + 1);
    }
    lua_pushinteger(L, (lua_Integer)column->size);
    lua_setfield(L, -2, "n");
    return 1;
}

/* column:missing() -> how many values are null */
static int column_missing(lua_State *L)
{
    lua_pushinteger(L, (lua_Integer)check_column(L, 1)->count[DB_NULL]);
    return 1;
}

static int column_tostring(lua_State *L)
{
    const struct column *column = check_column(L, 1);

    lua_pushfstring(L, "difkit.Column (%I values, %I missing)", (LUAI_UACINT)column->size,
                    (LUAI_UACINT)column->count[DB_NULL]);
    return 1;
}

/* result:columns() -> {name = Column} */
static int result_columns(lua_State *L)
{
    struct result *result = check_open_result(L, 1);
    int count = result->columns;
    struct column **column;

    lua_settop(L, 1);
    lua_createtable(L, 0, count);
    lua_getiuservalue(L, 1, RESULT_NAMES);
    column = lua_newuserdatauv(L, (size_t)(count + 1) * sizeof *column, 0);
    for (int i = 0; i < count; i++) {
        lua_rawgeti(L, 3, i + 1);
        column[i] = type_push(L, COLUMN_TYPE, sizeof *column[i], 0);
        lua_rawset(L, 2);
    }
    /* Two columns of one name are one entry: both pointers must stay alive, so the earlier is refused. */
    if (lua_rawlen(L, 3) > 0) {
        int distinct = 0;

        lua_pushnil(L);
        while (lua_next(L, 2) != 0) {
            distinct++;
            lua_pop(L, 1);
        }
        if (distinct != count)
            return raise_error(L, DK_USAGE, "give each column a name of its own with AS",
                               "result:columns: two columns have the same name");
    }
    while (result_advance(L, result))
        for (int i = 0; i < count; i++)
            add(L, column[i], &result->value[i]);
    lua_settop(L, 2);
    return 1;
}

void column_register(lua_State *L)
{
    static const luaL_Reg methods[] = {{"table", column_table}, {"missing", column_missing}, {NULL, NULL}};
    static const luaL_Reg of_result[] = {{"columns", result_columns}, {NULL, NULL}};
    static const luaL_Reg events[] = {
        {"__len", column_length}, {"__gc", column_free}, {"__tostring", column_tostring}, {NULL, NULL}};

    type_register(L, COLUMN_TYPE, methods, events);
    luaL_getmetatable(L, COLUMN_TYPE);
    lua_pushvalue(L, -2);
    lua_pushcclosure(L, column_index, 1);
    lua_setfield(L, -2, "__index");
    lua_pop(L, 1);
    lua_setfield(L, -2, "column");
    type_extend(L, RESULT_TYPE, of_result);
}
