/* core.read_open: containers to cells for Lua, on core/read.
 *
 * A file and its rows are userdata, so that Lua frees what they hold whenever it raises. A row is a table of texts with
 * `line`, `n` and `kinds`. */
#define _XOPEN_SOURCE 700

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "lua/binding.h"
#include "lua/format/rows.h"
#include "lua/host/access.h"
#include "lua/host/run.h"
#include "lua/parts.h"
#include "lua/terminal/meter.h"
#include "read/file.h"

#define FILE_TYPE "difkit.ReadFile"
#define ROWS_TYPE "difkit.ReadRows"

enum { TEXT_LIMIT = 256 << 20 };

struct rows_of {
    struct sheet *sheet;       /* of a workbook, or */
    struct stat_rows *answers; /* of a file of a statistics program, or of a text: */
    struct text_reader *text;
    struct csv_reader csv;
    struct read_file *file;
    bool closed;
    size_t count;
    struct dk_buffer kinds;
};

static int file_free(lua_State *L)
{
    file_close(luaL_checkudata(L, 1, FILE_TYPE));
    return 0;
}

static void rows_release(struct rows_of *rows)
{
    sheet_close(rows->sheet);
    rows->sheet = NULL;
    stat_rows_close(rows->answers);
    rows->answers = NULL;
    if (rows->text != NULL)
        csv_end(&rows->csv);
    free(rows->text);
    rows->text = NULL;
    dk_buffer_free(&rows->kinds);
    rows->closed = true;
}

static int rows_free_all(lua_State *L)
{
    rows_release(luaL_checkudata(L, 1, ROWS_TYPE));
    return 0;
}

static struct read_file *check_file(lua_State *L)
{
    struct read_file *file = luaL_checkudata(L, 1, FILE_TYPE);

    if (file->stream == NULL)
        raise_error(L, DK_USAGE, "open it again", "the file was closed already");
    return file;
}

/* The options in the table at `index`; nothing when it is none. */
static struct read_options options_at(lua_State *L, int index)
{
    struct read_options options = {ENCODING_UNKNOWN, '\0'};

    if (!lua_istable(L, index))
        return options;
    if (lua_getfield(L, index, "encoding") == LUA_TSTRING) {
        options.encoding = encoding_by_name(lua_tostring(L, -1));
        if (options.encoding == ENCODING_UNKNOWN)
            raise_error(L, DK_USAGE, "have utf-8, utf-16le, utf-16be, windows-1252, iso-8859-1",
                        "there is no encoding \"%s\"", lua_tostring(L, -1));
    }
    if (lua_getfield(L, index, "separator") == LUA_TSTRING)
        options.separator = *lua_tostring(L, -1);
    lua_pop(L, 2);
    return options;
}

static int fail_file(lua_State *L, const char *path, const struct dk_error *err)
{
    struct dk_error placed = *err;

    dk_place(&placed, path, err->line, err->column);
    return push_condition(L, &placed);
}

/* core.read_open(path, {encoding, separator}) -> file | nil, message, code */
static int read_open(lua_State *L)
{
    const char *path = files_path(L, 1);
    struct read_options options = options_at(L, 2);
    struct read_file *file;
    struct dk_error err;
    FILE *stream;

    if (files_resolve_read(L, path, &err) != DK_OK)
        return push_condition(L, &err);
    if (dk_is_folder(lua_tostring(L, -1))) {
        dk_fail(&err, DK_IO, "cannot read %s: it is a folder", path);
        return push_condition(L, &err);
    }
    if (files_check_regular(lua_tostring(L, -1), &err) != DK_OK)
        return push_condition(L, &err);
    file = type_push(L, FILE_TYPE, sizeof *file, 0);
    stream = fopen(lua_tostring(L, -2), "rb");
    if (stream == NULL) {
        dk_fail(&err, DK_IO, "cannot read %s: %s", path, strerror(errno));
        dk_hint_neighbour(&err, lua_tostring(L, -2), path);
        return push_condition(L, &err);
    }
    if (file_open(file, stream, 0, &options, &err) != DK_OK)
        return fail_file(L, path, &err);
    return 1;
}

