/* An interactive session, seen from the library: the environment in which the typed lines run, calls within limits of their
 * own, and the files and the editor that the user's dot commands name.
 *
 * A script that the session runs can call the library, too. So what reaches out of the sandbox looks at the line that was
 * typed last and does what that says, once, whoever calls. */
#define _XOPEN_SOURCE 700

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "lua/binding.h"
#include "lua/host/access.h"
#include "lua/host/run.h"
#include "lua/parts.h"

enum { SOURCE_LIMIT = 16 * 1024 * 1024 }; /* bytes of a file of Lua, or of what the editor gives back */

/* Entries ----------------------------------------------------------------------------------------------------------- */

/* The host of an interactive session, between its entries. */
static struct host *check_interactive(lua_State *L)
{
    struct host *host = host_of(L);

    if (host == NULL || !host->options.interactive || host->in_entry)
        raise_error(L, DK_USAGE, NULL, "only `difkit repl` itself does this");
    return host;
}

/* core.entry_environment() -> the environment of scripts, or of a trusted run the globals */
static int entry_environment(lua_State *L)
{
    struct host *host = check_interactive(L);

    if (host->options.trust)
        lua_pushglobaltable(L);
    else
        sandbox_push(L, host);
    host->running = true;
    return 1;
}

/* Pushes an error value made of err. */
static void push_failure(lua_State *L, const struct dk_error *err)
{
    lua_createtable(L, 0, 4);
    lua_pushstring(L, dk_code_name(err->code));
    lua_setfield(L, -2, "code");
    lua_pushstring(L, err->message);
    lua_setfield(L, -2, "message");
    if (err->hint[0] != '\0') {
        lua_pushstring(L, err->hint);
        lua_setfield(L, -2, "hint");
    }
    luaL_setmetatable(L, ERROR_TYPE);
}

/* core.entry_call(f, …) -> true and what f returned, or false and an error value. The limits begin anew. */
static int entry_call(lua_State *L)
{
    struct host *host = check_interactive(L);
    struct dk_error err = {0};
    bool failed;
    int status;

    luaL_checktype(L, 1, LUA_TFUNCTION);
    lua_pushcfunction(L, error_handler);
    lua_insert(L, 1);
    limits_start_entry(host);
    host->in_entry = true;
    status = lua_pcall(L, lua_gettop(L) - 2, LUA_MULTRET, 1);
    host->in_entry = false;
    limits_lift(host);
    failed = limits_failure(host, &err);
    limits_end_entry(host);
    lua_pushboolean(L, status == LUA_OK);
    lua_replace(L, 1);
    if (status == LUA_OK)
        return lua_gettop(L);
    if (failed) {
        lua_settop(L, 1);
        push_failure(L, &err);
    }
    return 2;
}

/* core.interrupted() -> whether Ctrl-C was pressed since the last question */
static int entry_interrupted(lua_State *L)
{
    lua_pushboolean(L, limits_take_interrupt());
    return 1;
}

/* Dot commands ------------------------------------------------------------------------------------------------------ */

/* If the line typed last is the dot command `word`, pushes what stands behind it and forgets the line. */
static bool take_typed(lua_State *L, const char *word)
{
    struct host *host = check_interactive(L);
    const char *text = host->typed.bytes != NULL ? host->typed.bytes : "";
    size_t size = strlen(word), end;

    if (strncmp(text, word, size) != 0 || (text[size] != '\0' && strchr(" \t", text[size]) == NULL))
        return false;
    text += size + strspn(text + size, " \t");
    end = strlen(text);
    while (end > 0 && strchr(" \t", text[end - 1]) != NULL)
        end--;
    lua_pushlstring(L, text, end);
    dk_buffer_free(&host->typed);
    return true;
}

/* Replaces the path on top of the stack: "~/" is the home folder. */
static const char *expand_home(lua_State *L)
{
    const char *path = lua_tostring(L, -1), *home = getenv("HOME");

    if (strncmp(path, "~/", 2) == 0 && home != NULL) {
        lua_pushfstring(L, "%s/%s", home, path + 2);
        lua_remove(L, -2);
    }
    return lua_tostring(L, -1);
}

static int refuse(lua_State *L, const char *word)
{
    struct dk_error err;

    dk_fail(&err, DK_USAGE, "only the line `%s` itself does this", word);
    return push_condition(L, &err);
}

/* core.typed_source() -> text and path of the file that the line `.source FILE` names | nil, message, code */
static int typed_source(lua_State *L)
{
    struct dk_buffer *buffer;
    struct dk_error err;

    if (!take_typed(L, ".source"))
        return refuse(L, ".source FILE");
    (void)expand_home(L);
    buffer = push_buffer(L);
    if (dk_file_read(lua_tostring(L, -2), SOURCE_LIMIT, buffer, &err) != DK_OK) {
        dk_hint_neighbour(&err, lua_tostring(L, -2), lua_tostring(L, -2));
        return push_condition(L, &err);
    }
    lua_pushlstring(L, buffer->bytes != NULL ? buffer->bytes : "", buffer->size);
    lua_pushvalue(L, -3);
    return 2;
}

