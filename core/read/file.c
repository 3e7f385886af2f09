#include "read/file.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { SAMPLE = 1 << 16 };

const char *container_name(enum container container)
{
    static const char *const names[] = {"csv", "xlsx", "ods", "zip", "json", "xml", "html", "stata", "spss", "sas"};

    return names[container];
}

static bool begins(const char *bytes, size_t size, const char *with, size_t length)
{
    return size >= length && memcmp(bytes, with, length) == 0;
}

static dk_status open_archive(struct read_file *file, struct dk_error *err)
{
    file->archive = archive_open(file->stream, err);
    if (file->archive == NULL)
        return DK_ERROR;
    if (archive_find(file->archive, "xl/workbook.bin") != SIZE_MAX) {
        dk_fail(err, DK_DATA, "a binary workbook (.xlsb)");
        dk_hint(err, "open it in a spreadsheet program and save it as XLSX");
        return DK_ERROR;
    }
    if (archive_find(file->archive, "xl/workbook.xml") != SIZE_MAX)
        file->container = CONTAINER_XLSX;
    else if (archive_find(file->archive, "mimetype") != SIZE_MAX && archive_find(file->archive, "content.xml") != SIZE_MAX)
        file->container = CONTAINER_ODS;
    else
        file->container = CONTAINER_ZIP;
    if (file->container == CONTAINER_ZIP)
        return DK_OK;
    file->workbook = book_open(file->archive, file->container == CONTAINER_ODS, err);
    return file->workbook != NULL ? DK_OK : DK_ERROR;
}

static dk_status unpack(struct read_file *file, struct dk_error *err)
{
    FILE *unpacked = gzip_extract(file->stream, err);

    if (unpacked == NULL)
        return DK_ERROR;
    fclose(file->stream);
    file->stream = unpacked;
    file->packed = true;
    if (++file->depth <= READ_DEPTH_MAX)
        return DK_OK;
    return dk_fail(err, DK_DATA, "archives within archives more than %d deep", READ_DEPTH_MAX);
}

/* A portable file of SPSS: lines of 80 characters, of which those from the 457th on are its mark, written in the file's own
 * table of characters, which is nearly always ASCII. */
static bool is_portable(const char *bytes, size_t size)
{
    static const char mark[] = "SPSSPORT";
    enum { PLACE = 456, MARK = sizeof mark - 1 };
    char text[PLACE + MARK];
    size_t count = 0;

    for (size_t i = 0; i < size && count < sizeof text; i++)
        if (bytes[i] != '\r' && bytes[i] != '\n')
            text[count++] = bytes[i];
    return count == sizeof text && memcmp(text + PLACE, mark, MARK) == 0;
}

/* Files of statistics programs, by their first bytes. */
static bool is_statistics(struct read_file *file, const char *bytes, size_t size)
{
    if (begins(bytes, size, "<stata_dta>", 11) ||
        (size > 4 && bytes[0] >= 104 && bytes[0] <= 115 && (bytes[1] == 1 || bytes[1] == 2) && bytes[2] == 1))
        file->container = CONTAINER_STATA;
    else if (begins(bytes, size, "$FL2", 4) || begins(bytes, size, "$FL3", 4) || is_portable(bytes, size))
        file->container = CONTAINER_SPSS;
    else if (begins(bytes, size, "HEADER RECORD", 13) || (size > 92 && memcmp(bytes + 84, "SAS FILE", 8) == 0))
        file->container = CONTAINER_SAS;
    else
        return false;
    return true;
}

/* Whether the lower-case word stands in the text. */
static bool mentions(const char *text, size_t size, const char *word)
{
    size_t length = strlen(word);

    for (size_t i = 0; i + length <= size; i++) {
        size_t j = 0;

        while (j < length && tolower((unsigned char)text[i + j]) == word[j])
            j++;
        if (j == length)
            return true;
    }
    return false;
}

/* JSON, XML and HTML begin with a sign of their own; the rest is cells. */
static enum container judge_text(const char *text, size_t size)
{
    size_t at = 0, next;

    while (at < size && isspace((unsigned char)text[at]))
        at++;
    for (next = at + 1; next < size && isspace((unsigned char)text[next]);)
        next++;
    if (at >= size || next >= size)
        return CONTAINER_CSV;
    if (text[at] == '<' && (isalpha((unsigned char)text[next]) || text[next] == '?' || text[next] == '!')) {
        size_t seen = size - at < 2048 ? size - at : 2048;

        return mentions(text + at, seen, "<html") || mentions(text + at, seen, "<!doctype html") ||
                       mentions(text + at, seen, "<table")
                   ? CONTAINER_HTML
                   : CONTAINER_XML;
    }
    if ((text[at] == '{' && strchr("\"}", text[next]) != NULL) ||
        (text[at] == '[' && strchr("{[\"]-0123456789", text[next]) != NULL))
        return CONTAINER_JSON;
    return CONTAINER_CSV;
}

