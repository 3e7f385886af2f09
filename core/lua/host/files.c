/* Files for the library: read and written as the run's policy allows, writes always atomic.
 *
 * A script's relative path for reading means a file of its own folder, for writing one below --out. Links cannot lead out:
 * what counts is where the path really leads. */
#define _XOPEN_SOURCE 700

#include "base/file.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/journal.h"
#include "base/list.h"
#include "base/sha256.h"
#include "base/text.h"
#include "lua/binding.h"
#include "lua/host/access.h"
#include "lua/host/run.h"
#include "lua/observe.h"
#include "lua/parts.h"

enum { READ_LIMIT = 256 * 1024 * 1024 }; /* bytes of a file read whole */

/* Whether `path` (real) is `folder` (real) or below it. */
static bool is_below(const char *path, const char *folder)
{
    size_t size = strlen(folder);

    if (size == 1 && folder[0] == '/')
        return true;
    return strncmp(path, folder, size) == 0 && (path[size] == '/' || path[size] == '\0');
}

/* Appends to the folder `out` the parts of a path that are not there yet, without those that mean nothing. */
static bool append_parts(char *out, const char *rest)
{
    size_t end = strlen(out);

    while (*rest != '\0') {
        size_t size = strcspn(rest, "/");

        if (size > 0 && !(size == 1 && rest[0] == '.')) {
            if (end + size + 2 > PATH_MAX)
                return false;
            if (end > 1 || out[0] != '/')
                out[end++] = '/';
            memcpy(out + end, rest, size);
            end += size;
            out[end] = '\0';
        }
        rest += size + (rest[size] == '/');
    }
    return true;
}

/* Where a path really is, or will be: links are followed as far as it is there. `out` holds PATH_MAX bytes. */
static bool real_place(const char *path, char *out)
{
    char folder[PATH_MAX];
    int size = snprintf(folder, sizeof folder, "%s", path);
    char *slash;

    if (size < 0 || size >= (int)sizeof folder)
        return false;
    if (realpath(folder, out) != NULL)
        return true;
    while ((slash = strrchr(folder, '/')) != NULL) {
        *slash = '\0';
        if (realpath(folder[0] == '\0' ? "/" : folder, out) != NULL)
            return append_parts(out, path + (slash - folder) + 1);
    }
    return realpath(".", out) != NULL && append_parts(out, path);
}

/* Whether `path` is itself a link to something that is not below `root`, or is not there. */
static bool leads_out(const char *path, const char *root)
{
    char real[PATH_MAX];
    struct stat file;

    return lstat(path, &file) == 0 && S_ISLNK(file.st_mode) && (realpath(path, real) == NULL || !is_below(real, root));
}

const char *files_path(lua_State *L, int index)
{
    size_t size;
    const char *path = luaL_checklstring(L, index, &size);

    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)path[i];

        if (byte < 0x20 || byte == 0x7f)
            raise_error(L, DK_USAGE, "name files with letters that can be seen",
                        "a path holds a control character (\\x%02x at byte %d)", byte, (int)i + 1);
    }
    return path;
}

static bool climbs(const char *path)
{
    const char *part = path;

    while ((part = strstr(part, "..")) != NULL) {
        bool begins = part == path || part[-1] == '/';

        if (begins && (part[2] == '/' || part[2] == '\0'))
            return true;
        part += 2;
    }
    return false;
}

/* Whether the command line gave this very path to the script: by itself, or as --option=PATH. */
static bool is_argument(const struct host *host, const char *path)
{
    for (size_t i = 0; i < host->options.argument_count; i++) {
        const char *argument = host->options.argument[i];
        const char *value = strncmp(argument, "--", 2) == 0 ? strchr(argument, '=') : NULL;

        if (strcmp(argument, path) == 0 || (value != NULL && strcmp(value + 1, path) == 0))
            return true;
    }
    return false;
}

