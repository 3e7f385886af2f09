/* clang-format off */
/* Workbooks: core.xlsx(path, options) begins one, rows are added one at a time and kept by libxlsxwriter in files, not in
 * memory, and save() publishes it whole.
 *
 *   book:sheet(name, columns, [kinds])
 *                                 begins a sheet; columns is a list of names, kinds what some of them hold, by place:
 *                                 "date" (texts such as 2026-03-31 become dates), "share" (shown as per cent), "font NAME"
 *   book:row(row)                 adds a row: a table by column name
 *   book:choices(column, last, from, to, [first])
 *                                 lets the cells of a column, from row `first` (below the header where it is left out) to
 *                                 row `last`, be chosen from those of rows from..to of it, which everybody sees; the
 *                                 filter ends at `last`
 *   book:fixed(column, last, why) lets nobody type into them
 *   book:text(line, bold)         adds a line of text to a sheet without columns
 *   book:proof(text)              adds a hidden sheet that holds the text
 *   book:save()                   -> true | nil, message, code
 *   book:discard()
 *
 * Numbers, texts and truth values keep their type; a text is never run as a formula unless the options say `formulas`.
 * Same rows, same bytes: the date inside the file is SOURCE_DATE_EPOCH or a fixed one. */
/* clang-format on */
#define _POSIX_C_SOURCE 200809L

#include "base/file.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "lua/binding.h"
#include "lua/host/access.h"
#include "lua/host/run.h"
#include "lua/parts.h"
#include "read/workbook.h"

#ifdef DIFKIT_HAVE_XLSXWRITER

#include "lua/format/cells.h"
#include "lua/format/xlsxwriter.h"

#define WORKBOOK_TYPE "difkit.Workbook"

enum {
    ROW_LIMIT = 1048576,
    COLUMN_LIMIT = 16384,
    TEXT_LIMIT = 32767,
    PROOF_PART = 30000,   /* of the text on the hidden sheet: leaves room for characters without width */
    MEASURED_ROWS = 1000, /* that decide the width of a column */
    LINES_MOST = 27,      /* of a row: Excel allows 409 points */
    LINE_POINTS = 15,
    A4 = 9,
    WIDEST = 60,
    FIXED_DATE = 946684800 /* 2000-01-01 */
};

enum kind { KIND_PLAIN, KIND_DATE, KIND_SHARE };

struct sheet_column {
    const char *name; /* kept by the list of names in the registry */
    size_t width;
    enum kind kind;
    lxw_format *font, *wrapped_font; /* of a column in a script that needs a font of its own; NULL */
};

struct book {
    struct dk_output output; /* its stream is not written to: libxlsxwriter writes the temporary file by name */
    bool open, dry_run;
    lxw_workbook *workbook;
    lxw_worksheet *sheet;
    lxw_format *header, *wrapped, *bold, *top, *date, *share;
    lxw_format *row_format; /* of plain cells of the row: NULL, or `top` where it is high */
    struct sheet_column *column;
    size_t columns, row, measured;
    size_t filtered; /* the last row of the filter, from 1; 0: the last row */
    size_t cells;    /* of all sheets: what the finished workbook must have */
    bool formulas;
    int names;  /* reference to the list of names of the sheet */
    char *path; /* where it goes */
};

static struct book *check_book(lua_State *L)
{
    struct book *book = luaL_checkudata(L, 1, WORKBOOK_TYPE);

    if (!book->open)
        raise_error(L, DK_USAGE, NULL, "the workbook was saved or discarded already");
    return book;
}

/* The widths found, the header's filter and its freezing: what a sheet needs when its rows are known. */
static void finish_sheet(struct book *book)
{
    if (book->sheet == NULL || book->columns == 0)
        return;
    for (size_t i = 0; i < book->columns; i++) {
        size_t width = book->column[i].width + 2;
        bool wide = width > WIDEST;

        xlsxwriter.worksheet_set_column(book->sheet, (lxw_col_t)i, (lxw_col_t)i, wide ? WIDEST : (double)width, NULL);
    }
    xlsxwriter.worksheet_freeze_panes(book->sheet, 1, 0);
    if (book->filtered == 0)
        book->filtered = book->row > 1 ? book->row : 2;
    xlsxwriter.worksheet_autofilter(book->sheet, 0, 0, (lxw_row_t)(book->filtered - 1), (lxw_col_t)(book->columns - 1));
}

