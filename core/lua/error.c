/* Errors as scripts see them: values with code, message, hint and where, and tracebacks into the user's own code. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/near.h"
#include "lua/binding.h"
#include "lua/parts.h"

/* Whether a chunk belongs to the library rather than to a user. */
static bool is_library_source(const char *source)
{
    if (strncmp(source, "=difkit/", 8) == 0)
        return true;
    return source[0] == '@' && (strstr(source, "scripts/difkit/") != NULL || strstr(source, "/lua/5.4/difkit/") != NULL);
}

/* Whether the level is a line of a user's script. */
static bool is_user_level(const lua_Debug *level)
{
    return level->currentline > 0 && !is_library_source(level->source);
}

/* Pushes "file:line" of the nearest line of a user's script, from `first` up; "" when there is none. */
static void push_where(lua_State *L, int first)
{
    lua_Debug level;

    for (int i = first; lua_getstack(L, i, &level); i++) {
        lua_getinfo(L, "Sl", &level);
        if (is_user_level(&level)) {
            lua_pushfstring(L, "%s:%d", level.short_src, level.currentline);
            return;
        }
    }
    lua_pushliteral(L, "");
}

/* What error values are, by the library's own account: a script can change the value that it caught. Weak keys. */
static const char codes_key;

static void note_code(lua_State *L, int value, enum dk_code code)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &codes_key);
    lua_pushvalue(L, value);
    lua_pushinteger(L, code);
    lua_rawset(L, -3);
    lua_pop(L, 1);
}

enum dk_code error_code(lua_State *L, int index)
{
    enum dk_code code = DK_SCRIPT;

    index = lua_absindex(L, index);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &codes_key);
    lua_pushvalue(L, index);
    if (lua_rawget(L, -2) == LUA_TNUMBER)
        code = (enum dk_code)lua_tointeger(L, -1);
    lua_pop(L, 2);
    return code;
}

/* Pops message, then hint (text or nil), then where, and pushes the error value. */
static void make_error(lua_State *L, enum dk_code code)
{
    lua_createtable(L, 0, 5);
    lua_pushstring(L, dk_code_name(code));
    lua_setfield(L, -2, "code");
    lua_rotate(L, -4, 1); /* the table below the three */
    lua_setfield(L, -4, "message");
    lua_setfield(L, -3, "hint");
    lua_setfield(L, -2, "where");
    luaL_setmetatable(L, ERROR_TYPE);
    note_code(L, lua_gettop(L), code);
}

static int raise_parts(lua_State *L, enum dk_code code, const char *message, const char *hint)
{
    push_where(L, 0);
    if (hint != NULL && hint[0] != '\0')
        lua_pushstring(L, hint);
    else
        lua_pushnil(L);
    lua_pushstring(L, message);
    make_error(L, code);
    return lua_error(L);
}

int raise_error(lua_State *L, enum dk_code code, const char *hint, const char *format, ...)
{
    char message[1024];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return raise_parts(L, code, message, hint);
}

/* "file:line:column: message" of an error, without its hint. */
static void message_of(const struct dk_error *err, char *out, size_t size)
{
    struct dk_error plain = *err;

    plain.hint[0] = '\0';
    dk_error_text(&plain, out, size);
}

int raise_status(lua_State *L, const struct dk_error *err)
{
    char message[1536];

    message_of(err, message, sizeof message);
    return raise_parts(L, err->code, message, err->hint);
}

int push_condition(lua_State *L, const struct dk_error *err)
{
    char message[2048];

    dk_error_text(err, message, sizeof message);
    lua_pushnil(L);
    lua_pushstring(L, message);
    lua_pushstring(L, dk_code_name(err->code));
    return 3;
}

/* The datum concerned -------------------------------------------------------------------------------------------- */

/* "attempt to … a nil value (field 'deadline')" -> deadline */
static bool missing_field(const char *message, char *out, size_t size)
{
    const char *begin = strstr(message, "nil value (field '");
    const char *end;

    if (begin == NULL)
        return false;
    begin += strlen("nil value (field '");
    end = strchr(begin, '\'');
    if (end == NULL || (size_t)(end - begin) >= size)
        return false;
    memcpy(out, begin, (size_t)(end - begin));
    out[end - begin] = '\0';
    return true;
}

