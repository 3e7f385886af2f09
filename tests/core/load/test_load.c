/* A load as a whole: what comes out of the garden framework, that nothing is half done, that equal data make equal
 * databases. */
#define _XOPEN_SOURCE 700

#include "folder.h"

static const char garden[] = "tests/data/garden-framework";

static struct db *load_garden(void)
{
    const char *path[] = {garden};

    return load_paths(path, 1);
}

static void test_contents(void)
{
    struct db *db = load_garden();

    if (db == NULL)
        return;
    CHECK_TEXT(query(db, "SELECT count(*) FROM action"), "8");
    CHECK_TEXT(query(db, "SELECT count(*) FROM document"), "2");
    CHECK_TEXT(query(db, "SELECT count(*) FROM abbreviation"), "2");
    CHECK_TEXT(query(db, "SELECT count(*) FROM group_member"), "5");
    CHECK_TEXT(query(db, "SELECT count(*) FROM redirect"), "3");
    CHECK_TEXT(query(db, "SELECT count(*) FROM coding"), "3");
    CHECK_TEXT(query(db, "SELECT count(*) FROM progress"), "5");
    CHECK_TEXT(query(db, "SELECT count(*) FROM observation"), "10");
    CHECK_TEXT(query(db, "SELECT group_concat(id || '=' || area_id || '.' || position, ' ') FROM topic"),
               "compost=SOIL.1 beds=SOIL.2 rain=WATER.1");
    CHECK_TEXT(query(db, "SELECT typeof(number) FROM action WHERE id = 'PLAN.BD.2'"), "integer");
    CHECK_TEXT(query(db, "SELECT number FROM action WHERE id = 'CHARTER.RA.2'"), "c");
    CHECK_TEXT(query(db, "SELECT attribution || ' ' || position FROM action WHERE id = 'PLAN.BD.2'"), "inferred 2");
    CHECK_TEXT(query(db, "SELECT origin FROM action WHERE id = 'PLAN.BD.1'"), "plan.yaml:18");
    CHECK_TEXT(query(db, "SELECT note FROM abbreviation WHERE term = 'RWH'"), "also written rain harvesting");
    CHECK_TEXT(query(db, "SELECT framework_id FROM document WHERE id = 'PLAN'"), "garden");
    CHECK_TEXT(query(db, "SELECT title FROM unit WHERE id = 'HILL'"), "Hill Garden – “Höhe”");
    CHECK_TEXT(query(db, "SELECT status FROM link WHERE target_id = 'PLAN.RA.1'"), "proposed");
    CHECK_TEXT(query(db, "SELECT document_short_title || '/' || topic_title || '/' || area_title FROM action_full "
                         "WHERE id = 'PLAN.CO.1'"), "Plan/Compost/Living Soil");
    CHECK_TEXT(query(db, "PRAGMA application_id"), "1147759476");
    CHECK_TEXT(query(db, "PRAGMA user_version"), "2");
    CHECK_TEXT(query(db, "PRAGMA foreign_keys"), "1");
    CHECK_TEXT(query(db, "SELECT count(*) FROM pragma_foreign_key_check"), "0");
    CHECK_TEXT(query(db, "PRAGMA integrity_check"), "ok");
    db_close(db);
}

