/* core.write_csv: a result written to a file, or to standard output, as CSV or TSV, row by row, without a Lua value for
 * any cell.
 *
 * The rules are those of scripts/difkit/format/csv.lua, which says them: what is written reads back with the same values and
 * kinds. The tests hold the two to the same bytes. Between opening and committing the file nothing here can raise. */
#define _XOPEN_SOURCE 700

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/meter.h"
#include "base/number.h"
#include "base/text.h"
#include "lua/binding.h"
#include "lua/data/data.h"
#include "lua/host/access.h"
#include "lua/host/run.h"
#include "lua/parts.h"

enum { FLUSH_SIZE = 1 << 16 };

struct csv {
    char separator;
    bool formulas;            /* leave texts that begin like a formula as they are */
    bool special[256];        /* bytes for which a cell is quoted */
    struct dk_buffer pending; /* written, but not yet to the file */
    FILE *stream;             /* NULL: only counted (--dry-run) */
    size_t size;              /* bytes of the file */
    size_t most;              /* bytes that may be written to standard output */
    struct dk_meter meter;
};

static void flush_pending(struct csv *csv)
{
    if (csv->stream != NULL && csv->pending.size > 0 && csv->size + csv->pending.size <= csv->most) {
        if (csv->stream == stdout)
            sandbox_write(csv->pending.bytes, csv->pending.size, false);
        else
            (void)fwrite(csv->pending.bytes, 1, csv->pending.size, csv->stream);
    }
    csv->size += csv->pending.size;
    csv->pending.size = 0;
}

static void add_quoted(struct csv *csv, const char *text, size_t size, bool defuse)
{
    char *begin = dk_buffer_reserve(&csv->pending, 2 * size + 3);
    char *out = begin;

    *out++ = '"';
    if (defuse)
        *out++ = '\'';
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '"')
            *out++ = '"';
        *out++ = text[i];
    }
    *out++ = '"';
    csv->pending.size += (size_t)(out - begin);
}

static size_t digits(const char *text, size_t size, size_t from)
{
    while (from < size && text[from] >= '0' && text[from] <= '9')
        from++;
    return from;
}

/* Whether a cell without quotes would be read as a number: -?digits[.digits][e[+-]digits], no needless zero before. */
static bool reads_as_number(const char *text, size_t size)
{
    size_t begin = size > 0 && text[0] == '-' ? 1 : 0;
    size_t at = digits(text, size, begin), next;

    if (at == begin || (text[begin] == '0' && at - begin > 1))
        return false;
    if (at < size && text[at] == '.') {
        next = digits(text, size, at + 1);
        if (next == at + 1)
            return false;
        at = next;
    }
    if (at < size && (text[at] == 'e' || text[at] == 'E')) {
        next = at + 1 < size && (text[at + 1] == '+' || text[at + 1] == '-') ? at + 2 : at + 1;
        at = digits(text, size, next);
        if (at == next)
            return false;
    }
    return at == size;
}

/* Bytes of a character that begins the text and is not seen there, which some spreadsheets pass over: byte order mark,
 * spaces of no width or that do not break. */
static size_t unseen(const char *text, size_t size)
{
    static const char *const characters[] = {"\xEF\xBB\xBF", "\xE2\x80\x8B", "\xE2\x80\x8C", "\xE2\x80\x8D",
                                             "\xE2\x81\xA0", "\xC2\xA0",     "\xE2\x80\xAF"};

    for (size_t i = 0; i < sizeof characters / sizeof characters[0]; i++)
        if (size >= strlen(characters[i]) && memcmp(text, characters[i], strlen(characters[i])) == 0)
            return strlen(characters[i]);
    return 0;
}

/* The full-width forms of = + - @, which some spreadsheets take for them. */
static bool is_wide_sign(const char *text, size_t size)
{
    static const char *const signs[] = {"\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0"};

    for (size_t i = 0; size >= 3 && i < sizeof signs / sizeof signs[0]; i++)
        if (memcmp(text, signs[i], 3) == 0)
            return true;
    return false;
}

