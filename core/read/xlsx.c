/* Office Open XML workbooks (ECMA-376, parts 1 and 4): xl/workbook.xml names the sheets, xl/_rels/workbook.xml.rels their
 * parts, xl/styles.xml the formats of cells, xl/sharedStrings.xml texts that cells refer to by number. */
#include "read/book.h"

#if defined DIFKIT_HAVE_EXPAT

#include <stdlib.h>
#include <string.h>

#include "base/list.h"

/* The small parts, read whole; struct xml first. */
struct listing {
    struct xml xml;
    struct workbook *workbook;
    struct {
        char *id, *target;
        bool shared, styles;
    } * relation;
    size_t relations, relation_capacity;
    struct {
        long id;
        enum cell_format format;
    } * format;
    size_t formats, format_capacity;
    bool in_cells;             /* of styles: within cellXfs */
    bool collecting, phonetic; /* of shared texts */
};

static bool is(const char *element, const char *name)
{
    return strcmp(xml_local(element), name) == 0;
}

static bool is_on(const char *value)
{
    return value != NULL && (strcmp(value, "1") == 0 || strcmp(value, "true") == 0);
}

static dk_status read_whole(struct listing *listing, size_t part, XML_StartElementHandler start, XML_EndElementHandler end,
                            XML_CharacterDataHandler text, struct dk_error *err)
{
    dk_status status = xml_open(&listing->xml, listing->workbook->archive, part, start, end, text, err);

    while (status == DK_OK && !listing->xml.ended)
        status = xml_step(&listing->xml, err);
    xml_close(&listing->xml);
    return status;
}

static void XMLCALL on_relation(void *context, const XML_Char *element, const XML_Char **attributes)
{
    struct listing *listing = context;
    const char *id = xml_attribute(attributes, "Id"), *target = xml_attribute(attributes, "Target");
    const char *type = xml_attribute(attributes, "Type");

    if (!is(element, "Relationship") || id == NULL || target == NULL || type == NULL)
        return;
    listing->relation =
        dk_list_grow(listing->relation, listing->relations, &listing->relation_capacity, sizeof *listing->relation);
    listing->relation[listing->relations].id = dk_copy_text(id);
    listing->relation[listing->relations].target = dk_copy_text(target);
    listing->relation[listing->relations].shared = strstr(type, "/sharedStrings") != NULL;
    listing->relation[listing->relations].styles = strstr(type, "/styles") != NULL;
    listing->relations++;
}

/* The entry that a target means: from the root with a slash, else from xl/. */
static size_t part_of(const struct workbook *workbook, const char *target)
{
    char name[1024];

    if (target[0] == '/')
        return archive_find(workbook->archive, target + 1);
    if (strncmp(target, "./", 2) == 0)
        target += 2;
    if (strlen(target) + 4 > sizeof name)
        return SIZE_MAX;
    strcpy(name, "xl/");
    strcat(name, target);
    return archive_find(workbook->archive, name);
}

static void XMLCALL on_workbook(void *context, const XML_Char *element, const XML_Char **attributes)
{
    struct listing *listing = context;
    const char *name, *state, *id = NULL;

    if (is(element, "workbookPr"))
        listing->workbook->since_1904 = is_on(xml_attribute(attributes, "date1904"));
    if (!is(element, "sheet"))
        return;
    name = xml_attribute(attributes, "name");
    state = xml_attribute(attributes, "state");
    for (size_t i = 0; attributes[i] != NULL; i += 2)
        if (strchr(attributes[i], ':') != NULL && is(attributes[i], "id"))
            id = attributes[i + 1];
    for (size_t i = 0; name != NULL && id != NULL && i < listing->relations; i++) {
        size_t part =
            strcmp(listing->relation[i].id, id) == 0 ? part_of(listing->workbook, listing->relation[i].target) : SIZE_MAX;

        if (part != SIZE_MAX)
            book_add_sheet(listing->workbook, name, state != NULL && strcmp(state, "visible") != 0, part);
    }
}