/* Whether the command line named this path: as data, or for the script. Then it may be read wherever it is. */
static bool is_named(const struct host *host, const char *path)
{
    const struct host_options *options = &host->options;

    if (is_argument(host, path) || (options->database != NULL && strcmp(path, options->database) == 0))
        return true;
    for (size_t i = 0; i < options->overlay_count; i++)
        if (strcmp(path, options->overlay[i]) == 0)
            return true;
    for (size_t i = 0; i < options->read_count; i++)
        if (strcmp(path, options->read[i]) == 0)
            return true;
    for (size_t i = 0; i < host->named_count; i++)
        if (strcmp(path, host->named[i]) == 0)
            return true;
    return false;
}

dk_status files_check_regular(const char *path, struct dk_error *err)
{
    struct stat file;
    FILE *stream;

    if (stat(path, &file) != 0 || S_ISREG(file.st_mode) || S_ISDIR(file.st_mode))
        return DK_OK;
    stream = dk_file_open(path, err);
    if (stream == NULL)
        return DK_ERROR;
    fclose(stream);
    return DK_OK;
}

static dk_status resolve_read(lua_State *L, const char *path, struct dk_error *err)
{
    const struct host *host = host_of(L);
    const char *own[] = {NULL, NULL};
    char real[PATH_MAX], root[PATH_MAX];

    if (host == NULL || host->options.folder == NULL || path[0] == '/')
        lua_pushstring(L, path);
    else
        lua_pushfstring(L, "%s/%s", host->options.folder, path);
    if (host == NULL)
        return DK_OK;
    if (host->options.trust) {
        if (!dk_file_exists(lua_tostring(L, -1))) {
            lua_pop(L, 1);
            lua_pushstring(L, path);
        }
        return DK_OK;
    }
    if (is_named(host, path)) {
        lua_pop(L, 1);
        lua_pushstring(L, path);
        return DK_OK;
    }
    if (realpath(lua_tostring(L, -1), real) == NULL) {
        dk_fail(err, DK_IO, "cannot read %s: no such file or folder", path);
        if (host->options.folder != NULL)
            dk_hint(err, "a script's paths begin at its own folder");
        else
            dk_hint(err, "this script has no folder of its own (code, standard input, a script in a home)");
        if (host->options.folder != NULL && path[0] != '/' && !climbs(path))
            dk_hint_neighbour(err, lua_tostring(L, -1), path);
        lua_pop(L, 1);
        return DK_ERROR;
    }
    own[0] = host->options.folder;
    own[1] = host->options.output;
    if (own[0] != NULL && realpath(own[0], root) != NULL && is_below(real, root) &&
        strstr(real + strlen(root), "/.") != NULL) {
        lua_pop(L, 1);
        dk_fail(err, DK_LIMIT, "cannot read %s: what begins with a dot is no script's business", path);
        dk_hint(err, "--read %s lets it be read; --trust lifts this for your own script", path);
        return DK_ERROR;
    }
    for (int i = 0; i < 2; i++)
        if (own[i] != NULL && realpath(own[i], root) != NULL && is_below(real, root)) {
            lua_pop(L, 1);
            lua_pushstring(L, real);
            return DK_OK;
        }
    for (size_t i = 0; i < host->named_count; i++)
        if (realpath(host->named[i], root) != NULL && is_below(real, root)) {
            lua_pop(L, 1);
            lua_pushstring(L, real);
            return DK_OK;
        }
    for (size_t i = 0; i < host->options.read_count; i++)
        if (realpath(host->options.read[i], root) != NULL && is_below(real, root)) {
            lua_pop(L, 1);
            lua_pushstring(L, real);
            return DK_OK;
        }
    lua_pop(L, 1);
    dk_fail(err, DK_LIMIT, "cannot read %s: a script reads only files of its own folder%s", path,
            host->options.folder != NULL ? "" : ", and this one has none (code, standard input, a script in a home)");
    dk_hint(err, "--read %s lets it be read; --trust lifts this for your own script", path);
    return DK_ERROR;
}

/* Whether a path means something below the folder of --out by that folder's own name: what a run left there itself. */
static bool is_left_there(const struct host *host, const char *path)
{
    const char *output = host->options.output;
    char real[PATH_MAX], root[PATH_MAX];

    if (output == NULL || (path[0] != '/' && strncmp(path, output, strlen(output)) != 0))
        return false;
    return realpath(path, real) != NULL && realpath(output, root) != NULL && is_below(real, root);
}

