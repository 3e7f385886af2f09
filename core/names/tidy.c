#include "names/tidy.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>
#include <utf8proc.h>

#include "base/text.h"

static bool ends_with(struct names_span span, const char *end)
{
    size_t size = strlen(end);

    return span.size > size && memcmp(span.text + span.size - size, end, size) == 0;
}

static bool cut_one(struct names_span *span, const char *const *ends)
{
    for (size_t i = 0; ends[i] != NULL; i++)
        if (ends_with(*span, ends[i])) {
            span->size -= strlen(ends[i]);
            return true;
        }
    return false;
}

/* Bytes of a mark at the end: "(1)", "[a]", "(ab)", "*)", "1/", "a/", "2)", " 1,2", " c,d"; 0 when there is none. */
static size_t mark_size(struct names_span span)
{
    size_t at = span.size, begin;
    char last = at > 1 ? span.text[at - 1] : '\0';
    bool comma = false, digits = true;

    if (last == ')' || last == ']') {
        for (begin = at - 1; begin > 0 && isalnum((unsigned char)span.text[begin - 1]) && at - begin < 4;)
            begin--;
        if (begin > 1 && span.text[begin - 1] == (last == ')' ? '(' : '[') && at - begin <= 3)
            return at - begin + 1;
        if (begin > 0 && at - begin >= 2 && at - begin <= 3 && isdigit((unsigned char)span.text[begin]) &&
            span.text[begin - 1] == ' ')
            return at - begin;
        return begin > 0 && span.text[begin - 1] == '*' ? 1 : 0;
    }
    if (last == '/') {
        for (begin = at - 1; begin > 0 && isalnum((unsigned char)span.text[begin - 1]);)
            begin--;
        return at - begin <= 3 && at - begin >= 2 && begin > 0 && span.text[begin - 1] == ' ' ? at - begin : 0;
    }
    for (begin = at; begin > 0 && (isalnum((unsigned char)span.text[begin - 1]) || span.text[begin - 1] == ','); begin--) {
        comma |= span.text[begin - 1] == ',';
        digits &= span.text[begin - 1] == ',' || isdigit((unsigned char)span.text[begin - 1]);
    }
    return begin > 0 && begin < at && span.text[begin - 1] == ' ' && at - begin <= 5 &&
                   (digits || (comma && at - begin == 3))
               ? at - begin
               : 0;
}

bool names_strip(struct names_span *span)
{
    static const char *const signs[] = {" ",
                                        "\t",
                                        "\n",
                                        "\r",
                                        "\xC2\xA0",
                                        "\xE2\x80\xAF",
                                        "\xE2\x80\x8B",
                                        "\xEF\xBB\xBF",
                                        "*",
                                        "†",
                                        "‡",
                                        "§",
                                        "¶",
                                        "°",
                                        ",",
                                        ";",
                                        ":",
                                        ".",
                                        "¹",
                                        "²",
                                        "³",
                                        "⁰",
                                        "⁴",
                                        "⁵",
                                        "⁶",
                                        "⁷",
                                        "⁸",
                                        "⁹",
                                        "ᵃ",
                                        "ᵇ",
                                        "ᶜ",
                                        NULL};
    size_t size, at = 0;

    if (cut_one(span, signs))
        return true;
    size = mark_size(*span);
    if (size > 0) {
        span->size -= size;
        return true;
    }
    while (at < span->size && isdigit((unsigned char)span->text[at]))
        at++;
    if (at > 0 && at <= 3 && at < span->size && span->text[at] == '.')
        at++;
    if (at > 0 && at <= 4 && at + 1 < span->size && span->text[at] == ' ') {
        *span = (struct names_span){span->text + at + 1, span->size - at - 1};
        return true;
    }
    return false;
}

/* The byte of Windows-1252 for a character, or -1. */
static int byte_of(int32_t code)
{
    static const int32_t high[32] = {0x20AC, 0x81,   0x201A, 0x192,  0x201E, 0x2026, 0x2020, 0x2021, 0x2C6,  0x2030, 0x160,
                                     0x2039, 0x152,  0x8D,   0x17D,  0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
                                     0x2013, 0x2014, 0x2DC,  0x2122, 0x161,  0x203A, 0x153,  0x9D,   0x17E,  0x178};

    if (code < 0x80 || (code >= 0xA0 && code <= 0xFF))
        return (int)code;
    for (int i = 0; i < 32; i++)
        if (high[i] == code)
            return 0x80 + i;
    return -1;
}

bool names_repair(struct names_span text, char out[NAMES_FOLD_MOST + 1], size_t *size)
{
    size_t length = 0;
    bool high = false;

    if (text.size > NAMES_FOLD_MOST || !dk_text_valid(text.text, text.size, NULL))
        return false;
    for (size_t at = 0; at < text.size;) {
        utf8proc_int32_t code;
        utf8proc_ssize_t step =
            utf8proc_iterate((const utf8proc_uint8_t *)text.text + at, (utf8proc_ssize_t)(text.size - at), &code);
        int byte = step > 0 ? byte_of(code) : -1;

        if (byte < 0)
            return false;
        high |= byte >= 0x80;
        out[length++] = (char)byte;
        at += (size_t)step;
    }
    *size = length;
    return high && dk_text_valid(out, length, NULL);
}
