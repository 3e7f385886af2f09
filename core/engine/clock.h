/* The clock of Lua in the engine, whose C library counts the seconds since 1970 in 32 bits and so ends in January 2038. Lua
 * is compiled with this file before its own: what it calls time_t then has 64 bits, and the functions on it are those here.
 *
 * A day of a year that the C library does not reach has the time zone's rules of a year of the same shape within its reach.
 */
#ifndef DIFKIT_ENGINE_CLOCK_H
#define DIFKIT_ENGINE_CLOCK_H

#include <stdint.h>
#include <sys/types.h>
#include <time.h>

/* As the functions of the C library that they stand for; a year beyond what an int holds is NULL or -1. */
int64_t clock_time(int64_t *to);
struct tm *clock_gmtime(const int64_t *seconds, struct tm *to);
struct tm *clock_localtime(const int64_t *seconds, struct tm *to);
int64_t clock_mktime(struct tm *tm);
double clock_difftime(int64_t later, int64_t earlier);

#ifndef CLOCK_ITSELF
#define time_t int64_t
#define time clock_time
#define gmtime_r clock_gmtime
#define localtime_r clock_localtime
#define mktime clock_mktime
#define difftime clock_difftime
#endif

#endif
