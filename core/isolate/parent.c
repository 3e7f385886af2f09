/* The two sides of a fork: the child gives up rights and works, the parent waits, ends it when it goes too far, and says how
 * it ended. */
#define _GNU_SOURCE

#include "isolate/isolate.h"

#ifdef DIFKIT_ISOLATION

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/temporary.h"

enum {
    LOOK_MILLISECONDS = 250, /* between two looks at the clock and the disk */
    GRACE_SECONDS = 2,       /* after SIGTERM, until SIGKILL */
    PROCESSOR_GRACE = 7,     /* the language's own limit comes first, and says more */
    FILES_MAX = 20000,       /* that are counted below a folder */
    DEPTH_MAX = 16,
    DESCRIPTORS = 512
};

static int pretended = -1;

void isolate_pretend(int landlock)
{
    pretended = landlock;
}

struct isolate_support isolate_support(void)
{
    struct isolate_support support = {.landlock = landlock_version(), .filter = filter_there()};

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

/* The child --------------------------------------------------------------------------------------------------------- */

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
    if (rules->processor > 0)
        limit(RLIMIT_CPU, (uint64_t)rules->processor + PROCESSOR_GRACE);
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

/* Closes every descriptor but the standard streams, the socket and those of the rules; gives the socket, as the first that
 * is free. */
static int close_others(const struct isolate_rules *rules, int socket)
{
    int moved = STDERR_FILENO + 1;

    while (is_kept(rules, moved))
        moved++;
    moved = dup2(socket, moved);
    for (int i = STDERR_FILENO + 1; i < DESCRIPTORS * 2; i++)
        if (i != moved && !is_kept(rules, i))
            close(i);
    (void)syscall(SYS_close_range, (unsigned)DESCRIPTORS * 2, ~0u, 0);
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

static _Noreturn void be_child(const struct isolate_rules *rules, const struct isolate_result *result, const char *scratch,
                               int socket, pid_t parent, int (*work)(void *context), void *context)
{
    struct isolate_support support = isolate_support();
    struct isolate_rules own = with_own_folders(rules, scratch, result->folder);
    int status;

    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1); /* it has ended meanwhile */
    socket = close_others(rules, socket);
    result_use(result, rules->result, socket);
    (void)setenv("TMPDIR", scratch, 1);
    limit_resources(rules);
    if (support.landlock > 0 && !landlock_apply(&own, support.landlock))
        _exit(1);
    if (support.filter && !filter_apply())
        _exit(1);
    status = work(context);
    (void)fflush(NULL);
    _exit(status);
}

/* The parent -------------------------------------------------------------------------------------------------------- */

/* The signal that this process was ended by; a handler can reach nothing but a global. */
static volatile sig_atomic_t got;

static void note_signal(int number)
{
    got = number;
}

static const int ending[] = {SIGINT, SIGTERM, SIGHUP};
enum { ENDING = sizeof ending / sizeof ending[0] };

static void catch_signals(struct sigaction before[ENDING])
{
    struct sigaction action = {.sa_handler = note_signal};

    got = 0;
    for (size_t i = 0; i < ENDING; i++) {
        (void)sigaction(ending[i], NULL, &before[i]);
        if (before[i].sa_handler != SIG_IGN)
            (void)sigaction(ending[i], &action, NULL);
    }
}

static void release_signals(const struct sigaction before[ENDING])
{
    for (size_t i = 0; i < ENDING; i++)
        (void)sigaction(ending[i], &before[i], NULL);
}

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* Adds the bytes of files below a folder that were written since `since`. Links are not followed. */
static void measure(int folder, time_t since, int depth, uint64_t *bytes, unsigned *files)
{
    DIR *stream = folder >= 0 ? fdopendir(folder) : NULL;
    struct dirent *entry;

    if (stream == NULL) {
        if (folder >= 0)
            close(folder);
        return;
    }
    while ((entry = readdir(stream)) != NULL && *files < FILES_MAX) {
        struct stat status;

        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
            fstatat(dirfd(stream), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        ++*files;
        if (S_ISDIR(status.st_mode) && depth < DEPTH_MAX)
            measure(openat(dirfd(stream), entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), since, depth + 1,
                    bytes, files);
        else if (S_ISREG(status.st_mode) && status.st_mtime >= since)
            *bytes += (uint64_t)status.st_blocks * 512;
    }
    closedir(stream);
}

static bool disk_is_full(const struct isolate_rules *rules, const struct isolate_result *result, time_t since)
{
    uint64_t bytes = 0;
    unsigned files = 0;

    if (rules->disk == 0)
        return false;
    for (size_t i = 0; i < rules->write_count; i++)
        measure(open(rules->write[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC), since, 0, &bytes, &files);
    if (result->folder != NULL)
        measure(open(result->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), since, 0, &bytes, &files);
    return bytes > rules->disk;
}

struct watch {
    pid_t child;
    int socket; /* -1 once the child has closed its end */
    double begin;
    time_t since;
    double told; /* when it was told to end; 0: not yet */
    enum isolate_end why;
};

static void tell(struct watch *watch, enum isolate_end why, int signal_number)
{
    if (watch->told == 0) {
        watch->why = why;
        watch->told = now();
        (void)kill(watch->child, signal_number);
    } else if (now() - watch->told > GRACE_SECONDS) {
        (void)kill(watch->child, SIGKILL);
    }
}

/* One look: limits, signals, requests of the child. */
static void look(struct watch *watch, const struct isolate_rules *rules, const struct isolate_result *result)
{
    struct pollfd wait = {.fd = watch->socket, .events = POLLIN};

    if (poll(&wait, 1, watch->told > 0 ? LOOK_MILLISECONDS / 5 : LOOK_MILLISECONDS) > 0 &&
        !result_answer(result, rules, watch->socket)) {
        close(watch->socket);
        watch->socket = -1;
    }
    if (got != 0)
        tell(watch, ISOLATE_SIGNAL, got);
    else if (rules->clock > 0 && now() - watch->begin > rules->clock)
        tell(watch, ISOLATE_CLOCK, SIGTERM);
    else if (disk_is_full(rules, result, watch->since))
        tell(watch, ISOLATE_DISK, SIGTERM);
}

static struct isolate_outcome outcome_of(const struct watch *watch, int status)
{
    struct isolate_outcome outcome = {.end = ISOLATE_EXITED, .status = WEXITSTATUS(status)};

    if (watch->told > 0) {
        outcome.end = watch->why;
        outcome.status = watch->why == ISOLATE_SIGNAL ? got : 0;
    } else if (!WIFEXITED(status)) {
        outcome.status = WTERMSIG(status);
        switch (outcome.status) {
        case SIGXCPU:
            outcome.end = ISOLATE_PROCESSOR;
            break;
        case SIGXFSZ:
            outcome.end = ISOLATE_DISK;
            break;
        case SIGSYS:
            outcome.end = ISOLATE_FORBIDDEN;
            break;
        case SIGKILL:
        case SIGABRT: /* what a library does that gets no memory */
        case SIGTRAP:
            outcome.end = ISOLATE_KILLED;
            break;
        case SIGINT:
        case SIGTERM:
        case SIGHUP:
        case SIGPIPE:
            outcome.end = ISOLATE_SIGNAL;
            break;
        default:
            outcome.end = ISOLATE_CRASHED;
            break;
        }
    }
    return outcome;
}

/* Waits for the child. The end of its socket is that of the child, but for a moment. */
static struct isolate_outcome watch_child(struct watch *watch, const struct isolate_rules *rules,
                                          const struct isolate_result *result)
{
    int status;

    for (;;) {
        pid_t ended =
            waitpid(watch->child, &status, watch->socket >= 0 || watch->told > 0 || rules->clock > 0 ? WNOHANG : 0);

        if (ended == watch->child)
            break;
        if (ended < 0 && errno != EINTR)
            return (struct isolate_outcome){.end = ISOLATE_FAILED, .status = errno};
        look(watch, rules, result);
        if (watch->socket < 0 && watch->told == 0) {
            ended = waitpid(watch->child, &status, 0); /* its end of the socket closes when it ends */
            if (ended == watch->child)
                break;
        }
    }
    if (watch->socket >= 0)
        close(watch->socket);
    return outcome_of(watch, status);
}

/* Makes the folder for temporary files. */
static char *make_scratch(int *held)
{
    const char *folder = getenv("TMPDIR");
    struct dk_buffer prefix = {0};
    char *scratch;

    dk_buffer_format(&prefix, "%s/difkit-run-", folder != NULL && folder[0] == '/' ? folder : "/tmp");
    scratch = dk_temporary_folder(prefix.bytes, held);
    dk_buffer_free(&prefix);
    return scratch;
}

/* What a child that was ended by force could not remove itself. */
static void sweep(const struct isolate_rules *rules)
{
    for (size_t i = 0; i < rules->write_count; i++)
        dk_sweep_folder(rules->write[i]);
}

struct isolate_outcome isolate_run(const struct isolate_rules *rules, int (*work)(void *context), void *context)
{
    struct isolate_outcome outcome = {.end = ISOLATE_FAILED};
    struct isolate_result result = {.held = -1};
    struct sigaction before[ENDING];
    struct watch watch = {.socket = -1};
    pid_t parent = getpid();
    int pair[2], held;
    char *scratch = make_scratch(&held);

    if (scratch == NULL) {
        outcome.status = errno;
        return outcome;
    }

    if (rules->result != NULL)
        (void)result_begin(&result, rules->result); /* where it cannot be, writing fails in the child, and says why */
    result.may_place = rules->may_place;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) {
        outcome.status = errno;
        goto done;
    }
    catch_signals(before);
    watch.begin = now();
    watch.since = time(NULL);
    watch.child = fork();
    if (watch.child == 0) {
        release_signals(before);
        close(pair[0]);
        be_child(rules, &result, scratch, pair[1], parent, work, context);
    }
    close(pair[1]);
    watch.socket = pair[0];
    if (rules->forked != NULL)
        rules->forked();
    if (watch.child < 0) {
        outcome.status = errno;
        close(pair[0]);
    } else {
        outcome = watch_child(&watch, rules, &result);
    }
    release_signals(before);
    if (outcome.end != ISOLATE_EXITED)
        sweep(rules);
done:
    result_end(&result);
    dk_folder_remove(scratch);
    free(scratch);
    close(held);
    return outcome;
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

void isolate_ask_cancel(void)
{
}

struct isolate_outcome isolate_run(const struct isolate_rules *rules, int (*work)(void *context), void *context)
{
    (void)rules;
    return (struct isolate_outcome){.end = ISOLATE_EXITED, .status = work(context)};
}

#endif
