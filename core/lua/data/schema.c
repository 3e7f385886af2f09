/* core.schema(): the data model as Lua tables, for near misses and joins. */
#include "lua/binding.h"
#include "model/model.h"

static void push_field(lua_State *L, const struct model_field *field)
{
    lua_createtable(L, 0, 7);
    lua_pushstring(L, field->name);
    lua_setfield(L, -2, "name");
    lua_pushstring(L, field->key);
    lua_setfield(L, -2, "key");
    lua_pushstring(L, model_type_name(field->type));
    lua_setfield(L, -2, "type");
    lua_pushboolean(L, (field->flags & MODEL_REQUIRED) != 0);
    lua_setfield(L, -2, "required");
    lua_pushboolean(L, (field->flags & MODEL_PRIMARY) != 0);
    lua_setfield(L, -2, "primary");
    lua_pushboolean(L, (field->flags & MODEL_APART) != 0);
    lua_setfield(L, -2, "apart");
    lua_pushstring(L, field->help);
    lua_setfield(L, -2, "help");
    if (field->type == MODEL_REFERENCE) {
        lua_pushstring(L, model_entities()[field->reference].name);
        lua_setfield(L, -2, "reference");
    }
    if (field->values != NULL) {
        lua_newtable(L);
        for (int i = 0; field->values[i].name != NULL; i++) {
            lua_pushstring(L, field->values[i].name);
            lua_rawseti(L, -2, i + 1);
        }
        lua_setfield(L, -2, "values");
    }
}

/* core.schema() -> array of {name, key, help, fields = {{name, key, type, required, primary, apart, help, reference, values}, …}} */
static int schema(lua_State *L)
{
    lua_createtable(L, MODEL_COUNT, 0);
    for (int i = 0; i < MODEL_COUNT; i++) {
        const struct model_entity *entity = &model_entities()[i];

        lua_createtable(L, 0, 4);
        lua_pushstring(L, entity->name);
        lua_setfield(L, -2, "name");
        lua_pushstring(L, entity->key);
        lua_setfield(L, -2, "key");
        lua_pushstring(L, entity->help);
        lua_setfield(L, -2, "help");
        lua_createtable(L, (int)entity->field_count, 0);
        for (size_t field = 0; field < entity->field_count; field++) {
            push_field(L, &entity->fields[field]);
            lua_rawseti(L, -2, (lua_Integer)field + 1);
        }
        lua_setfield(L, -2, "fields");
        lua_rawseti(L, -2, i + 1);
    }
    return 1;
}

void schema_register(lua_State *L)
{
    lua_pushcfunction(L, schema);
    lua_setfield(L, -2, "schema");
}
