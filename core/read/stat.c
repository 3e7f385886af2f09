#define _XOPEN_SOURCE 700

#include "read/stat.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/list.h"
#include "read/rows.h"

#if defined DIFKIT_HAVE_READSTAT

#include "read/stat_library.h"
#include "read/stat_number.h"

enum { PORTION = 1 << 17 /* cells of the first portion of rows */ };

struct stat_file {
    FILE *stream;
    enum stat_program program;
    enum encoding encoding;
    struct stat_variable *variable;
    char **set; /* of each variable: the name of the labels of its values */
    size_t variables, capacity;
    struct {
        char *set;
        struct stat_label label;
    } * label;
    size_t labels, label_capacity;
    long rows; /* that the file says to have; -1 when it does not */
};

struct stat_rows {
    struct stat_file *file;
    struct rows rows;
    long begun, wanted, got; /* of the portion being read: its first row, its size, what came */
    long open;               /* the row being found; -1: none */
    bool ended;
};

/* The reader of a file: where it stands is that of the stream. */
static int stream_open(const char *path, void *context)
{
    (void)path;
    rewind(context);
    return 0;
}

static int stream_close(void *context)
{
    (void)context;
    return 0;
}

static readstat_off_t stream_seek(readstat_off_t offset, readstat_io_flags_t whence, void *context)
{
    static const int from[] = {SEEK_SET, SEEK_CUR, SEEK_END};

    return fseeko(context, (off_t)offset, from[whence]) == 0 ? (readstat_off_t)ftello(context) : -1;
}

static ssize_t stream_read(void *bytes, size_t size, void *context)
{
    size_t got = fread(bytes, 1, size, context);

    return ferror((FILE *)context) ? -1 : (ssize_t)got;
}

static readstat_error_t stream_update(long size, readstat_progress_handler handler, void *user, void *context)
{
    (void)size;
    (void)handler;
    (void)user;
    (void)context;
    return READSTAT_OK;
}

/* The number of a value; a float is what it shows in seven digits, not what a double makes of it. */
static double number_of(readstat_value_t value)
{
    char digits[DK_NUMBER_SIZE];

    if (stat_library.readstat_value_type(value) != READSTAT_TYPE_FLOAT)
        return stat_library.readstat_double_value(value);
    snprintf(digits, sizeof digits, "%.7g", (double)stat_library.readstat_float_value(value));
    return strtod(digits, NULL);
}

/* A value as the text of its code: "1", ".d", "abc". */
static char *code_of(const struct stat_file *file, readstat_value_t value)
{
    char out[DK_NUMBER_SIZE];

    if (stat_library.readstat_value_is_tagged_missing(value)) {
        snprintf(out, sizeof out, ".%c", stat_library.readstat_value_tag(value));
        return dk_copy_text(out);
    }
    if (stat_library.readstat_value_type_class(value) == READSTAT_TYPE_CLASS_STRING) {
        const char *text = stat_library.readstat_string_value(value);

        return dk_copy_text(text != NULL ? text : "");
    }
    if (stat_library.readstat_value_is_system_missing(value))
        return dk_copy_text(".");
    stat_number_text(file->program, NULL, number_of(value), out);
    return dk_copy_text(out);
}

static char *missing_of(const struct stat_file *file, readstat_variable_t *variable)
{
    struct dk_buffer list = {0};

    for (int i = 0; i < stat_library.readstat_variable_get_missing_ranges_count(variable); i++) {
        char *low = code_of(file, stat_library.readstat_variable_get_missing_range_lo(variable, i));
        char *high = code_of(file, stat_library.readstat_variable_get_missing_range_hi(variable, i));

        dk_buffer_format(&list, "%s%s", list.size > 0 ? "|" : "", low);
        if (strcmp(low, high) != 0)
            dk_buffer_format(&list, ":%s", high);
        free(low);
        free(high);
    }
    return list.bytes != NULL ? list.bytes : dk_copy_text("");
}

static char *text_or_empty(const char *text)
{
    return dk_copy_text(text != NULL ? text : "");
}

static int on_metadata(readstat_metadata_t *metadata, void *context)
{
    ((struct stat_file *)context)->rows = stat_library.readstat_get_row_count(metadata);
    return READSTAT_HANDLER_OK;
}

