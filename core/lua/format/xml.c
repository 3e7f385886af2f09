/* XML for the library: core.parse_xml(text) -> tree | nil, message
 *
 * An element is {[0] = name, attributes = {name = value, [i] = name}, children …}, a child an element or a text. Prefixes of
 * namespaces are left away. expat reads; a document type is refused, so that no entity is ever expanded and no file opened.
 */
#include "lua/binding.h"
#include "lua/parts.h"

#if defined DIFKIT_HAVE_EXPAT

#include <expat.h>
#include <stdio.h>
#include <string.h>

#define PARSER_TYPE "difkit.XmlParser"

enum { DEPTH_MOST = 100 };

struct parser {
    XML_Parser expat;
    lua_State *L;
    struct dk_buffer text;
    int depth;
    const char *problem;
};

static int parser_close(lua_State *L)
{
    struct parser *parser = luaL_checkudata(L, 1, PARSER_TYPE);

    if (parser->expat != NULL)
        XML_ParserFree(parser->expat);
    parser->expat = NULL;
    dk_buffer_free(&parser->text);
    return 0;
}

static const char *local(const char *name)
{
    const char *colon = strchr(name, ':');

    return colon != NULL ? colon + 1 : name;
}

static void stop(struct parser *parser, const char *problem)
{
    parser->problem = problem;
    XML_StopParser(parser->expat, XML_FALSE);
}

/* Appends the text so far to the element on top of the stack. */
static void flush(struct parser *parser)
{
    lua_State *L = parser->L;

    if (parser->text.size == 0)
        return;
    if (parser->depth > 0) {
        lua_pushlstring(L, parser->text.bytes, parser->text.size);
        lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
    }
    parser->text.size = 0;
}

static void XMLCALL on_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
    struct parser *parser = context;
    lua_State *L = parser->L;

    if (parser->depth >= DEPTH_MOST) {
        stop(parser, "it is nested too deep");
        return;
    }
    flush(parser);
    parser->depth++;
    lua_createtable(L, 1, 2);
    lua_pushstring(L, local(name));
    lua_rawseti(L, -2, 0);
    lua_newtable(L);
    for (size_t i = 0; attributes[i] != NULL; i += 2) {
        lua_pushstring(L, local(attributes[i]));
        lua_pushvalue(L, -1);
        lua_rawseti(L, -3, (lua_Integer)(i / 2) + 1);
        lua_pushstring(L, attributes[i + 1]);
        lua_rawset(L, -3);
    }
    lua_setfield(L, -2, "attributes");
}

static void XMLCALL on_end(void *context, const XML_Char *name)
{
    struct parser *parser = context;
    lua_State *L = parser->L;

    (void)name;
    flush(parser);
    parser->depth--;
    if (parser->depth > 0)
        lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
}

static void XMLCALL on_text(void *context, const XML_Char *text, int size)
{
    struct parser *parser = context;

    dk_buffer_add(&parser->text, text, (size_t)size);
}

static void XMLCALL on_doctype(void *context, const XML_Char *name, const XML_Char *system, const XML_Char *public, int has)
{
    (void)name;
    (void)system;
    (void)public;
    (void)has;
    stop(context, "it has a document type; entities are never expanded");
}

static int parse_xml(lua_State *L)
{
    size_t size;
    const char *text = luaL_checklstring(L, 1, &size);
    struct parser *parser;
    enum XML_Status status;

    lua_settop(L, 1);
    luaL_checkstack(L, DEPTH_MOST + 10, "XML");
    parser = type_hold(L, PARSER_TYPE, sizeof *parser, parser_close);
    parser->L = L;
    parser->expat = XML_ParserCreate("UTF-8"); /* as it was decoded, whatever its first line still says */
    if (parser->expat == NULL)
        return luaL_error(L, "not enough memory");
    XML_SetUserData(parser->expat, parser);
    XML_SetElementHandler(parser->expat, on_start, on_end);
    XML_SetCharacterDataHandler(parser->expat, on_text);
    XML_SetStartDoctypeDeclHandler(parser->expat, on_doctype);
    status = size < 0x40000000 ? XML_Parse(parser->expat, text, (int)size, 1) : XML_STATUS_ERROR;
    if (status == XML_STATUS_OK)
        return 1;
    lua_pushnil(L);
    if (parser->problem != NULL)
        lua_pushstring(L, parser->problem);
    else
        lua_pushfstring(L, "line %d: %s", (int)XML_GetCurrentLineNumber(parser->expat),
                        XML_ErrorString(XML_GetErrorCode(parser->expat)));
    return 2;
}

#else

static int parse_xml(lua_State *L)
{
    (void)luaL_checkstring(L, 1);
    lua_pushnil(L);
    lua_pushliteral(L, "XML cannot be read: this difkit was built without expat (Debian: libexpat1-dev)");
    return 2;
}

#endif

void xml_register(lua_State *L)
{
    lua_pushcfunction(L, parse_xml);
    lua_setfield(L, -2, "parse_xml");
}
