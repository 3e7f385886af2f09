/* Database files: opened, known as difkit's, brought up to date, copied. */
#define _XOPEN_SOURCE 700

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/temporary.h"
#include "db/bulk.h"
#include "db/sqlite/connection.h"
#include "db/sqlite/migrate.h"
#include "db/sqlite/replace.h"
#include "db/sqlite/vfs.h"
#include "model/history.h"
#include "model/model.h"

enum { OLD_SIZE_MAX = 256 << 20 }; /* bytes of a database of an older version that is brought up to date in memory */

/* Opening ------------------------------------------------------------------------------------------------------- */

static const char *keeps_journal; /* path of the one file whose journal stays */

void db_keep_journal(const char *path)
{
    keeps_journal = path;
}

static dk_status make(sqlite3 *handle, const char *path, bool writable, struct db **out, struct dk_error *err)
{
    struct sqlite_db *db = dk_alloc_zeroed(1, sizeof *db);

    db->base.driver = &sqlite_driver;
    db->base.path = dk_copy_text(path);
    db->base.writable = writable;
    db->handle = handle;
    *out = &db->base;
    sqlite3_extended_result_codes(handle, 1);
    sqlite_wait(handle, db->base.path);
    sqlite3_limit(handle, SQLITE_LIMIT_FUNCTION_ARG, DB_ARGUMENTS_MAX);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)NULL);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0, (int *)NULL); /* it takes addresses */
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DDL, 0, (int *)NULL);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DML, 0, (int *)NULL);
    /* Triggers keep action_fts in step with action, which SQLite before 3.44 allows in a trusted schema only. Functions that
     * the program defines are to be SQLITE_DIRECTONLY, so that the schema of a stranger's file cannot call them. */
    if (db_run(&db->base, "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = ON; PRAGMA cell_size_check = ON", err) != DK_OK)
        return DK_ERROR;
    if (writable && keeps_journal != NULL && strcmp(path, keeps_journal) == 0)
        return db_run(&db->base, "PRAGMA journal_mode = TRUNCATE", err);
    return DK_OK;
}

/* A number from the header of the file. */
static int read_header(struct db *db, const char *pragma, int64_t *value)
{
    sqlite3_stmt *statement = NULL;
    int result = sqlite3_prepare_v2(sqlite_handle(db), pragma, -1, &statement, NULL);

    if (result == SQLITE_OK)
        result = sqlite3_step(statement);
    if (result == SQLITE_ROW)
        *value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return result;
}

/* Refuses a database that was not made by difkit, or by a newer one; gives the version of its tables. */
static dk_status check_is_difkit(struct db *db, int *out, struct dk_error *err)
{
    int64_t application = 0, version = 0, tables = 0;
    int result = read_header(db, "PRAGMA application_id", &application);

    if (result == SQLITE_ROW)
        result = read_header(db, "PRAGMA user_version", &version);
    if (result == SQLITE_ROW)
        result = read_header(db, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'meta'", &tables);
    if (result != SQLITE_ROW) {
        sqlite_fail(sqlite_handle(db), result, err);
    } else if (application != MODEL_APPLICATION || tables == 0) {
        dk_fail(err, DK_IO, "this database was not made by difkit");
        dk_hint(err, "`difkit load PATH -o FILE.db` makes one from YAML");
    } else if (version > MODEL_VERSION) {
        dk_fail(err, DK_IO,
                "this database was made by a newer difkit: its tables are of version %lld, this program knows %d",
                (long long)version, MODEL_VERSION);
        dk_hint(err, "use a difkit that knows version %lld, or load the YAML again with this one", (long long)version);
    } else if (model_version_release((int)version) == NULL) {
        dk_fail(err, DK_IO, "the tables of this database are of version %lld, which no difkit has written",
                (long long)version);
    } else {
        *out = (int)version;
        return DK_OK;
    }
    dk_place(err, db->path, 0, 0);
    return DK_ERROR;
}

/* Appends the path as the name of a URI that says that nobody changes the file. */
static void add_unchanging(struct dk_buffer *out, const char *path)
{
    dk_buffer_text(out, path[0] == '/' ? "file://" : "file:");
    for (; *path != '\0'; path++)
        if (strchr("%?#", *path) != NULL)
            dk_buffer_format(out, "%%%02x", (unsigned char)*path);
        else
            dk_buffer_add(out, path, 1);
    dk_buffer_text(out, "?immutable=1");
}

/* Opens the file. One with a write-ahead log that is only to be read is read without files beside it where the log is empty,
 * and not at all where somebody left changes in it: SQLITE_ABORT, with err filled. */
static int open_handle(const char *path, int flags, bool reads, sqlite3 **handle, struct dk_error *err)
{
    enum sqlite_log log;
    struct dk_buffer name = {0};
    struct stat status;
    int result;

    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) { /* nobody knows when it ends */
        dk_fail(err, DK_IO, "cannot read %s: it is a pipe, a socket or a device, a file is needed", path);
        return SQLITE_ABORT;
    }
    log = reads ? sqlite_log_of(path) : SQLITE_LOG_NONE;
    if (log == SQLITE_LOG_LEFT) {
        dk_fail(err, DK_LOCKED, "%s-wal holds changes that are not in the database yet: a program was interrupted", path);
        dk_hint(err, "fold them in with: sqlite3 '%s' 'PRAGMA wal_checkpoint(TRUNCATE)'", path);
        return SQLITE_ABORT;
    }
    if (log == SQLITE_LOG_EMPTY) {
        flags |= SQLITE_OPEN_URI;
        add_unchanging(&name, path);
    } else {
        dk_buffer_text(&name, path);
    }
    result = sqlite3_open_v2(name.bytes, handle, flags | SQLITE_OPEN_NOMUTEX, sqlite_vfs());
    dk_buffer_free(&name);
    return result;
}

