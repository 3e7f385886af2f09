/* One call of difkit: the command line, read against the table of commands. */
#ifndef DIFKIT_CLI_CALL_H
#define DIFKIT_CLI_CALL_H

#include "cli/commands.h"

/* An option as it was given. */
struct cli_given {
    const struct cli_option *option;
    const char *value; /* NULL for a switch */
    bool behind;       /* it stood behind the name of a script */
};

/* The strings are those of the command line. */
struct cli_call {
    const struct cli_command *command;
    struct cli_given *given;
    size_t given_count;
    const char **argument; /* what is no option, in order; for CLI_PASSES_OPTIONS with the options of the script */
    size_t argument_count;
    bool help;         /* -h or --help was given: nothing else counts */
    bool resumed;      /* an interactive session goes on in a new process */
    const char *pages; /* the folder in which the run leaves what is to be printed (cli/pages.h); NULL: none */
};

/* Reads arguments[0..count), which follow the name of the command. */
dk_status cli_call_read(const struct cli_command *command, char *const *arguments, size_t count, struct cli_call *call,
                        struct dk_error *err);
void cli_call_free(struct cli_call *call);

/* The value of an option, or NULL when it was not given; of one given more than once, the first. */
const char *cli_value(const struct cli_call *call, const char *name);
/* The one file beside --out that the command line lets a command write: --output, --r-script of an audit, --to of a copy, or
 * what a backup is to be; or NULL. */
const char *cli_result(const struct cli_call *call);
/* All values of an option, in the order in which they were given; free() the array. */
const char **cli_values(const struct cli_call *call, const char *name, size_t *count);
/* Whether the option was given. */
bool cli_given(const struct cli_call *call, const char *name);

/* Adds the hint `did you mean "…"?` for the nearest of the names, quoted with `before` ("--"), when there is one. */
bool cli_hint_near(struct dk_error *err, const char *given, const char *const *names, size_t count, const char *before);

#endif
