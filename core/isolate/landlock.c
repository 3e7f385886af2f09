/* Landlock: rules on files that a process lays upon itself (Linux 5.13 and later, Documentation/userspace-api/landlock.rst).
 * The constants are written down here: the header of the distribution may be older than the kernel. */
#define _GNU_SOURCE

#include "isolate/isolate.h"

#ifdef DIFKIT_ISOLATION

#include <errno.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The numbers of the calls are the same on every architecture. */
enum { CREATE_RULESET = 444, ADD_RULE = 445, RESTRICT_SELF = 446 };
enum { RULE_PATH_BENEATH = 1, CREATE_VERSION = 1 };

enum access {
    EXECUTE = 1 << 0,
    WRITE_FILE = 1 << 1,
    READ_FILE = 1 << 2,
    READ_DIR = 1 << 3,
    REMOVE_DIR = 1 << 4,
    REMOVE_FILE = 1 << 5,
    MAKE_CHAR = 1 << 6,
    MAKE_DIR = 1 << 7,
    MAKE_REG = 1 << 8,
    MAKE_SOCK = 1 << 9,
    MAKE_FIFO = 1 << 10,
    MAKE_BLOCK = 1 << 11,
    MAKE_SYM = 1 << 12,
    REFER = 1 << 13,     /* version 2 */
    TRUNCATE = 1 << 14,  /* version 3 */
    IOCTL_DEV = 1 << 15, /* version 5 */
    FIRST = (1 << 13) - 1
};

enum { NET_BIND_TCP = 1, NET_CONNECT_TCP = 2 };            /* version 4 */
enum { SCOPE_ABSTRACT_UNIX_SOCKET = 1, SCOPE_SIGNAL = 2 }; /* version 6 */

struct ruleset {
    uint64_t fs, net, scoped;
};

/* Packed in the kernel; the two members leave no gap that would count. */
struct path_beneath {
    uint64_t allowed;
    int32_t parent;
};

int landlock_version(void)
{
    long version = syscall(CREATE_RULESET, NULL, 0, CREATE_VERSION);

    return version > 0 ? (int)version : 0;
}

/* The rights that this version knows. */
static uint64_t handled(int version)
{
    uint64_t all = FIRST;

    if (version >= 2)
        all |= REFER;
    if (version >= 3)
        all |= TRUNCATE;
    if (version >= 5)
        all |= IOCTL_DEV;
    return all;
}

static bool allow(int ruleset, const char *path, uint64_t rights, uint64_t all)
{
    struct path_beneath rule = {.parent = open(path, O_PATH | O_CLOEXEC)};
    struct stat status;
    bool done;

    if (rule.parent < 0) /* what is not there needs no rule */
        return errno != EMFILE && errno != ENFILE && errno != ENOMEM;
    rule.allowed = rights & all;
    if (fstat(rule.parent, &status) == 0 && !S_ISDIR(status.st_mode))
        rule.allowed &= EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV;
    done = syscall(ADD_RULE, ruleset, RULE_PATH_BENEATH, &rule, 0) == 0 || errno == EBADFD || errno == ENOMSG;
    close(rule.parent);
    return done;
}

bool landlock_apply(const struct isolate_rules *rules, int version)
{
    const uint64_t all = handled(version);
    const uint64_t reading = READ_FILE | READ_DIR;
    const uint64_t writing = reading | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | REFER | TRUNCATE;
    struct ruleset attributes = {.fs = all};
    size_t size = sizeof attributes.fs;
    int ruleset, problem;
    bool done = true;

    if (version >= 4) {
        attributes.net = NET_BIND_TCP | NET_CONNECT_TCP;
        size = sizeof attributes.fs + sizeof attributes.net;
    }
    if (version >= 6) {
        attributes.scoped = SCOPE_ABSTRACT_UNIX_SOCKET | SCOPE_SIGNAL;
        size = sizeof attributes;
    }
    ruleset = (int)syscall(CREATE_RULESET, &attributes, size, 0);
    if (ruleset < 0)
        return false;
    for (size_t i = 0; i < rules->read_count && done; i++)
        done = allow(ruleset, rules->read[i], reading, all);
    for (size_t i = 0; i < rules->write_count && done; i++)
        done = allow(ruleset, rules->write[i], writing, all);
    done = done && allow(ruleset, "/dev/null", READ_FILE | WRITE_FILE | TRUNCATE, all);
    done = done && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && syscall(RESTRICT_SELF, ruleset, 0) == 0;
    problem = errno;
    close(ruleset);
    errno = problem;
    return done;
}

#else

int landlock_version(void)
{
    return 0;
}

bool landlock_apply(const struct isolate_rules *rules, int version)
{
    (void)rules;
    (void)version;
    return false;
}

#endif
