/* The environment of scripts: built from an allow-list, so that what is not named here is not there.
 *
 * Left out on purpose: process and environment (os.execute, os.getenv, io.popen …), bytecode (string.dump, load in mode
 * "b"), the debug library but for traceback, finalizers (__gc runs outside the limits), and every table the library itself
 * uses. */
#define _XOPEN_SOURCE 700

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "lua/binding.h"
#include "lua/host/access.h"
#include "lua/host/run.h"
#include "lua/parts.h"

enum { MODULE_MAX = 16 << 20 }; /* bytes of a Lua file */

static const char environment_key;
static const char loaded_key;
static const char own_key; /* a weak set of the metatables that scripts have set */

/* Output ----------------------------------------------------------------------------------------------------------- */

void sandbox_write(const char *text, size_t size, bool styles)
{
    static int terminal = -1; /* not known yet */

    if (terminal < 0)
        terminal = isatty(STDOUT_FILENO) == 1;
    if (terminal)
        dk_text_show(text, size, styles, stdout);
    else
        fwrite(text, 1, size, stdout);
}

static void write_text(lua_State *L, int index, bool styles)
{
    size_t size;
    const char *text = luaL_tolstring(L, index, &size);

    host_count_output(L, size);
    sandbox_write(text, size, styles);
    lua_pop(L, 1);
}

/* core.write_output(text): to standard output, within the run's limit */
static int write_output(lua_State *L)
{
    luaL_checkstring(L, 1);
    write_text(L, 1, false);
    return 0;
}

static int print(lua_State *L, bool styles)
{
    int count = lua_gettop(L);

    for (int i = 1; i <= count; i++) {
        if (i > 1)
            fputc('\t', stdout);
        write_text(L, i, styles);
    }
    host_count_output(L, 1);
    fputc('\n', stdout);
    return 0;
}

/* print(…): the library's, which lays out tables in colour */
int sandbox_print(lua_State *L)
{
    return print(L, true);
}

/* print(…) for scripts */
static int safe_print(lua_State *L)
{
    return print(L, false);
}

/* io.write(…) */
static int safe_write(lua_State *L)
{
    int count = lua_gettop(L);

    for (int i = 1; i <= count; i++) {
        luaL_checkstring(L, i);
        write_text(L, i, false);
    }
    return 0;
}

/* Files -------------------------------------------------------------------------------------------------------------- */

/* Replaces the path at index 1 by the one it means for this mode; on refusal pushes nil and a message and returns false. */
static bool resolve(lua_State *L, const char *mode)
{
    const char *path = files_path(L, 1);
    bool reads = mode[0] == 'r' && strchr(mode, '+') == NULL;
    struct dk_error err;
    dk_status status = reads ? files_resolve_read(L, path, &err) : files_resolve_write(L, path, &err);

    if (status != DK_OK) {
        push_condition(L, &err);
        lua_pop(L, 1);
        return false;
    }
    if (reads && files_check_regular(lua_tostring(L, -1), &err) != DK_OK) {
        push_condition(L, &err);
        lua_pop(L, 1);
        return false;
    }
    if (!reads) {
        struct host *host = host_of(L);

        if (host->options.dry_run) {
            host_note_written(host, lua_tostring(L, -1), 0);
            lua_pushliteral(L, "/dev/null");
        }
    }
    lua_replace(L, 1);
    return true;
}

/* io.open(path[, mode]): upvalue 1 is the standard function */
static int safe_open(lua_State *L)
{
    const char *mode = luaL_optstring(L, 2, "r");

    luaL_argcheck(L, strspn(mode, "rwa+b") == strlen(mode) && strchr("rwa", mode[0]) != NULL && mode[0] != '\0', 2,
                  "invalid mode");
    if (!resolve(L, mode))
        return 2;
    lua_settop(L, 1);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_pushstring(L, mode);
    lua_call(L, 2, 3);
    return 3;
}

/* io.lines(path[, …]) */
static int safe_lines(lua_State *L)
{
    luaL_checkstring(L, 1);
    if (!resolve(L, "r"))
        return luaL_error(L, "%s", lua_tostring(L, -1));
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
    return lua_gettop(L);
}

/* Code --------------------------------------------------------------------------------------------------------------- */

