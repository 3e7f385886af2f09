/* The help of scripts, which their headers hold. */
#ifndef DIFKIT_CLI_SCRIPT_HELP_H
#define DIFKIT_CLI_SCRIPT_HELP_H

#include "cli/call.h"

/* Prints the help of the script `name` (a file or a stock script); returns the exit status. */
int script_help(const struct cli_call *call, const char *name);

#endif
