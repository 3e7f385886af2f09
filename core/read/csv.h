/* CSV, a row at a time: the one reader of the project, under the loader, difkit.table and difkit.import.
 *
 * It is our own because libcsv (LGPL) would have to be replaceable within the static archive and the WebAssembly module that
 * difkit is shipped as, knows no place of a cell, copies every byte once more and cannot tell a cell in quotes from one
 * without. Here a row is scanned where it lies, and its cells point into the buffer.
 *
 * Rows end with LF, CR LF or CR. A cell that begins with a double quote ends with one; quotes within are doubled. */
#ifndef DIFKIT_READ_CSV_H
#define DIFKIT_READ_CSV_H

#include "base/buffer.h"
#include "read/read.h"

/* Gives up to `size` further bytes of the text; *got is 0 at its end. */
typedef dk_status (*csv_fill)(void *context, char *bytes, size_t size, size_t *got, struct dk_error *err);

struct csv_reader {
    csv_fill fill;
    void *context;
    char separator;
    bool strict;     /* spaces around a cell are not part of it, and a quote within one without quotes is refused */
    size_t cell_max; /* bytes of a row; more look like a quote that is not closed */
    /* its own */
    struct dk_buffer buffer;
    size_t begin; /* of what was not given yet */
    size_t line;  /* of it, from 1 */
    bool ended;
    bool special[256];
    struct read_cell *cell;
    size_t capacity;
};

void csv_begin(struct csv_reader *reader, char separator, csv_fill fill, void *context);
/* The next row, or *found false. What is wrong with the text is an error of DK_DATA with line and cell; nothing can be read
 * after it. */
dk_status csv_next(struct csv_reader *reader, struct read_row *row, bool *found, struct dk_error *err);
void csv_end(struct csv_reader *reader);

/* The separator that most lines of text[0..size) agree on, of tab ; | and ,; "sep=;" in the first line decides. *declared
 * is then the bytes of that line. */
char csv_separator(const char *text, size_t size, size_t *declared);

#endif
