/* The help as text, made from the table of commands. */
#ifndef DIFKIT_CLI_HELP_H
#define DIFKIT_CLI_HELP_H

#include "base/buffer.h"
#include "cli/call.h"
#include "cli/commands.h"

void help_overview(struct dk_buffer *out);
void help_command(struct dk_buffer *out, const struct cli_command *command);

/* Prints the help of a script (a file or a stock script), which its header holds; returns the exit status. */
int help_script(const struct cli_call *call, const char *name);

/* "-o, --output FILE" into `out`. */
void help_option_name(struct dk_buffer *out, const struct cli_option *option);

/* The commands and topics that `difkit help` and `difkit` know, for near misses; returns how many. */
enum { HELP_NAMES_MAX = 40 };
size_t help_command_names(const char *names[HELP_NAMES_MAX]);

#endif
