/* Files of SPSS, SAS and Stata, written here by libreadstat itself: labels, declared and tagged missing values, the weight,
 * days. Where the library is not there, nothing of that is tested, and that is said; a build without it refuses them. */
#define _XOPEN_SOURCE 700

#include "check.h"

#include <string.h>

#include "read/stat.h"

#ifdef DIFKIT_HAVE_READSTAT

#include <dlfcn.h>
#include <readstat.h>

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
    X(readstat_begin_writing_por) \
    X(readstat_begin_writing_sas7bcat) \
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

enum kind { SAV, POR, DTA, XPT, SAS7BDAT };

/* Two rows: country, an answer with labels (the second a reason for none), a day, a weight. */
static void write_file(FILE *stream, enum kind kind)
{
    bool sas = kind == XPT || kind == SAS7BDAT, spss = kind == SAV || kind == POR;
    readstat_writer_t *out = writer.readstat_writer_init();
    readstat_label_set_t *labels = NULL;
    readstat_variable_t *land, *net, *day, *weight;

    writer.readstat_set_data_writer(out, write_bytes);
    if (!sas) {
        labels = writer.readstat_add_label_set(out, READSTAT_TYPE_DOUBLE, "answers");
        writer.readstat_label_double_value(labels, 1, "Yes");
        writer.readstat_label_double_value(labels, 97, "Refused");
    }
    land = writer.readstat_add_variable(out, kind == POR ? "LAND" : "land", READSTAT_TYPE_STRING, 3);
    net = writer.readstat_add_variable(out, kind == POR ? "NET" : "net", READSTAT_TYPE_DOUBLE, 0);
    writer.readstat_variable_set_label(net, "Used it");
    if (labels != NULL)
        writer.readstat_variable_set_label_set(net, labels);
    if (kind == SAS7BDAT) { /* the labels stand in the catalog, by the name of the format */
        writer.readstat_variable_set_format(net, "ANSWERS");
        writer.readstat_variable_set_format(land, "$LANDS");
    }
    if (spss)
        writer.readstat_variable_add_missing_double_range(net, 90, 99);
    day = writer.readstat_add_variable(out, kind == POR ? "DAY" : "day", READSTAT_TYPE_DOUBLE, 0);
    writer.readstat_variable_set_format(day, spss ? "DATE11" : sas ? "DATE9" : "%td");
    weight = writer.readstat_add_variable(out, kind == POR ? "WEIGHT" : "weight", READSTAT_TYPE_DOUBLE, 0);
    if (kind == SAV)
        writer.readstat_writer_set_fweight_variable(out, weight);
    switch (kind) {
    case SAV:
        writer.readstat_begin_writing_sav(out, stream, 2);
        break;
    case POR:
        writer.readstat_begin_writing_por(out, stream, 2);
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
        if (row == 1 && !spss)
            writer.readstat_insert_tagged_missing_value(out, net, sas ? 'A' : 'a');
        else
            writer.readstat_insert_double_value(out, net, row == 0 ? 1 : 97);
        if (row == 1)
            writer.readstat_insert_missing_value(out, day);
        else /* 1 January 1970: 3653 days after 1 January 1960; 141428 after 14 October 1582, in seconds */
            writer.readstat_insert_double_value(out, day, spss ? 141428 * 86400.0 : 3653);
        writer.readstat_insert_double_value(out, weight, 1.5);
        writer.readstat_end_row(out);
    }
    CHECK(writer.readstat_end_writing(out) == READSTAT_OK);
    writer.readstat_writer_free(out);
}

