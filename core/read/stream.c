#include "read/stream.h"

#include <stdlib.h>
#include <string.h>

#include "base/list.h"

enum { DIGITS_MAX = 15 }; /* that a real holds exactly, whatever they are */

/* Finds the cells of the row by their columns. */
static void spread(struct stream *stream, const struct read_row *row)
{
    memset(stream->cell, 0, (stream->cells + 1) * sizeof *stream->cell);
    for (size_t i = 0; i < row->count; i++)
        if (row->cell[i].column <= stream->cells && row->cell[i].kind != READ_EMPTY && row->cell[i].size > 0)
            stream->cell[row->cell[i].column] = &row->cell[i];
}

static const struct read_cell *cell_at(const struct stream *stream, size_t column)
{
    return column <= stream->cells ? stream->cell[column] : NULL;
}

/* The text by which the memo knows the row; false when all its cells are empty. */
static bool key_of(struct stream *stream, const struct stream_memo *memo, const char **text, size_t *size)
{
    const struct read_cell *cell = memo->columns > 0 ? cell_at(stream, memo->column[0]) : NULL;
    bool any = cell != NULL;

    *text = any ? cell->text : "";
    *size = any ? cell->size : 0;
    if (memo->columns < 2)
        return any || memo->columns == 0;
    stream->key.size = 0;
    for (size_t i = 0; i < memo->columns; i++) {
        cell = cell_at(stream, memo->column[i]);
        any = any || cell != NULL;
        if (cell != NULL)
            dk_buffer_add(&stream->key, cell->text, cell->size);
        dk_buffer_add(&stream->key, "", 1);
    }
    *text = stream->key.bytes;
    *size = stream->key.size;
    return any;
}

static uint32_t look_up(struct stream *stream, const struct stream_memo *memo)
{
    const char *text;
    size_t size;
    uint32_t number;

    if (!key_of(stream, memo, &text, &size))
        return INTERN_NONE;
    number = intern_find(&memo->text, text, size);
    return number == INTERN_NONE ? INTERN_NONE : memo->means[number];
}

void stream_learn(struct stream *stream, struct stream_memo *memo, const struct read_row *row, uint32_t means)
{
    const char *text;
    size_t size, known = memo->text.count;
    uint32_t number;

    spread(stream, row);
    if (!key_of(stream, memo, &text, &size))
        return;
    number = intern_add(&memo->text, text, size);
    if (number == known)
        memo->means = dk_list_grow(memo->means, known, &memo->capacity, sizeof *memo->means);
    memo->means[number] = means;
}

/* Digits, and where that is known to be the decimal sign a point between them: 15 at most, so that they are exact and one
 * division gives the nearest number there is. */
static bool read_plain(const char *text, size_t size, bool point, double *out)
{
    static const double power[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    bool negative = size > 0 && text[0] == '-';
    size_t at = negative, before = 0, after = 0;
    int64_t digits = 0;

    if (size > DIGITS_MAX)
        return false;
    for (; at < size && text[at] >= '0' && text[at] <= '9'; at++, before++)
        digits = 10 * digits + (text[at] - '0');
    if (before == 0)
        return false;
    if (at < size) {
        if (!point || text[at++] != '.')
            return false;
        for (; at < size && text[at] >= '0' && text[at] <= '9'; at++, after++)
            digits = 10 * digits + (text[at] - '0');
        if (after == 0 || at < size)
            return false;
    }
    *out = digits == 0 ? 0 : (double)(negative ? -digits : digits) / power[after];
    return true;
}

/* The value and flag of a column, false when they have to be thought about. */
static bool read_value(struct stream *stream, struct stream_value *value)
{
    const struct read_cell *cell = cell_at(stream, value->column);
    const struct read_cell *flag = value->flag_column > 0 ? cell_at(stream, value->flag_column) : NULL;

    value->empty = cell == NULL;
    value->flag = flag == NULL ? stream->no_flag : look_up(stream, &value->flags);
    if (value->empty)
        return flag == NULL;
    if (value->flag == INTERN_NONE || (stream->numbers && cell->kind != READ_NUMBER))
        return false;
    if (!read_plain(cell->text, cell->size, stream->point || stream->numbers, &value->read))
        return false;
    value->indicator = look_up(stream, &value->names);
    return value->indicator != INTERN_NONE;
}

/* Whether a text has no spaces around it, nor characters beyond ASCII, among which are spaces, too; and is no number of a
 * sheet, which is shown in another way. */
static bool is_tidy(const struct read_cell *cell)
{
    for (size_t i = 0; i < cell->size; i++)
        if ((unsigned char)cell->text[i] >= 0x80)
            return false;
    return (cell->kind == READ_TEXT || cell->kind == READ_QUOTED) && (unsigned char)cell->text[0] > ' ' &&
           (unsigned char)cell->text[cell->size - 1] > ' ';
}

dk_status stream_row(struct stream *stream, const struct read_row *row, bool *taken, struct dk_error *err)
{
    struct gather_row made = {.number = (uint32_t)row->line};
    const struct read_cell *note;
    uint32_t period = INTERN_NONE;

    *taken = false;
    if (stream->width > 0 && (row->count == 0 || row->cell[row->count - 1].column != stream->width))
        return DK_OK;
    spread(stream, row);
    note = stream->note > 0 ? cell_at(stream, stream->note) : NULL;
    made.name[GATHER_UNIT] = look_up(stream, &stream->unit);
    if (made.name[GATHER_UNIT] == INTERN_NONE)
        return DK_OK;
    if (note != NULL && !is_tidy(note))
        return DK_OK;
    for (size_t i = 0; i < stream->silents; i++)
        if (cell_at(stream, stream->silent[i]) != NULL)
            return DK_OK;
    if (stream->period.columns > 0 && (period = look_up(stream, &stream->period)) == INTERN_NONE)
        return DK_OK;
    for (size_t i = 0; i < stream->values; i++)
        if (!read_value(stream, &stream->value[i]))
            return DK_OK;
    *taken = true;
    for (size_t i = 0; i < stream->values; i++) {
        const struct stream_value *value = &stream->value[i];

        if (value->empty)
            continue;
        made.name[GATHER_INDICATOR] = value->indicator;
        made.name[GATHER_PERIOD] = value->period != INTERN_NONE ? value->period : period;
        made.name[GATHER_FLAG] = value->flag;
        made.name[GATHER_PLACE] = value->place;
        made.value = value->read;
        if (gather_add(stream->gather, &made, note != NULL ? note->text : NULL, note != NULL ? note->size : 0, err) != DK_OK)
            return DK_ERROR;
    }
    return DK_OK;
}

static void memo_free(struct stream_memo *memo)
{
    free(memo->column);
    intern_free(&memo->text);
    free(memo->means);
}

void stream_free(struct stream *stream)
{
    memo_free(&stream->unit);
    memo_free(&stream->period);
    for (size_t i = 0; i < stream->values; i++) {
        memo_free(&stream->value[i].names);
        memo_free(&stream->value[i].flags);
    }
    free(stream->value);
    free(stream->silent);
    free(stream->cell);
    dk_buffer_free(&stream->key);
    memset(stream, 0, sizeof *stream);
}
