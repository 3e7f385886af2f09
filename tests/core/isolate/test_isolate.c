/* A process under the kernel's rules, without any other wall: what a child tries by system calls of its own fails by the
 * kernel alone. With each version of Landlock from 1 to the one that is here; as an unprivileged user as well when this runs
 * as root. */
#define _GNU_SOURCE

#include "isolate/isolate.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file.h"
#include "check.h"

#define CHECK_EQUAL(got, wanted) check_equal((got), (wanted), __LINE__)

static void check_equal(int got, int wanted, int line)
{
    if (got == wanted)
        return;
    check_failures++;
    printf("%s:%d: got %d, wanted %d\n", __FILE__, line, got, wanted);
}

static char inside[] = "/tmp/difkit-test-XXXXXX", outside[] = "/tmp/difkit-test-XXXXXX",
            readable[] = "/tmp/difkit-test-XXXXXX";
static char path[512];

static const char *in(const char *folder, const char *name)
{
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void make_file(const char *folder, const char *name)
{
    CHECK(dk_file_write(in(folder, name), "text", 4, false, NULL) == DK_OK);
    CHECK(chmod(path, 0666) == 0);
}

static struct isolate_rules rules_of(void)
{
    static const char *const write[] = {inside};
    static const char *const read[] = {readable, "/usr", "/lib", "/lib64"};
    struct isolate_rules rules = {.read = read, .read_count = 4, .write = write, .write_count = 1};

    return rules;
}

/* A child's work fails a check by its exit status: the line. */
#define MUST(condition)                                                                                                     \
    do {                                                                                                                    \
        if (!(condition))                                                                                                   \
            return __LINE__ % 251 + 1;                                                                                      \
    } while (0)

static int refused(int result)
{
    return result < 0 && (errno == EACCES || errno == EPERM || errno == ENOSYS || errno == EXDEV || errno == EROFS);
}

static int use_files(void *context)
{
    int descriptor;
    struct stat status;

    (void)context;
    descriptor = open(in(inside, "new"), O_WRONLY | O_CREAT | O_EXCL, 0600);
    MUST(descriptor >= 0 && write(descriptor, "x", 1) == 1 && close(descriptor) == 0);
    MUST(mkdir(in(inside, "folder"), 0700) == 0 && rmdir(path) == 0);
    MUST(rename(in(inside, "new"), "/tmp/../tmp/x") < 0);
    MUST(unlink(in(inside, "new")) == 0);
    MUST((descriptor = open(in(readable, "file"), O_RDONLY)) >= 0 && close(descriptor) == 0);
    MUST(refused(open(in(readable, "file"), O_WRONLY)));
    MUST(refused(open(in(readable, "new"), O_WRONLY | O_CREAT, 0600)));
    MUST(refused(unlink(in(readable, "file"))));
    MUST(refused(open(in(outside, "file"), O_RDONLY)));
    MUST(refused(open(in(outside, "file"), O_WRONLY)));
    MUST(refused(open(in(outside, "new"), O_WRONLY | O_CREAT, 0600)));
    MUST(refused(unlink(in(outside, "file"))));
    MUST(refused(mkdir(in(outside, "folder"), 0700)));
    MUST(refused(open(in(inside, "link"), O_RDONLY))); /* a link that leads out */
    MUST(refused(open(in(inside, "link"), O_WRONLY | O_TRUNC)));
    MUST(refused(open("/etc/passwd", O_RDONLY)));
    MUST(refused(open("/proc/1/environ", O_RDONLY)));
    MUST((descriptor = open("/dev/null", O_WRONLY)) >= 0 && close(descriptor) == 0);
    MUST(stat(in(outside, "file"), &status) == 0 && status.st_size == 4);
    return 0;
}

/* What Landlock does not cover, or not in every version. */
static int use_attributes(void *context)
{
    struct timeval times[2] = {{0}};

    (void)context;
    MUST(refused(chmod(in(outside, "file"), 0)));
    MUST(refused(chmod(in(inside, "kept"), 0)));
    MUST(refused(chown(in(outside, "file"), 1, 1)));
    MUST(refused(utimes(in(outside, "file"), times)));
    MUST(refused(truncate(in(outside, "file"), 0)));
    MUST(refused((int)syscall(SYS_setxattr, in(outside, "file"), "user.x", "y", 1, 0)));
    MUST(refused(link(in(readable, "file"), "/tmp/difkit-linked")));
    MUST(refused(symlink("/etc/passwd", in(inside, "passwd"))));
    MUST(refused(mkfifo(in(inside, "fifo"), 0600)));
    return 0;
}

static int use_processes(void *context)
{
    (void)context;
    MUST(refused(fork()));
    MUST(refused((int)syscall(SYS_fork)));
    MUST(refused((int)syscall(SYS_vfork)));
    MUST(refused((int)syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, 0)));
    MUST(refused(kill(getppid(), 0)));
    MUST(refused((int)syscall(SYS_tgkill, getppid(), getppid(), SIGTERM)));
    MUST(refused(setsid()));
    return 0;
}

