/* The data model for the library: core.schema() as Lua tables, core.json_schema() for editors. */
#include <string.h>

#include "lua/binding.h"
#include "lua/parts.h"
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

/* core.schema() -> array of {name, key, help, one ("action"), title (the field by which records that have an id of their own
 * are known; else nil), fields = {{name, key, type, required, primary, apart, help, reference, values}, …}} */
static int schema(lua_State *L)
{
    lua_createtable(L, MODEL_COUNT, 0);
    for (int i = 0; i < MODEL_COUNT; i++) {
        const struct model_entity *entity = &model_entities()[i];

        lua_createtable(L, 0, 6);
        lua_pushstring(L, entity->name);
        lua_setfield(L, -2, "name");
        lua_pushstring(L, entity->key);
        lua_setfield(L, -2, "key");
        lua_pushstring(L, entity->help);
        lua_setfield(L, -2, "help");
        lua_pushstring(L, strchr(entity->one, ' ') + 1);
        lua_setfield(L, -2, "one");
        if (model_has_id(entity)) {
            lua_pushstring(L, entity->fields[model_title(entity)].name);
            lua_setfield(L, -2, "title");
        }
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

/* core.json_schema() -> the JSON Schema of the YAML files, as text */
static int json_schema(lua_State *L)
{
    struct dk_buffer *text = push_buffer(L);

    model_json_schema(text);
    lua_pushlstring(L, text->bytes, text->size);
    return 1;
}

void schema_register(lua_State *L)
{
    static const luaL_Reg functions[] = {{"schema", schema}, {"json_schema", json_schema}, {NULL, NULL}};

    luaL_setfuncs(L, functions, 0);
}
