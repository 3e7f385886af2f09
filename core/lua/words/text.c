/* Text and numbers for the library: widths, wrapping, letter case, numbers as text, digests. */
#include "base/text.h"

#include "base/near.h"
#include "base/number.h"
#include "base/sha256.h"
#include "lua/binding.h"
#include "lua/parts.h"

/* core.width(text) -> columns of a terminal */
static int text_width(lua_State *L)
{
    size_t size;
    const char *text = luaL_checklstring(L, 1, &size);

    lua_pushinteger(L, (lua_Integer)dk_text_width(text, size));
    return 1;
}

/* core.truncate(text, width) -> the text, its end replaced by "…" when it is too wide */
static int text_truncate(lua_State *L)
{
    size_t size;
    const char *text = luaL_checklstring(L, 1, &size);
    lua_Integer width = luaL_checkinteger(L, 2);

    luaL_argcheck(L, width >= 1, 2, "a width of at least 1 is needed");
    if (dk_text_width(text, size) <= (size_t)width) {
        lua_settop(L, 1);
        return 1;
    }
    lua_pushlstring(L, text, dk_text_fit(text, size, (size_t)width - 1));
    lua_pushliteral(L, "…");
    lua_concat(L, 2);
    return 1;
}

static void add_line(void *context, const char *text, size_t size)
{
    lua_State *L = context;

    lua_pushlstring(L, text, size);
    lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
}

/* core.wrap(text, width) -> array of lines */
static int text_wrap(lua_State *L)
{
    size_t size;
    const char *text = luaL_checklstring(L, 1, &size);
    lua_Integer width = luaL_checkinteger(L, 2);

    luaL_argcheck(L, width >= 1, 2, "a width of at least 1 is needed");
    lua_newtable(L);
    dk_text_wrap(text, size, (size_t)width, add_line, L);
    return 1;
}

static int push_case(lua_State *L, bool upper)
{
    size_t size;
    const char *text = luaL_checklstring(L, 1, &size);
    struct dk_buffer *buffer = push_buffer(L);

    dk_text_case(text, size, upper, buffer);
    lua_pushlstring(L, buffer->bytes != NULL ? buffer->bytes : "", buffer->size);
    return 1;
}

static int text_upper(lua_State *L)
{
    return push_case(L, true);
}

static int text_lower(lua_State *L)
{
    return push_case(L, false);
}

/* core.valid_utf8(text) -> true | false, position of the first wrong byte */
static int text_valid(lua_State *L)
{
    size_t size, at;
    const char *text = luaL_checklstring(L, 1, &size);

    if (dk_text_valid(text, size, &at)) {
        lua_pushboolean(L, 1);
        return 1;
    }
    lua_pushboolean(L, 0);
    lua_pushinteger(L, (lua_Integer)at + 1);
    return 2;
}

/* core.number_text(number) -> the shortest text that reads back equal; reals keep ".0" */
static int text_number(lua_State *L)
{
    char out[DK_NUMBER_SIZE];

    if (lua_isinteger(L, 1))
        dk_integer_text(lua_tointeger(L, 1), out);
    else
        dk_real_text(luaL_checknumber(L, 1), out);
    lua_pushstring(L, out);
    return 1;
}

/* core.digest(text) -> SHA-256 in lower-case hexadecimal */
static int text_digest(lua_State *L)
{
    size_t size;
    const char *text = luaL_checklstring(L, 1, &size);
    char out[DK_SHA256_TEXT_SIZE];
    struct dk_sha256 digest;

    dk_sha256_begin(&digest);
    dk_sha256_add(&digest, text, size);
    dk_sha256_text(&digest, out);
    lua_pushstring(L, out);
    return 1;
}

/* core.unspaced(text) -> whether a character of a script that writes words without spaces stands in it */
static int text_unspaced(lua_State *L)
{
    size_t size;
    const char *text = luaL_checklstring(L, 1, &size);

    lua_pushboolean(L, dk_text_unspaced(text, size));
    return 1;
}

/* core.distance(one, other) -> how many letters two names differ by, letter case apart */
static int text_distance(lua_State *L)
{
    lua_pushinteger(L, (lua_Integer)dk_name_distance(luaL_checkstring(L, 1), luaL_checkstring(L, 2)));
    return 1;
}

void text_register(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"width", text_width}, {"truncate", text_truncate}, {"wrap", text_wrap},         {"upper", text_upper},
        {"lower", text_lower}, {"valid_utf8", text_valid},  {"number_text", text_number}, {"digest", text_digest},
        {"unspaced", text_unspaced},
        {"distance", text_distance}, {NULL, NULL}};

    luaL_setfuncs(L, functions, 0);
}
