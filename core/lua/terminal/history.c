/* The lines of interactive sessions, kept from one to the next: $XDG_STATE_HOME/difkit/history, one entry a line, which
 * only the user can read. Each entry is added when it is made, so that sessions side by side keep all of theirs; the file
 * is cut when a session begins. */
#define _XOPEN_SOURCE 700

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "lua/binding.h"
#include "lua/host/access.h"
#include "lua/host/run.h"
#include "lua/parts.h"

enum {
    HISTORY_ENTRIES = 1000,
    HISTORY_LIMIT = 64 * 1024 * 1024, /* bytes of the file that are read */
    ENTRY_LIMIT = 64 * 1024           /* bytes of an entry; what is longer is not kept */
};

/* Pushes the path of the file; NULL when the user has no home. */
static const char *push_path(lua_State *L)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

    if (state != NULL && state[0] == '/')
        return lua_pushfstring(L, "%s/difkit/history", state);
    if (home != NULL && home[0] == '/')
        return lua_pushfstring(L, "%s/.local/state/difkit/history", home);
    lua_pushnil(L);
    return NULL;
}

static void add_line(struct dk_buffer *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '\n')
            dk_buffer_text(out, "\\n");
        else if (*text == '\\')
            dk_buffer_text(out, "\\\\");
        else
            dk_buffer_add(out, text, 1);
    }
    dk_buffer_text(out, "\n");
}

/* Pushes the entry that a line of the file holds. */
static void push_entry(lua_State *L, const char *line, size_t size)
{
    luaL_Buffer buffer;

    luaL_buffinit(L, &buffer);
    for (size_t i = 0; i < size; i++) {
        if (line[i] == '\\' && i + 1 < size) {
            i++;
            luaL_addchar(&buffer, line[i] == 'n' ? '\n' : line[i]);
        } else {
            luaL_addchar(&buffer, line[i]);
        }
    }
    luaL_pushresult(&buffer);
}

/* Writes the last entries of `text` in the place of the file. */
static dk_status cut(const char *path, const char *text, size_t size, size_t lines, struct dk_error *err)
{
    const char *end = text + size;
    mode_t before;
    dk_status status;

    for (; lines > HISTORY_ENTRIES; lines--)
        text = (const char *)memchr(text, '\n', (size_t)(end - text)) + 1;
    before = umask(077);
    status = dk_file_write(path, text, (size_t)(end - text), false, err);
    umask(before);
    return status;
}

static bool is_allowed(lua_State *L)
{
    const struct host *host = host_of(L);

    return host != NULL && host->options.interactive && !host->in_entry;
}

/* core.history_read() -> array of entries, the oldest first | nil, message, code */
static int history_read(lua_State *L)
{
    const char *path = is_allowed(L) ? push_path(L) : NULL;
    struct dk_buffer *buffer;
    struct dk_error err;
    size_t lines = 0;
    lua_Integer count = 0;

    if (path == NULL || !dk_file_exists(path)) {
        lua_newtable(L);
        return 1;
    }
    buffer = push_buffer(L);
    if (dk_file_read(path, HISTORY_LIMIT, buffer, &err) != DK_OK)
        return push_condition(L, &err);
    for (size_t i = 0; i < buffer->size; i++)
        lines += buffer->bytes[i] == '\n';
    if (lines > HISTORY_ENTRIES && cut(path, buffer->bytes, buffer->size, lines, &err) != DK_OK)
        return push_condition(L, &err);
    lua_newtable(L);
    for (size_t begin = 0; begin < buffer->size;) {
        const char *end = memchr(buffer->bytes + begin, '\n', buffer->size - begin);
        size_t size = end != NULL ? (size_t)(end - buffer->bytes) - begin : buffer->size - begin;

        if (lines <= HISTORY_ENTRIES && size > 0) {
            push_entry(L, buffer->bytes + begin, size);
            lua_rawseti(L, -2, ++count);
        } else if (lines > HISTORY_ENTRIES) {
            lines--;
        }
        begin += size + 1;
    }
    return 1;
}

/* Adds the line to the file, whole or not at all. */
static dk_status append(const char *path, const struct dk_buffer *line, struct dk_error *err)
{
    dk_status status = DK_OK;
    struct stat file = {0};
    int descriptor;

    if (dk_make_folders(path, err) != DK_OK)
        return DK_ERROR;
    descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT, 0600);
    if (descriptor < 0)
        return dk_fail(err, DK_IO, "cannot write %s: %s", path, strerror(errno));
    (void)fchmod(descriptor, 0600);
    if (fstat(descriptor, &file) != 0) {
        status = dk_fail(err, DK_IO, "cannot write %s: %s", path, strerror(errno));
    } else if (write(descriptor, line->bytes, line->size) != (ssize_t)line->size) {
        status = dk_fail(err, DK_IO, "cannot write %s: %s", path, strerror(errno));
        if (S_ISREG(file.st_mode))
            (void)!ftruncate(descriptor, file.st_size);
    }
    close(descriptor);
    return status;
}

/* core.history_add(text) -> true | nil, message, code */
static int history_add(lua_State *L)
{
    size_t size;
    const char *text = luaL_checklstring(L, 1, &size);
    const char *path = is_allowed(L) ? push_path(L) : NULL;
    struct dk_buffer *line = push_buffer(L);
    struct dk_error err;

    if (path != NULL && size <= ENTRY_LIMIT) {
        add_line(line, text);
        if (append(path, line, &err) != DK_OK)
            return push_condition(L, &err);
    }
    lua_pushboolean(L, 1);
    return 1;
}

void history_register(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"history_read", history_read}, {"history_add", history_add}, {NULL, NULL}};

    luaL_setfuncs(L, functions, 0);
}