static int on_variable(int index, readstat_variable_t *variable, const char *labels, void *context)
{
    struct stat_file *file = context;
    struct stat_variable *made;
    size_t before = file->capacity;

    (void)index;
    file->variable = dk_list_grow(file->variable, file->variables, &file->capacity, sizeof *file->variable);
    if (file->capacity != before)
        file->set = dk_realloc(file->set, file->capacity * sizeof *file->set);
    made = &file->variable[file->variables];
    *made = (struct stat_variable){.name = text_or_empty(stat_library.readstat_variable_get_name(variable)),
                                   .label = text_or_empty(stat_library.readstat_variable_get_label(variable)),
                                   .format = text_or_empty(stat_library.readstat_variable_get_format(variable)),
                                   .missing = missing_of(file, variable)};
    made->text = stat_library.readstat_variable_get_type_class(variable) == READSTAT_TYPE_CLASS_STRING;
    made->date = !made->text && stat_is_date(file->program, made->format);
    file->set[file->variables++] = labels != NULL ? dk_copy_text(labels) : NULL;
    return READSTAT_HANDLER_OK;
}

static int on_weight(readstat_variable_t *variable, void *context)
{
    struct stat_file *file = context;
    size_t index = (size_t)stat_library.readstat_variable_get_index(variable);

    if (index < file->variables)
        file->variable[index].weight = true;
    return READSTAT_HANDLER_OK;
}

static int on_label(const char *set, readstat_value_t value, const char *text, void *context)
{
    struct stat_file *file = context;

    file->label = dk_list_grow(file->label, file->labels, &file->label_capacity, sizeof *file->label);
    file->label[file->labels].set = dk_copy_text(set);
    file->label[file->labels].label = (struct stat_label){code_of(file, value), text_or_empty(text)};
    file->labels++;
    return READSTAT_HANDLER_OK;
}

static void on_error(const char *message, void *context)
{
    (void)message; /* its words are for developers; what went wrong is said by the code that is given back */
    (void)context;
}

/* Whether a set of labels is that of a variable: SAS names it by the format, in capitals, with the width behind. */
static bool is_set(const struct stat_file *file, const char *set, const char *wanted)
{
    size_t size;

    if (file->program != STAT_SAS)
        return strcmp(set, wanted) == 0;
    set += *set == '$'; /* those of texts may be written without it */
    wanted += *wanted == '$';
    size = strlen(set);
    return size > 0 && strncasecmp(set, wanted, size) == 0 && wanted[size + strspn(wanted + size, "0123456789.")] == '\0';
}

/* Gives each variable the labels of its values. */
static void hand_out_labels(struct stat_file *file)
{
    for (size_t i = 0; i < file->variables; i++) {
        struct stat_variable *variable = &file->variable[i];

        if (file->set[i] == NULL || variable->values > 0)
            continue;
        free(variable->value);
        variable->value = dk_alloc_zeroed(file->labels + 1, sizeof *variable->value);
        for (size_t j = 0; j < file->labels; j++)
            if (is_set(file, file->label[j].set, file->set[i]))
                variable->value[variable->values++] = file->label[j].label;
    }
}

typedef readstat_error_t parse_function(readstat_parser_t *parser, const char *path, void *context);

/* What reads a file of the program: each has several formats, told apart by their first bytes. */
static parse_function *function_for(enum stat_program program, FILE *stream)
{
    char head[4] = "";

    rewind(stream);
    if (fread(head, 1, sizeof head, stream) != sizeof head)
        head[0] = '\0';
    switch (program) {
    case STAT_STATA:
        return stat_library.readstat_parse_dta;
    case STAT_SPSS:
        return memcmp(head, "$FL", 3) == 0 ? stat_library.readstat_parse_sav : stat_library.readstat_parse_por;
    default:
        return memcmp(head, "HEAD", 4) == 0 ? stat_library.readstat_parse_xport : stat_library.readstat_parse_sas7bdat;
    }
}

/* One pass of the parser over a stream; `context` is what its handlers are given. */
static dk_status parse(struct stat_file *file, FILE *stream, parse_function *function, readstat_parser_t *parser,
                       void *context, struct dk_error *err)
{
    readstat_error_t result;

    stat_library.readstat_set_open_handler(parser, stream_open);
    stat_library.readstat_set_close_handler(parser, stream_close);
    stat_library.readstat_set_seek_handler(parser, stream_seek);
    stat_library.readstat_set_read_handler(parser, stream_read);
    stat_library.readstat_set_update_handler(parser, stream_update);
    stat_library.readstat_set_io_ctx(parser, stream);
    stat_library.readstat_set_error_handler(parser, on_error);
    if (file->encoding != ENCODING_UNKNOWN)
        stat_library.readstat_set_file_character_encoding(parser, encoding_name(file->encoding));
    result = function(parser, "", context);
    if (result == READSTAT_OK)
        return DK_OK;
    dk_fail(err, DK_DATA, "it cannot be read: %s", stat_library.readstat_error_message(result));
    if (result == READSTAT_ERROR_CONVERT_BAD_STRING || result == READSTAT_ERROR_CONVERT ||
        result == READSTAT_ERROR_UNSUPPORTED_CHARSET)
        dk_hint(err, "say how its texts are encoded: windows-1252, iso-8859-1 or utf-8");
    else
        dk_hint(err, "the file may be cut: fetch it again, or save it as CSV");
    return DK_ERROR;
}

