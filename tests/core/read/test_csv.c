/* The CSV reader: rows, cells and places, however the text is cut into pieces. */
#include "check.h"

#include <stdlib.h>

#include "read/csv.h"

struct pieces {
    const char *text;
    size_t size, at, piece;
};

static dk_status give(void *context, char *bytes, size_t size, size_t *got, struct dk_error *err)
{
    struct pieces *pieces = context;
    size_t left = pieces->size - pieces->at;

    (void)err;
    *got = left < pieces->piece ? left : pieces->piece;
    if (*got > size)
        *got = size;
    memcpy(bytes, pieces->text + pieces->at, *got);
    pieces->at += *got;
    return DK_OK;
}

/* All rows as "line:kind text|kind text;" or the error as "!line:column message". */
static const char *shown(const char *text, char separator, bool strict, size_t piece)
{
    static char out[2048];
    struct pieces pieces = {text, strlen(text), 0, piece};
    struct csv_reader reader;
    struct read_row row;
    struct dk_error err;
    bool found = true;

    out[0] = '\0';
    csv_begin(&reader, separator, give, &pieces);
    reader.strict = strict;
    for (;;) {
        if (csv_next(&reader, &row, &found, &err) != DK_OK) {
            snprintf(out + strlen(out), sizeof out - strlen(out), "!%d:%d %s", err.line, err.column, err.message);
            break;
        }
        if (!found)
            break;
        snprintf(out + strlen(out), sizeof out - strlen(out), "%zu:", row.line);
        for (size_t i = 0; i < row.count; i++)
            snprintf(out + strlen(out), sizeof out - strlen(out), "%s%c%.*s", i > 0 ? "|" : "", row.cell[i].kind,
                     (int)row.cell[i].size, row.cell[i].text);
        snprintf(out + strlen(out), sizeof out - strlen(out), ";");
    }
    csv_end(&reader);
    return out;
}

static void check_all_pieces(const char *text, char separator, bool strict, const char *wanted)
{
    for (size_t piece = 1; piece <= strlen(text) + 1; piece++)
        CHECK_TEXT(shown(text, separator, strict, piece), wanted);
}

static void test_separator(const char *text, char wanted)
{
    size_t declared;

    CHECK(csv_separator(text, strlen(text), &declared) == wanted);
}

int main(void)
{
    size_t declared;

    check_all_pieces("a,b\n1,\"x\"\"y\"\n", ',', false, "1:ta|tb;2:t1|qx\"y;");
    check_all_pieces("a;b\r\n;\r\nc;\"\"", ';', false, "1:ta|tb;2:.|.;3:tc|q;");
    check_all_pieces("a\tb\rc\td\r", '\t', false, "1:ta|tb;2:tc|td;");
    /* A cell over three lines: the rows behind it keep their lines. */
    check_all_pieces("\"p\nq\r\nr\",2\nz\n", ',', false, "1:qp\nq\r\nr|t2;4:tz;");
    check_all_pieces("a\n\nb", ',', false, "1:ta;2:.;3:tb;");
    check_all_pieces("a,", ',', false, "1:ta|.;");
    /* Where a quote stands where it cannot. */
    check_all_pieces("a,b\nc,\"d\"e\n", ',', false, "1:ta|tb;!2:2 text after the closing quote of a cell");
    check_all_pieces("a,b\nc,d\"e\n", ',', false, "1:ta|tb;2:tc|td\"e;");
    check_all_pieces("a,b\nc,d\"e\n", ',', true, "1:ta|tb;!2:2 a double quote stands where it cannot");
    check_all_pieces("a\n\"bc\nd", ',', false, "1:ta;!2:1 a cell in quotes has no end");
    /* Spaces around cells, as files written by hand have them. */
    check_all_pieces(" a ,\t\"b \" , c\n", ',', true, "1:ta|qb |tc;");
    check_all_pieces(" a , b\n", ',', false, "1:t a |t b;");
    CHECK_TEXT(shown("", ',', false, 1), "");

    test_separator("a;b;c\n1,5;2,5;3\n2;3,5;4\n", ';');
    test_separator("a,b\n1;2,3\n4,5\n", ',');
    test_separator("freq,geo\\TIME_PERIOD\t2019 \t2020 \nA,BE\t1 \t2 \n", '\t');
    test_separator("\"a;b\",c\n\"d;e\",f\n", ',');
    test_separator("a|b\n1|2\n", '|');
    CHECK(csv_separator("sep=|\r\na,b\n", 10, &declared) == '|' && declared == 7);
    return check_result();
}
