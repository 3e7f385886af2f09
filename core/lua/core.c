/* difkit.core: everything of the core that Lua sees. The library (scripts/difkit) builds on it; sandboxed scripts see only
 * the library. */
#include <lauxlib.h>

#include "load/load.h"
#include "lua/parts.h"

#if defined(__GNUC__)
__attribute__((visibility("default")))
#endif
int luaopen_difkit_core(lua_State *L);

/* The parts in the order in which they are made: a type goes before what adds methods to it. */
static const struct {
    const char *within; /* a table of the module, or NULL: the module itself */
    void (*make)(lua_State *L);
} parts[] = {
    {NULL, error_register},
    {NULL, database_register},
    {NULL, result_register},
    {NULL, define_register},
    {NULL, column_register},
    {NULL, open_register},
    {NULL, csv_register},
    {NULL, text_register},
    {NULL, files_register},
    {NULL, together_register},
    {NULL, print_register},
    {NULL, schema_register},
    {NULL, meter_register},
    {NULL, similarity_register},
    {NULL, names_register},
    {NULL, entry_register},
    {NULL, desk_register},
    {NULL, library_register},
    {NULL, snapshot_register},
    {NULL, transfer_register},
    {NULL, yaml_register},
    {NULL, render_register},
    {NULL, markdown_register},
    {NULL, xlsx_register},
    {NULL, read_register},
    {NULL, gather_register},
    {NULL, stream_register},
    {NULL, package_register},
    {NULL, xml_register},
    {NULL, silence_register},
    {NULL, observe_register},
    {NULL, sandbox_register},
    {NULL, system_register},
    {"index", index_matrix_register},
    {"index", index_stage_register},
    {"index", index_statistics_register},
    {"index", index_weight_register},
    {"index", index_tree_register},
    {"index", index_robustness_register},
    {"index", index_sensitivity_register},
    {"index", index_load_register},
    {"index", index_columns_register},
    {"index", index_audit_register},
};

int luaopen_difkit_core(lua_State *L)
{
    lua_settop(L, 0);
    lua_newtable(L);
    lua_pushstring(L, difkit_version());
    lua_setfield(L, -2, "version");
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (parts[i].within != NULL)
            luaL_getsubtable(L, -1, parts[i].within);
        parts[i].make(L);
        lua_settop(L, 1);
    }
    return 1;
}
