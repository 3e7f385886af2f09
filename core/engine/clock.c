#define _GNU_SOURCE
#define CLOCK_ITSELF /* the C library's names mean what they are */
#include "engine/clock.h"

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

enum { DAY = 24 * 60 * 60, FIRST_KNOWN = 1902, LAST_KNOWN = 2037 /* whole years of 32 bits */ };

static int64_t floor_divide(int64_t number, int64_t by)
{
    return number / by - (number % by < 0);
}

/* Days from 1970-01-01 to the first day of a month (0 to 11). Years are counted from March, so that the odd day is the last.
 */
static int64_t days_to(int64_t year, int month)
{
    int64_t since_march = (month + 10) % 12;

    year -= month < 2;
    return 365 * year + floor_divide(year, 4) - floor_divide(year, 100) + floor_divide(year, 400) +
           (153 * since_march + 2) / 5 - 719468;
}

static bool is_leap(int64_t year)
{
    return days_to(year + 1, 0) - days_to(year, 0) == 366;
}

/* 0 (Sunday) to 6 */
static int weekday(int64_t days)
{
    return (int)(days + 4 - 7 * floor_divide(days + 4, 7));
}

/* The date and the time of day of seconds, in universal time. */
static bool fill(int64_t seconds, struct tm *to)
{
    int64_t days = floor_divide(seconds, DAY), year = 1970 + floor_divide(days * 400, 146097);
    int rest = (int)(seconds - days * DAY);

    while (days_to(year, 0) > days)
        year--;
    while (days_to(year + 1, 0) <= days)
        year++;
    if (year - 1900 > INT_MAX || year - 1900 < INT_MIN)
        return false;
    *to = (struct tm){.tm_year = (int)(year - 1900), .tm_wday = weekday(days), .tm_zone = "GMT"};
    to->tm_yday = (int)(days - days_to(year, 0));
    while (to->tm_mon < 11 && days_to(year, to->tm_mon + 1) <= days)
        to->tm_mon++;
    to->tm_mday = (int)(days - days_to(year, to->tm_mon)) + 1;
    to->tm_hour = rest / 3600;
    to->tm_min = rest / 60 % 60;
    to->tm_sec = rest % 60;
    return true;
}

/* A year that the C library knows, as long as `year` and beginning on the same day of the week. */
static int64_t same_shape(int64_t year)
{
    int64_t known = LAST_KNOWN;

    if (year >= FIRST_KNOWN && year <= LAST_KNOWN)
        return year;
    while (is_leap(known) != is_leap(year) || weekday(days_to(known, 0)) != weekday(days_to(year, 0)))
        known--;
    return known;
}

/* Seconds from a year to the one of the same shape. */
static int64_t shift_to(int64_t year, int64_t shape)
{
    return (days_to(shape, 0) - days_to(year, 0)) * DAY;
}

int64_t clock_time(int64_t *to)
{
    int64_t now = (int64_t)time(NULL);

    if (to != NULL)
        *to = now;
    return now;
}

struct tm *clock_gmtime(const int64_t *seconds, struct tm *to)
{
    return *seconds / DAY / 366 < INT_MAX && *seconds / DAY / 366 > INT_MIN && fill(*seconds, to) ? to : NULL;
}

struct tm *clock_localtime(const int64_t *seconds, struct tm *to)
{
    int64_t year, shape;
    time_t known;

    if (clock_gmtime(seconds, to) == NULL)
        return NULL;
    year = (int64_t)to->tm_year + 1900;
    shape = same_shape(year);
    known = (time_t)(*seconds + shift_to(year, shape));
    if (localtime_r(&known, to) == NULL)
        return NULL;
    to->tm_year += (int)(year - shape);
    return to;
}

int64_t clock_mktime(struct tm *tm)
{
    int64_t months = (int64_t)tm->tm_year * 12 + tm->tm_mon, year = floor_divide(months, 12) + 1900, shape, seconds;
    struct tm date;

    seconds = (days_to(year, (int)(months - floor_divide(months, 12) * 12)) + tm->tm_mday - 1) * DAY +
              (int64_t)tm->tm_hour * 3600 + (int64_t)tm->tm_min * 60 + tm->tm_sec;
    if (!fill(seconds, &date))
        return -1;
    year = (int64_t)date.tm_year + 1900;
    shape = same_shape(year);
    date.tm_year = (int)(shape - 1900);
    date.tm_isdst = tm->tm_isdst;
    seconds = (int64_t)mktime(&date) - shift_to(year, shape);
    return clock_localtime(&seconds, tm) != NULL ? seconds : -1;
}

double clock_difftime(int64_t later, int64_t earlier)
{
    return (double)(later - earlier);
}
