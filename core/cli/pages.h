/* Pages that a run leaves to be printed as PDF: what runs may start no program, so this process does, after it. */
#ifndef DIFKIT_CLI_PAGES_H
#define DIFKIT_CLI_PAGES_H

#include "cli/call.h"

/* Runs a command (cli/isolation.h), prints what it left when it succeeded, and puts the results in their places in a second
 * child, which may write what the first one might and nothing else. */
int pages_run(const struct cli_call *call, int (*run)(const struct cli_call *call));

#endif
