/* What cells of workbooks need to know of texts. */
#ifndef DIFKIT_LUA_FORMAT_CELLS_H
#define DIFKIT_LUA_FORMAT_CELLS_H

#include <stddef.h>

/* Days from 1899-12-30, by which workbooks count, to a date such as "2026-03-31"; 0 for what is none, or lies before March
 * 1900, where programs do not agree. */
long cells_date(const char *text);

/* How many lines a wrapped text takes up in a column that is `width` characters wide. */
size_t cells_lines(const char *text, size_t width);

#endif
