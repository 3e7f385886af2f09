/* A hostile child against the parent: it says random bytes, messages that are nearly right, half of one, far too much or
 * nothing, listens to none, closes its end, and puts into its folders what the parent does not expect. The parent must
 * come back each time, with an ending that there is, with no descriptor left open, little memory, and nothing written
 * but the two files that its user named.
 *
 * * `test_isolate_hostile_child COUNT SEED` runs that many children from there; without arguments few, for every change. */
#define _GNU_SOURCE

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file.h"
#include "check.h"
#include "isolate/isolate.h"
#include "terminal/desk.h"

enum { FEW = 400, STALLS_EVERY = 25, SECONDS_FOR_ONE = 120, MEMORY_MOST_MEGABYTES = 700, WAYS = 9 };

static char inside[] = "/tmp/difkit-hostile-XXXXXX", outside[] = "/tmp/difkit-hostile-XXXXXX";
static char target[300], saved[300];

/* Chance, the same from the same beginning (xorshift, Marsaglia 2003). */
static uint64_t chance;

static uint32_t draw(uint32_t below)
{
    chance ^= chance << 13;
    chance ^= chance >> 7;
    chance ^= chance << 17;
    return (uint32_t)(chance >> 32) % below;
}

/* The child ---------------------------------------------------------------------------------------------------------- */

static int link_end_of_child;

