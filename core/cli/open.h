/* --open: shows what a run wrote, with the program that the desktop has for it. What a run does starts no program; this
 * process does, after the run, and only for a file that the run has just published. */
#ifndef DIFKIT_CLI_OPEN_H
#define DIFKIT_CLI_OPEN_H

#include "cli/call.h"

/* Runs a command by `run`; with --open it shows the result of one that ended well. Refuses --open where nobody types. */
int open_after(const struct cli_call *call, int (*run)(const struct cli_call *call),
               int (*around)(const struct cli_call *call, int (*run)(const struct cli_call *call)));

#endif
