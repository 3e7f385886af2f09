#include "cli/message.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "base/journal.h"
#include "base/text.h"

int cli_error(const struct dk_error *err)
{
    journal_say(JOURNAL_ERROR, err);
    return (int)err->code;
}

int cli_fail(enum dk_code code, const char *hint, const char *format, ...)
{
    struct dk_error err = {.code = code};
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(err.message, sizeof err.message, format, arguments);
    va_end(arguments);
    if (hint != NULL)
        dk_hint(&err, "%s", hint);
    return cli_error(&err);
}

void cli_note(const char *format, ...)
{
    struct dk_error err = {0};
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(err.message, sizeof err.message, format, arguments);
    va_end(arguments);
    journal_say(JOURNAL_NOTE, &err);
}

void cli_findings(FILE *stream, const struct load_report *report)
{
    char text[1536];

    for (size_t i = 0; i < report->count; i++) {
        if (stream == stderr) {
            journal_say(JOURNAL_FINDING, &report->finding[i]);
            continue;
        }
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