/* core.typed_save(text) -> path of the file that the line `.save FILE` names, now with the text | nil, message, code.
 * A file that is there is replaced by `.save! FILE` only; that it is there has the code "exists". */
static int typed_save(lua_State *L)
{
    size_t size;
    const char *text = luaL_checklstring(L, 1, &size), *path;
    bool replace = take_typed(L, ".save!");
    struct dk_error err;

    if (!replace && !take_typed(L, ".save"))
        return refuse(L, ".save FILE");
    path = expand_home(L);
    if (!replace && dk_file_exists(path)) {
        dk_fail(&err, DK_USAGE, "%s is there already", path);
        dk_hint(&err, "`.save! %s` replaces it", path);
        return push_condition(L, &err);
    }
    if (dk_file_write(path, text, size, false, &err) != DK_OK)
        return push_condition(L, &err);
    lua_pushstring(L, path);
    return 1;
}

/* The editor ----------------------------------------------------------------------------------------------------------- */

/* Runs the editor on the file and waits for it. The shell splits "code --wait" as the user means it. */
static dk_status run_editor(const char *path, struct dk_error *err)
{
    static const char command[] = "${VISUAL:-${EDITOR:-vi}} \"$1\"";
    struct sigaction ignore = {0}, interrupt, quit;
    int status = 0;
    pid_t child;

    fflush(stdout);
    ignore.sa_handler = SIG_IGN;
    sigaction(SIGINT, &ignore, &interrupt);
    sigaction(SIGQUIT, &ignore, &quit);
    child = fork();
    if (child == 0) {
        struct sigaction usual = {0};

        usual.sa_handler = SIG_DFL;
        sigaction(SIGINT, &usual, NULL);
        sigaction(SIGQUIT, &usual, NULL);
        sigaction(SIGPIPE, &usual, NULL);
        execl("/bin/sh", "sh", "-c", command, "sh", path, (char *)NULL);
        _exit(127);
    }
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    sigaction(SIGINT, &interrupt, NULL);
    sigaction(SIGQUIT, &quit, NULL);
    if (child < 0)
        return dk_fail(err, DK_IO, "cannot start the editor: %s", strerror(errno));
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        dk_fail(err, DK_IO, "the editor failed; nothing was run");
        dk_hint(err, "VISUAL or EDITOR says which it is");
        return DK_ERROR;
    }
    return DK_OK;
}

/* core.typed_edit(text) -> what the editor made of the text, for the line `.edit` | nil, message, code. The file is in a
 * folder that only the user can read. */
static int typed_edit(lua_State *L)
{
    size_t size;
    const char *text = luaL_checklstring(L, 1, &size);
    const char *temporary = getenv("TMPDIR");
    struct dk_buffer *buffer = push_buffer(L);
    struct dk_error err;
    dk_status status;
    char *folder;

    if (!take_typed(L, ".edit"))
        return refuse(L, ".edit");
    lua_pushfstring(L, "%s/difkit-XXXXXX", temporary != NULL && temporary[0] != '\0' ? temporary : "/tmp");
    folder = lua_newuserdatauv(L, lua_rawlen(L, -1) + 1, 0);
    strcpy(folder, lua_tostring(L, -2));
    if (mkdtemp(folder) == NULL) {
        dk_fail(&err, DK_IO, "cannot make a folder for the editor's file: %s: %s", folder, strerror(errno));
        return push_condition(L, &err);
    }
    lua_pushfstring(L, "%s/entry.lua", folder);
    status = dk_file_write(lua_tostring(L, -1), text, size, false, &err);
    if (status == DK_OK)
        status = run_editor(lua_tostring(L, -1), &err);
    if (status == DK_OK)
        status = dk_file_read(lua_tostring(L, -1), SOURCE_LIMIT, buffer, &err);
    (void)unlink(lua_tostring(L, -1));
    (void)rmdir(folder);
    if (status != DK_OK)
        return push_condition(L, &err);
    lua_pushlstring(L, buffer->bytes != NULL ? buffer->bytes : "", buffer->size);
    return 1;
}

void entry_register(lua_State *L)
{
    static const luaL_Reg functions[] = {{"entry_environment", entry_environment},
                                         {"entry_call", entry_call},
                                         {"interrupted", entry_interrupted},
                                         {"typed_source", typed_source},
                                         {"typed_save", typed_save},
                                         {"typed_edit", typed_edit},
                                         {NULL, NULL}};

    luaL_setfuncs(L, functions, 0);
}
