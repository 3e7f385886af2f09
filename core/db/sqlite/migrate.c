#include "db/sqlite/migrate.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/list.h"
#include "db/bulk.h"
#include "db/declared.h"
#include "db/sqlite/dialect.h"
#include "model/history.h"
#include "model/model.h"

/* What a query gives, a text a row. */
struct texts {
    char **text;
    size_t count, capacity;
};

static void texts_free(struct texts *texts)
{
    for (size_t i = 0; i < texts->count; i++)
        free(texts->text[i]);
    free(texts->text);
}

static dk_status ask(struct db *db, struct texts *out, struct dk_error *err, const char *sql)
{
    struct db_statement *statement = NULL;
    struct db_value value[1];
    bool row = false;
    dk_status status = db_prepare(db, sql, strlen(sql), &statement, err);

    while (status == DK_OK && (status = db_step(statement, value, &row, err)) == DK_OK && row) {
        char *text = dk_alloc(value->text.size + 1);

        memcpy(text, value->text.bytes, value->text.size);
        text[value->text.size] = '\0';
        out->text = dk_list_grow(out->text, out->count, &out->capacity, sizeof *out->text);
        out->text[out->count++] = text;
    }
    db_finish(statement);
    return status;
}

static bool has(const struct texts *texts, const char *name)
{
    for (size_t i = 0; i < texts->count; i++)
        if (strcmp(texts->text[i], name) == 0)
            return true;
    return false;
}

static dk_status run_buffer(struct db *db, struct dk_buffer *sql, struct dk_error *err)
{
    dk_status status = sql->size > 0 ? db_run(db, sql->bytes, err) : DK_OK;

    dk_buffer_free(sql);
    return status;
}

/* How a column is filled: by a step, by the old column of its name, or NULL, which leaves it without a value. */
static const char *value_of(const char *table, const char *column, int version, const struct texts *old)
{
    const char *value = has(old, column) ? column : NULL;

    for (const struct model_step *step = model_steps; step->table != NULL; step++)
        if (step->version > version && strcmp(step->table, table) == 0 && strcmp(step->column, column) == 0)
            value = step->value;
    return value;
}

/* Columns that somebody has added to a table of the model are added to the new one, too. */
static dk_status add_own_columns(struct db *db, const char *table, struct dk_error *err)
{
    struct texts added = {0};
    struct dk_buffer sql = {0};
    dk_status status;

    dk_buffer_format(&sql,
                     "SELECT 'ALTER TABLE main.%s ADD COLUMN ' || quote(name) || ' ' || type FROM pragma_table_info('%s', "
                     "'old') WHERE name NOT IN (SELECT name FROM pragma_table_info('%s', 'main'))",
                     table, table, table);
    status = ask(db, &added, err, sql.bytes);
    dk_buffer_free(&sql);
    for (size_t i = 0; i < added.count && status == DK_OK; i++)
        status = db_run(db, added.text[i], err);
    texts_free(&added);
    return status;
}

static dk_status columns_of(struct db *db, const char *table, const char *schema, struct texts *out, struct dk_error *err)
{
    struct dk_buffer sql = {0};
    dk_status status;

    dk_buffer_format(&sql, "SELECT name FROM pragma_table_info('%s', '%s')", table, schema);
    status = ask(db, out, err, sql.bytes);
    dk_buffer_free(&sql);
    return status;
}

