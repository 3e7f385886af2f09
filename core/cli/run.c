/* difkit run: a file, a stock script, standard input or code. */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/call.h"
#include "cli/message.h"
#include "cli/run.h"
#include "cli/script.h"
#include "cli/session.h"

/* Refuses --code behind a script: whoever gives both means an option of the script, which can have none of that name. */
static dk_status check_code_alone(const struct cli_call *call, struct dk_error *err)
{
    const char *word = call->argument_count > 0 ? call->argument[0] : NULL, *library = cli_value(call, "library");
    struct script script = {0};

    for (size_t i = 0; i < call->given_count && word != NULL; i++) {
        if (strcmp(call->given[i].option->name, "code") != 0 || !call->given[i].behind ||
            script_find(word, library, &script, NULL) != DK_OK)
            continue;
        script_free(&script);
        dk_fail(err, DK_USAGE, "run: both the script \"%s\" and --code, which is Lua to run instead of one", word);
        if (script_declares(word, library, "scheme-code"))
            dk_hint(err, "the code of a scheme is --scheme-code %s", call->given[i].value);
        else
            dk_hint(err, "`difkit run %s --help` lists the options of the script", word);
        return DK_ERROR;
    }
    return DK_OK;
}

/* The script that the command line names, and how many of its arguments say so. */
static dk_status find_script(const struct cli_call *call, struct script *script, size_t *used, struct dk_error *err)
{
    const char *code = cli_value(call, "code");

    *used = 0;
    if (code != NULL) {
        if (check_code_alone(call, err) != DK_OK)
            return DK_ERROR;
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

        if (file.removed && dry_run)
            printf("would remove %s\n", file.path);
        else if (file.removed && isatty(STDERR_FILENO))
            cli_note("removed %s", file.path);
        else if (dry_run)
            printf("would write %s (%zu bytes)\n", file.path, file.size);
        else if (isatty(STDERR_FILENO))
            cli_note("wrote %s (%zu bytes)", file.path, file.size);
    }
    if (dry_run && host_written_count(session->host) == 0)
        puts("would write nothing");
}

/* Beside the options: the script, what it is given, and the names of difkit's own options, for near misses of options that
 * neither the script nor difkit knows. */
static void give_script(struct session *session, const struct script *script)
{
    const char *names[32];
    size_t count = 0;

    for (const struct cli_option *const *option = session->call->command->options; *option != NULL && count < 32; option++)
        names[count++] = (*option)->name;
    session_give_script(session, script);
    host_give_list(session->host, "arguments", session->options.argument, session->options.argument_count);
    host_give_list(session->host, "options", names, count);
}

/* The script and the session for it. */
static dk_status prepare(struct session *session, const struct cli_call *call, struct script *script, struct dk_error *err)
{
    size_t used;

    if (session_options(session, call, err) != DK_OK)
        return DK_ERROR;
    if (call->argument_count > 0 && !cli_given(call, "code") && strcmp(call->argument[0], "-") == 0 &&
        isatty(STDIN_FILENO)) {
        dk_fail(err, DK_USAGE, "run: a script is expected on standard input");
        dk_hint(err, "see `difkit run --help`");
        return DK_ERROR;
    }
    if (find_script(call, script, &used, err) != DK_OK)
        return DK_ERROR;
    session->options.folder = script->folder;
    session->options.argument = call->argument + used;
    session->options.argument_count = call->argument_count - used;
    return session_begin(session, err);
}

int cli_run(const struct cli_call *call)
{
    struct session session;
    struct script script = {0};
    struct dk_error err = {0};
    int status;

    if (prepare(&session, call, &script, &err) != DK_OK) {
        status = cli_error(&err);
    } else {
        give_script(&session, &script);
        status = session_call(&session, "run");
        if (status == 0)
            list_written(&session, session.options.dry_run);
    }
    session_end(&session);
    script_free(&script);
    return status;
}