static void test_full_text(void)
{
    struct db *db = load_garden();
    struct dk_error err;

    if (db == NULL)
        return;
    CHECK_TEXT(query(db, "SELECT count(*) FROM action_fts WHERE action_fts MATCH 'compost'"), "3");
    CHECK_TEXT(query(db, "SELECT id FROM action_fts WHERE action_fts MATCH 'regulat*'"), "CHARTER.RA.2");
    CHECK_TEXT(query(db, "SELECT count(*) FROM action_fts WHERE action_fts MATCH '\"compost bays\"'"), "2");
    CHECK_TEXT(query(db, "SELECT id FROM action_fts WHERE action_fts MATCH 'naive'"), "CHARTER.RA.1"); /* printed naïve */
    CHECK_TEXT(query(db, "SELECT highlight(action_fts, 0, '[', ']') FROM action_fts WHERE action_fts MATCH 'law'"),
               "Adopt a [law] against wasting water, naïve or not.");
    /* The index follows changes. */
    CHECK(db_run(db, "UPDATE action SET text = 'Read a book.' WHERE id = 'CHARTER.RA.1'", &err) == DK_OK);
    CHECK_TEXT(query(db, "SELECT count(*) FROM action_fts WHERE action_fts MATCH 'law'"), "0");
    CHECK_TEXT(query(db, "SELECT id FROM action_fts WHERE action_fts MATCH 'book'"), "CHARTER.RA.1");
    CHECK(db_run(db, "DELETE FROM coding; DELETE FROM link; DELETE FROM action WHERE id = 'CHARTER.RA.1'", &err) == DK_OK);
    CHECK_TEXT(query(db, "SELECT count(*) FROM action_fts WHERE action_fts MATCH 'book'"), "0");
    CHECK(db_run(db, "INSERT INTO action_fts (action_fts) VALUES ('integrity-check')", &err) == DK_OK);
    db_close(db);
}

static void copy_digest(struct db *db, char out[65])
{
    snprintf(out, 65, "%s", db != NULL ? query(db, "SELECT value FROM meta WHERE key = 'content_digest'") : "");
}

static void test_digest(void)
{
    char first[65], again[65], live[65];
    struct db *db = load_garden();
    struct dk_error err;

    copy_digest(db, first);
    CHECK(strlen(first) == 64);
    CHECK(load_content_digest(db, live, &err) == DK_OK);
    CHECK_TEXT(live, first); /* read back from the database */
    CHECK(db_run(db, "UPDATE action SET line = line + 1 WHERE id = 'PLAN.CO.1'", &err) == DK_OK);
    CHECK(load_content_digest(db, live, &err) == DK_OK);
    CHECK(strcmp(live, first) != 0);
    db_close(db);
    db = load_garden();
    copy_digest(db, again);
    CHECK_TEXT(again, first);
    db_close(db);
}

/* The same content in other files and in another order has the same digest; other content has another. */
static void test_digest_does_not_depend_on_files(void)
{
    static const char framework[] = "framework: {id: f, title: F}\nareas: [{id: A, title: A, topics: [{id: t, title: T}]}]\n";
    static const char document[] = "document: {id: D, title: D}\nactions:\n  t:\n    - {id: D.1, text: Dig}\n    - {id: D.2, text: Sow}\n";
    static const char backwards[] = "actions:\n  t:\n    # after a remark\n    - text: \"Dig\"\n      id: D.1\n"
                                    "    - {text: Sow, id: D.2}\ndocument: {title: D, id: D}\n";
    static const char swapped[] = "document: {id: D, title: D}\nactions:\n  t:\n    - {id: D.2, text: Sow}\n    - {id: D.1, text: Dig}\n";
    static const char units[] = "units: [{id: U, title: U}, {id: V, title: V}]\n";
    static const char units_backwards[] = "units: [{id: V, title: V}, {id: U, title: U}]\n";
    char first[65], second[65], third[65];
    struct folder a, b, c;
    const char *path[1];
    struct db *db;

    folder_make(&a);
    folder_write(&a, "framework.yaml", framework);
    folder_write(&a, "document.yaml", document);
    folder_write(&a, "units.yaml", units);
    path[0] = a.path;
    db = load_paths(path, 1);
    copy_digest(db, first);
    db_close(db);

    folder_make(&b);
    folder_write(&b, "1.yml", backwards);
    folder_write(&b, "2.yml", units_backwards);
    folder_write(&b, "3.yml", framework);
    path[0] = b.path;
    db = load_paths(path, 1);
    copy_digest(db, second);
    CHECK_TEXT(query(db, "SELECT document_id || position FROM action WHERE id = 'D.2'"), "D2");
    db_close(db);
    CHECK_TEXT(second, first);

    folder_make(&c);
    folder_write(&c, "framework.yaml", framework);
    folder_write(&c, "document.yaml", swapped); /* positions are content */
    folder_write(&c, "units.yaml", units);
    path[0] = c.path;
    db = load_paths(path, 1);
    copy_digest(db, third);
    db_close(db);
    CHECK(strcmp(third, first) != 0);
    folder_remove(&a);
    folder_remove(&b);
    folder_remove(&c);
}