/* load(chunk[, name[, mode[, env]]]): source text only, in the environment of scripts unless another is given */
static int safe_load(lua_State *L)
{
    bool own = !lua_isnone(L, 4);
    int status;

    if (lua_isstring(L, 1)) {
        size_t size;
        const char *text = lua_tolstring(L, 1, &size);

        status = luaL_loadbufferx(L, text, size, luaL_optstring(L, 2, text), "t");
    } else {
        luaL_checktype(L, 1, LUA_TFUNCTION);
        lua_settop(L, 4);
        lua_pushvalue(L, lua_upvalueindex(1)); /* the standard load reads from the function */
        lua_pushvalue(L, 1);
        if (lua_isnil(L, 2))
            lua_pushliteral(L, "=(load)");
        else
            lua_pushvalue(L, 2);
        lua_pushliteral(L, "t");
        lua_call(L, 3, 2);
        if (lua_isnil(L, -2))
            return 2;
        lua_pop(L, 1);
        status = LUA_OK;
    }
    if (status != LUA_OK) {
        lua_pushnil(L);
        lua_insert(L, -2);
        return 2;
    }
    if (own)
        lua_pushvalue(L, 4);
    else
        lua_rawgetp(L, LUA_REGISTRYINDEX, &environment_key);
    if (lua_setupvalue(L, -2, 1) == NULL)
        lua_pop(L, 1);
    return 1;
}

/* setmetatable(table, metatable): without finalizers, which run outside the limits. For the library, too: a script may
 * reach the metatable of one of its classes. */
int sandbox_setmetatable(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_argexpected(L, lua_isnoneornil(L, 2) || lua_istable(L, 2), 2, "nil or table");
    lua_settop(L, 2);
    if (luaL_getmetafield(L, 1, "__metatable") != LUA_TNIL)
        return luaL_error(L, "cannot change a protected metatable");
    if (lua_istable(L, 2)) {
        lua_pushliteral(L, "__gc");
        if (lua_rawget(L, 2) != LUA_TNIL)
            return luaL_error(L, "a script's metatable cannot have __gc; use __close, or run with --trust");
        lua_pop(L, 1);
    }
    lua_setmetatable(L, 1);
    return 1;
}

/* The same for scripts, which may see the metatables that they set. */
static int safe_setmetatable(lua_State *L)
{
    lua_settop(L, 2);
    sandbox_setmetatable(L);
    lua_settop(L, 1);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &own_key);
    if (lua_getmetatable(L, 1)) {
        lua_pushboolean(L, 1);
        lua_rawset(L, 2);
    }
    lua_settop(L, 1);
    return 1;
}

/* getmetatable(value): those that a script has set. Of the library's it is told the name: with a finalizer put into one of
 * them the library itself would make objects that run code outside the limits. */
static int safe_getmetatable(lua_State *L)
{
    luaL_checkany(L, 1);
    if (luaL_getmetafield(L, 1, "__metatable") != LUA_TNIL)
        return 1;
    if (!lua_getmetatable(L, 1)) {
        lua_pushnil(L);
        return 1;
    }
    lua_rawgetp(L, LUA_REGISTRYINDEX, &own_key);
    lua_pushvalue(L, -2);
    if (lua_rawget(L, -2) != LUA_TNIL) {
        lua_settop(L, 2);
        return 1;
    }
    lua_settop(L, 2);
    lua_pushliteral(L, "__name");
    if (lua_rawget(L, 2) != LUA_TSTRING)
        lua_pushstring(L, luaL_typename(L, 1));
    return 1;
}

/* collectgarbage([option]): looking and collecting, nothing else */
static int safe_collectgarbage(lua_State *L)
{
    static const char *const names[] = {"collect", "count", "step", NULL};
    static const int options[] = {LUA_GCCOLLECT, LUA_GCCOUNT, LUA_GCSTEP};
    int option = options[luaL_checkoption(L, 1, "collect", names)];

    if (option == LUA_GCCOUNT)
        lua_pushnumber(L, lua_gc(L, LUA_GCCOUNT) + lua_gc(L, LUA_GCCOUNTB) / 1024.0);
    else
        lua_pushinteger(L, option == LUA_GCSTEP ? lua_gc(L, LUA_GCSTEP, 0) : lua_gc(L, LUA_GCCOLLECT));
    return 1;
}

/* debug.traceback([message]) */
static int safe_traceback(lua_State *L)
{
    luaL_traceback(L, L, luaL_optstring(L, 1, NULL), 1);
    return 1;
}

/* upvalue 1 is the standard require: index 1 a name of the library's. Scripts get views of its tables (difkit/view.lua),
 * which they cannot change. */