/* If the value on top is a row that lacks `field`, pushes a sentence that names it and returns true. */
static bool describe_row(lua_State *L, const char *field)
{
    const char *entity, *id, *origin;
    int kind = lua_istable(L, -1) ? luaL_getmetafield(L, -1, "columns") : LUA_TNIL;

    if (kind == LUA_TNIL)
        return false;
    if (kind != LUA_TTABLE) { /* a query has a method of that name */
        lua_pop(L, 1);
        return false;
    }
    lua_getfield(L, -1, field);
    lua_remove(L, -2);
    if (lua_isnil(L, -1)) {
        lua_pop(L, 1);
        return false;
    }
    lua_pop(L, 1);
    lua_pushstring(L, field);
    if (lua_rawget(L, -2) != LUA_TNIL) {
        lua_pop(L, 1);
        return false;
    }
    lua_pop(L, 1);
    entity = luaL_getmetafield(L, -1, "entity") == LUA_TNIL ? NULL : lua_tostring(L, -1);
    if (entity == NULL) {
        lua_pushliteral(L, "row");
        entity = lua_tostring(L, -1);
    }
    lua_pushliteral(L, "id");
    lua_rawget(L, -3);
    id = luaL_tolstring(L, -1, NULL);
    lua_pushliteral(L, "origin");
    lua_rawget(L, -5);
    origin = lua_tostring(L, -1);
    if (origin != NULL)
        lua_pushfstring(L, "%s %s (%s) has no %s", entity, id, origin, field);
    else
        lua_pushfstring(L, "%s %s has no %s", entity, id, field);
    lua_insert(L, -5);
    lua_pop(L, 4);
    return true;
}

/* Looks in the function that failed for a row without the field of the message; pushes a sentence that names it. */
static bool find_datum(lua_State *L, const char *message)
{
    char field[64];
    lua_Debug level;

    if (!missing_field(message, field, sizeof field) || !lua_getstack(L, 1, &level))
        return false;
    for (int i = 1; lua_getlocal(L, &level, i) != NULL; i++) {
        if (describe_row(L, field)) {
            lua_remove(L, -2);
            return true;
        }
        lua_pop(L, 1);
    }
    lua_getinfo(L, "f", &level);
    for (int i = 1; lua_getupvalue(L, -1, i) != NULL; i++) {
        if (describe_row(L, field)) {
            lua_replace(L, -3);
            lua_pop(L, 1);
            return true;
        }
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    return false;
}

/* Tracebacks ----------------------------------------------------------------------------------------------------- */

/* Pushes the user's own lines of the call stack, one a line. */
static void push_traceback(lua_State *L, int first)
{
    luaL_Buffer buffer;
    lua_Debug level;
    int shown = 0;

    luaL_buffinit(L, &buffer);
    for (int i = first; lua_getstack(L, i, &level); i++) {
        lua_getinfo(L, "Sln", &level);
        if (!is_user_level(&level))
            continue;
        if (shown++ == 20) {
            luaL_addstring(&buffer, "\n  …");
            break;
        }
        if (shown > 1)
            luaL_addchar(&buffer, '\n');
        if (level.name != NULL)
            lua_pushfstring(L, "  %s:%d in function '%s'", level.short_src, level.currentline, level.name);
        else if (*level.what == 'm')
            lua_pushfstring(L, "  %s:%d in the script", level.short_src, level.currentline);
        else
            lua_pushfstring(L, "  %s:%d in a function", level.short_src, level.currentline);
        luaL_addvalue(&buffer);
    }
    luaL_pushresult(&buffer);
}

/* Lets core.explain(where, message) (scripts/difkit/script/slips.lua), where there is one, look at the error value on top
 * of the stack while the stack of what failed is still there: what it gives, a hint and perhaps another message, goes
 * into the value. */
static void explain(lua_State *L)
{
    int error = lua_gettop(L);

    if (luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE) && lua_getfield(L, -1, "difkit.core") == LUA_TTABLE &&
        lua_getfield(L, -1, "explain") == LUA_TFUNCTION) {
        lua_getfield(L, error, "where");
        lua_getfield(L, error, "message");
        if (lua_pcall(L, 2, 2, 0) == LUA_OK && lua_isstring(L, -2)) {
            if (lua_isstring(L, -1))
                lua_setfield(L, error, "message");
            else
                lua_pop(L, 1);
            lua_setfield(L, error, "hint");
        }
    }
    lua_settop(L, error);
}