static void test_meta(void)
{
    struct db *db = load_garden();

    if (db == NULL)
        return;
    CHECK_TEXT(query(db, "SELECT group_concat(key, ' ') FROM (SELECT key FROM meta ORDER BY key)"),
               "content_digest difkit_version loaded schema_version");
    CHECK_TEXT(query(db, "SELECT value LIKE '%  charter.yml' || char(10) || '%  framework.yaml' || char(10) || "
                         "'%  monitoring.yaml' || char(10) || '%  plan.yaml' || char(10) || '%  figures/progress.csv' || "
                         "char(10) || '%  figures/observations.csv' FROM meta WHERE key = 'loaded'"), "1");
    CHECK_TEXT(query(db, "SELECT count(*) FROM meta WHERE value LIKE '%/tmp%' OR value LIKE '%/garden%'"), "0");
    db_close(db);
}

static dk_status load_file(const char *target, const char *source_path, struct dk_error *err)
{
    const char *path[] = {source_path};
    struct load_source source = {.path = path, .count = 1};
    struct load_report report;
    dk_status status = load_to_file(target, &source, &report, err);

    load_report_free(&report);
    return status;
}

static bool same_bytes(const char *left, const char *right)
{
    struct dk_buffer a = {0}, b = {0};
    bool same = dk_file_read(left, 0, &a, NULL) == DK_OK && dk_file_read(right, 0, &b, NULL) == DK_OK && a.size == b.size &&
                memcmp(a.bytes, b.bytes, a.size) == 0;

    dk_buffer_free(&a);
    dk_buffer_free(&b);
    return same;
}

static void test_files_are_whole(void)
{
    struct folder out, bad;
    char first[64], second[64], copy[64];
    struct dk_buffer bytes = {0};
    struct dk_error err;

    folder_make(&out);
    folder_make(&bad);
    snprintf(first, sizeof first, "%s/first.db", out.path);
    snprintf(second, sizeof second, "%s/second.db", out.path);
    snprintf(copy, sizeof copy, "%s/copy.db", bad.path);
    CHECK(load_file(first, garden, &err) == DK_OK);
    CHECK(load_file(second, garden, &err) == DK_OK);
    CHECK(same_bytes(first, second));
    CHECK(folder_count(&out) == 2); /* nothing temporary is left */

    /* A load that fails leaves the old file as it was. */
    CHECK(dk_file_read(first, 0, &bytes, &err) == DK_OK);
    folder_write_bytes(&bad, "copy.db", bytes.bytes, bytes.size);
    dk_buffer_free(&bytes);
    folder_write(&bad, "a.yaml", "framework: {id: f}\n");
    CHECK(load_file(first, bad.path, &err) == DK_ERROR);
    CHECK(err.code == DK_DATA);
    CHECK(same_bytes(first, copy));
    CHECK(folder_count(&out) == 2);

    /* One that succeeds replaces it. */
    folder_write(&bad, "a.yaml", "framework: {id: f, title: F}\n");
    CHECK(load_file(first, bad.path, &err) == DK_OK);
    CHECK(!same_bytes(first, copy));
    CHECK(folder_count(&out) == 2);

    /* What is no database is not replaced, nor one that another program is writing. */
    folder_write(&out, "notes.txt", "my notes");
    snprintf(copy, sizeof copy, "%s/notes.txt", out.path);
    CHECK(load_file(copy, garden, &err) == DK_ERROR);
    CHECK(err.code == DK_USAGE);
    folder_write(&out, "second.db-journal", "x");
    CHECK(load_file(second, garden, &err) == DK_ERROR);
    CHECK(err.code == DK_LOCKED);
    snprintf(copy, sizeof copy, "%s/none/x.db", out.path);
    CHECK(load_file(copy, garden, &err) == DK_ERROR);
    CHECK(err.code == DK_IO);
    folder_remove(&out);
    folder_remove(&bad);
}

