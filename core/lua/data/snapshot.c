/* Snapshots: a consistent copy of a database in a file, with notes of its own in meta. And what goes with files that runs
 * leave for the next one: the list of a folder, a lock against a second run. */
#define _XOPEN_SOURCE 700

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/temporary.h"
#include "load/copy.h"
#include "load/load.h"
#include "lua/binding.h"
#include "lua/data/data.h"
#include "lua/host/access.h"
#include "lua/host/run.h"
#include "lua/parts.h"

/* Sets meta.key to `value`. */
static dk_status set_meta(struct db *db, const char *key, const char *value, struct dk_error *err)
{
    static const char sql[] = "INSERT INTO meta (key, value) VALUES (?, ?) "
                              "ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    struct db_statement *statement = NULL;
    const char *text[] = {key, value};
    dk_status status = db_prepare(db, sql, sizeof sql - 1, &statement, err);
    bool row;

    for (int i = 0; i < 2 && status == DK_OK; i++) {
        struct db_value bound = {.type = DB_TEXT};

        bound.text.bytes = text[i];
        bound.text.size = strlen(text[i]);
        status = db_bind(statement, i + 1, &bound, true, err);
    }
    if (status == DK_OK)
        status = db_step(statement, NULL, &row, err);
    db_finish(statement);
    return status;
}

/* Writes the notes into the copy, and the digest of what it holds: the original may have changed since it was loaded. */
static dk_status note(const char *path, const char *label, const char *date, struct dk_error *err)
{
    struct db *db = NULL;
    char digest[65];
    dk_status status = DK_ERROR;

    if (db_open(path, DB_WRITE, &db, err) == DK_OK && load_content_digest(db, digest, err) == DK_OK &&
        set_meta(db, "content_digest", digest, err) == DK_OK && set_meta(db, "snapshot_label", label, err) == DK_OK &&
        set_meta(db, "snapshot_date", date, err) == DK_OK)
        status = DK_OK;
    db_close(db);
    return status;
}

/* The copy, beside the place that it is to take. */
static dk_status make_copy(struct db *db, const char *path, const char *label, const char *date, struct dk_output *output,
                           struct dk_error *err)
{
    /* The stream stays empty; SQLite fills the file by its name. */
    if (dk_output_open(output, path, true, err) != DK_OK)
        return DK_ERROR;
    if (db_snapshot(db, output->temporary, err) == DK_OK && note(output->temporary, label, date, err) == DK_OK)
        return DK_OK;
    dk_temporary_blame(output->temporary, path, err);
    dk_output_discard(output);
    return DK_ERROR;
}

/* What the function at index 5 does before the copy takes its place. Unless that is done, its error, or its three results,
 * are on top of the stack. */
enum outcome { DONE, REFUSED, RAISED };

static enum outcome run_before(lua_State *L)
{
    if (lua_isnil(L, 5))
        return DONE;
    lua_pushvalue(L, 5);
    if (lua_pcall(L, 0, 3, 0) != LUA_OK)
        return RAISED;
    if (!lua_toboolean(L, -3))
        return REFUSED;
    lua_pop(L, 3);
    return DONE;
}

/* Notes the file of a database as written, and pushes true. */
static int push_written(lua_State *L, const char *path)
{
    struct host *host = host_of(L);
    struct stat file = {0};

    if (host != NULL) {
        (void)stat(path, &file);
        host_note_written(host, path, (size_t)file.st_size);
    }
    lua_pushboolean(L, 1);
    return 1;
}

/* core.snapshot(database, path, label, date, before | nil) -> true | nil, message, code. before() is called when the copy is
 * complete: unless it gives true the copy is discarded, and its results are those of snapshot. */
static int snapshot(lua_State *L)
{
    struct database *database = check_database(L, 1);
    const char *path = files_path(L, 2);
    const char *label = luaL_checkstring(L, 3);
    const char *date = luaL_checkstring(L, 4);
    struct host *host = host_of(L);
    bool dry_run = host != NULL && host->options.dry_run;
    struct dk_output output;
    struct dk_error err;
    const char *target;
    enum outcome outcome;

    lua_settop(L, 5);
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    if (files_resolve_write(L, path, &err) != DK_OK)
        return push_condition(L, &err);
    target = lua_tostring(L, -1);
    if (!dk_is_folder(target) && db_may_replace(target, &err) != DK_OK)
        return push_condition(L, &err);
    if (!dry_run && make_copy(database->db, target, label, date, &output, &err) != DK_OK)
        return push_condition(L, &err);
    outcome = run_before(L);
    if (outcome != DONE) {
        if (!dry_run)
            dk_output_discard(&output);
        return outcome == RAISED ? lua_error(L) : 3;
    }
    if (!dry_run && db_publish(&output, &err) != DK_OK)
        return push_condition(L, &err);
    return push_written(L, target);
}

