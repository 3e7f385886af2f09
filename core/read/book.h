/* What the readers of XLSX and ODS share; for workbook.c, xlsx.c and ods.c alone. */
#ifndef DIFKIT_READ_BOOK_H
#define DIFKIT_READ_BOOK_H

#include "read/format.h"
#include "read/rows.h"
#include "read/strings.h"
#include "read/workbook.h"
#include "read/xml.h"

#if defined DIFKIT_HAVE_EXPAT

struct book_sheet {
    char *name;
    bool hidden;
    size_t part; /* its entry in the archive */
};

struct workbook {
    const struct archive *archive;
    bool ods, since_1904;
    struct book_sheet *sheet;
    size_t sheets, sheet_capacity;
    enum cell_format *style; /* of cells, by number (XLSX) */
    size_t styles, style_capacity;
    struct strings strings;
};

struct sheet {
    struct xml xml; /* first: handlers are given a pointer to it */
    struct workbook *workbook;
    size_t index;
    struct rows rows;
    struct workbook_merge *merge;
    size_t merges, merge_capacity;
    /* the cell and the row being read */
    size_t line, column, repeat, cells_repeated;
    enum read_kind kind;
    enum cell_format format;
    bool shared, collecting, phonetic, formula, has_value;
    /* ODS */
    size_t tables, paragraphs, cell_repeat, rows_spanned, columns_spanned, skipped;
    bool in_table, in_cell, covered;
};

void book_add_sheet(struct workbook *workbook, const char *name, bool hidden, size_t part);
void book_add_merge(struct sheet *sheet, struct workbook_merge merge);

dk_status xlsx_open(struct workbook *workbook, struct dk_error *err);
dk_status xlsx_sheet(struct sheet *sheet, struct dk_error *err);
dk_status ods_open(struct workbook *workbook, struct dk_error *err);
dk_status ods_sheet(struct sheet *sheet, struct dk_error *err);

#endif
#endif
