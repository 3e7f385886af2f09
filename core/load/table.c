/* CSV files: rows are checked as they stream by, so that memory does not grow with their number. */
#include "load/state.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/near.h"
#include "base/sha256.h"
#include "base/text.h"
#include "load/wide.h"
#include "names/match.h"
#include "read/csv.h"

/* A file of respondents may have a column for each question and replicate weight. */
enum { COLUMNS_MAX = 64, WIDE_COLUMNS_MAX = 1024, NOT_A_FIELD = -1 };

struct table_reader {
    struct load *load;
    const struct table *table;
    FILE *input; /* NULL: the file is in the program */
    size_t position;
    struct dk_sha256 digest;
    int field[WIDE_COLUMNS_MAX]; /* of each column */
    int most;                    /* columns at the most */
    struct wide_column *wide;    /* of each column, for respondents; else NULL */
    int columns;
    bool broken;  /* the rest of the file says nothing */
    int row_line; /* where the current row begins */
    struct row *row;
    struct place place[FIELDS_MAX];
    unsigned dangling;      /* common values that refer to nothing: reported once already */
    struct matched *matched; /* NULL unless the column of units is matched */
};

/* A unit matched before: a file says the same few names over and over. */
enum { MATCHED_SLOTS = 1024, MATCHED_TEXT = 56 };
struct matched {
    char text[MATCHED_TEXT], code[8];
    const struct known_name *known; /* an alias or a decision, before any code */
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

static void find_unknown_column(struct table_reader *reader, int column, const char *text, size_t size)
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
    else if (column == 0 && (memchr(text, ';', size) != NULL || memchr(text, '\t', size) != NULL))
        dk_hint(&err, "cells must be separated by commas");
    else
        dk_hint(&err, "known columns: %s", list);
    load_find(reader->load, place_of(reader, column), &err);
}

static void read_heading(struct table_reader *reader, int column, const char *text, size_t size)
{
    int field = model_field_by_key(reader->table->entity, text, size);
    char shown[DK_QUOTE_SIZE];
    struct dk_error err;

    reader->field[column] = field;
    if (field < 0 && reader->wide != NULL && wide_column(reader->load, reader->table, text, size, &reader->wide[column]))
        return;
    if (field < 0) {
        find_unknown_column(reader, column, text, size);
        return;
    }
    dk_quote(text, size, shown);
    if (reader->table->given & 1U << field) {
        dk_fail(&err, DK_DATA, "the column \"%s\" is given for the whole file already", shown);
        dk_hint(&err, "remove it here, or beside \"csv\" in the YAML");
        load_find(reader->load, place_of(reader, column), &err);
    }
    for (int i = 0; i < column; i++) {
        if (reader->field[i] != field)
            continue;
        dk_fail(&err, DK_DATA, "the column \"%s\" stands twice in the header", shown);
        dk_hint(&err, "first as column %d", i + 1);
        load_find(reader->load, place_of(reader, column), &err);
        reader->field[column] = NOT_A_FIELD;
        break;
    }
}