/* Whether the text, after any apostrophes and what is not seen, begins like a formula. */
static bool begins_formula(const char *text, size_t size, size_t *apostrophes)
{
    size_t at = 0, next;

    while (at < size && text[at] == '\'')
        at++;
    *apostrophes = at;
    while ((next = unseen(text + at, size - at)) > 0)
        at += next;
    return at < size && (strchr("=+-@\t\r\n", text[at]) != NULL ? text[at] != '\0' : is_wide_sign(text + at, size - at));
}

static bool is_word(const char *text, size_t size, const char *word)
{
    return size == strlen(word) && memcmp(text, word, size) == 0;
}

/* Appends a text as a cell; false when it is no UTF-8. */
static bool add_text(struct csv *csv, const char *text, size_t size)
{
    bool quote = size == 0, high = false;
    size_t apostrophes;

    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)text[i];

        quote |= csv->special[byte];
        high |= byte >= 0x80;
    }
    if (high && !dk_text_valid(text, size, NULL))
        return false;
    if (begins_formula(text, size, &apostrophes) && (!csv->formulas || apostrophes > 0)) {
        add_quoted(csv, text, size, true);
        return true;
    }
    if (quote || isspace((unsigned char)text[0]) || isspace((unsigned char)text[size - 1]) ||
        is_word(text, size, "true") || is_word(text, size, "false") || reads_as_number(text, size))
        add_quoted(csv, text, size, false);
    else
        dk_buffer_add(&csv->pending, text, size);
    return true;
}

static dk_status add_cell(struct csv *csv, const struct db_value *value, size_t row, const char *column,
                          struct dk_error *err)
{
    char *out;

    switch (value->type) {
    case DB_NULL: break;
    case DB_INTEGER:
        out = dk_buffer_reserve(&csv->pending, DK_NUMBER_SIZE);
        csv->pending.size += dk_integer_text(value->integer, out);
        break;
    case DB_REAL:
        if (!isfinite(value->real)) {
            char shown[DK_NUMBER_SIZE];

            dk_real_text(value->real, shown);
            dk_fail(err, DK_USAGE, "row %zu, column \"%s\": %s cannot be written", row, column, shown);
            dk_hint(err, "leave the value out (NULL) and say why in another column");
            return DK_ERROR;
        }
        out = dk_buffer_reserve(&csv->pending, DK_NUMBER_SIZE);
        csv->pending.size += dk_real_text(value->real, out);
        break;
    case DB_TEXT:
    case DB_BLOB:
        if (value->text.size > 0 && memchr(value->text.bytes, '\0', value->text.size) != NULL)
            return dk_fail(err, DK_USAGE, "row %zu, column \"%s\": text holds a zero byte", row, column);
        if (!add_text(csv, value->text.bytes, value->text.size))
            return dk_fail(err, DK_USAGE, "row %zu, column \"%s\": text is not valid UTF-8", row, column);
        break;
    }
    return DK_OK;
}

static dk_status write_rows(struct csv *csv, struct result *result, struct dk_error *err)
{
    bool row = true;

    for (int i = 0; i < result->columns; i++) {
        const char *name = db_column_name(result->statement, i);

        if (i > 0)
            dk_buffer_add(&csv->pending, &csv->separator, 1);
        if (!add_text(csv, name, strlen(name)))
            return dk_fail(err, DK_USAGE, "header: text is not valid UTF-8");
    }
    dk_buffer_add(&csv->pending, "\n", 1);
    for (size_t number = 1;; number++) {
        if (result_step(result, result->value, &row, err) != DK_OK)
            return DK_ERROR;
        if (!row)
            return DK_OK;
        for (int i = 0; i < result->columns; i++) {
            if (i > 0)
                dk_buffer_add(&csv->pending, &csv->separator, 1);
            if (add_cell(csv, &result->value[i], number, db_column_name(result->statement, i), err) != DK_OK)
                return DK_ERROR;
        }
        dk_buffer_add(&csv->pending, "\n", 1);
        dk_meter_tick(&csv->meter, number);
        if (csv->pending.size > FLUSH_SIZE)
            flush_pending(csv);
        if (csv->stream != NULL && ferror(csv->stream))
            return DK_OK; /* the commit reports it */
    }
}

