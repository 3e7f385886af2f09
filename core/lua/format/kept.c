/* Rows kept outside of Lua (read/kept.h), of which each becomes a table when it is asked for. */
#include "lua/format/rows.h"

#include <string.h>

#include "lua/binding.h"
#include "lua/host/access.h"
#include "lua/host/run.h"
#include "read/tell.h"

void push_row(lua_State *L, struct dk_buffer *buffer, const struct read_row *row)
{
    size_t width = row->count > 0 ? row->cell[row->count - 1].column : 0;
    char *kinds;

    buffer->size = 0;
    kinds = dk_buffer_reserve(buffer, width);
    memset(kinds, READ_EMPTY, width);
    lua_createtable(L, (int)width, 3);
    for (size_t i = 0; i < row->count; i++) {
        const struct read_cell *cell = &row->cell[i];

        if (cell->kind == READ_EMPTY || cell->column > width)
            continue;
        kinds[cell->column - 1] = (char)cell->kind;
        lua_pushlstring(L, cell->text, cell->size);
        lua_rawseti(L, -2, (lua_Integer)cell->column);
    }
    lua_pushlstring(L, kinds, width);
    lua_setfield(L, -2, "kinds");
    lua_pushinteger(L, (lua_Integer)row->line);
    lua_setfield(L, -2, "line");
    lua_pushinteger(L, (lua_Integer)width);
    lua_setfield(L, -2, "n");
}

static int kept_free_all(lua_State *L)
{
    struct kept_rows *rows = luaL_checkudata(L, 1, KEPT_TYPE);

    kept_free(&rows->kept);
    dk_buffer_free(&rows->kinds);
    return 0;
}

/* Whether there are spaces around the text, or characters beyond ASCII, among which are spaces, too. */
static bool may_be_spaced(const struct read_cell *cell)
{
    if (cell->size == 0)
        return true; /* an empty text in quotes */
    for (size_t i = 0; i < cell->size; i++)
        if ((unsigned char)cell->text[i] >= 0x80)
            return true;
    return (unsigned char)cell->text[0] <= ' ' || (unsigned char)cell->text[cell->size - 1] <= ' ';
}

/* kept:row(index from 1) -> row; `spaced` when a text may have spaces around it */
static int kept_row(lua_State *L)
{
    struct kept_rows *rows = luaL_checkudata(L, 1, KEPT_TYPE);
    lua_Integer index = luaL_checkinteger(L, 2);
    struct read_row row;
    struct dk_error err;

    if (index < 1 || (size_t)index > rows->kept.count)
        return 0;
    if (kept_get(&rows->kept, (size_t)index - 1, &row, &err) != DK_OK)
        return raise_status(L, &err);
    push_row(L, &rows->kinds, &row);
    for (size_t i = 0; i < row.count; i++)
        if (row.cell[i].kind != READ_EMPTY && may_be_spaced(&row.cell[i])) {
            lua_pushboolean(L, 1);
            lua_setfield(L, -2, "spaced");
            break;
        }
    return 1;
}

/* kept:misfit(first, last, width) -> the first of these rows that does not end in the cell of that number; nil: none */
static int kept_misfit(lua_State *L)
{
    struct kept_rows *rows = luaL_checkudata(L, 1, KEPT_TYPE);
    lua_Integer first = luaL_checkinteger(L, 2), last = luaL_checkinteger(L, 3);
    size_t width = (size_t)luaL_checkinteger(L, 4);
    struct read_row row;
    struct dk_error err;

    luaL_argcheck(L, first >= 1 && last <= (lua_Integer)rows->kept.count, 2, "no such row");
    for (; first <= last; first++) {
        if (first % CHECK_EVERY == 0 && host_of(L) != NULL)
            limits_check(L);
        if (kept_get(&rows->kept, (size_t)first - 1, &row, &err) != DK_OK)
            return raise_status(L, &err);
        if (row.count == 0 || row.cell[row.count - 1].column != width) {
            lua_pushinteger(L, first);
            return 1;
        }
    }
    return 0;
}