/* core.copy_portable(database, path) -> true | nil, message, code: the records as a database for other programs */
static int copy_for_others(lua_State *L)
{
    struct database *database = check_database(L, 1);
    const char *path = files_path(L, 2);
    struct host *host = host_of(L);
    struct dk_error err;
    const char *target;

    luaL_checkstack(L, LUA_MINSTACK, NULL);
    if (files_resolve_write(L, path, &err) != DK_OK)
        return push_condition(L, &err);
    target = lua_tostring(L, -1);
    if ((host == NULL || !host->options.dry_run) &&
        (dk_make_folders(target, &err) != DK_OK || copy_portable(database->db, target, &err) != DK_OK))
        return push_condition(L, &err);
    return push_written(L, target);
}

/* core.content_digest(database) -> the digest of what it holds now */
static int content_digest(lua_State *L)
{
    struct database *database = check_database(L, 1);
    struct dk_error err;
    char digest[65];

    if (load_content_digest(database->db, digest, &err) != DK_OK)
        return raise_status(L, &err);
    lua_pushstring(L, digest);
    return 1;
}

/* core.list_folder(path, suffix) -> array of names in byte order | nil, message, code */
static int list_folder(lua_State *L)
{
    const char *path = files_path(L, 1);
    const char *suffix = luaL_checkstring(L, 2);
    struct dk_names names;
    struct dk_error err;

    if (files_resolve_read(L, path, &err) != DK_OK ||
        dk_folder_list(lua_tostring(L, -1), suffix, &names, &err) != DK_OK)
        return push_condition(L, &err);
    lua_createtable(L, (int)names.count, 0);
    for (size_t i = 0; i < names.count; i++) {
        lua_pushstring(L, names.name[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    dk_names_free(&names);
    return 1;
}

/* Takes the lock; waits a moment for a process that is just ending, as one whose parent was killed does. */
static bool take_lock(int descriptor)
{
    enum { TRIES = 20 };
    const struct timespec between = {.tv_nsec = 25 * 1000 * 1000};
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

    for (int i = 0; i < TRIES; i++) {
        if (fcntl(descriptor, F_SETLK, &whole) == 0)
            return true;
        if (errno != EACCES && errno != EAGAIN)
            return false;
        (void)nanosleep(&between, NULL);
    }
    errno = EAGAIN;
    return false;
}

/* core.lock(path) -> true | nil, message, code. Holds a lock on the file until the process ends; the kernel lets go of it
 * however that comes about, so that a file left behind locks nobody out. A dry run takes none. */
static int lock(lua_State *L)
{
    const char *path = files_path(L, 1);
    struct host *host = host_of(L);
    struct dk_error err;
    int descriptor;

    if (host != NULL && host->options.dry_run) {
        lua_pushboolean(L, 1);
        return 1;
    }
    if (files_resolve_write(L, path, &err) != DK_OK || dk_make_folders(lua_tostring(L, -1), &err) != DK_OK)
        return push_condition(L, &err);
    path = lua_tostring(L, -1);
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666);
    if (descriptor < 0) {
        dk_fail(&err, DK_IO, "cannot lock %s: %s", path, strerror(errno));
        return push_condition(L, &err);
    }
    if (take_lock(descriptor)) {
        lua_pushboolean(L, 1);
        return 1;
    }
    if (errno == EACCES || errno == EAGAIN) {
        dk_fail(&err, DK_LOCKED, "another run holds the lock %s", path);
        dk_hint(&err, "try again when it is done");
    } else {
        dk_fail(&err, DK_IO, "cannot lock %s: %s", path, strerror(errno));
    }
    close(descriptor);
    return push_condition(L, &err);
}

void snapshot_register(lua_State *L)
{
    static const luaL_Reg functions[] = {{"snapshot", snapshot},
                                         {"copy_portable", copy_for_others},
                                         {"content_digest", content_digest},
                                         {"list_folder", list_folder},
                                         {"lock", lock},
                                         {NULL, NULL}};

    luaL_setfuncs(L, functions, 0);
}