/* Lets go of everything; what was written is thrown away unless it was published. */
static void release(lua_State *L, struct book *book)
{
    if (!book->open)
        return;
    book->open = false;
    if (book->workbook != NULL)
        xlsxwriter.lxw_workbook_free(book->workbook);
    book->workbook = NULL;
    if (!book->dry_run)
        dk_output_discard(&book->output);
    free(book->column);
    book->column = NULL;
    free(book->path);
    book->path = NULL;
    luaL_unref(L, LUA_REGISTRYINDEX, book->names);
    book->names = LUA_NOREF;
}

static int book_discard(lua_State *L)
{
    release(L, luaL_checkudata(L, 1, WORKBOOK_TYPE));
    return 0;
}

static const char *check_text(lua_State *L, int index, size_t row, const char *column)
{
    size_t size;
    const char *text = lua_tolstring(L, index, &size);

    if (!dk_text_valid(text, size, NULL))
        raise_error(L, DK_USAGE, NULL, "row %zu, column \"%s\": text is not valid UTF-8", row, column);
    if (strlen(text) != size)
        raise_error(L, DK_USAGE, NULL, "row %zu, column \"%s\": text holds a zero byte", row, column);
    if (dk_text_fit(text, size, TEXT_LIMIT) < size && size > TEXT_LIMIT)
        raise_error(L, DK_USAGE, "shorten it, or write CSV", "row %zu, column \"%s\": a cell holds at most %d characters",
                    row, column, TEXT_LIMIT);
    return text;
}

/* Whether the text begins with _xHHHH_, which programs read as the character of that number. */
static bool begins_escape(const char *text)
{
    return text[0] == '_' && text[1] == 'x' && strspn(text + 2, "0123456789abcdefABCDEF") >= 4 && text[6] == '_';
}

/* Puts in the place of the text at the top of the stack one in which no _xHHHH_ is read as a character; gives it. */
static const char *escape_cell(lua_State *L)
{
    const char *text = lua_tostring(L, -1);
    const char *next = text;
    luaL_Buffer out;

    while ((next = strstr(next, "_x")) != NULL && !begins_escape(next))
        next++;
    if (next == NULL)
        return text;
    luaL_buffinit(L, &out);
    for (; *text != '\0'; text++) {
        if (begins_escape(text))
            luaL_addstring(&out, "_x005F");
        luaL_addchar(&out, *text);
    }
    luaL_pushresult(&out);
    lua_remove(L, -2);
    return lua_tostring(L, -1);
}

/* Pushes a table of our own with the names at index 3, at index 5: while it is there they are. */
static void copy_names(lua_State *L, lua_Integer count)
{
    lua_settop(L, 4);
    lua_createtable(L, (int)count, 0);
    for (lua_Integer i = 1; i <= count; i++) {
        if (lua_rawgeti(L, 3, i) != LUA_TSTRING)
            raise_error(L, DK_USAGE, NULL, "the name of column %lld must be text", (long long)i);
        check_text(L, -1, 0, "header");
        lua_rawseti(L, 5, i);
    }
}

static void write_string(struct book *book, size_t row, size_t column, const char *text, lxw_format *format)
{
    if (*text == '\0' && format == NULL)
        return; /* libxlsxwriter makes no cell of it */
    xlsxwriter.worksheet_write_string(book->sheet, (lxw_row_t)row, (lxw_col_t)column, text, format);
    book->cells++;
}

/* How a sheet goes on paper: A4 that lies, as wide as the page, its heading on each, numbered. */
static void set_up_print(struct book *book)
{
    xlsxwriter.worksheet_set_paper(book->sheet, A4);
    xlsxwriter.worksheet_set_margins(book->sheet, 0.5, 0.5, 0.6, 0.6);
    xlsxwriter.worksheet_fit_to_pages(book->sheet, 1, 0);
    xlsxwriter.worksheet_set_footer(book->sheet, "&L&A&R&P / &N");
    if (book->columns > 0) {
        xlsxwriter.worksheet_set_landscape(book->sheet);
        xlsxwriter.worksheet_repeat_rows(book->sheet, 0, 0);
    }
}

