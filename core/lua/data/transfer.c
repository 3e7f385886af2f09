/* Rows of one database into a table of another, without Lua values in between. */
#include <string.h>

#include "db/bulk.h"
#include "lua/binding.h"
#include "lua/data/data.h"
#include "lua/parts.h"

/* Steps the result to its end; what Lua has to do with it waits until the writer is closed. */
static dk_status write_all(struct result *result, struct db_writer *writer, lua_Integer *count, struct dk_error *err)
{
    bool row = true;

    while (result_step(result, result->value, &row, err) == DK_OK) {
        if (!row)
            return DK_OK;
        if (db_writer_row(writer, result->value, err) != DK_OK)
            return DK_ERROR;
        ++*count;
    }
    return DK_ERROR;
}

/* core.transfer(result, database, table) -> how many. The columns of the result are named as those of the table are; the
 * result is of another database, which does nothing else meanwhile. */
static int core_transfer(lua_State *L)
{
    struct result *result = check_open_result(L, 1);
    struct database *database = check_database(L, 2);
    const char *table = luaL_checkstring(L, 3);
    const char **column = lua_newuserdatauv(L, (size_t)(result->columns + 1) * sizeof *column, 0);
    struct db_writer *writer = NULL;
    struct dk_error err;
    lua_Integer count = 0;
    dk_status status;

    if (result->statement == NULL || result->database == database)
        return luaL_error(L, "a result that is open, and of another database, is wanted");
    check_not_stepping(L, result);
    for (int i = 0; i < result->columns; i++)
        column[i] = db_column_name(result->statement, i);
    status = db_writer_open(database->db, table, column, (size_t)result->columns, &writer, &err);
    if (status == DK_OK) {
        status = write_all(result, writer, &count, &err);
        if (db_writer_close(writer, status == DK_OK, status == DK_OK ? &err : NULL) != DK_OK)
            status = DK_ERROR;
    }
    result_close(result);
    if (status != DK_OK)
        return raise_status(L, &err);
    lua_pushinteger(L, count);
    return 1;
}

void transfer_register(lua_State *L)
{
    lua_pushcfunction(L, core_transfer);
    lua_setfield(L, -2, "transfer");
}
