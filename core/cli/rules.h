/* The rules under which the child of a call works, from the command line that the user typed; and what has to be taken back
 * when it has ended. */
#ifndef DIFKIT_CLI_RULES_H
#define DIFKIT_CLI_RULES_H

#include "cli/call.h"
#include "isolate/isolate.h"
#include "lua/host/host.h"

enum { DISK_DEFAULT_GIGABYTES = 4 };

/* Paths that are given up one by one. */
struct paths {
    char **path;
    size_t count, capacity;
};

/* What a call may do, and what has to be taken back after it. */
struct isolation {
    struct paths read, write;
    struct isolate_rules rules;
    char *made;    /* a folder that was not there */
    char *journal; /* of the database that may be changed */
    int held;      /* its descriptor */
    struct host_options limits;
};

/* Makes what has to be there before the rules hold: the folder to write to, a journal, sessions with servers. */
dk_status rules_collect(struct isolation *isolation, const struct cli_call *call, struct dk_error *err);
void rules_end(struct isolation *isolation);
/* The database that the command line lets the command change, or NULL. */
const char *rules_changed_database(const struct cli_call *call);

#endif
