/* difkit why, difkit verify: the script that made a file is run again, and writes nothing. */
#define _POSIX_C_SOURCE 200809L

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "cli/call.h"
#include "cli/message.h"
#include "cli/script.h"
#include "cli/session.h"

/* Calls `function` of difkit.cli for the file that the first argument names; its own arguments are the first `own`. */
static int run_again(const struct cli_call *call, const char *function, size_t own)
{
    const char *file = call->argument[0];
    char *path = dk_copy_text(file), *fragment = strchr(path, '#'), *folder;
    struct session session;
    struct script script = {0};
    struct dk_error err = {0};
    bool holds = true;
    int status;

    /* report.html#table-2 names file and cell in one. */
    if (fragment != NULL)
        *fragment++ = '\0';
    own -= fragment != NULL && own > 1;
    folder = script_folder_of(path);
    session_options(&session, call);
    session.options.trust = cli_given(call, "trust");
    session.options.dry_run = true;
    session.options.output = folder;
    session.options.folder = folder;
    session.options.argument = call->argument + own;
    session.options.argument_count = call->argument_count - own;
    if (cli_value(call, "script") != NULL &&
        script_find(cli_value(call, "script"), cli_value(call, "library"), &script, &err) != DK_OK) {
        status = cli_error(&err);
    } else {
        if (script.name != NULL)
            session.options.folder = script.folder;
        if (session_begin(&session, &err) != DK_OK) {
            status = cli_error(&err);
        } else {
            session_set_text(&session, "file", path);
            session_set_text(&session, "word", fragment != NULL ? fragment : own > 1 ? call->argument[1] : NULL);
            session_set_list(&session, "arguments", call->argument + own, call->argument_count - own);
            if (script.name != NULL) {
                session_set_bytes(&session, "text", script.text.bytes != NULL ? script.text.bytes : "", script.text.size);
                session_set_text(&session, "name", script.name);
                session_set_text(&session, "chunk", script.chunk);
            }
            session_set_flag(&session, "trust", cli_given(call, "trust"));
            session_set_flag(&session, "json", cli_given(call, "json"));
            session_set_flag(&session, "all", cli_given(call, "all"));
            status = session_call(&session, function, &holds);
        }
    }
    session_end(&session);
    script_free(&script);
    free(folder);
    free(path);
    return status == 0 && !holds ? DK_DATA : status;
}

int cli_why(const struct cli_call *call)
{
    if (strchr(call->argument[0], '#') == NULL && call->argument_count < 2)
        return cli_fail(DK_USAGE, "such as table-1/ROW/COLUMN; see `difkit why --help`", "why: which cell of %s?",
                        call->argument[0]);
    return run_again(call, "why", 2);
}

int cli_verify(const struct cli_call *call)
{
    return run_again(call, "verify", 1);
}
