/* core.read_yaml: a YAML file as Lua tables, with the place of everything in it.
 *
 * Mappings and lists become tables; plain scalars become numbers, true, false or nothing (null) where they look so, quoted ones stay text. As in the
 * loader, anchors, aliases, tags and keys given twice are refused: what a file says must stand in it. */
#include <string.h>
#include <yaml.h>

#include "base/file.h"
#include "base/number.h"
#include "lua/binding.h"
#include "lua/host/access.h"
#include "lua/parts.h"

#define READER_TYPE "difkit.YamlReader"

enum { DEPTH_MOST = 64, FILE_MOST = 64 * 1024 * 1024 };

/* The parser and the current event, held by a userdata: Lua may raise in between. */
struct reader {
    struct dk_buffer text;
    yaml_parser_t parser;
    yaml_event_t event;
    bool parsing, live;
    const char *file;
    struct dk_error err;
};

static int reader_free(lua_State *L)
{
    struct reader *reader = luaL_checkudata(L, 1, READER_TYPE);

    if (reader->live)
        yaml_event_delete(&reader->event);
    if (reader->parsing)
        yaml_parser_delete(&reader->parser);
    dk_buffer_free(&reader->text);
    memset(reader, 0, sizeof *reader);
    return 0;
}

static struct reader *push_reader(lua_State *L, const char *file)
{
    struct reader *reader = type_hold(L, READER_TYPE, sizeof *reader, reader_free);

    reader->file = file;
    return reader;
}

/* An error at the current event. */
static bool fail_here(struct reader *reader, const char *hint)
{
    dk_place(&reader->err, reader->file, (int)reader->event.start_mark.line + 1, (int)reader->event.start_mark.column + 1);
    if (hint != NULL)
        dk_hint(&reader->err, "%s", hint);
    return false;
}

static bool advance(struct reader *reader)
{
    const yaml_char_t *anchor = NULL, *tag = NULL;

    if (reader->live)
        yaml_event_delete(&reader->event);
    reader->live = false;
    if (!yaml_parser_parse(&reader->parser, &reader->event)) {
        dk_fail(&reader->err, DK_DATA, "not YAML: %s",
                reader->parser.problem != NULL ? reader->parser.problem : "it cannot be read");
        dk_place(&reader->err, reader->file, (int)reader->parser.problem_mark.line + 1,
                 (int)reader->parser.problem_mark.column + 1);
        return false;
    }
    reader->live = true;
    switch (reader->event.type) {
    case YAML_SCALAR_EVENT:
        anchor = reader->event.data.scalar.anchor;
        tag = reader->event.data.scalar.tag;
        break;
    case YAML_SEQUENCE_START_EVENT:
        anchor = reader->event.data.sequence_start.anchor;
        tag = reader->event.data.sequence_start.tag;
        break;
    case YAML_MAPPING_START_EVENT:
        anchor = reader->event.data.mapping_start.anchor;
        tag = reader->event.data.mapping_start.tag;
        break;
    case YAML_ALIAS_EVENT:
        dk_fail(&reader->err, DK_DATA, "the alias *%s is not allowed", (const char *)reader->event.data.alias.anchor);
        return fail_here(reader, "write the value out");
    default:
        break;
    }
    if (anchor != NULL || tag != NULL) {
        dk_fail(&reader->err, DK_DATA, "anchors and tags are not allowed");
        return fail_here(reader, "a text that begins with & or ! has to stand in quotes");
    }
    return true;
}

static bool is_word(const char *text, size_t size, const char *word)
{
    return strlen(word) == size && memcmp(text, word, size) == 0;
}

