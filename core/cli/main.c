/* difkit: finds the command, reads its options, runs it. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/journal.h"
#include "base/meter.h"
#include "base/near.h"
#include "base/standard.h"
#include "cli/call.h"
#include "cli/help.h"
#include "cli/message.h"
#include "cli/open.h"
#include "cli/pages.h"
#include "cli/policy.h"
#include "cli/run.h"
#include "cli/script.h"
#include "cli/session.h"
#include "cli/signals.h"

static int print_overview(FILE *stream)
{
    struct dk_buffer text = {0};

    help_overview(&text);
    fputs(text.bytes, stream);
    dk_buffer_free(&text);
    return 0;
}

/* Hints at `difkit run NAME` for a word that is, or nearly is, the name of a stock script. */
static bool hint_script(struct dk_error *err, const char *given)
{
    struct dk_names scripts = {0};
    const char *nearest = NULL;

    if (script_stock_names(NULL, &scripts, NULL) == DK_OK)
        nearest = dk_nearest(given, (const char *const *)scripts.name, scripts.count);
    if (nearest != NULL)
        dk_hint(err, "did you mean `difkit run %s`?", nearest);
    dk_names_free(&scripts);
    return nearest != NULL;
}

static int unknown_command(const char *given)
{
    static const char *const options[] = {"--help", "--version", "--library"};
    const char *names[HELP_NAMES_MAX];
    size_t count = help_command_names(names);
    struct dk_error err;
    bool found;

    dk_fail(&err, DK_USAGE, "unknown %s \"%s\"", given[0] == '-' ? "option" : "command", given);
    if (given[0] == '-')
        found = cli_hint_near(&err, given, options, sizeof options / sizeof options[0], "");
    else
        found = hint_script(&err, given) || cli_hint_near(&err, given, names, count, "");
    if (!found)
        dk_hint(&err, "`difkit --help` lists the commands");
    return cli_error(&err);
}

/* `difkit COMMAND --help`; of `difkit run SCRIPT --help`, the script's own. */
static int command_help(const struct cli_call *call)
{
    struct dk_buffer text = {0};

    if ((call->command->flags & CLI_PASSES_OPTIONS) && call->argument_count > 0 && !cli_given(call, "code"))
        return help_script(call, call->argument[0]);
    help_command(&text, call->command);
    fputs(text.bytes, stdout);
    dk_buffer_free(&text);
    return 0;
}

/* Commands that are not written in Lua. */
static const struct {
    const char *name;
    int (*run)(const struct cli_call *call);
} in_c[] = {
    {"run", cli_run},       {"load", cli_load}, {"copy", cli_copy},    {"backup", cli_backup},
    {"check", cli_check},   {"test", cli_test}, {"why", cli_why},      {"verify", cli_verify},
    {"schema", cli_schema}, {"help", cli_help}, {"__man", cli_manual}, {"__complete", cli_complete},
};

static int run_call(const struct cli_call *call)
{
    struct dk_error err = {0};

    if (policy_check(call, &err) != DK_OK)
        return cli_error(&err);
    for (size_t i = 0; i < sizeof in_c / sizeof in_c[0]; i++)
        if (strcmp(in_c[i].name, call->command->name) == 0)
            return open_after(call, in_c[i].run, pages_run);
    return open_after(call, session_run, pages_run);
}

/* Runs the command that arguments[0] names. */
static int run_command(char *const *arguments, size_t count)
{
    const struct cli_command *command = cli_command_find(arguments[0]);
    struct cli_call call;
    struct dk_error err;
    int status;

    if (command == NULL)
        return unknown_command(arguments[0]);
    if (cli_call_read(command, arguments + 1, count - 1, &call, &err) != DK_OK)
        status = cli_error(&err);
    else if (call.help)
        status = command_help(&call);
    else
        status = run_call(&call);
    cli_call_free(&call);
    return status;
}

int main(int argc, char **argv)
{
    size_t count = argc > 0 ? (size_t)argc - 1 : 0;
    char **arguments = argv + 1;
    int status;

    dk_standard_begin();
    signals_begin();
    dk_meter_allow();
    if (count == 0) {
        print_overview(stderr);
        return DK_USAGE;
    }
    if (strcmp(arguments[0], "--help") == 0 || strcmp(arguments[0], "-h") == 0)
        return cli_finish(print_overview(stdout));
    if (strcmp(arguments[0], "--version") == 0) {
        printf("difkit %s\n", DIFKIT_VERSION);
        return cli_finish(0);
    }
    /* An option that every command takes may stand before the command: `difkit --library DIR run …`. */
    if (strcmp(arguments[0], "--library") == 0 && count >= 3) {
        char *option = arguments[0], *folder = arguments[1];

        arguments[0] = arguments[2];
        arguments[1] = option;
        arguments[2] = folder;
    }
    status = cli_finish(run_command(arguments, count));
    journal_end(status);
    signals_finish();
    return status;
}
