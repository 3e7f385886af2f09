#include "cli/commands.h"

#include <string.h>

const struct cli_option cli_common_options[] = {
    {"library", 0, "DIR", "Read the Lua library and the stock scripts from DIR (a copy of the folder scripts/) instead of "
     "the ones built in.", NULL, false},
    {"help", 'h', NULL, "Print help and do nothing else.", NULL, true},
    {0},
};

static const struct cli_option load_options[] = {
    {"output", 'o', "FILE", "The database to make, such as framework.db. An existing one is replaced when the new one is "
     "complete, and not before.", NULL, false},
    {"dry-run", 'n', NULL, "Load into memory, say what would be written, and write nothing.", NULL, true},
    {0},
};
static const struct cli_example load_examples[] = {
    {"difkit load data/asean-dif -o dif.db", "The folder of a framework, as a database."},
    {"difkit load data/asean-dif overlay.yaml -o dif.db", "The same with more records."},
    {0},
};

static const struct cli_option no_options[] = {{0}};
static const struct cli_example check_examples[] = {
    {"difkit check data/asean-dif", "Every file of a framework."},
    {0},
};

static const struct cli_option schema_options[] = {
    {"sql", 0, NULL, "As SQL: the statements that make the tables.", NULL, true},
    {"json", 0, NULL, "As a JSON Schema of the YAML files, with which an editor completes and checks them.", NULL, true},
    {0},
};
static const struct cli_example schema_examples[] = {
    {"difkit schema", "The tables, their columns and what they mean."},
    {"difkit schema --json > framework.schema.json", "For an editor."},
    {0},
};

static const struct cli_example help_examples[] = {
    {"difkit help load", "The options of `difkit load`."},
    {"difkit help exit-status", "What the exit statuses mean."},
    {0},
};

const struct cli_command cli_commands[] = {
    {"load", "make a database from YAML", "PATH… -o FILE.db",
     "Reads folders and files of YAML in the order given, checks everything, and writes one database. When there are "
     "findings it prints all it can find, writes nothing, and ends with 1. A file that is not a database of difkit is never "
     "overwritten.",
     load_options, load_examples, "0 1 2 5", 1, -1, 0, cli_load},
    {"check", "check YAML without loading it", "PATH…",
     "Prints every finding on a line of its own, as file:line:column: what is wrong; what would be right. Ends with 1 when "
     "there are any.",
     no_options, check_examples, "0 1 2 5", 1, -1, 0, cli_check},
    {"schema", "show the data model", "[--sql | --json]",
     "The entities, the keys they have in YAML and the columns in the database, all from one description.",
     schema_options, schema_examples, "0 2", 0, 0, 0, cli_schema},
    {"help", "explain a command or a topic", "[COMMAND | exit-status]",
     "`difkit help COMMAND` is `difkit COMMAND --help`.",
     no_options, help_examples, "0 2", 0, -1, 0, cli_help},
    {"__man", "print the man page", "", "Made from the table of commands.", no_options, NULL, "0", 0, 0, CLI_HIDDEN,
     cli_manual},
    {0},
};

const struct cli_exit cli_exits[] = {
    {0, "done what was asked"},
    {1, "findings in the data"},
    {2, "wrong usage of a command or a function"},
    {3, "a limit of the sandbox was reached"},
    {4, "an error in the script"},
    {5, "input, output or database failed"},
    {6, "another run holds the lock"},
    {130, "interrupted (SIGINT)"},
    {143, "terminated (SIGTERM)"},
    {0, NULL},
};

const struct cli_command *cli_command_find(const char *name)
{
    for (const struct cli_command *command = cli_commands; command->name != NULL; command++)
        if (strcmp(command->name, name) == 0)
            return command;
    return NULL;
}