/* Notes what the script reads besides the data, for the record of how a page was made. */
dk_status files_resolve_read(lua_State *L, const char *path, struct dk_error *err)
{
    struct host *host = host_of(L);
    const struct host_options *options = host != NULL ? &host->options : NULL;
    bool data = options != NULL && options->database != NULL && strcmp(path, options->database) == 0;

    if (resolve_read(L, path, err) != DK_OK)
        return DK_ERROR;
    for (size_t i = 0; options != NULL && i < options->overlay_count; i++)
        data |= strcmp(path, options->overlay[i]) == 0;
    if (host != NULL && host->running && !data && !is_left_there(host, path))
        host_note_read(host, path);
    return DK_OK;
}

dk_status files_resolve_write(lua_State *L, const char *path, struct dk_error *err)
{
    const struct host *host = host_of(L);
    const char *root;
    char real[PATH_MAX], real_root[PATH_MAX];

    if (path[0] == '\0')
        return dk_fail(err, DK_USAGE, "cannot write to an empty path");
    /* What the command line named may be written wherever it is. */
    if (host != NULL && host->options.result != NULL && strcmp(path, host->options.result) == 0) {
        lua_pushstring(L, path);
        return DK_OK;
    }
    root = host != NULL ? host->options.output : NULL;
    if (root == NULL || path[0] == '/')
        lua_pushstring(L, path);
    else
        lua_pushfstring(L, "%s/%s", root, path);
    if (host == NULL || host->options.trust)
        return DK_OK;
    if (root == NULL) {
        lua_pop(L, 1);
        dk_fail(err, DK_LIMIT, "cannot write %s: this run writes no files", path);
        dk_hint(err, "name a folder for them with --out DIR");
        return DK_ERROR;
    }
    /* The folder of --out may not be there yet: what counts is where it will be. */
    if (!climbs(path) && real_place(root, real_root) && real_place(lua_tostring(L, -1), real) && is_below(real, real_root) &&
        !leads_out(lua_tostring(L, -1), real_root))
        return DK_OK;
    lua_pop(L, 1);
    dk_fail(err, DK_LIMIT, "cannot write %s: a script writes only below the folder of --out, %s", path, root);
    dk_hint(err, "give a path inside it, or run your own script with --trust");
    return DK_ERROR;
}

dk_status files_resolve_server(lua_State *L, const char *address, bool writable, struct dk_error *err)
{
    const struct host *host = host_of(L);

    lua_pushstring(L, address);
    if (host == NULL || host->options.trust)
        return DK_OK;
    if (!is_named(host, address)) {
        dk_fail(err, DK_LIMIT, "a script opens no server but that of --db");
        dk_hint(err, "name it on the command line, or run your own script with --trust");
        return DK_ERROR;
    }
    if (writable && host->options.dry_run) {
        dk_fail(err, DK_USAGE, "a dry run cannot change a copy of a database on a server");
        dk_hint(err, "copy it into a file first: `difkit copy --from ADDRESS --to FILE.db`");
        return DK_ERROR;
    }
    if (writable && !host->options.write) {
        dk_fail(err, DK_LIMIT, "cannot change the data: those of --db are only read");
        dk_hint(err, "--write lets this script change them");
        return DK_ERROR;
    }
    return DK_OK;
}

dk_status files_resolve_change(lua_State *L, const char *path, struct dk_error *err)
{
    const struct host *host = host_of(L);

    if (host == NULL || host->options.trust)
        return files_resolve_read(L, path, err);
    if (!is_named(host, path))
        return files_resolve_write(L, path, err);
    if (!host->options.write && !host->options.dry_run) {
        dk_fail(err, DK_LIMIT, "cannot change %s: the data of --db are only read", path);
        dk_hint(err, "--write lets this script change them");
        return DK_ERROR;
    }
    lua_pushstring(L, path);
    return DK_OK;
}

