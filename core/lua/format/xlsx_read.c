/* Workbooks that come back: core.read_xlsx(path) -> sheets | nil, message, code
 *
 * Each sheet is {name, hidden, rows = {[number] = {[column] = value}}}: numbers, texts and truth values as they stand in
 * the cells, rows and columns counted from 1. What a colleague's spreadsheet program saved anew reads as well as what
 * difkit wrote. A workbook is a zip archive of XML: minizip opens it, expat reads it.
 *
 * While a part is read no call of Lua is made: its cells are kept in memory of C, held by a userdata, and pushed after. */
#include "lua/binding.h"
#include "lua/host/run.h"

#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "base/number.h"
#include "lua/host/access.h"
#include "lua/parts.h"

#if defined DIFKIT_HAVE_MINIZIP && defined DIFKIT_HAVE_EXPAT

#include <expat.h>
#include <unzip.h>

#define READER_TYPE "difkit.WorkbookReader"

enum {
    PART_LIMIT = 256 * 1024 * 1024, /* bytes of one unpacked part: a small archive can unpack to any size */
    CHUNK = 64 * 1024,
    COLUMN_LIMIT = 16384
};

enum cell_kind { CELL_TEXT, CELL_NUMBER, CELL_TRUTH, CELL_SHARED };

struct cell {
    lua_Integer row, column;
    enum cell_kind kind;
    size_t begin, size; /* of its text */
};

struct reader {
    unzFile archive;
    XML_Parser parser;
    char *chunk;
    struct dk_buffer text; /* of all cells of the part */
    struct cell *cell;
    size_t cells, capacity;
    enum cell_kind kind; /* of the cell being read */
    lua_Integer row, column;
    size_t begin;        /* of its text */
    bool collecting, phonetic;
    bool too_large;
};

static int reader_close(lua_State *L)
{
    struct reader *reader = luaL_checkudata(L, 1, READER_TYPE);

    if (reader->parser != NULL)
        XML_ParserFree(reader->parser);
    reader->parser = NULL;
    if (reader->archive != NULL)
        unzClose(reader->archive);
    reader->archive = NULL;
    free(reader->chunk);
    reader->chunk = NULL;
    free(reader->cell);
    reader->cell = NULL;
    reader->cells = 0;
    dk_buffer_free(&reader->text);
    return 0;
}

static const char *attribute(const XML_Char **attributes, const char *name)
{
    for (size_t i = 0; attributes[i] != NULL; i += 2)
        if (strcmp(attributes[i], name) == 0)
            return attributes[i + 1];
    return NULL;
}

static void XMLCALL on_text(void *context, const XML_Char *text, int size)
{
    struct reader *reader = context;

    if (reader->collecting && !reader->phonetic)
        dk_buffer_add(&reader->text, text, (size_t)size);
}

static void add_cell(struct reader *reader, lua_Integer row, lua_Integer column)
{
    reader->cell = dk_list_grow(reader->cell, reader->cells, &reader->capacity, sizeof *reader->cell);
    reader->cell[reader->cells++] =
        (struct cell){row, column, reader->kind, reader->begin, reader->text.size - reader->begin};
}

/* Reads a part of the archive through the parser into the cells; false when it is there and is no good XML. */
static bool read_part(struct reader *reader, const char *name, XML_StartElementHandler start, XML_EndElementHandler end)
{
    int size = 0;
    size_t total = 0;
    bool good = true;

    reader->cells = 0;
    reader->text.size = 0;
    reader->collecting = reader->phonetic = false;
    reader->row = reader->column = 0;
    if (unzLocateFile(reader->archive, name, 1) != UNZ_OK)
        return true;
    if (unzOpenCurrentFile(reader->archive) != UNZ_OK)
        return false;
    if (reader->parser != NULL)
        XML_ParserFree(reader->parser);
    reader->parser = XML_ParserCreate(NULL);
    if (reader->parser == NULL)
        return false;
    XML_SetUserData(reader->parser, reader);
    XML_SetElementHandler(reader->parser, start, end);
    XML_SetCharacterDataHandler(reader->parser, on_text);
    while (good && (size = unzReadCurrentFile(reader->archive, reader->chunk, CHUNK)) > 0) {
        total += (size_t)size;
        reader->too_large = total > PART_LIMIT;
        good = !reader->too_large && XML_Parse(reader->parser, reader->chunk, size, 0) == XML_STATUS_OK;
    }
    good = good && size == 0 && XML_Parse(reader->parser, "", 0, 1) == XML_STATUS_OK;
    return unzCloseCurrentFile(reader->archive) == UNZ_OK && good;
}