static dk_status open_as_it_is(const char *path, enum db_mode mode, struct db **out, int *version, struct dk_error *err);

/* What SQLite could not open for writing it opens for reading, without a word of why. */
static dk_status refuse_read_only(const char *path, struct dk_error *err)
{
    int file = open(path, O_RDWR | O_CLOEXEC);

    if (file == -1) {
        dk_fail(err, DK_IO, "it may not be written: %s", strerror(errno));
    } else {
        dk_fail(err, DK_IO, "it could not be opened for writing a moment ago; try again");
        close(file);
    }
    dk_place(err, path, 0, 0);
    return DK_ERROR;
}

static bool is_new(const char *path)
{
    struct stat file;

    return stat(path, &file) != 0 || (S_ISREG(file.st_mode) && file.st_size == 0);
}

/* Takes back what a program began to change and did not finish, as its journal says: whoever opens the file for writing
 * does. SQLite looks whether the journal fits the file, and our VFS that it names no other. */
static dk_status take_back(const char *path, struct dk_error *err)
{
    struct db *db;
    int version;
    dk_status status = open_as_it_is(path, DB_WRITE, &db, &version, err);

    db_close(db);
    return status;
}

/* Opens without a look at the version of the tables, which *version gets. */
static dk_status open_as_it_is(const char *path, enum db_mode mode, struct db **out, int *version, struct dk_error *err)
{
    static const int flags[] = {
        [DB_READ] = SQLITE_OPEN_READONLY,
        [DB_WRITE] = SQLITE_OPEN_READWRITE,
        [DB_CREATE] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
    };
    bool in_memory = strcmp(path, ":memory:") == 0;
    sqlite3 *handle = NULL;
    int result;
    bool unfinished;

    *out = NULL;
    *version = MODEL_VERSION;
    if (!in_memory && mode == DB_CREATE && !is_new(path)) /* a temporary file is made, and held, before it is filled */
        return dk_fail(err, DK_IO, "cannot make the database %s: the file exists", path);
    if (!in_memory && mode == DB_CREATE && sqlite_check_alone(path, "make", err) != DK_OK)
        return DK_ERROR;
    if (!in_memory && mode != DB_CREATE && !dk_file_exists(path)) {
        dk_fail(err, DK_IO, "cannot open the database %s: %s", path, strerror(ENOENT));
        dk_hint_neighbour(err, path, path);
        return DK_ERROR;
    }
    /* Unless db_limit_memory() was called, nobody asks how much memory SQLite uses; counting it takes a lock for every
     * allocation. Has no effect, and does no harm, once SQLite is in use. */
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    result = open_handle(path, flags[mode], mode == DB_READ && !in_memory, &handle, err);
    if (result != SQLITE_OK) {
        if (result != SQLITE_ABORT)
            sqlite_fail(handle, result, err);
        dk_place(err, path, 0, 0);
        sqlite3_close_v2(handle);
        return DK_ERROR;
    }
    if (mode != DB_READ && !in_memory && sqlite3_db_readonly(handle, "main") == 1) {
        sqlite3_close_v2(handle);
        return refuse_read_only(path, err);
    }
    if (make(handle, path, mode != DB_READ, out, err) == DK_OK &&
        (mode == DB_CREATE || check_is_difkit(*out, version, err) == DK_OK))
        return DK_OK;
    if (err != NULL && err->file[0] == '\0')
        dk_place(err, path, 0, 0);
    unfinished = *out != NULL && sqlite3_extended_errcode(handle) == SQLITE_READONLY_ROLLBACK;
    db_close(*out);
    *out = NULL;
    if (unfinished && keeps_journal != NULL && strcmp(path, keeps_journal) == 0 && take_back(path, err) == DK_OK)
        return open_as_it_is(path, mode, out, version, err);
    return DK_ERROR;
}

