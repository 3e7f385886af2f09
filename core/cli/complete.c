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

static void put_values(const char *values, const char *begin)
{
    while (*values != '\0') {
        char word[64];
        size_t size = strcspn(values, "|");

        snprintf(word, sizeof word, "%.*s", (int)size, values);
        put("", word, begin, "");
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

/* What the header of the script allows after `before`: its options, or the values of one. */
static void put_script_words(const struct cli_call *call, const char *before, const char *begin)
{
    struct session session = {0};
    struct script script = {0};

    if (strcmp(call->argument[1], "-") != 0 && script_find(call->argument[1], NULL, &script, NULL) == DK_OK &&
        session_options(&session, call, NULL) == DK_OK && session_begin(&session, NULL) == DK_OK) {
        session_give_script(&session, &script);
        host_give_text(session.host, "before", before);
        host_give_text(session.host, "begin", begin);
        (void)session_call(&session, "complete");
    }
    session_end(&session);
    script_free(&script);
}

int cli_complete(const struct cli_call *call)
{
    size_t count = call->argument_count;
    const char *begin = count > 0 ? call->argument[count - 1] : "";
    const char *before = count > 1 ? call->argument[count - 2] : "";
    const struct cli_command *command = count > 1 ? cli_command_find(call->argument[0]) : NULL;
    const struct cli_option *option = NULL;

    if (command == NULL || strcmp(command->name, "help") == 0)
        put_commands(begin);
    if (command == NULL)
        return 0;
    if (strncmp(before, "--", 2) == 0)
        option = cli_option_find(command, before + 2);
    if (option != NULL && option->values != NULL)
        put_values(option->values, begin);
    else if (option != NULL && option->value != NULL)
        return 0; /* a value that only the user knows; the shell completes files */
    else if (begin[0] == '-') {
        put_options(command->options, begin);
        put_options(cli_common_options, begin);
    }
    if (command->kinds != NULL && count == 2)
        put_values(command->kinds, begin);
    if (strcmp(command->name, "run") == 0 && count > 2 && option == NULL)
        put_script_words(call, before, begin);
    else if (begin[0] != '-' && ((strcmp(command->name, "run") == 0 && count == 2) || strcmp(command->name, "help") == 0))
        put_stock_scripts(begin);
    return 0;
}