static dk_status open_text(struct read_file *file, const struct read_options *options, struct dk_error *err)
{
    struct text_reader *reader = dk_alloc(sizeof *reader);
    char *sample = dk_alloc(SAMPLE);
    size_t size = 0, got = 1, mark;
    dk_status status = DK_ERROR;

    file->found = encoding_detect(file->stream);
    file->encoding = options->encoding != ENCODING_UNKNOWN ? options->encoding : file->found.encoding;
    mark = file->encoding == file->found.encoding ? file->found.mark : 0;
    file->found.mark = mark;
    if (file->found.binary && file->encoding != ENCODING_UTF16LE && file->encoding != ENCODING_UTF16BE) {
        dk_fail(err, DK_DATA, "not a text, nor a workbook, archive or file of a statistics program that is known");
        dk_hint(err, "save it as CSV or XLSX");
        goto done;
    }
    if (file->encoding == ENCODING_UTF8 && (file->found.invalid_line > 0 || file->found.cut)) {
        dk_fail(err, DK_DATA,
                file->found.cut ? "the text ends within a character: the file was cut" : "not valid UTF-8 in line %zu",
                file->found.invalid_line);
        dk_hint(err, file->found.cut ? "fetch it again"
                                     : "leave encoding out to have it detected, or say which it is (windows-1252)");
        goto done;
    }
    if (text_begin(reader, file->stream, file->encoding, mark, err) != DK_OK)
        goto done;
    while (got > 0 && size + 16 < SAMPLE) {
        if (text_fill(reader, sample + size, SAMPLE - size, &got, err) != DK_OK)
            goto done;
        size += got;
    }
    file->container = judge_text(sample, size);
    file->separator = csv_separator(sample, size, &file->declared);
    if (options->separator != '\0')
        file->separator = options->separator;
    status = DK_OK;
done:
    free(reader);
    free(sample);
    return status;
}

static dk_status judge(struct read_file *file, const struct read_options *options, struct dk_error *err)
{
    char head[512];

    for (;;) {
        size_t size;

        rewind(file->stream);
        size = fread(head, 1, sizeof head, file->stream);
        if (ferror(file->stream))
            return dk_fail(err, DK_IO, "cannot be read: %s", strerror(errno));
        if (size == 0) {
            dk_fail(err, DK_DATA, "the file is empty");
            dk_hint(err, "expected a table: a header and rows");
            return DK_ERROR;
        }
        if (begins(head, size, "\x1F\x8B", 2)) {
            if (unpack(file, err) != DK_OK)
                return DK_ERROR;
            continue;
        }
        if (begins(head, size, "PK\3\4", 4) || begins(head, size, "PK\5\6", 4))
            return open_archive(file, err);
        if (begins(head, size, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8)) {
            dk_fail(err, DK_DATA, "it is a workbook of Excel 97–2003, or one with a password");
            dk_hint(err, "open it in a spreadsheet program and save as XLSX, without a password");
            return DK_ERROR;
        }
        if (size > 164 && memcmp(head + 84, "SAS FILE", 8) == 0 && memcmp(head + 156, "CATALOG", 7) == 0) {
            dk_fail(err, DK_DATA, "it is a catalog of SAS, which holds what the codes of another file mean");
            dk_hint(err, "open the .sas7bdat; a catalog of its name, or formats.sas7bcat, beside it is read with it");
            return DK_ERROR;
        }
        if (is_statistics(file, head, size)) {
            file->statistics =
                stat_open(file->stream, (enum stat_program)(file->container - CONTAINER_STATA), options->encoding, err);
            return file->statistics != NULL ? DK_OK : DK_ERROR;
        }
        return open_text(file, options, err);
    }
}

dk_status file_open(struct read_file *file, FILE *stream, int depth, const struct read_options *options,
                    struct dk_error *err)
{
    memset(file, 0, sizeof *file);
    file->stream = stream;
    file->depth = depth;
    if (judge(file, options, err) == DK_OK)
        return DK_OK;
    file_close(file);
    return DK_ERROR;
}

void file_close(struct read_file *file)
{
    book_close(file->workbook);
    stat_close(file->statistics);
    archive_close(file->archive);
    if (file->stream != NULL)
        fclose(file->stream);
    memset(file, 0, sizeof *file);
}

dk_status file_rows(struct read_file *file, struct text_reader *text, struct csv_reader *csv, struct dk_error *err)
{
    size_t declared = file->declared * (file->encoding == ENCODING_UTF16LE || file->encoding == ENCODING_UTF16BE ? 2 : 1);

    if (text_begin(text, file->stream, file->encoding, file->found.mark + declared, err) != DK_OK)
        return DK_ERROR;
    csv_begin(csv, file->separator, text_fill, text);
    csv->line += file->declared > 0;
    return DK_OK;
}

dk_status file_text(struct read_file *file, size_t limit, struct dk_buffer *out, struct dk_error *err)
{
    struct text_reader *reader = dk_alloc(sizeof *reader);
    dk_status status = text_begin(reader, file->stream, file->encoding, file->found.mark, err);
    size_t got = 1;

    while (status == DK_OK && got > 0) {
        status = text_fill(reader, dk_buffer_reserve(out, SAMPLE), SAMPLE, &got, err);
        out->size += status == DK_OK ? got : 0;
        if (status == DK_OK && out->size > limit)
            status = dk_fail(err, DK_LIMIT, "a text of more than %zu MiB", limit >> 20);
    }
    if (out->bytes != NULL)
        out->bytes[out->size] = '\0';
    free(reader);
    return status;
}