static void test_a_failed_load_leaves_the_database_empty(void)
{
    struct folder folder;
    const char *path[] = {folder.path};
    struct load_source source = {.path = path, .count = 1};
    struct load_report report;
    struct dk_error err;
    struct db *db = NULL;

    folder_make(&folder);
    folder_write(&folder, "a.yaml", "framework: {id: f, title: F}\nunits: [{id: U}]\n");
    CHECK(db_open(":memory:", DB_CREATE, &db, &err) == DK_OK);
    CHECK(load_into(db, &source, &report, &err) == DK_ERROR);
    load_report_free(&report);
    CHECK_TEXT(query(db, "SELECT count(*) FROM sqlite_schema"), "0");
    /* The database refuses actions of a document that is there twice; what is said is why. */
    folder_write(&folder, "a.yaml", "framework: {id: f, title: F}\nareas: [{id: A, title: A, topics: [{id: t, title: T}]}]\n"
                                    "document: {id: D, title: D}\nactions: {t: [{id: D.1, text: Dig}]}\n");
    folder_write(&folder, "b.yaml", "actions: {t: [{id: E.1, text: Dig}]}\ndocument: {id: D, title: E}\n");
    CHECK(load_into(db, &source, &report, &err) == DK_ERROR);
    CHECK(err.code == DK_DATA && report.total == 1);
    load_report_free(&report);
    folder_write(&folder, "b.yaml", "units: []\n");
    folder_write(&folder, "a.yaml", "framework: {id: f, title: F}\nunits: [{id: U, title: U}]\n");
    CHECK(load_into(db, &source, &report, &err) == DK_OK);
    CHECK_TEXT(query(db, "SELECT id FROM unit"), "U");
    load_report_free(&report);
    db_close(db);
    folder_remove(&folder);
}

static void test_sources(void)
{
    struct folder folder, other;
    const char *path[2] = {folder.path, other.path};
    struct load_source source = {.path = path, .count = 1};
    struct load_report report;
    struct dk_error err;
    char text[2048], file[64];
    struct db *db;

    folder_make(&folder);
    folder_make(&other);
    CHECK(load_check(&source, &report, &err) == DK_ERROR);
    dk_error_text(&report.finding[0], text, sizeof text);
    CHECK(strstr(text, "has no YAML files; expected files named *.yaml or *.yml") != NULL);
    load_report_free(&report);

    path[0] = "no/such/folder";
    CHECK(load_check(&source, &report, &err) == DK_ERROR && err.code == DK_IO);
    path[0] = "CMakeLists.txt";
    CHECK(load_check(&source, &report, &err) == DK_ERROR && err.code == DK_USAGE);
    source.count = 0;
    CHECK(load_check(&source, &report, &err) == DK_ERROR && err.code == DK_USAGE);

    /* A single file; units that two frameworks define alike; ids that both use. */
    folder_write(&folder, "a.yaml", "framework: {id: f, title: F}\nunits: [{id: U, title: U}]\nareas: [{id: A, title: A}]\n");
    folder_write(&other, "b.yaml", "framework: {id: g, title: G}\nunits: [{id: U, title: U}]\nareas: [{id: B, title: B}]\n");
    snprintf(file, sizeof file, "%s/a.yaml", folder.path);
    path[0] = file;
    db = load_paths(path, 1);
    CHECK_TEXT(query(db, "SELECT origin FROM unit"), "a.yaml:2");
    db_close(db);
    path[0] = folder.path;
    db = load_paths(path, 2);
    CHECK_TEXT(query(db, "SELECT count(*) FROM unit"), "1");
    CHECK_TEXT(query(db, "SELECT group_concat(id || framework_id) FROM area"), "Af,Bg");
    db_close(db);
    folder_write(&other, "b.yaml", "framework: {id: g, title: G}\nareas: [{id: A, title: B}]\n");
    source.count = 2;
    CHECK(load_check(&source, &report, &err) == DK_ERROR && report.total == 1);
    dk_error_text(&report.finding[0], text, sizeof text);
    CHECK(strstr(text, "/b.yaml:2:14: area \"A\" is defined twice, first at /tmp/difkit-load-") != NULL);
    CHECK(strstr(text, "/a.yaml:3:14; ids are unique over all that is loaded together: put the framework before it, as in "
                       "\"g.A\"") != NULL);
    load_report_free(&report);
    folder_write(&other, "b.yaml", "framework: {id: g, title: G}\n");
    folder_write(&other, "c.yaml", "framework: {id: h, title: H}\n");
    CHECK(load_check(&source, &report, &err) == DK_ERROR && report.total == 1);
    dk_error_text(&report.finding[0], text, sizeof text);
    CHECK(strstr(text, "/c.yaml:1:12: a second framework in one folder; the first is at ") != NULL);
    load_report_free(&report);
    folder_remove(&folder);
    folder_remove(&other);
}

