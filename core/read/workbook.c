#include "read/workbook.h"

#include <stdlib.h>
#include <string.h>

#include "read/book.h"

#if defined DIFKIT_HAVE_EXPAT

struct workbook *book_open(const struct archive *archive, bool ods, struct dk_error *err)
{
    struct workbook *workbook = dk_alloc_zeroed(1, sizeof *workbook);

    workbook->archive = archive;
    workbook->ods = ods;
    if ((ods ? ods_open(workbook, err) : xlsx_open(workbook, err)) == DK_OK)
        return workbook;
    book_close(workbook);
    return NULL;
}

void book_close(struct workbook *workbook)
{
    if (workbook == NULL)
        return;
    for (size_t i = 0; i < workbook->sheets; i++)
        free(workbook->sheet[i].name);
    free(workbook->sheet);
    free(workbook->style);
    strings_free(&workbook->strings);
    free(workbook);
}

size_t workbook_sheets(const struct workbook *workbook)
{
    return workbook->sheets;
}

struct workbook_sheet workbook_sheet(const struct workbook *workbook, size_t index)
{
    return (struct workbook_sheet){workbook->sheet[index].name, workbook->sheet[index].hidden};
}

size_t workbook_memory(const struct workbook *workbook)
{
    return strings_memory(&workbook->strings);
}

struct sheet *sheet_open(struct workbook *workbook, size_t index, struct dk_error *err)
{
    struct sheet *sheet = dk_alloc_zeroed(1, sizeof *sheet);

    sheet->workbook = workbook;
    sheet->index = index;
    if ((workbook->ods ? ods_sheet(sheet, err) : xlsx_sheet(sheet, err)) == DK_OK)
        return sheet;
    sheet_close(sheet);
    return NULL;
}

dk_status sheet_next(struct sheet *sheet, struct read_row *row, bool *found, struct dk_error *err)
{
    *found = false;
    while (!(*found = rows_take(&sheet->rows, row))) {
        if (sheet->xml.ended)
            return DK_OK;
        if (xml_step(&sheet->xml, err) != DK_OK) {
            sheet->xml.ended = true;
            return DK_ERROR;
        }
    }
    return DK_OK;
}

const struct workbook_merge *sheet_merges(const struct sheet *sheet, size_t *count)
{
    *count = sheet->merges;
    return sheet->merge;
}

void sheet_close(struct sheet *sheet)
{
    if (sheet == NULL)
        return;
    xml_close(&sheet->xml);
    rows_free(&sheet->rows);
    free(sheet->merge);
    free(sheet);
}

/* A part being checked. */
struct checked {
    struct xml xml; /* first: handlers are given a pointer to it */
    size_t cells;
};

static void XMLCALL on_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
    struct checked *checked = context;

    (void)attributes;
    checked->cells += strcmp(xml_local(name), "c") == 0;
}

static dk_status check_part(const struct archive *archive, size_t index, size_t *cells, struct dk_error *err)
{
    struct checked checked;
    dk_status status = xml_open(&checked.xml, archive, index, on_start, NULL, NULL, err);

    checked.cells = 0;
    while (status == DK_OK && !checked.xml.ended)
        status = xml_step(&checked.xml, err);
    xml_close(&checked.xml);
    if (strncmp(archive_name(archive, index), "xl/worksheets/sheet", 19) == 0)
        *cells += checked.cells;
    return status;
}

dk_status workbook_check(FILE *stream, size_t cells, struct dk_error *err)
{
    struct archive *archive = archive_open(stream, err);
    dk_status status = archive != NULL ? DK_OK : DK_ERROR;
    size_t found = 0;

    for (size_t i = 0; status == DK_OK && i < archive_count(archive); i++) {
        const char *end = strrchr(archive_name(archive, i), '.');

        if (end != NULL && (strcmp(end, ".xml") == 0 || strcmp(end, ".rels") == 0))
            status = check_part(archive, i, &found, err);
    }
    if (status == DK_OK && found != cells)
        status = dk_fail(err, DK_DATA, "%zu of %zu cells", found, cells);
    archive_close(archive);
    return status;
}

#else

dk_status workbook_check(FILE *stream, size_t cells, struct dk_error *err)
{
    (void)stream;
    (void)cells;
    (void)err;
    return DK_OK;
}

struct workbook *book_open(const struct archive *archive, bool ods, struct dk_error *err)
{
    (void)archive;
    (void)ods;
    dk_fail(err, DK_IO, "cannot read workbooks: this difkit was built without expat");
    dk_hint(err, "save it as CSV, or build where its headers are (Debian: libminizip-dev, libexpat1-dev)");
    return NULL;
}

void book_close(struct workbook *workbook)
{
    (void)workbook;
}

size_t workbook_sheets(const struct workbook *workbook)
{
    (void)workbook;
    return 0;
}

struct workbook_sheet workbook_sheet(const struct workbook *workbook, size_t index)
{
    (void)workbook;
    (void)index;
    return (struct workbook_sheet){"", false};
}

size_t workbook_memory(const struct workbook *workbook)
{
    (void)workbook;
    return 0;
}

struct sheet *sheet_open(struct workbook *workbook, size_t index, struct dk_error *err)
{
    (void)workbook;
    (void)index;
    (void)err;
    return NULL;
}

dk_status sheet_next(struct sheet *sheet, struct read_row *row, bool *found, struct dk_error *err)
{
    (void)sheet;
    (void)row;
    (void)err;
    *found = false;
    return DK_OK;
}

const struct workbook_merge *sheet_merges(const struct sheet *sheet, size_t *count)
{
    (void)sheet;
    *count = 0;
    return NULL;
}

void sheet_close(struct sheet *sheet)
{
    (void)sheet;
}

#endif