/* The records of a table of the model; rows keep their numbers, which the full-text indexes of old know them by. */
static dk_status copy_entity(struct db *db, const struct model_entity *entity, int version, struct dk_error *err)
{
    struct texts old = {0}, columns = {0};
    struct dk_buffer into = {0}, from = {0};
    dk_status status = columns_of(db, entity->name, "old", &old, err);

    if (status != DK_OK || old.count == 0) /* a table that came later */
        goto done;
    status = add_own_columns(db, entity->name, err);
    if (status == DK_OK)
        status = columns_of(db, entity->name, "main", &columns, err);
    dk_buffer_format(&into, "INSERT INTO main.%s (%s", entity->name, entity->clustered ? "" : "rowid, ");
    dk_buffer_text(&from, entity->clustered ? "" : "rowid, ");
    for (size_t i = 0; i < columns.count && status == DK_OK; i++) {
        const char *value = value_of(entity->name, columns.text[i], version, &old);

        if (value == NULL)
            continue;
        dk_buffer_format(&into, "\"%s\", ", columns.text[i]);
        dk_buffer_format(&from, value == columns.text[i] ? "\"%s\", " : "%s, ", value);
    }
    into.size -= 2;
    from.size -= 2;
    dk_buffer_add(&into, ") SELECT ", 9);
    dk_buffer_add(&into, from.bytes, from.size);
    dk_buffer_format(&into, " FROM old.%s", entity->name);
    if (!entity->clustered)
        dk_buffer_text(&into, " ORDER BY rowid");
    if (status == DK_OK)
        status = db_run(db, into.bytes, err);
done:
    dk_buffer_free(&into);
    dk_buffer_free(&from);
    texts_free(&old);
    texts_free(&columns);
    return status;
}

/* What else stands in the old database and has no namesake in the new one. */
#define OWN "NOT EXISTS (SELECT 1 FROM main.sqlite_schema AS m WHERE m.name = o.name) ORDER BY o.rowid"
#define NAME "\"' || replace(o.name, '\"', '\"\"') || '\""

/* Tables that somebody has made, with their rows; those in which virtual tables keep theirs come with these. */
static const char own_tables[] =
    "SELECT o.sql || '; INSERT INTO main." NAME " SELECT * FROM old." NAME "' FROM old.sqlite_schema AS o "
    "JOIN pragma_table_list AS l ON l.schema = 'old' AND l.name = o.name AND l.type IN ('table', 'virtual') "
    "WHERE o.type = 'table' AND o.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND " OWN;
static const char own_others[] =
    "SELECT o.sql FROM old.sqlite_schema AS o WHERE o.type <> 'table' AND o.sql IS NOT NULL AND " OWN;

/* Runs every statement that the query gives. */
static dk_status run_all(struct db *db, const char *query, struct dk_error *err)
{
    struct texts statements = {0};
    dk_status status = ask(db, &statements, err, query);

    for (size_t i = 0; i < statements.count && status == DK_OK; i++)
        status = db_run(db, statements.text[i], err);
    texts_free(&statements);
    return status;
}

/* The model of the old database: its declared tables are carried over like the others. */
static dk_status take_model(struct db *db, const struct model **out, struct dk_error *err)
{
    struct texts columns = {0};
    struct model *model = NULL;
    dk_status status = columns_of(db, model_entities()[MODEL_DECLARED_VALUE].name, "old", &columns, err);

    if (status == DK_OK && columns.count > 0)
        status = db_read_model(db, "old.", &model, err);
    texts_free(&columns);
    db_give_model(db, model);
    *out = model;
    return status;
}

static dk_status copy(struct db *db, int version, struct dk_error *err)
{
    struct dk_buffer sql = {0};
    const struct model *model;

    if (take_model(db, &model, err) != DK_OK || db_make(db, model, DB_ALL & ~(DB_VIEWS | DB_TRIGGERS), err) != DK_OK)
        return DK_ERROR;
    for (size_t i = 0; i < model_count(model); i++)
        if (copy_entity(db, model_at(model, i), version, err) != DK_OK)
            return DK_ERROR;
    sqlite_fill_full_text(&sql);
    dk_buffer_format(&sql, "UPDATE main.meta SET value = '%d' WHERE key = 'schema_version'", MODEL_VERSION);
    if (run_buffer(db, &sql, err) != DK_OK || db_make(db, model, DB_VIEWS | DB_TRIGGERS, err) != DK_OK)
        return DK_ERROR;
    return run_all(db, own_tables, err) == DK_OK && run_all(db, own_others, err) == DK_OK ? DK_OK : DK_ERROR;
}

dk_status migrate_from_old(struct db *db, int version, struct dk_error *err)
{
    dk_status status;

    if (db_bulk_begin(db, MODEL_APPLICATION, MODEL_VERSION, err) != DK_OK)
        return DK_ERROR;
    status = copy(db, version, err);
    return db_bulk_end(db, status == DK_OK, status == DK_OK ? err : NULL) == DK_OK ? status : DK_ERROR;
}
