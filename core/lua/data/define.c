/* db:define(name, function, options): functions of a script that its SQL calls.
 *
 * The database holds a table of places, and that the functions; a weak table leads from the database to its places. So a
 * database which its own functions refer to is still collected as one. The functions run on a Lua thread of the database:
 * a query may be read by any coroutine.
 *
 *   THREAD     the thread
 *   GROUPS     the states of the groups of aggregates, by number
 *   RAISED     what a function raised, until raise_query() raises it again
 *   and on     the functions, each behind its definition; an aggregate takes three places: start, step, finish
 *
 * The thread has the same on its stack, with the message handler in the first place: from a query that is not itself read by
 * such a function, where that stack is at its base, a function is called without a look into the table.
 *
 * A Lua error must not jump over the frames of the database: every call is protected, and the error is raised again when the
 * statement is over. */
#include <ctype.h>
#include <string.h>

#include "lua/data/raise.h"
#include "lua/host/access.h"
#include "lua/parts.h"

enum { START, STEP, FINISH, PARTS }; /* places of an aggregate, from its first */

enum { SLACK = 1 << 16 }; /* bytes for the collector */

struct definition {
    struct database *database; /* outlives the definition */
    int place;
    char name[DB_FUNCTION_NAME_MAX + 1];
};

/* What a protected call is told. */
struct call {
    const struct definition *definition;
    const struct db_value *values;
    int count;
    int64_t *group;
    struct db_answer *answer;
};

/* Gives the value on top of the stack as the result; the function at index 1 returned it. */
static void give_result(lua_State *L, const struct call *call)
{
    struct db_value value;

    if (!read_value(L, -1, &value)) {
        lua_Debug where;

        lua_pushvalue(L, 1);
        lua_getinfo(L, ">S", &where);
        raise_error(L, DK_USAGE, "return text, a number, true, false or nil",
                    "the SQL function %s (%s:%d) returned a %s", call->definition->name, where.short_src, where.linedefined,
                    luaL_typename(L, -1));
    }
    call->answer->give(call->answer, &value);
}

static void push_arguments(lua_State *L, const struct call *call)
{
    luaL_checkstack(L, call->count + 2, "too many arguments");
    for (int i = 0; i < call->count; i++)
        push_value(L, &call->values[i]);
}

/* function, call */
static int run_scalar(lua_State *L)
{
    const struct call *call = lua_touserdata(L, 2);

    lua_settop(L, 1);
    lua_pushvalue(L, 1);
    push_arguments(L, call);
    lua_call(L, call->count, 1);
    give_result(L, call);
    return 0;
}

/* Pushes the state of the group, which is begun where there is none. Stack: step or finish, call, groups, start */
static void push_state(lua_State *L, const struct call *call)
{
    if (*call->group != 0) {
        lua_rawgeti(L, 3, *call->group);
    } else if (!lua_isfunction(L, 4)) {
        lua_newtable(L);
    } else {
        lua_pushvalue(L, 4);
        lua_call(L, 0, 1);
    }
}

static int run_step(lua_State *L)
{
    const struct call *call = lua_touserdata(L, 2);

    push_state(L, call);
    if (*call->group == 0) {
        lua_pushvalue(L, -1);
        /* A state may be nil; the place is taken all the same. */
        if (lua_isnil(L, -1)) {
            lua_pop(L, 1);
            lua_pushboolean(L, 0);
        }
        *call->group = luaL_ref(L, 3);
    }
    lua_pushvalue(L, 1);
    lua_insert(L, -2);
    push_arguments(L, call);
    lua_call(L, call->count + 1, 1);
    if (!lua_isnil(L, -1))
        lua_rawseti(L, 3, *call->group);
    return 0;
}

static int run_finish(lua_State *L)
{
    const struct call *call = lua_touserdata(L, 2);

    push_state(L, call);
    if (lua_isfunction(L, 1)) {
        lua_pushvalue(L, 1);
        lua_insert(L, -2);
        lua_call(L, 1, 1);
    }
    give_result(L, call);
    return 0;
}

/* function, call, value: gives the value */
static int run_give(lua_State *L)
{
    give_result(L, lua_touserdata(L, 2));
    return 0;
}

/* Keeps what the call raised, on top of the stack, until raise_query(). */
static void keep_raised(lua_State *L, const struct call *call)
{
    struct database *database = call->definition->database;

    push_places(L, database);
    lua_insert(L, -2);
    lua_rawseti(L, -2, RAISED);
    lua_pop(L, 1);
    database->failed = call->definition->name;
}

