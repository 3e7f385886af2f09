#include "db/postgresql/translate.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/list.h"

enum { PARAMETERS_MAX = 65535 };

struct reader {
    struct translated *out;
    const char *sql, *end, *at;
    const char *copied; /* up to here it is in the translation */
};

static bool begins_name(char byte)
{
    return isalpha((unsigned char)byte) || byte == '_' || (unsigned char)byte >= 0x80;
}

static bool continues_name(char byte)
{
    return begins_name(byte) || isdigit((unsigned char)byte);
}

static char byte_at(const struct reader *reader, size_t ahead)
{
    return (size_t)(reader->end - reader->at) > ahead ? reader->at[ahead] : '\0';
}

static char byte_before(const struct reader *reader)
{
    return reader->at > reader->sql ? reader->at[-1] : ' ';
}

static void copy_up_to_here(struct reader *reader)
{
    dk_buffer_add(&reader->out->sql, reader->copied, (size_t)(reader->at - reader->copied));
    reader->copied = reader->at;
}

/* Writes `text` in place of the next `size` bytes. */
static void replace(struct reader *reader, size_t size, const char *text)
{
    struct translated *out = reader->out;

    copy_up_to_here(reader);
    dk_buffer_text(&out->sql, text);
    reader->at += size;
    reader->copied = reader->at;
    out->change = dk_list_grow(out->change, out->changes, &out->change_room, sizeof *out->change);
    out->change[out->changes++] = (struct change){out->sql.size, (size_t)(reader->at - reader->sql)};
}

/* The number of a parameter, 0 when there are too many. */
static size_t parameter(struct translated *out, size_t number, const char *name, size_t size)
{
    if (name != NULL)
        for (size_t i = 0; i < out->count; i++)
            if (out->name[i] != NULL && strlen(out->name[i]) == size && memcmp(out->name[i], name, size) == 0)
                return i + 1;
    if (number == 0)
        number = out->count + 1;
    if (number > PARAMETERS_MAX)
        return 0;
    while (out->count < number) {
        out->name = dk_list_grow(out->name, out->count, &out->room, sizeof *out->name);
        out->name[out->count++] = NULL;
    }
    if (name != NULL) {
        out->name[number - 1] = dk_alloc(size + 1);
        memcpy(out->name[number - 1], name, size);
        out->name[number - 1][size] = '\0';
    }
    return number;
}

static void put_parameter(struct reader *reader, size_t size, size_t number, const char *name, size_t name_size)
{
    struct dk_buffer text = {0};

    dk_buffer_format(&text, "$%zu", parameter(reader->out, number, name, name_size));
    replace(reader, size, text.bytes);
    dk_buffer_free(&text);
}

/* '…' and "…", the closing sign doubled when it is meant; in E'…' also behind a backslash. */
static void pass_quoted(struct reader *reader, char quote, bool escapes)
{
    reader->at++;
    while (reader->at < reader->end) {
        if (escapes && *reader->at == '\\' && reader->end - reader->at > 1)
            reader->at++;
        else if (*reader->at == quote && byte_at(reader, 1) != quote)
            break;
        else if (*reader->at == quote)
            reader->at++;
        reader->at++;
    }
    if (reader->at < reader->end)
        reader->at++;
}

static void pass_comment(struct reader *reader)
{
    size_t depth = 0;

    if (*reader->at == '-') {
        while (reader->at < reader->end && *reader->at != '\n')
            reader->at++;
        return;
    }
    do {
        if (*reader->at == '/' && byte_at(reader, 1) == '*') {
            depth++;
            reader->at++;
        } else if (*reader->at == '*' && byte_at(reader, 1) == '/') {
            depth--;
            reader->at++;
        }
        reader->at++;
    } while (depth > 0 && reader->at < reader->end);
    if (reader->at > reader->end)
        reader->at = reader->end;
}

/* $tag$ … $tag$; false when none begins here. */
static bool pass_dollar_quote(struct reader *reader)
{
    const char *close = reader->at + 1;
    size_t size;

    while (close < reader->end && (close == reader->at + 1 ? begins_name(*close) : continues_name(*close)))
        close++;
    if (close >= reader->end || *close != '$')
        return false;
    size = (size_t)(close - reader->at) + 1;
    for (const char *at = close + 1; at + size <= reader->end; at++)
        if (memcmp(at, reader->at, size) == 0) {
            reader->at = at + size;
            return true;
        }
    reader->at = reader->end;
    return true;
}

static size_t digits_from(const struct reader *reader, size_t *number)
{
    size_t size = 1;

    *number = 0;
    while (isdigit((unsigned char)byte_at(reader, size)) && *number <= PARAMETERS_MAX)
        *number = 10 * *number + (size_t)(byte_at(reader, size++) - '0');
    return size;
}

