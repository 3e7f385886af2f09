/* A process of its own for what reads and computes, under rules that the kernel holds.
 *
 * The parent forks, the child gives up rights (landlock.c: files; filter.c: system calls; resource limits) and works; the
 * parent waits for it, ends it when it goes too far, publishes what it hands over, and says how it ended (parent.c). Nothing
 * here knows Lua or SQLite. What the kernel cannot hold is said by isolate_support(), and then left to the caller's own
 * rules. */
#ifndef DIFKIT_ISOLATE_ISOLATE_H
#define DIFKIT_ISOLATE_ISOLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What this kernel can hold. */
struct isolate_support {
    int landlock;      /* version of Landlock, 0: none */
    bool filter;       /* system calls can be filtered, and this build has the filter */
    const char *lacks; /* what is missing, for people; NULL: nothing */
};
struct isolate_support isolate_support(void);
/* For tests: goes on as if the kernel had no later version of Landlock than this; -1: as it is. */
void isolate_pretend(int landlock);

struct isolate_rules {
    const char *const *read; /* files, and folders with all that is below them; what is not there is left out */
    size_t read_count;
    const char *const *write; /* the same, to be read, made, written and removed; a file: to be read and written */
    size_t write_count;
    const char *result; /* a file that the child may write as a whole, wherever it is: see isolate_result(); NULL: none */
    bool (*may_place)(const char *path); /* asked before it is put there; NULL: it may be */
    const int *kept;                     /* descriptors that the child keeps beside its standard streams */
    size_t kept_count;
    void (*forked)(void); /* called in the parent when the child is there; NULL: nothing */
    void (*cancel)(void); /* called in the parent when the child asks for it (isolate_ask_cancel()); NULL: nothing */
    uint64_t memory;      /* bytes of address space that may be asked for; 0: any */
    uint64_t heap;        /* bytes of memory of its own; 0: any */
    double processor;     /* seconds of processor time; 0: any */
    double clock;         /* seconds from beginning to end; 0: any */
    uint64_t disk;        /* bytes that a file may have, and all files made below `write` together; 0: any */
};

/* How the child ended. */
enum isolate_end {
    ISOLATE_EXITED,    /* by itself, with a status */
    ISOLATE_PROCESSOR, /* it used too much processor time */
    ISOLATE_CLOCK,     /* it took too long */
    ISOLATE_DISK,      /* it wrote too much */
    ISOLATE_FORBIDDEN, /* it made a system call that nothing here makes */
    ISOLATE_KILLED,    /* something outside ended it, or it ran out of memory */
    ISOLATE_CRASHED,   /* a fault of the program */
    ISOLATE_SIGNAL,    /* this process got a signal: `status` is its number */
    ISOLATE_FAILED     /* there was no child: `status` is an error number */
};

struct isolate_outcome {
    enum isolate_end end;
    int status;
};

/* The child also has a folder of its own for temporary files, which TMPDIR names and which goes when it ends.
 *
 * Runs `work` in a child under the rules and waits for it. The child ends with what `work` gives as its exit status; its
 * standard streams are those of this process, which has to have flushed them. */
struct isolate_outcome isolate_run(const struct isolate_rules *rules, int (*work)(void *context), void *context);

/* landlock.c: gives up, in this process and for ever, all of the file system but what the rules name. False when the kernel
 * refuses; errno says why. */
bool landlock_apply(const struct isolate_rules *rules, int version);
int landlock_version(void);

/* filter.c: the same for system calls. */
bool filter_there(void);
bool filter_apply(void);

/* publish.c: the child asks the parent to put the file in its place, and the parent does. */
struct isolate_result {
    char *path;   /* the target, links followed */
    char *folder; /* a private folder beside it */
    int held;     /* descriptor of that folder, or -1 */
    bool (*may_place)(const char *path);
    char *temporary; /* where the child writes it */
};
bool result_begin(struct isolate_result *result, const char *path);
void result_use(const struct isolate_result *result, const char *given, int socket);
/* Answers one request of the child; false when it has closed its end or said what cannot be. */
bool result_answer(const struct isolate_result *result, const struct isolate_rules *rules, int socket);
/* In the child: has the parent call the rules' `cancel`, and waits until that is done. */
void isolate_ask_cancel(void);
void result_end(struct isolate_result *result);

#endif
