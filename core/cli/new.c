/* difkit new: a commented start, as files. */
#include "base/buffer.h"
#include "cli/call.h"
#include "cli/message.h"
#include "cli/session.h"
#include "model/model.h"

int cli_new(const struct cli_call *call)
{
    struct session session;
    struct dk_buffer schema = {0};
    struct dk_error err = {0};
    int status;

    if (call->argument_count < 2)
        return cli_fail(DK_USAGE, "usage: difkit new script|framework|index NAME", "new: what, and under which name?");
    model_json_schema(&schema);
    session_options(&session, call);
    session.options.trust = true; /* no script of somebody else runs: what is written is what the command line names */
    if (session_begin(&session, &err) != DK_OK) {
        status = cli_error(&err);
    } else {
        session_set_text(&session, "kind", call->argument[0]);
        session_set_text(&session, "name", call->argument[1]);
        session_set_text(&session, "folder", cli_value(call, "in"));
        session_set_bytes(&session, "schema", schema.bytes, schema.size);
        session_set_flag(&session, "dry_run", cli_given(call, "dry-run"));
        status = session_call(&session, "new", NULL);
    }
    session_end(&session);
    dk_buffer_free(&schema);
    return status;
}
