/* Containers to cells: what every reader of tables gives. Knows neither Lua nor SQLite.
 *
 * A file is opened, judged by its content and read row by row; memory does not grow with the number of rows. Every cell
 * has its text as the file has it, and a kind. */
#ifndef DIFKIT_READ_READ_H
#define DIFKIT_READ_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum read_kind {
    READ_EMPTY = '.',
    READ_TEXT = 't',
    READ_QUOTED = 'q',  /* text in quotes, of a CSV */
    READ_NUMBER = 'n',  /* its shortest digits */
    READ_PERCENT = 'p', /* as a reader sees it: 45 for 0.45 */
    READ_DATE = 'd',    /* in ISO form, as exact as its format shows: 2020, 2020-03, 2020-03-31, 2020-03-31T10:30:00 */
    READ_TRUTH = 'b',   /* "true" or "false" */
    READ_ERROR = 'e',   /* "#N/A" */
    READ_FORMULA = 'f', /* a formula whose value was not kept */
    READ_REASON = 'm'   /* of a survey: why there is no answer, by its code (".d", "9") */
};

struct read_cell {
    enum read_kind kind;
    size_t column; /* from 1 */
    char *text;
    size_t size;
};

/* A row; what it points at lives until the next is asked for. */
struct read_row {
    size_t line; /* of the text where it begins, or its number in the sheet; from 1 */
    struct read_cell *cell;
    size_t count;
};

/* Limits of what is unpacked: a small archive can unpack to any size. */
enum {
    READ_ENTRIES_MAX = 10000,
    READ_DEPTH_MAX = 2,
    READ_RATIO_MAX = 300, /* once more than READ_RATIO_FROM bytes came out */
    READ_RATIO_FROM = 64 << 20,
    READ_CELL_MAX = 1 << 20,          /* bytes of a cell */
    READ_STRINGS_IN_MEMORY = 64 << 20 /* shared strings beyond go to a temporary file */
};
#define READ_UNPACKED_MAX ((uint64_t)4 << 30)

#endif