/* A format with the font at the top of the stack, for texts that wrap or do not. */
static lxw_format *font_format(lua_State *L, struct book *book, bool wraps)
{
    lxw_format *format = xlsxwriter.workbook_add_format(book->workbook);

    xlsxwriter.format_set_font_name(format, lua_tostring(L, -1));
    xlsxwriter.format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
    if (wraps)
        xlsxwriter.format_set_text_wrap(format);
    return format;
}

/* The fonts of the column at `place`: what the list at index 4 says as "font NAME". */
static void set_fonts(lua_State *L, struct book *book, struct sheet_column *column, lua_Integer place)
{
    column->font = column->wrapped_font = NULL;
    if (lua_istable(L, 4) && lua_rawgeti(L, 4, place) == LUA_TSTRING && strncmp(lua_tostring(L, -1), "font ", 5) == 0) {
        lua_pushstring(L, lua_tostring(L, -1) + 5);
        column->font = font_format(L, book, false);
        column->wrapped_font = font_format(L, book, true);
    }
    lua_settop(L, 5);
}

/* The kind of the column at `place`, from the list at index 4. */
static enum kind kind_of(lua_State *L, lua_Integer place)
{
    enum kind kind = KIND_PLAIN;

    if (lua_istable(L, 4) && lua_rawgeti(L, 4, place) == LUA_TSTRING)
        kind = strcmp(lua_tostring(L, -1), "date") == 0    ? KIND_DATE
               : strcmp(lua_tostring(L, -1), "share") == 0 ? KIND_SHARE
                                                           : KIND_PLAIN;
    lua_settop(L, 5);
    return kind;
}

/* book:sheet(name, columns, kinds) */
static int book_sheet(lua_State *L)
{
    struct book *book = check_book(L);
    const char *name = luaL_checkstring(L, 2);
    lua_Integer count;
    lxw_error problem;

    luaL_checktype(L, 3, LUA_TTABLE);
    count = (lua_Integer)lua_rawlen(L, 3); /* a script may have given it a length of its own */
    if (count > COLUMN_LIMIT)
        return raise_error(L, DK_USAGE, "select fewer, or write CSV", "a sheet has at most %d columns, not %lld",
                           COLUMN_LIMIT, (long long)count);
    copy_names(L, count);
    finish_sheet(book);
    problem = xlsxwriter.workbook_validate_sheet_name(book->workbook, name);
    if (problem != LXW_NO_ERROR)
        return raise_error(L, DK_USAGE, "at most 31 characters, none of []:*?/\\, each name once",
                           "a sheet cannot be called \"%s\"", name);
    book->sheet = xlsxwriter.workbook_add_worksheet(book->workbook, name);
    book->column = dk_realloc(book->column, ((size_t)count + 1) * sizeof *book->column);
    book->columns = (size_t)count;
    book->row = book->measured = book->filtered = 0;
    set_up_print(book);
    luaL_unref(L, LUA_REGISTRYINDEX, book->names);
    lua_pushvalue(L, 5);
    book->names = luaL_ref(L, LUA_REGISTRYINDEX);
    if (count == 0) {
        xlsxwriter.worksheet_set_column(book->sheet, 0, 0, 100, book->wrapped);
        return 0;
    }
    for (lua_Integer i = 1; i <= count; i++) {
        struct sheet_column *column = &book->column[i - 1];

        column->kind = kind_of(L, i);
        set_fonts(L, book, column, i);
        lua_rawgeti(L, 5, i);
        column->name = lua_tostring(L, -1);
        column->width = dk_text_width(column->name, strlen(column->name)) + 2; /* the filter's button */
        lua_pushvalue(L, -1);
        write_string(book, 0, (size_t)i - 1, escape_cell(L), book->header);
        lua_pop(L, 1);
        lua_pop(L, 1);
    }
    book->row = 1;
    return 0;
}

static void measure(struct book *book, struct sheet_column *column, const char *text)
{
    size_t width;

    if (book->measured >= MEASURED_ROWS)
        return;
    width = dk_text_width(text, strlen(text));
    if (width > column->width)
        column->width = width > WIDEST ? WIDEST + 1 : width;
}

