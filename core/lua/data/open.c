/* core.open_bundled, core.open_file, core.load and their like: how a Database comes to be, and loads that only check or
 * write. */
#include <string.h>

#include "base/file.h"
#include "embed/archive.h"
#include "load/load.h"
#include "lua/binding.h"
#include "lua/data/data.h"
#include "lua/host/access.h"
#include "lua/host/run.h"
#include "lua/parts.h"
#include "model/history.h"
#include "model/model.h"

/* Pushes a Database without a database; fill it and return it. */
static struct database *push_database(lua_State *L)
{
    return type_push(L, DATABASE_TYPE, sizeof(struct database), DATABASE_USER_VALUES);
}

static int finish_open(lua_State *L, struct database *database, dk_status status, struct dk_error *err)
{
    if (status == DK_OK)
        status = host_prepare_database(L, database->db, err);
    if (status != DK_OK && err->code == DK_LIMIT) /* of the run, and nothing that is wrong with the database */
        return raise_status(L, err);
    return status == DK_OK ? 1 : push_condition(L, err);
}

/* core.open_bundled(writable) -> Database */
static int core_open_bundled(lua_State *L)
{
    bool writable = lua_toboolean(L, 1);
    const struct embed_file *image = embed_find("bundled.db");
    struct database *database = push_database(L);
    struct dk_error err;

    if (image == NULL)
        return finish_open(L, database, dk_fail(&err, DK_IO, "no data is bundled with this build of difkit"), &err);
    return finish_open(L, database, db_open_image(image->bytes, image->size, writable, &database->db, &err), &err);
}

/* A dry run changes a copy in memory. */
static dk_status open_copy(lua_State *L, const char *path, struct db **out, struct dk_error *err)
{
    struct dk_buffer *buffer = push_buffer(L);
    dk_status status = dk_file_read(path, 0, buffer, err);

    if (status == DK_OK) {
        host_note_written(host_of(L), path, buffer->size);
        status = db_open_image(buffer->bytes, buffer->size, true, out, err);
    }
    dk_buffer_free(buffer);
    lua_pop(L, 1);
    return status;
}

/* core.open_file(path, writable) -> Database | nil, message, code */
static int core_open_file(lua_State *L)
{
    const char *path = files_path(L, 1);
    bool writable = lua_toboolean(L, 2);
    const struct host *host = host_of(L);
    struct database *database;
    struct dk_error err;
    dk_status status;

    if (db_is_server(path) ? files_resolve_server(L, path, writable, &err) != DK_OK
                           : (writable ? files_resolve_change : files_resolve_read)(L, path, &err) != DK_OK)
        return push_condition(L, &err);
    path = lua_tostring(L, -1);
    database = push_database(L);
    if (writable && host != NULL && host->options.dry_run && dk_file_exists(path))
        status = open_copy(L, path, &database->db, &err);
    else
        status = db_open(path, writable ? DB_WRITE : DB_READ, &database->db, &err);
    return finish_open(L, database, status, &err);
}

/* The paths of a load, and what it found: held by a userdata since Lua may raise in between. */
struct loading {
    const char **path;
    struct load_source source;
    struct load_report report;
};

static int loading_free(lua_State *L)
{
    struct loading *loading = lua_touserdata(L, 1);

    load_report_free(&loading->report);
    return 0;
}

/* Reads the array of paths at index 1; the paths, as this run may read them, are kept in a table on the stack. */
static dk_status push_loading(lua_State *L, struct loading **out, struct dk_error *err)
{
    struct loading *loading;
    lua_Integer count;

    luaL_checktype(L, 1, LUA_TTABLE);
    count = (lua_Integer)lua_rawlen(L, 1); /* a script may have given it a length of its own */
    lua_createtable(L, (int)count, 0);
    loading = type_hold(L, "difkit.Loading", sizeof *loading, loading_free);
    loading->path = lua_newuserdatauv(L, (size_t)(count + 1) * sizeof *loading->path, 0);
    lua_insert(L, -2);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(L, 1, i);
        if (lua_type(L, -1) != LUA_TSTRING)
            raise_error(L, DK_USAGE, "give a list of paths", "path %d is a %s", (int)i, luaL_typename(L, -1));
        if (lua_tostring(L, -1)[0] == '@')
            lua_pushvalue(L, -1);
        else if (files_resolve_read(L, files_path(L, -1), err) != DK_OK)
            return DK_ERROR;
        loading->path[i - 1] = lua_tostring(L, -1);
        lua_rawseti(L, -5, i);
        lua_pop(L, 1);
    }
    loading->source.path = loading->path;
    loading->source.count = (size_t)count;
    *out = loading;
    return DK_OK;
}

