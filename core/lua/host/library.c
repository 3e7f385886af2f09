/* The library and the stock scripts as files: built into the program, or in the folder that --library names. */
#include <string.h>

#include "base/file.h"
#include "embed/archive.h"
#include "lua/binding.h"
#include "lua/host/access.h"
#include "lua/host/run.h"
#include "lua/parts.h"

/* Pushes the text of a file of the library ("difkit/table.lua", "stock/coverage.lua"), or nil. What is not difkit's own
 * ("luacheck/parser.lua") is always the one built in. */
static void push_library_text(lua_State *L, const char *name)
{
    const struct host *host = host_of(L);
    const struct embed_file *file;
    struct dk_buffer *buffer;

    if (host == NULL || host->options.library == NULL || strncmp(name, "luacheck/", 9) == 0) {
        file = embed_find(name);
        if (file != NULL)
            lua_pushlstring(L, (const char *)file->bytes, file->size);
        else
            lua_pushnil(L);
        return;
    }
    buffer = push_buffer(L);
    lua_pushfstring(L, "%s/%s", host->options.library, name);
    if (strstr(name, "..") == NULL && dk_file_read(lua_tostring(L, -1), 0, buffer, NULL) == DK_OK)
        lua_pushlstring(L, buffer->bytes, buffer->size);
    else
        lua_pushnil(L);
    lua_replace(L, -3);
    lua_pop(L, 1);
}

int library_search(lua_State *L)
{
    static const char *const endings[] = {".lua", "/init.lua"};
    const char *name = luaL_gsub(L, luaL_checkstring(L, 1), ".", "/");

    for (int i = 0; i < 2; i++) {
        const char *file = lua_pushfstring(L, "%s%s", name, endings[i]);

        push_library_text(L, file);
        if (lua_isnil(L, -1)) {
            lua_pop(L, 2);
            continue;
        }
        lua_pushfstring(L, "=%s", file);
        if (luaL_loadbufferx(L, lua_tostring(L, -2), lua_rawlen(L, -2), lua_tostring(L, -1), "t") != LUA_OK)
            return lua_error(L);
        lua_pushstring(L, file);
        return 2;
    }
    lua_pushfstring(L, "no file '%s.lua' in the library", name);
    return 1;
}

/* core.library_text(name) -> text of a file of the library or the stock scripts, or nil */
static int library_text(lua_State *L)
{
    push_library_text(L, luaL_checkstring(L, 1));
    return 1;
}

/* Appends the names of the files below a folder of the library to the array on top of the stack. */
static void push_names_below(lua_State *L, const char *library, const char *folder, lua_Integer *count)
{
    struct dk_names names;

    lua_pushfstring(L, "%s/%s", library, folder);
    if (dk_folder_list(lua_tostring(L, -1), "", &names, NULL) != DK_OK) {
        lua_pop(L, 1);
        return;
    }
    lua_pop(L, 1);
    for (size_t i = 0; i < names.count; i++) {
        const char *ending = strrchr(names.name[i], '.');
        const char *name = lua_pushfstring(L, "%s/%s", folder, names.name[i]);

        if (ending != NULL && strcmp(ending, ".lua") == 0) {
            lua_rawseti(L, -2, ++*count);
            continue;
        }
        lua_insert(L, -2);
        push_names_below(L, library, name, count);
        lua_remove(L, -2);
    }
    dk_names_free(&names);
}

/* core.library_names() -> array of the names of those files, in byte order within each folder */
static int library_names(lua_State *L)
{
    const struct host *host = host_of(L);
    lua_Integer count = 0;

    lua_newtable(L);
    if (host != NULL && host->options.library != NULL) {
        push_names_below(L, host->options.library, "difkit", &count);
        push_names_below(L, host->options.library, "stock", &count);
        return 1;
    }
    for (size_t i = 0; i < embed_file_count; i++)
        if (strncmp(embed_files[i].name, "difkit/", 7) == 0 || strncmp(embed_files[i].name, "stock/", 6) == 0) {
            lua_pushstring(L, embed_files[i].name);
            lua_rawseti(L, -2, ++count);
        }
    return 1;
}

void library_register(lua_State *L)
{
    static const luaL_Reg functions[] = {{"library_text", library_text}, {"library_names", library_names}, {NULL, NULL}};

    luaL_setfuncs(L, functions, 0);
}
