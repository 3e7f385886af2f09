/* CSV files: rows are checked as they stream by, so that memory does not grow with their number.
 *
 * The file goes to libcsv a line at a time, which is how a row knows its line although cells may hold line feeds. */
#include "load/state.h"

#include <csv.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/near.h"
#include "base/sha256.h"
#include "base/text.h"
#include "names/match.h"

enum { CHUNK_SIZE = 1 << 16, COLUMNS_MAX = 64, NOT_A_FIELD = -1 };

struct table_reader {
    struct load *load;
    const struct table *table;
    int field[COLUMNS_MAX]; /* of each column */
    int columns;
    bool header;            /* it is being read */
    bool broken;            /* the rest of the file cannot be read */
    int line;               /* being fed */
    int row_line;           /* where the current row began; 0 between rows */
    int column;             /* cells of the current row so far */
    struct row *row;
    struct place place[FIELDS_MAX];
    unsigned dangling;      /* common values that refer to nothing: reported once already */
    struct matched *matched; /* NULL unless the column of units is matched */
};

/* A unit matched before: a file says the same few names over and over. */
enum { MATCHED_SLOTS = 1024, MATCHED_TEXT = 56 };
struct matched {
    char text[MATCHED_TEXT], code[8];
};

static struct place place_of(const struct table_reader *reader, int column)
{
    struct place place = {.file = reader->table->file, .line = reader->row_line, .column = column + 1};

    return place;
}

static size_t known_columns(const struct model_entity *entity, const char *names[FIELDS_MAX])
{
    size_t count = 0;

    for (size_t i = 0; i < entity->field_count; i++)
        if (entity->fields[i].key != NULL)
            names[count++] = entity->fields[i].key;
    return count;
}

static void find_unknown_column(struct table_reader *reader, const char *text, size_t size)
{
    const char *names[FIELDS_MAX];
    size_t count = known_columns(reader->table->entity, names);
    char shown[DK_QUOTE_SIZE], list[200] = "";
    const char *nearest;
    struct dk_error err;

    dk_quote(text, size, shown);
    nearest = dk_nearest(shown, names, count);
    dk_fail(&err, DK_DATA, "unknown column \"%s\" for %s", shown, reader->table->entity->many);
    for (size_t i = 0; i < count; i++)
        snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s", i > 0 ? ", " : "", names[i]);
    if (nearest != NULL)
        dk_hint(&err, "did you mean \"%s\"?", nearest);
    else if (reader->column == 0 && (memchr(text, ';', size) != NULL || memchr(text, '\t', size) != NULL))
        dk_hint(&err, "cells must be separated by commas");
    else
        dk_hint(&err, "known columns: %s", list);
    load_find(reader->load, place_of(reader, reader->column), &err);
}

static void read_heading(struct table_reader *reader, const char *text, size_t size)
{
    int field = model_field_by_key(reader->table->entity, text, size);
    char shown[DK_QUOTE_SIZE];
    struct dk_error err;

    dk_quote(text, size, shown);
    if (reader->column >= COLUMNS_MAX) {
        dk_fail(&err, DK_DATA, "more than %d columns", COLUMNS_MAX);
        load_find(reader->load, place_of(reader, reader->column), &err);
        reader->broken = true;
        return;
    }
    reader->field[reader->column] = field;
    if (field < 0) {
        find_unknown_column(reader, text, size);
        return;
    }
    if (reader->table->given & 1U << field) {
        dk_fail(&err, DK_DATA, "the column \"%s\" is given for the whole file already", shown);
        dk_hint(&err, "remove it here, or beside \"csv\" in the YAML");
        load_find(reader->load, place_of(reader, reader->column), &err);
    }
    for (int i = 0; i < reader->column; i++) {
        if (reader->field[i] != field)
            continue;
        dk_fail(&err, DK_DATA, "the column \"%s\" stands twice in the header", shown);
        dk_hint(&err, "first as column %d", i + 1);
        load_find(reader->load, place_of(reader, reader->column), &err);
        reader->field[reader->column] = NOT_A_FIELD;
        break;
    }
}