static void XMLCALL on_style(void *context, const XML_Char *element, const XML_Char **attributes)
{
    struct listing *listing = context;
    struct workbook *workbook = listing->workbook;
    const char *id = xml_attribute(attributes, "numFmtId"), *code = xml_attribute(attributes, "formatCode");
    enum cell_format format;
    long number = id != NULL ? strtol(id, NULL, 10) : 0;

    if (is(element, "cellXfs"))
        listing->in_cells = true;
    if (is(element, "numFmt") && code != NULL) {
        listing->format =
            dk_list_grow(listing->format, listing->formats, &listing->format_capacity, sizeof *listing->format);
        listing->format[listing->formats].id = number;
        listing->format[listing->formats++].format = format_by_code(code);
    }
    if (!is(element, "xf") || !listing->in_cells)
        return;
    format = format_by_id(number);
    for (size_t i = 0; i < listing->formats; i++)
        if (listing->format[i].id == number)
            format = listing->format[i].format;
    workbook->style = dk_list_grow(workbook->style, workbook->styles, &workbook->style_capacity, sizeof *workbook->style);
    workbook->style[workbook->styles++] = format;
}

static void XMLCALL on_style_end(void *context, const XML_Char *element)
{
    struct listing *listing = context;

    if (is(element, "cellXfs"))
        listing->in_cells = false;
}

static void XMLCALL on_nothing(void *context, const XML_Char *element)
{
    (void)context;
    (void)element;
}

/* Decodes _xHHHH_, by which a character that XML has not is written, where it lies. Returns the new size. */
static size_t unescape(char *text, size_t size)
{
    char *out = text;

    for (size_t i = 0; i < size;) {
        char digits[5] = "", *end;
        unsigned long character;

        if (size - i >= 7 && text[i] == '_' && text[i + 1] == 'x' && text[i + 6] == '_') {
            memcpy(digits, text + i + 2, 4);
            character = strtoul(digits, &end, 16);
            if (*end == '\0' && strspn(digits, "0123456789abcdefABCDEF") == 4 &&
                (character < 0xD800 || character > 0xDFFF)) {
                if (character < 0x80) {
                    *out++ = (char)character;
                } else if (character < 0x800) {
                    *out++ = (char)(0xC0 | character >> 6);
                    *out++ = (char)(0x80 | (character & 0x3F));
                } else {
                    *out++ = (char)(0xE0 | character >> 12);
                    *out++ = (char)(0x80 | (character >> 6 & 0x3F));
                    *out++ = (char)(0x80 | (character & 0x3F));
                }
                i += 7;
                continue;
            }
        }
        *out++ = text[i++];
    }
    return (size_t)(out - text);
}

/* Decodes what a buffer holds from `begin` on. */
static void unescape_from(struct dk_buffer *text, size_t begin)
{
    size_t size = text->size - begin;

    if (size >= 7 && memchr(text->bytes + begin, '_', size) != NULL)
        text->size = begin + unescape(text->bytes + begin, size);
}

static void XMLCALL on_shared(void *context, const XML_Char *element, const XML_Char **attributes)
{
    struct listing *listing = context;

    (void)attributes;
    if (is(element, "rPh"))
        listing->phonetic = true;
    listing->collecting = !listing->phonetic && is(element, "t");
}

static void XMLCALL on_shared_text(void *context, const XML_Char *text, int size)
{
    struct listing *listing = context;

    if (listing->collecting)
        dk_buffer_add(&listing->workbook->strings.bytes, text, (size_t)size);
}

static void XMLCALL on_shared_end(void *context, const XML_Char *element)
{
    struct listing *listing = context;
    struct strings *strings = &listing->workbook->strings;

    listing->collecting = false;
    if (is(element, "rPh"))
        listing->phonetic = false;
    if (!is(element, "si"))
        return;
    unescape_from(&strings->bytes, strings->open);
    if (strings_add(strings, listing->xml.err) != DK_OK)
        xml_fail(&listing->xml);
}

dk_status xlsx_open(struct workbook *workbook, struct dk_error *err)
{
    struct listing listing = {.workbook = workbook};
    size_t relations = archive_find(workbook->archive, "xl/_rels/workbook.xml.rels");
    size_t names = archive_find(workbook->archive, "xl/workbook.xml");
    dk_status status = DK_ERROR;

    if (relations == SIZE_MAX || names == SIZE_MAX) {
        dk_fail(err, DK_DATA, "the workbook lacks the list of its sheets");
        dk_hint(err, "open it in a spreadsheet program and save it again as .xlsx");
        goto done;
    }
    if (read_whole(&listing, relations, on_relation, on_nothing, NULL, err) != DK_OK ||
        read_whole(&listing, names, on_workbook, on_nothing, NULL, err) != DK_OK)
        goto done;
    for (size_t i = 0; i < listing.relations; i++) {
        size_t part = part_of(workbook, listing.relation[i].target);

        if (part != SIZE_MAX && listing.relation[i].styles &&
            read_whole(&listing, part, on_style, on_style_end, NULL, err) != DK_OK)
            goto done;
        if (part != SIZE_MAX && listing.relation[i].shared &&
            read_whole(&listing, part, on_shared, on_shared_end, on_shared_text, err) != DK_OK)
            goto done;
    }
    status = strings_finish(&workbook->strings, err);
done:
    for (size_t i = 0; i < listing.relations; i++) {
        free(listing.relation[i].id);
        free(listing.relation[i].target);
    }
    free(listing.relation);
    free(listing.format);
    return status;
}

