/* bundle FOLDER OUTPUT.db: loads the framework that the program ships with into a database file.
 *
 * Runs at build time only; the file becomes the archive's "bundled.db". */
#include <stdio.h>
#include <stdlib.h>

#include "db/db.h"
#include "load/load.h"

static void print_error(const struct dk_error *err)
{
    char text[2048];

    dk_error_text(err, text, sizeof text);
    fprintf(stderr, "%s\n", text);
}

/* Lays the pages of a table side by side: the engine, which is compressed, is smaller by 30 KB. */
static dk_status pack(const char *path, struct dk_error *err)
{
    struct db *db = NULL;
    dk_status status = db_open(path, DB_WRITE, &db, err);

    if (status == DK_OK)
        status = db_run(db, "VACUUM", err);
    db_close(db);
    return status;
}

int main(int argc, char **argv)
{
    struct load_report report = {0};
    struct dk_error err = {0};
    const char *path[1];
    struct load_source source = {.path = path, .count = 1};
    int status = EXIT_SUCCESS;

    if (argc != 3) {
        fputs("usage: bundle FOLDER OUTPUT.db\n", stderr);
        return EXIT_FAILURE;
    }
    path[0] = argv[1];
    if (load_to_file(argv[2], &source, &report, &err) != DK_OK || pack(argv[2], &err) != DK_OK) {
        for (size_t i = 0; i < report.count; i++)
            print_error(&report.finding[i]);
        if (report.total == 0)
            print_error(&err);
        status = EXIT_FAILURE;
    }
    load_report_free(&report);
    return status;
}
