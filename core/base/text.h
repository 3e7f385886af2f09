/* UTF-8 text as people see it: width in columns of a terminal, wrapping, letter case. utf8proc knows the characters.
 *
 * Bytes that are no UTF-8 count as one column each, and never stop anything. */
#ifndef DIFKIT_BASE_TEXT_H
#define DIFKIT_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/buffer.h"

/* Whether all of text[0..size) is UTF-8; if not and `at` is not NULL, *at is the offset of the first wrong byte. */
bool dk_text_valid(const char *text, size_t size, size_t *at);

/* The scripts whose words follow one another without spaces: Thai and Lao, Burmese, Khmer, Japanese, Chinese; the last range
 * is empty. */
struct dk_text_range {
    int32_t first, last;
};
extern const struct dk_text_range dk_text_unspaced_ranges[];

/* Whether a character of those scripts stands in the text. */
bool dk_text_unspaced(const char *text, size_t size);

/* Bytes of the first grapheme cluster of the text (a letter with the marks above, below and around it); 0 at its end. */
size_t dk_text_cluster(const char *text, size_t size);

/* Columns that the text takes: 2 for wide characters, 0 for combining marks and control characters. */
size_t dk_text_width(const char *text, size_t size);

/* Bytes of the longest beginning of the text that takes at most `width` columns; combining marks stay with their
 * character. */
size_t dk_text_fit(const char *text, size_t size, size_t width);

/* Appends the text in upper or lower case, character by character. */
void dk_text_case(const char *text, size_t size, bool upper, struct dk_buffer *out);

/* Writes text[0..size) for a message: shortened, without control characters. Returns `out`. */
enum { DK_QUOTE_SIZE = 96 };
const char *dk_quote(const char *text, size_t size, char out[DK_QUOTE_SIZE]);

/* Writes text to a stream with its control characters shown (^[ for escape), not sent; tabs and line feeds stay. With
 * `styles` the sequences that set colours and weight stay, too: for text that the library has laid out. */
void dk_text_show(const char *text, size_t size, bool styles, FILE *stream);

/* Breaks the text into lines of at most `width` columns (at least 1): at spaces and after hyphens, dashes and slashes where
 * possible, within a word otherwise; line feeds in the text stay. Spaces at a break are dropped. `line` is called for each.
 */
void dk_text_wrap(const char *text, size_t size, size_t width,
                  void (*line)(void *context, const char *text, size_t size), void *context);

#endif
