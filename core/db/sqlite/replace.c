/* What may stand where a new database is to be put, and how it is held while that happens. */
#define _GNU_SOURCE /* locks of an open file */

#include "db/sqlite/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/elsewhere.h"
#include "base/file.h"
#include "model/model.h"

enum {
    HEADER_SIZE = 100,   /* of a file of SQLite */
    APPLICATION_ID = 68, /* where it keeps the id of the application, big-endian */
    WRITE_VERSION = 18   /* 2: changes go to a write-ahead log first */
};

static const char magic[] = "SQLite format 3";

/* Whoever begins to write a database locks this byte of it first (sqlite.org/fileformat2.html: the lock-byte page). */
static const off_t reserved_byte = 0x40000001;

static bool is_ours(const unsigned char *header, size_t size)
{
    const unsigned char *id = header + APPLICATION_ID;

    return size == HEADER_SIZE && memcmp(header, magic, sizeof magic) == 0 &&
           ((unsigned long)id[0] << 24 | (unsigned long)id[1] << 16 | (unsigned long)id[2] << 8 | id[3]) ==
               MODEL_APPLICATION;
}

/* The size of PATH with this ending; -1 when it is not there. A link counts as it is, wherever it leads. */
static off_t size_beside(const char *path, const char *ending)
{
    struct dk_buffer name = {0};
    struct stat file;
    off_t size;

    dk_buffer_format(&name, "%s%s", path, ending);
    size = lstat(name.bytes, &file) == 0 ? file.st_size : -1;
    dk_buffer_free(&name);
    return size;
}

dk_status sqlite_check_alone(const char *path, const char *what, struct dk_error *err)
{
    static const char *const companions[] = {"-journal", "-wal"};

    for (size_t i = 0; i < sizeof companions / sizeof companions[0]; i++) {
        /* An emptied journal holds nothing; a write-ahead log is there as long as a program has the database open. */
        if (size_beside(path, companions[i]) < (i == 0 ? 1 : 0))
            continue;
        dk_fail(err, DK_LOCKED, "cannot %s %s: %s%s shows that another program is writing it, or was interrupted", what,
                path, path, companions[i]);
        if (dk_file_exists(path))
            dk_hint(err,
                    i == 0 ? "wait for that program, or take back what it began with: difkit migrate '%s'"
                           : "wait for that program, or fold it in with: sqlite3 '%s' 'PRAGMA wal_checkpoint(TRUNCATE)'",
                    path);
        else
            dk_hint(err, "remove that file: the database that it belongs to is gone");
        return DK_ERROR;
    }
    return DK_OK;
}

dk_status sqlite_may_replace(const char *path, struct dk_error *err)
{
    unsigned char header[HEADER_SIZE];
    struct stat status;
    FILE *file;
    size_t size = 0;

    if (path[0] == '\0')
        return dk_fail(err, DK_USAGE, "no name for the database was given");
    if (dk_is_folder(path)) {
        dk_fail(err, DK_USAGE, "cannot write %s: it is a folder", path);
        dk_hint(err, "name a file, such as %s%sframework.db", path, path[strlen(path) - 1] == '/' ? "" : "/");
        return DK_ERROR;
    }
    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
        return DK_OK; /* a device or pipe is written to, not replaced */
    file = fopen(path, "rb");
    if (file == NULL && errno == EACCES && dk_elsewhere(path) != NULL)
        return DK_OK; /* it has come into being since: whoever publishes looks at it */
    if (file == NULL && errno != ENOENT && errno != ENOTDIR)
        return dk_fail(err, DK_IO, "cannot replace %s: %s", path, strerror(errno));
    if (file != NULL) {
        size = fread(header, 1, sizeof header, file);
        fclose(file);
    }
    if (size > 0 && !is_ours(header, size)) {
        dk_fail(err, DK_USAGE, "cannot replace %s: it is not a database made by difkit", path);
        dk_hint(err, "remove it, or write to another file");
        return DK_ERROR;
    }
    return sqlite_check_alone(path, "replace", err);
}

dk_status sqlite_hold(const char *path, int *held, struct dk_error *err)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = reserved_byte, .l_len = 1};
    struct sqlite_waiting waiting = {0};
    struct stat status;
    bool locked = false;

    *held = -1;
    if (stat(path, &status) == 0 && S_ISREG(status.st_mode)) {
        *held = open(path, O_RDWR | O_CLOEXEC);
        if (*held < 0) {
            lock.l_type = F_RDLCK;
            *held = open(path, O_RDONLY | O_CLOEXEC);
        }
        /* A file system without locks, or a file that cannot be read, leaves it at a look beside the file. */
        while (*held >= 0 && (locked = fcntl(*held, F_OFD_SETLK, &lock) != 0 && (errno == EAGAIN || errno == EACCES)) &&
               sqlite_wait_more(&waiting, path))
            continue;
        if (locked) {
            dk_fail(err, DK_LOCKED, "cannot replace %s: another program is writing it", path);
            dk_hint(err, "try again when it is done");
            goto failed;
        }
    }
    if (sqlite_may_replace(path, err) == DK_OK)
        return DK_OK;
failed:
    sqlite_release(*held);
    *held = -1;
    return DK_ERROR;
}

void sqlite_release(int held)
{
    if (held >= 0)
        close(held);
}

enum sqlite_log sqlite_log_of(const char *path)
{
    unsigned char header[HEADER_SIZE];
    FILE *file = fopen(path, "rb");
    size_t size = 0;

    if (file != NULL) {
        size = fread(header, 1, sizeof header, file);
        fclose(file);
    }
    if (size < HEADER_SIZE || memcmp(header, magic, sizeof magic) != 0 || header[WRITE_VERSION] != 2)
        return SQLITE_LOG_NONE;
    if (size_beside(path, "-wal") <= 0)
        return SQLITE_LOG_EMPTY;
    return size_beside(path, "-shm") >= 0 ? SQLITE_LOG_SHARED : SQLITE_LOG_LEFT;
}
