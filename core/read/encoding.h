/* Texts as UTF-8: which encoding a file has, and its bytes decoded as they are read. */
#ifndef DIFKIT_READ_ENCODING_H
#define DIFKIT_READ_ENCODING_H

#include <stdio.h>

#include "read/read.h"

enum encoding {
    ENCODING_UNKNOWN,
    ENCODING_UTF8,
    ENCODING_UTF16LE,
    ENCODING_UTF16BE,
    ENCODING_WINDOWS_1252,
    ENCODING_ISO_8859_1
};

struct encoding_found {
    enum encoding encoding;
    size_t mark;         /* bytes of the byte order mark */
    size_t invalid_line; /* the first line that is not UTF-8; 0: none */
    bool cut;            /* all is UTF-8 but that it ends within a character */
    bool binary;         /* it has bytes that no text has */
};

const char *encoding_name(enum encoding encoding);
/* "utf-8", "UTF-16LE", "windows-1252", "cp1252", "latin1" …; ENCODING_UNKNOWN where it is none that is known */
enum encoding encoding_by_name(const char *name);

/* Reads the whole file, from its beginning, to judge it. */
struct encoding_found encoding_detect(FILE *stream);

struct text_reader {
    FILE *stream;
    enum encoding encoding;
    unsigned char raw[1 << 14];
    size_t raw_begin, raw_size;
    bool ended;
};

/* Reads from behind the mark. */
dk_status text_begin(struct text_reader *reader, FILE *stream, enum encoding encoding, size_t mark, struct dk_error *err);
/* A csv_fill: up to `size` bytes of UTF-8, never part of a character of another encoding; `size` is at least 8. */
dk_status text_fill(void *reader, char *bytes, size_t size, size_t *got, struct dk_error *err);

#endif
