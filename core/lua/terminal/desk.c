/* The desk of an interactive session (terminal/desk.h) for the library: lines, history, files and the editor. */
#include "terminal/desk.h"

#include <string.h>

#include "base/interrupt.h"
#include "lua/binding.h"
#include "lua/host/access.h"
#include "lua/host/run.h"
#include "lua/parts.h"

/* Refuses what a script asks for that the session runs. */
static void check_session(lua_State *L)
{
    const struct host *host = host_of(L);

    if (host == NULL || !host->options.interactive || host->in_entry)
        raise_error(L, DK_USAGE, NULL, "only `difkit repl` itself does this");
}

/* core.line_begin() -> "edited", "terminal" or "plain": how lines are read in this session */
static int line_begin(lua_State *L)
{
    static const char *const names[] = {"plain", "terminal", "edited"};
    enum desk_mode mode;

    check_session(L);
    mode = desk_begin();
    if (mode != DESK_PLAIN)
        limits_catch_interrupts();
    lua_pushstring(L, names[mode <= DESK_EDITED ? mode : DESK_PLAIN]);
    return 1;
}

struct completing {
    const char *before;
    size_t size;
    struct desk_completion *out;
};

/* Calls the function at index 2 with the line; what it gives is in struct completing, which is index 1. */
static int call_completer(lua_State *L)
{
    struct completing *completing = lua_touserdata(L, 1);
    const char *text;
    size_t size;

    lua_pushlstring(L, completing->before, completing->size);
    lua_call(L, 1, 3);
    completing->out->gives_way = (int)lua_tointeger(L, -3);
    text = lua_tolstring(L, -2, &size);
    if (text != NULL)
        dk_buffer_add(&completing->out->text, text, size);
    text = lua_tolstring(L, -1, &size);
    if (text != NULL)
        dk_buffer_add(&completing->out->choices, text, size);
    return 0;
}

static void complete(void *context, const char *before, size_t size, struct desk_completion *out)
{
    struct completing completing = {before, size, out};
    lua_State *L = context;
    int top = lua_gettop(L);

    lua_pushcfunction(L, call_completer);
    lua_pushlightuserdata(L, &completing);
    lua_pushvalue(L, 2);
    (void)lua_pcall(L, 2, 0, 0); /* what cannot be completed stays as it is */
    lua_settop(L, top);
}

/* core.line(goes_on, complete) -> the line typed, nil at the end of input, false after Ctrl-C. complete(before) -> how many
 * bytes give way, the text for them, the choices to show */
static int line_read(lua_State *L)
{
    struct desk_completer completer = {complete, L};
    bool goes_on = lua_toboolean(L, 1);
    struct dk_buffer *line;

    check_session(L);
    luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_settop(L, 2);
    line = push_buffer(L);
    switch (desk_line(goes_on, &completer, line)) {
    case DESK_TYPED:
        lua_pushlstring(L, line->bytes != NULL ? line->bytes : "", line->size);
        break;
    case DESK_INTERRUPTED:
        lua_pushboolean(L, 0);
        break;
    default:
        lua_pushnil(L);
        break;
    }
    return 1;
}

/* core.line_remember(entry) -> true | nil, message, code: keeps it for the keys that go through the lines, and for later
 * sessions */
static int line_remember(lua_State *L)
{
    size_t size;
    const char *text = luaL_checklstring(L, 1, &size);
    struct dk_error err;

    check_session(L);
    if (desk_remember(text, size, &err) != DK_OK)
        return push_condition(L, &err);
    lua_pushboolean(L, 1);
    return 1;
}

/* core.line_history(count) -> true | nil, message, code: shows the last entries */
static int line_history(lua_State *L)
{
    lua_Integer count = luaL_checkinteger(L, 1);
    struct dk_error err;

    check_session(L);
    if (desk_history(count < 0 || count > 1 << 20 ? 1 << 20 : (int)count, &err) != DK_OK)
        return push_condition(L, &err);
    lua_pushboolean(L, 1);
    return 1;
}

/* core.typed_source() -> text and path of the file that the line `.source FILE` names | nil, message, code */
static int typed_source(lua_State *L)
{
    struct dk_buffer *text = push_buffer(L), *path = push_buffer(L);
    struct dk_error err;

    check_session(L);
    if (desk_source(text, path, &err) != DK_OK)
        return push_condition(L, &err);
    lua_pushlstring(L, text->bytes != NULL ? text->bytes : "", text->size);
    lua_pushlstring(L, path->bytes != NULL ? path->bytes : "", path->size);
    return 2;
}

/* core.typed_save(text) -> path of the file that the line `.save FILE` names, now with the text | nil, message, code.
 * A file that is there is replaced by `.save! FILE` only. */
static int typed_save(lua_State *L)
{
    size_t size;
    const char *text = luaL_checklstring(L, 1, &size);
    struct dk_buffer *path = push_buffer(L);
    struct dk_error err;

    check_session(L);
    if (desk_save(text, size, path, &err) != DK_OK)
        return push_condition(L, &err);
    lua_pushlstring(L, path->bytes != NULL ? path->bytes : "", path->size);
    return 1;
}

/* core.typed_edit(text) -> what the editor made of the text, for the line `.edit` | nil, message, code. The file is in a
 * folder that only the user can read. */
static int typed_edit(lua_State *L)
{
    size_t size;
    const char *text = luaL_checklstring(L, 1, &size);
    struct dk_buffer *edited = push_buffer(L);
    struct dk_error err;

    check_session(L);
    if (desk_edit(text, size, edited, &err) != DK_OK)
        return push_condition(L, &err);
    lua_pushlstring(L, edited->bytes != NULL ? edited->bytes : "", edited->size);
    return 1;
}

void desk_register(lua_State *L)
{
    static const luaL_Reg functions[] = {{"line_begin", line_begin},       {"line", line_read},
                                         {"line_remember", line_remember}, {"line_history", line_history},
                                         {"typed_source", typed_source},   {"typed_save", typed_save},
                                         {"typed_edit", typed_edit},       {NULL, NULL}};

    luaL_setfuncs(L, functions, 0);
}
