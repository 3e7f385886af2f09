/* Columns of observations into a matrix by several readers of one database file, each with a connection of its own: as many
 * as the machine has cores, or as were asked for. The columns are shared out one by one, and each is filled by one reader,
 * so that the result is the same with any number of them.
 *
 * All read one state: the database that is open here begins to read first, and goes on until all have read. Nobody can
 * commit a change to the file meanwhile; where the file has a journal in which somebody could, there is one reader. */
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "lua/data/data.h"
#include "lua/host/access.h"
#include "lua/index/load.h"
#include "lua/index/shared.h"
#include "lua/parts.h"

enum { READERS_MAX = 16, PERIODS_MAX = 8 };

/* What the readers share; what they change is theirs by column. */
struct job {
    const char *path;
    const char *sql;
    const char *const *indicator;
    const struct db_value *more; /* values behind that of the indicator */
    size_t more_count, count;
    const struct load_names *units, *periods;
    struct matrix *matrix;
    size_t *infinite; /* by column */
    atomic_size_t next;
    atomic_bool stop;
};

struct reader {
    struct job *job;
    struct db *db; /* borrowed, or NULL: the reader opens its own */
    bool (*check)(void *context);
    void *context;
    dk_status status;
    struct dk_error err;
};

static bool is_stopped(void *context)
{
    return atomic_load(&((struct job *)context)->stop);
}

static dk_status read_column(struct db_statement *statement, struct job *job, size_t column, struct dk_error *err)
{
    struct load_names units = *job->units, periods = *job->periods; /* with a memory of its own for what came last */
    struct db_value value[4] = {{.type = DB_TEXT}};
    bool row = true;

    value[0].text.bytes = job->indicator[column];
    value[0].text.size = strlen(job->indicator[column]);
    if (db_bind(statement, 1, &value[0], true, err) != DK_OK)
        return DK_ERROR;
    for (size_t i = 0; i < job->more_count; i++)
        if (db_bind(statement, (int)i + 2, &job->more[i], true, err) != DK_OK)
            return DK_ERROR;
    while (db_step(statement, value, &row, err) == DK_OK) {
        if (!row) {
            db_reset(statement);
            return DK_OK;
        }
        job->infinite[column] += load_row_into(&units, &periods, value, job->matrix, column);
    }
    return DK_ERROR;
}

static dk_status read_columns(struct job *job, struct db *db, struct dk_error *err)
{
    struct db_statement *statement = NULL;
    dk_status status = db_prepare(db, job->sql, strlen(job->sql), &statement, err);
    size_t column;

    while (status == DK_OK && !atomic_load(&job->stop) && (column = atomic_fetch_add(&job->next, 1)) < job->count)
        status = read_column(statement, job, column, err);
    db_finish(statement);
    if (status != DK_OK)
        atomic_store(&job->stop, true);
    return status;
}

static void *run_reader(void *argument)
{
    struct reader *reader = argument;
    struct job *job = reader->job;
    struct db *db = NULL;

    reader->status = db_open(job->path, DB_READ, &db, &reader->err);
    if (reader->status == DK_OK) {
        db_on_progress(db, is_stopped, job);
        reader->status = read_columns(job, db, &reader->err);
    }
    db_close(db);
    return NULL;
}

/* How many readers there shall be: one a core, where the file lets nobody write while somebody reads. */
static size_t choose_readers(const struct db *db, size_t wanted, size_t columns)
{
    const char *path = db_path(db);
    struct dk_buffer wal = {0};
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    size_t count = wanted > 0 ? wanted : cores > 0 ? (size_t)cores : 1;
    bool shared;

    dk_buffer_format(&wal, "%s-wal", path);
    shared = path[0] != ':' && path[0] != '@' && !db_is_server(path) && !db_writable(db) && access(path, R_OK) == 0 &&
             access(wal.bytes, F_OK) != 0;
    dk_buffer_free(&wal);
    count = count > READERS_MAX ? READERS_MAX : count;
    return !shared ? 1 : count > columns ? columns : count;
}

