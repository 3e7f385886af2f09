/* The files that SQLite opens: databases by their names, and beside each its own journal and write-ahead log; nothing else.
 *
 * The journal of a stranger's database may name a file that SQLite would read and delete as the journal of several databases
 * (a super-journal), and what stands beside a database may be a link to any file. We write no transaction over several
 * files, so neither is followed. */
#define _XOPEN_SOURCE 700

#include "db/sqlite/vfs.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/buffer.h"
#include "base/list.h"

static sqlite3_vfs own, *base;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* The databases that were opened; only names are kept, as long as the program runs. */
static struct {
    pthread_mutex_t lock;
    char **name;
    size_t count, capacity;
} opened = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void remember(const char *name)
{
    pthread_mutex_lock(&opened.lock);
    for (size_t i = 0; i < opened.count; i++)
        if (strcmp(opened.name[i], name) == 0)
            goto done;
    opened.name = dk_list_grow(opened.name, opened.count, &opened.capacity, sizeof *opened.name);
    opened.name[opened.count++] = dk_copy_text(name);
done:
    pthread_mutex_unlock(&opened.lock);
}

/* Whether the file is one of those that SQLite keeps beside a database that was opened. */
static bool is_beside(const char *name)
{
    bool found = false;

    pthread_mutex_lock(&opened.lock);
    for (size_t i = 0; i < opened.count && !found; i++) {
        size_t size = strlen(opened.name[i]);

        found =
            strncmp(name, opened.name[i], size) == 0 &&
            (strcmp(name + size, "-journal") == 0 || strcmp(name + size, "-wal") == 0 || strcmp(name + size, "-shm") == 0);
    }
    pthread_mutex_unlock(&opened.lock);
    return found;
}

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
    (void)vfs;
    if (name != NULL && flags & SQLITE_OPEN_MAIN_DB)
        remember(name);
    if (flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL))
        flags |= SQLITE_OPEN_NOFOLLOW;
    if (flags & SQLITE_OPEN_SUPER_JOURNAL ||
        (flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL) && (name == NULL || !is_beside(name)))) {
        file->pMethods = NULL;
        return SQLITE_CANTOPEN;
    }
    return base->xOpen(base, name, file, flags, out);
}

/* A journal that cannot be removed, since this process may remove no file there, is emptied: that ends it as well. */
static int delete_file(sqlite3_vfs *vfs, const char *name, int sync)
{
    int result, descriptor;

    (void)vfs;
    if (!is_beside(name))
        return SQLITE_IOERR_DELETE;
    result = base->xDelete(base, name, sync);
    if (result == SQLITE_OK || result == SQLITE_IOERR_DELETE_NOENT)
        return result;
    descriptor = open(name, O_WRONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (descriptor >= 0 && ftruncate(descriptor, 0) == 0 && fsync(descriptor) == 0)
        result = SQLITE_OK;
    if (descriptor >= 0)
        close(descriptor);
    return result;
}

/* An unknown file is not said to be missing: SQLite takes a missing super-journal for a transaction that was completed. */
static int look_at_file(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
    (void)vfs;
    return is_beside(name) ? base->xAccess(base, name, flags, out) : SQLITE_IOERR_ACCESS;
}

static void make(void)
{
    base = sqlite3_vfs_find(NULL);
    own = *base;
    own.zName = "difkit";
    own.pNext = NULL;
    own.xOpen = open_file;
    own.xDelete = delete_file;
    own.xAccess = look_at_file;
    (void)sqlite3_vfs_register(&own, 0);
}

const char *sqlite_vfs(void)
{
    (void)pthread_once(&once, make);
    return own.zName;
}
