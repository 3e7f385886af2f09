/* Row iteration: difkit's results against a bare loop of sqlite3_step over the same rows, and against LuaSQL.
 *
 * Prints the median of several rounds, in nanoseconds a row and as a ratio to the bare loop of the same round. A million
 * rows of four columns (text, integer, real, text), in a temporary file, opened with the same flags by all. */
#define _POSIX_C_SOURCE 200809L

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <lauxlib.h>
#include <lua.h>
#include <sqlite3.h>

#include "database.h"
#include "lua/host/run.h"

enum { ROWS = 1000000, ROUNDS = 7, CASES = 7, NUMBERS = 4 };

static const char sql_make[] =
    "CREATE TABLE row(id TEXT, count INTEGER, score REAL, text TEXT);"
    "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 1000000) "
    "INSERT INTO row SELECT 'DOC.T' || (i % 20) || '.' || i, i, i * 0.37, 'an action, number ' || i FROM c;";

/* Against the bare loop over all four columns; "columns(), numbers" against one over the two columns of numbers alone. */
static const char *const names[CASES] = {"bare C loop",   "positional rows",      "named rows",        "LuaSQL, named",
                                         "bare, numbers", "columns(), numbers", "columns(), all four"};

/* Each function reads all rows once and returns how many there were; in the order of the cases that are not bare loops. */
static const char script[] =
    "local core, path = require 'difkit.core', ...\n"
    "local sql = 'SELECT id, count, score, text FROM row'\n"
    "local db = assert(core.open_file(path))\n"
    "local has, luasql = pcall(require, 'luasql.sqlite3')\n"
    "local peer = has and luasql.sqlite3():connect(path)\n"
    "return function() local n = 0 for row in db:query(sql):rows() do if row[2] then n = n + 1 end end return n end,\n"
    "   function() local n = 0 for row in db:query(sql) do if row.count then n = n + 1 end end return n end,\n"
    "   peer and function()\n"
    "      local n, cursor = 0, peer:execute(sql)\n"
    "      local row = cursor:fetch({}, 'a')\n"
    "      while row do if row.count then n = n + 1 end row = cursor:fetch({}, 'a') end\n"
    "      return n\n"
    "   end or false,\n"
    "   function() return #db:query('SELECT count, score FROM row'):columns().count end,\n"
    "   function() return #db:query(sql):columns().count end\n";

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static void stop(const char *what)
{
    fprintf(stderr, "rows: %s\n", what);
    exit(EXIT_FAILURE);
}

static double read_bare(sqlite3 *db, bool text)
{
    sqlite3_stmt *statement;
    double begin = now(), sum = 0;
    int rows = 0;

    sqlite3_prepare_v2(db, text ? "SELECT count, score, id, text FROM row" : "SELECT count, score FROM row", -1, &statement,
                       NULL);
    for (; sqlite3_step(statement) == SQLITE_ROW; rows++) {
        sum += (double)sqlite3_column_int64(statement, 0) + sqlite3_column_double(statement, 1);
        if (!text)
            continue;
        sum += sqlite3_column_text(statement, 2)[0] + sqlite3_column_bytes(statement, 2);
        sum += sqlite3_column_text(statement, 3)[0] + sqlite3_column_bytes(statement, 3);
    }
    sqlite3_finalize(statement);
    if (rows != ROWS || sum <= 0)
        stop("the bare loop did not read all rows");
    return now() - begin;
}

static double read_lua(lua_State *L, int function)
{
    double begin;

    if (!lua_toboolean(L, function))
        return 0;
    lua_gc(L, LUA_GCCOLLECT);
    begin = now();
    lua_pushvalue(L, function);
    if (lua_pcall(L, 0, 1, 0) != LUA_OK)
        stop(luaL_tolstring(L, -1, NULL));
    if (lua_tointeger(L, -1) != ROWS)
        stop("a Lua loop did not read all rows");
    lua_pop(L, 1);
    return now() - begin;
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
    char path[] = "/tmp/difkit-rows-XXXXXX";
    struct host_options options = host_defaults();
    double time[CASES][ROUNDS], ratio[CASES][ROUNDS];
    int descriptor = mkstemp(path);
    struct host *host;
    sqlite3 *db;
    lua_State *L;

    if (descriptor < 0)
        stop("cannot make a temporary file");
    close(descriptor);
    if (!make_database(path, sql_make))
        stop("no database to read");
    options.trust = true;
    host = host_new(&options);
    L = host_state(host);
    lua_settop(L, 0);
    if (luaL_loadstring(L, script) != LUA_OK || (lua_pushstring(L, path), lua_pcall(L, 1, 5, 0)) != LUA_OK)
        stop(luaL_tolstring(L, -1, NULL));
    sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);
    for (int round = 0; round < ROUNDS; round++)
        for (int i = 0; i < CASES; i++) {
            bool bare = i == 0 || i == NUMBERS;

            time[i][round] = bare ? read_bare(db, i == 0) : read_lua(L, i < NUMBERS ? i : i - 1);
            ratio[i][round] = time[i][round] / time[i < NUMBERS || i == CASES - 1 ? 0 : NUMBERS][round];
        }
    printf("row iteration, %d rows of 4 columns, median of %d rounds\n", ROWS, ROUNDS);
    for (int i = 0; i < CASES; i++)
        if (time[i][0] > 0)
            printf("  %-20s %5.0f ns a row   %.2f x bare\n", names[i], median(time[i]) * 1e9 / ROWS, median(ratio[i]));
    sqlite3_close(db);
    host_free(host);
    unlink(path);
    return EXIT_SUCCESS;
}
