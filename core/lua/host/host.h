/* The host: a Lua state of the executable, with the library in it and limits around the scripts that run.
 *
 * A script runs in an environment made from an allow-list (sandbox.c) unless the run is trusted: no process, environment or
 * network, no bytecode, files only as struct host_options says, and limits on memory, processor time and output. */
#ifndef DIFKIT_LUA_HOST_HOST_H
#define DIFKIT_LUA_HOST_HOST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct host;

struct host_options {
    const char *database;       /* what difkit.open() opens, or NULL: the bundled framework */
    const char *const *overlay; /* further YAML laid over it */
    size_t overlay_count;
    const char *const *argument; /* what the command line gave the script: files named there may be read */
    size_t argument_count;
    const char *const *read; /* files and folders that --read names: what runs may read them, and all below them */
    size_t read_count;
    const char *folder;      /* the script's own folder, which it may read; NULL: nothing */
    const char *output;      /* the folder that a script may write below; NULL: nothing, or anywhere when trusted */
    const char *result;      /* the file that the command line named for what the run gives, wherever it is; NULL: none */
    const char *pages;       /* the folder in which pages are left that are to be printed after the run; NULL: none */
    const char *library;     /* folder to read the library and the stock scripts from; NULL: those in the program */
    bool trust;              /* no sandbox and no limits */
    bool write;              /* a script may change the database that the command line names */
    bool dry_run;            /* writes are noted, not done */
    bool interactive;        /* the user types: limits hold for each entry, and dot commands reach files and the editor */
    size_t memory_limit;     /* bytes; 0: no limit */
    double time_limit;       /* seconds of processor time; 0: no limit */
    unsigned threads;        /* that reading and drawing may use; 0: as many as the machine has cores */
    size_t output_limit;     /* bytes to standard output; 0: no limit */
};

/* The defaults: nothing may be read or written, 1 GiB, 120 seconds, 256 MiB. */
struct host_options host_defaults(void);

/* The options and what they name stay owned by the caller and must outlive the host. NULL when there is no memory. */
struct host *host_new(const struct host_options *options);
void host_free(struct host *host);

/* Fields of the table that the next call is given. NULL text gives nothing. */
void host_give_text(struct host *host, const char *name, const char *text);
void host_give_bytes(struct host *host, const char *name, const char *bytes, size_t size);
void host_give_flag(struct host *host, const char *name, bool value);
void host_give_list(struct host *host, const char *name, const char *const *text, size_t count);

/* Calls the function `name` of the library's module `module` ("difkit.command") with that table. On failure err says what
 * happened: for an error in a script err->message begins with its place, and host_traceback() tells how it came there. */
dk_status host_call(struct host *host, const char *module, const char *name, struct dk_error *err);
/* The user's own lines of the call stack of the last failure; "" when there are none. */
const char *host_traceback(const struct host *host);

/* What the last call that succeeded gave, as an exit status: nothing and true are 0, false DK_DATA, a number itself. */
int host_result_status(struct host *host);
/* When it gave a list of records: how many, and the text of a field of one (from 0); of a field that is a list, of its
 * part `part` (from 0). NULL when there is no such text; `size` may be NULL. The text lives until the next call. */
size_t host_result_count(struct host *host);
const char *host_result_text(struct host *host, size_t record, const char *field, size_t part, size_t *size);

/* What a dry run would have written and removed, and what a run has, in order. */
struct host_written {
    const char *path;
    size_t size;
    bool removed;
};
size_t host_written_count(const struct host *host);
struct host_written host_written(const struct host *host, size_t index);

#endif