static void write_number(lua_State *L, struct book *book, lxw_row_t row, lxw_col_t at, struct sheet_column *column)
{
    lua_Number value = lua_tonumber(L, -1);
    char shown[64];

    if (!isfinite(value))
        raise_error(L, DK_USAGE, "leave the value out (nil) and say why in another column",
                    "row %zu, column \"%s\": a workbook has no such number", book->row, column->name);
    snprintf(shown, sizeof shown, lua_isinteger(L, -1) ? "%.0f" : "%.10g", value);
    if (lua_isinteger(L, -1) && (lua_tointeger(L, -1) > 9007199254740992 || lua_tointeger(L, -1) < -9007199254740992)) {
        /* A workbook's numbers are doubles: a longer integer keeps its digits as text. */
        snprintf(shown, sizeof shown, "%lld", (long long)lua_tointeger(L, -1));
        write_string(book, row, at, shown, book->row_format);
    } else {
        bool share = column->kind == KIND_SHARE;

        xlsxwriter.worksheet_write_number(book->sheet, row, at, value, share ? book->share : book->row_format);
        book->cells++;
    }
    measure(book, column, shown);
}

static bool wraps(const char *text)
{
    return strlen(text) > WIDEST || strchr(text, '\n') != NULL;
}

static void write_text(lua_State *L, struct book *book, lxw_row_t row, lxw_col_t at, struct sheet_column *column)
{
    const char *text = check_text(L, -1, book->row, column->name);
    long serial = column->kind == KIND_DATE ? cells_date(text) : 0;

    measure(book, column, text);
    if (serial > 0) {
        xlsxwriter.worksheet_write_number(book->sheet, row, at, (double)serial, book->date);
        book->cells++;
    } else if (book->formulas && text[0] == '=') {
        xlsxwriter.worksheet_write_formula(book->sheet, row, at, text, NULL);
        book->cells++;
    } else {
        bool high = wraps(text);

        lxw_format *wrapped = column->font != NULL ? column->wrapped_font : book->wrapped;
        lxw_format *plain = *text == '\0' ? NULL : column->font != NULL ? column->font : book->row_format;

        write_string(book, row, at, escape_cell(L), high ? wrapped : plain);
    }
}

/* How many lines the row at index 2 takes up: those of its longest wrapped text. */
static size_t count_lines(lua_State *L, struct book *book)
{
    size_t most = 1;

    for (size_t i = 0; i < book->columns; i++) {
        struct sheet_column *column = &book->column[i];

        lua_pushstring(L, column->name);
        if (lua_rawget(L, 2) == LUA_TSTRING && wraps(lua_tostring(L, -1))) {
            size_t lines;

            measure(book, column, lua_tostring(L, -1));
            lines = cells_lines(lua_tostring(L, -1), column->width > WIDEST ? WIDEST : column->width);
            most = lines > most ? lines : most;
        }
        lua_pop(L, 1);
    }
    return most;
}

/* book:row(row) */
static int book_row(lua_State *L)
{
    struct book *book = check_book(L);
    lxw_row_t row = (lxw_row_t)book->row;
    size_t lines;

    luaL_checktype(L, 2, LUA_TTABLE);
    if (book->sheet == NULL || book->columns == 0)
        return raise_error(L, DK_USAGE, NULL, "a row needs a sheet with columns");
    if (book->row >= ROW_LIMIT)
        return raise_error(L, DK_USAGE, "write CSV, or several sheets", "a sheet has at most %d rows", ROW_LIMIT);
    lines = count_lines(L, book);
    book->row_format = lines > 1 ? book->top : NULL;
    for (size_t i = 0; i < book->columns; i++) {
        struct sheet_column *column = &book->column[i];
        lxw_col_t at = (lxw_col_t)i;

        lua_pushstring(L, column->name);
        switch (lua_rawget(L, 2)) {
        case LUA_TNIL:
            break;
        case LUA_TNUMBER:
            write_number(L, book, row, at, column);
            break;
        case LUA_TBOOLEAN:
            xlsxwriter.worksheet_write_boolean(book->sheet, row, at, lua_toboolean(L, -1), book->row_format);
            book->cells++;
            break;
        case LUA_TSTRING:
            write_text(L, book, row, at, column);
            break;
        default:
            return raise_error(L, DK_USAGE, "give text, a number, true, false or nil",
                               "row %zu, column \"%s\": cannot write a %s", book->row, column->name, luaL_typename(L, -1));
        }
        lua_pop(L, 1);
    }
    if (lines > 1) /* programs that do not measure rows themselves show all of it */
        xlsxwriter.worksheet_set_row(book->sheet, row, (double)(LINE_POINTS * (lines > LINES_MOST ? LINES_MOST : lines)),
                                     NULL);
    book->row++;
    book->measured++;
    return 0;
}

