#include "read/encoding.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct {
    const char *name;
    enum encoding encoding;
} names[] = {
    {"UTF-8", ENCODING_UTF8},
    {"UTF-16LE", ENCODING_UTF16LE},
    {"UTF-16BE", ENCODING_UTF16BE},
    {"Windows-1252", ENCODING_WINDOWS_1252},
    {"ISO-8859-1", ENCODING_ISO_8859_1},
    {"utf8", ENCODING_UTF8},
    {"utf-16", ENCODING_UTF16LE},
    {"cp1252", ENCODING_WINDOWS_1252},
    {"latin1", ENCODING_ISO_8859_1},
    {"latin-1", ENCODING_ISO_8859_1},
};

/* Windows-1252 from 0x80 to 0x9F; 0 where it has no character. */
static const unsigned short windows[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
};

const char *encoding_name(enum encoding encoding)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].encoding == encoding)
            return names[i].name;
    return "unknown";
}

enum encoding encoding_by_name(const char *name)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcasecmp(names[i].name, name) == 0)
            return names[i].encoding;
    return ENCODING_UNKNOWN;
}

/* The walk through UTF-8, a byte at a time. */
struct walk {
    unsigned need, low, high; /* bytes to come, and what the next may be */
    bool invalid;
};

static void walk_byte(struct walk *walk, unsigned char byte)
{
    if (walk->need > 0) {
        walk->invalid |= byte < walk->low || byte > walk->high;
        walk->low = 0x80;
        walk->high = 0xBF;
        walk->need--;
        return;
    }
    walk->low = byte == 0xE0 ? 0xA0 : byte == 0xF0 ? 0x90 : 0x80;
    walk->high = byte == 0xED ? 0x9F : byte == 0xF4 ? 0x8F : 0xBF;
    if (byte < 0x80)
        return;
    walk->need = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : 1;
    walk->invalid |= byte < 0xC2 || byte > 0xF4;
}

/* UTF-16 without a mark: of what is mostly ASCII, every other byte is zero. */
static enum encoding without_mark(const unsigned char *bytes, size_t size)
{
    size_t zero[2] = {0, 0};

    for (size_t i = 0; i < size; i++)
        zero[i % 2] += bytes[i] == 0;
    if (zero[1] > size / 4 && zero[0] <= size / 50)
        return ENCODING_UTF16LE;
    if (zero[0] > size / 4 && zero[1] <= size / 50)
        return ENCODING_UTF16BE;
    return ENCODING_UNKNOWN;
}

static bool by_mark(const unsigned char *bytes, size_t size, struct encoding_found *found)
{
    if (size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        found->mark = 3;
        return false; /* whether it is right is seen below */
    }
    if (size >= 2 && (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0)) {
        found->encoding = bytes[0] == 0xFF ? ENCODING_UTF16LE : ENCODING_UTF16BE;
        found->mark = 2;
        return true;
    }
    found->encoding = without_mark(bytes, size < 1024 ? size : 1024);
    return found->encoding != ENCODING_UNKNOWN;
}

struct encoding_found encoding_detect(FILE *stream)
{
    struct encoding_found found = {.encoding = ENCODING_UNKNOWN};
    unsigned char bytes[1 << 14];
    struct walk walk = {0};
    size_t size, line = 1;
    bool first = true, controls = false;

    rewind(stream);
    while ((size = fread(bytes, 1, sizeof bytes, stream)) > 0) {
        if (first && by_mark(bytes, size, &found))
            return found;
        first = false;
        for (size_t i = 0; i < size; i++) {
            found.binary |= bytes[i] == 0;
            if (bytes[i] >= 0x80 && bytes[i] < 0xA0)
                controls |= windows[bytes[i] - 0x80] == 0;
            if ((walk.need > 0 || bytes[i] >= 0x80) && !walk.invalid) {
                walk_byte(&walk, bytes[i]);
                if (walk.invalid)
                    found.invalid_line = line;
            }
            line += bytes[i] == '\n';
        }
    }
    found.cut = !walk.invalid && walk.need > 0;
    if (!walk.invalid)
        found.encoding = ENCODING_UTF8;
    else
        found.encoding = controls ? ENCODING_ISO_8859_1 : ENCODING_WINDOWS_1252;
    return found;
}

