/* Errors: how every part of the core says what went wrong.
 *
 * A function that can fail returns dk_status and fills the struct dk_error its caller gave it:
 * what happened, where (file, line, column), and a hint that says what would be right. */
#ifndef DIFKIT_BASE_ERROR_H
#define DIFKIT_BASE_ERROR_H

#include <stddef.h>

/* Lets compilers that can check printf-style arguments do so. */
#if defined(__GNUC__)
#define DK_PRINTF(format_index, first) __attribute__((format(printf, format_index, first)))
#else
#define DK_PRINTF(format_index, first)
#endif

typedef enum dk_status { DK_OK = 0, DK_ERROR = 1 } dk_status;

/* The kind of an error. The numbers are the exit statuses of the command line (`difkit help exit-status`). */
enum dk_code {
    DK_DATA = 1,   /* findings in the data */
    DK_USAGE = 2,  /* wrong usage of a command or a function */
    DK_LIMIT = 3,  /* a limit of the sandbox */
    DK_SCRIPT = 4, /* an error in the script */
    DK_IO = 5,     /* input, output or the database */
    DK_LOCKED = 6  /* another run holds the lock */
};

struct dk_error {
    enum dk_code code;
    char message[768]; /* lower case, no trailing full stop */
    char hint[256];    /* what would be right, or "" */
    char file[512];    /* where: "" when no file is concerned */
    int line;          /* 1-based; 0 when unknown */
    int column;        /* 1-based; 0 when unknown */
};

/* Fills `err` (which may be NULL) with a code and a printf-style message; clears hint and place. Returns DK_ERROR. */
dk_status dk_fail(struct dk_error *err, enum dk_code code, const char *format, ...)
    DK_PRINTF(3, 4);

/* Adds a hint to an error that dk_fail() filled. */
void dk_hint(struct dk_error *err, const char *format, ...) DK_PRINTF(2, 3);

/* Adds the place to an error that dk_fail() filled; 0 for a line or column that is not known. */
void dk_place(struct dk_error *err, const char *file, int line, int column);

/* Writes "file:line:column: message; hint" (parts that are empty left out) into `out`; always terminated. */
void dk_error_text(const struct dk_error *err, char *out, size_t size);

/* The name of a code as scripts see it: "data", "usage", "limit", "script", "io", "locked". */
const char *dk_code_name(enum dk_code code);

/* How the limits of a run are lifted: the hint wherever one is passed. */
#define DK_LIFT_TIME "lift it with --time SECONDS, or --trust for your own script"
#define DK_NO_MEMORY "the run needs more memory than it may have"
#define DK_MORE_MEMORY "lift the limit with --memory SIZE"
#define DK_LIFT_MEMORY "lift it with --memory SIZE, or --trust for your own script"

#endif
