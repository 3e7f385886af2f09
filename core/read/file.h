/* A file judged by its content, never by its name: what it is, and its rows. */
#ifndef DIFKIT_READ_FILE_H
#define DIFKIT_READ_FILE_H

#include "read/csv.h"
#include "read/encoding.h"
#include "read/stat.h"
#include "read/workbook.h"

enum container {
    CONTAINER_CSV,
    CONTAINER_XLSX,
    CONTAINER_ODS,
    CONTAINER_ZIP,
    CONTAINER_JSON,
    CONTAINER_XML,
    CONTAINER_HTML,
    CONTAINER_STATA,
    CONTAINER_SPSS,
    CONTAINER_SAS
};

struct read_file {
    FILE *stream;
    enum container container;
    bool packed; /* it was gzipped */
    int depth;   /* of archives around it */
    struct encoding_found found;
    enum encoding encoding; /* of a text */
    char separator;         /* of a CSV */
    size_t declared;        /* bytes of a line "sep=;" */
    struct archive *archive;
    struct workbook *workbook;
    struct stat_file *statistics;
};

struct read_options {
    enum encoding encoding; /* ENCODING_UNKNOWN: to be detected */
    char separator;         /* '\0': to be detected */
};

/* "csv", "xlsx", "stata" … */
const char *container_name(enum container container);

/* Takes `stream` over, also when it fails. */
dk_status file_open(struct read_file *file, FILE *stream, int depth, const struct read_options *options,
                    struct dk_error *err);
void file_close(struct read_file *file);

/* Begins to read a CSV from its first line. One reader of a file at a time. */
dk_status file_rows(struct read_file *file, struct text_reader *text, struct csv_reader *csv, struct dk_error *err);
/* Appends the whole text as UTF-8, at most `limit` bytes. */
dk_status file_text(struct read_file *file, size_t limit, struct dk_buffer *out, struct dk_error *err);

#endif
