/* What the number format of a cell says of its value. */
#ifndef DIFKIT_READ_FORMAT_H
#define DIFKIT_READ_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/number.h"

enum cell_format { FORMAT_NUMBER, FORMAT_PERCENT, FORMAT_YEAR, FORMAT_MONTH, FORMAT_DAY, FORMAT_MOMENT };

/* Of a format that workbooks know by number alone; FORMAT_NUMBER for those that have a code. */
enum cell_format format_by_id(long id);
/* Of a format code ("yyyy\-mm\-dd", "0.0%"). */
enum cell_format format_by_code(const char *code);

/* Writes a day number of a workbook as an ISO date, as exact as its format; 0 when it is none (as 29 February 1900, which
 * spreadsheets count and no calendar has). */
size_t format_date(double serial, bool since_1904, enum cell_format format, char out[DK_NUMBER_SIZE]);
/* Writes a number of days since 1970-01-01 as an ISO date, as exact as its format; 0 when it is none. */
size_t format_moment(double days, enum cell_format format, char out[DK_NUMBER_SIZE]);
/* Writes 0.45 as 45, with the 15 digits that a spreadsheet keeps. */
size_t format_percent(double value, char out[DK_NUMBER_SIZE]);

#endif
