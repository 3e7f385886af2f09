#define _POSIX_C_SOURCE 200809L

#include "cli/message.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

enum { TEXT_SIZE = 2048 };

/* Whether `stream` is a terminal that takes colour (NO_COLOR and TERM=dumb refuse it). */
static bool takes_colour(FILE *stream)
{
    const char *refused = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");

    if (refused != NULL && refused[0] != '\0')
        return false;
    if (terminal == NULL || strcmp(terminal, "dumb") == 0)
        return false;
    return isatty(fileno(stream)) == 1;
}

static void say(const char *text, bool is_error)
{
    bool colour = is_error && takes_colour(stderr);

    fflush(stdout);
    fprintf(stderr, "%sdifkit:%s ", colour ? "\033[1;31m" : "", colour ? "\033[0m" : "");
    dk_text_show(text, strlen(text), false, stderr); /* it may quote a stranger's script or page */
    fputc('\n', stderr);
}

int cli_error(const struct dk_error *err)
{
    char text[TEXT_SIZE];

    dk_error_text(err, text, sizeof text);
    say(text, true);
    return (int)err->code;
}

int cli_fail(enum dk_code code, const char *hint, const char *format, ...)
{
    char text[TEXT_SIZE];
    size_t size;
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    size = strlen(text);
    if (hint != NULL && hint[0] != '\0')
        snprintf(text + size, sizeof text - size, "; %s", hint);
    say(text, true);
    return (int)code;
}

void cli_note(const char *format, ...)
{
    char text[TEXT_SIZE];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    say(text, false);
}

void cli_findings(FILE *stream, const struct load_report *report)
{
    char text[TEXT_SIZE];

    for (size_t i = 0; i < report->count; i++) {
        dk_error_text(&report->finding[i], text, sizeof text);
        dk_text_show(text, strlen(text), false, stream);
        fputc('\n', stream);
    }
    if (report->total > report->count)
        fprintf(stream, "and %zu more\n", report->total - report->count);
}

int cli_finish(int status)
{
    if (fflush(stdout) != 0 || ferror(stdout)) {
        int failed = cli_fail(DK_IO, NULL, "cannot write to standard output: %s", strerror(errno));

        return status == 0 ? failed : status;
    }
    return status;
}
