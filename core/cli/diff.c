/* difkit diff: what changed between two states of the data. Exit statuses are those of diff(1): 0 same, 1 different, 2
 * trouble of any kind. */
#include "cli/call.h"
#include "cli/message.h"
#include "cli/session.h"

enum { SAME = 0, DIFFERENT = 1, TROUBLE = 2 };

int cli_diff(const struct cli_call *call)
{
    struct session session;
    struct dk_error err = {0};
    bool same = false;
    int status = TROUBLE;

    session_options(&session, call);
    session.options.trust = true; /* no script runs: what is read is what the command line names */
    if (session_begin(&session, &err) != DK_OK) {
        (void)cli_error(&err);
    } else {
        session_set_text(&session, "old", call->argument[0]);
        session_set_text(&session, "new", call->argument[1]);
        session_set_text(&session, "index", cli_value(call, "index"));
        session_set_flag(&session, "json", cli_given(call, "json"));
        session_set_flag(&session, "all", cli_given(call, "all"));
        session_set_flag(&session, "quiet", cli_given(call, "quiet"));
        if (session_call(&session, "diff", &same) == 0)
            status = same ? SAME : DIFFERENT;
    }
    session_end(&session);
    return status;
}
