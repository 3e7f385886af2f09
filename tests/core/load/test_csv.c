/* CSV files that the YAML names: what comes out, and what is said of those that are not in order. */
#define _XOPEN_SOURCE 700

#include "folder.h"

static const char head[] = "framework: {id: f, title: F}\nunits: [{id: U, title: U}, {id: V, title: V}]\n"
                           "indicators: [{id: i, title: I, direction: 1}]\n";

/* What the loader finds when `csv` stands beside `observations: NAMED`. */
static void check_csv_bytes(const char *named, const char *csv, size_t size, const char *wanted, int line)
{
    struct folder folder;
    char yaml[512];
    char *got;

    folder_make(&folder);
    snprintf(yaml, sizeof yaml, "%sobservations: %s\n", head, named);
    folder_write(&folder, "a.yaml", yaml);
    folder_write_bytes(&folder, "o.csv", csv, size);
    got = folder_findings(&folder);
    check_text(got, wanted, __FILE__, line);
    free(got);
    folder_remove(&folder);
}

#define CHECK_CSV(csv, wanted) check_csv_bytes("{csv: o.csv}", (csv), sizeof(csv) - 1, (wanted), __LINE__)
#define CHECK_NAMED(named, csv, wanted) check_csv_bytes((named), (csv), sizeof(csv) - 1, (wanted), __LINE__)

static void test_headers(void)
{
    CHECK_CSV("indicator,unit,period,value\ni,U,2020,1\n", "");
    CHECK_CSV("", "o.csv:1:1: the CSV file is empty; expected a header with the names of the columns\n");
    CHECK_CSV("indicator,unti,period,value\ni,U,2020,1\n",
              "o.csv:1:1: the header lacks the column \"unit\"; an observation needs one: whose value it is\n"
              "o.csv:1:2: unknown column \"unti\" for observations; did you mean \"unit\"?\n");
    CHECK_CSV("indicator,unit,period,value,colour\n",
              "o.csv:1:5: unknown column \"colour\" for observations; known columns: indicator, unit, period, value, flag, "
              "source, file, place, note, standard_error\n");
    CHECK_CSV("indicator,unit,period,value,unit\n",
              "o.csv:1:5: the column \"unit\" stands twice in the header; first as column 2\n");
    CHECK_CSV("indicator;unit;period;value\ni;U;2020;1\n",
              "o.csv:1:1: unknown column \"indicator;unit;period;value\" for observations; cells must be separated by commas\n"
              "o.csv:1:1: the header lacks the column \"indicator\"; an observation needs one: what is observed\n"
              "o.csv:1:1: the header lacks the column \"unit\"; an observation needs one: whose value it is\n"
              "o.csv:1:1: the header lacks the column \"period\"; an observation needs one: when: a year, or a quarter, month, "
              "week or day\n");
    CHECK_CSV("\xEF\xBB\xBFindicator,unit,period,value\r\ni,U,2020,1\r\n", "");
}

/* A parser goes on to the end of its line after the first error: with CR line ends that is the whole file. */
static void test_wide_header(void)
{
    struct dk_buffer csv = {0};
    const char *wanted = "o.csv:1:65: more than 64 columns\n";
    char *last;
    static char got[1 << 16];

    for (int ends = 0; ends < 2; ends++) {
        struct folder folder;
        char *text;

        csv.size = 0;
        dk_buffer_text(&csv, "indicator,unit,period,value");
        for (int i = 0; i < 2000; i++)
            dk_buffer_format(&csv, ",c%d", i);
        dk_buffer_text(&csv, ends == 0 ? "\r" : "\n");
        for (int i = 0; i < 300; i++)
            dk_buffer_format(&csv, "i,U,2020,1%s", ends == 0 ? "\r" : "\n");
        folder_make(&folder);
        snprintf(got, sizeof got, "%sobservations: {csv: o.csv}\n", head);
        folder_write(&folder, "a.yaml", got);
        folder_write_bytes(&folder, "o.csv", csv.bytes, csv.size);
        text = folder_findings(&folder);
        last = text + (strlen(text) > strlen(wanted) ? strlen(text) - strlen(wanted) : 0);
        check_text(last, wanted, __FILE__, __LINE__);
        CHECK(strstr(text, "a row of") == NULL);
        free(text);
        folder_remove(&folder);
    }
    dk_buffer_free(&csv);
}