/* Pushes a place "file:line", or for one in the library the user's own line from which it was called, if there is one. */
static void push_user_place(lua_State *L, const char *place, size_t size)
{
    const char *source = lua_pushfstring(L, "=%s", place);

    if (is_library_source(source)) {
        push_where(L, 1);
        if (lua_tostring(L, -1)[0] != '\0') {
            lua_remove(L, -2);
            return;
        }
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    lua_pushlstring(L, place, size);
}

/* Whether assert(nil, message) has failed in a stock script, at that place: what its user gave is wrong, and nothing in the
 * line of the script, which he does not know. */
static bool is_stock_assertion(lua_State *L, const char *place)
{
    lua_Debug level;

    if (strncmp(place, "stock:", 6) != 0)
        return false;
    for (int i = 0; i < 3 && lua_getstack(L, i, &level); i++) {
        lua_getinfo(L, "Sn", &level);
        if (*level.what == 'C' && level.name != NULL && strcmp(level.name, "assert") == 0)
            return true;
    }
    return false;
}

/* Splits "script.lua:3: message" of Lua's own errors; pushes where and message. */
static void push_split(lua_State *L, const char *text)
{
    const char *colon = text;

    while ((colon = strchr(colon, ':')) != NULL) {
        size_t digits = strspn(colon + 1, "0123456789");

        if (digits > 0 && strncmp(colon + 1 + digits, ": ", 2) == 0) {
            if (is_stock_assertion(L, text))
                lua_pushliteral(L, "");
            else
                push_user_place(L, text, (size_t)(colon - text) + 1 + digits);
            lua_pushstring(L, colon + 1 + digits + 2);
            return;
        }
        colon++;
    }
    push_where(L, 1);
    lua_pushstring(L, text);
}

/* Pushes an error value made of any other value at `index`. */
static void push_converted(lua_State *L, int index)
{
    const char *text;

    if (lua_type(L, index) == LUA_TSTRING || lua_type(L, index) == LUA_TNUMBER) {
        push_split(L, lua_tostring(L, index));
        text = lua_tostring(L, -1);
        if (find_datum(L, text)) {
            lua_insert(L, -2); /* where, datum, message */
        } else {
            lua_pushnil(L);
            lua_insert(L, -2);
        }
    } else {
        push_where(L, 1);
        lua_pushnil(L);
        luaL_tolstring(L, index, NULL);
        lua_pushfstring(L, "the script raised %s", lua_tostring(L, -1));
        lua_remove(L, -2);
    }
    make_error(L, DK_SCRIPT);
}

/* Pushes the error value of memory that was refused, to Lua or to what it calls: its text is Lua's own, and no script's. */
static void push_without_memory(lua_State *L)
{
    push_where(L, 1);
    lua_pushliteral(L, DK_MORE_MEMORY);
    lua_pushliteral(L, DK_NO_MEMORY);
    make_error(L, DK_LIMIT);
}

static bool is_without_memory(lua_State *L, int index)
{
    return lua_type(L, index) == LUA_TSTRING && strcmp(lua_tostring(L, index), "not enough memory") == 0;
}

static bool is_error_value(lua_State *L, int index)
{
    bool is = lua_istable(L, index) && lua_getmetatable(L, index);

    if (is) {
        luaL_getmetatable(L, ERROR_TYPE);
        is = lua_rawequal(L, -1, -2);
        lua_pop(L, 2);
    }
    return is;
}

int error_handler(lua_State *L)
{
    lua_settop(L, 1);
    if (!is_error_value(L, 1)) {
        if (is_without_memory(L, 1))
            push_without_memory(L);
        else
            push_converted(L, 1);
        lua_replace(L, 1);
        lua_settop(L, 1);
    }
    explain(L);
    lua_pushliteral(L, "traceback");
    if (lua_rawget(L, 1) == LUA_TNIL) {
        push_traceback(L, 1);
        lua_setfield(L, 1, "traceback");
    }
    lua_settop(L, 1);
    return 1;
}

/* "where: message; hint" */
static int error_tostring(lua_State *L)
{
    const char *where, *message, *hint;

    luaL_checktype(L, 1, LUA_TTABLE);
    lua_getfield(L, 1, "where");
    lua_getfield(L, 1, "message");
    lua_getfield(L, 1, "hint");
    where = lua_tostring(L, -3);
    message = lua_tostring(L, -2);
    hint = lua_tostring(L, -1);
    lua_pushfstring(L, "%s%s%s%s%s", where != NULL ? where : "", where != NULL && where[0] != '\0' ? ": " : "",
                    message != NULL ? message : "error", hint != NULL ? "; " : "", hint != NULL ? hint : "");
    return 1;
}

int error_assert(lua_State *L)
{
    static const enum dk_code world[] = {DK_IO, DK_LOCKED};

    luaL_checkany(L, 1);
    if (lua_toboolean(L, 1))
        return lua_gettop(L);
    if (lua_gettop(L) == 3 && lua_type(L, 2) == LUA_TSTRING && lua_type(L, 3) == LUA_TSTRING)
        for (size_t i = 0; i < sizeof world / sizeof *world; i++)
            if (strcmp(lua_tostring(L, 3), dk_code_name(world[i])) == 0)
                return raise_parts(L, world[i], lua_tostring(L, 2), NULL);
    if (lua_isnoneornil(L, 2))
        return luaL_error(L, "assertion failed!");
    lua_settop(L, 2);
    return lua_error(L);
}

/* core.raise(code, message, hint) */
static int error_raise(lua_State *L)
{
    static const char *const names[] = {"data", "usage", "limit", "script", "io", "locked", NULL};
    int code = luaL_checkoption(L, 1, "usage", names) + 1;

    luaL_checkstring(L, 2);
    luaL_optstring(L, 3, NULL);
    lua_settop(L, 3);
    push_where(L, 1);
    lua_pushvalue(L, 3);
    lua_pushvalue(L, 2);
    make_error(L, (enum dk_code)code);
    return lua_error(L);
}

/* core.traceback([message]) -> the user's own lines of the call stack */
static int error_traceback(lua_State *L)
{
    const char *message = luaL_optstring(L, 1, NULL);

    if (message != NULL)
        lua_pushfstring(L, "%s\n", message);
    else
        lua_pushliteral(L, "");
    push_traceback(L, 1);
    lua_concat(L, 2);
    return 1;
}

/* core.is_library(source) -> whether a chunk belongs to the library rather than to a user; `source` as debug.getinfo gives
 * it */
static int error_is_library(lua_State *L)
{
    lua_pushboolean(L, is_library_source(luaL_checkstring(L, 1)));
    return 1;
}

/* core.nearest(given, names) -> the name probably meant, or nil */
static int error_nearest(lua_State *L)
{
    struct dk_near near;
    lua_Integer count, found = 0;

    dk_near_begin(&near, luaL_checkstring(L, 1));
    luaL_checktype(L, 2, LUA_TTABLE);
    count = (lua_Integer)lua_rawlen(L, 2);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(L, 2, i);
        if (lua_type(L, -1) == LUA_TSTRING && dk_near_try(&near, lua_tostring(L, -1)))
            found = i;
        lua_pop(L, 1);
    }
    if (found > 0)
        lua_rawgeti(L, 2, found);
    else
        lua_pushnil(L);
    return 1;
}

static int buffer_free(lua_State *L)
{
    dk_buffer_free(lua_touserdata(L, 1));
    return 0;
}

struct dk_buffer *push_buffer(lua_State *L)
{
    return type_hold(L, "difkit.Buffer", sizeof(struct dk_buffer), buffer_free);
}

void error_register(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"raise", error_raise}, {"traceback", error_traceback}, {"nearest", error_nearest},
        {"is_library", error_is_library}, {NULL, NULL}};

    luaL_setfuncs(L, functions, 0);
    lua_newtable(L);
    lua_createtable(L, 0, 1);
    lua_pushliteral(L, "k");
    lua_setfield(L, -2, "__mode");
    lua_setmetatable(L, -2);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &codes_key);
    luaL_newmetatable(L, ERROR_TYPE);
    lua_pushcfunction(L, error_tostring);
    lua_setfield(L, -2, "__tostring");
    lua_setfield(L, -2, "error");
}
