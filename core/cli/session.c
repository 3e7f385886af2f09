#include "cli/session.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/number.h"
#include "cli/message.h"

void session_options(struct session *session, const struct cli_call *call)
{
    memset(session, 0, sizeof *session);
    session->options = host_defaults();
    session->options.database = cli_value(call, "db");
    session->options.library = cli_value(call, "library");
    session->overlay = dk_alloc_zeroed(call->given_count + 1, sizeof *session->overlay);
    for (size_t i = 0; cli_value_at(call, "with", i) != NULL; i++)
        session->overlay[session->options.overlay_count++] = cli_value_at(call, "with", i);
    session->options.overlay = session->overlay;
}

/* "64M" -> bytes */
static dk_status read_size(const char *option, const char *text, size_t *out, struct dk_error *err)
{
    static const char units[] = "KMG";
    size_t size = strlen(text);
    const char *unit = size > 0 ? strchr(units, text[size - 1]) : NULL;
    double value;

    if (unit != NULL)
        size--;
    if (!dk_parse_real(text, size, &value) || value <= 0 || value > 1e15) {
        dk_fail(err, DK_USAGE, "--%s must be a size such as 64M or 1G, not \"%s\"", option, text);
        return DK_ERROR;
    }
    *out = (size_t)(value * (unit != NULL ? pow(1024, (double)(unit - units + 1)) : 1));
    return DK_OK;
}

dk_status session_limits(struct session *session, const struct cli_call *call, struct dk_error *err)
{
    struct host_options *options = &session->options;
    const char *memory = cli_value(call, "memory");
    const char *output = cli_value(call, "output-limit");
    const char *time = cli_value(call, "time");

    if (memory != NULL && read_size("memory", memory, &options->memory_limit, err) != DK_OK)
        return DK_ERROR;
    if (output != NULL && read_size("output-limit", output, &options->output_limit, err) != DK_OK)
        return DK_ERROR;
    if (time != NULL && (!dk_parse_real(time, strlen(time), &options->time_limit) || options->time_limit <= 0)) {
        dk_fail(err, DK_USAGE, "--time must be a number of seconds, not \"%s\"", time);
        return DK_ERROR;
    }
    return DK_OK;
}

dk_status session_begin(struct session *session, struct dk_error *err)
{
    session->host = host_new(&session->options);
    if (session->host == NULL)
        return dk_fail(err, DK_LIMIT, "no memory for the Lua interpreter");
    lua_newtable(host_state(session->host));
    return DK_OK;
}

void session_set_bytes(struct session *session, const char *name, const char *bytes, size_t size)
{
    lua_pushlstring(host_state(session->host), bytes, size);
    lua_setfield(host_state(session->host), -2, name);
}

void session_set_text(struct session *session, const char *name, const char *text)
{
    if (text != NULL)
        session_set_bytes(session, name, text, strlen(text));
}

void session_set_flag(struct session *session, const char *name, bool value)
{
    lua_pushboolean(host_state(session->host), value);
    lua_setfield(host_state(session->host), -2, name);
}

void session_set_list(struct session *session, const char *name, const char *const *text, size_t count)
{
    lua_State *L = host_state(session->host);

    lua_createtable(L, (int)count, 0);
    for (size_t i = 0; i < count; i++) {
        lua_pushstring(L, text[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_setfield(L, -2, name);
}

/* Calls the function with the table and leaves what it returns. */
static int call(struct session *session, const char *name)
{
    struct dk_error err = {0};

    if (host_call(session->host, "difkit.command", name, 1, 1, &err) != DK_OK) {
        int status = cli_error(&err);
        const char *traceback = host_traceback(session->host);

        /* A single line is the place that the message names already. */
        if (err.code == DK_SCRIPT && strchr(traceback, '\n') != NULL)
            fprintf(stderr, "%s\n", traceback);
        return status;
    }
    return 0;
}

int session_call(struct session *session, const char *name, bool *result)
{
    lua_State *L = host_state(session->host);
    int status = call(session, name);

    if (status != 0)
        return status;
    if (result != NULL)
        *result = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return 0;
}

int session_status(struct session *session, const char *name)
{
    lua_State *L = host_state(session->host);
    int status = call(session, name);

    if (status != 0)
        return status;
    status = (int)lua_tointeger(L, -1);
    lua_pop(L, 1);
    return status;
}

void session_end(struct session *session)
{
    host_free(session->host);
    free(session->overlay);
    memset(session, 0, sizeof *session);
}