/* Enough rows for several batches, so that reading and writing overlap. */
static void test_many_rows(void)
{
    enum { ROWS = 5000 };
    struct folder folder;
    const char *path[] = {folder.path};
    struct dk_buffer text = {0};
    char wanted[16], live[65], noted[65];
    struct dk_error err;
    struct db *db;

    folder_make(&folder);
    dk_buffer_text(&text, "framework: {id: f, title: F}\nareas: [{id: A, title: A, topics: [{id: t, title: T}]}]\n"
                          "document: {id: D, title: D}\nactions:\n  t:\n");
    for (int i = 0; i < ROWS; i++)
        dk_buffer_format(&text, "    - {id: D.%d, text: \"Dig hole %d.\"}\n", i, i);
    folder_write(&folder, "a.yaml", text.bytes);
    db = load_paths(path, 1);
    snprintf(wanted, sizeof wanted, "%d", ROWS);
    CHECK_TEXT(query(db, "SELECT count(*) FROM action"), wanted);
    CHECK_TEXT(query(db, "SELECT count(*) FROM action_fts WHERE action_fts MATCH 'hole'"), wanted);
    CHECK_TEXT(query(db, "SELECT id || ' ' || position || ' ' || origin FROM action WHERE text = 'Dig hole 4321.'"),
               "D.4321 4322 a.yaml:4327");
    copy_digest(db, noted);
    CHECK(load_content_digest(db, live, &err) == DK_OK);
    CHECK_TEXT(live, noted);
    CHECK(db_run(db, "INSERT INTO action_fts (action_fts) VALUES ('integrity-check')", &err) == DK_OK);
    db_close(db);

    /* Into a file: the words are indexed beside the rows, and have to fit them. */
    {
        struct folder out;
        char file[64], again[64];

        folder_make(&out);
        snprintf(file, sizeof file, "%s/a.db", out.path);
        snprintf(again, sizeof again, "%s/b.db", out.path);
        CHECK(load_file(file, folder.path, &err) == DK_OK);
        CHECK(load_file(again, folder.path, &err) == DK_OK);
        CHECK(same_bytes(file, again));
        CHECK(db_open(file, DB_WRITE, &db, &err) == DK_OK);
        CHECK_TEXT(query(db, "SELECT count(*) FROM action_fts WHERE action_fts MATCH 'hole'"), wanted);
        CHECK_TEXT(query(db, "SELECT id FROM action_fts WHERE action_fts MATCH '\"hole 4321\"'"), "D.4321");
        CHECK_TEXT(query(db, "SELECT id FROM action_fts WHERE action_fts MATCH '4999' ORDER BY rank"), "D.4999");
        CHECK(db_run(db, "INSERT INTO action_fts (action_fts) VALUES ('integrity-check')", &err) == DK_OK);
        CHECK(db_run(db, "UPDATE action SET text = 'Rest.' WHERE id = 'D.4321'", &err) == DK_OK);
        CHECK_TEXT(query(db, "SELECT id FROM action_fts WHERE action_fts MATCH 'rest'"), "D.4321");
        CHECK(db_run(db, "INSERT INTO action_fts (action_fts) VALUES ('integrity-check')", &err) == DK_OK);
        CHECK_TEXT(query(db, "PRAGMA integrity_check"), "ok");
        db_close(db);
        folder_remove(&out);
    }
    dk_buffer_free(&text);
    folder_remove(&folder);
}

int main(void)
{
    test_contents();
    test_full_text();
    test_digest();
    test_digest_does_not_depend_on_files();
    test_meta();
    test_files_are_whole();
    test_a_failed_load_leaves_the_database_empty();
    test_sources();
    test_many_rows();
    return check_result();
}