/* Calls `run` on the thread of the database with the function at `place`, the call, and for aggregates groups and start. */
static bool protected_call(struct call *call, lua_CFunction run, int place, bool aggregate)
{
    struct database *database = call->definition->database;
    lua_State *L = database->caller;
    int top = lua_gettop(L);
    bool done;

    if (database->failed != NULL || !lua_checkstack(L, 10))
        return false;
    push_places(L, database);
    lua_pushcfunction(L, error_handler);
    lua_pushcfunction(L, run);
    lua_rawgeti(L, top + 1, place);
    lua_pushlightuserdata(L, call);
    if (aggregate) {
        lua_rawgeti(L, top + 1, GROUPS);
        lua_rawgeti(L, top + 1, call->definition->place + START);
    }
    done = lua_pcall(L, aggregate ? 4 : 2, 0, top + 2) == LUA_OK;
    if (!done)
        keep_raised(L, call);
    lua_settop(L, top);
    return done;
}

/* Whether Lua has memory for the arguments, and the collector room to work. */
static bool has_memory(const struct database *database, const struct db_value *values, int count)
{
    size_t size = 0;

    for (int i = 0; i < count; i++)
        if (values[i].type == DB_TEXT || values[i].type == DB_BLOB)
            size += values[i].text.size + SLACK;
    return size == 0 || database->host == NULL || host_has_memory(database->host, size + SLACK);
}

/* The plain case, without the cost of a protected C function around the script's: pushing the arguments cannot fail. */
static bool call_at_base(struct call *call)
{
    struct database *database = call->definition->database;
    lua_State *L = database->caller;
    struct db_value value;
    int status;

    lua_pushvalue(L, call->definition->place);
    for (int i = 0; i < call->count; i++)
        push_value(L, &call->values[i]);
    status = lua_pcall(L, call->count, 1, THREAD);
    if (status == LUA_OK && read_value(L, -1, &value)) {
        call->answer->give(call->answer, &value);
        lua_pop(L, 1);
        return true;
    }
    if (status == LUA_OK) { /* a value that SQL does not have: raised where it can be */
        lua_pushcfunction(L, run_give);
        lua_pushvalue(L, call->definition->place);
        lua_pushlightuserdata(L, call);
        lua_rotate(L, -4, -1); /* behind these, the value */
        (void)lua_pcall(L, 3, 0, THREAD);
    }
    keep_raised(L, call);
    return false;
}

static bool on_call(void *context, const struct db_value *values, int count, struct db_answer *answer)
{
    const struct definition *definition = context;
    struct database *database = definition->database;
    struct call call = {definition, values, count, NULL, answer};

    if (database->running == 1 && database->failed == NULL && has_memory(database, values, count))
        return call_at_base(&call);
    return protected_call(&call, run_scalar, definition->place, false);
}

static bool on_step(void *context, int64_t *group, const struct db_value *values, int count)
{
    const struct definition *definition = context;
    struct call call = {definition, values, count, group, NULL};

    return protected_call(&call, run_step, definition->place + STEP, true);
}

static bool on_finish(void *context, int64_t *group, struct db_answer *answer)
{
    const struct definition *definition = context;
    struct database *database = definition->database;
    struct call call = {definition, NULL, 0, group, answer};
    /* A group is also given up, when its query is closed, perhaps by the collector: then nothing of the script is to run. */
    bool done = database->running > 0 && protected_call(&call, run_finish, definition->place + FINISH, true);

    if (*group != 0 && lua_checkstack(database->caller, 4)) {
        push_places(database->caller, database);
        lua_rawgeti(database->caller, -1, GROUPS);
        luaL_unref(database->caller, -1, (int)*group);
        lua_pop(database->caller, 2);
    }
    *group = 0;
    return done;
}

/* The places keep what they hold until the database goes. */
static void release(void *context)
{
    (void)context;
}

/* Makes thread and places of the database at index 1, and pushes the places. */
static void prepare_places(lua_State *L, struct database *database)
{
    if (lua_getiuservalue(L, 1, DATABASE_PLACES) == LUA_TTABLE)
        return;
    lua_pop(L, 1);
    lua_createtable(L, FIRST_FUNCTION + 4, 0);
    database->host = host_of(L);
    database->caller = lua_newthread(L);
    lua_pushcfunction(database->caller, error_handler);
    lua_pushnil(database->caller);
    lua_pushnil(database->caller);
    lua_rawseti(L, -2, THREAD);
    lua_newtable(L);
    lua_rawseti(L, -2, GROUPS);
    lua_pushboolean(L, false);
    lua_rawseti(L, -2, RAISED);
    remember_places(L, database);
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, 1, DATABASE_PLACES);
}

