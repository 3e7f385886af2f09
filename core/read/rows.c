#include "read/rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/list.h"

void rows_begin_cell(struct rows *rows)
{
    rows->open = rows->text.size;
}

void rows_add(struct rows *rows, enum read_kind kind, size_t column)
{
    rows->cell = dk_list_grow(rows->cell, rows->cells, &rows->cell_capacity, sizeof *rows->cell);
    rows->cell[rows->cells++] = (struct rows_cell){kind, column, rows->open, rows->text.size - rows->open};
}

void rows_end_row(struct rows *rows, size_t line, size_t repeat)
{
    if (rows->cells == rows->first)
        return;
    rows->row = dk_list_grow(rows->row, rows->rows, &rows->row_capacity, sizeof *rows->row);
    rows->row[rows->rows++] = (struct rows_row){line, rows->first, rows->cells - rows->first, repeat};
    rows->first = rows->cells;
}

/* Keeps only the row and the cell being found. */
static void forget(struct rows *rows)
{
    size_t left = rows->cells - rows->first;
    size_t begin = left > 0 ? rows->cell[rows->first].begin : rows->open; /* the first of what is kept */

    if (begin > 0)
        memmove(rows->text.bytes, rows->text.bytes + begin, rows->text.size - begin);
    if (left > 0)
        memmove(rows->cell, rows->cell + rows->first, left * sizeof *rows->cell);
    for (size_t i = 0; i < left; i++)
        rows->cell[i].begin -= begin;
    rows->text.size -= begin;
    if (rows->text.bytes != NULL)
        rows->text.bytes[rows->text.size] = '\0';
    rows->open -= begin;
    rows->cells = left;
    rows->first = rows->rows = rows->given = 0;
}

bool rows_take(struct rows *rows, struct read_row *row)
{
    struct rows_row *next;

    if (rows->given == rows->rows) {
        forget(rows);
        return false;
    }
    next = &rows->row[rows->given];
    while (rows->view_capacity < next->count)
        rows->view = dk_list_grow(rows->view, rows->view_capacity, &rows->view_capacity, sizeof *rows->view);
    for (size_t i = 0; i < next->count; i++) {
        const struct rows_cell *cell = &rows->cell[next->first + i];

        rows->view[i] = (struct read_cell){cell->kind, cell->column, rows->text.bytes + cell->begin, cell->size};
    }
    *row = (struct read_row){next->line, rows->view, next->count};
    next->line++;
    if (--next->repeat == 0)
        rows->given++;
    return true;
}

void rows_free(struct rows *rows)
{
    dk_buffer_free(&rows->text);
    free(rows->cell);
    free(rows->row);
    free(rows->view);
    memset(rows, 0, sizeof *rows);
}