/* Whether what is needed has a column, or a value for the whole file. */
static void check_header(struct table_reader *reader)
{
    const struct model_entity *entity = reader->table->entity;
    struct dk_error err;

    reader->columns = reader->column;
    for (size_t i = 0; i < entity->field_count; i++) {
        const struct model_field *field = &entity->fields[i];
        bool found = (reader->table->given & 1U << i) != 0;

        for (int j = 0; j < reader->columns && !found; j++)
            found = reader->field[j] == (int)i;
        if (found || field->key == NULL || !(field->flags & MODEL_REQUIRED) || field->fallback != NULL)
            continue;
        dk_fail(&err, DK_DATA, "the header lacks the column \"%s\"", field->key);
        dk_hint(&err, "%s needs one: %s", entity->one, field->help);
        load_find(reader->load, place_of(reader, 0), &err);
        reader->broken = true; /* every row would say it again */
    }
}

static void begin_row(struct table_reader *reader)
{
    const struct table *table = reader->table;
    const struct model_entity *entity = table->entity;

    reader->row_line = reader->line;
    reader->column = 0;
    if (reader->header)
        return;
    memset(reader->place, 0, sizeof reader->place);
    reader->row = load_row(reader->load, reader->load->batch, entity, place_of(reader, 0));
    for (size_t i = 0; i < entity->field_count; i++) {
        if (!(table->given & 1U << i))
            continue;
        reader->row->value[i] = table->common->value[i]; /* its text outlives the batch */
        if (reader->dangling & 1U << i) {
            reader->row->value[i].type = DB_NULL;
            reader->place[i].line = -1;
        }
    }
}

/* The place of a text among those matched before. */
static struct matched *matched_slot(struct matched *matched, const char *text, size_t size)
{
    uint32_t hash = 2166136261u;

    for (size_t i = 0; i < size; i++)
        hash = (hash ^ (unsigned char)text[i]) * 16777619u;
    return &matched[hash % MATCHED_SLOTS];
}

/* Why a text is no unit. */
static void say_unmatched(const struct scalar *scalar, const struct names_match *match, struct dk_error *err)
{
    char shown[DK_QUOTE_SIZE], near[NAMES_NAME_SIZE];

    dk_quote(scalar->text, scalar->size, shown);
    switch (match->kind) {
    case NAMES_AGGREGATE:
        dk_fail(err, DK_DATA, "\"%s\" is a group of units, not one", shown);
        dk_hint(err, "leave the row out; `difkit import` leaves groups out by itself");
        break;
    case NAMES_PART:
        dk_fail(err, DK_DATA, "\"%s\" is a part of a country, or a former state with several successors", shown);
        break;
    case NAMES_AMBIGUOUS:
        dk_fail(err, DK_DATA, "\"%s\" may be any of %s", shown, match->code);
        break;
    default:
        dk_fail(err, DK_DATA, "\"%s\" is no unit that is known", shown);
        if (names_near(scalar->text, scalar->size, near))
            dk_hint(err, "the nearest is %s", near);
        break;
    }
}

/* Puts the unit that the cell means in its place; what is the id of a unit already stays as it is. */
static bool match_cell(struct table_reader *reader, struct scalar *scalar, struct dk_error *err)
{
    struct matched *slot = matched_slot(reader->matched, scalar->text, scalar->size);
    struct id_key key = load_key(MODEL_UNIT, scalar->text, scalar->size);
    struct names_match match;

    if (scalar->size == 0 || ids_find(&reader->load->ids, &key) != NULL)
        return true;
    if (scalar->size >= MATCHED_TEXT || strlen(slot->text) != scalar->size ||
        memcmp(slot->text, scalar->text, scalar->size) != 0) {
        names_match(reader->table->units, scalar->text, scalar->size, &match);
        if (match.kind != NAMES_UNIT) {
            say_unmatched(scalar, &match, err);
            return false;
        }
        if (scalar->size < MATCHED_TEXT) {
            memcpy(slot->text, scalar->text, scalar->size);
            slot->text[scalar->size] = '\0';
        } else {
            slot->text[0] = '\0';
        }
        memcpy(slot->code, match.code, 4);
    }
    *scalar = (struct scalar){.text = slot->code, .size = 3, .plain = true, .cell = true};
    return true;
}

