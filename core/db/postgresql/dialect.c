/* The model in the SQL of PostgreSQL. What are keys and indexes is made over finished rows: filling a keyed table takes
 * three times as long. Texts compare by their bytes, as they do in SQLite. */
#include <string.h>

#include "base/buffer.h"
#include "db/ddl.h"
#include "db/postgresql/connection.h"
#include "db/postgresql/words.h"
#include "model/model.h"

static const char *column_type(const struct model_field *field)
{
    switch (field->type) {
    case MODEL_INTEGER:
    case MODEL_YEAR:
        return "BIGINT";
    case MODEL_REAL:
        return "DOUBLE PRECISION";
    default:
        if (field->type == MODEL_ENUM && field->values != NULL && strchr("-0123456789", field->values[0].name[0]) != NULL)
            return "BIGINT";
        return "TEXT COLLATE \"C\"";
    }
}

/* In the order in which SQLite has them: those of the first version, origin, what came later. */
static void add_columns(struct dk_buffer *out, const struct model_entity *entity, bool later)
{
    for (size_t i = 0; i < entity->field_count; i++) {
        const struct model_field *field = &entity->fields[i];

        if ((field->since > entity->since) != later)
            continue;
        dk_buffer_format(out, "\n    %s %s", field->name, column_type(field));
        if (field->flags & MODEL_REQUIRED)
            dk_buffer_text(out, " NOT NULL");
        if (field->values != NULL)
            ddl_check(out, field);
        dk_buffer_text(out, ",");
    }
}

static void add_table(struct dk_buffer *out, const struct model_entity *entity)
{
    dk_buffer_format(out, "CREATE TABLE %s (", entity->name);
    add_columns(out, entity, false);
    if (model_name_of(entity) != MODEL_META)
        dk_buffer_text(out, "\n    origin TEXT COLLATE \"C\",");
    add_columns(out, entity, true);
    out->size--; /* the last comma */
    dk_buffer_text(out, "\n);\n");
}

static void add_primary_key(struct dk_buffer *out, const struct model_entity *entity)
{
    struct dk_buffer columns = {0};

    if (model_primary(&columns, entity) > 0)
        dk_buffer_format(out, "ALTER TABLE %s ADD PRIMARY KEY (%s);\n", entity->name, columns.bytes);
    dk_buffer_free(&columns);
}

static void add_foreign_keys(struct dk_buffer *out, const struct model *model, const struct model_entity *entity)
{
    for (size_t i = 0; i < entity->field_count; i++) {
        if (entity->fields[i].type != MODEL_REFERENCE)
            continue;
        dk_buffer_format(out, "ALTER TABLE %s ADD ", entity->name);
        ddl_foreign_key(out, model, &entity->fields[i]);
        dk_buffer_text(out, ";\n");
    }
}

void postgresql_ddl(struct dk_buffer *out, const struct model *model, unsigned parts)
{
    size_t count;
    const struct model_index *indexes = model_indexes(&count);

    for (size_t i = 0; i < model_count(model) && (parts & DB_TABLES); i++)
        add_table(out, model_at(model, i));
    for (size_t i = 0; i < model_count(model) && (parts & DB_UNIQUE); i++)
        add_primary_key(out, model_at(model, i));
    for (size_t i = 0; i < count; i++)
        if (parts & (indexes[i].loading ? DB_UNIQUE : DB_INDEXES))
            ddl_index(out, &indexes[i]);
    for (size_t i = 0; i < model_count(model) && (parts & DB_INDEXES); i++)
        add_foreign_keys(out, model, model_at(model, i));
    if (parts & DB_VIEWS)
        ddl_view(out);
    if (parts & DB_WORDS)
        words_ddl(out);
}
