/* What opens a path is the command line that the user typed: from it the rules are made under which the child works. What
 * the system itself needs is listed here. */
#define _GNU_SOURCE

#include "cli/rules.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file.h"
#include "cli/script.h"
#include "cli/session.h"
#include "db/db.h"
#include "terminal/desk.h"

/* What the program and its libraries read: themselves, fonts, the time zone, the letters of the language. */
static const char *const system_paths[] = {"/usr",
                                           "/lib",
                                           "/lib64",
                                           "/lib32",
                                           "/etc/ld.so.cache",
                                           "/etc/ld.so.preload",
                                           "/etc/alternatives",
                                           "/etc/fonts",
                                           "/etc/localtime",
                                           "/etc/timezone",
                                           "/etc/locale.alias",
                                           "/var/cache/fontconfig",
                                           "/dev/urandom",
                                           "/dev/random",
                                           "/dev/zero",
                                           "/sys/devices/system/cpu",
                                           "/proc/self/maps",
                                           "/proc/meminfo",
                                           "/proc/cpuinfo"};

enum { CLOCK_DEFAULT = 3600, MEMORY_SLACK_MEGABYTES = 1024, HEAP_SLACK_MEGABYTES = 256, JOURNAL_TRIES = 100 };

static void add(struct paths *paths, const char *path)
{
    if (paths->count == paths->capacity) {
        paths->capacity = paths->capacity == 0 ? 64 : paths->capacity * 2;
        paths->path = dk_realloc(paths->path, paths->capacity * sizeof *paths->path);
    }
    paths->path[paths->count++] = dk_copy_text(path);
}

static void paths_free(struct paths *paths)
{
    for (size_t i = 0; i < paths->count; i++)
        free(paths->path[i]);
    free(paths->path);
}

static void add_folder_of(struct paths *paths, const char *path)
{
    char *copy = dk_copy_text(path);

    add(paths, dirname(copy));
    free(copy);
}

static bool ends_in(const char *path, const char *ending)
{
    size_t size = strlen(path), tail = strlen(ending);

    return size >= tail && strcmp(path + size - tail, ending) == 0;
}

/* Whether a file describes others that stand beside it: YAML, the description of a Data Package, metadata of CSV on the Web.
 */
static bool names_others(const char *path)
{
    return ends_in(path, ".yaml") || ends_in(path, ".yml") || ends_in(path, "datapackage.json") ||
           ends_in(path, "-metadata.json");
}

/* A file in the folder of another, where it is there. */
static void add_beside(struct paths *paths, const char *path, const char *file)
{
    char *copy = dk_copy_text(path);
    struct dk_buffer name = {0};

    dk_buffer_format(&name, "%s/%s", dirname(copy), file);
    if (dk_file_exists(name.bytes))
        add(paths, name.bytes);
    dk_buffer_free(&name);
    free(copy);
}

/* The catalogs of SAS that may say what the codes of a file mean: that of its name, and one for the whole folder. */
static void add_catalogs(struct paths *paths, const char *path)
{
    static const char *const endings[] = {".sas7bcat", ".SAS7BCAT"};
    const char *file = strrchr(path, '/') != NULL ? strrchr(path, '/') + 1 : path, *dot = strrchr(file, '.');
    struct dk_buffer name = {0};

    if (dot == NULL || strcasecmp(dot, ".sas7bdat") != 0)
        return;
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        name.size = 0;
        dk_buffer_format(&name, "%.*s%s", (int)(dot - file), file, endings[i]);
        add_beside(paths, path, name.bytes);
    }
    add_beside(paths, path, "formats.sas7bcat");
    add_beside(paths, path, "FORMATS.SAS7BCAT");
    dk_buffer_free(&name);
}

/* A path that the user typed: the file or folder itself; of a file that names others its folder; of a database what SQLite
 * keeps beside it. */
static void add_named(struct paths *paths, const char *path)
{
    static const char *const beside[] = {"-wal", "-shm", "-journal"};

    if (!dk_file_exists(path))
        return;
    add(paths, path);
    if (names_others(path)) {
        add_folder_of(paths, path);
        return;
    }
    add_beside(paths, path, "units.yaml"); /* what was decided about the names of units in it */
    add_catalogs(paths, path);
    for (size_t i = 0; i < sizeof beside / sizeof beside[0]; i++) {
        struct dk_buffer name = {0};

        dk_buffer_format(&name, "%s%s", path, beside[i]);
        if (dk_file_exists(name.bytes))
            add(paths, name.bytes);
        dk_buffer_free(&name);
    }
}

/* A word of the command line: a path, --option=PATH, or a path with the address of a place in it. */
static void add_word(struct paths *paths, const char *word)
{
    const char *value = word[0] == '-' ? strchr(word, '=') : NULL;
    char *copy = dk_copy_text(value != NULL ? value + 1 : word);

    add_named(paths, copy);
    copy[strcspn(copy, "#")] = '\0';
    add_named(paths, copy);
    free(copy);
}

/* The folder in which a command's own files stand: of a script or a page its folder, of the tests theirs and the one above.
 */
