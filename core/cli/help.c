/* difkit help, and every other place that prints help. */
#include "cli/help.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "cli/call.h"
#include "cli/layout.h"
#include "cli/message.h"
#include "cli/run.h"
#include "cli/script.h"
#include "cli/session.h"

enum { OPTION_COLUMN = 24, EXIT_COLUMN = 8 };

void help_option_name(struct dk_buffer *out, const struct cli_option *option)
{
    if (option->letter != 0)
        dk_buffer_format(out, "-%c, ", option->letter);
    dk_buffer_format(out, "--%s", option->name);
    if (option->value != NULL)
        dk_buffer_format(out, " %s", option->value);
    if (option->value != NULL && option->many)
        dk_buffer_text(out, "…");
}

static void add_options(struct dk_buffer *out, const struct cli_option *const *options)
{
    for (; *options != NULL; options++) {
        struct dk_buffer name = {0};

        if ((*options)->letter == 0)
            dk_buffer_text(&name, "    ");
        help_option_name(&name, *options);
        layout_entry(out, name.bytes, (*options)->help, OPTION_COLUMN);
        dk_buffer_free(&name);
    }
}

static void add_examples(struct dk_buffer *out, const struct cli_example *examples)
{
    if (examples == NULL)
        return;
    dk_buffer_text(out, "\nExamples:\n");
    for (; examples->command != NULL; examples++) {
        dk_buffer_format(out, "  %s\n      ", examples->command);
        layout_fill(out, examples->text, 6, 6);
    }
}

static void add_exit_statuses(struct dk_buffer *out)
{
    dk_buffer_text(out, "Exit status:\n");
    for (const struct cli_exit *way = cli_exits; way->meaning != NULL; way++) {
        char status[16];

        snprintf(status, sizeof status, "%3d", way->status);
        layout_entry(out, status, way->meaning, EXIT_COLUMN);
    }
}

/* What the codes in brackets mean that end a message. */
static void add_ends(struct dk_buffer *out)
{
    dk_buffer_text(out, "\nA run that did not end by itself has a code in brackets behind its message:\n");
    for (const struct cli_end *end = cli_ends; end->code != NULL; end++) {
        struct dk_buffer meaning = {0};

        dk_buffer_format(&meaning, "%s: status %d", end->meaning, end->status);
        layout_entry(out, end->code, meaning.bytes, 22);
        dk_buffer_free(&meaning);
    }
}

/* The exit statuses of one command, "0 done what was asked". */
static void add_exits(struct dk_buffer *out, const char *exits)
{
    dk_buffer_text(out, "\nExit status:\n");
    for (const struct cli_exit *way = cli_exits; way->meaning != NULL && way->status < 100; way++) {
        char status[16];

        snprintf(status, sizeof status, "%d", way->status);
        if (strstr(exits, status) != NULL)
            layout_entry(out, status, way->meaning, 5);
    }
}

void help_command(struct dk_buffer *out, const struct cli_command *command)
{
    dk_buffer_format(out, "difkit %s: %s\n\nUsage: difkit %s %s\n", command->name, command->summary, command->name,
                     command->usage);
    add_examples(out, command->examples);
    dk_buffer_text(out, "\n");
    layout_fill(out, command->description, 0, 0);
    dk_buffer_text(out, "\nOptions:\n");
    add_options(out, command->options);
    add_options(out, cli_common_options);
    add_exits(out, command->exits);
}

void help_overview(struct dk_buffer *out)
{
    static const struct cli_example examples[] = {
        {"difkit run coverage", "How many actions each document has on each topic."},
        {"difkit run search business survey", "Which actions speak of a business survey."},
        {"difkit run -e 'difkit.open():documents()' --format csv", "The documents as CSV, from one line of Lua."},
        {0},
    };

    dk_buffer_text(out, "difkit: a data toolkit for policy frameworks, scripted in Lua\n\n"
                        "Usage: difkit COMMAND [ARGUMENTS] [OPTIONS]\n");
    add_examples(out, examples);
    dk_buffer_text(out, "\nCommands:\n");
    for (const struct cli_command *command = cli_commands; command->name != NULL; command++)
        if (!(command->flags & CLI_HIDDEN))
            layout_entry(out, command->name, command->summary, 12);
    dk_buffer_text(out, "\nOptions:\n");
    add_options(out, cli_common_options);
    layout_entry(out, "    --version", "Print the version.", OPTION_COLUMN);
    dk_buffer_text(out, "\n");
    layout_fill(out, "`difkit help COMMAND` tells more, `difkit help exit-status` what the exit statuses mean, "
                "`difkit scripts` which scripts there are.", 0, 0);
}

