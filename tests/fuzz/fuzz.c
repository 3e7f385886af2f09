/* What a stranger's file does to its reader: each input becomes a file, which the target (tests/fuzz/NAME.lua) reads with
 * the library in a plain Lua interpreter. An error of the library's own is an answer; one of Lua (a nil where a value was
 * taken for granted) is a fault, as is whatever the sanitizers find.
 *
 * Built with DIFKIT_FUZZ, by clang, it is a libFuzzer program, told the target by the variable FUZZ_TARGET:
 *     FUZZ_TARGET=yaml build/fuzz/tests/fuzz tests/fuzz/corpus/yaml
 * Otherwise it reads the files that it is given once: fuzz TARGET FILE…. Both run in the top folder of the sources. */
#define _POSIX_C_SOURCE 200809L

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <lauxlib.h>
#include <lualib.h>

#include "check.h"

enum { INPUTS_A_STATE = 5000 }; /* after so many a new interpreter begins, with nothing kept */

int luaopen_difkit_core(lua_State *L);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static lua_State *begin(const char *target)
{
    lua_State *L = luaL_newstate();
    char script[200];

    CHECK(L != NULL);
    luaL_openlibs(L);
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
    lua_pushcfunction(L, luaopen_difkit_core);
    lua_setfield(L, -2, "difkit.core");
    lua_pop(L, 1);
    snprintf(script, sizeof script, "tests/fuzz/%s.lua", target);
    if (luaL_dostring(L, "package.path = 'scripts/?.lua;scripts/?/init.lua'") != LUA_OK ||
        luaL_dofile(L, script) != LUA_OK) {
        fprintf(stderr, "%s\n", lua_tostring(L, -1));
        exit(1);
    }
    lua_getfield(L, -1, "ending"); /* of the file's name */
    lua_getfield(L, -2, "read");   /* function(path, text) */
    return L;
}

/* An error that is text is Lua's own, unless the library hands on that of a callback. */
static int judge(lua_State *L)
{
    if (lua_type(L, 1) == LUA_TSTRING)
        luaL_traceback(L, L, lua_tostring(L, 1), 1);
    return 1;
}

static void run(const char *target, const uint8_t *data, size_t size)
{
    static lua_State *L;
    static char path[100];
    static int inputs;
    FILE *file;

    if (L == NULL) {
        L = begin(target);
        snprintf(path, sizeof path, "/dev/shm/difkit-fuzz-%ld%s", (long)getpid(), lua_tostring(L, -2));
    }
    file = fopen(path, "wb");
    CHECK(file != NULL && fwrite(data, 1, size, file) == size && fclose(file) == 0);
    lua_pushcfunction(L, judge);
    lua_pushvalue(L, -2);
    lua_pushstring(L, path);
    lua_pushlstring(L, (const char *)data, size);
    if (lua_pcall(L, 2, 0, -4) != LUA_OK) {
        if (lua_type(L, -1) == LUA_TSTRING) {
            fprintf(stderr, "a fault: %s\n", lua_tostring(L, -1));
            abort();
        }
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    (void)unlink(path);
    if (++inputs % INPUTS_A_STATE == 0) {
        lua_close(L);
        L = NULL;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *target = getenv("FUZZ_TARGET");

    CHECK(target != NULL);
    run(target, data, size);
    return 0;
}

#ifndef DIFKIT_FUZZ
static void replay(const char *target, const char *path)
{
    static uint8_t bytes[1 << 20];
    FILE *file = fopen(path, "rb");
    size_t size;

    if (file == NULL) {
        perror(path);
        exit(1);
    }
    size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    run(target, bytes, size);
}

int main(int argc, char **argv)
{
    for (int i = 2; i < argc; i++)
        replay(argv[1], argv[i]);
    printf("%s: %d inputs\n", argc > 1 ? argv[1] : "no target", argc > 2 ? argc - 2 : 0);
    return argc > 2 ? 0 : 1;
}
#endif
