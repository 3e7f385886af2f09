/* difkit backup: a database as it is at one moment, into a file. */
#include <stdio.h>

#include "base/file.h"
#include "base/temporary.h"
#include "cli/call.h"
#include "cli/message.h"
#include "cli/run.h"
#include "db/db.h"

static dk_status backup(const char *from, const char *to, struct dk_error *err)
{
    struct dk_output output;
    struct db *db = NULL;
    dk_status status = DK_ERROR;

    if (db_open(from, DB_READ, &db, err) != DK_OK || dk_output_open(&output, to, false, err) != DK_OK)
        goto done;
    status = db_snapshot(db, output.temporary, err);
    if (status == DK_OK) {
        status = db_publish(&output, err);
    } else {
        dk_temporary_blame(output.temporary, to, err);
        dk_output_discard(&output);
    }
done:
    db_close(db);
    return status;
}

int cli_backup(const struct cli_call *call)
{
    const char *from = call->argument[0], *to = call->argument[1];
    struct dk_error err = {0};

    if (db_is_server(from) || db_is_server(to))
        return cli_fail(DK_USAGE, "`difkit copy` moves one between files and servers; a server has backups of its own",
                        "backup: databases on a server are not backed up to files");
    if (!db_is_file_name(to))
        return cli_fail(DK_USAGE, "name a file that ends in .db", "backup: %s names no database", to);
    if (db_may_replace(to, &err) != DK_OK || backup(from, to, &err) != DK_OK)
        return cli_error(&err);
    printf("wrote %s\n", to);
    return 0;
}
