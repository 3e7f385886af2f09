/* A Lua host for one command: made from the options that were given, and given all of them. */
#ifndef DIFKIT_CLI_SESSION_H
#define DIFKIT_CLI_SESSION_H

#include "cli/call.h"
#include "cli/script.h"
#include "lua/host/host.h"

struct session {
    const struct cli_call *call;
    struct host_options options;
    struct host *host;
    const char **overlay, **read;
};

/* Fills the host's options from those of the call, which must outlive the session: the data, what may be read and written,
 * the limits. A command may change them until session_begin(). End the session also when this fails. */
dk_status session_options(struct session *session, const struct cli_call *call, struct dk_error *err);
/* Makes the host, and gives the call the options of the command line by their names, with _ for -: a switch true, a value
 * that may be given more than once a list, any other value its text; and the arguments as the list `arguments`. */
dk_status session_begin(struct session *session, struct dk_error *err);
/* Gives the call a script: its text, name and chunk name. */
void session_give_script(struct session *session, const struct script *script);
/* Calls the function `name` of scripts/difkit/command; prints what goes wrong. Returns the exit status, that of the failure
 * or what the function gave (host_result_status). */
int session_call(struct session *session, const char *name);
void session_end(struct session *session);

/* Runs a command that is written in Lua: the function of its name. */
int session_run(const struct cli_call *call);

#endif