static void add_own_folder(struct paths *paths, const char *command, const char *path)
{
    char *copy = dk_copy_text(path);
    const char *folder = dk_is_folder(path) ? path : dirname(copy);

    if (!script_folder_is_wide(folder)) {
        add(paths, folder);
        if (strcmp(command, "test") == 0 && ends_in(folder, "tests")) {
            struct dk_buffer above = {0};

            dk_buffer_format(&above, "%s/..", folder);
            if (!script_folder_is_wide(above.bytes))
                add(paths, above.bytes);
            dk_buffer_free(&above);
        }
    }
    free(copy);
}

static bool is_one_of(const char *name, const char *const *names)
{
    for (; *names != NULL; names++)
        if (strcmp(*names, name) == 0)
            return true;
    return false;
}

/* Where the program itself is, with what was built beside it. */
static void add_program(struct paths *paths)
{
    char path[PATH_MAX];
    ssize_t size = readlink("/proc/self/exe", path, sizeof path - 1);

    if (size <= 0)
        return;
    path[size] = '\0';
    add(paths, path);
}

static void collect_read(struct paths *paths, const struct cli_call *call)
{
    static const char *const with_folder[] = {"run", "why", "verify", "test", NULL};
    const char *command = call->command->name;
    bool own = is_one_of(command, with_folder);

    for (size_t i = 0; i < sizeof system_paths / sizeof system_paths[0]; i++)
        add(paths, system_paths[i]);
    add_program(paths);
    for (size_t i = 0; i < call->given_count; i++)
        if (call->given[i].value != NULL)
            add_named(paths, call->given[i].value);
    for (size_t i = 0; i < call->argument_count; i++)
        add_word(paths, call->argument[i]);
    if (own && call->argument_count > 0) {
        char *file = dk_copy_text(call->argument[0]);

        if (!dk_file_exists(file))
            file[strcspn(file, "#")] = '\0';
        if (dk_file_exists(file))
            add_own_folder(paths, command, file);
        free(file);
    }
    if (cli_value(call, "script") != NULL && dk_file_exists(cli_value(call, "script")))
        add_own_folder(paths, command, cli_value(call, "script"));
    if ((strcmp(command, "test") == 0 || (call->command->flags & CLI_INTERACTIVE)) && !script_folder_is_wide("."))
        add(paths, ".");
    if (strcmp(command, "test") == 0) {
        for (size_t i = 1; i < call->argument_count; i++)
            add_own_folder(paths, command, call->argument[i]);
    }
}

/* The folder that may be written below: made here, since nothing above it can be made under the rules. */
static char *make_output(struct paths *paths, const char *folder, struct dk_error *err)
{
    struct dk_buffer inside = {0};
    char *made = NULL;

    if (dk_is_folder(folder)) {
        add(paths, folder);
        return NULL;
    }
    dk_buffer_format(&inside, "%s/x", folder);
    if (dk_make_folders(inside.bytes, err) == DK_OK) {
        add(paths, folder);
        made = dk_copy_text(folder);
    }
    dk_buffer_free(&inside);
    return made;
}

const char *rules_changed_database(const struct cli_call *call)
{
    return cli_given(call, "write") ? cli_value(call, "db") : cli_value(call, "into");
}

/* The database that may be changed, with the journal that it needs beside it: made here when it is not there, unless its
 * folder may not be written, which is told when it is. Runs that change the same database share it: isolation->held is
 * locked as long as this one needs it. */
static dk_status make_journal(struct isolation *isolation, const char *database, struct dk_error *err)
{
    struct paths *paths = &isolation->write;
    int *held = &isolation->held;
    struct dk_buffer journal = {0};
    struct stat status;

    if (dk_is_folder(database) || !dk_file_exists(database))
        return DK_OK;
    add(paths, database);
    dk_buffer_format(&journal, "%s-journal", database);
    for (int i = 0; i < JOURNAL_TRIES; i++) {
        *held = open(journal.bytes, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600);
        if (*held < 0 || flock(*held, LOCK_SH) != 0 || fstat(*held, &status) != 0 || status.st_nlink > 0)
            break;
        close(*held); /* another run has removed it in between */
    }
    isolation->journal = journal.bytes;
    if (*held < 0 && errno != EACCES && errno != EROFS && errno != ELOOP)
        return dk_fail(err, DK_IO, "cannot write %s: %s", journal.bytes, strerror(errno));
    add(paths, journal.bytes);
    return DK_OK;
}

/* Removes the journal when it is empty and no other run has it. */
static void end_journal(char *journal, int held)
{
    struct stat status;

    if (journal != NULL && held >= 0 && flock(held, LOCK_EX | LOCK_NB) == 0 && fstat(held, &status) == 0 &&
        status.st_size == 0)
        (void)unlink(journal);
    if (held >= 0)
        close(held);
    free(journal);
}

enum { SESSIONS_MAX = 8 };
static int sessions[SESSIONS_MAX];

/* A server that the command line names: sessions with it are made here, since the child must not connect. Of --db two: a
 * script may open the data a second time. */
static dk_status connect_named(const char *word, bool writable, size_t count, struct dk_error *err)
{
    for (size_t i = 0; i < count; i++)
        if (db_connect_ahead(word, writable, err) != DK_OK)
            return DK_ERROR;
    return DK_OK;
}