/* Rows below the header down to the one at `index`, of the column at index 2: both counted from 1. */
static void check_range(lua_State *L, struct book *book, lxw_col_t *column, lxw_row_t *last)
{
    lua_Integer at = luaL_checkinteger(L, 2), row = luaL_checkinteger(L, 3);

    if (book->sheet == NULL || at < 1 || (size_t)at > book->columns || row < 2 || row > ROW_LIMIT)
        raise_error(L, DK_USAGE, NULL, "the sheet does not reach so far");
    *column = (lxw_col_t)(at - 1);
    *last = (lxw_row_t)(row - 1);
    book->filtered = (size_t)row;
}

static void validate(lua_State *L, struct book *book, lxw_col_t column, lxw_row_t first, lxw_row_t last,
                     lxw_data_validation *rule)
{
    if (xlsxwriter.worksheet_data_validation_range(book->sheet, first, column, last, column, rule) != LXW_NO_ERROR)
        raise_error(L, DK_USAGE, NULL, "the cells of this column cannot be held to a rule");
}

/* book:choices(column, last, from, to, [first]) */
static int book_choices(lua_State *L)
{
    struct book *book = check_book(L);
    lua_Integer from = luaL_checkinteger(L, 4), to = luaL_checkinteger(L, 5), first = luaL_optinteger(L, 6, 2);
    lxw_data_validation rule;
    lxw_col_t column;
    lxw_row_t last;
    char formula[64];

    check_range(L, book, &column, &last);
    if (column > 25)
        return raise_error(L, DK_USAGE, NULL, "choices stand in one of the first 26 columns");
    if (first < 2 || (lxw_row_t)(first - 1) > last)
        return raise_error(L, DK_USAGE, NULL, "the first row with choices is behind the last");
    snprintf(formula, sizeof formula, "=$%c$%lld:$%c$%lld", 'A' + column, (long long)from, 'A' + column, (long long)to);
    memset(&rule, 0, sizeof rule);
    rule.validate = LXW_VALIDATION_TYPE_LIST_FORMULA;
    rule.value_formula = formula;
    rule.error_title = (char *)"Please choose";
    rule.error_message = (char *)"Please choose one of the answers at the foot of this sheet.";
    validate(L, book, column, (lxw_row_t)(first - 1), last, &rule);
    return 0;
}

/* book:fixed(column, last, why) */
static int book_fixed(lua_State *L)
{
    struct book *book = check_book(L);
    lxw_data_validation rule;
    lxw_col_t column;
    lxw_row_t last;

    check_range(L, book, &column, &last);
    memset(&rule, 0, sizeof rule);
    rule.validate = LXW_VALIDATION_TYPE_CUSTOM_FORMULA;
    rule.value_formula = (char *)"=FALSE";
    rule.error_title = (char *)"Please leave as it is";
    rule.error_message = (char *)luaL_checkstring(L, 4);
    validate(L, book, column, 1, last, &rule);
    return 0;
}

/* book:text(line, bold) */
static int book_text(lua_State *L)
{
    struct book *book = check_book(L);

    luaL_checkstring(L, 2);
    if (book->sheet == NULL || book->columns > 0)
        return raise_error(L, DK_USAGE, NULL, "a line of text needs a sheet without columns");
    if (*lua_tostring(L, 2) != '\0')
        write_string(book, book->row, 0, check_text(L, 2, book->row, "text"),
                     lua_toboolean(L, 3) ? book->bold : book->wrapped);
    book->row++;
    return 0;
}

