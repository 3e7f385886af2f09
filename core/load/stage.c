#include "load/stage.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

/* Beside the columns of the table: where the record stands, the layer of its file, and its number among those staged. */
static const char place_columns[] = "stage_file, stage_line, stage_column, stage_layer, stage_number";
enum {
    PLACE_COLUMNS = 5,
    ROW_MAX = MODEL_FIELDS_MAX + 1, /* the fields and origin */
    FIRST_COLUMNS = 2               /* what is asked about the first row of a key */
};

static dk_status make_stage(struct store *store, const struct model_entity *entity, struct dk_error *err)
{
    struct dk_buffer sql = {0};
    dk_status status;

    dk_buffer_text(&sql, "CREATE TEMP TABLE stage (");
    model_columns(&sql, entity, true);
    dk_buffer_format(&sql, ", %s INTEGER PRIMARY KEY)", place_columns); /* in the order of their numbers, then */
    status = db_run(store->db, sql.bytes, err);
    sql.size = 0;
    dk_buffer_text(&sql, "INSERT INTO stage VALUES (");
    for (size_t i = 0; i < entity->field_count + PLACE_COLUMNS; i++)
        dk_buffer_text(&sql, "?, ");
    dk_buffer_text(&sql, "?)");
    if (status == DK_OK)
        status = db_prepare(store->db, sql.bytes, sql.size, &store->stage, err);
    if (status == DK_OK)
        store->staged = entity;
    dk_buffer_free(&sql);
    return status;
}

dk_status stage_row(struct store *store, const struct row *row, struct dk_error *err)
{
    struct db_value place[PLACE_COLUMNS] = {{.type = DB_INTEGER, .integer = row->place.file},
                                            {.type = DB_INTEGER, .integer = row->place.line},
                                            {.type = DB_INTEGER, .integer = row->place.column},
                                            {.type = DB_INTEGER, .integer = store->layer(store->context, row->place.file)},
                                            {.type = DB_INTEGER, .integer = ++store->staged_rows}};
    bool more;

    if (store->stage == NULL && make_stage(store, model_at(store->model, row->entity), err) != DK_OK)
        return DK_ERROR;
    for (int i = 0; i < row->count + PLACE_COLUMNS; i++) {
        const struct db_value *value = i < row->count ? &row->value[i] : &place[i - row->count];

        if (db_bind(store->stage, i + 1, value, true, err) != DK_OK)
            return DK_ERROR;
    }
    if (db_step(store->stage, NULL, &more, err) != DK_OK)
        return DK_ERROR;
    db_reset(store->stage);
    return DK_OK;
}

static dk_status ask_number(struct store *store, const char *sql, int64_t *out, struct dk_error *err)
{
    struct db_statement *statement = NULL;
    struct db_value value = {0};
    bool row = false;
    dk_status status = db_prepare(store->db, sql, strlen(sql), &statement, err);

    if (status == DK_OK)
        status = db_step(statement, &value, &row, err);
    *out = row ? value.integer : 0;
    db_finish(statement);
    return status;
}

/* Rows of the stage whose key an earlier row of the same layer has, with the origin of the first. */
static dk_status tell_repeated(struct store *store, struct dk_error *err)
{
    const struct model_entity *entity = store->staged;
    const size_t count = entity->field_count + 1;
    struct db_value value[ROW_MAX + PLACE_COLUMNS + FIRST_COLUMNS];
    struct row *row = dk_alloc_zeroed(1, sizeof *row + count * sizeof row->value[0]);
    struct db_statement *statement = NULL;
    struct dk_buffer sql = {0};
    dk_status status;
    bool more = false;

    dk_buffer_text(&sql, "SELECT * FROM (SELECT ");
    model_columns(&sql, entity, true);
    dk_buffer_format(&sql, ", %s, first_value(origin) OVER key AS first_origin, row_number() OVER key AS number "
                           "FROM stage WINDOW key AS (PARTITION BY ", place_columns);
    model_order(&sql, entity);
    dk_buffer_text(&sql, ", stage_layer ORDER BY stage_number)) WHERE number > 1 ORDER BY stage_number");
    status = db_prepare(store->db, sql.bytes, sql.size, &statement, err);
    row->entity = (uint8_t)model_name_of(entity);
    row->count = (uint8_t)count;
    while (status == DK_OK && (status = db_step(statement, value, &more, err)) == DK_OK && more) {
        const struct db_value *origin = &value[count + PLACE_COLUMNS];
        char *first = dk_alloc(origin->text.size + 1);

        memcpy(first, origin->text.bytes, origin->text.size);
        first[origin->text.size] = '\0';
        memcpy(row->value, value, count * sizeof value[0]);
        row->place.file = (uint32_t)value[count].integer;
        row->place.line = (int32_t)value[count + 1].integer;
        row->place.column = (int32_t)value[count + 2].integer;
        (void)store->repeated(store->context, row, first);
        free(first);
    }
    db_finish(statement);
    dk_buffer_free(&sql);
    free(row);
    return status;
}

dk_status stage_finish(struct store *store, struct dk_error *err)
{
    const struct model_entity *entity = store->staged;
    struct dk_buffer sql = {0};
    int64_t staged = 0, moved = 0;
    dk_status status;

    if (entity == NULL)
        return DK_OK;
    db_finish(store->stage);
    store->stage = NULL;
    dk_buffer_format(&sql, "INSERT INTO %s (", entity->name);
    model_columns(&sql, entity, true);
    dk_buffer_text(&sql, ") SELECT ");
    model_columns(&sql, entity, true);
    dk_buffer_text(&sql, " FROM stage WHERE true ORDER BY ");
    model_order(&sql, entity);
    dk_buffer_text(&sql, ", stage_layer DESC, stage_number ON CONFLICT DO NOTHING");
    status = db_run(store->db, sql.bytes, err);
    moved = db_changes(store->db);
    if (status == DK_OK)
        status = ask_number(store, "SELECT count(*) FROM stage", &staged, err);
    if (status == DK_OK && moved < staged)
        status = tell_repeated(store, err);
    if (status == DK_OK)
        status = db_run(store->db, "DROP TABLE stage", err);
    store->staged = NULL;
    dk_buffer_free(&sql);
    return status;
}