static dk_status connect_servers(struct isolate_rules *rules, const struct cli_call *call, struct dk_error *err)
{
    static const char *const written[] = {"into", "to", "output"};

    for (size_t i = 0; i < call->given_count; i++) {
        const char *name = call->given[i].option->name, *value = call->given[i].value;
        bool writes = strcmp(name, "db") == 0 && cli_given(call, "write"), data = strcmp(name, "db") == 0;

        if (value == NULL || !db_is_server(value))
            continue;
        for (size_t k = 0; k < sizeof written / sizeof written[0]; k++)
            writes |= strcmp(name, written[k]) == 0;
        if (connect_named(value, writes, data ? 2 : 1, err) != DK_OK)
            return DK_ERROR;
    }
    for (size_t i = 0; i < call->argument_count; i++)
        if (db_is_server(call->argument[i]) && connect_named(call->argument[i], false, 1, err) != DK_OK)
            return DK_ERROR;
    rules->kept_count = db_descriptors(sessions, SESSIONS_MAX);
    rules->kept = sessions;
    rules->forked = db_leave_sessions;
    rules->cancel = db_cancel_sessions;
    return DK_OK;
}

static void collect_limits(struct isolation *isolation)
{
    const struct host_options *limits = &isolation->limits;
    struct isolate_rules *rules = &isolation->rules;

    rules->disk = (uint64_t)DISK_DEFAULT_GIGABYTES << 30;
    if (limits->trust)
        return;
    /* Lua's memory, the database's, and what the program itself takes. */
    if (limits->memory_limit > 0) {
        rules->memory = (uint64_t)limits->memory_limit * 2 + ((uint64_t)MEMORY_SLACK_MEGABYTES << 20);
        rules->heap = (uint64_t)limits->memory_limit * 2 + ((uint64_t)HEAP_SLACK_MEGABYTES << 20);
    }
    if (limits->time_limit > 0) { /* in a session: of an entry */
        rules->processor = ceil(limits->time_limit);
        rules->clock = fmax(CLOCK_DEFAULT, limits->time_limit * 2);
    }
}

/* What has come into being where the database is to be put, while it was made, is looked at once more. */
static bool may_replace(const char *path)
{
    struct dk_error err;

    return db_may_replace(path, &err) == DK_OK;
}

/* What is to be taken back however the program ends. */
static struct isolation *unfinished;

static void finish(void)
{
    if (unfinished != NULL)
        rules_end(unfinished);
}

dk_status rules_collect(struct isolation *isolation, const struct cli_call *call, struct dk_error *err)
{
    static const char *const placing[] = {"load", "copy", "backup", NULL}; /* a database in the place of another */
    struct session session = {0};
    const char *folder = cli_value(call, "out");
    dk_status status = session_options(&session, call, err);

    unfinished = isolation;
    (void)atexit(finish);
    if (status == DK_OK) {
        isolation->limits = session.options;
        collect_limits(isolation);
        collect_read(&isolation->read, call);
        if (folder == NULL && strcmp(call->command->name, "snapshot") == 0 && !cli_given(call, "list"))
            folder = cli_value(call, "to") != NULL ? cli_value(call, "to") : ".";
        if (folder != NULL && !cli_given(call, "dry-run"))
            isolation->made = make_output(&isolation->write, folder, err);
        if (rules_changed_database(call) != NULL)
            status = make_journal(isolation, rules_changed_database(call), err);
        if (cli_value(call, "recipe") != NULL && !dk_file_exists(cli_value(call, "recipe")))
            add_folder_of(&isolation->write, cli_value(call, "recipe")); /* it is written there */
        if (strcmp(call->command->name, "test") == 0 && cli_given(call, "update"))
            for (size_t i = 0; i < isolation->read.count; i++)
                if (i >= sizeof system_paths / sizeof system_paths[0] + 1)
                    add(&isolation->write, isolation->read.path[i]);
        if (call->pages != NULL)
            add(&isolation->write, call->pages);
        if (call->command->flags & CLI_INTERACTIVE)
            isolation->rules.serve = desk_serve;
        isolation->rules.result = cli_result(call);
        if (is_one_of(call->command->name, placing))
            isolation->rules.may_place = may_replace;
        isolation->rules.read = (const char *const *)isolation->read.path;
        isolation->rules.read_count = isolation->read.count;
        isolation->rules.write = (const char *const *)isolation->write.path;
        isolation->rules.write_count = isolation->write.count;
        if (isolation->rules.result != NULL && db_is_server(isolation->rules.result))
            isolation->rules.result = NULL;
        if (status == DK_OK)
            status = connect_servers(&isolation->rules, call, err);
    }
    session_end(&session);
    return status;
}

void rules_end(struct isolation *isolation)
{
    unfinished = NULL;
    if (isolation->made != NULL)
        (void)rmdir(isolation->made); /* where nothing was written it goes again */
    end_journal(isolation->journal, isolation->held);
    free(isolation->made);
    paths_free(&isolation->read);
    paths_free(&isolation->write);
}