size_t help_command_names(const char *names[HELP_NAMES_MAX])
{
    size_t count = 0;

    for (const struct cli_command *command = cli_commands; command->name != NULL; command++)
        if (!(command->flags & CLI_HIDDEN) && count < HELP_NAMES_MAX)
            names[count++] = command->name;
    return count;
}

static int print_help(void (*write)(struct dk_buffer *, const struct cli_command *), const struct cli_command *command)
{
    struct dk_buffer text = {0};

    write(&text, command);
    fputs(text.bytes, stdout);
    dk_buffer_free(&text);
    return 0;
}

static void overview(struct dk_buffer *out, const struct cli_command *command)
{
    (void)command;
    help_overview(out);
}

static void exit_status(struct dk_buffer *out, const struct cli_command *command)
{
    (void)command;
    add_exit_statuses(out);
    add_ends(out);
}

int help_script(const struct cli_call *call, const char *name)
{
    struct session session = {0};
    struct script script = {0};
    struct dk_error err = {0};
    struct dk_buffer command = {0};
    int status;

    if (script_find(name, cli_value(call, "library"), &script, &err) != DK_OK ||
        session_options(&session, call, &err) != DK_OK || session_begin(&session, &err) != DK_OK) {
        status = cli_error(&err);
    } else {
        dk_buffer_format(&command, "difkit run %s", name);
        session_give_script(&session, &script);
        host_give_text(session.host, "command", command.bytes);
        status = session_call(&session, "script_help");
    }
    session_end(&session);
    dk_buffer_free(&command);
    script_free(&script);
    return status;
}

/* The command or stock script that `word` is a near miss of; the hint goes into err. */
static bool near_miss(const struct cli_call *call, const char *word, struct dk_error *err)
{
    const char *names[HELP_NAMES_MAX];
    struct dk_names stock = {0};
    bool found;

    dk_fail(err, DK_USAGE, "no help on \"%s\"", word);
    found = cli_hint_near(err, word, names, help_command_names(names), "");
    if (!found && script_stock_names(cli_value(call, "library"), &stock, NULL) == DK_OK)
        found = cli_hint_near(err, word, (const char *const *)stock.name, stock.count, "");
    dk_names_free(&stock);
    return found;
}

static bool is_script(const struct cli_call *call, const char *word)
{
    struct script script = {0};
    bool found;

    if (strcmp(word, "-") == 0)
        return false;
    found = script_find(word, cli_value(call, "library"), &script, NULL) == DK_OK;
    script_free(&script);
    return found;
}

/* Help on a word of the library; where the library knows no such name, `near` is what was probably meant. */
static int help_library(const struct cli_call *call, const char *near)
{
    struct session session;
    struct dk_error err;
    int status;

    if (session_options(&session, call, &err) != DK_OK || session_begin(&session, &err) != DK_OK) {
        status = cli_error(&err);
    } else {
        if (near != NULL)
            host_give_text(session.host, "near", near);
        status = session_call(&session, "help");
    }
    session_end(&session);
    return status;
}

int cli_help(const struct cli_call *call)
{
    const char *word = call->argument_count > 0 ? call->argument[0] : NULL;
    const struct cli_command *command = word != NULL ? cli_command_find(word) : NULL;
    struct dk_error err;

    if (word == NULL)
        return print_help(overview, NULL);
    if (strcmp(word, "exit-status") == 0)
        return print_help(exit_status, NULL);
    if (strcmp(word, "run") == 0 && call->argument_count > 1)
        return help_script(call, call->argument[1]);
    if (command != NULL && !(command->flags & CLI_HIDDEN))
        return print_help(help_command, command);
    if (is_script(call, word))
        return help_script(call, word);
    return help_library(call, near_miss(call, word, &err) ? err.hint : NULL);
}
