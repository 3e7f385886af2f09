#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

dk_status dk_fail(struct dk_error *err, enum dk_code code, const char *format, ...)
{
    va_list arguments;

    if (err == NULL)
        return DK_ERROR;
    memset(err, 0, sizeof *err);
    err->code = code;
    va_start(arguments, format);
    vsnprintf(err->message, sizeof err->message, format, arguments);
    va_end(arguments);
    return DK_ERROR;
}

void dk_hint(struct dk_error *err, const char *format, ...)
{
    va_list arguments;

    if (err == NULL)
        return;
    va_start(arguments, format);
    vsnprintf(err->hint, sizeof err->hint, format, arguments);
    va_end(arguments);
}

void dk_place(struct dk_error *err, const char *file, int line, int column)
{
    if (err == NULL)
        return;
    snprintf(err->file, sizeof err->file, "%s", file != NULL ? file : "");
    err->line = line;
    err->column = column;
}

void dk_error_text(const struct dk_error *err, char *out, size_t size)
{
    char place[sizeof err->file + 32] = "";

    if (err->file[0] != '\0' && err->line > 0 && err->column > 0)
        snprintf(place, sizeof place, "%s:%d:%d: ", err->file, err->line, err->column);
    else if (err->file[0] != '\0' && err->line > 0)
        snprintf(place, sizeof place, "%s:%d: ", err->file, err->line);
    else if (err->file[0] != '\0')
        snprintf(place, sizeof place, "%s: ", err->file);
    snprintf(out, size, "%s%s%s%s", place, err->message, err->hint[0] != '\0' ? "; " : "", err->hint);
}

const char *dk_code_name(enum dk_code code)
{
    switch (code) {
    case DK_DATA: return "data";
    case DK_USAGE: return "usage";
    case DK_LIMIT: return "limit";
    case DK_SCRIPT: return "script";
    case DK_IO: return "io";
    case DK_LOCKED: return "locked";
    }
    return "script";
}
