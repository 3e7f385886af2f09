/* Values between SQL and Lua. */
#include "lua/data/data.h"

bool read_value(lua_State *L, int index, struct db_value *value)
{
    if (lua_isinteger(L, index)) {
        value->type = DB_INTEGER;
        value->integer = lua_tointeger(L, index);
        return true;
    }
    switch (lua_type(L, index)) {
    case LUA_TNIL: value->type = DB_NULL; return true;
    case LUA_TBOOLEAN:
        value->type = DB_INTEGER;
        value->integer = lua_toboolean(L, index);
        return true;
    case LUA_TNUMBER:
        value->type = DB_REAL;
        value->real = lua_tonumber(L, index);
        return true;
    case LUA_TSTRING:
        value->type = DB_TEXT;
        value->text.bytes = lua_tolstring(L, index, &value->text.size);
        return true;
    default: return false;
    }
}

void push_value(lua_State *L, const struct db_value *value)
{
    switch (value->type) {
    case DB_NULL: lua_pushnil(L); break;
    case DB_INTEGER: lua_pushinteger(L, value->integer); break;
    case DB_REAL: lua_pushnumber(L, value->real); break;
    case DB_TEXT:
    case DB_BLOB: lua_pushlstring(L, value->text.bytes, value->text.size); break;
    }
}
