#define _POSIX_C_SOURCE 200809L

#include "cli/signals.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/meter.h"
#include "base/standard.h"
#include "base/temporary.h"

static void stop(int signal)
{
    dk_meter_erase();
    dk_standard_rescue();
    dk_remove_temporaries();
    (void)raise(signal); /* SA_RESETHAND: ends the process as if there had been no handler, once this returns */
}

void signals_begin(void)
{
    static const int stopping[] = {
        SIGINT,  SIGTERM, SIGHUP, SIGPIPE, SIGXCPU,
#ifndef DIFKIT_SANITIZED /* which say more of a fault */
        SIGSEGV, SIGBUS,  SIGFPE, SIGILL,  SIGABRT,
#endif
    };
    struct sigaction action;

    memset(&action, 0, sizeof action);
    action.sa_handler = stop;
    action.sa_flags = SA_RESETHAND;
    sigfillset(&action.sa_mask);
    (void)signal(SIGXFSZ, SIG_IGN); /* writing then fails, and says why */
    (void)atexit(dk_remove_temporaries);
    for (size_t i = 0; i < sizeof stopping / sizeof stopping[0]; i++) {
        struct sigaction before;

        /* What was ignored from outside (nohup) stays ignored, but a closed pipe always ends the program. */
        if (sigaction(stopping[i], NULL, &before) == 0 && before.sa_handler == SIG_IGN && stopping[i] != SIGPIPE)
            continue;
        (void)sigaction(stopping[i], &action, NULL);
    }
}

static int ending;

void signals_end_by(int signal_number)
{
    ending = signal_number;
}

void signals_finish(void)
{
    struct sigaction usual = {.sa_handler = SIG_DFL};

    if (ending == 0)
        return;
    (void)sigaction(ending, &usual, NULL);
    (void)raise(ending);
}
