#define _POSIX_C_SOURCE 200809L

#include "base/journal.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"

enum { TEXT_SIZE = 2048 };

static const char *command; /* NULL: lines for a reader */
static double begun;

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void say_end(const struct dk_error *err)
{
    journal_say(JOURNAL_ERROR, err);
}

void journal_as_json(const char *name)
{
    command = name;
    begun = seconds();
    dk_tell_end(say_end);
}

/* Text ------------------------------------------------------------------------------------------------------------ */

/* Whether standard error is a terminal that takes colour (NO_COLOR and TERM=dumb refuse it). */
static bool takes_colour(void)
{
    const char *refused = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");

    if (refused != NULL && refused[0] != '\0')
        return false;
    if (terminal == NULL || strcmp(terminal, "dumb") == 0)
        return false;
    return isatty(STDERR_FILENO) == 1;
}

static void show(enum journal_kind kind, const char *text, size_t size)
{
    bool colour = kind == JOURNAL_ERROR && takes_colour();

    if (kind == JOURNAL_ERROR || kind == JOURNAL_NOTE)
        fprintf(stderr, "%sdifkit:%s ", colour ? "\033[1;31m" : "", colour ? "\033[0m" : "");
    dk_text_show(text, size, kind == JOURNAL_SCRIPT, stderr); /* it may quote a stranger's script or page */
    fputc('\n', stderr);
}

/* JSON ------------------------------------------------------------------------------------------------------------ */

static void put_escaped(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)text[i];

        if (byte == '"' || byte == '\\')
            fprintf(stderr, "\\%c", byte);
        else if (byte == '\n')
            fputs("\\n", stderr);
        else if (byte < 0x20 || byte == 0x7f)
            fprintf(stderr, "\\u%04x", byte);
        else
            fputc(byte, stderr);
    }
}

/* What is not UTF-8, such as a character that a message was cut in, becomes U+FFFD. */
static void put_string(const char *text, size_t size)
{
    size_t wrong;

    fputc('"', stderr);
    while (!dk_text_valid(text, size, &wrong)) {
        put_escaped(text, wrong);
        fputs("\\ufffd", stderr);
        text += wrong + 1;
        size -= wrong + 1;
    }
    put_escaped(text, size);
    fputc('"', stderr);
}

static void put_member(const char *name, const char *text)
{
    fprintf(stderr, ",\"%s\":", name);
    put_string(text, strlen(text));
}

/* The members that every line has; the object stays open. */
static void begin_object(const char *level)
{
    char when[32] = "";
    time_t now = time(NULL);
    struct tm parts;

    if (gmtime_r(&now, &parts) != NULL)
        strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &parts);
    fprintf(stderr, "{\"time\":\"%s\",\"level\":\"%s\"", when, level);
    put_member("command", command);
}

static const char *const levels[] = {[JOURNAL_ERROR] = "error",
                                     [JOURNAL_FINDING] = "finding",
                                     [JOURNAL_DETAIL] = "detail",
                                     [JOURNAL_NOTE] = "note",
                                     [JOURNAL_SCRIPT] = "script"};

static void write_object(enum journal_kind kind, const char *message, size_t size, const struct dk_error *err)
{
    begin_object(levels[kind]);
    fputs(",\"message\":", stderr);
    put_string(message, size);
    if (kind == JOURNAL_ERROR)
        fprintf(stderr, ",\"code\":\"%s\",\"status\":%d", dk_code_name(err->code), (int)err->code);
    if (err->file[0] != '\0')
        put_member("file", err->file);
    if (err->line > 0)
        fprintf(stderr, ",\"line\":%d", err->line);
    if (err->column > 0)
        fprintf(stderr, ",\"column\":%d", err->column);
    if (err->hint[0] != '\0')
        put_member("hint", err->hint);
    fputs("}\n", stderr);
}

/* Both ------------------------------------------------------------------------------------------------------------ */

void journal_say(enum journal_kind kind, const struct dk_error *err)
{
    char text[TEXT_SIZE];

    fflush(stdout);
    if (command != NULL) {
        write_object(kind, err->message, strlen(err->message), err);
        return;
    }
    dk_error_text(err, text, sizeof text);
    show(kind, text, strlen(text));
}

void journal_text(enum journal_kind kind, const char *text, size_t size)
{
    static const struct dk_error nothing_more = {.code = DK_SCRIPT};

    fflush(stdout);
    if (command != NULL)
        write_object(kind, text, size, &nothing_more);
    else
        show(kind, text, size);
}

void journal_end(int status)
{
    if (command == NULL)
        return;
    begin_object("end");
    fprintf(stderr, ",\"status\":%d,\"seconds\":%.3f}\n", status, seconds() - begun);
}
