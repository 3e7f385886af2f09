/* What a run may do, and what it has done: the host as its state knows it. */
#include "lua/host/run.h"

#include <string.h>

#include "base/list.h"
#include "lua/host/access.h"

static const char host_key;

void host_remember(lua_State *L, struct host *host)
{
    lua_pushlightuserdata(L, host);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &host_key);
}

struct host *host_of(lua_State *L)
{
    struct host *host;

    lua_rawgetp(L, LUA_REGISTRYINDEX, &host_key);
    host = lua_touserdata(L, -1);
    lua_pop(L, 1);
    return host;
}

struct host_options host_defaults(void)
{
    return (struct host_options){
        .memory_limit = (size_t)1 << 30, .time_limit = 120, .output_limit = (size_t)256 << 20};
}

/* Files read and written ------------------------------------------------------------------------------------------- */

void host_note_read(struct host *host, const char *path)
{
    for (size_t i = 0; i < host->files_read_count; i++)
        if (strcmp(host->files_read[i], path) == 0)
            return;
    host->files_read =
        dk_list_grow(host->files_read, host->files_read_count, &host->files_read_capacity, sizeof *host->files_read);
    host->files_read[host->files_read_count++] = dk_copy_text(path);
}

void host_note_written(struct host *host, const char *path, size_t size)
{
    host->written = dk_list_grow(host->written, host->written_count, &host->written_capacity, sizeof *host->written);
    host->written[host->written_count].path = dk_copy_text(path);
    host->written[host->written_count].size = size;
    host->written[host->written_count++].removed = false;
}

void host_note_removed(struct host *host, const char *path)
{
    host_note_written(host, path, 0);
    host->written[host->written_count - 1].removed = true;
}

size_t host_written_count(const struct host *host)
{
    return host->written_count;
}

struct host_written host_written(const struct host *host, size_t index)
{
    return (struct host_written){host->written[index].path, host->written[index].size, host->written[index].removed};
}

lua_State *host_state(struct host *host)
{
    return host->state;
}
