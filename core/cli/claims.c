/* difkit claims: figures tagged in prose, computed anew. The expressions run in the sandbox, as scripts do. */
#include "cli/call.h"
#include "cli/message.h"
#include "cli/session.h"

int cli_claims(const struct cli_call *call)
{
    struct session session;
    struct dk_error err = {0};
    bool hold = false;
    int status;

    session_options(&session, call);
    if (session_begin(&session, &err) != DK_OK) {
        status = cli_error(&err);
    } else {
        session_set_list(&session, "files", call->argument, call->argument_count);
        session_set_flag(&session, "json", cli_given(call, "json"));
        status = session_call(&session, "claims", &hold);
        if (status == 0 && !hold)
            status = DK_DATA;
    }
    session_end(&session);
    return status;
}