/* Whether what is needed has a column, or a value for the whole file. */
static void check_header(struct table_reader *reader)
{
    const struct model_entity *entity = reader->table->entity;
    struct dk_error err;

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

/* Looks up what a name means, into its slot; false and what is wrong when it is no unit. */
static bool look_up(struct table_reader *reader, struct matched *slot, const struct scalar *scalar, struct dk_error *err)
{
    struct names_match match;

    slot->text[0] = '\0';
    slot->known = load_known_name(reader->load, scalar->text, scalar->size);
    if (slot->known == NULL) {
        names_match(reader->table->units, scalar->text, scalar->size, &match);
        if (match.kind != NAMES_UNIT) {
            say_unmatched(scalar, &match, err);
            return false;
        }
        memcpy(slot->code, match.code, 4);
    }
    if (scalar->size < MATCHED_TEXT) {
        memcpy(slot->text, scalar->text, scalar->size);
        slot->text[scalar->size] = '\0';
    }
    return true;
}

/* Puts the unit that the cell means in its place; what is the id of a unit already stays as it is. `*out`: the row is left
 * out, as was decided. */
static bool match_cell(struct table_reader *reader, struct scalar *scalar, bool *out, struct dk_error *err)
{
    struct matched *slot = matched_slot(reader->matched, scalar->text, scalar->size);
    struct id_key key = load_key(MODEL_UNIT, scalar->text, scalar->size);

    *out = false;
    if (scalar->size == 0 || ids_find(&reader->load->ids, &key) != NULL)
        return true;
    if ((scalar->size >= MATCHED_TEXT || strlen(slot->text) != scalar->size ||
         memcmp(slot->text, scalar->text, scalar->size) != 0) &&
        !look_up(reader, slot, scalar, err))
        return false;
    *out = slot->known != NULL && slot->known->unit == NULL;
    *scalar = (struct scalar){.text = slot->known != NULL ? slot->known->unit : slot->code,
                              .size = slot->known != NULL ? slot->known->unit_size : 3,
                              .plain = true,
                              .cell = true};
    return true;
}

/* Whether a cell can be read at all; finds what is wrong with it otherwise. */
static bool is_readable(struct table_reader *reader, const struct read_cell *cell, int column)
{
    struct dk_error err;

    if (load_check_encoding((const unsigned char *)cell->text, cell->size, &err)) {
        if (cell->size <= LOAD_SCALAR_MAX)
            return true;
        dk_fail(&err, DK_DATA, "a cell of more than %d bytes", LOAD_SCALAR_MAX);
        dk_hint(&err, "look for a double quote that is not closed");
    }
    load_find(reader->load, place_of(reader, column), &err);
    return false;
}

static void read_header(struct table_reader *reader, const struct read_row *row)
{
    struct dk_error err;

    for (size_t i = 0; i < row->count && !reader->broken; i++) {
        if (i == (size_t)reader->most) {
            dk_fail(&err, DK_DATA, "more than %d columns", reader->most);
            load_find(reader->load, place_of(reader, reader->most), &err);
            reader->broken = true;
        } else if (!is_readable(reader, &row->cell[i], (int)i)) {
            reader->broken = true;
        } else {
            read_heading(reader, (int)i, row->cell[i].text, row->cell[i].size);
            reader->columns++;
        }
    }
    if (!reader->broken)
        check_header(reader);
}

static void read_cell(struct table_reader *reader, const struct read_cell *cell, int column)
{
    int field = reader->field[column];
    struct scalar scalar = {.text = cell->text, .size = cell->size, .plain = true, .cell = true};
    const struct model_field *it;
    struct dk_error err;
    bool readable = is_readable(reader, cell, column);

    if (!readable)
        reader->row->skip = true;
    if (field < 0)
        return;
    reader->place[field] = place_of(reader, column);
    it = &reader->table->entity->fields[field];
    if (readable) {
        bool unit = reader->matched != NULL && it->type == MODEL_REFERENCE && it->reference == MODEL_UNIT, out = false;

        if ((!unit || match_cell(reader, &scalar, &out, &err)) && !out &&
            load_value(reader->table->entity, it, &scalar, &reader->load->batch->arena, &reader->row->value[field], &err))
            return;
        if (!out)
            load_find(reader->load, reader->place[field], &err);
    }
    reader->place[field].line = -1; /* it was said already */
    reader->row->skip = true;
}

/* The records that stand in the columns beside those of a respondent. */
static void read_wide(struct table_reader *reader, const struct read_row *row)
{
    for (int i = 0; i < reader->columns && !reader->row->skip; i++) {
        struct scalar scalar = {.text = row->cell[i].text, .size = row->cell[i].size, .plain = true, .cell = true};

        if (reader->wide[i].kind != WIDE_NOTHING)
            wide_cell(reader->load, &reader->wide[i], reader->row, &scalar, place_of(reader, i));
    }
}

static void read_row(struct table_reader *reader, const struct read_row *row)
{
    const struct model_entity *entity = reader->table->entity;
    struct dk_error err;
    int count = row->count < (size_t)reader->most ? (int)row->count : reader->most;
    int id = model_field_by_name(entity, "id");

    begin_row(reader);
    for (int i = 0; i < count && i < reader->columns; i++)
        read_cell(reader, &row->cell[i], i);
    if (row->count != (size_t)reader->columns) {
        dk_fail(&err, DK_DATA, "a row of %zu cells under a header of %d", row->count, reader->columns);
        dk_hint(&err, row->count > (size_t)reader->columns ? "a cell that holds a comma has to stand in double quotes"
                                                           : "an empty cell needs its comma");
        load_find(reader->load, place_of(reader, 0), &err);
        reader->row->skip = true;
    } else {
        load_finish_row(reader->load, entity, reader->row, reader->place);
        if (id >= 0)
            load_define(reader->load, entity, reader->row, reader->place[id]);
        if (reader->wide != NULL)
            read_wide(reader, row);
    }
    reader->row = NULL; /* it may be gone with its batch */
    load_flush(reader->load, false);
}

/* The text is not CSV, as the reader of it says. */
static void find_malformed(struct table_reader *reader, const struct dk_error *fault)
{
    struct dk_error err;

    reader->row_line = fault->line;
    dk_fail(&err, DK_DATA, "the row is not CSV: %s", fault->message);
    dk_hint(&err, "%s; the rest of the file was not read", fault->hint);
    load_find(reader->load, place_of(reader, fault->column - 1), &err);
    reader->broken = true;
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

/* Gives the reader of CSV the bytes of the file (csv_fill), all of which the digest sees. */
static dk_status fill(void *context, char *bytes, size_t size, size_t *got, struct dk_error *err)
{
    struct table_reader *reader = context;
    const struct load_file *file = &reader->load->file[reader->table->file];

    *got = 0;
    if (store_failed(&reader->load->store))
        return DK_OK; /* what failed is said at the end; there is no point in reading on */
    if (reader->input != NULL) {
        *got = fread(bytes, 1, size, reader->input);
        if (ferror(reader->input))
            return dk_fail(err, DK_IO, "cannot read %s: %s", file->path, strerror(errno));
    } else {
        *got = file->size - reader->position < size ? file->size - reader->position : size;
        memcpy(bytes, file->bytes + reader->position, *got);
    }
    dk_sha256_add(&reader->digest, bytes, *got);
    reader->load->bytes_read += *got;
    dk_meter_tick(&reader->load->meter, reader->load->bytes_read);
    if (reader->position == 0 && *got >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        reader->position = 3;
        *got -= 3;
        memmove(bytes, bytes + 3, *got);
    }
    reader->position += *got;
    return DK_OK;
}

/* Reads what is left for the digest alone. */
static dk_status read_on(struct table_reader *reader, struct dk_error *err)
{
    char rest[4096];
    size_t got;

    do {
        if (fill(reader, rest, sizeof rest, &got, err) != DK_OK)
            return DK_ERROR;
    } while (got > 0);
    return DK_OK;
}

static dk_status read_rows(struct table_reader *reader, struct csv_reader *csv, struct dk_error *err)
{
    struct dk_error fault;
    struct read_row row;
    bool header = true, found;

    while (!reader->broken) {
        if (csv_next(csv, &row, &found, &fault) != DK_OK) {
            if (fault.code != DK_DATA) {
                *err = fault;
                return DK_ERROR;
            }
            find_malformed(reader, &fault);
            break;
        }
        if (!found)
            break;
        if (row.count == 1 && row.cell[0].kind == READ_EMPTY)
            continue; /* an empty line */
        reader->row_line = (int)row.line;
        if (header)
            read_header(reader, &row);
        else
            read_row(reader, &row);
        header = false;
    }
    if (header && !reader->broken) {
        reader->row_line = 1;
        dk_fail(&fault, DK_DATA, "the CSV file is empty");
        dk_hint(&fault, "expected a header with the names of the columns");
        load_find(reader->load, place_of(reader, 0), &fault);
    }
    return read_on(reader, err);
}

dk_status load_table(struct load *load, const struct table *table, struct dk_error *err)
{
    struct load_file *file = &load->file[table->file];
    struct table_reader reader = {.load = load, .table = table, .row_line = 1, .most = COLUMNS_MAX};
    struct csv_reader csv;
    struct dk_error finding;
    dk_status status;

    if (table->units[0] != '\0' && !names_available()) {
        dk_fail(&finding, DK_DATA, "units cannot be matched: this difkit was built without the names of countries");
        dk_hint(&finding, "build it where iso-codes and unicode-cldr-core are installed");
        load_find(load, place_of(&reader, 0), &finding);
        return DK_OK;
    }
    if (file->bytes == NULL && (reader.input = dk_file_open(file->path, err)) == NULL)
        return DK_ERROR;
    if (table->units[0] != '\0')
        reader.matched = dk_alloc_zeroed(MATCHED_SLOTS, sizeof *reader.matched);
    if (model_name_of(table->entity) == MODEL_RESPONDENT) {
        reader.most = WIDE_COLUMNS_MAX;
        reader.wide = dk_alloc_zeroed(WIDE_COLUMNS_MAX, sizeof *reader.wide);
    }
    dk_sha256_begin(&reader.digest);
    csv_begin(&csv, ',', fill, &reader);
    csv.strict = true;
    check_common(&reader);
    status = read_rows(&reader, &csv, err);
    dk_sha256_text(&reader.digest, file->digest);
    csv_end(&csv);
    free(reader.matched);
    free(reader.wide);
    if (reader.input != NULL)
        fclose(reader.input);
    return status;
}