/* What a catalog of SAS says beside the data. */
static void write_catalog(FILE *stream)
{
    readstat_writer_t *out = writer.readstat_writer_init();
    readstat_label_set_t *labels;

    writer.readstat_set_data_writer(out, write_bytes);
    labels = writer.readstat_add_label_set(out, READSTAT_TYPE_DOUBLE, "ANSWERS");
    writer.readstat_label_double_value(labels, 1, "Yes");
    writer.readstat_label_double_value(labels, 2, "No");
    CHECK(writer.readstat_begin_writing_sas7bcat(out, stream) == READSTAT_OK);
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
    static const enum stat_program programs[] = {STAT_SPSS, STAT_SPSS, STAT_STATA, STAT_SAS, STAT_SAS};
    FILE *stream = tmpfile();
    struct stat_file *file;
    struct stat_rows *rows;
    struct read_row row;
    struct dk_error err = {0};
    bool found, spss = kind == SAV || kind == POR;

    write_file(stream, kind);
    file = stat_open(stream, programs[kind], ENCODING_UNKNOWN, &err);
    CHECK_TEXT(err.message, "");
    CHECK(stat_variables(file) == 4);
    CHECK_TEXT(stat_variable(file, 1)->label, "Used it");
    CHECK_TEXT(stat_variable(file, 1)->missing, spss ? "90:99" : "");
    CHECK(stat_variable(file, 1)->values == (spss || kind == DTA ? 2 : 0));
    CHECK(stat_variable(file, 2)->date && stat_variable(file, 0)->text);
    CHECK(stat_variable(file, 3)->weight == (kind == SAV));
    rows = stat_rows_open(file);
    CHECK(stat_rows_next(rows, &row, &found, &err) == DK_OK && found);
    check_cell(&row, 1, READ_QUOTED, "LAO");
    check_cell(&row, 2, READ_NUMBER, "1");
    check_cell(&row, 3, READ_DATE, "1970-01-01");
    check_cell(&row, 4, READ_NUMBER, "1.5");
    CHECK(stat_rows_next(rows, &row, &found, &err) == DK_OK && found);
    check_cell(&row, 2, READ_REASON, spss ? "97" : kind == DTA ? ".a" : ".A");
    for (size_t i = 0; i < row.count; i++)
        CHECK(row.cell[i].column != 3); /* the day is missing, without a reason */
    CHECK(stat_rows_next(rows, &row, &found, &err) == DK_OK && !found);
    stat_rows_close(rows);
    stat_close(file);
    fclose(stream);
}

static void test_catalog(void)
{
    FILE *data = tmpfile(), *catalog = tmpfile();
    struct stat_file *file;
    struct dk_error err = {0};

    write_file(data, SAS7BDAT);
    write_catalog(catalog);
    file = stat_open(data, STAT_SAS, ENCODING_UNKNOWN, &err);
    CHECK(file != NULL && stat_variable(file, 1)->values == 0);
    CHECK(stat_add_labels(file, catalog, &err) == DK_OK);
    CHECK_TEXT(err.message, "");
    CHECK(stat_variable(file, 1)->values == 2);
    if (stat_variable(file, 1)->values == 2) {
        CHECK_TEXT(stat_variable(file, 1)->value[0].code, "1");
        CHECK_TEXT(stat_variable(file, 1)->value[0].text, "Yes");
        CHECK_TEXT(stat_variable(file, 1)->value[1].text, "No");
    }
    CHECK(stat_variable(file, 0)->values == 0 && stat_variable(file, 2)->values == 0 && stat_variable(file, 3)->values == 0);
    CHECK(stat_add_labels(file, data, &err) != DK_OK); /* it is none */
    stat_close(file);
    fclose(data);
    fclose(catalog);
}

int main(int argc, char **argv)
{
    if (!open_writer()) {
        puts("libreadstat is not here: nothing was tested");
        return 0;
    }
    if (argc == 4) { /* files for other tests: data and catalog of SAS, a portable file of SPSS */
        static const enum kind kinds[] = {SAS7BDAT, SAS7BDAT, POR};

        for (int i = 1; i < argc; i++) {
            FILE *stream = fopen(argv[i], "wb");

            if (i == 2)
                write_catalog(stream);
            else
                write_file(stream, kinds[i - 1]);
            fclose(stream);
        }
        return 0;
    }
    test_kind(SAV);
    test_kind(POR);
    test_kind(DTA);
    test_kind(XPT);
    test_kind(SAS7BDAT);
    test_catalog();
    return check_result();
}

#else

/* The refusal names the program, and what can be done. */
static void test_refusal(enum stat_program program, const char *name)
{
    FILE *stream = tmpfile();
    struct dk_error err = {0};
    struct stat_file *file = stat_open(stream, program, ENCODING_UNKNOWN, &err);

    CHECK(file == NULL && err.code == DK_IO);
    CHECK(strstr(err.message, name) != NULL && strstr(err.message, "without libreadstat") != NULL);
    CHECK(strstr(err.hint, "CSV") != NULL);
    stat_close(file);
    fclose(stream);
}

int main(void)
{
    test_refusal(STAT_STATA, "Stata");
    test_refusal(STAT_SPSS, "SPSS");
    test_refusal(STAT_SAS, "SAS");
    return check_result();
}

#endif
