/* Rows that a parser has found and nobody has asked for yet: those of one chunk, so that a parser that calls back can be
 * read row by row. */
#ifndef DIFKIT_READ_ROWS_H
#define DIFKIT_READ_ROWS_H

#include "base/buffer.h"
#include "read/read.h"

struct rows_cell {
    enum read_kind kind;
    size_t column, begin, size; /* of its text in `text` */
};

struct rows_row {
    size_t line, first, count; /* its cells */
    size_t repeat;             /* how often it is to be given yet */
};

struct rows {
    struct dk_buffer text;
    struct rows_cell *cell;
    size_t cells, cell_capacity;
    struct rows_row *row;
    size_t rows, row_capacity;
    size_t given;           /* rows that were asked for */
    size_t first;           /* cell of the row being found */
    size_t open;            /* where the text of the cell being found begins */
    struct read_cell *view; /* of the row given last */
    size_t view_capacity;
};

/* A cell begins: its text is what is added to `text` from now on. */
void rows_begin_cell(struct rows *rows);
/* Adds that cell to the row being found. */
void rows_add(struct rows *rows, enum read_kind kind, size_t column);
/* The row is whole; it is dropped when it has no cells. */
void rows_end_row(struct rows *rows, size_t line, size_t repeat);
/* Gives the next row, or false when a parser has to find more; what was given before is then forgotten. */
bool rows_take(struct rows *rows, struct read_row *row);
void rows_free(struct rows *rows);

#endif
