#include "cli/layout.h"

#include <string.h>

/* Columns that UTF-8 text takes, one a code point. */
static size_t columns_of(const char *text, size_t size)
{
    size_t columns = 0;

    for (size_t i = 0; i < size; i++)
        columns += ((unsigned char)text[i] & 0xC0) != 0x80;
    return columns;
}

static void spaces(struct dk_buffer *out, size_t count)
{
    while (count-- > 0)
        dk_buffer_add(out, " ", 1);
}

/* The size of the word at `text`: what stands between backquotes keeps together when it is short. */
static size_t word_size(const char *text)
{
    size_t size = strcspn(text, " \n");
    const char *quote = memchr(text, '`', size);

    if (quote != NULL && memchr(quote + 1, '`', size - (size_t)(quote + 1 - text)) == NULL) {
        const char *end = strchr(quote + 1, '`');

        if (end != NULL && end - text < 40)
            size = (size_t)(end - text) + strcspn(end, " \n");
    }
    return size;
}

void layout_fill(struct dk_buffer *out, const char *text, size_t indent, size_t column)
{
    bool first = true;

    while (*text != '\0') {
        size_t size, columns;

        if (text[0] == '\n' && text[1] == '\n') {
            dk_buffer_text(out, "\n\n");
            spaces(out, indent);
            column = indent;
            first = true;
            text += 2;
            continue;
        }
        text += strspn(text, " ");
        size = word_size(text);
        columns = columns_of(text, size);
        if (!first && column + 1 + columns > LAYOUT_WIDTH) {
            dk_buffer_text(out, "\n");
            spaces(out, indent);
            column = indent;
        } else if (!first) {
            dk_buffer_text(out, " ");
            column++;
        }
        dk_buffer_add(out, text, size);
        column += columns;
        first = false;
        text += size;
        if (text[0] == '\n' && text[1] != '\n')
            text++;
    }
    dk_buffer_text(out, "\n");
}

void layout_entry(struct dk_buffer *out, const char *name, const char *explanation, size_t indent)
{
    size_t used = 2 + columns_of(name, strlen(name));

    dk_buffer_format(out, "  %s", name);
    if (used + 2 > indent) {
        dk_buffer_text(out, "\n");
        used = 0;
    }
    spaces(out, indent - used);
    layout_fill(out, explanation, indent, indent);
}