/* The digest of the text of a cell (FNV-1a), going on from another. */
static uint64_t digest_cell(uint64_t digest, const struct read_row *row, size_t column)
{
    for (size_t i = 0; i < row->count; i++)
        if (row->cell[i].column == column && row->cell[i].kind != READ_EMPTY)
            for (size_t j = 0; j < row->cell[i].size; j++)
                digest = (digest ^ (unsigned char)row->cell[i].text[j]) * 1099511628211u;
    return (digest ^ 0xFF) * 1099511628211u; /* the end of a cell */
}

enum { COMPARED_MAX = 64 };

/* The columns in the list at `index`, at most COMPARED_MAX. */
static size_t columns_at(lua_State *L, int index, size_t column[COMPARED_MAX])
{
    size_t count;

    luaL_checktype(L, index, LUA_TTABLE);
    count = lua_rawlen(L, index); /* a script may have given it a length of its own */
    luaL_argcheck(L, count <= COMPARED_MAX, index, "too many columns");
    for (size_t i = 0; i < count; i++) {
        lua_rawgeti(L, index, (lua_Integer)i + 1);
        column[i] = (size_t)luaL_checkinteger(L, -1);
        lua_pop(L, 1);
    }
    return count;
}

static int tell_collect(lua_State *L)
{
    tell_free(lua_touserdata(L, 1));
    return 0;
}

/* kept:telling(first, last, keys, candidates) -> {[column] = true}: the candidates in which two of these rows differ that
 * are the same in all columns of `keys` */
static int kept_telling(lua_State *L)
{
    struct kept_rows *rows = luaL_checkudata(L, 1, KEPT_TYPE);
    lua_Integer first = luaL_checkinteger(L, 2), last = luaL_checkinteger(L, 3);
    size_t key[COMPARED_MAX], candidate[COMPARED_MAX];
    size_t keys = columns_at(L, 4, key), candidates = columns_at(L, 5, candidate);
    struct tell *tell = type_hold(L, "difkit.KeptTelling", sizeof *tell, tell_collect);
    struct read_row row;
    struct dk_error err;

    luaL_argcheck(L, first >= 1 && last <= (lua_Integer)rows->kept.count, 2, "no such row");
    tell_begin(tell, candidates);
    for (; first <= last; first++) {
        uint64_t digest = 14695981039346656037u, seen[COMPARED_MAX];

        if (first % CHECK_EVERY == 0 && host_of(L) != NULL)
            limits_check(L);
        if (kept_get(&rows->kept, (size_t)first - 1, &row, &err) != DK_OK)
            return raise_status(L, &err);
        for (size_t i = 0; i < keys; i++)
            digest = digest_cell(digest, &row, key[i]);
        for (size_t i = 0; i < candidates; i++)
            seen[i] = digest_cell(0, &row, candidate[i]);
        if (tell_add(tell, digest, seen, &err) != DK_OK)
            return raise_status(L, &err);
    }
    if (tell_finish(tell, &err) != DK_OK)
        return raise_status(L, &err);
    lua_newtable(L);
    for (size_t i = 0; i < candidates; i++)
        if (tell->differs[i]) {
            lua_pushboolean(L, 1);
            lua_rawseti(L, -2, (lua_Integer)candidate[i]);
        }
    return 1;
}

/* kept:size() -> rows, width */
static int kept_size(lua_State *L)
{
    struct kept_rows *rows = luaL_checkudata(L, 1, KEPT_TYPE);

    lua_pushinteger(L, (lua_Integer)rows->kept.count);
    lua_pushinteger(L, (lua_Integer)rows->kept.width);
    return 2;
}

void kept_register(lua_State *L)
{
    static const luaL_Reg kept_methods[] = {
        {"row", kept_row}, {"size", kept_size}, {"misfit", kept_misfit}, {"telling", kept_telling}, {NULL, NULL}};
    static const luaL_Reg kept_events[] = {{"__gc", kept_free_all}, {NULL, NULL}};

    type_register(L, KEPT_TYPE, kept_methods, kept_events);
    lua_pop(L, 1);
    columns_register(L);
}
