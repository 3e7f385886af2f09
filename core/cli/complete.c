/* difkit __complete: what can follow the words of a command line, for the completion of shells. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "cli/call.h"
#include "cli/run.h"
#include "cli/script.h"
#include "cli/session.h"

static void put(const char *before, const char *word, const char *begin, const char *help)
{
    char text[128];

    snprintf(text, sizeof text, "%s%s", before, word);
    if (strncmp(text, begin, strlen(begin)) == 0)
        printf("%s\t%s\n", text, help);
}

static void put_options(const struct cli_option *const *options, const char *begin)
{
    for (; *options != NULL; options++)
        put("--", (*options)->name, begin, (*options)->help);
}

/* `before` stands before each: the "--option=" of a value that is attached. */
static void put_values(const char *before, const char *values, const char *begin)
{
    while (*values != '\0') {
        char word[64];
        size_t size = strcspn(values, "|");

        snprintf(word, sizeof word, "%.*s", (int)size, values);
        if (strncmp(word, begin, strlen(begin)) == 0)
            printf("%s%s\t\n", before, word);
        values += size + (values[size] == '|');
    }
}

static void put_stock_scripts(const char *begin)
{
    struct dk_names names = {0};

    if (script_stock_names(NULL, &names, NULL) == DK_OK)
        for (size_t i = 0; i < names.count; i++)
            put("", names.name[i], begin, "stock script");
    dk_names_free(&names);
}

static void put_commands(const char *begin)
{
    for (const struct cli_command *command = cli_commands; command->name != NULL; command++)
        if (!(command->flags & CLI_HIDDEN))
            put("", command->name, begin, command->summary);
}

/* What the header of the script allows after `before`: its options, or the values of one, each with `prefix` before it. */
static void put_script_words(const struct cli_call *call, const char *before, const char *begin, const char *prefix)
{
    struct session session = {0};
    struct script script = {0};

    if (strcmp(call->argument[1], "-") != 0 && script_find(call->argument[1], NULL, &script, NULL) == DK_OK &&
        session_options(&session, call, NULL) == DK_OK && session_begin(&session, NULL) == DK_OK) {
        session_give_script(&session, &script);
        host_give_text(session.host, "before", before);
        host_give_text(session.host, "begin", begin);
        host_give_text(session.host, "prefix", prefix);
        (void)session_call(&session, "complete");
    }
    session_end(&session);
    script_free(&script);
}

/* The last words of a command line: what is being typed, and the option whose value it is, when it is one. A value may be
 * attached ("--format=cs"), which some shells hand over in three words ("--format", "=", "cs"). */
struct ending {
    char option[64];   /* "--format", or what stands before */
    char prefix[72];   /* "--format=": what each candidate begins with where the shell takes it for one word */
    const char *begin; /* of the value */
    const char *typed; /* the whole word */
    bool attached;
};

static struct ending read_ending(const struct cli_call *call)
{
    size_t count = call->argument_count;
    struct ending ending = {.typed = count > 0 ? call->argument[count - 1] : ""};
    const char *before = count > 1 ? call->argument[count - 2] : "", *sign = strchr(ending.typed, '=');

    ending.begin = ending.typed;
    if (count > 2 && strcmp(before, "=") == 0) {
        before = call->argument[count - 3];
        ending.attached = true;
    } else if (count > 1 && strcmp(ending.typed, "=") == 0 && strncmp(before, "--", 2) == 0) {
        ending.begin = "";
        ending.attached = true;
    } else if (strncmp(ending.typed, "--", 2) == 0 && sign != NULL && (size_t)(sign - ending.typed) < sizeof ending.option) {
        snprintf(ending.option, sizeof ending.option, "%.*s", (int)(sign - ending.typed), ending.typed);
        snprintf(ending.prefix, sizeof ending.prefix, "%s=", ending.option);
        ending.begin = sign + 1;
        ending.attached = true;
        return ending;
    }
    snprintf(ending.option, sizeof ending.option, "%s", before);
    return ending;
}

static void put_topics(const struct cli_call *call, const char *begin)
{
    struct session session = {0};

    put("", "exit-status", begin, "what the exit statuses mean");
    put_stock_scripts(begin);
    if (session_options(&session, call, NULL) == DK_OK && session_begin(&session, NULL) == DK_OK) {
        host_give_text(session.host, "begin", begin);
        (void)session_call(&session, "complete");
    }
    session_end(&session);
}

int cli_complete(const struct cli_call *call)
{
    size_t count = call->argument_count;
    struct ending ending = read_ending(call);
    const struct cli_command *command = count > 1 ? cli_command_find(call->argument[0]) : NULL;
    const struct cli_option *option = NULL;
    bool runs = command != NULL && strcmp(command->name, "run") == 0;
    bool helps = command != NULL && strcmp(command->name, "help") == 0;

    if (command == NULL || (helps && count == 2))
        put_commands(ending.begin);
    if (command == NULL)
        return 0;
    if (helps) {
        if (count == 2 && ending.begin[0] != '-')
            put_topics(call, ending.begin);
        else if (count == 3 && strcmp(call->argument[1], "run") == 0)
            put_stock_scripts(ending.begin);
        return 0;
    }
    if (strncmp(ending.option, "--", 2) == 0)
        option = cli_option_find(command, ending.option + 2);
    if (option != NULL && option->values != NULL)
        put_values(ending.prefix, option->values, ending.begin);
    else if (option != NULL && option->value != NULL)
        return 0; /* a value that only the user knows; the shell completes files */
    else if (ending.begin[0] == '-' && !ending.attached) {
        put_options(command->options, ending.begin);
        put_options(cli_common_options, ending.begin);
    }
    if (command->kinds != NULL && count == 2)
        put_values("", command->kinds, ending.begin);
    if (runs && count > 2 && option == NULL)
        put_script_words(call, ending.option, ending.begin, ending.prefix);
    else if (ending.begin[0] != '-' && runs && count == 2)
        put_stock_scripts(ending.begin);
    return 0;
}
