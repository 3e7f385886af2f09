/* Several files written together: all of them appear, or none.
 *
 * core.write_files(files) takes a list of {path, text} and gives true | nil, message, code. Every file is written beside its
 * place first and put there when all are written; when one fails nothing is put anywhere, and folders made for it go. */
#define _POSIX_C_SOURCE 200809L

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "lua/binding.h"
#include "lua/host/access.h"
#include "lua/host/run.h"
#include "lua/observe.h"
#include "lua/parts.h"

struct piece {
    struct dk_output output;
    const char *path, *text; /* held by a list of our own */
    size_t size;
    size_t there; /* bytes of the path that name a folder which was there */
};

static size_t folder_there(const char *path)
{
    char *copy = dk_copy_text(path);
    char *slash = strrchr(copy, '/');

    while (slash != NULL && slash != copy) {
        *slash = '\0';
        if (dk_is_folder(copy))
            break;
        slash = strrchr(copy, '/');
    }
    if (slash != NULL && slash != copy) {
        size_t size = strlen(copy);

        free(copy);
        return size;
    }
    free(copy);
    return 0;
}

/* Removes the folders above the path that were made for it, as far as they are empty. */
static void remove_folders(const struct piece *piece)
{
    char *copy = dk_copy_text(piece->path);
    char *slash = strrchr(copy, '/');

    while (slash != NULL && (size_t)(slash - copy) > piece->there) {
        *slash = '\0';
        if (rmdir(copy) != 0)
            break;
        slash = strrchr(copy, '/');
    }
    free(copy);
}

static dk_status prepare(struct piece *piece, struct dk_error *err)
{
    if (dk_output_open(&piece->output, piece->path, true, err) != DK_OK)
        return DK_ERROR;
    (void)fwrite(piece->text, 1, piece->size, piece->output.stream); /* closing says whether it could */
    return dk_output_close(&piece->output, err);
}

static dk_status write_all(struct piece *piece, size_t count, struct dk_error *err)
{
    dk_status status = DK_OK;

    for (size_t i = 0; i < count && status == DK_OK; i++) {
        piece[i].there = folder_there(piece[i].path);
        status = prepare(&piece[i], err);
    }
    for (size_t i = 0; i < count && status == DK_OK; i++)
        status = dk_output_commit(&piece[i].output, err);
    if (status == DK_OK)
        return DK_OK;
    for (size_t i = count; i-- > 0;) {
        dk_output_discard(&piece[i].output);
        if (piece[i].there > 0 || piece[i].path[0] != '/')
            remove_folders(&piece[i]);
    }
    return status;
}

/* Puts path (resolved) and text of file i of the list at index 1 into the list at index 2. */
static dk_status take_file(lua_State *L, lua_Integer i, struct dk_error *err)
{
    if (lua_rawgeti(L, 1, i) != LUA_TTABLE)
        raise_error(L, DK_USAGE, NULL, "write_files: file %d is no table", (int)i);
    if (lua_rawgeti(L, 3, 1) != LUA_TSTRING || lua_rawgeti(L, 3, 2) != LUA_TSTRING)
        raise_error(L, DK_USAGE, NULL, "write_files: file %d needs a path and a text", (int)i);
    observe(L, "written", 4, 2);
    lua_rawseti(L, 2, 2 * i);
    if (files_resolve_write(L, files_path(L, 4), err) != DK_OK)
        return DK_ERROR;
    lua_rawseti(L, 2, 2 * i - 1);
    lua_settop(L, 2);
    return DK_OK;
}

/* core.write_files(files) -> true | nil, message, code */
static int write_files(lua_State *L)
{
    struct host *host = host_of(L);
    lua_Integer count;
    struct piece *piece;
    struct dk_error err;

    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    count = (lua_Integer)lua_rawlen(L, 1);
    lua_createtable(L, 2 * (int)count, 0);
    for (lua_Integer i = 1; i <= count; i++)
        if (take_file(L, i, &err) != DK_OK)
            return push_condition(L, &err);
    piece = lua_newuserdatauv(L, (size_t)count * sizeof *piece + 1, 0);
    memset(piece, 0, (size_t)count * sizeof *piece);
    for (lua_Integer i = 0; i < count; i++) {
        lua_rawgeti(L, 2, 2 * i + 1);
        lua_rawgeti(L, 2, 2 * i + 2);
        piece[i].path = lua_tostring(L, -2);
        piece[i].text = lua_tolstring(L, -1, &piece[i].size);
        lua_pop(L, 2);
    }
    if ((host == NULL || !host->options.dry_run) && write_all(piece, (size_t)count, &err) != DK_OK)
        return push_condition(L, &err);
    for (lua_Integer i = 0; i < count && host != NULL; i++)
        host_note_written(host, piece[i].path, piece[i].size);
    lua_pushboolean(L, 1);
    return 1;
}

void together_register(lua_State *L)
{
    lua_pushcfunction(L, write_files);
    lua_setfield(L, -2, "write_files");
}
