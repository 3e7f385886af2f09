/* The data model for the library: core.schema() as Lua tables, core.json_schema() for editors. */
#include <string.h>

#include "db/declared.h"
#include "lua/binding.h"
#include "lua/data/data.h"
#include "lua/parts.h"
#include "model/model.h"

static void push_field(lua_State *L, const struct model *model, const struct model_field *field)
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
        lua_pushstring(L, model_at(model, field->reference)->name);
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

static void push_entity(lua_State *L, const struct model *model, const struct model_entity *entity)
{
    lua_createtable(L, 0, 7);
    lua_pushstring(L, entity->name);
    lua_setfield(L, -2, "name");
    lua_pushstring(L, entity->key);
    lua_setfield(L, -2, "key");
    lua_pushstring(L, entity->help);
    lua_setfield(L, -2, "help");
    lua_pushstring(L, strchr(entity->one, ' ') + 1);
    lua_setfield(L, -2, "one");
    lua_pushboolean(L, entity->declared > 0);
    lua_setfield(L, -2, "declared");
    if (model_has_id(entity)) {
        lua_pushstring(L, entity->fields[model_title(entity)].name);
        lua_setfield(L, -2, "title");
    }
    lua_createtable(L, (int)entity->field_count, 0);
    for (size_t field = 0; field < entity->field_count; field++) {
        push_field(L, model, &entity->fields[field]);
        lua_rawseti(L, -2, (lua_Integer)field + 1);
    }
    lua_setfield(L, -2, "fields");
}

/* The model of the database at `index`, that of difkit alone where there is none. */
static const struct model *model_of(lua_State *L, int index)
{
    const struct model *model = NULL;
    struct dk_error err;

    if (!lua_isnoneornil(L, index) && db_model(check_database(L, index)->db, &model, &err) != DK_OK)
        raise_status(L, &err);
    return model;
}

/* core.schema([database]) -> array of {name, key, help, one ("action"), declared (whether the data of the database declare
 * it), title (the field by which records that have an id of their own are known; else nil), fields = {{name, key, type,
 * required, primary, apart, help, reference, values}, …}} */
static int schema(lua_State *L)
{
    const struct model *model = model_of(L, 1);

    lua_createtable(L, (int)model_count(model), 0);
    for (size_t i = 0; i < model_count(model); i++) {
        push_entity(L, model, model_at(model, i));
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

/* core.json_schema([database]) -> the JSON Schema of the YAML files, as text */
static int json_schema(lua_State *L)
{
    const struct model *model = model_of(L, 1);
    struct dk_buffer *text = push_buffer(L);

    model_json_schema(text, model);
    lua_pushlstring(L, text->bytes, text->size);
    return 1;
}

void schema_register(lua_State *L)
{
    static const luaL_Reg functions[] = {{"schema", schema}, {"json_schema", json_schema}, {NULL, NULL}};

    luaL_setfuncs(L, functions, 0);
}
