/* The parts of difkit.core. Each adds its functions to the table on top of the stack and leaves the stack as it was. */
#ifndef DIFKIT_LUA_PARTS_H
#define DIFKIT_LUA_PARTS_H

#include <lua.h>

void error_register(lua_State *L);
void database_register(lua_State *L);
void result_register(lua_State *L);
void define_register(lua_State *L);
void column_register(lua_State *L);
void open_register(lua_State *L);
void csv_register(lua_State *L);
void text_register(lua_State *L);
void files_register(lua_State *L);
void together_register(lua_State *L);
void print_register(lua_State *L);
void schema_register(lua_State *L);
void meter_register(lua_State *L);
void similarity_register(lua_State *L);
void names_register(lua_State *L);
void entry_register(lua_State *L);
void desk_register(lua_State *L);
void library_register(lua_State *L);
void snapshot_register(lua_State *L);
void transfer_register(lua_State *L);
void yaml_register(lua_State *L);
void render_register(lua_State *L);
void markdown_register(lua_State *L);
void xlsx_register(lua_State *L);
void read_register(lua_State *L);
void gather_register(lua_State *L);
void stream_register(lua_State *L);
void package_register(lua_State *L);
void xml_register(lua_State *L);
void silence_register(lua_State *L);
void observe_register(lua_State *L);
void sandbox_register(lua_State *L);
void system_register(lua_State *L);
void index_matrix_register(lua_State *L);
void index_stage_register(lua_State *L);
void index_statistics_register(lua_State *L);
void index_weight_register(lua_State *L);
void index_tree_register(lua_State *L);
void index_robustness_register(lua_State *L);
void index_sensitivity_register(lua_State *L);
void index_load_register(lua_State *L);
void index_columns_register(lua_State *L);
void index_audit_register(lua_State *L);

#endif
