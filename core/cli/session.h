/* A Lua host for one command: made from its options, called with a table of what was given. */
#ifndef DIFKIT_CLI_SESSION_H
#define DIFKIT_CLI_SESSION_H

#include <lua.h>

#include "cli/call.h"
#include "lua/host/host.h"

struct session {
    struct host_options options;
    struct host *host;
    const char **overlay;
};

/* Fills the options that several commands have: --db, --with, --library. */
void session_options(struct session *session, const struct cli_call *call);
/* The options of commands that have them: --memory, --time, --output-limit. */
dk_status session_limits(struct session *session, const struct cli_call *call, struct dk_error *err);
/* Makes the host; options must not change after. Pushes the table for the arguments of the call. */
dk_status session_begin(struct session *session, struct dk_error *err);
/* Fields of that table. NULL text sets nothing. */
void session_set_text(struct session *session, const char *name, const char *text);
void session_set_bytes(struct session *session, const char *name, const char *bytes, size_t size);
void session_set_flag(struct session *session, const char *name, bool value);
void session_set_list(struct session *session, const char *name, const char *const *text, size_t count);
/* Calls the function `name` of difkit.cli with the table; prints what goes wrong. Returns the exit status;
 * `*result`, when not NULL, gets what the function returned, as a truth value. */
int session_call(struct session *session, const char *name, bool *result);
/* The same for a function that returns the exit status. */
int session_status(struct session *session, const char *name);
void session_end(struct session *session);

#endif