/* Pushes a scalar: text, number, boolean or nil. */
static void push_scalar(lua_State *L, const yaml_event_t *event)
{
    const char *text = (const char *)event->data.scalar.value;
    size_t size = event->data.scalar.length;
    int64_t integer;
    double real;

    if (event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
        lua_pushlstring(L, text, size);
    else if (size == 0 || is_word(text, size, "~") || is_word(text, size, "null"))
        lua_pushnil(L);
    else if (is_word(text, size, "true") || is_word(text, size, "false"))
        lua_pushboolean(L, text[0] == 't');
    else if (dk_parse_integer(text, size, &integer))
        lua_pushinteger(L, integer);
    else if (dk_parse_real(text, size, &real))
        lua_pushnumber(L, real);
    else
        lua_pushlstring(L, text, size);
}

/* Notes in the table of places (at `places`) the line of `key` (on the top of the stack) of the table at `owner`. */
static void note_place(lua_State *L, const struct reader *reader, int places, int owner)
{
    lua_pushvalue(L, owner);
    lua_rawget(L, places);
    lua_pushvalue(L, -2);
    lua_pushinteger(L, (lua_Integer)reader->event.start_mark.line + 1);
    lua_rawset(L, -3);
    lua_pop(L, 1);
}

static bool push_node(lua_State *L, struct reader *reader, int places, int depth);

/* Pushes an empty table and enters it among the places. */
static int push_table(lua_State *L, int places)
{
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_newtable(L);
    lua_rawset(L, places);
    return lua_gettop(L);
}

static bool push_mapping(lua_State *L, struct reader *reader, int places, int depth)
{
    int table = push_table(L, places);

    for (;;) {
        if (!advance(reader))
            return false;
        if (reader->event.type == YAML_MAPPING_END_EVENT)
            return true;
        if (reader->event.type != YAML_SCALAR_EVENT) {
            dk_fail(&reader->err, DK_DATA, "a key must be text");
            return fail_here(reader, NULL);
        }
        push_scalar(L, &reader->event);
        if (lua_isnil(L, -1)) {
            dk_fail(&reader->err, DK_DATA, "a key must not be empty");
            return fail_here(reader, NULL);
        }
        lua_pushvalue(L, table);
        lua_rawget(L, places);
        lua_pushvalue(L, -2);
        if (lua_rawget(L, -2) != LUA_TNIL) {
            dk_fail(&reader->err, DK_DATA, "the key \"%s\" is given twice", (const char *)reader->event.data.scalar.value);
            return fail_here(reader, NULL);
        }
        lua_pop(L, 2);
        note_place(L, reader, places, table);
        if (!advance(reader) || !push_node(L, reader, places, depth + 1))
            return false;
        lua_rawset(L, table);
    }
}

static bool push_list(lua_State *L, struct reader *reader, int places, int depth)
{
    int table = push_table(L, places);

    for (lua_Integer i = 1;; i++) {
        if (!advance(reader))
            return false;
        if (reader->event.type == YAML_SEQUENCE_END_EVENT)
            return true;
        lua_pushinteger(L, i);
        note_place(L, reader, places, table);
        if (!push_node(L, reader, places, depth + 1))
            return false;
        if (lua_isnil(L, -1)) {
            dk_fail(&reader->err, DK_DATA, "element %d of a list is empty", (int)i);
            return fail_here(reader, NULL);
        }
        lua_rawset(L, table);
    }
}

/* Pushes the value that begins at the current event. */
static bool push_node(lua_State *L, struct reader *reader, int places, int depth)
{
    if (depth > DEPTH_MOST || !lua_checkstack(L, 16)) {
        dk_fail(&reader->err, DK_DATA, "nested deeper than %d levels", DEPTH_MOST);
        return fail_here(reader, NULL);
    }
    switch (reader->event.type) {
    case YAML_SCALAR_EVENT: push_scalar(L, &reader->event); return true;
    case YAML_MAPPING_START_EVENT: return push_mapping(L, reader, places, depth);
    case YAML_SEQUENCE_START_EVENT: return push_list(L, reader, places, depth);
    default: lua_pushnil(L); return true;
    }
}

/* core.read_yaml(path) -> value, places | nil, message, code. places[table][key] is the line of the key (or list element) of a table
 * of the value. The file holds one document. */
static int read_yaml(lua_State *L)
{
    const char *path = luaL_checkstring(L, 1);
    struct reader *reader;
    int places;

    lua_settop(L, 1);
    reader = push_reader(L, path);
    lua_newtable(L);
    places = lua_gettop(L);
    if (files_resolve_read(L, path, &reader->err) != DK_OK ||
        dk_file_read(lua_tostring(L, -1), FILE_MOST, &reader->text, &reader->err) != DK_OK)
        return push_condition(L, &reader->err);
    if (!yaml_parser_initialize(&reader->parser))
        return raise_error(L, DK_IO, NULL, "out of memory");
    reader->parsing = true;
    yaml_parser_set_encoding(&reader->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader->parser, (const unsigned char *)(reader->text.bytes != NULL ? reader->text.bytes : ""),
                                 reader->text.size);
    /* stream, document, its value, end of document, end of stream */
    if (!advance(reader) || !advance(reader))
        return push_condition(L, &reader->err);
    if (reader->event.type == YAML_STREAM_END_EVENT) {
        dk_fail(&reader->err, DK_DATA, "the file is empty");
        dk_place(&reader->err, path, 1, 1);
        return push_condition(L, &reader->err);
    }
    if (!advance(reader) || !push_node(L, reader, places, 0) || !advance(reader) || !advance(reader))
        return push_condition(L, &reader->err);
    if (reader->event.type != YAML_STREAM_END_EVENT) {
        dk_fail(&reader->err, DK_DATA, "a second document begins");
        fail_here(reader, "one file holds one document");
        return push_condition(L, &reader->err);
    }
    lua_pushvalue(L, places);
    return 2;
}

void yaml_register(lua_State *L)
{
    lua_pushcfunction(L, read_yaml);
    lua_setfield(L, -2, "read_yaml");
}
