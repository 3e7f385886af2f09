/* The commands that C has to do itself, a file each: they load, print what the program knows of itself, or prepare a run
 * that only C can. Each returns the exit status. */
#ifndef DIFKIT_CLI_RUN_H
#define DIFKIT_CLI_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/call.h"
#include "model/model.h"

int cli_run(const struct cli_call *call);
int cli_load(const struct cli_call *call);
/* Prints "wrote PATH: 5 documents, 244 actions, …", or what would be written (load.c). */
void cli_print_counts(const struct dk_buffer *records, const char *path, bool written);
int cli_copy(const struct cli_call *call);
int cli_backup(const struct cli_call *call);
int cli_check(const struct cli_call *call);
int cli_test(const struct cli_call *call);
int cli_why(const struct cli_call *call);
int cli_verify(const struct cli_call *call);
int cli_schema(const struct cli_call *call);
int cli_help(const struct cli_call *call);
int cli_manual(const struct cli_call *call);
int cli_complete(const struct cli_call *call);

#endif