/* Older versions ---------------------------------------------------------------------------------------------------- */

/* The database is not to be changed, and is too large to be brought up to date in memory, or is to be written. */
static dk_status refuse_version(const struct db *db, int version, int64_t size, struct dk_error *err)
{
    dk_fail(err, DK_IO, "the tables of this database are of version %d (difkit %s), this program %s version %d", version,
            model_version_release(version), size > 0 ? "reads" : "writes", MODEL_VERSION);
    if (size > 0)
        dk_hint(err, "bring it up to date with `difkit migrate %s`, which needs %lld MB of free space beside it", db->path,
                (long long)((size >> 20) + 1));
    else
        dk_hint(err, "bring it up to date with `difkit migrate %s`", db->path);
    return DK_ERROR;
}

/* For reading: puts in the place of *db, an open database of an older version, a copy in memory that is up to date. The file
 * is only read. */
static dk_status bring_up_to_date(struct db **db, enum db_mode mode, int version, struct dk_error *err)
{
    struct db *old = *db, *copy = NULL;
    int64_t pages = 0, page_size = 0;
    dk_status status = DK_ERROR;
    int result;

    (void)read_header(old, "PRAGMA page_count", &pages);
    (void)read_header(old, "PRAGMA page_size", &page_size);
    if (mode == DB_WRITE)
        return refuse_version(old, version, 0, err);
    if (pages * page_size > OLD_SIZE_MAX)
        return refuse_version(old, version, pages * page_size, err);
    if (sqlite_open(":memory:", DB_CREATE, &copy, err) != DK_OK || db_run(copy, "ATTACH ':memory:' AS old", err) != DK_OK)
        goto done;
    result = sqlite_copy_pages(sqlite_handle(old), sqlite_handle(copy), "old");
    if (result != SQLITE_OK) {
        sqlite_fail(NULL, result, err);
        goto done;
    }
    if (migrate_from_old(copy, version, err) != DK_OK || db_run(copy, "DETACH old", err) != DK_OK ||
        db_make_read_only(copy, err) != DK_OK)
        goto done;
    free(copy->path);
    copy->path = dk_copy_text(old->path);
    *db = copy;
    copy = old;
    status = DK_OK;
done:
    db_close(copy);
    return status;
}

dk_status sqlite_open(const char *path, enum db_mode mode, struct db **out, struct dk_error *err)
{
    int version;

    if (open_as_it_is(path, mode, out, &version, err) != DK_OK)
        return DK_ERROR;
    if (version == MODEL_VERSION || bring_up_to_date(out, mode, version, err) == DK_OK)
        return DK_OK;
    dk_place(err, path, 0, 0);
    db_close(*out);
    *out = NULL;
    return DK_ERROR;
}

/* Makes `handle` show the image; writable, it owns a copy. */
static int attach_image(sqlite3 *handle, const void *bytes, size_t size, bool writable)
{
    unsigned char *copy;

    if (!writable) /* the casts drop a const that SQLite respects under SQLITE_DESERIALIZE_READONLY */
        return sqlite3_deserialize(handle, "main", (unsigned char *)(uintptr_t)bytes, (sqlite3_int64)size,
                                   (sqlite3_int64)size, SQLITE_DESERIALIZE_READONLY);
    copy = sqlite3_malloc64(size);
    if (copy == NULL)
        return SQLITE_NOMEM;
    memcpy(copy, bytes, size);
    return sqlite3_deserialize(handle, "main", copy, (sqlite3_int64)size, (sqlite3_int64)size,
                               SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE);
}

dk_status sqlite_open_image(const void *bytes, size_t size, bool writable, struct db **out, struct dk_error *err)
{
    sqlite3 *handle = NULL;
    int version, result = sqlite3_open_v2(":memory:", &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);

    *out = NULL;
    if (result == SQLITE_OK)
        result = attach_image(handle, bytes, size, writable);
    if (result != SQLITE_OK) {
        sqlite_fail(handle, result, err);
        sqlite3_close_v2(handle);
        return DK_ERROR;
    }
    if (make(handle, ":memory:", writable, out, err) != DK_OK ||
        (writable && (check_is_difkit(*out, &version, err) != DK_OK ||
                      (version < MODEL_VERSION && refuse_version(*out, version, 0, err) != DK_OK)))) {
        db_close(*out);
        *out = NULL;
        return DK_ERROR;
    }
    return DK_OK;
}

