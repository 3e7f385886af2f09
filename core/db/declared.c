/* The tables that a database declares for itself, read from its records of them once. */
#include "db/declared.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/list.h"
#include "db/driver.h"
#include "model/declared.h"

/* Records of declarations, as they are read. */
struct declarations {
    struct model_declaration *list;
    size_t count, capacity;
    struct dk_error *err; /* of the first that is refused */
    bool refused;
};

static void declarations_free(struct declarations *declarations)
{
    for (size_t i = 0; i < declarations->count; i++)
        for (size_t j = 0; j < MODEL_DECLARATION_VALUES; j++)
            free((void *)declarations->list[i].value[j]);
    free(declarations->list);
}

static char *text_of(const struct db_value *value)
{
    char *text;

    if (value->type != DB_TEXT)
        return NULL;
    text = memcpy(dk_alloc(value->text.size + 1), value->text.bytes, value->text.size);
    text[value->text.size] = '\0';
    return text;
}

/* The records of one of the four tables; `order` puts columns and values behind each other. */
static dk_status read_records(struct db *db, const char *schema, enum model_name name, const char *order,
                              struct declarations *out, struct dk_error *err)
{
    const struct model_entity *entity = model_at(NULL, name);
    struct db_value value[MODEL_DECLARATION_VALUES];
    struct db_statement *statement = NULL;
    struct dk_buffer sql = {0};
    bool row = false;
    dk_status status;

    dk_buffer_text(&sql, "SELECT ");
    model_columns(&sql, entity, false);
    dk_buffer_format(&sql, " FROM %s%s ORDER BY %s", schema, entity->name, order);
    status = db_prepare(db, sql.bytes, sql.size, &statement, err);
    while (status == DK_OK && (status = db_step(statement, value, &row, err)) == DK_OK && row) {
        struct model_declaration *declaration;

        out->list = dk_list_grow(out->list, out->count, &out->capacity, sizeof *out->list);
        declaration = &out->list[out->count++];
        memset(declaration, 0, sizeof *declaration);
        declaration->of = name;
        for (size_t i = 0; i < entity->field_count; i++) {
            declaration->value[i] = text_of(&value[i]);
            if (declaration->value[i] == NULL && (entity->fields[i].flags & MODEL_REQUIRED) &&
                entity->fields[i].type != MODEL_INTEGER) /* not in a database that difkit made */
                status = dk_fail(err, DK_IO, "the tables that the database declares are not in order: %s has no %s",
                                 entity->one, entity->fields[i].name);
        }
    }
    db_finish(statement);
    dk_buffer_free(&sql);
    return status;
}

static void refuse(void *context, size_t declaration, int field, struct dk_error *err)
{
    struct declarations *declarations = context;

    (void)declaration;
    (void)field;
    if (!declarations->refused && declarations->err != NULL)
        dk_fail(declarations->err, DK_IO, "the tables that the database declares are not in order: %.600s", err->message);
    declarations->refused = true;
}

dk_status db_read_model(struct db *db, const char *schema, struct model **out, struct dk_error *err)
{
    struct declarations declarations = {.err = err};
    const struct model_judge judge = {db_keeps_name, refuse, &declarations};
    dk_status status = DK_ERROR;

    *out = NULL;
    if (read_records(db, schema, MODEL_DECLARED_TABLE, "id", &declarations, err) == DK_OK &&
        read_records(db, schema, MODEL_DECLARED_COLUMN, "table_id, position", &declarations, err) == DK_OK &&
        read_records(db, schema, MODEL_DECLARED_KEY, "table_id, position", &declarations, err) == DK_OK &&
        read_records(db, schema, MODEL_DECLARED_VALUE, "table_id, column_id, position", &declarations, err) == DK_OK)
        status = DK_OK;
    if (status == DK_OK && declarations.count > 0)
        *out = model_declare(declarations.list, declarations.count, &judge);
    if (declarations.refused) {
        model_free(*out);
        *out = NULL;
        status = DK_ERROR;
    }
    declarations_free(&declarations);
    return status;
}

/* Whether the tables of declarations are there: not in a database that is being made. */
static dk_status find_declarations(struct db *db, bool *found, struct dk_error *err)
{
    const char *sql = db_sql(db, DB_SQL_HAS), *name = model_at(NULL, MODEL_DECLARED_VALUE)->name;
    struct db_value value = {.type = DB_TEXT, .text = {name, strlen(name)}};
    struct db_statement *statement = NULL;
    dk_status status = db_prepare(db, sql, strlen(sql), &statement, err);

    *found = false;
    if (status == DK_OK)
        status = db_bind(statement, 1, &value, true, err);
    if (status == DK_OK)
        status = db_step(statement, NULL, found, err);
    db_finish(statement);
    return status;
}

dk_status db_model(struct db *db, const struct model **out, struct dk_error *err)
{
    dk_status status = DK_OK;
    bool found = false;

    if (!db->model_known) {
        db->model_known = true; /* for the statements that read it */
        status = find_declarations(db, &found, err);
        if (status == DK_OK && found)
            status = db_read_model(db, "", &db->model, err);
        db->model_known = status == DK_OK;
    }
    *out = db->model;
    return status;
}

void db_give_model(struct db *db, struct model *model)
{
    model_free(db->model);
    db->model = model;
    db->model_known = true;
}