/* libcsv goes on to the end of what it was fed, whatever a callback found: after the first error that ends the reading
 * neither callback does anything. */
static void on_cell(void *cell, size_t size, void *context)
{
    struct table_reader *reader = context;
    const char *text = cell != NULL ? cell : "";
    struct scalar scalar = {.text = text, .size = size, .plain = true, .cell = true};
    struct dk_error err;
    int field;

    if (reader->broken)
        return;
    if (reader->row_line == 0)
        begin_row(reader);
    if (!load_check_encoding((const unsigned char *)text, size, &err)) {
        load_find(reader->load, place_of(reader, reader->column), &err);
        if (reader->header)
            reader->broken = true;
        else
            reader->row->skip = true;
        if (!reader->header && reader->column < reader->columns && reader->field[reader->column] >= 0)
            reader->place[reader->field[reader->column]].line = -1;
        reader->column++;
        return;
    }
    if (reader->header) {
        read_heading(reader, text, size);
        reader->column++;
        return;
    }
    field = reader->column < reader->columns ? reader->field[reader->column] : NOT_A_FIELD;
    if (field >= 0) {
        const struct model_field *it = &reader->table->entity->fields[field];
        bool unit = reader->matched != NULL && it->type == MODEL_REFERENCE && it->reference == MODEL_UNIT;

        reader->place[field] = place_of(reader, reader->column);
        if ((unit && !match_cell(reader, &scalar, &err)) ||
            !load_value(reader->table->entity, &reader->table->entity->fields[field], &scalar, &reader->load->batch->arena,
                        &reader->row->value[field], &err)) {
            load_find(reader->load, reader->place[field], &err);
            reader->place[field].line = -1;
            reader->row->skip = true;
        }
    }
    reader->column++;
}

static void on_row_end(int separator, void *context)
{
    struct table_reader *reader = context;
    struct dk_error err;

    (void)separator;
    if (reader->row_line == 0 || reader->broken)
        return;
    if (reader->header) {
        check_header(reader);
        reader->header = false;
    } else if (reader->column != reader->columns) {
        dk_fail(&err, DK_DATA, "a row of %d cells under a header of %d", reader->column, reader->columns);
        dk_hint(&err, reader->column > reader->columns ? "a cell that holds a comma has to stand in double quotes"
                                                       : "an empty cell needs its comma");
        load_find(reader->load, place_of(reader, 0), &err);
        reader->row->skip = true;
    } else {
        load_finish_row(reader->load, reader->table->entity, reader->row, reader->place);
    }
    reader->row_line = 0;
    reader->row = NULL; /* it may be gone with its batch */
    load_flush(reader->load, false);
}

static void find_malformed(struct table_reader *reader)
{
    struct dk_error err;

    if (reader->row_line == 0)
        reader->row_line = reader->line;
    dk_fail(&err, DK_DATA, "the row is not CSV: a double quote stands where it cannot");
    dk_hint(&err, "put the cell in double quotes and write each quote within it twice; the rest of the file was not read");
    load_find(reader->load, place_of(reader, reader->column), &err);
    reader->broken = true;
}

/* Feeds a run of bytes, line by line. */
static void feed(struct table_reader *reader, struct csv_parser *parser, const char *bytes, size_t size)
{
    struct dk_error err;

    while (size > 0 && !reader->broken) {
        const char *end = memchr(bytes, '\n', size);
        size_t length = end != NULL ? (size_t)(end - bytes) + 1 : size;

        if (csv_parse(parser, bytes, length, on_cell, on_row_end, reader) != length) {
            find_malformed(reader);
            return;
        }
        if (parser->entry_pos > LOAD_SCALAR_MAX) {
            if (reader->row_line == 0)
                reader->row_line = reader->line;
            dk_fail(&err, DK_DATA, "a cell of more than %d bytes", LOAD_SCALAR_MAX);
            dk_hint(&err, "look for a double quote that is not closed");
            load_find(reader->load, place_of(reader, reader->column), &err);
            reader->broken = true;
            return;
        }
        if (end != NULL)
            reader->line++;
        bytes += length;
        size -= length;
    }
}

