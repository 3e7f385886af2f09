/* Writes the filter of system calls as a table of C, at build time: `filter_make FILE`. It is made by libseccomp, which
 * knows the numbers of the calls on each architecture; the program itself does not need the library.
 *
 * What is listed is allowed. What is not gets ENOSYS, as on a kernel that does not have it, so that a newer C library falls
 * back on what it used before; what changes the rights or times of files, or reaches the network, gets EPERM. A short list
 * that nothing of difkit ever calls ends the process. */
#define _GNU_SOURCE

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <linux/filter.h>
#include <unistd.h>

static const char *const allowed[] = {"read",
                                      "readv",
                                      "pread64",
                                      "preadv",
                                      "write",
                                      "writev",
                                      "pwrite64",
                                      "pwritev",
                                      "open",
                                      "openat",
                                      "openat2",
                                      "close",
                                      "close_range",
                                      "stat",
                                      "fstat",
                                      "lstat",
                                      "newfstatat",
                                      "fstatat64",
                                      "statx",
                                      "lseek",
                                      "_llseek",
                                      "mmap",
                                      "mmap2",
                                      "mprotect",
                                      "munmap",
                                      "mremap",
                                      "madvise",
                                      "brk",
                                      "rt_sigaction",
                                      "rt_sigprocmask",
                                      "rt_sigreturn",
                                      "sigreturn",
                                      "sigaltstack",
                                      "rt_sigtimedwait",
                                      "rt_sigsuspend",
                                      "rt_sigpending",
                                      "access",
                                      "faccessat",
                                      "faccessat2",
                                      "pipe",
                                      "pipe2",
                                      "poll",
                                      "ppoll",
                                      "select",
                                      "pselect6",
                                      "epoll_create1",
                                      "epoll_ctl",
                                      "epoll_wait",
                                      "epoll_pwait",
                                      "eventfd2",
                                      "dup",
                                      "dup2",
                                      "dup3",
                                      "fcntl",
                                      "fcntl64",
                                      "flock",
                                      "fsync",
                                      "fdatasync",
                                      "sync_file_range",
                                      "ftruncate",
                                      "ftruncate64",
                                      "fallocate",
                                      "fadvise64",
                                      "copy_file_range",
                                      "sendfile",
                                      "getdents",
                                      "getdents64",
                                      "getcwd",
                                      "chdir",
                                      "fchdir",
                                      "rename",
                                      "renameat",
                                      "renameat2",
                                      "mkdir",
                                      "mkdirat",
                                      "rmdir",
                                      "unlink",
                                      "unlinkat",
                                      "readlink",
                                      "readlinkat",
                                      "statfs",
                                      "fstatfs",
                                      "statfs64",
                                      "fstatfs64",
                                      "umask",
                                      "clock_gettime",
                                      "clock_getres",
                                      "clock_nanosleep",
                                      "clock_gettime64",
                                      "nanosleep",
                                      "gettimeofday",
                                      "time",
                                      "times",
                                      "getrusage",
                                      "getpid",
                                      "gettid",
                                      "getppid",
                                      "getuid",
                                      "geteuid",
                                      "getgid",
                                      "getegid",
                                      "getgroups",
                                      "getpgrp",
                                      "uname",
                                      "sysinfo",
                                      "sched_yield",
                                      "sched_getaffinity",
                                      "sched_getparam",
                                      "sched_getscheduler",
                                      "set_tid_address",
                                      "set_robust_list",
                                      "get_robust_list",
                                      "rseq",
                                      "futex",
                                      "futex_waitv",
                                      "futex_time64",
                                      "membarrier",
                                      "getrlimit",
                                      "ugetrlimit",
                                      "getrandom",
                                      "exit",
                                      "exit_group",
                                      "restart_syscall",
                                      "arch_prctl",
                                      "set_thread_area",
                                      "memfd_create",
                                      "setitimer",
                                      "getitimer",
                                      "alarm",
                                      "timer_create",
                                      "timer_settime",
                                      "timer_gettime",
                                      "timer_delete",
                                      "getpriority",
                                      "sendmsg",
                                      "recvmsg",
                                      "sendto",
                                      "recvfrom",
                                      "shutdown",
                                      "mincore",
                                      "msync",
                                      "mlock",
                                      "munlock",
                                      "getcpu"};