/* "BC12" -> column 55 and row 12; what stands behind them. NULL when it is no place. */
static const char *read_place(const char *place, size_t *column, size_t *row)
{
    *column = *row = 0;
    for (; (*place >= 'A' && *place <= 'Z') && *column <= WORKBOOK_COLUMNS_MAX; place++)
        *column = *column * 26 + (size_t)(*place - 'A' + 1);
    for (; *place >= '0' && *place <= '9' && *row <= WORKBOOK_ROWS_MAX; place++)
        *row = *row * 10 + (size_t)(*place - '0');
    return *column > 0 && *row > 0 && *column <= WORKBOOK_COLUMNS_MAX && *row <= WORKBOOK_ROWS_MAX ? place : NULL;
}

static void begin_cell(struct sheet *sheet, const XML_Char **attributes)
{
    const char *type = NULL, *style = NULL, *place = NULL;
    size_t number, row;

    for (size_t i = 0; attributes[i] != NULL; i += 2) {
        if (attributes[i][1] != '\0')
            continue;
        if (attributes[i][0] == 'r')
            place = attributes[i + 1];
        else if (attributes[i][0] == 't')
            type = attributes[i + 1];
        else if (attributes[i][0] == 's')
            style = attributes[i + 1];
    }
    if (place == NULL || read_place(place, &sheet->column, &row) == NULL)
        sheet->column++;
    rows_begin_cell(&sheet->rows);
    sheet->shared = sheet->formula = sheet->has_value = false;
    sheet->format = FORMAT_NUMBER;
    sheet->kind = READ_TEXT;
    if (type == NULL || (type[0] == 'n' && type[1] == '\0')) {
        sheet->kind = READ_NUMBER;
        number = style != NULL ? (size_t)strtoul(style, NULL, 10) : 0;
        if (number < sheet->workbook->styles)
            sheet->format = sheet->workbook->style[number];
    } else if (type[1] == '\0') {
        sheet->shared = type[0] == 's';
        sheet->kind = type[0] == 'b' ? READ_TRUTH : type[0] == 'e' ? READ_ERROR : type[0] == 'd' ? READ_DATE : READ_TEXT;
    }
}

static void add_merge(struct sheet *sheet, const char *place)
{
    struct workbook_merge merge;
    const char *rest = place != NULL ? read_place(place, &merge.column, &merge.row) : NULL;

    if (rest != NULL && *rest == ':' && read_place(rest + 1, &merge.last_column, &merge.last_row) != NULL)
        book_add_merge(sheet, merge);
}

static void XMLCALL on_element(void *context, const XML_Char *element, const XML_Char **attributes)
{
    struct sheet *sheet = context;
    const char *name = xml_local(element);

    sheet->collecting = false;
    if (name[1] == '\0') {
        if (name[0] == 'c') {
            begin_cell(sheet, attributes);
        } else if (name[0] == 'v' || name[0] == 't') {
            sheet->collecting = !sheet->phonetic;
            sheet->has_value = true;
        } else if (name[0] == 'f') {
            sheet->formula = true;
        }
        return;
    }
    if (strcmp(name, "row") == 0) {
        const char *number = xml_attribute(attributes, "r");
        size_t line = number != NULL ? (size_t)strtoul(number, NULL, 10) : sheet->line + 1;

        sheet->line = line > 0 && line <= WORKBOOK_ROWS_MAX ? line : sheet->line + 1;
        sheet->column = 0;
    } else if (strcmp(name, "rPh") == 0) {
        sheet->phonetic = true;
    } else if (strcmp(name, "mergeCell") == 0) {
        add_merge(sheet, xml_attribute(attributes, "ref"));
    }
}

static void XMLCALL on_characters(void *context, const XML_Char *text, int size)
{
    struct sheet *sheet = context;

    if (sheet->collecting)
        dk_buffer_add(&sheet->rows.text, text, (size_t)size);
}

