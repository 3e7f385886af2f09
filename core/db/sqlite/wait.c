/* Waiting for other programs that write the same database. */
#define _POSIX_C_SOURCE 200809L

#include "db/sqlite/replace.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/journal.h"
#include "base/meter.h"

enum { WAIT_SECONDS = 10, WAIT_MAX = 3600, TELL_SECONDS = 1 };

static double seconds_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* How long is waited: DIFKIT_WAIT, in seconds. */
static double patience(void)
{
    const char *given = getenv("DIFKIT_WAIT");
    char *end;
    double seconds;

    if (given == NULL || *given == '\0')
        return WAIT_SECONDS;
    seconds = strtod(given, &end);
    return *end == '\0' && seconds >= 0 && seconds <= WAIT_MAX ? seconds : WAIT_SECONDS;
}

static bool told; /* once a run is enough */

bool sqlite_wait_more(struct sqlite_waiting *waiting, const char *path)
{
    double now = seconds_now();

    if (waiting->since == 0)
        waiting->since = now;
    if (now - waiting->since >= patience())
        return false;
    if (!told && now - waiting->since >= TELL_SECONDS) {
        struct dk_error note;

        dk_meter_erase();
        dk_fail(&note, DK_LOCKED, "waiting for another program, which is writing %s", path);
        journal_say(JOURNAL_NOTE, &note);
        told = true;
    }
    (void)sqlite3_sleep(waiting->times < 10 ? 1 + waiting->times : 20);
    waiting->times++;
    return true;
}

/* For SQLite: whether to try again, having been told so `times` times. */
static int on_busy(void *context, int times)
{
    static struct sqlite_waiting waiting; /* one statement waits at a time */

    if (times == 0)
        waiting = (struct sqlite_waiting){0};
    return sqlite_wait_more(&waiting, context);
}

void sqlite_wait(sqlite3 *handle, const char *path)
{
    (void)sqlite3_busy_handler(handle, on_busy, (void *)(uintptr_t)path);
}
