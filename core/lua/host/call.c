/* Calls of the library: what they are given, what they gave, and what went wrong. */
#include <stdio.h>
#include <string.h>

#include <lauxlib.h>

#include "lua/binding.h"
#include "lua/host/run.h"

static const char given_key, result_key;

/* What is given -------------------------------------------------------------------------------------------------------- */

/* Pushes the table of what the next call is given. */
static lua_State *push_given(struct host *host)
{
    lua_State *L = host->state;

    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &given_key) != LUA_TTABLE) {
        lua_pop(L, 1);
        lua_newtable(L);
        lua_pushvalue(L, -1);
        lua_rawsetp(L, LUA_REGISTRYINDEX, &given_key);
    }
    return L;
}

void host_give_bytes(struct host *host, const char *name, const char *bytes, size_t size)
{
    lua_State *L = push_given(host);

    lua_pushlstring(L, bytes != NULL ? bytes : "", size);
    lua_setfield(L, -2, name);
    lua_pop(L, 1);
}

void host_give_text(struct host *host, const char *name, const char *text)
{
    if (text != NULL)
        host_give_bytes(host, name, text, strlen(text));
}

void host_give_flag(struct host *host, const char *name, bool value)
{
    lua_State *L = push_given(host);

    lua_pushboolean(L, value);
    lua_setfield(L, -2, name);
    lua_pop(L, 1);
}

void host_give_list(struct host *host, const char *name, const char *const *text, size_t count)
{
    lua_State *L = push_given(host);

    lua_createtable(L, (int)count, 0);
    for (size_t i = 0; i < count; i++) {
        lua_pushstring(L, text[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_setfield(L, -2, name);
    lua_pop(L, 1);
}

/* The call ------------------------------------------------------------------------------------------------------------- */

/* Errors that are no mistake in the line of the script where they arose. */
static bool is_of_the_world(enum dk_code code)
{
    return code == DK_LIMIT || code == DK_IO || code == DK_LOCKED;
}

static void copy_field(lua_State *L, const char *name, char *out, size_t size)
{
    lua_pushstring(L, name);
    lua_rawget(L, -2);
    snprintf(out, size, "%s", lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "");
    lua_pop(L, 1);
}

/* Reads the error value on top of the stack into err. */
static void read_error(struct host *host, int status, struct dk_error *err)
{
    lua_State *L = host->state;
    char where[300], message[600];
    enum dk_code code;
    bool own;

    dk_buffer_free(&host->traceback);
    if (status == LUA_ERRMEM) {
        dk_fail(err, DK_LIMIT, DK_NO_MEMORY);
        dk_hint(err, DK_MORE_MEMORY);
        return;
    }
    if (!lua_istable(L, -1)) {
        dk_fail(err, DK_SCRIPT, "%s", lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "unknown error");
        return;
    }
    code = error_code(L, -1); /* whatever a script made of the value */
    copy_field(L, "where", where, sizeof where);
    copy_field(L, "message", message, sizeof message);
    /* What a stock script was given wrong stands in no line of it that its user would know. */
    own = where[0] != '\0' && (strncmp(where, "stock:", 6) != 0 || code == DK_SCRIPT);
    /* A mistake that a call within the script makes is an error of the script, whoever noticed it. */
    dk_fail(err, where[0] != '\0' && !is_of_the_world(code) ? DK_SCRIPT : code, "%s%s%s", own ? where : "", own ? ": " : "",
            message);
    copy_field(L, "hint", err->hint, sizeof err->hint);
    lua_pushliteral(L, "traceback");
    lua_rawget(L, -2);
    if (lua_type(L, -1) == LUA_TSTRING)
        dk_buffer_text(&host->traceback, lua_tostring(L, -1));
    lua_pop(L, 1);
}

/* Runs the function with what is on the stack behind the handler; a failure leaves the error value there. */
static int run_protected(struct host *host, const char *module, const char *name)
{
    lua_State *L = host->state;
    int handler = lua_gettop(L), status;

    lua_getglobal(L, "require");
    lua_pushstring(L, module);
    status = lua_pcall(L, 1, 1, handler);
    if (status != LUA_OK)
        return status;
    lua_getfield(L, -1, name);
    lua_remove(L, -2);
    push_given(host);
    lua_pushnil(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &given_key);
    limits_start_run(host);
    status = lua_pcall(L, 1, 1, handler);
    limits_end_run(host);
    return status;
}

dk_status host_call(struct host *host, const char *module, const char *name, struct dk_error *err)
{
    lua_State *L = host->state;
    int top = lua_gettop(L);
    dk_status status = DK_ERROR;
    int called;

    lua_pushcfunction(L, error_handler);
    called = run_protected(host, module, name);
    if (called == LUA_OK) {
        lua_rawsetp(L, LUA_REGISTRYINDEX, &result_key);
        status = DK_OK;
    } else {
        limits_lift(host);
        if (!limits_failure(host, err)) {
            read_error(host, called, err);
        } else if (!host->memory_tripped && lua_istable(L, -1)) {
            read_error(host, called, err);
            err->code = DK_LIMIT;
        }
    }
    lua_settop(L, top);
    return status;
}

const char *host_traceback(const struct host *host)
{
    return host->traceback.bytes != NULL ? host->traceback.bytes : "";
}

/* What it gave --------------------------------------------------------------------------------------------------------- */

int host_result_status(struct host *host)
{
    lua_State *L = host->state;
    int type = lua_rawgetp(L, LUA_REGISTRYINDEX, &result_key);
    int status = type == LUA_TNUMBER                             ? (int)lua_tointeger(L, -1)
                 : type == LUA_TBOOLEAN && !lua_toboolean(L, -1) ? DK_DATA
                                                                 : 0;

    lua_pop(L, 1);
    return status;
}

size_t host_result_count(struct host *host)
{
    lua_State *L = host->state;
    size_t count = lua_rawgetp(L, LUA_REGISTRYINDEX, &result_key) == LUA_TTABLE ? (size_t)lua_rawlen(L, -1) : 0;

    lua_pop(L, 1);
    return count;
}

const char *host_result_text(struct host *host, size_t record, const char *field, size_t part, size_t *size)
{
    lua_State *L = host->state;
    int top = lua_gettop(L);
    const char *text = NULL;

    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &result_key) == LUA_TTABLE &&
        lua_rawgeti(L, -1, (lua_Integer)record + 1) == LUA_TTABLE) {
        lua_pushstring(L, field);
        if (lua_rawget(L, -2) == LUA_TTABLE)
            lua_rawgeti(L, -1, (lua_Integer)part + 1);
        if (lua_type(L, -1) == LUA_TSTRING)
            text = lua_tolstring(L, -1, size); /* the result keeps it */
    }
    lua_settop(L, top);
    return text;
}
