#include "lua/format/cells.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* The whole number of `count` digits at `text`. */
static int digits(const char *text, int count)
{
    int value = 0;

    while (count-- > 0)
        value = 10 * value + (*text++ - '0');
    return value;
}

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

long cells_date(const char *text)
{
    static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
    static const char shape[] = "dddd-dd-dd";
    int year, month, day;
    long days;

    if (strlen(text) != sizeof shape - 1)
        return 0;
    for (size_t i = 0; i < sizeof shape - 1; i++)
        if (shape[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != '-')
            return 0;
    year = digits(text, 4);
    month = digits(text + 5, 2);
    day = digits(text + 8, 2);
    if (year < 1900 || month < 1 || month > 12 || day < 1 ||
        day > before[month] - before[month - 1] + (month == 2 && is_leap(year)))
        return 0;
    /* The leap days of the years from 1900 on that have ended. */
    days = 365L * (year - 1900) + (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400 - 460;
    days += before[month - 1] + (month > 2 && is_leap(year)) + day + 1;
    return days >= 61 ? days : 0;
}

static void count_line(void *count, const char *line, size_t size)
{
    (void)line;
    (void)size;
    ++*(size_t *)count;
}

size_t cells_lines(const char *text, size_t width)
{
    size_t lines = 0;

    /* Of the letters of a proportional font somewhat fewer fit than the width says. */
    dk_text_wrap(text, strlen(text), width > 12 ? width - width / 12 : width > 0 ? width : 1, count_line, &lines);
    return lines;
}
