#include "read/csv.h"

#include <stdlib.h>
#include <string.h>

#include "base/list.h"

enum { CHUNK = 1 << 16, SAMPLED_LINES = 50, WIDTH_MAX = 4096 };

/* Of a scan for the end of a row. */
enum outcome { ROW, MORE, UNCLOSED, MISPLACED, TRAILING };

struct scan {
    char *at, *end;
    size_t cells, lines;
};

void csv_begin(struct csv_reader *reader, char separator, csv_fill fill, void *context)
{
    memset(reader, 0, sizeof *reader);
    reader->fill = fill;
    reader->context = context;
    reader->separator = separator;
    reader->cell_max = 16 << 20;
    reader->line = 1;
    reader->special[(unsigned char)separator] = reader->special['\n'] = reader->special['\r'] = true;
    reader->special['\0'] = true; /* the buffer ends with one */
}

void csv_end(struct csv_reader *reader)
{
    dk_buffer_free(&reader->buffer);
    free(reader->cell);
    reader->cell = NULL;
}

static bool is_space(char byte)
{
    return byte == ' ' || byte == '\t';
}

static void add_cell(struct csv_reader *reader, struct scan *scan, char *text, size_t size, enum read_kind kind)
{
    reader->cell = dk_list_grow(reader->cell, scan->cells, &reader->capacity, sizeof *reader->cell);
    reader->cell[scan->cells] = (struct read_cell){kind, scan->cells + 1, text, size};
    scan->cells++;
}

static size_t line_ends(const char *text, const char *end)
{
    size_t count = 0;

    for (; text < end; text++)
        count += *text == '\n' || (*text == '\r' && (text + 1 == end || text[1] != '\n'));
    return count;
}

/* A cell in quotes, which scan->at is at the first of. Its doubled quotes stay until the row is whole. */
static enum outcome scan_quoted(struct csv_reader *reader, struct scan *scan)
{
    char *text = scan->at + 1, *at = text;

    for (;;) {
        char *quote = memchr(at, '"', (size_t)(scan->end - at));

        if (quote == NULL || (quote + 1 == scan->end && !reader->ended))
            return reader->ended ? UNCLOSED : MORE;
        at = quote + 1;
        if (at == scan->end || *at != '"')
            break;
        at++;
    }
    add_cell(reader, scan, text, (size_t)(at - 1 - text), READ_QUOTED);
    scan->lines += line_ends(text, at - 1);
    while (at < scan->end && is_space(*at) && *at != reader->separator)
        at++;
    if (at < scan->end && !reader->special[(unsigned char)*at]) {
        scan->cells--; /* the place of the fault is this cell */
        return TRAILING;
    }
    scan->at = at;
    return ROW;
}

static enum outcome scan_plain(struct csv_reader *reader, struct scan *scan, char *text)
{
    const bool *special = reader->special;
    char *at = text, *last;

    for (;;) {
        while (!special[(unsigned char)*at])
            at++;
        if (*at != '\0' || at >= scan->end)
            break;
        at++;
    }
    last = at;
    if (reader->strict) {
        if (memchr(text, '"', (size_t)(at - text)) != NULL)
            return MISPLACED;
        while (last > text && is_space(last[-1]))
            last--;
    }
    add_cell(reader, scan, text, (size_t)(last - text), last == text ? READ_EMPTY : READ_TEXT);
    scan->at = at;
    return ROW;
}

/* Finds the end of the row; nothing is changed, so that it can be done again with more of the text. */
static enum outcome scan_row(struct csv_reader *reader, struct scan *scan)
{
    for (;;) {
        char *text = scan->at;
        enum outcome outcome;

        if (reader->strict)
            while (text < scan->end && is_space(*text) && *text != reader->separator)
                text++;
        if (text < scan->end && *text == '"') {
            scan->at = text;
            outcome = scan_quoted(reader, scan);
        } else {
            outcome = scan_plain(reader, scan, text);
        }
        if (outcome != ROW)
            return outcome;
        if (scan->at >= scan->end)
            return reader->ended ? ROW : MORE;
        if (*scan->at == reader->separator) {
            scan->at++;
            continue;
        }
        if (*scan->at == '\r') {
            if (scan->at + 1 >= scan->end && !reader->ended)
                return MORE;
            if (scan->at + 1 < scan->end && scan->at[1] == '\n')
                scan->at++;
        }
        scan->at++;
        scan->lines++;
        return ROW;
    }
}

static void undouble(struct read_cell *cell)
{
    char *from = memchr(cell->text, '"', cell->size), *end = cell->text + cell->size, *to = from;

    if (from == NULL)
        return;
    while (from < end) {
        *to++ = *from;
        from += *from == '"' ? 2 : 1;
    }
    cell->size = (size_t)(to - cell->text);
}

