/* difkit repl: the interactive session. What is typed runs in the sandbox, as scripts do, each entry within limits of its
 * own; the session itself is written in Lua (scripts/difkit/repl). */
#include "cli/call.h"
#include "cli/message.h"
#include "cli/session.h"

int cli_repl(const struct cli_call *call)
{
    struct session session;
    struct dk_error err = {0};
    int status;

    session_options(&session, call);
    session.options.interactive = true;
    session.options.trust = cli_given(call, "trust");
    session.options.output = cli_value(call, "out");
    session.options.folder = ".";
    session.options.argument = call->argument;
    session.options.argument_count = call->argument_count;
    if (session_limits(&session, call, &err) != DK_OK || session_begin(&session, &err) != DK_OK) {
        status = cli_error(&err);
    } else {
        session_set_list(&session, "files", call->argument, call->argument_count);
        session_set_text(&session, "database", cli_value(call, "db"));
        status = session_status(&session, "repl");
    }
    session_end(&session);
    return status;
}