static void say_bytes(const void *bytes, size_t size)
{
    (void)!send(link_end_of_child, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void say(uint32_t kind, int32_t number, uint32_t claimed, const void *text, size_t size)
{
    struct link_message head = {kind, number, claimed};

    say_bytes(&head, sizeof head);
    say_bytes(text, size);
}

static void say_noise(void)
{
    unsigned char bytes[4096];
    size_t size = draw(sizeof bytes) + 1;

    for (size_t i = 0; i < size; i++)
        bytes[i] = (unsigned char)draw(256);
    say_bytes(bytes, size);
}

static void say_nearly_right(void)
{
    static const char text[] = "a\0.save /etc/passwd\n\x1b[2J\xff../../x";
    static const int32_t numbers[] = {0, 1, -1, 255, INT32_MAX, INT32_MIN, 1 << 20};
    uint32_t size = draw(sizeof text), claimed = draw(8) == 0 ? draw(UINT32_MAX) : size;

    say(draw(LINK_KINDS + 2), numbers[draw(7)], claimed, text, size);
}

/* A whole session that does nothing wrong, but for one bit now and then. */
static void say_session(void)
{
    static const uint32_t kinds[] = {LINK_BEGIN, LINK_LINE,    LINK_SAVE,    LINK_SOURCE, LINK_REMEMBER,
                                     LINK_EDIT,  LINK_HISTORY, LINK_PUBLISH, LINK_LINE,   LINK_OVER};
    static const char text[] = "print 'owned'\n";

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        bool has_text = kinds[i] == LINK_SAVE || kinds[i] == LINK_REMEMBER || kinds[i] == LINK_EDIT;
        char bytes[sizeof(struct link_message) + sizeof text];
        struct link_message head = {kinds[i], (int32_t)draw(3), has_text ? sizeof text : 0};
        size_t size = sizeof head + head.size;

        memcpy(bytes, &head, sizeof head);
        memcpy(bytes + sizeof head, text, sizeof text);
        if (draw(6) == 0)
            bytes[draw((uint32_t)size)] ^= (char)(1u << draw(8));
        say_bytes(bytes, size);
        if (draw(3) == 0)
            usleep(1000);
    }
}

/* The largest text that there may be, of which most never comes. */
static void say_half(void)
{
    static char part[100000];

    say(LINK_SAVE, 0, LINK_TEXT_MOST, part, draw(sizeof part));
    if (draw(STALLS_EVERY) == 0)
        sleep(30);
}

static void say_and_never_listen(void)
{
    for (int i = 0; i < 3000; i++)
        say(draw(2) == 0 ? LINK_PUBLISH : LINK_SOURCE, 0, 0, NULL, 0);
    usleep(draw(20000));
}

static void close_end(void)
{
    if (draw(2) == 0)
        shutdown(link_end_of_child, (int)draw(3));
    else
        close(link_end_of_child);
    if (draw(STALLS_EVERY) == 0)
        sleep(30);
}

/* A descriptor of its own, for the parent to keep open. */
static void give_descriptor(void)
{
    struct link_message head = {LINK_PUBLISH, 0, 0};
    struct iovec part = {&head, sizeof head};
    char control[CMSG_SPACE(sizeof(int))] = {0};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    struct cmsghdr *first = CMSG_FIRSTHDR(&message);
    int descriptor = STDIN_FILENO;

    first->cmsg_level = SOL_SOCKET;
    first->cmsg_type = SCM_RIGHTS;
    first->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(first), &descriptor, sizeof descriptor);
    (void)!sendmsg(link_end_of_child, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* Something else in the place of the result, or the result and then another. */
static void publish_something(void)
{
    char place[600];
    DIR *folder = opendir(outside);
    struct dirent *entry;

    place[0] = '\0';
    while (folder != NULL && (entry = readdir(folder)) != NULL)
        if (strncmp(entry->d_name, ".difkit-run-", 12) == 0)
            snprintf(place, sizeof place, "%s/%s/result", outside, entry->d_name);
    if (folder != NULL)
        closedir(folder);
    switch (draw(4)) {
    case 0:
        (void)mkdir(place, 0700);
        break;
    case 1:
        (void)mkfifo(place, 0600);
        break;
    case 2:
        (void)!symlink("/etc/passwd", place);
        break;
    default:
        (void)dk_file_write(target, "result", 6, false, NULL);
    }
    say(LINK_PUBLISH, 0, 0, NULL, 0);
    usleep(2000);
}

static int be_hostile(void *context)
{
    static void (*const ways[WAYS])(void) = {say_noise,       say_nearly_right,     say_session,
                                             say_half,        say_and_never_listen, close_end,
                                             give_descriptor, publish_something,    say_nearly_right};

    chance = *(uint64_t *)context * 0x9e3779b97f4a7c15u + 1;
    for (int i = 0; i < 4; i++)
        (void)draw(2);
    link_end_of_child = isolate_link();
    for (uint32_t i = 0, count = 1 + draw(12); i < count; i++)
        ways[draw(WAYS)]();
    if (draw(4) == 0)
        usleep(draw(5000));
    return (int)draw(256);
}

/* The parent --------------------------------------------------------------------------------------------------------- */

static size_t descriptors(void)
{
    size_t count = 0;

    for (int i = 0; i < 1024; i++)
        count += fcntl(i, F_GETFD) >= 0;
    return count;
}

/* A terminal whose user has typed that already, as standard input; the other end is given. */
static int sit_down(const char *typed)
{
    int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), slave;

    CHECK(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
    slave = open(ptsname(master), O_RDWR | O_NOCTTY);
    CHECK(slave >= 0 && dup2(slave, STDIN_FILENO) == STDIN_FILENO && write(master, typed, strlen(typed)) > 0);
    close(slave);
    return master;
}

/* The names in a folder, in order, with the sizes of files. */
static void list(const char *folder, struct dk_buffer *out)
{
    struct dk_names names;

    CHECK(dk_folder_list(folder, "", &names, NULL) == DK_OK);
    for (size_t i = 0; i < names.count; i++)
        dk_buffer_format(out, "%s\n", names.name[i]);
    dk_names_free(&names);
}

static void run_one(uint64_t seed, bool session)
{
    const char *const write[] = {inside}, *const read[] = {"/usr", "/lib", "/lib64"};
    struct isolate_rules rules = {.read = read,
                                  .read_count = 3,
                                  .write = write,
                                  .write_count = 1,
                                  .result = target,
                                  .clock = 0.3,
                                  .processor = 1,
                                  .disk = 64 << 20};
    size_t before = descriptors();
    struct isolate_outcome outcome;

    rules.serve = session ? desk_serve : NULL;
    alarm(SECONDS_FOR_ONE); /* a parent that does not come back is ended, and this test with it */
    outcome = isolate_run(&rules, be_hostile, &seed);
    alarm(0);
    if (outcome.end > ISOLATE_SIGNAL || descriptors() != before) {
        check_failures++;
        printf("child %llu: end %d, %zu descriptors for %zu\n", (unsigned long long)seed, (int)outcome.end, descriptors(),
               before);
    }
}

static void run_many(unsigned count, uint64_t first)
{
    struct dk_buffer typed = {0};
    int master = -1;

    dk_buffer_format(&typed, "print 'owned'\n.save! %s\n1\n.source %s\n2\n.edit\n3\n", saved, saved);
    for (unsigned i = 0; i < count; i++) {
        if (i % 8 == 0) {
            if (master >= 0)
                close(master);
            master = sit_down(typed.bytes);
        }
        run_one(first + i, i % 3 != 0);
    }
    close(master);
    dk_buffer_free(&typed);
}

int main(int argc, char **argv)
{
    unsigned count = argc > 1 ? (unsigned)atoi(argv[1]) : FEW;
    uint64_t first = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    struct isolate_support support = isolate_support();
    struct dk_buffer there = {0};
    struct rusage used;
    struct stat passwd, again;
    char command[300];

    if (support.lacks != NULL) {
        printf("skipped: %s on this kernel\n", support.lacks);
        return 0;
    }
    CHECK(mkdtemp(inside) != NULL && mkdtemp(outside) != NULL);
    snprintf(target, sizeof target, "%s/result.txt", outside);
    snprintf(saved, sizeof saved, "%s/saved.lua", outside);
    (void)setenv("TERM", "dumb", 1); /* lines are read without libedit */
    (void)setenv("EDITOR", "true", 1);
    (void)unsetenv("VISUAL");
    (void)setenv("XDG_STATE_HOME", inside, 1);
    (void)!freopen("/dev/null", "w", stderr);
    CHECK(stat("/etc/passwd", &passwd) == 0);
    run_many(count, first);
    CHECK(stat("/etc/passwd", &again) == 0 && again.st_mtime == passwd.st_mtime && again.st_size == passwd.st_size);
    list(outside, &there);
    CHECK_TEXT(there.bytes, "result.txt\nsaved.lua\n");
    CHECK(getrusage(RUSAGE_SELF, &used) == 0 && used.ru_maxrss < MEMORY_MOST_MEGABYTES << 10);
    dk_buffer_free(&there);
    snprintf(command, sizeof command, "rm -rf '%s' '%s'", inside, outside);
    CHECK(system(command) == 0);
    return check_result();
}