static int require_part(lua_State *L)
{
    /* What stock scripts are made of besides: it lays out what it is given. */
    static const char *const inner[] = {"difkit.diff.text", "difkit.index.movement", "difkit.monitoring",
                                        "difkit.report.explorer"};
    const char *name = luaL_checkstring(L, 1);
    bool whole = strcmp(name, "difkit") == 0;

    for (size_t i = 0; i < sizeof inner / sizeof inner[0]; i++)
        whole |= strcmp(name, inner[i]) == 0;
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_pushliteral(L, "difkit.view");
    lua_call(L, 1, 1);
    lua_getfield(L, -1, "of");
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_pushstring(L, whole ? name : "difkit");
    lua_call(L, 1, 1);
    lua_pushstring(L, whole ? name : "difkit");
    lua_call(L, 2, 1);
    if (!whole)
        lua_getfield(L, -1, name + strlen("difkit."));
    return 1;
}

/* Pushes difkit, or the public part of it that `name` names as difkit.PART: there is no way to what stands behind those. */
static bool require_library(lua_State *L, const char *name)
{
    if (strcmp(name, "difkit") != 0 && strncmp(name, "difkit.", 7) != 0)
        return false;
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_pushcclosure(L, require_part, 1);
    lua_pushvalue(L, 1);
    return lua_pcall(L, 1, 1, 0) == LUA_OK;
}

/* Loads module `name` from the script's own folder: NAME.lua or NAME/init.lua, dots as folders. Pushes the function. */
static bool load_own(lua_State *L, const char *name)
{
    static const char *const endings[] = {".lua", "/init.lua"};
    const char *stem = luaL_gsub(L, name, ".", "/");
    struct dk_error err;

    for (int i = 0; i < 2; i++) {
        const char *path = lua_pushfstring(L, "%s%s", stem, endings[i]);
        struct dk_buffer *buffer;

        if (files_resolve_read(L, path, &err) != DK_OK || !dk_file_exists(lua_tostring(L, -1)))
            continue;
        buffer = push_buffer(L);
        if (dk_file_read(lua_tostring(L, -2), MODULE_MAX, buffer, &err) != DK_OK)
            raise_status(L, &err);
        lua_pushfstring(L, "@%s", path);
        if (luaL_loadbufferx(L, buffer->bytes != NULL ? buffer->bytes : "", buffer->size, lua_tostring(L, -1), "t") !=
            LUA_OK)
            lua_error(L);
        return true;
    }
    return false;
}

/* require(name): parts of difkit, and Lua files of the script's own folder. Upvalue 1 is the standard function. */
static int safe_require(lua_State *L)
{
    const char *name = luaL_checkstring(L, 1);

    lua_settop(L, 1);
    if (require_library(L, name))
        return 1;
    lua_settop(L, 1);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &loaded_key);
    lua_getfield(L, -1, name);
    if (!lua_isnil(L, -1))
        return 1;
    lua_settop(L, 2);
    if (!load_own(L, name))
        return raise_error(L, DK_USAGE,
                           "a script may require difkit and Lua files of its own folder; --trust lifts this",
                           "module \"%s\" not found", name);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &environment_key);
    lua_setupvalue(L, -2, 1);
    lua_pushvalue(L, 1);
    lua_call(L, 1, 1);
    if (lua_isnil(L, -1)) {
        lua_pop(L, 1);
        lua_pushboolean(L, 1);
    }
    lua_pushvalue(L, -1);
    lua_setfield(L, 2, name);
    return 1;
}

/* The list ------------------------------------------------------------------------------------------------------------ */

/* Copies from the standard library `from` (NULL: the globals) the functions named into the table on top. */
static void copy(lua_State *L, const char *from, const char *const *names)
{
    if (from != NULL)
        lua_getglobal(L, from);
    else
        lua_pushglobaltable(L);
    for (; *names != NULL; names++) {
        lua_getfield(L, -1, *names);
        lua_setfield(L, -3, *names);
    }
    lua_pop(L, 1);
}

/* Sets in the table on top `name` to `function`, whose upvalue is the standard function from.name. */
static void wrap(lua_State *L, const char *from, const char *name, lua_CFunction function)
{
    if (from != NULL) {
        lua_getglobal(L, from);
        lua_getfield(L, -1, name);
        lua_remove(L, -2);
    } else {
        lua_getglobal(L, name);
    }
    lua_pushcclosure(L, function, 1);
    lua_setfield(L, -2, name);
}

