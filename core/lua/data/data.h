/* Databases and results as Lua values: what the files of this wing share. */
#ifndef DIFKIT_LUA_DATA_DATA_H
#define DIFKIT_LUA_DATA_DATA_H

#include "db/db.h"
#include "lua/binding.h"

struct host;

#define DATABASE_TYPE "difkit.Database"
#define RESULT_TYPE "difkit.Result"
#define COLUMN_TYPE "difkit.Column"
#define ROW_TYPE "difkit.Row"

struct result;

struct database {
    struct db *db; /* NULL when closed */
    struct result *first; /* its open results */
    struct host *host;    /* of the run; set with caller */
    lua_State *caller;    /* calls the functions of SQL that a script defined; NULL until there are any */
    int running;          /* statements being stepped, one within the other */
    const char *failed;   /* name of the one that raised; what it raised waits to be raised again. NULL: none */
};

/* The user value of a database: what define.c keeps. */
enum { DATABASE_PLACES = 1, DATABASE_USER_VALUES = DATABASE_PLACES };

/* The user values of a result. */
enum { RESULT_DATABASE = 1, RESULT_NAMES, RESULT_ROW, RESULT_VALUES, RESULT_USER_VALUES = RESULT_VALUES };

struct result {
    struct database *database; /* NULL when closed or expired */
    struct result *previous, *next;
    struct db_statement *statement; /* NULL when closed */
    bool expired;                   /* the database was closed under it */
    bool stepping;                  /* its statement runs, and has called a function of the script */
    int columns;
    struct db_value *value; /* the current row; the memory belongs to Lua */
};

/* The open database at that index; raises when it is closed. */
struct database *check_database(lua_State *L, int index);
/* Finishes a result's statement and takes it off its database. */
void result_close(struct result *result);
/* Steps the statement. After a failure raise_query() raises what went wrong. */
dk_status result_step(struct result *result, struct db_value *values, bool *row, struct dk_error *err);
/* Raises what a function of the script raised while a statement ran, else what the database reported. */
int raise_query(lua_State *L, struct database *database, const struct dk_error *err);
/* Advances; false at the end, when the statement is finished. Raises what goes wrong. */
bool result_advance(lua_State *L, struct result *result);
struct result *check_open_result(lua_State *L, int index);
/* Raises when the statement is running: a function that it calls must not pull it out from under it. */
void check_not_stepping(lua_State *L, const struct result *result);
/* Reads the Lua value at `index` into `value`; text stays owned by Lua. False when SQL has no such type. */
bool read_value(lua_State *L, int index, struct db_value *value);
/* Pushes a column's value: integer, float, string, or nil. */
void push_value(lua_State *L, const struct db_value *value);

#endif
