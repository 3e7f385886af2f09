/* Files of SPSS, SAS and Stata, written here by libreadstat itself: labels, declared and tagged missing values, the weight,
 * days. Where the library or its header is not there, nothing is tested, and that is said. */
#define _XOPEN_SOURCE 700

#include "check.h"

#if defined __has_include
#if __has_include(<readstat.h>)
#define HAVE_WRITER
#endif
#endif

#if defined HAVE_WRITER

#include <dlfcn.h>
#include <readstat.h>
#include <string.h>

#include "read/stat.h"

/* clang-format off */
#define WRITER_FUNCTIONS(X) \
    X(readstat_writer_init) \
    X(readstat_set_data_writer) \
    X(readstat_add_label_set) \
    X(readstat_label_double_value) \
    X(readstat_add_variable) \
    X(readstat_variable_set_label) \
    X(readstat_variable_set_label_set) \
    X(readstat_variable_set_format) \
    X(readstat_variable_add_missing_double_range) \
    X(readstat_writer_set_fweight_variable) \
    X(readstat_begin_writing_sav) \
    X(readstat_begin_writing_dta) \
    X(readstat_begin_writing_xport) \
    X(readstat_begin_writing_sas7bdat) \
    X(readstat_begin_row) \
    X(readstat_insert_string_value) \
    X(readstat_insert_double_value) \
    X(readstat_insert_missing_value) \
    X(readstat_insert_tagged_missing_value) \
    X(readstat_end_row) \
    X(readstat_end_writing) \
    X(readstat_writer_free)
/* clang-format on */

static struct writer {
#define FIELD(name) __typeof__(name) *name;
    WRITER_FUNCTIONS(FIELD)
#undef FIELD
} writer;

static bool open_writer(void)
{
    static const char *const names[] = {
#define NAME(name) #name,
        WRITER_FUNCTIONS(NAME)
#undef NAME
    };
    void *found[sizeof names / sizeof names[0]], *library = dlopen("libreadstat.so.1", RTLD_LAZY | RTLD_LOCAL);

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (library == NULL || (found[i] = dlsym(library, names[i])) == NULL)
            return false;
    memcpy(&writer, found, sizeof found);
    return true;
}

static ssize_t write_bytes(const void *bytes, size_t size, void *stream)
{
    return fwrite(bytes, 1, size, stream) == size ? (ssize_t)size : -1;
}

enum kind { SAV, DTA, XPT, SAS7BDAT };

/* Two rows: country, an answer with labels (the second a reason for none), a day, a weight. */
static void write_file(FILE *stream, enum kind kind)
{
    bool sas = kind == XPT || kind == SAS7BDAT;
    readstat_writer_t *out = writer.readstat_writer_init();
    readstat_label_set_t *labels = NULL;
    readstat_variable_t *land, *net, *day, *weight;

    writer.readstat_set_data_writer(out, write_bytes);
    if (!sas) {
        labels = writer.readstat_add_label_set(out, READSTAT_TYPE_DOUBLE, "answers");
        writer.readstat_label_double_value(labels, 1, "Yes");
        writer.readstat_label_double_value(labels, 97, "Refused");
    }
    land = writer.readstat_add_variable(out, "land", READSTAT_TYPE_STRING, 3);
    net = writer.readstat_add_variable(out, "net", READSTAT_TYPE_DOUBLE, 0);
    writer.readstat_variable_set_label(net, "Used it");
    if (labels != NULL)
        writer.readstat_variable_set_label_set(net, labels);
    if (kind == SAV)
        writer.readstat_variable_add_missing_double_range(net, 90, 99);
    day = writer.readstat_add_variable(out, "day", READSTAT_TYPE_DOUBLE, 0);
    writer.readstat_variable_set_format(day, kind == SAV ? "DATE11" : sas ? "DATE9" : "%td");
    weight = writer.readstat_add_variable(out, "weight", READSTAT_TYPE_DOUBLE, 0);
    if (kind == SAV)
        writer.readstat_writer_set_fweight_variable(out, weight);
    switch (kind) {
    case SAV:
        writer.readstat_begin_writing_sav(out, stream, 2);
        break;
    case DTA:
        writer.readstat_begin_writing_dta(out, stream, 2);
        break;
    case XPT:
        writer.readstat_begin_writing_xport(out, stream, 2);
        break;
    case SAS7BDAT:
        writer.readstat_begin_writing_sas7bdat(out, stream, 2);
        break;
    }
    for (int row = 0; row < 2; row++) {
        writer.readstat_begin_row(out);
        writer.readstat_insert_string_value(out, land, row == 0 ? "LAO" : "VNM");
        if (row == 1 && kind != SAV)
            writer.readstat_insert_tagged_missing_value(out, net, sas ? 'A' : 'a');
        else
            writer.readstat_insert_double_value(out, net, row == 0 ? 1 : 97);
        if (row == 1)
            writer.readstat_insert_missing_value(out, day);
        else /* 1 January 1970: 3653 days after 1 January 1960; 141428 after 14 October 1582, in seconds */
            writer.readstat_insert_double_value(out, day, kind == SAV ? 141428 * 86400.0 : 3653);
        writer.readstat_insert_double_value(out, weight, 1.5);
        writer.readstat_end_row(out);
    }
    CHECK(writer.readstat_end_writing(out) == READSTAT_OK);
    writer.readstat_writer_free(out);
}