/* The value of an attribute as a cell of its own. */
static void add_attribute(struct reader *reader, lua_Integer column, const char *value)
{
    reader->begin = reader->text.size;
    reader->kind = CELL_TEXT;
    dk_buffer_text(&reader->text, value);
    add_cell(reader, reader->row, column);
}

/* xl/workbook.xml: a row a sheet, in order: name, id of its part, state */
static void XMLCALL on_workbook(void *context, const XML_Char *element, const XML_Char **attributes)
{
    struct reader *reader = context;
    const char *name = attribute(attributes, "name"), *id = attribute(attributes, "r:id");
    const char *state = attribute(attributes, "state");

    if (strcmp(element, "sheet") != 0 || name == NULL || id == NULL)
        return;
    reader->row++;
    add_attribute(reader, 1, name);
    add_attribute(reader, 2, id);
    add_attribute(reader, 3, state != NULL ? state : "visible");
}

/* xl/_rels/workbook.xml.rels: a row a part: id, name */
static void XMLCALL on_relation(void *context, const XML_Char *element, const XML_Char **attributes)
{
    struct reader *reader = context;
    const char *id = attribute(attributes, "Id"), *target = attribute(attributes, "Target");

    if (strcmp(element, "Relationship") != 0 || id == NULL || target == NULL)
        return;
    reader->row++;
    add_attribute(reader, 1, id);
    add_attribute(reader, 2, target);
}

static void XMLCALL on_end_ignored(void *context, const XML_Char *element)
{
    (void)context;
    (void)element;
}

/* xl/sharedStrings.xml: texts that cells refer to by number */
static void XMLCALL on_shared(void *context, const XML_Char *element, const XML_Char **attributes)
{
    struct reader *reader = context;

    (void)attributes;
    if (strcmp(element, "si") == 0) {
        reader->begin = reader->text.size;
        reader->kind = CELL_TEXT;
    } else if (strcmp(element, "rPh") == 0) {
        reader->phonetic = true;
    }
    reader->collecting = strcmp(element, "t") == 0;
}

static void XMLCALL on_shared_end(void *context, const XML_Char *element)
{
    struct reader *reader = context;

    if (strcmp(element, "si") == 0)
        add_cell(reader, ++reader->row, 1);
    if (strcmp(element, "rPh") == 0)
        reader->phonetic = false;
    reader->collecting = false;
}

/* "BC12" -> column 55, row 12; without a place the next column of the row */
static void place_of(struct reader *reader, const char *place)
{
    lua_Integer column = 0;

    if (place == NULL) {
        reader->column++;
        return;
    }
    for (; *place >= 'A' && *place <= 'Z' && column <= COLUMN_LIMIT; place++)
        column = column * 26 + (*place - 'A' + 1);
    reader->column = column;
}

/* xl/worksheets/sheetN.xml */
static void XMLCALL on_sheet(void *context, const XML_Char *element, const XML_Char **attributes)
{
    struct reader *reader = context;

    if (strcmp(element, "row") == 0) {
        const char *number = attribute(attributes, "r");

        reader->row = number != NULL ? (lua_Integer)strtoll(number, NULL, 10) : reader->row + 1;
        reader->column = 0;
    } else if (strcmp(element, "c") == 0) {
        const char *type = attribute(attributes, "t");

        place_of(reader, attribute(attributes, "r"));
        reader->begin = reader->text.size;
        reader->kind = type == NULL || strcmp(type, "n") == 0 ? CELL_NUMBER
                     : strcmp(type, "s") == 0                 ? CELL_SHARED
                     : strcmp(type, "b") == 0                 ? CELL_TRUTH
                                                              : CELL_TEXT;
    }
    if (strcmp(element, "rPh") == 0)
        reader->phonetic = true;
    reader->collecting = strcmp(element, "v") == 0 || strcmp(element, "t") == 0;
}

static void XMLCALL on_sheet_end(void *context, const XML_Char *element)
{
    struct reader *reader = context;

    if (strcmp(element, "c") == 0 && reader->text.size > reader->begin && reader->row > 0 && reader->column > 0)
        add_cell(reader, reader->row, reader->column);
    if (strcmp(element, "rPh") == 0)
        reader->phonetic = false;
    reader->collecting = false;
}

/* Pushes the value of a cell; the shared texts are the table at index `shared`. */
static void push_cell(lua_State *L, const struct reader *reader, const struct cell *cell, int shared)
{
    const char *text = reader->text.bytes + cell->begin;
    double number;

    if (cell->kind == CELL_TEXT || !dk_parse_real(text, cell->size, &number)) {
        lua_pushlstring(L, text, cell->size);
    } else if (cell->kind == CELL_TRUTH) {
        lua_pushboolean(L, number != 0);
    } else if (cell->kind == CELL_SHARED) {
        lua_rawgeti(L, shared, (lua_Integer)number + 1);
    } else {
        lua_Integer integer;

        if (lua_numbertointeger(number, &integer) && (double)integer == number)
            lua_pushinteger(L, integer);
        else
            lua_pushnumber(L, number);
    }
}