/* core.read_digest(path) -> SHA-256 of the file, its first bytes | nil, message, code */
static int files_digest(lua_State *L)
{
    const char *path = files_path(L, 1);
    struct dk_sha256 digest;
    struct dk_error err;
    char bytes[1 << 14], hex[65];
    struct dk_buffer *head = push_buffer(L);
    size_t got;
    FILE *stream;

    if (files_resolve_read(L, path, &err) != DK_OK || files_check_regular(lua_tostring(L, -1), &err) != DK_OK)
        return push_condition(L, &err);
    stream = fopen(lua_tostring(L, -1), "rb");
    if (stream == NULL) {
        dk_fail(&err, DK_IO, "cannot read %s: %s", path, strerror(errno));
        dk_hint_neighbour(&err, lua_tostring(L, -1), path);
        return push_condition(L, &err);
    }
    dk_sha256_begin(&digest);
    while ((got = fread(bytes, 1, sizeof bytes, stream)) > 0) {
        dk_sha256_add(&digest, bytes, got);
        if (head->size == 0)
            dk_buffer_add(head, bytes, got < 512 ? got : 512);
    }
    if (ferror(stream)) {
        dk_fail(&err, DK_IO, "cannot read %s: %s", path, strerror(errno));
        fclose(stream);
        return push_condition(L, &err);
    }
    fclose(stream);
    dk_sha256_text(&digest, hex);
    lua_pushstring(L, hex);
    lua_pushlstring(L, head->bytes != NULL ? head->bytes : "", head->size);
    return 2;
}

/* core.read_file(path) -> text | nil, message, code */
static int files_read(lua_State *L)
{
    const char *path = files_path(L, 1);
    struct dk_buffer *buffer = push_buffer(L);
    struct dk_error err;

    if (files_resolve_read(L, path, &err) != DK_OK ||
        dk_file_read(lua_tostring(L, -1), READ_LIMIT, buffer, &err) != DK_OK)
        return push_condition(L, &err);
    lua_pushlstring(L, buffer->bytes != NULL ? buffer->bytes : "", buffer->size);
    return 1;
}

/* core.write_file(path, text, [make_folders]) -> true | nil, message, code; below --out folders are always made */
static int files_write(lua_State *L)
{
    const char *path = files_path(L, 1);
    struct host *host = host_of(L);
    struct dk_error err;
    const char *target;
    size_t size;
    const char *text = luaL_checklstring(L, 2, &size);
    bool make_folders = lua_toboolean(L, 3) || (host != NULL && host->options.output != NULL);

    if (files_resolve_write(L, path, &err) != DK_OK)
        return push_condition(L, &err);
    target = lua_tostring(L, -1);
    observe(L, "written", 1, 2);
    if (host != NULL && host->options.dry_run) {
        if (dk_is_folder(target)) {
            dk_fail(&err, DK_IO, "cannot write %s: it is a folder", target);
            return push_condition(L, &err);
        }
    } else if (dk_file_write(target, text, size, make_folders, &err) != DK_OK) {
        return push_condition(L, &err);
    }
    if (host != NULL)
        host_note_written(host, target, size);
    lua_pushboolean(L, 1);
    return 1;
}

/* core.output_path(path) -> the path a write goes to | nil, message, code. Below --out it is absolute, since a script's
 * relative paths for reading begin elsewhere. */
static int files_output_path(lua_State *L)
{
    const char *path = files_path(L, 1);
    struct dk_error err;

    const struct host *host = host_of(L);
    char folder[PATH_MAX];

    if (files_resolve_write(L, path, &err) != DK_OK)
        return push_condition(L, &err);
    if (host != NULL && host->options.output != NULL && lua_tostring(L, -1)[0] != '/' &&
        getcwd(folder, sizeof folder) != NULL)
        lua_pushfstring(L, "%s/%s", folder, lua_tostring(L, -1));
    return 1;
}

/* core.allow_read(path): the command line named this file or folder in an option of the script, which may then read it.
 * Without effect once the script has begun. */
static int files_allow_read(lua_State *L)
{
    const char *path = files_path(L, 1);
    struct host *host = host_of(L);

    if (host == NULL || host->running)
        return 0;
    host->named = dk_list_grow(host->named, host->named_count, &host->named_capacity, sizeof *host->named);
    host->named[host->named_count++] = dk_copy_text(path);
    return 0;
}