static const char *const refused[] = {"chmod",
                                      "fchmod",
                                      "fchmodat",
                                      "fchmodat2",
                                      "chown",
                                      "lchown",
                                      "fchown",
                                      "fchownat",
                                      "utime",
                                      "utimes",
                                      "utimensat",
                                      "futimesat",
                                      "setxattr",
                                      "lsetxattr",
                                      "fsetxattr",
                                      "removexattr",
                                      "lremovexattr",
                                      "fremovexattr",
                                      "truncate",
                                      "truncate64",
                                      "mknod",
                                      "mknodat",
                                      "link",
                                      "linkat",
                                      "symlink",
                                      "symlinkat",
                                      "socket",
                                      "socketpair",
                                      "connect",
                                      "bind",
                                      "listen",
                                      "accept",
                                      "accept4",
                                      "fork",
                                      "vfork",
                                      "kill",
                                      "tkill",
                                      "setuid",
                                      "setgid",
                                      "setsid",
                                      "setpgid",
                                      "prctl",
                                      "setrlimit",
                                      "setpriority",
                                      "sched_setaffinity",
                                      "sched_setscheduler",
                                      "inotify_init1",
                                      "fanotify_init",
                                      "shmget",
                                      "shmat",
                                      "msgget",
                                      "semget",
                                      "mq_open"};

static const char *const deadly[] = {"execve",
                                     "execveat",
                                     "ptrace",
                                     "bpf",
                                     "io_uring_setup",
                                     "io_uring_enter",
                                     "io_uring_register",
                                     "mount",
                                     "umount2",
                                     "pivot_root",
                                     "chroot",
                                     "init_module",
                                     "finit_module",
                                     "delete_module",
                                     "kexec_load",
                                     "kexec_file_load",
                                     "process_vm_readv",
                                     "process_vm_writev",
                                     "process_madvise",
                                     "pidfd_getfd",
                                     "perf_event_open",
                                     "userfaultfd",
                                     "add_key",
                                     "keyctl",
                                     "request_key",
                                     "reboot",
                                     "swapon",
                                     "swapoff",
                                     "open_by_handle_at",
                                     "unshare",
                                     "setns",
                                     "acct",
                                     "quotactl",
                                     "move_mount",
                                     "open_tree",
                                     "fsopen",
                                     "fsmount"};

enum { OWN_PROCESS = 0x0d1f0b17 }; /* stands for the number of the process, which filter.c puts in its place */

static void add(scmp_filter_ctx filter, uint32_t action, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int number = seccomp_syscall_resolve_name(names[i]);

        /* A call that this architecture does not have needs no rule. */
        if (number != __NR_SCMP_ERROR && seccomp_rule_add(filter, action, number, 0) < 0 && number > 0)
            fprintf(stderr, "filter_make: no rule for %s\n", names[i]);
    }
}

static void add_special(scmp_filter_ctx filter)
{
    /* New threads, no new processes. */
    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1, SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
    /* Its own limits, which it can lower but not lift. */
    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1, SCMP_A0(SCMP_CMP_EQ, 0));
    /* A signal to itself, as raise() and abort() send it. */
    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, SCMP_A0(SCMP_CMP_EQ, OWN_PROCESS));
    /* A terminal may be asked for its size and modes; nothing is typed into it for its user (TIOCSTI, TIOCLINUX). */
    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1, SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffffu, TCGETS));
    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1, SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffffu, TIOCGWINSZ));
    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1, SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffffu, FIONREAD));
}

static int write_table(scmp_filter_ctx filter, const char *path)
{
    FILE *out = fopen(path, "w"), *program = tmpfile();
    struct sock_filter step;
    int status = 1;

    if (out != NULL && program != NULL && seccomp_export_bpf(filter, fileno(program)) == 0) {
        rewind(program);
        fputs("/* Made by filter_make. */\n", out);
        while (fread(&step, sizeof step, 1, program) == 1)
            fprintf(out, "{0x%04x, %u, %u, 0x%08xu},\n", step.code, step.jt, step.jf, step.k);
        status = ferror(out) != 0;
    }
    if (program != NULL)
        fclose(program);
    if (out != NULL && fclose(out) != 0)
        status = 1;
    return status;
}

int main(int argc, char **argv)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
    int status;

    if (argc != 2 || filter == NULL)
        return 1;
    add(filter, SCMP_ACT_ALLOW, allowed, sizeof allowed / sizeof allowed[0]);
    add(filter, SCMP_ACT_ERRNO(EPERM), refused, sizeof refused / sizeof refused[0]);
    add(filter, SCMP_ACT_KILL_PROCESS, deadly, sizeof deadly / sizeof deadly[0]);
    add_special(filter);
    status = write_table(filter, argv[1]);
    seccomp_release(filter);
    return status;
}
