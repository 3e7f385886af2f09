/* The filter of system calls, laid upon this process and its threads. The table is made at build time (filter_make.c). */
#define _GNU_SOURCE

#include "isolate/isolate.h"

#if defined(DIFKIT_ISOLATION) && defined(DIFKIT_HAVE_FILTER)

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { OWN_PROCESS = 0x0d1f0b17 }; /* as in filter_make.c */

static const struct sock_filter made[] = {
#include "isolate/filter_table.h"
};

bool filter_there(void)
{
    return prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0;
}

bool filter_apply(void)
{
    struct sock_filter step[sizeof made / sizeof made[0]];
    struct sock_fprog program = {.len = (unsigned short)(sizeof made / sizeof made[0]), .filter = step};

    memcpy(step, made, sizeof made);
    for (size_t i = 0; i < sizeof made / sizeof made[0]; i++)
        if (BPF_CLASS(step[i].code) == BPF_JMP && step[i].k == OWN_PROCESS)
            step[i].k = (uint32_t)getpid();
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}

#else

bool filter_there(void)
{
    return false;
}

bool filter_apply(void)
{
    return false;
}

#endif
