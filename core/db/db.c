#include "db/db.h"

#include <string.h>

#include "db/driver.h"
#include "model/declared.h"

void db_close(struct db *db)
{
    if (db == NULL)
        return;
    model_free(db->model);
    db->driver->close(db);
}

bool db_can(const struct db *db, enum db_capability capability)
{
    return (db->driver->capabilities & (unsigned)capability) != 0;
}

bool db_writable(const struct db *db)
{
    return db->writable;
}

const char *db_path(const struct db *db)
{
    return db->path;
}

dk_status db_restrict(struct db *db, struct dk_error *err)
{
    return db->driver->restrict_to_data(db, err);
}

dk_status db_make_read_only(struct db *db, struct dk_error *err)
{
    return db->driver->make_read_only(db, err);
}

void db_on_progress(struct db *db, bool (*check)(void *context), void *context)
{
    db->driver->on_progress(db, check, context);
}

dk_status db_limit_time(struct db *db, double seconds, struct dk_error *err)
{
    return db->driver->limit_time != NULL ? db->driver->limit_time(db, seconds, err) : DK_OK;
}

dk_status db_snapshot(struct db *db, const char *path, struct dk_error *err)
{
    if (!db_can(db, DB_SNAPSHOT)) {
        dk_fail(err, DK_USAGE, "a database on %s cannot be kept as it is", db->driver->name);
        dk_hint(err, "`difkit copy --from ADDRESS --to FILE.db` makes a database file of it");
        return DK_ERROR;
    }
    return db->driver->snapshot(db, path, err);
}

dk_status db_define(struct db *db, const struct db_function *function, struct dk_error *err)
{
    if (!db_can(db, DB_DEFINE)) {
        function->release(function->context);
        dk_fail(err, DK_USAGE, "%s cannot call functions of a script", db->driver->name);
        dk_hint(err, "compute it on the rows in Lua, or copy the data into a file: `difkit copy --from … --to FILE.db`");
        return DK_ERROR;
    }
    return db->driver->define(db, function, err);
}

dk_status db_make(struct db *db, const struct model *model, unsigned parts, struct dk_error *err)
{
    struct dk_buffer sql = {0};
    dk_status status;

    db->driver->ddl(&sql, model, parts);
    status = db_run(db, sql.bytes != NULL ? sql.bytes : "", err);
    dk_buffer_free(&sql);
    return status;
}

const char *db_sql(const struct db *db, enum db_sql what)
{
    return db->driver->sql[what];
}

dk_status db_run(struct db *db, const char *sql, struct dk_error *err)
{
    return db->driver->run(db, sql, err);
}

int64_t db_changes(const struct db *db)
{
    return db->driver->changes(db);
}

dk_status db_prepare(struct db *db, const char *sql, size_t size, struct db_statement **out, struct dk_error *err)
{
    *out = NULL;
    return db->driver->prepare(db, sql, size, out, err);
}

void db_finish(struct db_statement *statement)
{
    if (statement != NULL)
        statement->driver->finish(statement);
}

int db_parameter_count(const struct db_statement *statement)
{
    return statement->driver->parameter_count(statement);
}

const char *db_parameter_name(const struct db_statement *statement, int index)
{
    return statement->driver->parameter_name(statement, index);
}

int db_parameter_index(const struct db_statement *statement, const char *name)
{
    int count = db_parameter_count(statement);

    for (int index = 1; index <= count; index++) {
        const char *known = db_parameter_name(statement, index);

        if (known != NULL && strcmp(known, name) == 0)
            return index;
    }
    return 0;
}

dk_status db_bind(struct db_statement *statement, int index, const struct db_value *value, bool borrowed,
                  struct dk_error *err)
{
    return statement->driver->bind(statement, index, value, borrowed, err);
}

void db_reset(struct db_statement *statement)
{
    statement->driver->reset(statement);
}

int db_column_count(const struct db_statement *statement)
{
    return statement->driver->column_count(statement);
}

const char *db_column_name(const struct db_statement *statement, int column)
{
    return statement->driver->column_name(statement, column);
}

const char *db_column_table(const struct db_statement *statement, int column)
{
    return statement->driver->column_table(statement, column);
}

dk_status db_step(struct db_statement *statement, struct db_value *values, bool *row, struct dk_error *err)
{
    return statement->driver->step(statement, values, row, err);
}