/* More of the text behind what is left of it. */
static dk_status take(struct csv_reader *reader, struct dk_error *err)
{
    struct dk_buffer *buffer = &reader->buffer;
    size_t left = buffer->size - reader->begin, room, got = 0;

    if (left > 0)
        memmove(buffer->bytes, buffer->bytes + reader->begin, left);
    buffer->size = left;
    reader->begin = 0;
    room = left > CHUNK ? left : CHUNK;
    if (reader->fill(reader->context, dk_buffer_reserve(buffer, room), room, &got, err) != DK_OK)
        return DK_ERROR;
    buffer->size += got;
    buffer->bytes[buffer->size] = '\0';
    reader->ended = got == 0;
    return DK_OK;
}

static dk_status refuse(const struct csv_reader *reader, const struct scan *scan, enum outcome outcome, struct dk_error *err)
{
    if (outcome == MISPLACED) {
        dk_fail(err, DK_DATA, "a double quote stands where it cannot");
        dk_hint(err, "put the cell in double quotes and write each quote within it twice");
    } else if (outcome == TRAILING) {
        dk_fail(err, DK_DATA, "text after the closing quote of a cell");
        dk_hint(err, "write each quote within a cell twice");
    } else if (outcome == UNCLOSED) {
        dk_fail(err, DK_DATA, "a cell in quotes has no end");
        dk_hint(err, "the file was cut, or a double quote is missing");
    } else {
        dk_fail(err, DK_DATA, "a row of more than %zu bytes", reader->cell_max);
        dk_hint(err, "look for a double quote that is not closed");
    }
    dk_place(err, NULL, (int)(reader->line + scan->lines), (int)scan->cells + 1);
    return DK_ERROR;
}

dk_status csv_next(struct csv_reader *reader, struct read_row *row, bool *found, struct dk_error *err)
{
    for (;;) {
        char *begin = reader->buffer.bytes != NULL ? reader->buffer.bytes + reader->begin : NULL;
        struct scan scan = {.at = begin, .end = begin != NULL ? reader->buffer.bytes + reader->buffer.size : NULL};
        enum outcome outcome = MORE;

        *found = false;
        if (begin != NULL && scan.at < scan.end)
            outcome = scan_row(reader, &scan);
        else if (reader->ended)
            return DK_OK;
        if (outcome == ROW) {
            for (size_t i = 0; i < scan.cells; i++)
                if (reader->cell[i].kind == READ_QUOTED)
                    undouble(&reader->cell[i]);
            *row = (struct read_row){reader->line, reader->cell, scan.cells};
            reader->line += scan.lines;
            reader->begin = (size_t)(scan.at - reader->buffer.bytes);
            *found = true;
            return DK_OK;
        }
        if (outcome != MORE || (size_t)(scan.end - begin) > reader->cell_max)
            return refuse(reader, &scan, outcome, err);
        if (take(reader, err) != DK_OK)
            return DK_ERROR;
    }
}

/* How many of the first lines have the number of cells that most have, if that is more than one, and at least half of them
 * do; *wide is that number. */
static size_t agreeing(const char *text, size_t size, char separator, size_t *wide)
{
    size_t lines[WIDTH_MAX] = {0}, width = 1, count = 0, most = 0;
    bool quoted = false;

    for (size_t i = 0; i < size && count < SAMPLED_LINES; i++) {
        if (text[i] == '"')
            quoted = !quoted;
        if (quoted)
            continue;
        if (text[i] == separator)
            width += width + 1 < WIDTH_MAX;
        if (text[i] != '\n' && (text[i] != '\r' || (i + 1 < size && text[i + 1] == '\n')) && i + 1 < size)
            continue;
        lines[width]++;
        width = 1;
        count++;
    }
    for (size_t i = 2; i < WIDTH_MAX; i++)
        if (lines[i] > most) {
            most = lines[i];
            *wide = i;
        }
    return 2 * most >= count ? most : 0;
}

char csv_separator(const char *text, size_t size, size_t *declared)
{
    static const char candidates[] = "\t;|,";
    char best = ',';
    size_t most = 0, widest = 0;

    *declared = 0;
    if (size >= 6 && memcmp(text, "sep=", 4) == 0 && (text[5] == '\n' || text[5] == '\r')) {
        *declared = text[5] == '\r' && size > 6 && text[6] == '\n' ? 7 : 6;
        return text[4];
    }
    for (const char *candidate = candidates; *candidate != '\0'; candidate++) {
        size_t width = 0, count = agreeing(text, size, *candidate, &width);

        /* Cells that are keys joined by commas, or texts, stand in lines with tabs, and no tab stands in a cell: tabs go
         * first. */
        if (best == '\t')
            break;
        if (count > most || (count == most && count > 0 && width > widest)) {
            most = count;
            widest = width;
            best = *candidate;
        }
    }
    return best;
}
