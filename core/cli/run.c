/* difkit run: a file, a stock script, standard input or code. */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/call.h"
#include "cli/help.h"
#include "cli/message.h"
#include "cli/script.h"
#include "cli/script_help.h"
#include "cli/session.h"

/* The script that the command line names, and how many of its arguments say so. */
static dk_status find_script(const struct cli_call *call, struct script *script, size_t *used, struct dk_error *err)
{
    const char *code = cli_value(call, "code");

    *used = 0;
    if (code != NULL) {
        script_from_code(code, script);
        return DK_OK;
    }
    if (call->argument_count == 0) {
        dk_fail(err, DK_USAGE, "run: which script? A file, a stock script, - or -e CODE");
        dk_hint(err, "`difkit scripts` lists the stock scripts");
        return DK_ERROR;
    }
    *used = 1;
    return script_find(call->argument[0], cli_value(call, "library"), script, err);
}

/* What the run wrote, or would have. */
static void list_written(const struct session *session, bool dry_run)
{
    for (size_t i = 0; i < host_written_count(session->host); i++) {
        struct host_written file = host_written(session->host, i);

        if (dry_run)
            printf("would write %s (%zu bytes)\n", file.path, file.size);
        else if (isatty(STDERR_FILENO))
            cli_note("wrote %s (%zu bytes)", file.path, file.size);
    }
    if (dry_run && host_written_count(session->host) == 0)
        puts("would write nothing");
}

static void set_arguments(struct session *session, const struct cli_call *call, const struct script *script, size_t used)
{
    /* Names for near misses of options that neither the script nor difkit knows. */
    const char *names[32];
    size_t count = 0;

    for (const struct cli_option *option = call->command->options; option->name != NULL && count < 32; option++)
        names[count++] = option->name;
    session_set_bytes(session, "text", script->text.bytes != NULL ? script->text.bytes : "", script->text.size);
    session_set_text(session, "name", script->name);
    session_set_text(session, "chunk", script->chunk);
    session_set_flag(session, "code", cli_given(call, "code"));
    session_set_flag(session, "trust", cli_given(call, "trust"));
    session_set_flag(session, "silent", cli_given(call, "no-proof"));
    session_set_text(session, "format", cli_value(call, "format"));
    session_set_text(session, "output", cli_value(call, "output"));
    session_set_list(session, "arguments", call->argument + used, call->argument_count - used);
    session_set_list(session, "options", names, count);
}

int cli_run(const struct cli_call *call)
{
    struct session session;
    struct script script = {0};
    struct dk_error err = {0};
    size_t used;
    int status;

    session_options(&session, call);
    session.options.output = cli_value(call, "out");
    session.options.result = cli_value(call, "output");
    session.options.trust = cli_given(call, "trust");
    session.options.dry_run = cli_given(call, "dry-run");
    if (call->argument_count > 0 && !cli_given(call, "code") && strcmp(call->argument[0], "-") == 0 &&
        isatty(STDIN_FILENO)) {
        status = cli_fail(DK_USAGE, "see `difkit run --help`", "run: a script is expected on standard input");
    } else if (session_limits(&session, call, &err) != DK_OK ||
               find_script(call, &script, &used, &err) != DK_OK) {
        status = cli_error(&err);
    } else {
        session.options.folder = script.folder;
        session.options.argument = call->argument + used;
        session.options.argument_count = call->argument_count - used;
        if (session_begin(&session, &err) == DK_OK) {
            set_arguments(&session, call, &script, used);
            status = session_call(&session, "run", NULL);
            if (status == 0)
                list_written(&session, session.options.dry_run);
        } else {
            status = cli_error(&err);
        }
    }
    session_end(&session);
    script_free(&script);
    return status;
}
