/* What difkit says about itself: errors and notes on standard error, colour where it is wanted. */
#ifndef DIFKIT_CLI_MESSAGE_H
#define DIFKIT_CLI_MESSAGE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/error.h"
#include "load/load.h"


/* Prints "difkit: place: message; hint" and returns the exit status that fits. */
int cli_error(const struct dk_error *err);
/* The same from a printf-style message. */
int cli_fail(enum dk_code code, const char *hint, const char *format, ...) DK_PRINTF(3, 4);
/* Prints "difkit: " and a message to standard error. */
void cli_note(const char *format, ...) DK_PRINTF(1, 2);

/* Prints the findings, one a line. */
void cli_findings(FILE *stream, const struct load_report *report);

/* Flushes standard output; a failure to write is an error (exit status 5), else `status`. */
int cli_finish(int status);

#endif