dk_status text_begin(struct text_reader *reader, FILE *stream, enum encoding encoding, size_t mark, struct dk_error *err)
{
    reader->stream = stream;
    reader->encoding = encoding;
    reader->raw_begin = reader->raw_size = 0;
    reader->ended = false;
    if (fseek(stream, (long)mark, SEEK_SET) != 0)
        return dk_fail(err, DK_IO, "cannot read: %s", strerror(errno));
    return DK_OK;
}

static char *add_character(char *out, unsigned character)
{
    if (character < 0x80) {
        *out++ = (char)character;
    } else if (character < 0x800) {
        *out++ = (char)(0xC0 | character >> 6);
        *out++ = (char)(0x80 | (character & 0x3F));
    } else if (character < 0x10000) {
        *out++ = (char)(0xE0 | character >> 12);
        *out++ = (char)(0x80 | (character >> 6 & 0x3F));
        *out++ = (char)(0x80 | (character & 0x3F));
    } else {
        *out++ = (char)(0xF0 | character >> 18);
        *out++ = (char)(0x80 | (character >> 12 & 0x3F));
        *out++ = (char)(0x80 | (character >> 6 & 0x3F));
        *out++ = (char)(0x80 | (character & 0x3F));
    }
    return out;
}

/* More bytes of the file behind those that were not decoded. */
static bool refill(struct text_reader *reader)
{
    size_t left = reader->raw_size - reader->raw_begin, got;

    memmove(reader->raw, reader->raw + reader->raw_begin, left);
    got = fread(reader->raw + left, 1, sizeof reader->raw - left, reader->stream);
    reader->raw_begin = 0;
    reader->raw_size = left + got;
    return got > 0;
}

/* Decodes one character of UTF-16; 0 bytes used when it is not whole, 1 when it is none. */
static size_t utf16(const struct text_reader *reader, unsigned *character)
{
    const unsigned char *at = reader->raw + reader->raw_begin;
    size_t left = reader->raw_size - reader->raw_begin;
    int high = reader->encoding == ENCODING_UTF16LE ? 1 : 0;
    unsigned unit, low;

    if (left < 2)
        return 0;
    unit = (unsigned)at[high] << 8 | at[1 - high];
    *character = unit;
    if (unit < 0xD800 || unit > 0xDFFF)
        return 2;
    if (left < 4)
        return 0;
    low = (unsigned)at[2 + high] << 8 | at[3 - high];
    if (unit > 0xDBFF || low < 0xDC00 || low > 0xDFFF)
        return 1;
    *character = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
    return 4;
}

static dk_status decode(struct text_reader *reader, char *bytes, size_t size, size_t *got, struct dk_error *err)
{
    char *out = bytes, *last = bytes + size - 4;

    while (out <= last) {
        bool wide = reader->encoding == ENCODING_UTF16LE || reader->encoding == ENCODING_UTF16BE;
        unsigned character = 0;
        size_t used;

        if (reader->raw_size - reader->raw_begin < 4 && !reader->ended)
            reader->ended = !refill(reader);
        if (reader->raw_begin == reader->raw_size)
            break;
        if (wide) {
            used = utf16(reader, &character);
            if (used < 2) {
                dk_fail(err, DK_DATA, used == 0 ? "the text ends within a character of %s" : "the text is not valid %s",
                        encoding_name(reader->encoding));
                dk_hint(err, "the file was cut, or has another encoding: say which with encoding");
                return DK_ERROR;
            }
        } else {
            unsigned char byte = reader->raw[reader->raw_begin];

            used = 1;
            character = byte;
            if (reader->encoding == ENCODING_WINDOWS_1252 && byte >= 0x80 && byte < 0xA0)
                character = windows[byte - 0x80] != 0 ? windows[byte - 0x80] : 0xFFFD;
        }
        reader->raw_begin += used;
        out = add_character(out, character);
    }
    *got = (size_t)(out - bytes);
    return DK_OK;
}

dk_status text_fill(void *context, char *bytes, size_t size, size_t *got, struct dk_error *err)
{
    struct text_reader *reader = context;
    dk_status status = DK_OK;

    if (reader->encoding == ENCODING_UTF8)
        *got = fread(bytes, 1, size, reader->stream);
    else
        status = decode(reader, bytes, size, got, err);
    if (status == DK_OK && ferror(reader->stream))
        return dk_fail(err, DK_IO, "cannot read: %s", strerror(errno));
    return status;
}