struct stat_file *stat_open(FILE *stream, enum stat_program program, enum encoding encoding, struct dk_error *err)
{
    struct stat_file *file;
    readstat_parser_t *parser;
    dk_status status;

    if (stat_library_open(err) != DK_OK)
        return NULL;
    file = dk_alloc_zeroed(1, sizeof *file);
    parser = stat_library.readstat_parser_init();
    file->stream = stream;
    file->program = program;
    file->encoding = encoding;
    file->rows = -1;
    stat_library.readstat_set_metadata_handler(parser, on_metadata);
    stat_library.readstat_set_variable_handler(parser, on_variable);
    stat_library.readstat_set_fweight_handler(parser, on_weight);
    stat_library.readstat_set_value_label_handler(parser, on_label);
    status = parse(file, stream, function_for(program, stream), parser, file, err);
    stat_library.readstat_parser_free(parser);
    if (status == DK_OK && file->variables == 0)
        status = dk_fail(err, DK_DATA, "it has no variables");
    if (status == DK_OK) {
        hand_out_labels(file);
        return file;
    }
    stat_close(file);
    return NULL;
}

dk_status stat_add_labels(struct stat_file *file, FILE *stream, struct dk_error *err)
{
    readstat_parser_t *parser;
    dk_status status;
    char head[164];

    rewind(stream);
    if (fread(head, 1, sizeof head, stream) != sizeof head || memcmp(head + 156, "CATALOG", 7) != 0) {
        dk_fail(err, DK_DATA, "it is no catalog of SAS");
        dk_hint(err, "move it away from the data, whose labels it would hold by its name");
        return DK_ERROR;
    }
    parser = stat_library.readstat_parser_init();
    stat_library.readstat_set_value_label_handler(parser, on_label);
    status = parse(file, stream, stat_library.readstat_parse_sas7bcat, parser, file, err);
    stat_library.readstat_parser_free(parser);
    if (status == DK_OK)
        hand_out_labels(file);
    return status;
}

void stat_close(struct stat_file *file)
{
    if (file == NULL)
        return;
    for (size_t i = 0; i < file->variables; i++) {
        free(file->variable[i].name);
        free(file->variable[i].label);
        free(file->variable[i].format);
        free(file->variable[i].missing);
        free(file->variable[i].value);
        free(file->set[i]);
    }
    for (size_t i = 0; i < file->labels; i++) {
        free(file->label[i].set);
        free(file->label[i].label.code);
        free(file->label[i].label.text);
    }
    free(file->variable);
    free(file->set);
    free(file->label);
    free(file);
}

size_t stat_variables(const struct stat_file *file)
{
    return file->variables;
}

const struct stat_variable *stat_variable(const struct stat_file *file, size_t index)
{
    return &file->variable[index];
}

struct stat_rows *stat_rows_open(struct stat_file *file)
{
    struct stat_rows *rows = dk_alloc_zeroed(1, sizeof *rows);

    rows->file = file;
    rows->wanted = 1 + PORTION / (long)file->variables;
    rows->open = -1;
    return rows;
}

static void end_row(struct stat_rows *rows)
{
    if (rows->open < 0)
        return;
    /* A row without any answer is a row all the same. */
    if (rows->rows.cells == rows->rows.first) {
        rows_begin_cell(&rows->rows);
        rows_add(&rows->rows, READ_EMPTY, 1);
    }
    rows_end_row(&rows->rows, (size_t)(rows->begun + rows->open + 1), 1);
    rows->open = -1;
}

