/* What whole columns of kept rows hold (kept.c), found in one pass without Lua: recognisers ask for it. */
#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "lua/binding.h"
#include "lua/format/rows.h"
#include "lua/host/access.h"
#include "lua/host/run.h"
#include "read/intern.h"

enum { TEXTS_SHOWN = 1000, FIGURES_LISTED = 500 };

/* Texts of a column: where each stands first and last, and how often. */
struct seen {
    size_t first, last, count;
};

struct column {
    struct intern text;
    struct seen *seen;
    size_t capacity;
    bool more; /* than were wanted */
};

/* What a pass holds; Lua frees it. */
struct columns {
    struct column *column;
    size_t count;
};

static int columns_free(lua_State *L)
{
    struct columns *columns = lua_touserdata(L, 1);

    for (size_t i = 0; i < columns->count; i++) {
        intern_free(&columns->column[i].text);
        free(columns->column[i].seen);
    }
    free(columns->column);
    memset(columns, 0, sizeof *columns);
    return 0;
}

static struct columns *hold(lua_State *L, size_t count)
{
    struct columns *columns = type_hold(L, "difkit.KeptColumns", sizeof *columns, columns_free);

    columns->column = dk_alloc_zeroed(count + 1, sizeof *columns->column);
    columns->count = count;
    return columns;
}

/* The next row for a pass; raises what goes wrong. */
static void next_row(lua_State *L, struct kept_rows *rows, lua_Integer index, struct read_row *row)
{
    struct dk_error err;

    if (index % CHECK_EVERY == 0 && host_of(L) != NULL)
        limits_check(L);
    if (kept_get(&rows->kept, (size_t)index - 1, row, &err) != DK_OK)
        raise_status(L, &err);
}

enum { COLUMNS_MOST = 1 << 20 };

static struct seen *meet(struct column *column, const char *text, size_t size, size_t row)
{
    size_t known = column->text.count;
    uint32_t number = intern_add(&column->text, text, size);

    if (number == known) {
        column->seen = dk_list_grow(column->seen, known, &column->capacity, sizeof *column->seen);
        column->seen[number] = (struct seen){.first = row};
    }
    column->seen[number].last = row;
    column->seen[number].count++;
    return &column->seen[number];
}

/* Digits with their signs alone: no name, and no code but where the heading says so. */
static bool is_figure(const char *text, size_t size)
{
    return strspn(text, "0123456789.,- ") >= size; /* another text stands behind it, or the end */
}

/* How many of the texts are figures. */
static size_t count_figures(const struct column *column)
{
    size_t count = 0;

    for (size_t i = 0; i < column->text.count; i++) {
        size_t size;
        const char *text = intern_get(&column->text, (uint32_t)i, &size);

        count += is_figure(text, size);
    }
    return count;
}

/* `figures` counts the different figures that are not listed, being many; of a column that was given up some texts are
 * enough. */
static void push_column(lua_State *L, const struct column *column)
{
    lua_Integer count = 0, figures = 0;
    bool listed = count_figures(column) <= FIGURES_LISTED;

    lua_createtable(L, 0, 2);
    lua_pushboolean(L, column->more);
    lua_setfield(L, -2, "more");
    for (size_t i = 0; i < column->text.count && !(column->more && count >= TEXTS_SHOWN); i++) {
        size_t size;
        const char *text = intern_get(&column->text, (uint32_t)i, &size);

        if (!listed && is_figure(text, size)) {
            figures++;
            continue;
        }
        lua_createtable(L, 0, 4);
        lua_pushlstring(L, text, size);
        lua_setfield(L, -2, "text");
        lua_pushinteger(L, (lua_Integer)column->seen[i].first);
        lua_setfield(L, -2, "first");
        lua_pushinteger(L, (lua_Integer)column->seen[i].last);
        lua_setfield(L, -2, "last");
        lua_pushinteger(L, (lua_Integer)column->seen[i].count);
        lua_setfield(L, -2, "count");
        lua_rawseti(L, -2, ++count);
    }
    lua_pushinteger(L, figures);
    lua_setfield(L, -2, "figures");
}

/* kept:texts(columns, most | nil) -> for each of the columns 1..columns a list of its different texts, as {text, first,
 * last, count}, in the order in which they come, with `figures`, how many figures there are beside, and `more` = true where
 * it was given up after `most` of them */
