/* without WHAT COMMAND ARGUMENT…: runs a command as if the kernel did not have it: landlock, filter (of system calls),
 * process (the descriptor of a process), separated by commas. For the tests of what is left then. */
#define _GNU_SOURCE

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { LANDLOCK_CREATE_RULESET = 444, PIDFD_OPEN = 434, MOST = 32 };

static struct sock_filter step[MOST];
static unsigned short steps;

static void add(struct sock_filter next)
{
    step[steps++] = next;
}

/* The call gives this error, when its first argument is `argument` or that is negative. */
static void take_away(unsigned number, long argument, unsigned error)
{
    add((struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)));
    add((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, argument < 0 ? 1 : 3));
    if (argument >= 0) {
        add((struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])));
        add((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)argument, 0, 1));
    }
    add((struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error));
}

int main(int argc, char **argv)
{
    struct sock_fprog program = {.filter = step};

    if (argc < 3) {
        fputs("without WHAT COMMAND ARGUMENT…\n", stderr);
        return 2;
    }
    if (strstr(argv[1], "landlock") != NULL)
        take_away(LANDLOCK_CREATE_RULESET, -1, ENOSYS);
    if (strstr(argv[1], "process") != NULL)
        take_away(PIDFD_OPEN, -1, ENOSYS);
    if (strstr(argv[1], "filter") != NULL) {
        take_away(SYS_prctl, PR_GET_SECCOMP, EINVAL);
        take_away(SYS_seccomp, -1, ENOSYS);
    }
    add((struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    program.len = steps;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) != 0) {
        perror("without");
        return 3;
    }
    execvp(argv[2], argv + 2);
    perror(argv[2]);
    return 127;
}
