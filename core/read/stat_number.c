#include "read/stat_number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "read/format.h"

/* How the numbers of a format are read: as dates since when, in which step. */
struct dates {
    const char *begin; /* of the format; the longer of two that fit comes first */
    double per_day;    /* numbers in a day; 0: counts months, quarters, half-years or years */
    int months;        /* in a step, where per_day is 0 */
    enum cell_format format;
};

static const struct dates stata_dates[] = {{"%tc", 86400e3, 0, FORMAT_MOMENT}, {"%tC", 86400e3, 0, FORMAT_MOMENT},
                                           {"%td", 1, 0, FORMAT_DAY},          {"%d", 1, 0, FORMAT_DAY},
                                           {"%-td", 1, 0, FORMAT_DAY},         {"%-d", 1, 0, FORMAT_DAY},
                                           {"%tm", 0, 1, FORMAT_MONTH},        {"%tq", 0, 3, FORMAT_MONTH},
                                           {"%th", 0, 6, FORMAT_MONTH},        {NULL, 0, 0, FORMAT_NUMBER}};
static const struct dates spss_dates[] = {
    {"DATETIME", 86400, 0, FORMAT_MOMENT}, {"YMDHMS", 86400, 0, FORMAT_MOMENT}, {"DATE", 86400, 0, FORMAT_DAY},
    {"ADATE", 86400, 0, FORMAT_DAY},       {"EDATE", 86400, 0, FORMAT_DAY},     {"JDATE", 86400, 0, FORMAT_DAY},
    {"SDATE", 86400, 0, FORMAT_DAY},       {"QYR", 86400, 0, FORMAT_MONTH},     {"MOYR", 86400, 0, FORMAT_MONTH},
    {"WKYR", 86400, 0, FORMAT_DAY},        {NULL, 0, 0, FORMAT_NUMBER}};
static const struct dates sas_dates[] = {{"DATETIME", 86400, 0, FORMAT_MOMENT},
                                         {"DATEAMPM", 86400, 0, FORMAT_MOMENT},
                                         {"E8601DT", 86400, 0, FORMAT_MOMENT},
                                         {"E8601DA", 1, 0, FORMAT_DAY},
                                         {"DATE", 1, 0, FORMAT_DAY},
                                         {"YYMMDD", 1, 0, FORMAT_DAY},
                                         {"MMDDYY", 1, 0, FORMAT_DAY},
                                         {"DDMMYY", 1, 0, FORMAT_DAY},
                                         {"MONYY", 1, 0, FORMAT_MONTH},
                                         {"YYMM", 1, 0, FORMAT_MONTH},
                                         {"YEAR", 1, 0, FORMAT_YEAR},
                                         {"WORDDATE", 1, 0, FORMAT_DAY},
                                         {NULL, 0, 0, FORMAT_NUMBER}};

/* 1970-01-01 counted from 1960-01-01 (Stata, SAS) and from 1582-10-14 (SPSS), in days. */
static double days_to_1970(enum stat_program program)
{
    return program == STAT_SPSS ? 141428 : 3653;
}

static const struct dates *dates_of(enum stat_program program, const char *format)
{
    static const struct dates *const of_program[] = {stata_dates, spss_dates, sas_dates};

    for (const struct dates *dates = of_program[program]; format != NULL && dates->begin != NULL; dates++)
        if (strncmp(format, dates->begin, strlen(dates->begin)) == 0)
            return dates;
    return NULL;
}

bool stat_is_date(enum stat_program program, const char *format)
{
    return dates_of(program, format) != NULL;
}

size_t stat_number_text(enum stat_program program, const char *format, double number, char out[DK_NUMBER_SIZE])
{
    const struct dates *dates = dates_of(program, format);
    size_t size = 0;

    if (dates != NULL && dates->per_day > 0)
        size = format_moment(number / dates->per_day - days_to_1970(program), dates->format, out);
    else if (dates != NULL && fabs(number) < 1e5) {
        long months = (long)floor(number) * dates->months, year = 1960 + (months - (months < 0 ? 11 : 0)) / 12;

        size = (size_t)snprintf(out, DK_NUMBER_SIZE, "%04ld-%02ld", year, months - (year - 1960) * 12 + 1);
    }
    if (size > 0)
        return size;
    if (number == floor(number) && fabs(number) < 9e15)
        return dk_integer_text((int64_t)number, out);
    return dk_real_text(number, out);
}