static void check_common(struct table_reader *reader)
{
    const struct table *table = reader->table;

    for (size_t i = 0; i < table->entity->field_count; i++) {
        const struct model_field *field = &table->entity->fields[i];
        struct id_key key;

        if (!(table->given & 1U << i) || field->type != MODEL_REFERENCE || field->scope != NULL ||
            table->common->value[i].type != DB_TEXT)
            continue;
        key = load_key(field->reference, table->common->value[i].text.bytes, table->common->value[i].text.size);
        if (ids_find(&reader->load->ids, &key) == NULL)
            reader->dangling |= 1U << i;
    }
}

/* Reads the file in chunks; *broken files are read on for their digest alone. */
static dk_status stream(struct table_reader *reader, struct csv_parser *parser, struct dk_error *err)
{
    struct load_file *file = &reader->load->file[reader->table->file];
    FILE *input = file->bytes == NULL ? dk_file_open(file->path, err) : NULL;
    char *chunk = malloc(CHUNK_SIZE);
    size_t position = 0, size;
    dk_status status = DK_ERROR;
    struct dk_sha256 digest;

    dk_sha256_begin(&digest);
    if (file->bytes == NULL && input == NULL)
        goto done;
    if (chunk == NULL) {
        dk_fail(err, DK_IO, "cannot read %s: %s", file->path, strerror(errno));
        goto done;
    }
    for (;;) {
        size_t skipped = 0;

        if (input != NULL) {
            size = fread(chunk, 1, CHUNK_SIZE, input);
        } else {
            size = file->size - position < CHUNK_SIZE ? file->size - position : CHUNK_SIZE;
            memcpy(chunk, file->bytes + position, size);
        }
        if (size == 0)
            break;
        dk_sha256_add(&digest, chunk, size);
        if (position == 0 && size >= 3 && memcmp(chunk, "\xEF\xBB\xBF", 3) == 0)
            skipped = 3;
        position += size;
        feed(reader, parser, chunk + skipped, size - skipped);
        reader->load->bytes_read += size;
        dk_meter_tick(&reader->load->meter, reader->load->bytes_read);
        if (store_failed(&reader->load->store))
            break;
    }
    if (input != NULL && ferror(input)) {
        dk_fail(err, DK_IO, "cannot read %s: %s", file->path, strerror(errno));
        goto done;
    }
    if (!reader->broken && csv_fini(parser, on_cell, on_row_end, reader) != 0)
        find_malformed(reader);
    dk_sha256_text(&digest, file->digest);
    status = DK_OK;
done:
    free(chunk);
    if (input != NULL)
        fclose(input);
    return status;
}

dk_status load_table(struct load *load, const struct table *table, struct dk_error *err)
{
    struct table_reader reader = {.load = load, .table = table, .header = true, .line = 1};
    struct csv_parser parser;
    struct dk_error finding;
    dk_status status;

    if (table->units[0] != '\0' && !names_available()) {
        dk_fail(&finding, DK_DATA, "units cannot be matched: this difkit was built without the names of countries");
        dk_hint(&finding, "build it where iso-codes and unicode-cldr-core are installed");
        load_find(load, place_of(&reader, 0), &finding);
        return DK_OK;
    }
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL) != 0)
        return dk_fail(err, DK_IO, "not enough memory to read %s", load->file[table->file].path);
    if (table->units[0] != '\0')
        reader.matched = dk_alloc_zeroed(MATCHED_SLOTS, sizeof *reader.matched);
    check_common(&reader);
    status = stream(&reader, &parser, err);
    if (status == DK_OK && reader.header && !reader.broken) {
        reader.row_line = 1;
        dk_fail(&finding, DK_DATA, "the CSV file is empty");
        dk_hint(&finding, "expected a header with the names of the columns");
        load_find(load, place_of(&reader, 0), &finding);
    }
    if (reader.row_line > 0 && reader.row != NULL)
        reader.row->skip = true; /* it broke off within the row */
    csv_free(&parser);
    free(reader.matched);
    return status;
}