static int on_value(int row, readstat_variable_t *variable, readstat_value_t value, void *context)
{
    struct stat_rows *rows = context;
    size_t column = (size_t)stat_library.readstat_variable_get_index(variable) + 1;
    const struct stat_variable *known;
    enum read_kind kind = READ_EMPTY;
    char out[DK_NUMBER_SIZE];

    if (column > rows->file->variables)
        return READSTAT_HANDLER_ABORT;
    known = &rows->file->variable[column - 1];
    if (row != rows->open) {
        end_row(rows);
        rows->open = row;
        rows->got++;
    }
    rows_begin_cell(&rows->rows);
    if (stat_library.readstat_value_is_tagged_missing(value)) {
        dk_buffer_format(&rows->rows.text, ".%c", stat_library.readstat_value_tag(value));
        kind = READ_REASON;
    } else if (stat_library.readstat_value_type_class(value) == READSTAT_TYPE_CLASS_STRING) {
        const char *text = stat_library.readstat_string_value(value);

        if (text != NULL && *text != '\0') {
            dk_buffer_text(&rows->rows.text, text);
            kind = stat_library.readstat_value_is_defined_missing(value, variable) ? READ_REASON : READ_QUOTED;
        }
    } else if (!stat_library.readstat_value_is_system_missing(value)) {
        bool reason = stat_library.readstat_value_is_defined_missing(value, variable);

        dk_buffer_add(&rows->rows.text, out,
                      stat_number_text(rows->file->program, reason ? NULL : known->format, number_of(value), out));
        kind = reason ? READ_REASON : known->date ? READ_DATE : READ_NUMBER;
    }
    if (kind != READ_EMPTY)
        rows_add(&rows->rows, kind, column);
    return READSTAT_HANDLER_OK;
}

/* Without a handler of variables the parser knows none when the values come. */
static int pass_variable(int index, readstat_variable_t *variable, const char *labels, void *context)
{
    (void)index;
    (void)variable;
    (void)labels;
    (void)context;
    return READSTAT_HANDLER_OK;
}

/* The next rows of the file. */
static dk_status read_portion(struct stat_rows *rows, struct dk_error *err)
{
    readstat_parser_t *parser = stat_library.readstat_parser_init();
    dk_status status;

    rows->got = 0;
    stat_library.readstat_set_variable_handler(parser, pass_variable);
    stat_library.readstat_set_value_handler(parser, on_value);
    stat_library.readstat_set_row_offset(parser, rows->begun);
    stat_library.readstat_set_row_limit(parser, rows->wanted);
    status = parse(rows->file, rows->file->stream, function_for(rows->file->program, rows->file->stream), parser, rows, err);
    stat_library.readstat_parser_free(parser);
    if (status != DK_OK)
        return DK_ERROR;
    end_row(rows);
    rows->begun += rows->got;
    rows->ended = rows->got < rows->wanted;
    rows->wanted *= 2;
    if (rows->ended && rows->file->rows >= 0 && rows->begun < rows->file->rows)
        return dk_fail(err, DK_DATA, "it ends after %ld rows and says that it has %ld: the file was cut", rows->begun,
                       rows->file->rows);
    return DK_OK;
}

dk_status stat_rows_next(struct stat_rows *rows, struct read_row *row, bool *found, struct dk_error *err)
{
    while (!(*found = rows_take(&rows->rows, row))) {
        if (rows->ended)
            return DK_OK;
        if (read_portion(rows, err) != DK_OK) {
            rows->ended = true;
            return DK_ERROR;
        }
    }
    return DK_OK;
}

void stat_rows_close(struct stat_rows *rows)
{
    if (rows == NULL)
        return;
    rows_free(&rows->rows);
    free(rows);
}

#else

struct stat_file *stat_open(FILE *stream, enum stat_program program, enum encoding encoding, struct dk_error *err)
{
    static const char *const names[] = {"Stata", "SPSS", "SAS"};

    (void)stream;
    (void)encoding;
    dk_fail(err, DK_IO, "it is a file of %s: this difkit was built without libreadstat", names[program]);
    dk_hint(err, "save it as CSV, with the labels of its values, or build where its headers are (Debian: libreadstat-dev)");
    return NULL;
}

dk_status stat_add_labels(struct stat_file *file, FILE *catalog, struct dk_error *err)
{
    (void)file;
    (void)catalog;
    return dk_fail(err, DK_USAGE, "this difkit was built without libreadstat");
}

void stat_close(struct stat_file *file)
{
    (void)file;
}

size_t stat_variables(const struct stat_file *file)
{
    (void)file;
    return 0;
}

const struct stat_variable *stat_variable(const struct stat_file *file, size_t index)
{
    (void)file;
    (void)index;
    return NULL;
}

struct stat_rows *stat_rows_open(struct stat_file *file)
{
    (void)file;
    return NULL;
}

dk_status stat_rows_next(struct stat_rows *rows, struct read_row *row, bool *found, struct dk_error *err)
{
    (void)rows;
    (void)row;
    (void)err;
    *found = false;
    return DK_OK;
}

void stat_rows_close(struct stat_rows *rows)
{
    (void)rows;
}

#endif
