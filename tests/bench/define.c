/* Functions of a script called from SQL: db:define() against the same Lua function called by the least C that can do it
 * (sqlite3_create_function and lua_pcall, nothing checked), and against Python's sqlite3.create_function.
 *
 * Prints the median of several rounds, in nanoseconds a call, and ratios within the same round. A million rows in a
 * temporary file. Marks: at most 1.5 x the bare C, at least 2 x faster than Python. */
#define _POSIX_C_SOURCE 200809L

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <sqlite3.h>

#include "database.h"
#include "lua/host/run.h"

enum { ROWS = 1000000, ROUNDS = 5, CASES = 2, PEERS = 3 };

static const char sql_make[] = "CREATE TABLE row(count INTEGER, text TEXT);"
                               "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 1000000) "
                               "INSERT INTO row SELECT i, 'an action, number ' || i FROM c;";

/* A number from a number, and a number from a text. */
static const char *const queries[CASES] = {"SELECT sum(twice(count)) FROM row", "SELECT sum(size(text)) FROM row"};
static const char *const names[CASES] = {"number", "text"};
static const char *const peers[PEERS] = {"bare C", "db:define", "Python"};

static const char functions[] = "return function(x) return x * 2 + 1 end, function(text) return #text end";

static const char script[] = "local core, path, twice, size = require 'difkit.core', ...\n"
                             "local db = assert(core.open_file(path))\n"
                             "db:define('twice', twice)\n"
                             "db:define('size', size)\n"
                             "return function(sql) return db:query(sql):value() end\n";

static const char python[] =
    "import sqlite3, sys, time\n"
    "db = sqlite3.connect(sys.argv[1])\n"
    "db.create_function('twice', 1, lambda x: x * 2 + 1)\n"
    "db.create_function('size', 1, lambda text: len(text))\n"
    "for sql in sys.argv[2:]:\n"
    "    begin = time.process_time()\n"
    "    value = db.execute(sql).fetchone()[0]\n"
    "    print(time.process_time() - begin, value)\n";

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static void stop(const char *what)
{
    fprintf(stderr, "define: %s\n", what);
    exit(EXIT_FAILURE);
}

/* The bare prototype: the Lua function is the upvalue at `place` of the stack. */
struct bare {
    lua_State *L;
    int place;
};

static void call_bare(sqlite3_context *context, int count, sqlite3_value **values)
{
    const struct bare *bare = sqlite3_user_data(context);
    lua_State *L = bare->L;

    (void)count;
    lua_pushvalue(L, bare->place);
    if (sqlite3_value_type(values[0]) == SQLITE_INTEGER)
        lua_pushinteger(L, sqlite3_value_int64(values[0]));
    else
        lua_pushlstring(L, (const char *)sqlite3_value_text(values[0]), (size_t)sqlite3_value_bytes(values[0]));
    if (lua_pcall(L, 1, 1, 0) != LUA_OK)
        sqlite3_result_error(context, lua_tostring(L, -1), -1);
    else
        sqlite3_result_int64(context, lua_tointeger(L, -1));
    lua_pop(L, 1);
}

static long long expected(int index)
{
    static const long long sum = (long long)ROWS * (ROWS + 1) + ROWS;
    /* 18 characters and the digits of 1 to 1,000,000, of which there are 5,888,896. */
    return index == 0 ? sum : 18LL * ROWS + 5888896;
}

static void check(int index, long long value)
{
    if (value != expected(index))
        stop("a function gave another sum than it should");
}

static double ask_bare(sqlite3 *db, int index)
{
    sqlite3_stmt *statement;
    double begin = now();

    if (sqlite3_prepare_v2(db, queries[index], -1, &statement, NULL) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW)
        stop(sqlite3_errmsg(db));
    check(index, sqlite3_column_int64(statement, 0));
    sqlite3_finalize(statement);
    return now() - begin;
}

static double ask_difkit(lua_State *L, int index)
{
    double begin = now();

    lua_pushvalue(L, 1);
    lua_pushstring(L, queries[index]);
    if (lua_pcall(L, 1, 1, 0) != LUA_OK)
        stop(luaL_tolstring(L, -1, NULL));
    check(index, lua_tointeger(L, -1));
    lua_pop(L, 1);
    return now() - begin;
}

/* Seconds of both queries; false where there is no Python. */
static bool ask_python(const char *path, double *seconds)
{
    char command[4096];
    bool there = true;
    FILE *pipe;

    snprintf(command, sizeof command, "python3 -c \"%s\" %s '%s' '%s' 2>/dev/null", python, path, queries[0], queries[1]);
    pipe = popen(command, "r");
    for (int i = 0; i < CASES; i++) {
        long long value = 0;

        there = there && pipe != NULL && fscanf(pipe, "%lf %lld", &seconds[i], &value) == 2;
        if (there)
            check(i, value);
    }
    if (pipe != NULL)
        pclose(pipe);
    return there;
}

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;

    return (a > b) - (a < b);
}

static double median(double *values)
{
    qsort(values, ROUNDS, sizeof *values, compare);
    return values[ROUNDS / 2];
}

int main(void)
{
    static double time[CASES][PEERS][ROUNDS], ratio[CASES][PEERS][ROUNDS];
    char path[] = "/tmp/difkit-define-XXXXXX";
    struct host_options options = host_defaults();
    int descriptor = mkstemp(path);
    struct bare twice = {NULL, 1}, size = {NULL, 2};
    bool has_python = true;
    struct host *host;
    sqlite3 *db;
    lua_State *L;

    if (descriptor < 0)
        stop("cannot make a temporary file");
    close(descriptor);
    if (!make_database(path, sql_make))
        stop("no database to read");
    twice.L = size.L = luaL_newstate();
    luaL_openlibs(twice.L);
    if (luaL_dostring(twice.L, functions) != LUA_OK)
        stop(lua_tostring(twice.L, -1));
    sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);
    sqlite3_create_function(db, "twice", 1, SQLITE_UTF8, &twice, call_bare, NULL, NULL);
    sqlite3_create_function(db, "size", 1, SQLITE_UTF8, &size, call_bare, NULL, NULL);
    options.trust = true;
    host = host_new(&options);
    L = host_state(host);
    lua_settop(L, 0);
    if (luaL_loadstring(L, script) != LUA_OK ||
        (lua_pushstring(L, path), luaL_dostring(L, functions), lua_pcall(L, 3, 1, 0)) != LUA_OK)
        stop(luaL_tolstring(L, -1, NULL));
    for (int round = 0; round < ROUNDS; round++) {
        double seconds[CASES];

        for (int i = 0; i < CASES; i++) {
            time[i][0][round] = ask_bare(db, i);
            time[i][1][round] = ask_difkit(L, i);
        }
        has_python = has_python && ask_python(path, seconds);
        for (int i = 0; i < CASES; i++) {
            time[i][2][round] = has_python ? seconds[i] : 0;
            for (int peer = 0; peer < PEERS; peer++)
                ratio[i][peer][round] = time[i][peer][round] / time[i][0][round];
        }
    }
    printf("a Lua function called from SQL, %d rows, median of %d rounds\n", ROWS, ROUNDS);
    for (int i = 0; i < CASES; i++)
        for (int peer = 0; peer < (has_python ? PEERS : PEERS - 1); peer++)
            printf("  %-7s %-10s %5.0f ns a call   %.2f x bare\n", names[i], peers[peer],
                   median(time[i][peer]) * 1e9 / ROWS, median(ratio[i][peer]));
    sqlite3_close(db);
    lua_close(twice.L);
    host_free(host);
    unlink(path);
    return EXIT_SUCCESS;
}
