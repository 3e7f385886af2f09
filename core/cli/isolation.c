/* Runs a command in a child under the rules of rules.h, and makes one message of how it ended. */
#define _GNU_SOURCE

#include "cli/isolation.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/message.h"
#include "cli/policy.h"
#include "cli/rules.h"
#include "cli/signals.h"
#include "db/db.h"
#include "terminal/desk.h"

/* The one message for how the child ended. */
static int finish(const struct isolation *isolation, struct isolate_outcome outcome)
{
    const struct isolate_rules *rules = &isolation->rules;

    switch (outcome.end) {
    case ISOLATE_EXITED:
        return outcome.status;
    case ISOLATE_SIGNAL:
        signals_end_by(outcome.status);
        return 128 + outcome.status;
    case ISOLATE_PROCESSOR:
        return cli_fail(DK_LIMIT, "lift it with --time SECONDS, or --trust for your own script [limit.processor]",
                        "the run used more than %g seconds of processor time", isolation->limits.time_limit);
    case ISOLATE_CLOCK:
        return cli_fail(
            DK_LIMIT,
            "a limit of --time SECONDS lets it run twice as long; --trust lifts it for your own script [limit.clock]",
            "the run took more than %g seconds", rules->clock);
    case ISOLATE_DISK:
        return cli_fail(DK_LIMIT, "--trust lifts it for your own script [limit.disk]", "the run wrote more than %d GB",
                        DISK_DEFAULT_GIGABYTES);
    case ISOLATE_FORBIDDEN:
        return cli_fail(DK_LIMIT, "a script has no way to do this: please report it, with the script [refused.call]",
                        "the run was ended: it called what no run may call");
    case ISOLATE_KILLED:
        return cli_fail(DK_LIMIT, "lift the limit of memory with --memory SIZE, or find out what ended it [limit.memory]",
                        "the run was ended from outside, or used more memory than there is");
    case ISOLATE_CRASHED:
        return cli_fail(DK_SCRIPT, "this is a fault of difkit: please report it, with the script and the data [crashed]",
                        "the run crashed (signal %d)", outcome.status);
    case ISOLATE_FAILED:
        break;
    }
    return cli_fail(DK_IO, "try again, or look at what the system has left [process.none]", "no process for the run: %s",
                    strerror(outcome.status));
}

struct work {
    const struct cli_call *call;
    int (*run)(const struct cli_call *call);
};

static int work(void *context)
{
    const struct work *what = context;
    int status;

    db_inherit_sessions(isolate_ask_cancel);
    if (rules_changed_database(what->call) != NULL && !db_is_server(rules_changed_database(what->call)))
        db_keep_journal(rules_changed_database(what->call));
    status = cli_finish(what->run(what->call));
    if (what->call->command->flags & CLI_INTERACTIVE)
        desk_over(status);
    return status;
}

/* Runs an interactive session: a child that was ended is replaced, until one ends the session. False when the last one ended
 * in a way that ends the session, too: this process got a signal, or nobody had typed anything. */
static bool run_session(const struct isolation *isolation, struct work *what, struct isolate_outcome *outcome, int *status)
{
    struct cli_call resumed = *what->call;
    int first = 0;

    what->call = &resumed;
    for (;;) {
        *outcome = isolate_run(&isolation->rules, work, what);
        if (outcome->end != ISOLATE_EXITED)
            db_cancel_sessions(); /* nobody waits for what the servers still do */
        if (desk_is_over(status)) {
            *status = first != 0 && desk_is_plain() ? first : *status;
            return true;
        }
        if (outcome->end == ISOLATE_FAILED || outcome->own || desk_lines() == 0)
            return false;
        *status = outcome->end == ISOLATE_SIGNAL ? DK_SCRIPT : finish(isolation, *outcome);
        first = first != 0 ? first : *status;
        cli_note("the session goes on in a new process; its variables are gone");
        resumed.resumed = true;
    }
}

/* Whether a command has no child, or need not have one here; `status` is then what it ends with when it must have one. */
static bool stays(const struct cli_call *call, int *status)
{
    const char *wanted = cli_value(call, "isolation");
    const struct policy *policy;
    struct isolate_support support;

    if (policy_get(&policy, NULL) == DK_OK && policy->requires_isolation)
        wanted = "require";
    *status = -1;
    if (!(call->command->flags & CLI_ISOLATED) || call->help || cli_given(call, "trust"))
        return true;
    if (wanted != NULL && strcmp(wanted, "off") == 0)
        return true;
    support = isolate_support();
    if (support.lacks == NULL)
        return false;
    if (wanted != NULL && strcmp(wanted, "require") == 0)
        *status = cli_fail(DK_IO, "`difkit doctor` tells more; --isolation=auto runs without [isolation.missing]",
                           "--isolation=require: this system has %s", support.lacks);
    if (*status < 0 && support.kernel && support.landlock == 0)
        cli_note("language sandbox only: this system has %s; --isolation=require refuses to run so", support.lacks);
    return support.landlock == 0 && !support.filter ? true : *status >= 0;
}

int isolation_run(const struct cli_call *call, int (*run)(const struct cli_call *call))
{
    struct isolation isolation = {.held = -1};
    struct work what = {call, run};
    struct isolate_outcome outcome = {0};
    struct dk_error err = {0};
    bool collected, decided = false;
    int status;

    if (stays(call, &status))
        return status >= 0 ? status : run(call);
    collected = rules_collect(&isolation, call, &err) == DK_OK;
    if (collected) {
        (void)fflush(NULL);
        if (isolation.rules.serve != NULL) {
            decided = run_session(&isolation, &what, &outcome, &status);
        } else {
            outcome = isolate_run(&isolation.rules, work, &what);
            if (outcome.end != ISOLATE_EXITED)
                db_cancel_sessions();
        }
    }
    rules_end(&isolation);
    return !collected ? cli_error(&err) : decided ? status : finish(&isolation, outcome);
}
