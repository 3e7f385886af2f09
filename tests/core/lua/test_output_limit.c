/* What the library prints for a script counts against the script's limit of output. */
#include <lauxlib.h>

#include "check.h"
#include "lua/host/run.h"

int main(void)
{
    struct host_options options = host_defaults();
    struct host *host;
    lua_State *L;

    options.output_limit = 20;
    host = host_new(&options);
    CHECK(host != NULL);
    L = host_state(host);
    CHECK(luaL_dostring(L, "require 'difkit.core' print('')") == LUA_OK);
    CHECK(luaL_dostring(L, "print(('x'):rep(30))") != LUA_OK);
    luaL_tolstring(L, -1, NULL);
    CHECK(strstr(lua_tostring(L, -1), "printed more than 20 bytes") != NULL);
    host_free(host);

    options.trust = true;
    host = host_new(&options);
    CHECK(luaL_dostring(host_state(host), "print((' '):rep(30))") == LUA_OK);
    host_free(host);
    return check_result();
}