/* file:labels(path of a catalog of SAS) -> true | false when there is none | nil, message, code */
static int file_labels(lua_State *L)
{
    struct read_file *file = check_file(L);
    const char *path = files_path(L, 2);
    struct dk_error err;
    dk_status status;
    FILE *stream;

    if (files_resolve_read(L, path, &err) != DK_OK || dk_is_folder(lua_tostring(L, -1)) ||
        files_check_regular(lua_tostring(L, -1), &err) != DK_OK || file->statistics == NULL ||
        (stream = fopen(lua_tostring(L, -1), "rb")) == NULL) {
        lua_pushboolean(L, 0);
        return 1;
    }
    status = stat_add_labels(file->statistics, stream, &err);
    fclose(stream);
    if (status != DK_OK)
        return fail_file(L, path, &err);
    lua_pushboolean(L, 1);
    return 1;
}

/* file:ends() -> the first bytes of a text as UTF-8, and whether its last byte ends a line */
static int read_ends(lua_State *L)
{
    struct read_file *file = check_file(L);
    struct text_reader *reader = lua_newuserdatauv(L, sizeof *reader, 0);
    struct dk_buffer *head = push_buffer(L);
    struct dk_error err;
    size_t got = 1;
    bool wide = file->encoding == ENCODING_UTF16LE || file->encoding == ENCODING_UTF16BE;
    char last[2] = "";

    luaL_argcheck(L, file->encoding != ENCODING_UNKNOWN, 1, "not a text");
    if (text_begin(reader, file->stream, file->encoding, file->found.mark, &err) != DK_OK)
        return raise_status(L, &err);
    while (got > 0 && head->size < (1 << 16)) {
        if (text_fill(reader, dk_buffer_reserve(head, 1 << 14), 1 << 14, &got, &err) != DK_OK)
            return raise_status(L, &err);
        head->size += got;
    }
    if (fseeko(file->stream, wide ? -2 : -1, SEEK_END) == 0 && fread(last, 1, wide ? 2 : 1, file->stream) > 0 && wide)
        last[0] = file->encoding == ENCODING_UTF16LE ? last[0] : last[1];
    lua_pushlstring(L, head->bytes != NULL ? head->bytes : "", head->size);
    lua_pushboolean(L, last[0] == '\n' || last[0] == '\r');
    return 2;
}

/* core.read_text(text, {separator}) -> file: the rows of a text that is at hand, as UTF-8 */
static int read_given_text(lua_State *L)
{
    size_t size;
    const char *text = luaL_checklstring(L, 1, &size);
    struct read_options options = options_at(L, 2);
    struct read_file *file = type_push(L, FILE_TYPE, sizeof *file, 1);

    lua_pushvalue(L, 1); /* the stream reads where Lua keeps it */
    lua_setiuservalue(L, -2, 1);
    luaL_argcheck(L, size > 0, 1, "an empty text has no rows");
    file->stream = fmemopen((void *)text, size, "rb");
    if (file->stream == NULL)
        return raise_error(L, DK_IO, NULL, "cannot read a text: %s", strerror(errno));
    file->container = CONTAINER_CSV;
    file->encoding = ENCODING_UTF8;
    file->found.mark = size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    file->separator = options.separator != '\0' ? options.separator : ',';
    return 1;
}

/* file:entry(index from 1, {encoding, separator}, path for messages) -> file | nil, message, code */
static int file_entry(lua_State *L)
{
    struct read_file *outer = check_file(L);
    lua_Integer index = luaL_checkinteger(L, 2);
    struct read_options options = options_at(L, 3);
    const char *path = luaL_checkstring(L, 4);
    struct read_file *file;
    struct dk_error err;
    FILE *stream;

    luaL_argcheck(L, outer->archive != NULL && index >= 1 && (size_t)index <= archive_count(outer->archive), 2,
                  "no such entry");
    file = type_push(L, FILE_TYPE, sizeof *file, 0);
    if (outer->depth >= READ_DEPTH_MAX) {
        dk_fail(&err, DK_DATA, "archives within archives more than %d deep", READ_DEPTH_MAX);
        return fail_file(L, path, &err);
    }
    stream = archive_extract(outer->archive, (size_t)index - 1, &err);
    if (stream == NULL || file_open(file, stream, outer->depth + 1, &options, &err) != DK_OK)
        return fail_file(L, path, &err);
    return 1;
}

