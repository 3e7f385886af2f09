/* difkit schema: the data model, for people, as SQL, or as a JSON Schema. */
#include <stdio.h>

#include "cli/call.h"
#include "cli/layout.h"
#include "cli/message.h"
#include "cli/run.h"
#include "db/db.h"
#include "model/model.h"

int cli_schema(const struct cli_call *call)
{
    struct dk_buffer text = {0};

    if (cli_given(call, "sql") && cli_given(call, "json"))
        return cli_fail(DK_USAGE, NULL, "schema: --sql and --json exclude each other");
    if (cli_given(call, "sql"))
        db_ddl(&text, DB_ALL);
    else if (cli_given(call, "json"))
        model_json_schema(&text);
    else
        model_text(&text, LAYOUT_WIDTH);
    fwrite(text.bytes, 1, text.size, stdout);
    if (text.size > 0 && text.bytes[text.size - 1] != '\n')
        putchar('\n');
    dk_buffer_free(&text);
    return 0;
}