/* Writes the file at `path`; the result is used up whatever happens. */
static dk_status write_file(struct csv *csv, struct result *result, const char *path, const struct host *host,
                            struct dk_error *err)
{
    bool dry_run = host != NULL && host->options.dry_run;
    struct dk_output output;
    dk_status status;

    if (dry_run && dk_is_folder(path))
        return dk_fail(err, DK_IO, "cannot write %s: it is a folder", path);
    if (!dry_run) {
        if (dk_output_open(&output, path, host != NULL && host->options.output != NULL, err) != DK_OK)
            return DK_ERROR;
        csv->stream = output.stream;
    }
    dk_meter_start(&csv->meter, "writing row", 0, DK_METER_STEPS);
    status = write_rows(csv, result, err);
    dk_meter_stop(&csv->meter);
    if (status == DK_OK)
        flush_pending(csv);
    if (!dry_run) {
        if (status == DK_OK)
            status = dk_output_commit(&output, err);
        else
            dk_output_discard(&output);
    }
    return status;
}

static dk_status write_standard_output(struct csv *csv, struct result *result, struct host *host, struct dk_error *err)
{
    dk_status status;

    csv->stream = stdout;
    csv->most = host_output_left(host);
    /* On a terminal the rows themselves show how far it is. */
    dk_meter_start(&csv->meter, "writing row", 0, DK_METER_STEPS);
    if (isatty(STDOUT_FILENO) == 1)
        dk_meter_stop(&csv->meter);
    status = write_rows(csv, result, err);
    dk_meter_stop(&csv->meter);
    flush_pending(csv);
    if (csv->size > csv->most)
        return host_fail_output(host, err);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        clearerr(stdout); /* reported here, not again at the end of the program */
        return dk_fail(err, DK_IO, "cannot write to standard output: %s", strerror(errno));
    }
    return status;
}

static bool option(lua_State *L, const char *name)
{
    bool is = lua_getfield(L, 3, name) != LUA_TNIL && lua_toboolean(L, -1);

    lua_pop(L, 1);
    return is;
}

/* core.write_csv(result, path, {separator, formulas, excel}) -> true | nil, message, code; raises what is wrong with the
 * rows, as the writer in Lua does. Without a path (nil) it writes to standard output. */
static int write_csv(lua_State *L)
{
    struct result *result = check_open_result(L, 1);
    struct database *database = result->database;
    const char *path = lua_isnoneornil(L, 2) ? NULL : files_path(L, 2);
    struct host *host = host_of(L);
    struct csv csv = {.separator = ',', .formulas = false, .most = SIZE_MAX};
    struct dk_error err;
    dk_status status;

    luaL_checktype(L, 3, LUA_TTABLE);
    if (lua_getfield(L, 3, "separator") == LUA_TSTRING)
        csv.separator = *lua_tostring(L, -1);
    csv.formulas = option(L, "formulas");
    csv.special[(unsigned char)csv.separator] = csv.special['"'] = csv.special['\n'] = csv.special['\r'] = true;
    if (result->statement == NULL)
        return raise_error(L, DK_USAGE, "run the query again", "the rows of this result were read already");
    check_not_stepping(L, result);
    if (path != NULL && files_resolve_write(L, path, &err) != DK_OK)
        return push_condition(L, &err);
    if (option(L, "excel"))
        dk_buffer_text(&csv.pending, "\xEF\xBB\xBF");
    if (path != NULL)
        status = write_file(&csv, result, lua_tostring(L, -1), host, &err);
    else
        status = write_standard_output(&csv, result, host, &err);
    dk_buffer_free(&csv.pending);
    result_close(result);
    if (status != DK_OK)
        return err.code == DK_IO && database->failed == NULL ? push_condition(L, &err) : raise_query(L, database, &err);
    if (host != NULL && path != NULL)
        host_note_written(host, lua_tostring(L, -1), csv.size);
    lua_pushboolean(L, 1);
    return 1;
}

void csv_register(lua_State *L)
{
    lua_pushcfunction(L, write_csv);
    lua_setfield(L, -2, "write_csv");
}