static void push_sheets(lua_State *L, const struct workbook *workbook)
{
    lua_newtable(L);
    for (size_t i = 0; i < workbook_sheets(workbook); i++) {
        struct workbook_sheet sheet = workbook_sheet(workbook, i);

        lua_createtable(L, 0, 2);
        lua_pushstring(L, sheet.name);
        lua_setfield(L, -2, "name");
        lua_pushboolean(L, sheet.hidden);
        lua_setfield(L, -2, "hidden");
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

static void push_entries(lua_State *L, const struct archive *archive)
{
    lua_newtable(L);
    for (size_t i = 0; i < archive_count(archive); i++) {
        lua_createtable(L, 0, 2);
        lua_pushstring(L, archive_name(archive, i));
        lua_setfield(L, -2, "name");
        lua_pushinteger(L, (lua_Integer)archive_size(archive, i));
        lua_setfield(L, -2, "size");
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

static void push_variable(lua_State *L, const struct stat_variable *variable)
{
    lua_createtable(L, 0, 8);
    lua_pushstring(L, variable->name);
    lua_setfield(L, -2, "name");
    lua_pushstring(L, variable->label);
    lua_setfield(L, -2, "label");
    lua_pushstring(L, variable->text ? "string" : variable->date ? "date" : "numeric");
    lua_setfield(L, -2, "type");
    lua_pushstring(L, variable->format);
    lua_setfield(L, -2, "format");
    lua_pushstring(L, variable->missing);
    lua_setfield(L, -2, "missing");
    lua_pushboolean(L, variable->weight);
    lua_setfield(L, -2, "weight");
    lua_createtable(L, (int)variable->values, 0);
    for (size_t i = 0; i < variable->values; i++) {
        lua_createtable(L, 0, 2);
        lua_pushstring(L, variable->value[i].code);
        lua_setfield(L, -2, "code");
        lua_pushstring(L, variable->value[i].text);
        lua_setfield(L, -2, "label");
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_setfield(L, -2, "values");
}

static void push_variables(lua_State *L, const struct stat_file *file)
{
    lua_createtable(L, (int)stat_variables(file), 0);
    for (size_t i = 0; i < stat_variables(file); i++) {
        push_variable(L, stat_variable(file, i));
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

/* file:about() -> {container, packed, encoding, separator, mark, invalid_line, sheets, entries, variables} */
static int file_about(lua_State *L)
{
    struct read_file *file = check_file(L);

    lua_createtable(L, 0, 8);
    lua_pushstring(L, container_name(file->container));
    lua_setfield(L, -2, "container");
    lua_pushboolean(L, file->packed);
    lua_setfield(L, -2, "packed");
    if (file->statistics != NULL) {
        push_variables(L, file->statistics);
        lua_setfield(L, -2, "variables");
    } else if (file->workbook != NULL) {
        push_sheets(L, file->workbook);
        lua_setfield(L, -2, "sheets");
    } else if (file->archive != NULL) {
        push_entries(L, file->archive);
        lua_setfield(L, -2, "entries");
    }
    if (file->encoding == ENCODING_UNKNOWN)
        return 1;
    lua_pushstring(L, encoding_name(file->encoding));
    lua_setfield(L, -2, "encoding");
    lua_pushboolean(L, file->found.mark > 0);
    lua_setfield(L, -2, "mark");
    lua_pushinteger(L, (lua_Integer)file->found.invalid_line);
    lua_setfield(L, -2, "invalid_line");
    if (file->container == CONTAINER_CSV) {
        lua_pushlstring(L, &file->separator, 1);
        lua_setfield(L, -2, "separator");
    }
    return 1;
}

/* file:text() -> text | nil, message, code */
static int read_whole_text(lua_State *L)
{
    struct read_file *file = check_file(L);
    struct dk_buffer *text = push_buffer(L);
    struct host *host = host_of(L);
    struct dk_error err;
    long size;

    luaL_argcheck(L, file->encoding != ENCODING_UNKNOWN, 1, "not a text");
    fseek(file->stream, 0, SEEK_END);
    size = ftell(file->stream);
    if (host != NULL && size > 0 && !host_has_memory(host, (size_t)size))
        return raise_error(L, DK_LIMIT, DK_LIFT_MEMORY, "a text of %ld bytes does not fit into the memory limit", size);
    if (file_text(file, TEXT_LIMIT, text, &err) != DK_OK)
        return push_condition(L, &err);
    lua_pushlstring(L, text->bytes != NULL ? text->bytes : "", text->size);
    return 1;
}

/* file:rows(sheet from 1) -> rows | nil, message, code */
static int file_rows_of(lua_State *L)
{
    struct read_file *file = check_file(L);
    lua_Integer index = luaL_optinteger(L, 2, 1);
    struct rows_of *rows = type_push(L, ROWS_TYPE, sizeof *rows, 1);
    struct dk_error err;

    lua_pushvalue(L, 1);
    lua_setiuservalue(L, -2, 1);
    rows->file = file;
    if (file->workbook != NULL) {
        luaL_argcheck(L, index >= 1 && (size_t)index <= workbook_sheets(file->workbook), 2, "no such sheet");
        rows->sheet = sheet_open(file->workbook, (size_t)index - 1, &err);
        return rows->sheet != NULL ? 1 : push_condition(L, &err);
    }
    if (file->statistics != NULL) {
        rows->answers = stat_rows_open(file->statistics);
        return 1;
    }
    luaL_argcheck(L, file->container == CONTAINER_CSV, 1, "no rows");
    rows->text = dk_alloc(sizeof *rows->text);
    return file_rows(file, rows->text, &rows->csv, &err) == DK_OK ? 1 : push_condition(L, &err);
}

static void check_limits(lua_State *L, const struct rows_of *rows)
{
    struct host *host = host_of(L);

    if (host == NULL)
        return;
    limits_check(L);
    if (rows->file->workbook != NULL && !host_has_memory(host, workbook_memory(rows->file->workbook)))
        raise_error(L, DK_LIMIT, DK_LIFT_MEMORY, "the texts of the workbook do not fit into the memory limit");
}

/* The next row of whatever is read. */
static dk_status take_row(struct rows_of *rows, struct read_row *row, bool *found, struct dk_error *err)
{
    if (rows->answers != NULL)
        return stat_rows_next(rows->answers, row, found, err);
    return rows->sheet != NULL ? sheet_next(rows->sheet, row, found, err) : csv_next(&rows->csv, row, found, err);
}

static int push_fault(lua_State *L, const struct dk_error *err)
{
    lua_pushnil(L);
    lua_pushstring(L, err->message);
    lua_pushstring(L, dk_code_name(err->code));
    lua_pushinteger(L, err->line);
    lua_pushinteger(L, err->column);
    lua_pushstring(L, err->hint);
    return 6;
}

/* rows:next() -> row | nil at the end | nil, message, code, line, column, hint */
static int rows_next(lua_State *L)
{
    struct rows_of *rows = luaL_checkudata(L, 1, ROWS_TYPE);
    struct read_row row;
    struct dk_error err;
    bool found;

    if (rows->closed || rows->file->stream == NULL)
        return 0;
    if (rows->count++ % CHECK_EVERY == 0)
        check_limits(L, rows);
    if (take_row(rows, &row, &found, &err) != DK_OK)
        return push_fault(L, &err);
    if (!found)
        return 0;
    push_row(L, &rows->kinds, &row);
    return 1;
}

/* rows:merged() -> {{row, column, last_row, last_column}, …}: those met so far */
static int rows_merged(lua_State *L)
{
    struct rows_of *rows = luaL_checkudata(L, 1, ROWS_TYPE);
    size_t count = 0;
    const struct workbook_merge *merge = rows->sheet != NULL ? sheet_merges(rows->sheet, &count) : NULL;

    lua_newtable(L);
    for (size_t i = 0; i < count; i++) {
        const size_t place[] = {merge[i].row, merge[i].column, merge[i].last_row, merge[i].last_column};

        lua_createtable(L, 4, 0);
        for (int j = 0; j < 4; j++) {
            lua_pushinteger(L, (lua_Integer)place[j]);
            lua_rawseti(L, -2, j + 1);
        }
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

/* rows:finish(): reads on to the end without giving rows, as for the merged cells, which stand there -> true | nil, message
 */
static int rows_finish(lua_State *L)
{
    struct rows_of *rows = luaL_checkudata(L, 1, ROWS_TYPE);
    struct read_row row;
    struct dk_error err;
    bool found = true;

    while (!rows->closed && rows->sheet != NULL && found) {
        if (rows->count++ % CHECK_EVERY == 0)
            check_limits(L, rows);
        if (sheet_next(rows->sheet, &row, &found, &err) != DK_OK)
            return push_condition(L, &err);
    }
    lua_pushboolean(L, 1);
    return 1;
}

/* rows:keep([blank lines too]) -> kept | nil, message, code, line, column, hint: reads to the end. With blank lines, a
 * line that a sheet leaves out is a row without cells, so that every row has its number as its place; without it, lines
 * without a cell are left out. */
static int rows_keep(lua_State *L)
{
    struct rows_of *rows = luaL_checkudata(L, 1, ROWS_TYPE);
    bool blanks = lua_toboolean(L, 2);
    struct dk_meter *meter = meter_push(L, "row", 0);
    struct kept_rows *kept = type_push(L, KEPT_TYPE, sizeof *kept, 0);
    struct read_row row;
    struct dk_error err;
    bool found = true;

    while (!rows->closed && rows->file->stream != NULL) {
        if (rows->count++ % CHECK_EVERY == 0) {
            check_limits(L, rows);
            dk_meter_tick(meter, rows->count);
        }
        if (take_row(rows, &row, &found, &err) != DK_OK)
            return push_fault(L, &err);
        if (!found)
            break;
        while (blanks && kept->kept.count + 1 < row.line) {
            struct read_row none = {.line = kept->kept.count + 1};

            if (kept_add(&kept->kept, &none, &err) != DK_OK)
                return push_fault(L, &err);
        }
        if (kept_add(&kept->kept, &row, &err) != DK_OK)
            return push_fault(L, &err);
    }
    return 1;
}

void read_register(lua_State *L)
{
    static const luaL_Reg file_methods[] = {{"about", file_about},     {"entry", file_entry}, {"rows", file_rows_of},
                                            {"text", read_whole_text}, {"ends", read_ends},   {"labels", file_labels},
                                            {"close", file_free},      {NULL, NULL}};
    static const luaL_Reg file_events[] = {{"__gc", file_free}, {"__close", file_free}, {NULL, NULL}};
    static const luaL_Reg rows_methods[] = {{"next", rows_next},      {"merged", rows_merged}, {"finish", rows_finish},
                                            {"close", rows_free_all}, {"keep", rows_keep},     {NULL, NULL}};
    static const luaL_Reg rows_events[] = {{"__gc", rows_free_all}, {"__close", rows_free_all}, {NULL, NULL}};

    type_register(L, FILE_TYPE, file_methods, file_events);
    lua_pop(L, 1);
    type_register(L, ROWS_TYPE, rows_methods, rows_events);
    lua_pop(L, 1);
    kept_register(L);
    lua_pushcfunction(L, read_open);
    lua_setfield(L, -2, "read_open");
    lua_pushcfunction(L, read_given_text);
    lua_setfield(L, -2, "read_text");
}
