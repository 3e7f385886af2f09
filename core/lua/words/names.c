/* Names and codes of countries for the library: core.match_unit, core.unit_title, core.fold_name. */
#include "names/match.h"

#include "lua/binding.h"
#include "lua/parts.h"
#include "names/fold.h"

static void check_available(lua_State *L)
{
    if (!names_available())
        raise_error(L, DK_USAGE, "build difkit where the packages iso-codes and unicode-cldr-core are installed",
                    "this difkit was built without the names of countries, by which units are matched");
}

/* core.match_unit(text, system) -> kind, code | nil, suggestion | nil; a kind is "unit", "aggregate", "part", "ambiguous" or
 * "unknown". With `suggest` (a third argument), what is unknown gets the nearest name. */
static int match_unit(lua_State *L)
{
    static const char *const kinds[] = {"unit", "aggregate", "part", "ambiguous", "unknown"};
    size_t size;
    const char *text = luaL_checklstring(L, 1, &size), *system = luaL_checkstring(L, 2);
    bool suggest = lua_toboolean(L, 3);
    char near[NAMES_NAME_SIZE];
    struct names_match match;

    check_available(L);
    if (!names_is_system(system))
        return raise_error(L, DK_USAGE, "one of any, name, iso2, iso3, m49, wb, imf, eurostat, hdr, owid, ilo, oecd, un",
                           "unknown system of codes \"%s\"", system);
    names_match(system, text, size, &match);
    lua_pushstring(L, kinds[match.kind]);
    if (match.code[0] != '\0')
        lua_pushstring(L, match.code);
    else
        lua_pushnil(L);
    if (suggest && match.kind == NAMES_UNKNOWN && names_near(text, size, near))
        lua_pushstring(L, near);
    else
        lua_pushnil(L);
    return 3;
}

/* core.unit_title(code) -> the English name of an alpha-3 code, or nil */
static int unit_title(lua_State *L)
{
    size_t size;
    const char *title = names_title(luaL_checkstring(L, 1), &size);

    if (title != NULL)
        lua_pushlstring(L, title, size);
    else
        lua_pushnil(L);
    return 1;
}

/* core.fold_name(text) -> the name as it is compared */
static int fold_name(lua_State *L)
{
    size_t size;
    const char *text = luaL_checklstring(L, 1, &size);
    struct dk_buffer *key = push_buffer(L);

    names_fold(text, size, key, NULL);
    lua_pushlstring(L, key->bytes, key->size);
    return 1;
}

void names_register(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"match_unit", match_unit}, {"unit_title", unit_title}, {"fold_name", fold_name}, {NULL, NULL}};

    luaL_setfuncs(L, functions, 0);
}
