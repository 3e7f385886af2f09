/* The content digest: SHA-256 of all records, in the order of the model and of their keys.
 *
 * Where a record stands (its file, its line) is no content; what it says is. Every value is written with its type and
 * its length, so that no two contents have the same rendering. */
#include "load/state.h"

#include <string.h>

#include <sha2.h>

#include "base/buffer.h"
#include "base/number.h"

enum { ENOUGH = 1 << 16 };

static void add_value(struct dk_buffer *out, const struct db_value *value)
{
    char number[DK_NUMBER_SIZE];
    size_t size;

    switch (value->type) {
    case DB_NULL: dk_buffer_add(out, "n;", 2); break;
    case DB_INTEGER:
        size = dk_integer_text(value->integer, number);
        dk_buffer_add(out, "i", 1);
        dk_buffer_add(out, number, size);
        dk_buffer_add(out, ";", 1);
        break;
    case DB_REAL:
        size = dk_real_text(value->real, number);
        dk_buffer_add(out, "r", 1);
        dk_buffer_add(out, number, size);
        dk_buffer_add(out, ";", 1);
        break;
    case DB_TEXT:
    case DB_BLOB:
        size = dk_integer_text((int64_t)value->text.size, number);
        dk_buffer_add(out, value->type == DB_TEXT ? "t" : "b", 1);
        dk_buffer_add(out, number, size);
        dk_buffer_add(out, ":", 1);
        dk_buffer_add(out, value->text.bytes, value->text.size);
        dk_buffer_add(out, ";", 1);
        break;
    }
}

static dk_status digest_entity(struct db *db, const struct model_entity *entity, SHA2_CTX *digest, struct dk_error *err)
{
    struct db_value value[FIELDS_MAX];
    struct db_statement *statement = NULL;
    struct dk_buffer text = {0};
    dk_status status;
    bool row = false;

    dk_buffer_text(&text, "SELECT ");
    model_columns(&text, entity, false);
    dk_buffer_format(&text, " FROM %s ORDER BY ", entity->name);
    model_order(&text, entity);
    status = db_prepare(db, text.bytes, text.size, &statement, err);
    text.size = 0;
    dk_buffer_format(&text, "%s\n", entity->name);
    while (status == DK_OK) {
        status = db_step(statement, value, &row, err);
        if (status != DK_OK || !row)
            break;
        for (size_t i = 0; i < entity->field_count; i++)
            add_value(&text, &value[i]);
        dk_buffer_add(&text, "\n", 1);
        if (text.size < ENOUGH)
            continue;
        SHA256Update(digest, (const uint8_t *)text.bytes, text.size);
        text.size = 0;
    }
    SHA256Update(digest, (const uint8_t *)text.bytes, text.size);
    db_finish(statement);
    dk_buffer_free(&text);
    return status;
}

dk_status load_digest(struct db *db, char out[65], struct dk_error *err)
{
    SHA2_CTX digest;

    SHA256Init(&digest);
    for (size_t i = 0; i < MODEL_META; i++)
        if (digest_entity(db, &model_entities()[i], &digest, err) != DK_OK)
            return DK_ERROR;
    SHA256End(&digest, out);
    return DK_OK;
}
