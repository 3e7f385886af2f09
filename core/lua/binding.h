/* How the core's errors reach Lua: what every file of the binding shares.
 *
 * A Lua error is a longjmp. So whatever may raise owns nothing on the C heap that is not held by a userdata with __gc. */
#ifndef DIFKIT_LUA_BINDING_H
#define DIFKIT_LUA_BINDING_H

#include <lauxlib.h>
#include <lua.h>
#include <stdbool.h>

#include "base/buffer.h"
#include "base/error.h"
#include "lua/type.h"

#define ERROR_TYPE "difkit.Error"

/* Raises an error value: {code, message, hint, where}; `hint` may be NULL. `where` is the nearest line of a user's script.
 */
int raise_error(lua_State *L, enum dk_code code, const char *hint, const char *format, ...) DK_PRINTF(4, 5);
/* Raises what a failed function of the core reported. */
int raise_status(lua_State *L, const struct dk_error *err);
/* Pushes nil, message, code: a condition of the world. Returns 3. */
int push_condition(lua_State *L, const struct dk_error *err);
/* assert() that takes nil, message and the code "io" or "locked" for an error of that code: what failed was no script. */
int error_assert(lua_State *L);
/* Message handler for lua_pcall: makes an error value of anything, adds the datum concerned and a traceback. */
int error_handler(lua_State *L);

/* What kind of error the value at `index` was raised as, whatever a script wrote into it since. */
enum dk_code error_code(lua_State *L, int index);

/* A buffer that Lua frees. Pushes the userdata that holds it; NULL bytes until something is added. */
struct dk_buffer *push_buffer(lua_State *L);

#endif
