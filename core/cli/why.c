/* difkit why, difkit verify: the script that made a file is run again, and writes nothing. */
#define _POSIX_C_SOURCE 200809L

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "cli/call.h"
#include "cli/message.h"
#include "cli/run.h"
#include "cli/script.h"
#include "cli/session.h"

/* What the command line names: the file, of `why` the cell, and a script. */
struct named {
    char *path, *folder;
    const char *cell; /* NULL: none */
    size_t own;       /* arguments that are not the script's */
    struct script script;
};

/* report.html#table-2 names file and cell in one. */
static void read_names(const struct cli_call *call, size_t own, struct named *named)
{
    char *fragment;

    named->path = dk_copy_text(call->argument[0]);
    fragment = strchr(named->path, '#');
    if (fragment != NULL)
        *fragment++ = '\0';
    named->own = fragment != NULL && own > 1 ? own - 1 : own;
    named->cell = fragment != NULL ? fragment : own > 1 ? call->argument[1] : NULL;
    named->folder = script_folder_of(named->path);
}

/* A session that may write only in imagination, beside the file. */
static dk_status prepare(struct session *session, const struct cli_call *call, struct named *named, struct dk_error *err)
{
    const char *script = cli_value(call, "script");

    if (session_options(session, call, err) != DK_OK ||
        (script != NULL && script_find(script, session->options.library, &named->script, err) != DK_OK))
        return DK_ERROR;
    session->options.dry_run = true;
    session->options.output = named->folder;
    session->options.folder = script != NULL ? named->script.folder : named->folder;
    session->options.argument = call->argument + named->own;
    session->options.argument_count = call->argument_count - named->own;
    return session_begin(session, err);
}

/* Runs the command; its own arguments are the first `own`. */
static int run_again(const struct cli_call *call, size_t own)
{
    struct session session;
    struct named named = {0};
    struct dk_error err = {0};
    int status;

    read_names(call, own, &named);
    if (prepare(&session, call, &named, &err) != DK_OK) {
        status = cli_error(&err);
    } else {
        host_give_text(session.host, "file", named.path);
        host_give_text(session.host, "cell", named.cell);
        host_give_list(session.host, "arguments", session.options.argument, session.options.argument_count);
        if (named.script.name != NULL)
            session_give_script(&session, &named.script);
        status = session_call(&session, call->command->name);
    }
    session_end(&session);
    script_free(&named.script);
    free(named.folder);
    free(named.path);
    return status;
}

int cli_why(const struct cli_call *call)
{
    if (strchr(call->argument[0], '#') == NULL && call->argument_count < 2)
        return cli_fail(DK_USAGE, "such as table-1/ROW/COLUMN; see `difkit why --help`", "why: which cell of %s?",
                        call->argument[0]);
    return run_again(call, 2);
}

int cli_verify(const struct cli_call *call)
{
    return run_again(call, 1);
}
