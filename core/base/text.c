#include "base/text.h"

#include <string.h>

#include <utf8proc.h>

/* Decodes one character; returns its length in bytes. A wrong byte is taken alone, with *character -1. */
static size_t decode(const char *text, size_t size, utf8proc_int32_t *character)
{
    utf8proc_ssize_t length;

    if ((unsigned char)*text < 0x80) {
        *character = (unsigned char)*text;
        return 1;
    }
    length = utf8proc_iterate((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)size, character);
    if (length > 0)
        return (size_t)length;
    *character = -1;
    return 1;
}

static size_t width_of(utf8proc_int32_t character)
{
    if (character < 0)
        return 1;
    if (character < 0x80)
        return character >= 0x20 && character != 0x7f;
    return (size_t)utf8proc_charwidth(character);
}

bool dk_text_valid(const char *text, size_t size, size_t *at)
{
    size_t offset = 0;

    while (offset < size) {
        utf8proc_int32_t character;
        size_t length = decode(text + offset, size - offset, &character);

        if (character < 0) {
            if (at != NULL)
                *at = offset;
            return false;
        }
        offset += length;
    }
    return true;
}

const struct dk_text_range dk_text_unspaced_ranges[] = {{0x0e00, 0x0eff}, {0x1000, 0x109f}, {0x1780, 0x17ff},
                                                        {0x3040, 0x30ff}, {0x3400, 0x9fff}, {0, 0}};

static bool is_unspaced(utf8proc_int32_t character)
{
    for (const struct dk_text_range *range = dk_text_unspaced_ranges; range->last != 0; range++)
        if (character >= range->first && character <= range->last)
            return true;
    return false;
}

bool dk_text_unspaced(const char *text, size_t size)
{
    for (size_t offset = 0; offset < size;) {
        utf8proc_int32_t character;

        if ((unsigned char)text[offset] < 0xe0) { /* all those scripts begin later */
            offset++;
            continue;
        }
        offset += decode(text + offset, size - offset, &character);
        if (is_unspaced(character))
            return true;
    }
    return false;
}

size_t dk_text_cluster(const char *text, size_t size)
{
    utf8proc_int32_t before, after, state = 0;
    size_t offset;

    if (size == 0)
        return 0;
    offset = decode(text, size, &before);
    while (offset < size && before >= 0) {
        size_t length = decode(text + offset, size - offset, &after);

        if (after < 0 || utf8proc_grapheme_break_stateful(before, after, &state))
            break;
        before = after;
        offset += length;
    }
    return offset;
}

size_t dk_text_width(const char *text, size_t size)
{
    size_t width = 0;

    for (size_t offset = 0; offset < size;) {
        utf8proc_int32_t character;

        offset += decode(text + offset, size - offset, &character);
        width += width_of(character);
    }
    return width;
}

size_t dk_text_fit(const char *text, size_t size, size_t width)
{
    size_t offset = 0, used = 0;

    while (offset < size) {
        utf8proc_int32_t character;
        size_t length = decode(text + offset, size - offset, &character);

        if (used + width_of(character) > width)
            break;
        used += width_of(character);
        offset += length;
    }
    return offset;
}

void dk_text_case(const char *text, size_t size, bool upper, struct dk_buffer *out)
{
    for (size_t offset = 0; offset < size;) {
        utf8proc_int32_t character;
        size_t length = decode(text + offset, size - offset, &character);

        if (character < 0) {
            dk_buffer_add(out, text + offset, 1);
        } else {
            char *end = dk_buffer_reserve(out, 4);
            utf8proc_int32_t other = upper ? utf8proc_toupper(character) : utf8proc_tolower(character);

            out->size += (size_t)utf8proc_encode_char(other, (utf8proc_uint8_t *)end);
            out->bytes[out->size] = '\0';
        }
        offset += length;
    }
}

/* Whether a line may be broken after the character that ends at `end`. */
static bool breaks_after(const char *text, size_t end)
{
    return end > 0 && (text[end - 1] == '-' || text[end - 1] == '/' ||
                       (end > 2 && (memcmp(text + end - 3, "\xe2\x80\x93", 3) == 0 || /* en dash */
                                    memcmp(text + end - 3, "\xe2\x80\x94", 3) == 0)));  /* em dash */
}

