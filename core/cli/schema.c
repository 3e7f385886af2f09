/* difkit schema: the data model, for people, as SQL, or as a JSON Schema; with the tables that some data declare. */
#include <stdio.h>

#include "cli/call.h"
#include "cli/layout.h"
#include "cli/message.h"
#include "cli/run.h"
#include "db/declared.h"
#include "embed/archive.h"
#include "load/load.h"

/* Opens the data of --db, or those that the program carries; findings in them are told. */
static dk_status open_data(const char *path, struct db **out, struct dk_error *err)
{
    const struct embed_file *bundled = embed_find("bundled.db");
    struct load_source source = {.path = &path, .count = 1};
    struct load_report report = {0};
    dk_status status;

    if (path == NULL)
        return bundled != NULL ? db_open_image(bundled->bytes, bundled->size, false, out, err) : DK_OK;
    if (db_is_file_name(path))
        return db_open(path, DB_READ, out, err);
    status = db_open(":memory:", DB_CREATE, out, err);
    if (status == DK_OK)
        status = load_into(*out, &source, &report, err);
    if (report.total > 0)
        cli_findings(stderr, &report);
    load_report_free(&report);
    return status;
}

static void print(const struct cli_call *call, const struct model *model)
{
    struct dk_buffer text = {0};

    if (cli_given(call, "sql"))
        db_ddl(&text, model, DB_ALL);
    else if (cli_given(call, "json"))
        model_json_schema(&text, model);
    else
        model_text(&text, model, LAYOUT_WIDTH);
    fwrite(text.bytes, 1, text.size, stdout);
    if (text.size > 0 && text.bytes[text.size - 1] != '\n')
        putchar('\n');
    dk_buffer_free(&text);
}

int cli_schema(const struct cli_call *call)
{
    const struct model *model = NULL;
    struct db *db = NULL;
    struct dk_error err = {0};
    dk_status status;

    if (cli_given(call, "sql") && cli_given(call, "json"))
        return cli_fail(DK_USAGE, NULL, "schema: --sql and --json exclude each other");
    status = open_data(cli_value(call, "db"), &db, &err);
    if (status == DK_OK && db != NULL)
        status = db_model(db, &model, &err);
    if (status == DK_OK)
        print(call, model);
    db_close(db);
    return status == DK_OK ? 0 : cli_error(&err);
}
