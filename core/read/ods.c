/* OpenDocument spreadsheets (ISO/IEC 26300): content.xml holds all tables. Values count, not the text that shows them;
 * repeats of empty rows and cells cost nothing, others are bounded. */
#include "read/book.h"

#if defined DIFKIT_HAVE_EXPAT

#include <stdlib.h>
#include <string.h>

#include "base/list.h"

static bool is(const char *element, const char *name)
{
    return strcmp(xml_local(element), name) == 0;
}

static size_t count_of(const XML_Char **attributes, const char *name)
{
    const char *text = xml_attribute(attributes, name);
    long count = text != NULL ? strtol(text, NULL, 10) : 1;

    return count > 0 ? (size_t)count : 1;
}

/* --- the list of sheets --- */

struct tables {
    struct xml xml; /* first */
    struct workbook *workbook;
    size_t part, depth;
    char *hidden[64];
    size_t hidden_count;
    char style[128]; /* being defined */
};

static void XMLCALL on_table(void *context, const XML_Char *element, const XML_Char **attributes)
{
    struct tables *tables = context;
    const char *name = xml_attribute(attributes, "name"), *display = xml_attribute(attributes, "display"), *style;
    bool hidden = display != NULL && strcmp(display, "false") == 0;

    if (is(element, "style") && name != NULL)
        strncpy(tables->style, name, sizeof tables->style - 1);
    if (is(element, "table-properties") && hidden && tables->hidden_count < sizeof tables->hidden / sizeof tables->hidden[0])
        tables->hidden[tables->hidden_count++] = dk_copy_text(tables->style);
    if (!is(element, "table") || tables->depth++ > 0)
        return;
    style = xml_attribute(attributes, "style-name");
    for (size_t i = 0; style != NULL && i < tables->hidden_count; i++)
        hidden |= strcmp(tables->hidden[i], style) == 0;
    book_add_sheet(tables->workbook, name != NULL ? name : "", hidden, tables->part);
}

static void XMLCALL on_table_end(void *context, const XML_Char *element)
{
    struct tables *tables = context;

    if (is(element, "table"))
        tables->depth--;
}

dk_status ods_open(struct workbook *workbook, struct dk_error *err)
{
    struct tables tables = {.workbook = workbook, .part = archive_find(workbook->archive, "content.xml")};
    dk_status status;

    if (tables.part == SIZE_MAX) {
        dk_fail(err, DK_DATA, "the spreadsheet lacks its content");
        dk_hint(err, "open it in a spreadsheet program and save it again as .ods");
        return DK_ERROR;
    }
    status = xml_open(&tables.xml, workbook->archive, tables.part, on_table, on_table_end, NULL, err);
    while (status == DK_OK && !tables.xml.ended)
        status = xml_step(&tables.xml, err);
    xml_close(&tables.xml);
    for (size_t i = 0; i < tables.hidden_count; i++)
        free(tables.hidden[i]);
    return status;
}

/* --- a sheet --- */

static void put(struct sheet *sheet, const char *text)
{
    sheet->rows.text.size = sheet->rows.open;
    dk_buffer_text(&sheet->rows.text, text);
    sheet->has_value = true;
}

/* "2024-03-31T00:00:00" is a day. */
static void put_date(struct sheet *sheet, const char *value)
{
    char date[DK_NUMBER_SIZE] = "";

    strncpy(date, value, sizeof date - 1);
    if (strlen(date) > 11 && strcmp(date + 10, "T00:00:00") == 0)
        date[10] = '\0';
    put(sheet, date);
}

static void put_number(struct sheet *sheet, const char *value, bool percent)
{
    char out[DK_NUMBER_SIZE];
    size_t size;
    double number;

    if (!dk_parse_real(value, strlen(value), &number)) {
        sheet->kind = READ_TEXT;
        return;
    }
    size = percent ? format_percent(number, out) : dk_real_text(number, out);
    if (size > 2 && strcmp(out + size - 2, ".0") == 0)
        out[size - 2] = '\0';
    put(sheet, out);
}

static void begin_cell(struct sheet *sheet, const XML_Char **attributes)
{
    const char *type = xml_attribute(attributes, "value-type"), *value = xml_attribute(attributes, "value");
    const char *date = xml_attribute(attributes, "date-value"), *truth = xml_attribute(attributes, "boolean-value");

    sheet->in_cell = true;
    rows_begin_cell(&sheet->rows);
    sheet->paragraphs = 0;
    sheet->has_value = false;
    sheet->formula = xml_attribute(attributes, "formula") != NULL;
    sheet->kind = READ_TEXT;
    sheet->cell_repeat = count_of(attributes, "number-columns-repeated");
    sheet->columns_spanned = count_of(attributes, "number-columns-spanned");
    sheet->rows_spanned = count_of(attributes, "number-rows-spanned");
    if (type == NULL)
        return;
    if (date != NULL && strcmp(type, "date") == 0) {
        sheet->kind = READ_DATE;
        put_date(sheet, date);
    } else if (truth != NULL && strcmp(type, "boolean") == 0) {
        sheet->kind = READ_TRUTH;
        put(sheet, truth);
    } else if (value != NULL) {
        bool percent = strcmp(type, "percentage") == 0;

        sheet->kind = percent ? READ_PERCENT : READ_NUMBER;
        put_number(sheet, value, percent);
    }
}

