/* Laying out the help: paragraphs filled to a width, and lists of names with their explanations. */
#ifndef DIFKIT_CLI_LAYOUT_H
#define DIFKIT_CLI_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

enum { LAYOUT_WIDTH = 80 };


/* Appends `text` filled to LAYOUT_WIDTH columns, every line after the first behind `indent` spaces; the first begins at
 * column `column`. Empty lines separate paragraphs. Ends with a line break. */
void layout_fill(struct dk_buffer *out, const char *text, size_t indent, size_t column);

/* Appends "  name    explanation", the explanation beginning at column `indent`, on a line of its own when the name is
 * too long for that. */
void layout_entry(struct dk_buffer *out, const char *name, const char *explanation, size_t indent);

#endif