static int use_network(void *context)
{
    static const int families[] = {AF_INET, AF_INET6, AF_UNIX, AF_NETLINK, AF_PACKET};
    int pair[2];

    (void)context;
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++)
        MUST(refused(socket(families[i], SOCK_STREAM, 0)));
    MUST(refused(socketpair(AF_UNIX, SOCK_STREAM, 0, pair)));
    return 0;
}

static int use_terminal(void *context)
{
    char letter = 'x';

    (void)context;
    MUST(refused(ioctl(STDIN_FILENO, TIOCSTI, &letter)));
    return 0;
}

static int use_descriptors(void *context)
{
    (void)context;
    for (int i = 4; i < 64; i++) /* 3 speaks to the parent */
        MUST(fcntl(i, F_GETFD) < 0 && errno == EBADF);
    return 0;
}

/* Each of these ends the process: the number of the call is the context. */
static int call_deadly(void *context)
{
    (void)syscall(*(const long *)context, 0, 0, 0, 0, 0);
    return 0;
}

static void test_refusals(void)
{
    static int (*const works[])(void *) = {use_attributes, use_processes, use_network, use_terminal};
    struct isolate_rules rules = rules_of();
    struct isolate_support support = isolate_support();
    int open_one = open("/dev/null", O_RDONLY), kept = dup2(open_one, 40);

    for (int version = support.landlock; version >= 1; version--) {
        struct isolate_outcome outcome;

        isolate_pretend(version);
        CHECK(isolate_support().landlock == version);
        outcome = isolate_run(&rules, use_files, NULL);
        CHECK_EQUAL((int)outcome.end, (int)ISOLATE_EXITED);
        CHECK_EQUAL(outcome.status, 0);
    }
    isolate_pretend(-1);
    for (size_t i = 0; support.filter && i < sizeof works / sizeof works[0]; i++) {
        struct isolate_outcome outcome = isolate_run(&rules, works[i], NULL);

        CHECK_EQUAL((int)outcome.end, (int)ISOLATE_EXITED);
        CHECK_EQUAL(outcome.status, 0);
    }
    CHECK_EQUAL(isolate_run(&rules, use_descriptors, NULL).status, 0);
    close(open_one);
    close(kept);
}

static void test_deadly_calls(void)
{
    static const long calls[] = {
        SYS_execve,  SYS_ptrace, SYS_bpf,   SYS_mount, SYS_init_module, SYS_process_vm_readv, SYS_process_vm_writev,
        SYS_unshare, SYS_setns,  SYS_keyctl};
    struct isolate_rules rules = rules_of();

    for (size_t i = 0; isolate_support().filter && i < sizeof calls / sizeof calls[0]; i++) {
        long call = calls[i];

        CHECK_EQUAL((int)isolate_run(&rules, call_deadly, &call).end, (int)ISOLATE_FORBIDDEN);
    }
}

/* How children end ------------------------------------------------------------------------------------------------- */

static int give_seven(void *context)
{
    (void)context;
    return 7;
}

static int spin(void *context)
{
    volatile unsigned count = 0;

    (void)context;
    while (count + 1 != 0 || context == NULL)
        count++;
    return 0;
}

static int sleep_long(void *context)
{
    (void)context;
    sleep(60);
    return 0;
}

static int crash(void *context)
{
    (void)context;
    signal(SIGSEGV, SIG_DFL); /* the sanitizers have a handler of their own */
    raise(SIGSEGV);
    return 0;
}

static int fill_disk(void *context)
{
    static const char block[65536] = {1};

    (void)context;
    for (int file = 0;; file++) {
        char name[16];
        int descriptor;

        snprintf(name, sizeof name, "%d", file);
        descriptor = open(in(inside, name), O_WRONLY | O_CREAT, 0600);
        for (int i = 0; i < 64 && descriptor >= 0; i++)
            if (write(descriptor, block, sizeof block) < 0)
                return 1;
        close(descriptor);
        usleep(20000);
    }
}

static int use_scratch(void *context)
{
    const char *scratch = getenv("TMPDIR");
    char name[300];

    (void)context;
    MUST(scratch != NULL && strncmp(scratch, "/tmp/difkit-", 12) == 0);
    snprintf(name, sizeof name, "%s/left", scratch);
    MUST(dk_file_write(name, "x", 1, false, NULL) == DK_OK);
    MUST(dk_file_write(in(inside, "scratch"), scratch, strlen(scratch), false, NULL) == DK_OK);
    return 0;
}