/* book:proof(text): how the workbook was made, on a hidden sheet "difkit", a cell for each part of the text that fits */
static int book_proof(lua_State *L)
{
    struct book *book = check_book(L);
    size_t size;
    const char *text = luaL_checklstring(L, 2, &size);

    finish_sheet(book);
    book->columns = 0;
    book->sheet = xlsxwriter.workbook_add_worksheet(book->workbook, "difkit");
    book->row = 0;
    xlsxwriter.worksheet_hide(book->sheet);
    while (size > 0) {
        size_t part = dk_text_fit(text, size, PROOF_PART);

        lua_pushlstring(L, text, part);
        write_string(book, book->row, 0, lua_tostring(L, -1), NULL);
        lua_pop(L, 1);
        book->row++;
        text += part;
        size -= part;
    }
    return 0;
}

/* Closes the workbook and looks at what was written, since libxlsxwriter does not look whether its scratch files took it. */
static dk_status finish(struct book *book, size_t *size, struct dk_error *err)
{
    lxw_error problem = xlsxwriter.workbook_close(book->workbook);
    struct stat file;
    struct dk_error fault;

    book->workbook = NULL; /* closing frees it */
    if (problem != LXW_NO_ERROR)
        return dk_fail(err, DK_IO, "cannot write %s: %s", book->path, xlsxwriter.lxw_strerror(problem));
    /* Through its stream, since the name of the temporary file is the library's and not a script's. */
    if (workbook_check(book->output.stream, book->cells, &fault) != DK_OK) {
        dk_fail(err, DK_IO, "cannot write %s: it came out damaged (%s)", book->path, fault.message);
        dk_hint(err, "look whether the disk is full");
        return DK_ERROR;
    }
    *size = fstat(fileno(book->output.stream), &file) == 0 ? (size_t)file.st_size : 0;
    return dk_output_commit(&book->output, err);
}

/* book:save() -> true | nil, message, code */
static int book_save(lua_State *L)
{
    struct book *book = check_book(L);
    struct host *host = host_of(L);
    struct dk_error err;
    size_t size = 0;

    if (book->sheet == NULL)
        return raise_error(L, DK_USAGE, NULL, "a workbook needs at least one sheet");
    finish_sheet(book);
    lua_pushstring(L, book->path);
    if (!book->dry_run && finish(book, &size, &err) != DK_OK) {
        release(L, book);
        return push_condition(L, &err);
    }
    release(L, book);
    if (host != NULL)
        host_note_written(host, lua_tostring(L, -1), size);
    lua_pushboolean(L, 1);
    return 1;
}

static time_t date_inside(void)
{
    const char *given = getenv("SOURCE_DATE_EPOCH");
    char *end;
    long long value;

    if (given == NULL || *given == '\0')
        return FIXED_DATE;
    errno = 0;
    value = strtoll(given, &end, 10);
    return errno == 0 && *end == '\0' && value > 0 ? (time_t)value : FIXED_DATE;
}

static void prepare(struct book *book)
{
    lxw_doc_properties properties;

    memset(&properties, 0, sizeof properties);
    properties.created = date_inside();
    xlsxwriter.workbook_set_properties(book->workbook, &properties);
    book->header = xlsxwriter.workbook_add_format(book->workbook);
    xlsxwriter.format_set_bold(book->header);
    xlsxwriter.format_set_bg_color(book->header, 0xE4E9EF);
    xlsxwriter.format_set_bottom(book->header, LXW_BORDER_THIN);
    xlsxwriter.format_set_text_wrap(book->header);
    xlsxwriter.format_set_align(book->header, LXW_ALIGN_VERTICAL_TOP);
    book->wrapped = xlsxwriter.workbook_add_format(book->workbook);
    xlsxwriter.format_set_text_wrap(book->wrapped);
    xlsxwriter.format_set_align(book->wrapped, LXW_ALIGN_VERTICAL_TOP);
    book->bold = xlsxwriter.workbook_add_format(book->workbook);
    xlsxwriter.format_set_bold(book->bold);
    book->top = xlsxwriter.workbook_add_format(book->workbook);
    xlsxwriter.format_set_align(book->top, LXW_ALIGN_VERTICAL_TOP);
    book->date = xlsxwriter.workbook_add_format(book->workbook);
    xlsxwriter.format_set_align(book->date, LXW_ALIGN_VERTICAL_TOP);
    xlsxwriter.format_set_num_format(book->date, "yyyy-mm-dd");
    book->share = xlsxwriter.workbook_add_format(book->workbook);
    xlsxwriter.format_set_align(book->share, LXW_ALIGN_VERTICAL_TOP);
    xlsxwriter.format_set_num_format(book->share, "0.0%");
}

