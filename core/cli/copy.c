/* difkit copy: a whole database from a file or a server to another. */
#include "load/copy.h"

#include "cli/call.h"
#include "cli/message.h"
#include "cli/run.h"

static dk_status copy(const char *from, const char *to, bool distribute, struct dk_buffer *records, struct dk_error *err)
{
    struct db *db = NULL;
    dk_status status = db_open(from, DB_READ, &db, err);

    if (status == DK_OK)
        status = copy_database(db, to, distribute, records, err);
    db_close(db);
    return status;
}

int cli_copy(const struct cli_call *call)
{
    const char *from = cli_value(call, "from"), *to = cli_value(call, "to");
    struct dk_buffer records = {0};
    struct dk_error err = {0};

    if (from == NULL || to == NULL)
        return cli_fail(DK_USAGE, "usage: difkit copy --from DATABASE --to DATABASE", "copy: %s is missing",
                        from == NULL ? "--from, the database to read," : "--to, the database to make,");
    if (!db_is_file_name(from))
        return cli_fail(DK_USAGE, "`difkit load PATH -o DATABASE` makes one from YAML", "copy: %s is no database", from);
    if (!db_is_file_name(to))
        return cli_fail(DK_USAGE, "name a file that ends in .db, or postgresql://…", "copy: %s names no database", to);
    if (cli_given(call, "distribute") && !db_is_server(to))
        return cli_fail(DK_USAGE, "name a server: --to postgresql://…", "copy: a file is not distributed over nodes");
    if (copy(from, to, cli_given(call, "distribute"), &records, &err) != DK_OK) {
        dk_buffer_free(&records);
        return cli_error(&err);
    }
    cli_print_counts(&records, to, true);
    dk_buffer_free(&records);
    return 0;
}