/* Pushes an array of {message, hint, file, line, column, text}, with `total` beside. */
static void push_findings(lua_State *L, const struct load_report *report)
{
    char text[2048];

    lua_createtable(L, (int)report->count, 1);
    lua_pushinteger(L, (lua_Integer)report->total);
    lua_setfield(L, -2, "total");
    for (size_t i = 0; i < report->count; i++) {
        const struct dk_error *finding = &report->finding[i];

        lua_createtable(L, 0, 6);
        lua_pushstring(L, finding->message);
        lua_setfield(L, -2, "message");
        lua_pushstring(L, finding->hint);
        lua_setfield(L, -2, "hint");
        lua_pushstring(L, finding->file);
        lua_setfield(L, -2, "file");
        lua_pushinteger(L, finding->line);
        lua_setfield(L, -2, "line");
        lua_pushinteger(L, finding->column);
        lua_setfield(L, -2, "column");
        dk_error_text(finding, text, sizeof text);
        lua_pushstring(L, text);
        lua_setfield(L, -2, "text");
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

/* Pushes nil, message, code, findings; the message is the first finding when there are any. */
static int push_load_failure(lua_State *L, const struct load_report *report, const struct dk_error *err)
{
    char text[2048];

    if (report->count == 0)
        return push_condition(L, err);
    dk_error_text(&report->finding[0], text, sizeof text);
    lua_pushnil(L);
    if (report->total > 1)
        lua_pushfstring(L, "%s (and %d more)", text, (int)report->total - 1);
    else
        lua_pushstring(L, text);
    lua_pushstring(L, dk_code_name(DK_DATA));
    push_findings(L, report);
    return 4;
}

/* core.load(paths, writable) -> Database in memory | nil, message, code, findings */
static int core_load(lua_State *L)
{
    struct loading *loading;
    struct database *database;
    struct dk_error err;

    if (push_loading(L, &loading, &err) != DK_OK)
        return push_condition(L, &err);
    database = push_database(L);
    if (db_open(":memory:", DB_CREATE, &database->db, &err) != DK_OK ||
        load_into(database->db, &loading->source, &loading->report, &err) != DK_OK)
        return push_load_failure(L, &loading->report, &err);
    if (!lua_toboolean(L, 2) && db_make_read_only(database->db, &err) != DK_OK)
        return push_condition(L, &err);
    return finish_open(L, database, DK_OK, &err);
}

/* core.load_file(paths, target) -> true | nil, message, code, findings */
static int core_load_file(lua_State *L)
{
    const char *target = files_path(L, 2);
    struct loading *loading;
    struct dk_error err;

    if (push_loading(L, &loading, &err) != DK_OK || files_resolve_write(L, target, &err) != DK_OK)
        return push_condition(L, &err);
    if (load_to_file(lua_tostring(L, -1), &loading->source, &loading->report, &err) != DK_OK)
        return push_load_failure(L, &loading->report, &err);
    lua_pushboolean(L, 1);
    return 1;
}

/* core.check(paths) -> true | nil, message, code, findings */
static int core_check(lua_State *L)
{
    struct loading *loading;
    struct dk_error err;

    if (push_loading(L, &loading, &err) != DK_OK)
        return push_condition(L, &err);
    if (load_check(&loading->source, &loading->report, &err) != DK_OK)
        return push_load_failure(L, &loading->report, &err);
    lua_pushboolean(L, 1);
    return 1;
}

/* core.is_database(path) -> whether the name is that of a database file */
static int core_is_database(lua_State *L)
{
    lua_pushboolean(L, db_is_file_name(luaL_checkstring(L, 1)));
    return 1;
}

/* core.migrate(path) -> {from, release, to, backup}, without backup when nothing was to be done | nil, message, code */
static int core_migrate(lua_State *L)
{
    const char *path = files_path(L, 1);
    struct dk_buffer *backup = push_buffer(L);
    struct dk_error err;
    int version;

    if (files_resolve_write(L, path, &err) != DK_OK)
        return push_condition(L, &err);
    path = lua_tostring(L, -1);
    if (db_migrate(path, &version, backup, &err) != DK_OK)
        return push_condition(L, &err);
    lua_createtable(L, 0, 4);
    lua_pushinteger(L, version);
    lua_setfield(L, -2, "from");
    lua_pushinteger(L, MODEL_VERSION);
    lua_setfield(L, -2, "to");
    lua_pushstring(L, model_version_release(version));
    lua_setfield(L, -2, "release");
    if (backup->size > 0) {
        lua_pushstring(L, backup->bytes);
        lua_setfield(L, -2, "backup");
    }
    return 1;
}

void open_register(lua_State *L)
{
    static const luaL_Reg functions[] = {{"open_bundled", core_open_bundled}, {"open_file", core_open_file},
                                         {"load", core_load},                 {"load_file", core_load_file},
                                         {"check", core_check},               {"migrate", core_migrate},
                                         {"is_database", core_is_database},   {NULL, NULL}};

    luaL_setfuncs(L, functions, 0);
}