static void test_rows(void)
{
    CHECK_CSV("indicator,unit,period,value,source\n"
              "i,U,2020,\"1,5\",x\n"
              "j,U,2020,1,x\n"
              "i,W,2020,1,\"a\nb\"\n"
              "i,U,2021,,x\n"
              "i,U,2021,1\n"
              "i,U,2021,1,x,y\n"
              "i,U,,1,x\n"
              "i,U,2022,1,\xFF\n",
              "o.csv:2:4: \"value\" of an observation must be a number such as 0.75, not \"1,5\"\n"
              "o.csv:3:1: no indicator \"j\", which \"indicator\" of an observation names; did you mean \"i\"?\n"
              "o.csv:4:2: no unit \"W\", which \"unit\" of an observation names; did you mean \"U\"?\n"
              "o.csv:6:4: an observation has neither a value nor a flag that says why; flag it M (cannot exist), L (not "
              "collected), Q (suppressed) or O (missing)\n"
              "o.csv:7:1: a row of 4 cells under a header of 5; an empty cell needs its comma\n"
              "o.csv:8:1: a row of 6 cells under a header of 5; a cell that holds a comma has to stand in double quotes\n"
              "o.csv:9:3: \"period\" of an observation is empty; expected a year such as 2022, or a period such as 2022-Q1, "
              "2022-S2, 2022-06, 2022-W05 or 2022-06-30\n"
              "o.csv:10:5: byte 0xFF is not UTF-8; save the file as UTF-8\n");
    CHECK_CSV("indicator,unit,period,value\ni,U,2020,1\n\ni,V,2020,2\ni,U,2020,3\n",
              "o.csv:5:1: an observation for i, U, 2020 stands twice; first at o.csv:2\n");
    CHECK_CSV("indicator,unit,period,value\ni,U,2020,1\"\n",
              "o.csv:2:4: the row is not CSV: a double quote stands where it cannot; put the cell in double quotes and write each "
              "quote within it twice; the rest of the file was not read\n");
    CHECK_CSV("indicator,unit,period,value\ni,U,2020,\"1\n", "o.csv:2:4: the row is not CSV: a cell in quotes has no end; "
                                                             "the file was cut, or a double quote is missing; the rest "
                                                             "of the file was not read\n");
    CHECK_CSV(
        "indicator,unit,period,value\ni,U,2020,\"1\"0\n",
        "o.csv:2:4: the row is not CSV: text after the closing quote of a cell; write each quote within a cell twice; the "
        "rest of the file was not read\n");
    /* lines are counted whatever ends them, also those that are empty and those within cells */
    CHECK_CSV("indicator,unit,period,value\r\ri,U,2020,1\r  \rj,U,2020,1\r",
              "o.csv:5:1: no indicator \"j\", which \"indicator\" of an observation names; did you mean \"i\"?\n");
    CHECK_CSV("indicator,unit,period,value,source\r\ni,U,2020,1,\"a\nb\"\r\nj,U,2020,1,x\r\n",
              "o.csv:4:1: no indicator \"j\", which \"indicator\" of an observation names; did you mean \"i\"?\n");
}

/* A cell may be long, and not without end. */
static void test_long_cell(void)
{
    struct dk_buffer csv = {0};

    for (int over = 0; over <= 1; over++) {
        size_t size = LOAD_SCALAR_MAX + (size_t)over;

        csv.size = 0;
        dk_buffer_text(&csv, "indicator,unit,period,value,source\ni,U,2020,1,");
        memset(dk_buffer_reserve(&csv, size), 'x', size);
        csv.size += size;
        dk_buffer_text(&csv, "\nj,U,2020,1,x\n");
        check_csv_bytes(
            "{csv: o.csv}", csv.bytes, csv.size,
            over ? "o.csv:2:5: a cell of more than 1048576 bytes; look for a double quote that is not closed\n"
                   "o.csv:3:1: no indicator \"j\", which \"indicator\" of an observation names; did you mean \"i\"?\n"
                 : "o.csv:3:1: no indicator \"j\", which \"indicator\" of an observation names; did you mean \"i\"?\n",
            __LINE__);
    }
    dk_buffer_free(&csv);
}

