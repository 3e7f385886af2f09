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
#include <sys/types.h>

#include "isolate/link.h"

/* What this kernel can hold. */
struct isolate_support {
    int landlock;      /* version of Landlock, 0: none */
    bool filter;       /* system calls can be filtered, and this build has the filter */
    const char *lacks; /* what is missing, for people; NULL: nothing */
    bool kernel;       /* this build asks the kernel at all */
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
    /* Answers, in the parent, what the child of an interactive session asks for (LINK_BEGIN and on); false: it cannot ask
     * that. NULL: this is no session. Of a session, the limits of processor and clock hold from one LINK_LINE to the next;
     * the terminal is the parent's alone, and Ctrl-C is told to the child. */
    bool (*serve)(struct link *link, const struct link_message *message, const struct dk_buffer *text);
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
    bool own; /* ISOLATE_SIGNAL: it was this process that got the signal */
};

/* The child also has a folder of its own for temporary files, which TMPDIR names and which goes when it ends.
 *
 * Runs `work` in a child under the rules and waits for it. The child ends with what `work` gives as its exit status; its
 * standard streams are those of this process, which has to have flushed them. */
struct isolate_outcome isolate_run(const struct isolate_rules *rules, int (*work)(void *context), void *context);
/* For `serve` while it waits for the user: looks after the child. False when that wait is over: the child has ended or is
 * to, or this process is. */
bool isolate_attend(void);
/* For `serve`: asks the child something, and gives what it answers. False when no answer came, or Ctrl-C came before. */
bool isolate_ask_child(struct link *link, enum link_kind kind, const char *text, size_t size, struct link_message *answer,
                       struct dk_buffer *out);
/* In the child: the end of the link; -1: this process is no child. */
int isolate_link(void);

/* landlock.c: gives up, in this process and for ever, all of the file system but what the rules name. False when the kernel
 * refuses; errno says why. */
bool landlock_apply(const struct isolate_rules *rules, int version);
int landlock_version(void);

/* filter.c: the same for system calls. */
bool filter_there(void);
bool filter_apply(void);

/* child.c: what the process that was forked does. */
enum { ISOLATE_GRACE = 7 }; /* seconds of processor time: the language's own limit comes first, and says more */
struct isolate_result;
_Noreturn void isolate_be_child(const struct isolate_rules *rules, const struct isolate_result *result, const char *scratch,
                                int socket, pid_t parent, int (*work)(void *context), void *context);

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
/* Puts the file in its place; 0, or an error number. */
int result_publish(const struct isolate_result *result);
/* In the child: has the parent call the rules' `cancel`, and waits until that is done. */
void isolate_ask_cancel(void);
void result_end(struct isolate_result *result);

#endif
