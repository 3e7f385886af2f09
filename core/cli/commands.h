/* The commands of difkit: one table (commands.c), from which the help, the man page, completion, the reading of the command
 * line and what is handed to Lua all come. What a command does is the function of its name in
 * scripts/difkit/command, which is given its options and arguments; for a few, a file of C (run.h). */
#ifndef DIFKIT_CLI_COMMANDS_H
#define DIFKIT_CLI_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct cli_option {
    const char *name;   /* long name, without the dashes */
    char letter;        /* short name, or 0 */
    const char *value;  /* what stands for its value in the help ("FILE"), or NULL for a switch */
    const char *help;   /* one sentence */
    const char *values; /* the values it may have, separated by "|", or NULL */
    bool many;          /* may be given more than once: of a switch it says the same, of a value it makes a list */
};

/* An example. The last of a list has no command. */
struct cli_example {
    const char *command;
    const char *text; /* what it does */
};

enum cli_flags {
    CLI_HIDDEN = 1,         /* left out of help and man page */
    CLI_PASSES_OPTIONS = 2, /* options it does not know belong to the script that its first argument names */
    CLI_OWN = 4,            /* runs no script: what is read and written is what the command line names, without a sandbox */
    CLI_UNLIMITED = 8,      /* within the sandbox, without limits on memory, time and output */
    CLI_INTERACTIVE = 16,   /* the user types */
    CLI_ISOLATED = 64,      /* works in a process of its own (isolation.h) */
    CLI_DIFFERENCE = 32     /* ends as diff(1) does: 0 same, 1 different, 2 trouble of any kind */
};

struct cli_command {
    const char *name;
    const char *summary;     /* one line */
    const char *usage;       /* what follows the name */
    const char *description; /* paragraphs, separated by empty lines; lines that begin with a space stand as they are */
    const struct cli_option *const *options; /* the last is NULL */
    const struct cli_example *examples;
    const char *exits;       /* the exit statuses it can end with: "0 2 5" */
    int least, most;         /* arguments, -1 for any number */
    unsigned flags;
    const char *kinds;       /* the words that its first argument can be, for completion: "script|index"; or NULL */
};

/* The commands in the order of the help; the last has no name. */
extern const struct cli_command cli_commands[];
/* Options that every command takes. */
extern const struct cli_option *const cli_common_options[];
/* Options of the runner that came after 0.1.0: behind the name of a script that declares the same they are the script's. */
extern const struct cli_option *const cli_later_options[];

struct cli_exit {
    int status;
    const char *meaning;
};
/* The exit statuses; the last has no meaning. */
extern const struct cli_exit cli_exits[];

/* How a run can be ended other than by itself: the code that ends the message, and what it means. The last has no code. */
struct cli_end {
    const char *code;
    int status;
    const char *meaning;
};
extern const struct cli_end cli_ends[];

/* The command of that name, hidden ones included, or NULL. */
const struct cli_command *cli_command_find(const char *name);
/* The option of that long name among the command's own and the common ones, or NULL. */
const struct cli_option *cli_option_find(const struct cli_command *command, const char *name);

#endif