static void check_cell(const struct read_row *row, size_t column, enum read_kind kind, const char *wanted)
{
    for (size_t i = 0; i < row->count; i++)
        if (row->cell[i].column == column) {
            char text[64] = "";

            CHECK(row->cell[i].size < sizeof text);
            memcpy(text, row->cell[i].text, row->cell[i].size);
            CHECK(row->cell[i].kind == kind);
            CHECK_TEXT(text, wanted);
            return;
        }
    CHECK_TEXT("no cell", wanted);
}

static void test_kind(enum kind kind)
{
    static const enum stat_program programs[] = {STAT_SPSS, STAT_STATA, STAT_SAS, STAT_SAS};
    FILE *stream = tmpfile();
    struct stat_file *file;
    struct stat_rows *rows;
    struct read_row row;
    struct dk_error err = {0};
    bool found;

    write_file(stream, kind);
    file = stat_open(stream, programs[kind], ENCODING_UNKNOWN, &err);
    CHECK_TEXT(err.message, "");
    CHECK(stat_variables(file) == 4);
    CHECK_TEXT(stat_variable(file, 1)->label, "Used it");
    CHECK_TEXT(stat_variable(file, 1)->missing, kind == SAV ? "90:99" : "");
    CHECK(stat_variable(file, 1)->values == (kind == SAV || kind == DTA ? 2 : 0));
    CHECK(stat_variable(file, 2)->date && stat_variable(file, 0)->text);
    CHECK(stat_variable(file, 3)->weight == (kind == SAV));
    rows = stat_rows_open(file);
    CHECK(stat_rows_next(rows, &row, &found, &err) == DK_OK && found);
    check_cell(&row, 1, READ_QUOTED, "LAO");
    check_cell(&row, 2, READ_NUMBER, "1");
    check_cell(&row, 3, READ_DATE, "1970-01-01");
    check_cell(&row, 4, READ_NUMBER, "1.5");
    CHECK(stat_rows_next(rows, &row, &found, &err) == DK_OK && found);
    check_cell(&row, 2, READ_REASON, kind == SAV ? "97" : kind == DTA ? ".a" : ".A");
    for (size_t i = 0; i < row.count; i++)
        CHECK(row.cell[i].column != 3); /* the day is missing, without a reason */
    CHECK(stat_rows_next(rows, &row, &found, &err) == DK_OK && !found);
    stat_rows_close(rows);
    stat_close(file);
    fclose(stream);
}

int main(void)
{
    if (!open_writer()) {
        puts("libreadstat is not here: nothing was tested");
        return 0;
    }
    test_kind(SAV);
    test_kind(DTA);
    test_kind(XPT);
    test_kind(SAS7BDAT);
    return check_result();
}

#else

int main(void)
{
    puts("readstat.h is not here: nothing was tested");
    return 0;
}

#endif
