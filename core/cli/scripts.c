/* difkit scripts: the stock scripts; and the help of any script, from its header. */
#include <stdio.h>
#include <string.h>

#include "cli/call.h"
#include "cli/help.h"
#include "cli/message.h"
#include "cli/script.h"
#include "cli/script_help.h"
#include "cli/session.h"

int cli_scripts(const struct cli_call *call)
{
    struct session session;
    struct dk_error err = {0};
    bool found = true;
    int status;

    session_options(&session, call);
    if (session_begin(&session, &err) == DK_OK) {
        session_set_list(&session, "words", call->argument, call->argument_count);
        session_set_flag(&session, "verbose", cli_given(call, "verbose"));
        status = session_call(&session, "scripts", &found);
        if (!found)
            status = cli_fail(DK_USAGE, "`difkit scripts` lists all", "no stock script speaks of \"%s\"",
                              call->argument[0]);
    } else {
        status = cli_error(&err);
    }
    session_end(&session);
    return status;
}

int script_help(const struct cli_call *call, const char *name)
{
    struct session session;
    struct script script = {0};
    struct dk_error err = {0};
    struct dk_buffer command = {0};
    int status;

    session_options(&session, call);
    if (script_find(name, cli_value(call, "library"), &script, &err) != DK_OK ||
        session_begin(&session, &err) != DK_OK) {
        status = cli_error(&err);
    } else {
        dk_buffer_format(&command, "difkit run %s", name);
        session_set_bytes(&session, "text", script.text.bytes != NULL ? script.text.bytes : "", script.text.size);
        session_set_text(&session, "name", script.name);
        session_set_text(&session, "command", command.bytes);
        status = session_call(&session, "script_help", NULL);
    }
    session_end(&session);
    dk_buffer_free(&command);
    script_free(&script);
    return status;
}
