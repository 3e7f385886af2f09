/* Numbers in files of statistics programs as texts: days, months and moments by their formats. */
#ifndef DIFKIT_READ_STAT_NUMBER_H
#define DIFKIT_READ_STAT_NUMBER_H

#include <stdbool.h>

#include "base/number.h"
#include "read/stat.h"

/* Whether the format of a variable makes its numbers dates. */
bool stat_is_date(enum stat_program program, const char *format);
/* Writes a number: as an ISO date where its format says so, else with its shortest digits. `format` may be NULL. */
size_t stat_number_text(enum stat_program program, const char *format, double number, char out[DK_NUMBER_SIZE]);

#endif
