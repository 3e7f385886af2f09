#include "cli/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
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

int session_call(struct session *session, const char *name, bool *result)
{
    lua_State *L = host_state(session->host);
    struct dk_error err = {0};

    if (host_call(session->host, "difkit.cli", name, 1, 1, &err) != DK_OK) {
        int status = cli_error(&err);
        const char *traceback = host_traceback(session->host);

        /* A single line is the place that the message names already. */
        if (err.code == DK_SCRIPT && strchr(traceback, '\n') != NULL)
            fprintf(stderr, "%s\n", traceback);
        return status;
    }
    if (result != NULL)
        *result = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return 0;
}

void session_end(struct session *session)
{
    host_free(session->host);
    free(session->overlay);
    memset(session, 0, sizeof *session);
}
