/* What a run may read and write, and what it has written. Part of the host; a plain Lua interpreter has none. */
#ifndef DIFKIT_LUA_HOST_RUN_H
#define DIFKIT_LUA_HOST_RUN_H

#include <lua.h>

#include "base/buffer.h"
#include "lua/host/allocator.h"
#include "lua/host/host.h"

struct written_file {
    char *path;
    size_t size;
    bool removed; /* it was there and was taken away */
};

struct host {
    struct host_options options;
    lua_State *state;
    struct allocator allocator;
    struct dk_purse purse;  /* out of which large buffers are paid, too */
    size_t memory_left;     /* bytes that may still be asked for */
    bool memory_tripped;    /* a request was refused: every further one is, until the script is over */
    double deadline;        /* processor time at which the run is over; 0: none */
    bool time_tripped;
    bool told;              /* the script was told of a limit by an error: it has a moment left */
    size_t output;          /* bytes written to standard output */
    bool limits_off;        /* the script is over */
    char **named;           /* files and folders that options of the script named: it may read them */
    size_t named_count, named_capacity;
    bool running;           /* the script has begun: no more may be named */
    char **files_read;      /* what it has read besides the data, by the names it used */
    size_t files_read_count, files_read_capacity;
    struct written_file *written;
    size_t written_count, written_capacity;
    struct dk_buffer traceback;
    bool in_entry; /* of an interactive session: an entry runs */
};

/* Notes in a state whose host it is. */
void host_remember(lua_State *L, struct host *host);
/* The Lua state of the host. */
lua_State *host_state(struct host *host);
void host_note_read(struct host *host, const char *path);
void host_note_written(struct host *host, const char *path, size_t size);
void host_note_removed(struct host *host, const char *path);
/* Counts bytes of standard output; raises when the limit is passed. */
void host_count_output(lua_State *L, size_t size);

/* Limits (limits.c). Lua's allocator; `context` is the host. */
void *limits_allocate(void *context, void *block, size_t old_size, size_t new_size);
/* From now on large buffers are paid out of the memory of the run. */
void limits_open_purse(struct host *host);
void limits_start_run(struct host *host);
void limits_end_run(struct host *host);
/* The script is over: what is left is to tell its user. */
void limits_lift(struct host *host);
void limits_end_timer(struct host *host);
/* An entry of an interactive session, with limits of its own. */
void limits_start_entry(struct host *host);
void limits_end_entry(struct host *host);
/* Whether a limit or Ctrl-C ended the run or the entry; err then says which. */
bool limits_failure(const struct host *host, struct dk_error *err);
/* Whether a limit was passed: the script is to end, whatever it catches. */
bool limits_tripped(const struct host *host);
/* Raises the error of the limit then. */
void limits_end(lua_State *L);
/* Whether a limit is passed, or Ctrl-C was pressed in an interactive session, and raising that: for C functions that take
 * long. Without a host there are no limits. */
bool limits_passed(const struct host *host);
void limits_check(lua_State *L);
/* From now on Ctrl-C stops what runs in an interactive session, and not the process. */
void limits_catch_interrupts(void);

/* package.searchers: finds difkit.NAME in the library (library.c). */
int library_search(lua_State *L);

/* Pushes the environment in which scripts run (sandbox.c). */
void sandbox_push(lua_State *L, struct host *host);
/* print(…) whose bytes count against the limit of output. */
int sandbox_print(lua_State *L);
/* Writes to standard output; where that is a terminal, control characters are shown, not sent (dk_text_show). */
void sandbox_write(const char *text, size_t size, bool styles);
/* setmetatable(…) that refuses finalizers. */
int sandbox_setmetatable(lua_State *L);
/* xpcall(…) whose handler is not asked about the error of a limit (protect.c). */
int sandbox_xpcall(lua_State *L);
/* Puts functions that look at the limits into the table of coroutine functions on top. */
void sandbox_coroutines(lua_State *L);

#endif
