/* difkit snapshot: a copy of the data in a file, or the list of such copies. */
#include "cli/call.h"
#include "cli/message.h"
#include "cli/session.h"

int cli_snapshot(const struct cli_call *call)
{
    bool list = cli_given(call, "list");
    struct session session;
    struct dk_error err = {0};
    int status;

    if (!list && call->argument_count == 0)
        return cli_fail(DK_USAGE, "usage: difkit snapshot LABEL [--to DIR]", "snapshot: the label is missing");
    if (list && call->argument_count > 0)
        return cli_fail(DK_USAGE, "name the folder with --to DIR", "snapshot: --list takes no label");
    session_options(&session, call);
    session.options.trust = true; /* no script runs: what is read and written is what the command line names */
    if (session_begin(&session, &err) != DK_OK) {
        status = cli_error(&err);
    } else {
        session_set_text(&session, "label", list ? NULL : call->argument[0]);
        session_set_text(&session, "to", cli_value(call, "to") != NULL || !list ? cli_value(call, "to") : ".");
        session_set_text(&session, "date", cli_value(call, "date"));
        session_set_flag(&session, "replace", cli_given(call, "replace"));
        session_set_flag(&session, "list", list);
        session_set_flag(&session, "json", cli_given(call, "json"));
        status = session_call(&session, "snapshot", NULL);
    }
    session_end(&session);
    return status;
}
