/* What the administrator of a machine allows: /etc/difkit/policy.yaml, which no option and no variable overrides.
 *
 *   trust: forbid          no --trust
 *   isolation: require     nothing runs that the kernel does not hold
 *   memory: 512M           at most so much, whatever --memory says
 *   time: 60               the same for --time, in seconds
 *   folders: [/srv/out]    what --out, --output, --to and --into name lies below one of these */
#ifndef DIFKIT_CLI_POLICY_H
#define DIFKIT_CLI_POLICY_H

#include "cli/call.h"

struct policy {
    bool there;
    bool forbids_trust, requires_isolation;
    char memory[32]; /* as an option has it; "": any */
    double time;     /* seconds; 0: any */
    char **folder;
    size_t folders;
};

/* Reads it once. Fails for a file that is not root's alone, or that says something else than the above: then nothing runs.
 */
dk_status policy_get(const struct policy **out, struct dk_error *err);
/* What it says, in a line, for `difkit doctor`; NULL: there is none. free() it. */
char *policy_text(void);
/* Refuses a call that it does not allow; what it bounds is the session's (session.c). */
dk_status policy_check(const struct cli_call *call, struct dk_error *err);

#endif