/* core.files_read() -> array of the paths that the script has read, as it named them, each once */
static int files_were_read(lua_State *L)
{
    const struct host *host = host_of(L);

    lua_newtable(L);
    for (size_t i = 0; host != NULL && i < host->files_read_count; i++) {
        lua_pushstring(L, host->files_read[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

/* core.remove_file(path) -> true | false (it is not there, or is no regular file) | nil, message, code: takes a file away
 * that may be written. A dry run notes it. */
static int files_remove(lua_State *L)
{
    const char *path = files_path(L, 1);
    struct host *host = host_of(L);
    struct dk_error err;
    const char *target;
    struct stat file;

    if (files_resolve_write(L, path, &err) != DK_OK)
        return push_condition(L, &err);
    target = lua_tostring(L, -1);
    if (lstat(target, &file) != 0 || !S_ISREG(file.st_mode)) {
        lua_pushboolean(L, 0);
        return 1;
    }
    if ((host == NULL || !host->options.dry_run) && unlink(target) != 0) {
        dk_fail(&err, DK_IO, "cannot remove %s: %s", target, strerror(errno));
        return push_condition(L, &err);
    }
    if (host != NULL)
        host_note_removed(host, target);
    lua_pushboolean(L, 1);
    return 1;
}

/* The part of a path below the folder of --out, NULL where it is not written below that folder's own name. */
static const char *below_output(const struct host *host, const char *path)
{
    size_t size = host->options.output != NULL ? strlen(host->options.output) : 0;

    while (size > 1 && host->options.output[size - 1] == '/')
        size--;
    if (size == 0 || strncmp(path, host->options.output, size) != 0 || path[size] != '/')
        return NULL;
    return path + size + strspn(path + size, "/");
}

/* core.files_written() -> array of {path, size, name}, without what was removed; `name`: its path below --out */
static int files_written(lua_State *L)
{
    const struct host *host = host_of(L);

    lua_newtable(L);
    for (size_t i = 0, count = 0; host != NULL && i < host->written_count; i++) {
        if (host->written[i].removed)
            continue;
        lua_createtable(L, 0, 2);
        lua_pushstring(L, host->written[i].path);
        lua_setfield(L, -2, "path");
        lua_pushinteger(L, (lua_Integer)host->written[i].size);
        lua_setfield(L, -2, "size");
        lua_pushstring(L, below_output(host, host->written[i].path));
        lua_setfield(L, -2, "name");
        lua_rawseti(L, -2, (lua_Integer)++count);
    }
    return 1;
}

/* core.terminal() -> {width, height, output, colour} of standard output; input: whether standard input is a terminal */
static int files_terminal(lua_State *L)
{
    const char *no_colour = getenv("NO_COLOR"), *kind = getenv("TERM");
    bool output = isatty(STDOUT_FILENO) == 1;
    struct winsize size = {0};

    if (output)
        (void)ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
    lua_createtable(L, 0, 5);
    lua_pushboolean(L, isatty(STDIN_FILENO) == 1);
    lua_setfield(L, -2, "input");
    lua_pushboolean(L, output);
    lua_setfield(L, -2, "output");
    lua_pushboolean(L, output && (no_colour == NULL || no_colour[0] == '\0') &&
                           (kind == NULL || strcmp(kind, "dumb") != 0));
    lua_setfield(L, -2, "colour");
    if (size.ws_col > 0) {
        lua_pushinteger(L, size.ws_col);
        lua_setfield(L, -2, "width");
        lua_pushinteger(L, size.ws_row);
        lua_setfield(L, -2, "height");
    }
    return 1;
}

/* core.log(text): a line to standard error */
static int files_log(lua_State *L)
{
    size_t size;
    const char *text = luaL_checklstring(L, 1, &size);

    journal_text(JOURNAL_SCRIPT, text, size);
    return 0;
}

void files_register(lua_State *L)
{
    static const luaL_Reg functions[] = {{"read_file", files_read},
                                         {"write_file", files_write},
                                         {"remove_file", files_remove},
                                         {"read_digest", files_digest},
                                         {"output_path", files_output_path},
                                         {"files_read", files_were_read},
                                         {"files_written", files_written},
                                         {"terminal", files_terminal},
                                         {"log", files_log},
                                         {"allow_read", files_allow_read},
                                         {NULL, NULL}};

    luaL_setfuncs(L, functions, 0);
}
