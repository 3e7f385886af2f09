/* What the files of the Lua binding share: how errors reach Lua, and who registers what.
 *
 * A Lua error is a longjmp. So whatever may raise owns nothing on the C heap that is not held by a userdata with __gc. */
#ifndef DIFKIT_LUA_BINDING_H
#define DIFKIT_LUA_BINDING_H

#include <lauxlib.h>
#include <lua.h>

#include "base/buffer.h"
#include "base/error.h"
#include "db/db.h"

struct host;

#define DATABASE_TYPE "difkit.Database"
#define RESULT_TYPE "difkit.Result"
#define COLUMN_TYPE "difkit.Column"
#define ROW_TYPE "difkit.Row"
#define ERROR_TYPE "difkit.Error"

/* Each adds its functions to the table on top of the stack (the module difkit.core). */
void error_register(lua_State *L);
void database_register(lua_State *L);
void open_register(lua_State *L);
void result_register(lua_State *L);
void column_register(lua_State *L);
void csv_register(lua_State *L);
void text_register(lua_State *L);
void files_register(lua_State *L);
void schema_register(lua_State *L);
void meter_register(lua_State *L);
void similarity_register(lua_State *L);
void host_register(lua_State *L);
void entry_register(lua_State *L);
void line_register(lua_State *L);
void history_register(lua_State *L);
void library_register(lua_State *L);
void snapshot_register(lua_State *L);
void index_register(lua_State *L);
void yaml_register(lua_State *L);
void render_register(lua_State *L);
void markdown_register(lua_State *L);
void xlsx_register(lua_State *L);
void xlsx_read_register(lua_State *L);
void silence_register(lua_State *L);

/* Errors (error.c) ---------------------------------------------------------------------------------------------- */

/* Raises an error value: {code, message, hint, where}; `hint` may be NULL. `where` is the nearest line of a user's script. */
int raise_error(lua_State *L, enum dk_code code, const char *hint, const char *format, ...) DK_PRINTF(4, 5);
/* Raises what a failed function of the core reported. */
int raise_status(lua_State *L, const struct dk_error *err);
/* Pushes nil, message, code: a condition of the world. Returns 3. */
int push_condition(lua_State *L, const struct dk_error *err);
/* Message handler for lua_pcall: makes an error value of anything, adds the datum concerned and a traceback. */
int error_handler(lua_State *L);
/* Whether a chunk belongs to the library rather than to a user. */
bool is_library_source(const char *source);

/* A buffer that Lua frees. Pushes the userdata that holds it; NULL bytes until something is added. */
struct dk_buffer *push_buffer(lua_State *L);

/* Databases and results ------------------------------------------------------------------------------------------ */


struct result;
struct host;

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
/* result:columns() (column.c) */
int result_columns(lua_State *L);
struct result *check_open_result(lua_State *L, int index);
/* Raises when the statement is running: a function that it calls must not pull it out from under it. */
void check_not_stepping(lua_State *L, const struct result *result);
/* Reads the Lua value at `index` into `value`; text stays owned by Lua. False when SQL has no such type. */
bool read_value(lua_State *L, int index, struct db_value *value);
/* db:define(name, function, options) (define.c) */
int database_define(lua_State *L);
/* Pushes a column's value: integer, float, string, or nil. */
void push_value(lua_State *L, const struct db_value *value);

/* The host (NULL in a plain Lua interpreter): the run's limits and what it may read and write. */
struct host *host_of(lua_State *L);
/* Whether Lua may still ask for so many bytes. */
bool host_has_memory(const struct host *host, size_t size);
/* Lets the run's limits reach into the database, and takes away what a script must not do. */
dk_status host_prepare_database(lua_State *L, struct db *db, struct dk_error *err);

/* The path that a script's `path` means for reading or writing, pushed as a string; what is refused is in err. */
dk_status files_resolve_read(lua_State *L, const char *path, struct dk_error *err);
dk_status files_resolve_write(lua_State *L, const char *path, struct dk_error *err);
/* The same for a file that is changed in place: one that the command line named, or one that may be written. */
dk_status files_resolve_change(lua_State *L, const char *path, struct dk_error *err);

#endif
