/* Commands in a process of their own. */
#ifndef DIFKIT_CLI_ISOLATION_H
#define DIFKIT_CLI_ISOLATION_H

#include "cli/call.h"

/* Runs a command: in a child that may reach what the command line names and nothing else (core/isolate), or here, when the
 * command or the command line says so, or this system cannot hold such a child. */
int isolation_run(const struct cli_call *call, int (*run)(const struct cli_call *call));

#endif