static void test_names(void)
{
    static const char csv[] = "indicator,unit,period,value\ni,U,2020,1\n";

    CHECK_NAMED("{csv: none.csv}", csv, "a.yaml:4:21: there is no CSV file \"none.csv\"; it is looked for beside this file\n");
    CHECK_NAMED("{csv: ../o.csv}", csv,
                "a.yaml:4:21: the CSV file \"../o.csv\" is outside of the folder; expected a path within the folder of this file\n");
    CHECK_NAMED("{csv: /etc/o.csv}", csv,
                "a.yaml:4:21: the CSV file \"/etc/o.csv\" is outside of the folder; expected a path within the folder of this file\n");
    CHECK_NAMED("{csv: a.yaml}", csv, "a.yaml:4:21: \"a.yaml\" is not the name of a CSV file; expected a name that ends in .csv\n");
    CHECK_NAMED("[{csv: o.csv}, {csv: o.csv}]", csv, "a.yaml:4:36: the CSV file \"o.csv\" is named twice\n");
    CHECK_NAMED("[{csv: o.csv}, {indicator: i, unit: U, period: 2020, value: 2}]", csv,
                "o.csv:2:1: an observation for i, U, 2020 stands twice; first at a.yaml:4\n");
    CHECK_NAMED("{csv: [o.csv]}", csv, "a.yaml:4:21: \"csv\" must be the name of a file, not a list\n");
    CHECK_NAMED("{csv: o.csv, sorce: x}", csv,
                "a.yaml:4:28: unknown key \"sorce\" in an observation; did you mean \"source\"?\n");
    CHECK_NAMED("{csv: o.csv, unit: U}", csv,
                "o.csv:1:2: the column \"unit\" is given for the whole file already; remove it here, or beside \"csv\" in the "
                "YAML\n");
    CHECK_NAMED("{csv: o.csv, indicator: j}", "unit,period,value\nU,2020,1\nV,2020,1\n",
                "a.yaml:4:39: no indicator \"j\", which \"indicator\" of an observation names; did you mean \"i\"?\n");
}

static void test_a_link_must_not_lead_outside(void)
{
    struct folder folder, outside;
    char target[64], link[64], yaml[512];
    char *got;

    folder_make(&folder);
    folder_make(&outside);
    folder_write(&outside, "o.csv", "indicator,unit,period,value\n");
    snprintf(target, sizeof target, "%s/o.csv", outside.path);
    snprintf(link, sizeof link, "%s/o.csv", folder.path);
    CHECK(symlink(target, link) == 0);
    snprintf(yaml, sizeof yaml, "%sobservations: {csv: o.csv}\n", head);
    folder_write(&folder, "a.yaml", yaml);
    got = folder_findings(&folder);
    CHECK_TEXT(got, "a.yaml:4:21: the CSV file \"o.csv\" is a link to outside of the folder\n");
    free(got);
    folder_remove(&folder);
    folder_remove(&outside);
}

/* What is said for the whole file, cells with line feeds, and the order of equal columns. */
static void test_values(void)
{
    struct folder folder;
    const char *path[] = {folder.path};
    char yaml[512];
    struct db *db;

    folder_make(&folder);
    snprintf(yaml, sizeof yaml, "%sobservations: {csv: sub/o.csv, indicator: i, source: \"UN, 2022\"}\n", head);
    folder_write(&folder, "a.yaml", yaml);
    folder_write(&folder, "sub/o.csv", "period,flag,value,unit\n2020,,0.1,U\n2021-Q3,\"E\",-2e3,V\n\"2022\",M,,\"U\"");
    db = load_paths(path, 1);
    if (db != NULL) {
        CHECK_TEXT(query(db, "SELECT group_concat(indicator_id || unit_id || period || typeof(period) || coalesce(value, 'none') "
                             "|| coalesce(flag, '-') || origin, ' ') FROM observation"),
                   "iU2020text0.1-sub/o.csv:2 iU2022textnoneMsub/o.csv:4 iV2021-Q3text-2000.0Esub/o.csv:3");
        CHECK_TEXT(query(db, "SELECT count(*) FROM observation WHERE source = 'UN, 2022'"), "3");
    }
    db_close(db);
    folder_remove(&folder);
}

/* Findings of a CSV file come right after those of the file that names it. */
static void test_order_of_findings(void)
{
    struct folder folder;
    char yaml[512];
    char *got;

    folder_make(&folder);
    snprintf(yaml, sizeof yaml, "%sobservations: {csv: o.csv}\nlink: 1\n", head);
    folder_write(&folder, "a.yaml", yaml);
    folder_write(&folder, "b.yaml", "unit: 1\n");
    folder_write(&folder, "o.csv", "indicator,unit,period,value\ni,U,20,1\n");
    got = folder_findings(&folder);
    CHECK(got != NULL && strncmp(got, "a.yaml:5:1: unknown key \"link\"", 30) == 0);
    CHECK(strstr(got, "\no.csv:2:3:") != NULL && strstr(got, "\nb.yaml:1:1:") > strstr(got, "\no.csv:2:3:"));
    free(got);
    folder_remove(&folder);
}

int main(void)
{
    test_headers();
    test_wide_header();
    test_rows();
    test_long_cell();
    test_names();
    test_a_link_must_not_lead_outside();
    test_values();
    test_order_of_findings();
    return check_result();
}