static void XMLCALL on_element(void *context, const XML_Char *element, const XML_Char **attributes)
{
    struct sheet *sheet = context;
    const char *name = xml_local(element);

    if (strcmp(name, "table") == 0) {
        if (sheet->skipped++ == 0)
            sheet->in_table = sheet->tables++ == sheet->index;
        return;
    }
    if (!sheet->in_table || sheet->skipped > 1)
        return;
    if (strcmp(name, "table-row") == 0) {
        sheet->repeat = count_of(attributes, "number-rows-repeated");
        sheet->column = 0;
    } else if (strcmp(name, "table-cell") == 0 || strcmp(name, "covered-table-cell") == 0) {
        begin_cell(sheet, attributes);
        sheet->covered = name[0] == 'c';
    } else if (strcmp(name, "annotation") == 0) {
        sheet->phonetic = true; /* text that is not of the cell */
    } else if (sheet->in_cell && !sheet->phonetic && !sheet->has_value) {
        if (strcmp(name, "p") == 0 || strcmp(name, "h") == 0) {
            if (sheet->paragraphs++ > 0)
                dk_buffer_add(&sheet->rows.text, "\n", 1);
            sheet->collecting = true;
        } else if (strcmp(name, "s") == 0) {
            size_t count = count_of(attributes, "c");

            for (size_t i = 0; i < count && i < READ_CELL_MAX; i++)
                dk_buffer_add(&sheet->rows.text, " ", 1);
        } else if (strcmp(name, "tab") == 0 || strcmp(name, "line-break") == 0) {
            dk_buffer_add(&sheet->rows.text, name[0] == 't' ? "\t" : "\n", 1);
        }
    }
}

static void XMLCALL on_characters(void *context, const XML_Char *text, int size)
{
    struct sheet *sheet = context;

    if (sheet->collecting && !sheet->phonetic && !sheet->has_value)
        dk_buffer_add(&sheet->rows.text, text, (size_t)size);
}

static void refuse_repeats(struct sheet *sheet)
{
    dk_fail(sheet->xml.err, DK_DATA, "sheet \"%s\", row %zu: cells that are repeated more than %d times",
            sheet->workbook->sheet[sheet->index].name, sheet->line + 1, WORKBOOK_REPEATS_MAX);
    dk_hint(sheet->xml.err, "delete the rows and columns beyond the table, and save it again");
    xml_fail(&sheet->xml);
}

static void end_cell(struct sheet *sheet)
{
    size_t size = sheet->rows.text.size - sheet->rows.open;
    enum read_kind kind = sheet->kind;

    sheet->in_cell = sheet->collecting = false;
    if (sheet->columns_spanned > 1 || sheet->rows_spanned > 1)
        book_add_merge(sheet, (struct workbook_merge){sheet->line + 1, sheet->column + 1, sheet->line + sheet->rows_spanned,
                                                      sheet->column + sheet->columns_spanned});
    if (size > 1 && kind == READ_TEXT && sheet->formula && sheet->rows.text.bytes[sheet->rows.open] == '#')
        kind = READ_ERROR;
    if (size == 0 || sheet->covered || sheet->column >= WORKBOOK_COLUMNS_MAX) {
        sheet->column += sheet->cell_repeat;
        sheet->rows.text.size = sheet->rows.open;
        return;
    }
    sheet->cells_repeated += (sheet->cell_repeat - 1) + (sheet->repeat - 1);
    if (sheet->cells_repeated > WORKBOOK_REPEATS_MAX) {
        refuse_repeats(sheet);
        return;
    }
    for (size_t i = 0; i < sheet->cell_repeat && sheet->column < WORKBOOK_COLUMNS_MAX; i++)
        rows_add(&sheet->rows, kind, ++sheet->column);
}

static void XMLCALL on_element_end(void *context, const XML_Char *element)
{
    struct sheet *sheet = context;
    const char *name = xml_local(element);

    if (strcmp(name, "table") == 0 && --sheet->skipped == 0)
        sheet->in_table = false;
    if (!sheet->in_table || sheet->skipped > 1)
        return;
    if (strcmp(name, "table-cell") == 0 || strcmp(name, "covered-table-cell") == 0) {
        end_cell(sheet);
    } else if (strcmp(name, "table-row") == 0) {
        rows_end_row(&sheet->rows, sheet->line + 1, sheet->repeat);
        sheet->line += sheet->repeat;
    } else if (strcmp(name, "annotation") == 0) {
        sheet->phonetic = false;
    } else if (strcmp(name, "p") == 0 || strcmp(name, "h") == 0) {
        if (!sheet->phonetic)
            sheet->collecting = false;
    }
}

dk_status ods_sheet(struct sheet *sheet, struct dk_error *err)
{
    return xml_open(&sheet->xml, sheet->workbook->archive, sheet->workbook->sheet[sheet->index].part, on_element,
                    on_element_end, on_characters, err);
}

#else

typedef int ods_needs_expat;

#endif