/* The cells of the part as a list of rows. */
static void push_rows(lua_State *L, const struct reader *reader, int shared)
{
    lua_newtable(L);
    for (size_t i = 0; i < reader->cells; i++) {
        const struct cell *cell = &reader->cell[i];

        if (lua_rawgeti(L, -1, cell->row) == LUA_TNIL) {
            lua_pop(L, 1);
            lua_newtable(L);
            lua_pushvalue(L, -1);
            lua_rawseti(L, -3, cell->row);
        }
        push_cell(L, reader, cell, shared);
        lua_rawseti(L, -2, cell->column);
        lua_pop(L, 1);
    }
}

static int fail(lua_State *L, const struct reader *reader, const char *path)
{
    struct dk_error err;

    dk_fail(&err, DK_DATA, reader->too_large ? "%s: a part of the workbook is larger than 256 MiB"
                                             : "%s: not a workbook that can be read", path);
    return push_condition(L, &err);
}

/* The name in the archive of the part that a sheet is: targets begin at xl/, or at the root with a slash. */
static const char *part_name(lua_State *L, const char *target)
{
    return target[0] == '/' ? target + 1 : lua_pushfstring(L, "xl/%s", target);
}

/* core.read_xlsx(path); stack: path, where it is, reader, shared texts, sheets as rows, parts by id, sheets */
static int read_xlsx(lua_State *L)
{
    const char *path = files_path(L, 1);
    struct reader *reader;
    struct dk_error err;

    lua_settop(L, 1);
    if (files_resolve_read(L, path, &err) != DK_OK)
        return push_condition(L, &err);
    reader = type_hold(L, READER_TYPE, sizeof *reader, reader_close);
    reader->chunk = dk_realloc(NULL, CHUNK);
    reader->archive = unzOpen64(lua_tostring(L, 2));
    if (reader->archive == NULL) {
        dk_fail(&err, DK_IO, "%s: cannot be opened, or is not a workbook", path);
        return push_condition(L, &err);
    }
    if (!read_part(reader, "xl/sharedStrings.xml", on_shared, on_shared_end))
        return fail(L, reader, path);
    lua_newtable(L);
    for (size_t i = 0; i < reader->cells; i++) {
        push_cell(L, reader, &reader->cell[i], 4);
        lua_rawseti(L, 4, (lua_Integer)i + 1);
    }
    if (!read_part(reader, "xl/workbook.xml", on_workbook, on_end_ignored) || reader->cells == 0)
        return fail(L, reader, path);
    push_rows(L, reader, 4);
    if (!read_part(reader, "xl/_rels/workbook.xml.rels", on_relation, on_end_ignored))
        return fail(L, reader, path);
    lua_newtable(L);
    for (size_t i = 0; i + 1 < reader->cells; i += 2) {
        push_cell(L, reader, &reader->cell[i], 4);
        push_cell(L, reader, &reader->cell[i + 1], 4);
        lua_rawset(L, 6);
    }
    lua_newtable(L);
    for (lua_Integer i = 1; lua_rawgeti(L, 5, i) == LUA_TTABLE; i++) {
        int row = lua_gettop(L);

        lua_createtable(L, 0, 3);
        lua_rawgeti(L, row, 1);
        lua_setfield(L, row + 1, "name");
        lua_rawgeti(L, row, 3);
        lua_pushboolean(L, strcmp(lua_tostring(L, -1), "visible") != 0);
        lua_setfield(L, row + 1, "hidden");
        lua_rawgeti(L, row, 2);
        if (lua_rawget(L, 6) != LUA_TSTRING ||
            !read_part(reader, part_name(L, lua_tostring(L, -1)), on_sheet, on_sheet_end))
            return fail(L, reader, path);
        push_rows(L, reader, 4);
        lua_setfield(L, row + 1, "rows");
        lua_settop(L, row + 1);
        lua_rawseti(L, 7, i);
        lua_settop(L, 7);
    }
    lua_settop(L, 7);
    return 1;
}

#else

/* core.read_xlsx without minizip and expat: a condition of the world */
static int read_xlsx(lua_State *L)
{
    struct dk_error err;

    dk_fail(&err, DK_IO, "cannot read .xlsx: this difkit was built without minizip and expat");
    dk_hint(&err, "build it where their headers are (Debian: libminizip-dev, libexpat1-dev)");
    return push_condition(L, &err);
}


#endif

void xlsx_read_register(lua_State *L)
{
    lua_pushcfunction(L, read_xlsx);
    lua_setfield(L, -2, "read_xlsx");
}
