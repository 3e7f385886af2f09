/* The parent: waits for the child, answers it, ends it when it goes too far, and says how it ended. */
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
#include "base/interrupt.h"
#include "base/temporary.h"

enum {
    LOOK_MILLISECONDS = 250, /* between two looks at the clock and the disk */
    NAP_MILLISECONDS = 20,   /* between two looks at whether the child has ended, where the kernel does not tell */
    GRACE_SECONDS = 2,       /* after SIGTERM, until SIGKILL */
    FILES_MAX = 20000,       /* that are counted below a folder */
    DEPTH_MAX = 16
};

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
    (void)signal(SIGCHLD, SIG_DFL); /* where it is ignored nothing tells how the child ended */
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
    const struct isolate_rules *rules;
    const struct isolate_result *result;
    pid_t child;
    int process; /* becomes readable when the child has ended; -1: this kernel has no such thing */
    struct link link;
    double begin;     /* of the run, or of an entry of a session */
    double processor; /* what the child had used then */
    double measured;  /* when the disk was last looked at */
    time_t since;
    double told; /* when it was told to end; 0: not yet */
    enum isolate_end why;
    int interrupts;      /* of a session: those that the child was told of */
    unsigned unanswered; /* questions that the child owes an answer to which nobody waits for */
    bool ended;
    int status;
};

/* The one child there is, for those who wait for the user meanwhile. */
static struct watch *watched;

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

/* Seconds of processor time that the child has used. */
static double processor_of(pid_t child)
{
    struct timespec used;
    clockid_t clock;

    if (clock_getcpuclockid(child, &clock) != 0 || clock_gettime(clock, &used) != 0)
        return 0;
    return (double)used.tv_sec + (double)used.tv_nsec * 1e-9;
}

static void begin_clocks(struct watch *watch)
{
    watch->begin = now();
    if (watch->rules->serve == NULL)
        return;
    watch->processor = processor_of(watch->child);
    watch->interrupts = 0;
    (void)dk_interrupts_take();
}

/* Of a session: an entry's processor time, and Ctrl-C, which the third time ends the child. */
static void look_at_entry(struct watch *watch)
{
    const struct isolate_rules *rules = watch->rules;
    int pressed = dk_interrupts();

    if (rules->processor > 0 && processor_of(watch->child) - watch->processor > rules->processor + ISOLATE_GRACE)
        tell(watch, ISOLATE_PROCESSOR, SIGTERM);
    else if (pressed >= DK_INTERRUPTS_ENOUGH)
        tell(watch, ISOLATE_SIGNAL, SIGKILL);
    else if (pressed > watch->interrupts)
        (void)kill(watch->child, SIGINT);
    watch->interrupts = pressed;
}

/* Limits, signals, and whether the child is still there. */
static void look(struct watch *watch)
{
    const struct isolate_rules *rules = watch->rules;
    double time = now();

    watch->ended = watch->ended || waitpid(watch->child, &watch->status, WNOHANG) == watch->child;
    if (watch->ended)
        return;
    if (got != 0)
        tell(watch, ISOLATE_SIGNAL, got);
    else if (rules->clock > 0 && time - watch->begin > rules->clock)
        tell(watch, ISOLATE_CLOCK, SIGTERM);
    else if (watch->told > 0)
        tell(watch, watch->why, SIGTERM);
    else if (rules->serve != NULL)
        look_at_entry(watch);
    if (watch->told == 0 && (time - watch->measured) * 1000 > LOOK_MILLISECONDS) {
        if (disk_is_full(rules, watch->result, watch->since))
            tell(watch, ISOLATE_DISK, SIGTERM);
        watch->measured = now();
    }
}

/* Waits until the child says something, hears, ends, or it is time to look. */
static void wait_a_while(struct watch *watch)
{
    struct pollfd wait[2] = {{.fd = watch->process, .events = POLLIN},
                             {.fd = watch->link.socket, .events = link_events(&watch->link)}};
    int longest = watch->told > 0 ? LOOK_MILLISECONDS / 5 : LOOK_MILLISECONDS;

    (void)poll(wait, 2, watch->process < 0 && longest > NAP_MILLISECONDS ? NAP_MILLISECONDS : longest);
}

/* Answers one request; false when it cannot be. */
static bool answer(struct watch *watch, const struct link_message *message, const struct dk_buffer *text)
{
    const struct isolate_rules *rules = watch->rules;
    bool possible;

    switch ((enum link_kind)message->kind) {
    case LINK_PUBLISH:
        link_say(&watch->link, LINK_ANSWER, result_publish(watch->result), NULL, 0);
        return true;
    case LINK_CANCEL:
        if (rules->cancel == NULL)
            return false;
        rules->cancel();
        link_say(&watch->link, LINK_ANSWER, 0, NULL, 0);
        return true;
    case LINK_COMPLETED: /* which nobody waits for any more */
        return watch->unanswered > 0 && watch->unanswered-- > 0;
    default:
        possible = rules->serve != NULL && rules->serve(&watch->link, message, text);
        if (message->kind == LINK_LINE)
            begin_clocks(watch);
        return possible;
    }
}

