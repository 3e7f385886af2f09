/* difkit.core: everything of the core that Lua sees. The library (scripts/difkit) builds on it; sandboxed scripts see only
 * the library. */
#include "load/load.h"
#include "lua/binding.h"

#if defined(__GNUC__)
__attribute__((visibility("default")))
#endif
int luaopen_difkit_core(lua_State *L);

int luaopen_difkit_core(lua_State *L)
{
    lua_newtable(L);
    lua_pushstring(L, difkit_version());
    lua_setfield(L, -2, "version");
    error_register(L);
    database_register(L);
    open_register(L);
    result_register(L);
    column_register(L);
    csv_register(L);
    text_register(L);
    files_register(L);
    schema_register(L);
    meter_register(L);
    similarity_register(L);
    host_register(L);
    entry_register(L);
    line_register(L);
    history_register(L);
    library_register(L);
    snapshot_register(L);
    index_register(L);
    yaml_register(L);
    render_register(L);
    markdown_register(L);
    xlsx_register(L);
    xlsx_read_register(L);
    silence_register(L);
    return 1;
}