/* Bringing up to date in place ------------------------------------------------------------------------------------ */

/* Fills the new file `target` with the records of the older database `path`. */
static dk_status migrate_file(const char *path, const char *target, int version, struct dk_error *err)
{
    struct db *db = NULL;
    struct dk_buffer sql = {0};
    dk_status status = DK_ERROR;

    dk_buffer_text(&sql, "ATTACH '");
    for (const char *next = path; *next != '\0'; next++)
        dk_buffer_add(&sql, *next == '\'' ? "''" : next, *next == '\'' ? 2 : 1);
    dk_buffer_text(&sql, "' AS old");
    if (sqlite_open(target, DB_CREATE, &db, err) == DK_OK && db_bulk_new_file(db, err) == DK_OK &&
        db_run(db, sql.bytes, err) == DK_OK && migrate_from_old(db, version, err) == DK_OK &&
        db_run(db, "DETACH old", err) == DK_OK)
        status = DK_OK;
    dk_buffer_free(&sql);
    db_close(db);
    return status;
}

/* Gives the file a second name, or where the file system knows none, makes a copy. */
static dk_status keep_as(const char *path, const char *backup, struct dk_error *err)
{
    if (link(path, backup) == 0 || (errno != EEXIST && dk_file_copy(path, backup, NULL) == DK_OK))
        return DK_OK;
    return dk_fail(err, DK_IO, "cannot keep the file as it is as %s: %s", backup,
                   strerror(dk_file_exists(backup) ? EEXIST : errno));
}

static bool is_link(const char *path)
{
    struct stat file;

    return lstat(path, &file) == 0 && S_ISLNK(file.st_mode);
}

/* Makes the new file beside the old one, and puts it in its place. */
static dk_status replace_old(struct db *old, const char *path, int version, const char *backup, struct dk_error *err)
{
    char *temporary = dk_temporary_name(path);
    dk_status status = DK_ERROR;
    int64_t records;
    int held = -1;

    /* While this transaction lasts nobody can write the old file. */
    if (db_run(old, "BEGIN", err) != DK_OK || read_header(old, "SELECT count(*) FROM meta", &records) != SQLITE_ROW ||
        migrate_file(path, temporary, version, err) != DK_OK) {
        dk_temporary_blame(temporary, path, err);
        goto done;
    }
    if (sqlite_hold(path, &held, err) != DK_OK || keep_as(path, backup, err) != DK_OK)
        goto done;
    status = dk_file_publish(temporary, path, err);
    if (status != DK_OK)
        (void)unlink(backup);
done:
    sqlite_release(held);
    if (status != DK_OK)
        dk_temporary_discard(temporary);
    free(temporary);
    return status;
}

dk_status sqlite_migrate(const char *path, int *version, struct dk_buffer *backup, struct dk_error *err)
{
    struct db *old = NULL;
    char *real = NULL; /* behind a symbolic link, the file that it leads to */
    dk_status status = DK_ERROR;

    if (open_as_it_is(path, DB_READ, &old, version, err) != DK_OK &&
        (err->code != DK_LOCKED || take_back(path, err) != DK_OK ||
         open_as_it_is(path, DB_READ, &old, version, err) != DK_OK))
        goto done;
    if (*version == MODEL_VERSION) {
        status = DK_OK;
        goto done;
    }
    real = realpath(path, NULL);
    if (real == NULL) {
        dk_fail(err, DK_IO, "cannot find %s: %s", path, strerror(errno));
        goto done;
    }
    dk_buffer_format(backup, "%s.v%d", is_link(path) ? real : path, *version);
    if (sqlite_may_replace(real, err) == DK_OK)
        status = replace_old(old, real, *version, backup->bytes, err);
done:
    db_close(old);
    free(real);
    return status;
}

/* Names ----------------------------------------------------------------------------------------------------------- */

bool sqlite_is_file_name(const char *path)
{
    static const char *const endings[] = {".db", ".sqlite", ".sqlite3"};
    size_t size = strlen(path);

    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
        if (size >= strlen(endings[i]) && strcasecmp(path + size - strlen(endings[i]), endings[i]) == 0)
            return true;
    return false;
}