/* Reads with the connection of `db` and `count` - 1 others. */
static dk_status read_all(struct job *job, struct database *database, size_t count, struct dk_error *err)
{
    struct reader reader[READERS_MAX];
    pthread_t handle[READERS_MAX];
    size_t begun = 0;
    dk_status status = db_run(database->db, "SAVEPOINT difkit_columns; SELECT count(*) FROM meta", err);

    if (status != DK_OK)
        return DK_ERROR;
    for (size_t i = 0; i + 1 < count; i++) {
        reader[i] = (struct reader){.job = job};
        if (pthread_create(&handle[i], NULL, run_reader, &reader[i]) != 0)
            break; /* fewer do */
        begun++;
    }
    database->running++;
    status = read_columns(job, database->db, err);
    database->running--;
    for (size_t i = 0; i < begun; i++) {
        pthread_join(handle[i], NULL);
        if (reader[i].status != DK_OK && status == DK_OK) {
            status = DK_ERROR;
            *err = reader[i].err;
        }
    }
    if (db_run(database->db, "RELEASE difkit_columns", status == DK_OK ? err : NULL) != DK_OK)
        status = DK_ERROR;
    return status;
}

/* columns(database, matrix, names, indicators, sql, values, threads) -> false, or a list: how many infinite values of each
 * indicator were left out. The SQL gives unit, period, value and flag for an indicator and the values, which are texts.
 * False: there is one reader, and the caller is it. */
static int index_columns(lua_State *L)
{
    struct database *database = check_database(L, 1);
    struct job job = {.matrix = matrix_check(L, 2), .sql = luaL_checkstring(L, 5)};
    struct db_value more[PERIODS_MAX];
    struct dk_error err;
    const char **indicator;
    size_t count;

    load_check_names(L, 3, &job.units, &job.periods);
    job.count = (size_t)lua_rawlen(L, 4);
    job.more_count = (size_t)lua_rawlen(L, 6);
    count = choose_readers(database->db, (size_t)luaL_optinteger(L, 7, 0), job.count);
    if (count < 2 || job.more_count > PERIODS_MAX || database->caller != NULL) {
        lua_pushboolean(L, 0);
        return 1;
    }
    if (job.count > job.matrix->columns || job.units->count * job.periods->count != job.matrix->rows)
        return raise_error(L, DK_USAGE, NULL, "the names do not fit the matrix");
    indicator = lua_newuserdatauv(L, (job.count + 1) * sizeof *indicator, 0);
    job.infinite = lua_newuserdatauv(L, (job.count + 1) * sizeof *job.infinite, 0);
    memset(job.infinite, 0, (job.count + 1) * sizeof *job.infinite);
    for (size_t i = 0; i < job.count; i++) {
        lua_rawgeti(L, 4, (lua_Integer)i + 1);
        indicator[i] = luaL_checkstring(L, -1); /* which the list keeps */
        lua_pop(L, 1);
    }
    for (size_t i = 0; i < job.more_count; i++) {
        lua_rawgeti(L, 6, (lua_Integer)i + 1);
        if (!read_value(L, lua_gettop(L), &more[i]))
            return luaL_error(L, "a value of SQL is wanted");
        lua_pop(L, 1);
    }
    job.indicator = indicator;
    job.more = more;
    job.path = db_path(database->db);
    if (read_all(&job, database, count, &err) != DK_OK)
        return raise_query(L, database, &err);
    lua_createtable(L, (int)job.count, 0);
    for (size_t i = 0; i < job.count; i++) {
        lua_pushinteger(L, (lua_Integer)job.infinite[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

void index_columns_register(lua_State *L)
{
    lua_pushcfunction(L, index_columns);
    lua_setfield(L, -2, "columns");
}
