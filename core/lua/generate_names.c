/* Runs core/names/generate.lua, which makes the table of names, with the folding by which it is searched: generate SCRIPT
 * ARGUMENTS… */
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdio.h>

#include "names/fold.h"

/* fold(text) -> key, words in order or nil */
static int fold(lua_State *L)
{
    size_t size;
    const char *text = luaL_checklstring(L, 1, &size);
    struct dk_buffer key = {0}, words = {0};

    names_fold(text, size, &key, &words);
    lua_pushlstring(L, key.bytes, key.size);
    if (words.size > 0)
        lua_pushlstring(L, words.bytes, words.size);
    else
        lua_pushnil(L);
    dk_buffer_free(&key);
    dk_buffer_free(&words);
    return 2;
}

int main(int argc, char **argv)
{
    lua_State *L = luaL_newstate();
    int status = 1;

    if (L == NULL || argc < 2)
        return 1;
    luaL_openlibs(L);
    lua_register(L, "fold", fold);
    lua_newtable(L);
    for (int i = 2; i < argc; i++) {
        lua_pushstring(L, argv[i]);
        lua_rawseti(L, -2, i - 1);
    }
    lua_setglobal(L, "arg");
    if (luaL_dofile(L, argv[1]) == LUA_OK)
        status = 0;
    else
        fprintf(stderr, "%s\n", lua_tostring(L, -1));
    lua_close(L);
    return status;
}
