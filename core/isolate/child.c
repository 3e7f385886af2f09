/* The child: gives up rights and works. */
#define _GNU_SOURCE

#include "isolate/isolate.h"

#ifdef DIFKIT_ISOLATION

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/journal.h"

enum { DESCRIPTORS = 512 };

static int pretended = -1;

void isolate_pretend(int landlock)
{
    pretended = landlock;
}

struct isolate_support isolate_support(void)
{
    struct isolate_support support = {.landlock = landlock_version(), .filter = filter_there(), .kernel = true};

    if (pretended >= 0 && support.landlock > pretended)
        support.landlock = pretended;
    if (support.landlock == 0 && !support.filter)
        support.lacks = "neither Landlock nor a filter of system calls";
    else if (support.landlock == 0)
        support.lacks = "no Landlock";
    else if (!support.filter)
        support.lacks = "no filter of system calls";
    return support;
}

static void limit(int what, uint64_t value)
{
    struct rlimit limits;

    if (getrlimit(what, &limits) != 0)
        return;
    if (limits.rlim_max == RLIM_INFINITY || value < limits.rlim_max)
        limits.rlim_max = value;
    limits.rlim_cur = limits.rlim_max;
    if (what == RLIMIT_CPU && limits.rlim_cur > 1)
        limits.rlim_cur--; /* a signal that can be answered comes first */
    (void)setrlimit(what, &limits);
}

/* Whether whoever started the program has set a limit lower than that. */
static bool is_limited(int what, uint64_t value)
{
    struct rlimit limits;

    return getrlimit(what, &limits) == 0 && limits.rlim_cur != RLIM_INFINITY && limits.rlim_cur < value;
}

static void limit_resources(const struct isolate_rules *rules)
{
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_NOFILE, DESCRIPTORS);
#ifndef DIFKIT_SANITIZED /* whose shadow memory takes terabytes of addresses */
    if (rules->memory > 0)
        limit(RLIMIT_AS, rules->memory);
    if (rules->heap > 0)
        limit(RLIMIT_DATA, rules->heap);
#endif
    if (rules->processor > 0 && rules->serve == NULL)
        limit(RLIMIT_CPU, (uint64_t)rules->processor + ISOLATE_GRACE);
    if (rules->disk > 0 && !is_limited(RLIMIT_FSIZE, rules->disk)) {
        limit(RLIMIT_FSIZE, rules->disk);
        (void)signal(SIGXFSZ, SIG_DFL); /* it is the run's own limit that ends it */
    }
}

static bool is_kept(const struct isolate_rules *rules, int descriptor)
{
    for (size_t i = 0; i < rules->kept_count; i++)
        if (rules->kept[i] == descriptor)
            return true;
    return false;
}

static void close_between(int first, int last)
{
    if (first <= last && syscall(SYS_close_range, (unsigned)first, (unsigned)last, 0) != 0)
        for (int i = first; i <= last; i++)
            close(i);
}

/* Closes every descriptor but the standard streams, the socket and those of the rules; gives the socket, as the first that
 * is free. */
static int close_others(const struct isolate_rules *rules, int socket)
{
    int moved = STDERR_FILENO + 1, begin = moved;

    while (is_kept(rules, moved))
        moved++;
    moved = dup2(socket, moved);
    for (int i = begin; i < DESCRIPTORS * 2; i++)
        if (i == moved || is_kept(rules, i)) {
            close_between(begin, i - 1);
            begin = i + 1;
        }
    if (syscall(SYS_close_range, (unsigned)begin, ~0u, 0) != 0)
        close_between(begin, DESCRIPTORS * 2);
    return moved;
}

/* The rules, with the two folders that are the run's own. */
static struct isolate_rules with_own_folders(const struct isolate_rules *rules, const char *scratch, const char *result)
{
    struct isolate_rules own = *rules;
    const char **write = malloc((rules->write_count + 2) * sizeof *write);

    if (write == NULL)
        abort();
    for (size_t i = 0; i < rules->write_count; i++)
        write[i] = rules->write[i];
    write[own.write_count++] = scratch;
    if (result != NULL)
        write[own.write_count++] = result;
    own.write = write;
    return own;
}

void isolate_be_child(const struct isolate_rules *rules, const struct isolate_result *result, const char *scratch,
                      int socket, pid_t parent, int (*work)(void *context), void *context)
{
    struct isolate_support support = isolate_support();
    struct isolate_rules own = with_own_folders(rules, scratch, result->folder);
    int status;

    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1); /* it has ended meanwhile */
    if (rules->serve != NULL) {
        (void)setpgid(0, 0); /* the keys of the terminal reach the parent alone */
        (void)signal(SIGTTIN, SIG_IGN);
        (void)signal(SIGTTOU, SIG_IGN);
    }
    socket = close_others(rules, socket);
    result_use(result, rules->result, socket);
    (void)setenv("TMPDIR", scratch, 1);
    limit_resources(rules);
    if ((support.landlock > 0 && !landlock_apply(&own, support.landlock)) || (support.filter && !filter_apply())) {
        struct dk_error err;

        dk_fail(&err, DK_IO, "the walls around the run cannot be put up: %s [isolation]", strerror(errno));
        journal_say(JOURNAL_ERROR, &err);
        _exit(DK_IO);
    }
    status = work(context);
    (void)fflush(NULL);
    _exit(status);
}

#else /* no other system has what holds a child */

void isolate_pretend(int landlock)
{
    (void)landlock;
}

struct isolate_support isolate_support(void)
{
    return (struct isolate_support){.lacks = "neither Landlock nor a filter of system calls"};
}

#endif