static void test_ends(void)
{
    struct isolate_rules rules = rules_of();
    struct dk_buffer scratch = {0};
    struct isolate_outcome outcome = isolate_run(&rules, give_seven, NULL);

    CHECK_EQUAL((int)outcome.end, (int)ISOLATE_EXITED);
    CHECK_EQUAL(outcome.status, 7);
    outcome = isolate_run(&rules, crash, NULL);
    CHECK_EQUAL((int)outcome.end, (int)ISOLATE_CRASHED);
    CHECK_EQUAL(outcome.status, SIGSEGV);
    rules.clock = 0.5;
    CHECK_EQUAL((int)isolate_run(&rules, sleep_long, NULL).end, (int)ISOLATE_CLOCK);
    CHECK_EQUAL((int)isolate_run(&rules, spin, NULL).end, (int)ISOLATE_CLOCK);
    rules.clock = 0;
    rules.disk = 16 << 20;
    CHECK_EQUAL((int)isolate_run(&rules, fill_disk, NULL).end, (int)ISOLATE_DISK);
    rules.disk = 0;
    CHECK_EQUAL(isolate_run(&rules, use_scratch, NULL).status, 0);
    CHECK(dk_file_read(in(inside, "scratch"), 0, &scratch, NULL) == DK_OK);
    CHECK(!dk_file_exists(scratch.bytes));
    dk_buffer_free(&scratch);
}

/* A result, wherever it is ------------------------------------------------------------------------------------------- */

static char target[300];

static int write_result(void *context)
{
    MUST(dk_file_write(target, context, strlen(context), false, NULL) == DK_OK);
    return 0;
}

static int write_elsewhere(void *context)
{
    (void)context;
    MUST(dk_file_write(in(outside, "other"), "x", 1, false, NULL) != DK_OK);
    return 0;
}

static void test_result(void)
{
    struct isolate_rules rules = rules_of();
    struct dk_buffer text = {0};
    struct dk_names names;
    struct stat status;

    snprintf(target, sizeof target, "%s/result.txt", outside);
    rules.result = target;
    CHECK_EQUAL(isolate_run(&rules, write_result, "one").status, 0);
    CHECK(chmod(target, 0640) == 0);
    CHECK_EQUAL(isolate_run(&rules, write_result, "two").status, 0);
    CHECK(dk_file_read(target, 0, &text, NULL) == DK_OK && strcmp(text.bytes, "two") == 0);
    CHECK(stat(target, &status) == 0 && (status.st_mode & 0777) == 0640); /* it keeps its mode */
    dk_buffer_free(&text);
    CHECK_EQUAL(isolate_run(&rules, write_elsewhere, NULL).status, 0);
    CHECK(dk_folder_list(outside, "", &names, NULL) == DK_OK); /* no folder of the run is left */
    CHECK_EQUAL((int)names.count, 2);
    dk_names_free(&names);
    /* Through a link the file that it leads to is written, and the link stays. */
    snprintf(path, sizeof path, "%s/to-result", inside);
    CHECK(symlink(target, path) == 0);
    snprintf(target, sizeof target, "%s/to-result", inside);
    CHECK_EQUAL(isolate_run(&rules, write_result, "three").status, 0);
    CHECK(lstat(target, &status) == 0 && S_ISLNK(status.st_mode));
    CHECK(dk_file_read(target, 0, &text, NULL) == DK_OK && strcmp(text.bytes, "three") == 0);
    dk_buffer_free(&text);
}

static void test_all(void)
{
    test_refusals();
    test_deadly_calls();
    test_ends();
    test_result();
}

static void remove_folder(const char *folder)
{
    char command[600];

    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    CHECK(system(command) == 0);
}

static void run_in_folders(void)
{
    char link_name[300], link_target[300];

    strcpy(strrchr(inside, '-'), "-XXXXXX");
    strcpy(strrchr(outside, '-'), "-XXXXXX");
    strcpy(strrchr(readable, '-'), "-XXXXXX");
    CHECK(mkdtemp(inside) != NULL && mkdtemp(outside) != NULL && mkdtemp(readable) != NULL);
    make_file(inside, "kept");
    make_file(outside, "file");
    make_file(readable, "file");
    snprintf(link_name, sizeof link_name, "%s/link", inside);
    snprintf(link_target, sizeof link_target, "%s/file", outside);
    CHECK(symlink(link_target, link_name) == 0);
    test_all();
    remove_folder(inside);
    remove_folder(outside);
    remove_folder(readable);
}

int main(void)
{
    struct isolate_support support = isolate_support();
    int status;

    if (support.landlock == 0) {
        printf("skipped: %s on this kernel\n", support.lacks);
        return 0;
    }
    run_in_folders();
    /* The same without privileges: the rules must not need any. */
    if (getuid() == 0) {
        pid_t child = fork();

        if (child == 0) {
            if (setgid(65534) != 0 || setuid(65534) != 0)
                _exit(99);
            run_in_folders();
            _exit(check_result());
        }
        CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    return check_result();
}