static void check_name(lua_State *L, const char *name)
{
    size_t size = strlen(name);
    bool good = size > 0 && (isalpha((unsigned char)name[0]) || name[0] == '_');

    for (size_t i = 0; i < size && good; i++)
        good = isalnum((unsigned char)name[i]) || name[i] == '_';
    if (!good)
        raise_error(L, DK_USAGE, "use letters, digits and _", "db:define: \"%s\" cannot be called in SQL", name);
    if (size > DB_FUNCTION_NAME_MAX)
        raise_error(L, DK_USAGE, NULL, "db:define: a name has at most %d characters", DB_FUNCTION_NAME_MAX);
}

/* The options in the table at index 4: {arguments = integer, deterministic = boolean}. */
static void read_options(lua_State *L, struct db_function *function)
{
    if (lua_isnil(L, 4))
        return;
    luaL_checktype(L, 4, LUA_TTABLE);
    lua_pushnil(L);
    while (lua_next(L, 4) != 0) {
        const char *name = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "";

        if (strcmp(name, "deterministic") == 0 && lua_isboolean(L, -1)) {
            function->deterministic = lua_toboolean(L, -1);
        } else if (strcmp(name, "arguments") == 0 && lua_isinteger(L, -1) && lua_tointeger(L, -1) >= 0 &&
                   lua_tointeger(L, -1) <= DB_ARGUMENTS_MAX) {
            function->arguments = (int)lua_tointeger(L, -1);
        } else {
            lua_pushvalue(L, -2);
            raise_error(L, DK_USAGE, "options: arguments = 0 to 100, deterministic = true or false",
                        "db:define: unknown option, or wrong value, for \"%s\"", luaL_tolstring(L, -1, NULL));
        }
        lua_pop(L, 1);
    }
}

/* Pushes field `name` of the aggregate at index 3: a function, or nil where it may be missing. */
static void push_part(lua_State *L, const char *name, bool required)
{
    int type = lua_getfield(L, 3, name);

    if (type != LUA_TFUNCTION && (required || type != LUA_TNIL))
        raise_error(L, DK_USAGE, "an aggregate is {start = function, step = function, finish = function}; start and finish "
                                 "may be left out",
                    "db:define: %s must be a function, not %s", name, luaL_typename(L, -1));
}

static int database_define(lua_State *L)
{
    struct database *database = check_database(L, 1);
    const char *name = luaL_checkstring(L, 2);
    struct db_function function = {.name = name, .arguments = -1, .release = release};
    int type = lua_type(L, 3), parts;
    struct definition *definition;
    struct dk_error err;

    check_name(L, name);
    if (type != LUA_TFUNCTION && type != LUA_TTABLE)
        return raise_error(L, DK_USAGE, "give a function, or {start =, step =, finish =} for an aggregate",
                           "db:define: \"%s\" must be a function, not %s", name, luaL_typename(L, 3));
    lua_settop(L, 4);
    read_options(L, &function);
    if (database->running > 0)
        return raise_error(L, DK_USAGE, "define it before the query",
                           "db:define: a function that a query calls cannot define another");
    prepare_places(L, database);
    if (type == LUA_TFUNCTION) {
        function.call = on_call;
        lua_pushvalue(L, 3);
    } else {
        function.step = on_step;
        function.finish = on_finish;
        push_part(L, "start", false);
        push_part(L, "step", true);
        push_part(L, "finish", false);
    }
    parts = lua_gettop(L) - 5;
    /* Room for a call at the base as well. */
    if (!lua_checkstack(database->caller, parts + DB_ARGUMENTS_MAX + 10))
        return raise_error(L, DK_USAGE, NULL, "db:define: too many functions");
    definition = lua_newuserdatauv(L, sizeof *definition, 0); /* kept with the functions */
    lua_insert(L, 6);
    memset(definition, 0, sizeof *definition);
    definition->database = database;
    definition->place = (int)lua_rawlen(L, 5) + 2;
    memcpy(definition->name, name, strlen(name));
    function.context = definition;
    for (int i = 0; i <= parts; i++) {
        if (lua_isnil(L, 6 + i)) { /* a list has no holes */
            lua_pushboolean(L, false);
            lua_replace(L, 6 + i);
        }
        lua_pushvalue(L, 6 + i);
        lua_rawseti(L, 5, definition->place - 1 + i);
    }
    lua_xmove(L, database->caller, parts + 1);
    if (db_define(database->db, &function, &err) != DK_OK)
        return raise_status(L, &err);
    return 0;
}

void define_register(lua_State *L)
{
    static const luaL_Reg methods[] = {{"define", database_define}, {NULL, NULL}};

    type_extend(L, DATABASE_TYPE, methods);
}
