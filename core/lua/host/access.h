/* What other wings ask of the host: which one it is, what a run may read and write, and what limits it has left. A plain Lua
 * interpreter has none. */
#ifndef DIFKIT_LUA_HOST_ACCESS_H
#define DIFKIT_LUA_HOST_ACCESS_H

#include <lua.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "db/db.h"

struct host;

/* The host, or NULL. */
struct host *host_of(lua_State *L);
/* Whether Lua may still ask for so many bytes. */
bool host_has_memory(const struct host *host, size_t size);
/* Takes memory outside of Lua's heap out of the same limit; false when there is not so much, and then the run is over, as
 * when Lua asks for too much. What was taken is given back. */
bool host_take_memory(struct host *host, size_t size);
void host_give_memory(struct host *host, size_t size);
/* How many bytes may still go to standard output, and the error where they were not enough. */
size_t host_output_left(const struct host *host);
dk_status host_fail_output(const struct host *host, struct dk_error *err);
/* Lets the run's limits reach into the database, and takes away what a script must not do. */
dk_status host_prepare_database(lua_State *L, struct db *db, struct dk_error *err);

/* The argument at `index` as a path; raises for one that holds a control character: a zero byte would end it early, others
 * are not seen in a message or listing for what they are. */
const char *files_path(lua_State *L, int index);

/* Refuses to read what is there and is neither a file nor a folder: a script's folder may hold pipes. */
dk_status files_check_regular(const char *path, struct dk_error *err);

/* The path that a script's `path` means for reading or writing, pushed as a string; what is refused is in err. */
dk_status files_resolve_read(lua_State *L, const char *path, struct dk_error *err);
/* The same for the address of a server: one that the command line names. */
dk_status files_resolve_server(lua_State *L, const char *address, bool writable, struct dk_error *err);
dk_status files_resolve_write(lua_State *L, const char *path, struct dk_error *err);
/* The same for a file that is changed in place: one that the command line named, or one that may be written. */
dk_status files_resolve_change(lua_State *L, const char *path, struct dk_error *err);

#endif