/* Sends and hears what there is; false when there is nothing more to be heard of the child. */
static bool converse(struct watch *watch)
{
    struct link_message message;
    struct dk_buffer text = {0};
    bool wrong, goes_on = link_move(&watch->link, &wrong);

    while (goes_on && watch->told == 0 && link_events(&watch->link) == POLLIN && link_take(&watch->link, &message, &text)) {
        wrong = !answer(watch, &message, &text);
        dk_buffer_free(&text);
        goes_on = !wrong && link_move(&watch->link, &wrong);
    }
    if (wrong)
        tell(watch, ISOLATE_FORBIDDEN, SIGKILL);
    return goes_on;
}

bool isolate_attend(void)
{
    if (watched == NULL)
        return true;
    watched->begin = now(); /* waiting for the user does not count */
    look(watched);
    return !watched->ended && watched->told == 0;
}

bool isolate_ask_child(struct link *link, enum link_kind kind, const char *text, size_t size, struct link_message *answer,
                       struct dk_buffer *out)
{
    bool wrong = false, whole = false;

    link_say(link, kind, 0, text, size);
    while (!whole && dk_interrupts() == 0 && link_move(link, &wrong) && isolate_attend()) {
        whole = link_events(link) == POLLIN && link_take(link, answer, out);
        if (whole && answer->kind == LINK_COMPLETED && watched->unanswered > 0) { /* to an earlier question */
            watched->unanswered--;
            whole = false;
            out->size = 0;
        }
        if (!whole)
            wait_a_while(watched);
    }
    if (wrong || (whole && answer->kind != LINK_COMPLETED))
        tell(watched, ISOLATE_FORBIDDEN, SIGKILL);
    watched->unanswered += !whole;
    return whole && watched->told == 0;
}

static struct isolate_outcome outcome_of(const struct watch *watch, int status)
{
    struct isolate_outcome outcome = {.end = ISOLATE_EXITED, .status = WEXITSTATUS(status)};

    if (watch->told > 0) {
        outcome.end = watch->why;
        outcome.own = watch->why == ISOLATE_SIGNAL && got != 0;
        outcome.status = outcome.own ? got : 0;
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

static struct isolate_outcome watch_child(struct watch *watch)
{
    watched = watch;
    begin_clocks(watch);
    for (look(watch); !watch->ended; look(watch)) {
        wait_a_while(watch);
        if (watch->link.socket >= 0 && !converse(watch))
            link_end(&watch->link); /* it has closed its end: most often since it ends */
    }
    watched = NULL;
    return outcome_of(watch, watch->status);
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

/* The descriptor that tells of the child's end (Linux 5.3 and later). */
static int open_process(pid_t child)
{
    enum { PIDFD_OPEN = 434 }; /* on every architecture */

    return (int)syscall(PIDFD_OPEN, child, 0);
}

static struct isolate_outcome run_child(struct watch *watch, const char *scratch, int (*work)(void *context), void *context)
{
    struct isolate_outcome outcome = {.end = ISOLATE_FAILED};
    struct sigaction before[ENDING];
    pid_t parent = getpid();
    int pair[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
        outcome.status = errno;
        return outcome;
    }
    catch_signals(before);
    if (watch->rules->serve != NULL && isatty(STDIN_FILENO))
        dk_interrupts_catch(NULL);
    watch->since = time(NULL);
    watch->child = fork();
    if (watch->child == 0) {
        release_signals(before);
        close(pair[0]);
        isolate_be_child(watch->rules, watch->result, scratch, pair[1], parent, work, context);
    }
    close(pair[1]);
    link_begin(&watch->link, pair[0]);
    if (watch->rules->forked != NULL)
        watch->rules->forked();
    if (watch->child < 0) {
        outcome.status = errno;
    } else {
        watch->process = open_process(watch->child);
        outcome = watch_child(watch);
        if (watch->process >= 0)
            close(watch->process);
    }
    link_end(&watch->link);
    release_signals(before);
    return outcome;
}

struct isolate_outcome isolate_run(const struct isolate_rules *rules, int (*work)(void *context), void *context)
{
    struct isolate_outcome outcome = {.end = ISOLATE_FAILED};
    struct isolate_result result = {.held = -1};
    struct watch watch = {.rules = rules, .result = &result, .process = -1, .link = {.socket = -1}};
    int held;
    char *scratch = make_scratch(&held);

    if (scratch == NULL) {
        outcome.status = errno;
        return outcome;
    }
    if (rules->result != NULL)
        (void)result_begin(&result, rules->result); /* where it cannot be, writing fails in the child, and says why */
    result.may_place = rules->may_place;
    outcome = run_child(&watch, scratch, work, context);
    if (outcome.end != ISOLATE_EXITED)
        sweep(rules);
    result_end(&result);
    dk_folder_remove(scratch);
    free(scratch);
    close(held);
    return outcome;
}

#else /* no other system has what holds a child */

void isolate_ask_cancel(void)
{
}

int isolate_link(void)
{
    return -1;
}

bool isolate_attend(void)
{
    return true;
}

bool isolate_ask_child(struct link *link, enum link_kind kind, const char *text, size_t size, struct link_message *answer,
                       struct dk_buffer *out)
{
    (void)link, (void)kind, (void)text, (void)size, (void)answer, (void)out;
    return false;
}

struct isolate_outcome isolate_run(const struct isolate_rules *rules, int (*work)(void *context), void *context)
{
    (void)rules;
    return (struct isolate_outcome){.end = ISOLATE_EXITED, .status = work(context)};
}

#endif
