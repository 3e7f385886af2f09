/* Workbooks: XLSX and ODS. Sheets are read as they stream by; the shared texts of an XLSX are held once (strings.h).
 *
 * Macros, external links and formulas are never read: a formula counts by the value that was kept with it. A document type
 * is refused, and with it every entity. */
#ifndef DIFKIT_READ_WORKBOOK_H
#define DIFKIT_READ_WORKBOOK_H

#include "read/archive.h"

struct workbook;
struct sheet;

struct workbook_sheet {
    const char *name;
    bool hidden;
};

struct workbook_merge {
    size_t row, column, last_row, last_column;
};

enum { WORKBOOK_COLUMNS_MAX = 16384, WORKBOOK_ROWS_MAX = 1048576, WORKBOOK_REPEATS_MAX = 10000000 };

/* The archive stays the caller's and has to outlive the workbook. */
struct workbook *book_open(const struct archive *archive, bool ods, struct dk_error *err);
void book_close(struct workbook *workbook);
size_t workbook_sheets(const struct workbook *workbook);
struct workbook_sheet workbook_sheet(const struct workbook *workbook, size_t index);
size_t workbook_memory(const struct workbook *workbook);

/* Whether the workbook in `stream` came out as it was written: every part that is XML is whole, and the sheets have so many
 * cells. Without expat nothing can be said, and nothing is. */
dk_status workbook_check(FILE *stream, size_t cells, struct dk_error *err);

/* Any number of sheets can be read at once. */
struct sheet *sheet_open(struct workbook *workbook, size_t index, struct dk_error *err);
dk_status sheet_next(struct sheet *sheet, struct read_row *row, bool *found, struct dk_error *err);
/* The merged cells: those met so far; all of them after the last row. */
const struct workbook_merge *sheet_merges(const struct sheet *sheet, size_t *count);
void sheet_close(struct sheet *sheet);

#endif