/* Puts another text in the place of that of the cell. */
static void replace(struct sheet *sheet, const char *text, size_t size)
{
    sheet->rows.text.size = sheet->rows.open;
    dk_buffer_add(&sheet->rows.text, text, size);
}

static void finish_number(struct sheet *sheet)
{
    char *text = sheet->rows.text.bytes + sheet->rows.open, out[DK_NUMBER_SIZE];
    size_t size = sheet->rows.text.size - sheet->rows.open, written = 0;
    double value;

    if (sheet->format == FORMAT_NUMBER && size <= 15 && memchr(text, 'E', size) == NULL)
        return;
    if (!dk_parse_real(text, size, &value)) {
        sheet->kind = READ_TEXT;
        return;
    }
    if (sheet->format == FORMAT_PERCENT) {
        sheet->kind = READ_PERCENT;
        written = format_percent(value, out);
    } else if (sheet->format != FORMAT_NUMBER) {
        written = format_date(value, sheet->workbook->since_1904, sheet->format, out);
        if (written > 0)
            sheet->kind = READ_DATE;
    }
    if (written == 0) {
        written = dk_real_text(value, out);
        if (written > 2 && memcmp(out + written - 2, ".0", 2) == 0)
            written -= 2;
    }
    replace(sheet, out, written);
}

/* The number of a shared text; SIZE_MAX when it is none. */
static size_t shared_index(const char *text, size_t size)
{
    size_t index = 0;

    for (size_t i = 0; i < size; i++) {
        if (text[i] < '0' || text[i] > '9' || index > SIZE_MAX / 20)
            return SIZE_MAX;
        index = index * 10 + (size_t)(text[i] - '0');
    }
    return size > 0 ? index : SIZE_MAX;
}

static void end_cell(struct sheet *sheet)
{
    size_t size = sheet->rows.text.size - sheet->rows.open;
    enum read_kind kind = sheet->kind;

    if (sheet->shared) {
        const char *text = NULL;
        size_t index = size > 0 ? shared_index(sheet->rows.text.bytes + sheet->rows.open, size) : SIZE_MAX;

        text = strings_get(&sheet->workbook->strings, index, &size);
        if (text == NULL) {
            dk_fail(sheet->xml.err, DK_DATA,
                    "sheet \"%s\", row %zu, column %zu: the cell refers to a text that is not there",
                    sheet->workbook->sheet[sheet->index].name, sheet->line, sheet->column);
            dk_hint(sheet->xml.err, "open it in a spreadsheet program and save it again");
            xml_fail(&sheet->xml);
            return;
        }
        replace(sheet, text, size);
    } else if (kind == READ_TEXT) {
        unescape_from(&sheet->rows.text, sheet->rows.open);
    } else if (size > 0 && kind == READ_NUMBER) {
        finish_number(sheet);
        kind = sheet->kind;
    } else if (kind == READ_DATE) {
        const char *text = sheet->rows.text.bytes + sheet->rows.open;

        if (size >= 19 && memcmp(text + 10, "T00:00:00", 9) == 0) /* a day; what follows is a fraction or "Z" */
            sheet->rows.text.size = sheet->rows.open + 10;
    } else if (kind == READ_TRUTH) {
        bool is_true = size == 1 && sheet->rows.text.bytes[sheet->rows.open] == '1';

        replace(sheet, is_true ? "true" : "false", is_true ? 4 : 5);
    }
    size = sheet->rows.text.size - sheet->rows.open;
    if (size == 0 && sheet->formula && !sheet->has_value)
        kind = READ_FORMULA;
    else if (size == 0)
        return;
    rows_add(&sheet->rows, kind, sheet->column);
}

static void XMLCALL on_element_end(void *context, const XML_Char *element)
{
    struct sheet *sheet = context;
    const char *name = xml_local(element);

    sheet->collecting = false;
    if (name[0] == 'c' && name[1] == '\0')
        end_cell(sheet);
    else if (strcmp(name, "row") == 0)
        rows_end_row(&sheet->rows, sheet->line, 1);
    else if (strcmp(name, "rPh") == 0)
        sheet->phonetic = false;
}

dk_status xlsx_sheet(struct sheet *sheet, struct dk_error *err)
{
    return xml_open(&sheet->xml, sheet->workbook->archive, sheet->workbook->sheet[sheet->index].part, on_element,
                    on_element_end, on_characters, err);
}

#else

typedef int xlsx_needs_expat;

#endif
