/* difkit load: YAML -> a database file. */
#include "load/copy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "cli/call.h"
#include "cli/message.h"
#include "cli/run.h"
#include "model/model.h"

/* Refuses a path in a folder that does not exist. */
static dk_status check_folder(const char *path, struct dk_error *err)
{
    const char *slash = strrchr(path, '/');
    char *folder;
    dk_status status = DK_OK;

    if (slash == NULL || slash == path)
        return DK_OK;
    folder = dk_copy_text(path);
    folder[slash - path] = '\0';
    if (!dk_is_folder(folder)) {
        status = dk_fail(err, DK_IO, "cannot write %s: there is no folder %s", path, folder);
        dk_hint(err, "make it first: mkdir -p %s", folder);
    }
    free(folder);
    return status;
}

void cli_print_counts(const struct dk_buffer *records, const char *path, bool written)
{
    struct dk_buffer name = {0};

    db_show_name(path, &name);
    printf("%s %s: %s\n", written ? "wrote" : "would write", name.bytes, records->size > 0 ? records->bytes : "no records");
    dk_buffer_free(&name);
}

static dk_status load(const struct cli_call *call, const char *path, struct load_report *report, struct dk_error *err)
{
    struct load_source source = {call->argument, call->argument_count, cli_given(call, "portable"),
                                 cli_given(call, "distribute")};
    bool written = !cli_given(call, "dry-run");
    struct db *db = NULL;
    dk_status status = DK_ERROR;

    if ((!db_is_server(path) && check_folder(path, err) != DK_OK) || db_may_replace(path, err) != DK_OK)
        return DK_ERROR;
    if (written) {
        status = (db_is_server(path) ? load_to_server : load_to_file)(path, &source, report, err);
    } else if (db_open(":memory:", DB_CREATE, &db, err) == DK_OK) {
        status = load_into(db, &source, report, err);
        if (status == DK_OK)
            status = load_count(db, &report->records, err);
    }
    if (status == DK_OK)
        cli_print_counts(&report->records, path, written);
    db_close(db);
    return status;
}

int cli_load(const struct cli_call *call)
{
    const char *path = cli_value(call, "output");
    struct load_report report = {0};
    struct dk_buffer name = {0};
    struct dk_error err = {0};
    int status = 0;

    if (path == NULL || path[0] == '\0')
        return cli_fail(DK_USAGE, "usage: difkit load PATH… -o FILE.db", "load: the database to make is missing");
    if (cli_given(call, "distribute") && !db_is_server(path))
        return cli_fail(DK_USAGE, "name a server: -o postgresql://…", "load: a file is not distributed over nodes");
    if (load(call, path, &report, &err) != DK_OK) {
        if (report.total > 0) {
            cli_findings(stderr, &report);
            db_show_name(path, &name);
            status = cli_fail(DK_DATA, NULL, "%zu finding%s; %s was not written", report.total, report.total == 1 ? "" : "s",
                              name.bytes);
            dk_buffer_free(&name);
        } else {
            status = cli_error(&err);
        }
    }
    load_report_free(&report);
    return status;
}