static void read_question_mark(struct reader *reader)
{
    size_t number, size;

    if (byte_at(reader, 1) == '?') {
        replace(reader, 2, "?");
        return;
    }
    size = digits_from(reader, &number);
    put_parameter(reader, size, number, NULL, 0);
}

/* :name, @name, $name, $1 */
static void read_sign(struct reader *reader)
{
    char sign = *reader->at, before = byte_before(reader);
    size_t size = 1, number;

    if (sign == ':' && (byte_at(reader, 1) == ':' || byte_at(reader, 1) == '=')) {
        reader->at += 2; /* a cast */
        return;
    }
    if (sign == '$' && isdigit((unsigned char)byte_at(reader, 1)) && !continues_name(before)) {
        size = digits_from(reader, &number);
        put_parameter(reader, size, number, NULL, 0);
        return;
    }
    /* a slice of an array, an operator, a name with a dollar sign in it */
    if (continues_name(before) || before == ']' || before == ')' || (sign == '@' && strchr("@<>|&!=~+-*/%^#", before)) ||
        !begins_name(byte_at(reader, 1))) {
        reader->at++;
        return;
    }
    while (continues_name(byte_at(reader, size)))
        size++;
    put_parameter(reader, size, 0, reader->at + 1, size - 1);
}

/* Keeps the first two words of the statement. */
static void keep_word(struct translated *out, const char *word, size_t size)
{
    char *kept = out->first[0] == '\0' ? out->first : out->second[0] == '\0' ? out->second : NULL;

    for (size_t i = 0; kept != NULL && i < size && i + 1 < sizeof out->first; i++)
        kept[i] = (char)toupper((unsigned char)word[i]);
}

static void read_word(struct reader *reader)
{
    const char *begin = reader->at;
    struct translated *out = reader->out;
    bool escapes;

    while (reader->at < reader->end && (continues_name(*reader->at) || *reader->at == '$'))
        reader->at++;
    keep_word(out, begin, (size_t)(reader->at - begin));
    escapes = reader->at - begin == 1 && toupper((unsigned char)*begin) == 'E';
    if (escapes && reader->at < reader->end && *reader->at == '\'')
        pass_quoted(reader, '\'', true);
}

void translate(struct translated *out, const char *sql, size_t size)
{
    struct reader reader = {.out = out, .sql = sql, .end = sql + size, .at = sql, .copied = sql};
    bool any = false;

    memset(out, 0, sizeof *out);
    while (reader.at < reader.end) {
        char byte = *reader.at, next = byte_at(&reader, 1);

        if ((byte == '-' && next == '-') || (byte == '/' && next == '*')) {
            pass_comment(&reader);
            continue;
        }
        if (isspace((unsigned char)byte)) {
            reader.at++;
            continue;
        }
        if (byte == ';' && any)
            break;
        if (byte == ';') {
            replace(&reader, 1, " ");
            continue;
        }
        any = true;
        if (byte == '\'' || byte == '"')
            pass_quoted(&reader, byte, false);
        else if (byte == '?')
            read_question_mark(&reader);
        else if (byte == '$' && !continues_name(byte_before(&reader)) && pass_dollar_quote(&reader))
            continue;
        else if (byte == ':' || byte == '@' || byte == '$')
            read_sign(&reader);
        else if (begins_name(byte))
            read_word(&reader);
        else if (isdigit((unsigned char)byte))
            while (reader.at < reader.end && continues_name(*reader.at))
                reader.at++;
        else
            reader.at++;
    }
    copy_up_to_here(&reader);
    dk_buffer_text(&out->sql, "");
    out->empty = !any;
    out->end = (size_t)(reader.at - sql) + (reader.at < reader.end ? 1 : 0);
}

void translated_free(struct translated *translated)
{
    for (size_t i = 0; i < translated->count; i++)
        free(translated->name[i]);
    free(translated->name);
    free(translated->change);
    dk_buffer_free(&translated->sql);
    memset(translated, 0, sizeof *translated);
}

size_t translated_place(const struct translated *translated, size_t character)
{
    const char *sql = translated->sql.bytes;
    size_t at = 0, place;

    while (character > 1 && at < translated->sql.size) {
        at++;
        while (((unsigned char)sql[at] & 0xc0) == 0x80)
            at++;
        character--;
    }
    place = at;
    for (size_t i = 0; i < translated->changes && translated->change[i].out <= at; i++)
        place = translated->change[i].in + (at - translated->change[i].out);
    return place;
}