/* Bytes of the folder that a path names, without the last slash. */
static size_t folder_size(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? 0 : slash == path ? 1 : (size_t)(slash - path);
}

/* core.xlsx(path, {formulas = boolean}) -> workbook | nil, message, code */
static int xlsx_new(lua_State *L)
{
    const char *path = files_path(L, 1);
    const struct host *host = host_of(L);
    lxw_workbook_options options = {.constant_memory = LXW_TRUE, .use_zip64 = LXW_FALSE};
    char folder[4096];
    struct dk_error err;
    struct book *book;

    luaL_checktype(L, 2, LUA_TTABLE);
    if (files_resolve_write(L, path, &err) != DK_OK)
        return push_condition(L, &err);
    book = type_push(L, WORKBOOK_TYPE, sizeof *book, 0);
    book->names = LUA_NOREF;
    book->dry_run = host != NULL && host->options.dry_run;
    if (dk_is_folder(lua_tostring(L, -2))) {
        dk_fail(&err, DK_IO, "cannot write %s: it is a folder", lua_tostring(L, -2));
        return push_condition(L, &err);
    }
    if (xlsxwriter_open(&err) != DK_OK)
        return push_condition(L, &err);
    if (!book->dry_run &&
        dk_output_open(&book->output, lua_tostring(L, -2), host != NULL && host->options.output != NULL, &err) != DK_OK)
        return push_condition(L, &err);
    book->open = true;
    book->path = dk_copy_text(lua_tostring(L, -2));
    lua_getfield(L, 2, "formulas");
    book->formulas = lua_toboolean(L, -1);
    lua_pop(L, 1);
    if (!book->dry_run) { /* what it gathers stands beside what it becomes: on a disk that has room for it, where it may
                             write */
        snprintf(folder, sizeof folder, "%.*s", (int)folder_size(book->output.temporary), book->output.temporary);
        options.tmpdir = folder[0] != '\0' ? folder : "."; /* which the workbook copies */
    }
    book->workbook = xlsxwriter.workbook_new_opt(book->dry_run ? "/dev/null" : book->output.temporary, &options);
    if (book->workbook == NULL) {
        dk_fail(&err, DK_IO, "cannot begin a workbook for %s", book->path);
        release(L, book);
        return push_condition(L, &err);
    }
    prepare(book);
    return 1;
}

static void register_type(lua_State *L)
{
    static const luaL_Reg methods[] = {{"sheet", book_sheet},     {"row", book_row},         {"text", book_text},
                                       {"choices", book_choices}, {"fixed", book_fixed},     {"proof", book_proof},
                                       {"save", book_save},       {"discard", book_discard}, {NULL, NULL}};
    static const luaL_Reg events[] = {{"__gc", book_discard}, {"__close", book_discard}, {NULL, NULL}};

    type_register(L, WORKBOOK_TYPE, methods, events);
    lua_pop(L, 1);
}

#else

/* core.xlsx without libxlsxwriter: a condition of the world */
static int xlsx_new(lua_State *L)
{
    struct dk_error err;

    dk_fail(&err, DK_IO, "cannot write .xlsx: this difkit was built without libxlsxwriter");
    dk_hint(&err, "build it where its headers are (Debian: libxlsxwriter-dev), or write .csv");
    return push_condition(L, &err);
}

static void register_type(lua_State *L)
{
    (void)L;
}

#endif

void xlsx_register(lua_State *L)
{
    register_type(L);
    lua_pushcfunction(L, xlsx_new);
    lua_setfield(L, -2, "xlsx");
}
