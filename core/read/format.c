#include "read/format.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum cell_format format_by_id(long id)
{
    if (id == 9 || id == 10)
        return FORMAT_PERCENT;
    if (id == 17)
        return FORMAT_MONTH;
    if (id == 22)
        return FORMAT_MOMENT;
    if ((id >= 14 && id <= 16) || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 54) || id == 57 || id == 58)
        return FORMAT_DAY;
    return FORMAT_NUMBER;
}

/* The end of what stands in the format as it is: text in quotes, a character after \ _ or *, a colour or locale in [ ]. */
static const char *skip_literal(const char *at)
{
    const char *end;

    if (*at == '"' || *at == '[') {
        end = strchr(at + 1, *at == '"' ? '"' : ']');
        return end != NULL ? end : at + strlen(at) - 1;
    }
    return (*at == '\\' || *at == '_' || *at == '*') && at[1] != '\0' ? at + 1 : NULL;
}

enum cell_format format_by_code(const char *code)
{
    bool year = false, month = false, day = false, hour = false;

    if (strcmp(code, "General") == 0)
        return FORMAT_NUMBER;
    for (const char *at = code; *at != '\0' && *at != ';'; at++) {
        const char *literal = skip_literal(at);

        if (literal != NULL) {
            at = literal;
            continue;
        }
        switch (*at) {
        case '%':
            return FORMAT_PERCENT;
        case 'y':
        case 'Y':
            year = true;
            break;
        case 'm':
        case 'M':
            month = true;
            break;
        case 'd':
        case 'D':
            day = true;
            break;
        case 'h':
        case 'H':
            hour = true;
            break;
        default:
            break;
        }
    }
    if (year && !month && !day)
        return FORMAT_YEAR;
    if (year && !day)
        return FORMAT_MONTH;
    if (day || (year && hour))
        return hour ? FORMAT_MOMENT : FORMAT_DAY;
    return FORMAT_NUMBER; /* a time of day, or no date at all */
}

/* The civil date of a day counted from 1970-01-01, in the Gregorian calendar: eras of 400 years that begin in March. */
static void civil(long days, long *year, int *month, int *day)
{
    long shifted = days + 719468;
    long era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    long of_era = shifted - era * 146097;
    long year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    long of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    long shifted_month = (5 * of_year + 2) / 153;

    *day = (int)(of_year - (153 * shifted_month + 2) / 5 + 1);
    *month = (int)(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
    *year = year_of_era + era * 400 + (*month <= 2);
}

size_t format_moment(double days, enum cell_format format, char out[DK_NUMBER_SIZE])
{
    double whole = floor(days);
    long seconds, year;
    int month, day;

    if (!(days > -719529 && days < 2932897)) /* the years 0 to 9999 */
        return 0;
    seconds = lround((days - whole) * 86400);
    if (seconds == 86400) {
        seconds = 0;
        whole++;
    }
    civil((long)whole, &year, &month, &day);
    if (format == FORMAT_YEAR)
        return (size_t)snprintf(out, DK_NUMBER_SIZE, "%04ld", year);
    if (format == FORMAT_MONTH)
        return (size_t)snprintf(out, DK_NUMBER_SIZE, "%04ld-%02d", year, month);
    if (format == FORMAT_MOMENT && seconds != 0)
        return (size_t)snprintf(out, DK_NUMBER_SIZE, "%04ld-%02d-%02dT%02d:%02d:%02d", year, month, day,
                                (int)(seconds / 3600), (int)(seconds / 60 % 60), (int)(seconds % 60));
    return (size_t)snprintf(out, DK_NUMBER_SIZE, "%04ld-%02d-%02d", year, month, day);
}

size_t format_date(double serial, bool since_1904, enum cell_format format, char out[DK_NUMBER_SIZE])
{
    double whole = floor(serial);

    if (!(serial >= 0 && serial < 2958466) || (!since_1904 && whole == 60) || (!since_1904 && whole < 1))
        return 0;
    /* 1970-01-01 is 25569 counted from 1900 (with the day that was none), 24107 counted from 1904. */
    return format_moment(serial - (since_1904 ? 24107 : whole < 60 ? 25568 : 25569), format, out);
}

size_t format_percent(double value, char out[DK_NUMBER_SIZE])
{
    char digits[DK_NUMBER_SIZE];
    size_t size;

    snprintf(digits, sizeof digits, "%.15g", value * 100);
    size = dk_real_text(strtod(digits, NULL), out);
    if (size > 2 && strcmp(out + size - 2, ".0") == 0) {
        size -= 2;
        out[size] = '\0';
    }
    return size;
}
