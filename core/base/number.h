/* Numbers as text, the same in every locale.
 *
 * A real is written in the shortest form that reads back equal (15, 16 or 17 significant digits). */
#ifndef DIFKIT_BASE_NUMBER_H
#define DIFKIT_BASE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DK_NUMBER_SIZE = 32 }; /* room for any number as text */

/* Writes `value` and returns the length; integral values keep ".0" ("3.0"). NaN and infinities: "nan", "inf", "-inf". */
size_t dk_real_text(double value, char out[DK_NUMBER_SIZE]);
size_t dk_integer_text(int64_t value, char out[DK_NUMBER_SIZE]);

/* Reads the whole of text[0..size) as a decimal number: no spaces, no hexadecimal, no "nan" or "inf". */
bool dk_parse_integer(const char *text, size_t size, int64_t *out);
bool dk_parse_real(const char *text, size_t size, double *out);

#endif
