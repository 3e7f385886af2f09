/* core.read_yaml: a YAML file as Lua tables, with the place of everything in it.
 *
 * Mappings and lists become tables; plain scalars become numbers, true, false or nothing (null) where they look so, quoted
 * ones stay text. As in the loader, what a file says must stand in it (yaml/events.h). */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/number.h"
#include "lua/binding.h"
#include "lua/host/access.h"
#include "lua/parts.h"
#include "yaml/events.h"

enum { DEPTH_MOST = 64, FILE_MOST = 64 * 1024 * 1024 };

/* The file and its events, held by a userdata: Lua may raise in between. */
struct reader {
    struct dk_buffer text;
    struct events events;
    const char *file;
    bool failed;
    struct dk_error err; /* the first thing that was refused */
};

static int reader_free(lua_State *L)
{
    struct reader *reader = lua_touserdata(L, 1);

    events_end(&reader->events);
    dk_buffer_free(&reader->text);
    return 0;
}

static void refuse(void *context, const struct dk_error *err)
{
    struct reader *reader = context;

    if (reader->failed)
        return;
    reader->failed = true;
    reader->err = *err;
    dk_place(&reader->err, reader->file, err->line, err->column);
}

static struct reader *push_reader(lua_State *L, const char *file)
{
    struct reader *reader = type_hold(L, "difkit.YamlReader", sizeof *reader, reader_free);

    reader->file = file;
    reader->events.depth_max = DEPTH_MOST;
    reader->events.refuse = refuse;
    reader->events.context = reader;
    return reader;
}

/* Refuses something at the current event; false. */
static bool fail_here(struct reader *reader, const char *hint, const char *message)
{
    struct dk_error err;

    dk_fail(&err, DK_DATA, "%s", message);
    if (hint != NULL)
        dk_hint(&err, "%s", hint);
    events_refuse(&reader->events, &err);
    return false;
}

/* The next event; false when something was refused. */
static bool advance(struct reader *reader)
{
    return events_advance(&reader->events) && !reader->failed;
}

static bool is_word(const char *text, size_t size, const char *word)
{
    return strlen(word) == size && memcmp(text, word, size) == 0;
}

/* Pushes a scalar: text, number, boolean or nil. */
static void push_scalar(lua_State *L, const struct events *events)
{
    const char *text = events_text(events);
    size_t size = events_size(events);
    int64_t integer;
    double real;

    if (!events_is_plain(events))
        lua_pushlstring(L, text, size);
    else if (events_is_nothing(events))
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
    lua_pushinteger(L, events_line(&reader->events));
    lua_rawset(L, -3);
    lua_pop(L, 1);
}

static bool push_node(lua_State *L, struct reader *reader, int places);

/* Pushes an empty table and enters it among the places. */
static int push_table(lua_State *L, int places)
{
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_newtable(L);
    lua_rawset(L, places);
    return lua_gettop(L);
}

static bool push_mapping(lua_State *L, struct reader *reader, int places)
{
    int table = push_table(L, places);

    while (events_next_key(&reader->events) && !reader->failed) {
        push_scalar(L, &reader->events);
        if (lua_isnil(L, -1))
            return fail_here(reader, NULL, "a key must not be empty");
        lua_pushvalue(L, table);
        lua_rawget(L, places);
        lua_pushvalue(L, -2);
        if (lua_rawget(L, -2) != LUA_TNIL) {
            events_refuse_repeated(&reader->events, "a mapping", (int)lua_tointeger(L, -1));
            return false;
        }
        lua_pop(L, 2);
        note_place(L, reader, places, table);
        if (!advance(reader) || !push_node(L, reader, places))
            return false;
        lua_rawset(L, table);
    }
    return !reader->failed && !reader->events.broken;
}

static bool push_list(lua_State *L, struct reader *reader, int places)
{
    int table = push_table(L, places);

    for (lua_Integer i = 1;; i++) {
        if (!advance(reader))
            return false;
        if (reader->events.event.type == YAML_SEQUENCE_END_EVENT)
            return true;
        lua_pushinteger(L, i);
        note_place(L, reader, places, table);
        if (!push_node(L, reader, places))
            return false;
        if (lua_isnil(L, -1)) {
            char message[64];

            snprintf(message, sizeof message, "element %d of a list is empty", (int)i);
            return fail_here(reader, NULL, message);
        }
        lua_rawset(L, table);
    }
}

/* Pushes the value that begins at the current event. */
static bool push_node(lua_State *L, struct reader *reader, int places)
{
    if (!lua_checkstack(L, 16))
        return fail_here(reader, NULL, "nested too deep");
    switch (reader->events.event.type) {
    case YAML_SCALAR_EVENT: push_scalar(L, &reader->events); return true;
    case YAML_MAPPING_START_EVENT: return push_mapping(L, reader, places);
    case YAML_SEQUENCE_START_EVENT: return push_list(L, reader, places);
    default: lua_pushnil(L); return true;
    }
}

/* core.read_yaml(path) -> value, places | nil, message, code. places[table][key] is the line of the key (or list element) of
 * a table of the value. The file holds one document. */
static int read_yaml(lua_State *L)
{
    const char *path = files_path(L, 1);
    struct reader *reader;
    int places;

    lua_settop(L, 1);
    reader = push_reader(L, path);
    lua_newtable(L);
    places = lua_gettop(L);
    if (files_resolve_read(L, path, &reader->err) != DK_OK ||
        dk_file_read(lua_tostring(L, -1), FILE_MOST, &reader->text, &reader->err) != DK_OK)
        return push_condition(L, &reader->err);
    events_begin(&reader->events, reader->text.bytes != NULL ? reader->text.bytes : "", reader->text.size);
    /* stream, document, its value, end of document, end of stream */
    if (!advance(reader) || !advance(reader))
        return push_condition(L, &reader->err);
    if (reader->events.event.type == YAML_STREAM_END_EVENT) {
        dk_fail(&reader->err, DK_DATA, "the file is empty");
        dk_place(&reader->err, path, 1, 1);
        return push_condition(L, &reader->err);
    }
    if (!advance(reader) || !push_node(L, reader, places) || !advance(reader) || !advance(reader))
        return push_condition(L, &reader->err);
    if (reader->events.event.type != YAML_STREAM_END_EVENT) {
        fail_here(reader, "put it into a file of its own, without \"---\"", "a second YAML document in one file");
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