static int kept_texts(lua_State *L)
{
    struct kept_rows *rows = luaL_checkudata(L, 1, KEPT_TYPE);
    lua_Integer wanted = luaL_checkinteger(L, 2);
    size_t most = (size_t)luaL_optinteger(L, 3, 1 << 30), width = (size_t)wanted;
    struct columns *columns;

    luaL_argcheck(L, wanted >= 0 && wanted <= COLUMNS_MOST, 2, "no such number of columns");
    columns = hold(L, width);
    for (size_t r = 1; r <= rows->kept.count; r++) {
        struct read_row row;

        next_row(L, rows, (lua_Integer)r, &row);
        for (size_t i = 0; i < row.count; i++) {
            const struct read_cell *cell = &row.cell[i];
            struct column *column;

            if (cell->column > width || cell->kind == READ_EMPTY || cell->size == 0)
                continue;
            column = &columns->column[cell->column - 1];
            if (column->more)
                continue;
            (void)meet(column, cell->text, cell->size, r);
            column->more = column->text.count > most;
        }
    }
    lua_createtable(L, (int)width, 0);
    for (size_t i = 0; i < width; i++) {
        push_column(L, &columns->column[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

static const struct read_cell *cell_of(const struct read_row *row, size_t column)
{
    for (size_t i = 0; i < row->count && row->cell[i].column <= column; i++)
        if (row->cell[i].column == column)
            return row->cell[i].kind == READ_EMPTY || row->cell[i].size == 0 ? NULL : &row->cell[i];
    return NULL;
}

/* kept:follows(first, last, column, other) -> whether all rows with one text in `column` have one in `other`, or none */
static int kept_follows(lua_State *L)
{
    struct kept_rows *rows = luaL_checkudata(L, 1, KEPT_TYPE);
    lua_Integer first = luaL_checkinteger(L, 2), last = luaL_checkinteger(L, 3);
    size_t column = (size_t)luaL_checkinteger(L, 4), other = (size_t)luaL_checkinteger(L, 5);
    struct columns *columns = hold(L, 2);
    bool follows = true;

    luaL_argcheck(L, first >= 1 && last <= (lua_Integer)rows->kept.count, 2, "no such row");
    for (; first <= last && follows; first++) {
        struct read_row row;
        const struct read_cell *one, *two;
        struct seen *seen;
        size_t said;

        next_row(L, rows, first, &row);
        one = cell_of(&row, column);
        two = cell_of(&row, other);
        if (one == NULL || two == NULL)
            continue;
        said = (size_t)intern_add(&columns->column[1].text, two->text, two->size) + 1;
        seen = meet(&columns->column[0], one->text, one->size, 0);
        follows = seen->first == 0 || seen->first == said; /* the place of a row is not asked for: it holds what was said */
        seen->first = said;
    }
    lua_pushboolean(L, follows);
    return 1;
}

static bool is_integer(const struct read_cell *cell)
{
    size_t at = cell->size > 1 && cell->text[0] == '-';

    for (; at < cell->size; at++)
        if (cell->text[at] < '0' || cell->text[at] > '9')
            return false;
    return true;
}

/* kept:telltale(row, column, last, {[column] = true}) -> row, column: the first cell from there on, of these columns, whose
 * text is more than an integer; nothing when there is none */
static int kept_telltale(lua_State *L)
{
    struct kept_rows *rows = luaL_checkudata(L, 1, KEPT_TYPE);
    lua_Integer first = luaL_checkinteger(L, 2), column = luaL_checkinteger(L, 3), last = luaL_checkinteger(L, 4);
    size_t width = rows->kept.width;
    bool *wanted;

    luaL_checktype(L, 5, LUA_TTABLE);
    lua_settop(L, 5);
    wanted = lua_newuserdatauv(L, width + 1, 0);
    luaL_argcheck(L, first >= 1 && last <= (lua_Integer)rows->kept.count, 2, "no such row");
    for (size_t j = 1; j <= width; j++) {
        lua_rawgeti(L, 5, (lua_Integer)j);
        wanted[j] = lua_toboolean(L, -1);
        lua_pop(L, 1);
    }
    for (; first <= last; first++, column = 1) {
        struct read_row row;

        next_row(L, rows, first, &row);
        for (size_t i = 0; i < row.count; i++) {
            const struct read_cell *cell = &row.cell[i];

            if ((lua_Integer)cell->column < column || !wanted[cell->column] || cell->kind == READ_EMPTY ||
                cell->kind == READ_NUMBER || is_integer(cell))
                continue;
            lua_pushinteger(L, first);
            lua_pushinteger(L, (lua_Integer)cell->column);
            return 2;
        }
    }
    return 0;
}

void columns_register(lua_State *L)
{
    static const luaL_Reg methods[] = {
        {"texts", kept_texts}, {"follows", kept_follows}, {"telltale", kept_telltale}, {NULL, NULL}};

    type_extend(L, KEPT_TYPE, methods);
}