/* Where the line that begins at text[0] and may hold `fit` bytes is best broken. */
static size_t break_before(const char *text, size_t size, size_t fit)
{
    if (fit == size || text[fit] == ' ')
        return fit;
    for (size_t at = fit; at > 0; at--)
        if (text[at - 1] == ' ' || breaks_after(text, at))
            return at;
    return fit;
}

static void wrap_paragraph(const char *text, size_t size, size_t width,
                           void (*line)(void *context, const char *text, size_t size), void *context)
{
    size_t given = 0;

    do {
        size_t fit = dk_text_fit(text, size, width);
        size_t end, shown;

        if (fit == 0 && size > 0) { /* one character wider than the line */
            utf8proc_int32_t character;

            fit = decode(text, size, &character);
        }
        end = break_before(text, size, fit);
        for (shown = end; shown > 0 && text[shown - 1] == ' ';)
            shown--;
        if (shown > 0 || given == 0) {
            line(context, text, shown);
            given++;
        }
        while (end < size && text[end] == ' ')
            end++;
        text += end;
        size -= end;
    } while (size > 0);
}

void dk_text_wrap(const char *text, size_t size, size_t width,
                  void (*line)(void *context, const char *text, size_t size), void *context)
{
    if (width < 1)
        width = 1;
    for (;;) {
        const char *feed = size > 0 ? memchr(text, '\n', size) : NULL;
        size_t length = feed != NULL ? (size_t)(feed - text) : size;

        wrap_paragraph(text, length, width, line, context);
        if (feed == NULL)
            return;
        text += length + 1;
        size -= length + 1;
    }
}

const char *dk_quote(const char *text, size_t size, char out[DK_QUOTE_SIZE])
{
    enum { SHOWN = 60 };
    size_t end = size <= SHOWN ? size : SHOWN;
    size_t used = 0;

    while (end > 0 && end < size && ((unsigned char)text[end] & 0xC0) == 0x80)
        end--; /* not within a character */
    for (size_t i = 0; i < end; i++) {
        unsigned char byte = (unsigned char)text[i];

        out[used++] = byte < 0x20 || byte == 0x7F ? ' ' : text[i];
    }
    if (end < size) {
        memcpy(out + used, "\xE2\x80\xA6", 3); /* … */
        used += 3;
    }
    out[used] = '\0';
    return out;
}

/* Bytes of ESC [ digits and semicolons m at the beginning of the text; 0: something else stands there. */
static size_t style(const char *text, size_t size)
{
    size_t at = 2;

    if (size < 3 || text[0] != '\x1b' || text[1] != '[')
        return 0;
    while (at < size && ((text[at] >= '0' && text[at] <= '9') || text[at] == ';'))
        at++;
    return at < size && text[at] == 'm' ? at + 1 : 0;
}

/* Writes the control character that begins the text as something to be seen; the bytes it took, 0: it is none. */
static size_t show_control(const char *text, size_t size, FILE *stream)
{
    unsigned char byte = (unsigned char)text[0];
    unsigned char next = size > 1 ? (unsigned char)text[1] : 0;

    if (byte == 0xC2 && next >= 0x80 && next < 0xA0) {
        fprintf(stream, "\\u{%x}", next);
        return 2;
    }
    if ((byte >= 0x20 && byte != 0x7F) || byte == '\t' || byte == '\n')
        return 0;
    fprintf(stream, "^%c", byte ^ 0x40);
    return 1;
}

void dk_text_show(const char *text, size_t size, bool styles, FILE *stream)
{
    size_t begin = 0, at = 0;

    while (at < size) {
        size_t passed = styles ? style(text + at, size - at) : 0;

        if (passed == 0 && ((unsigned char)text[at] < 0x20 || text[at] == 0x7F || (unsigned char)text[at] == 0xC2)) {
            fwrite(text + begin, 1, at - begin, stream);
            begin = at;
            passed = show_control(text + at, size - at, stream);
            begin += passed;
        }
        at += passed > 0 ? passed : 1;
    }
    fwrite(text + begin, 1, size - begin, stream);
}