void sandbox_push(lua_State *L, struct host *host)
{
    static const char *const globals[] = {"assert",   "error",  "ipairs", "next",     "pairs",  "pcall",
                                          "rawequal", "rawget", "rawlen", "rawset",   "select", "tonumber",
                                          "tostring", "type",   "warn",   "_VERSION", NULL};
    static const char *const string[] = {"byte", "char", "find", "format", "gmatch", "gsub", "len", "lower", "match",
                                         "pack", "packsize", "rep", "reverse", "sub", "unpack", "upper", NULL};
    static const char *const table[] = {"concat", "insert", "move", "pack", "remove", "sort", "unpack", NULL};
    static const char *const math[] = {"abs", "acos", "asin", "atan", "ceil", "cos", "deg", "exp", "floor", "fmod",
                                       "huge", "log", "max", "maxinteger", "min", "mininteger", "modf", "pi", "rad",
                                       "random", "randomseed", "sin", "sqrt", "tan", "tointeger", "type", "ult", NULL};
    static const char *const coroutine[] = {"close", "create", "isyieldable", "resume", "running", "status", "wrap",
                                            "yield", NULL};
    static const char *const utf8[] = {"char", "charpattern", "codepoint", "codes", "len", "offset", NULL};
    static const char *const os[] = {"clock", "date", "difftime", "time", NULL};
    static const char *const io[] = {"read", "type", NULL};
    static const struct {
        const char *name;
        const char *const *functions;
    } libraries[] = {{"string", string}, {"table", table}, {"math", math}, {"coroutine", coroutine},
                     {"utf8", utf8},     {"os", os},       {"io", io}};
    static const luaL_Reg own[] = {{"print", safe_print},
                                   {"getmetatable", safe_getmetatable},
                                   {"setmetatable", safe_setmetatable},
                                   {"collectgarbage", safe_collectgarbage},
                                   {NULL, NULL}};

    (void)host;
    lua_newtable(L);
    copy(L, NULL, globals);
    luaL_setfuncs(L, own, 0);
    wrap(L, NULL, "load", safe_load);
    wrap(L, NULL, "require", safe_require);
    wrap(L, NULL, "xpcall", sandbox_xpcall);
    for (size_t i = 0; i < sizeof libraries / sizeof libraries[0]; i++) {
        lua_newtable(L);
        copy(L, libraries[i].name, libraries[i].functions);
        if (libraries[i].functions == io) {
            wrap(L, "io", "open", safe_open);
            wrap(L, "io", "lines", safe_lines);
            wrap(L, "io", "write", safe_write);
        } else if (libraries[i].functions == coroutine) {
            sandbox_coroutines(L);
        }
        lua_setfield(L, -2, libraries[i].name);
    }
    lua_newtable(L);
    lua_pushcfunction(L, safe_traceback);
    lua_setfield(L, -2, "traceback");
    lua_setfield(L, -2, "debug");
    lua_pushvalue(L, -1);
    lua_setfield(L, -2, "_G");
    lua_newtable(L);
    lua_createtable(L, 0, 1);
    lua_pushliteral(L, "k");
    lua_setfield(L, -2, "__mode");
    lua_setmetatable(L, -2);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &own_key);
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &loaded_key);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &environment_key);
}

/* Scripts ---------------------------------------------------------------------------------------------------------- */

/* core.run_chunk(source, name, …) -> what the chunk returns. `name` is the chunk's: "@path" or "@stock:NAME". The chunk runs
 * in the environment of scripts, and is given the further arguments. */
static int run_chunk(lua_State *L)
{
    struct host *host = host_of(L);
    size_t size;
    const char *source = luaL_checklstring(L, 1, &size);
    const char *name = luaL_checkstring(L, 2);

    if (luaL_loadbufferx(L, source, size, name, "t") != LUA_OK)
        return lua_error(L);
    if (host != NULL)
        host->running = true;
    if (host != NULL && !host->options.trust) {
        sandbox_push(L, host);
        lua_setupvalue(L, -2, 1);
    }
    lua_replace(L, 2);
    lua_remove(L, 1);
    lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
    return lua_gettop(L);
}

void sandbox_register(lua_State *L)
{
    static const luaL_Reg functions[] = {{"run_chunk", run_chunk}, {"write_output", write_output}, {NULL, NULL}};
    const struct host *host = host_of(L);

    luaL_setfuncs(L, functions, 0);
    lua_newtable(L);
    if (host != NULL) {
        for (size_t i = 0; i < host->options.overlay_count; i++) {
            lua_pushstring(L, host->options.overlay[i]);
            lua_rawseti(L, -2, (lua_Integer)i + 1);
        }
        if (host->options.database != NULL) {
            lua_pushstring(L, host->options.database);
            lua_setfield(L, -3, "default_database");
        }
        lua_pushinteger(L, (lua_Integer)host->options.threads);
        lua_setfield(L, -3, "threads");
    }
    lua_setfield(L, -2, "overlay");
}
