#include "load/digest.h"

#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/sha256.h"
#include "db/declared.h"
#include "load/load.h"
#include "load/state.h"

static char *add_number(char *out, uint64_t number)
{
    char digits[DK_NUMBER_SIZE];
    size_t begin = sizeof digits;

    do {
        digits[--begin] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    memcpy(out, digits + begin, sizeof digits - begin);
    return out + (sizeof digits - begin);
}

/* "n;", "i12;", "r0.5;", "t5:words;" */
static void add_value(struct dk_buffer *out, const struct db_value *value)
{
    bool text = value->type == DB_TEXT || value->type == DB_BLOB;
    char *begin = dk_buffer_reserve(out, 2 * DK_NUMBER_SIZE + (text ? value->text.size : 0));
    char *end = begin;

    switch (value->type) {
    case DB_NULL: *end++ = 'n'; break;
    case DB_INTEGER:
        *end++ = 'i';
        if (value->integer < 0)
            *end++ = '-';
        end = add_number(end, value->integer < 0 ? 0 - (uint64_t)value->integer : (uint64_t)value->integer);
        break;
    case DB_REAL:
        *end++ = 'r';
        end += dk_real_text(value->real, end);
        break;
    case DB_TEXT:
    case DB_BLOB:
        *end++ = value->type == DB_TEXT ? 't' : 'b';
        end = add_number(end, value->text.size);
        *end++ = ':';
        if (value->text.size > 0)
            memcpy(end, value->text.bytes, value->text.size);
        end += value->text.size;
        break;
    }
    *end++ = ';';
    out->size += (size_t)(end - begin);
}

/* Equal data have equal digests, whatever version of the tables holds them: a field that came later counts, with its name,
 * only where it has a value. */
static void add_field(struct dk_buffer *out, const struct model_field *field, const struct db_value *value)
{
    if (field->since > 0 && value->type == DB_NULL)
        return;
    if (field->since > 0) {
        dk_buffer_text(out, field->name); /* for each record: no format is read for it */
        dk_buffer_text(out, "=");
    }
    add_value(out, value);
}

void digest_record(const struct model_entity *entity, const struct db_value *value, struct dk_buffer *scratch,
                   uint8_t out[DK_SHA256_SIZE])
{
    struct dk_sha256 digest;

    scratch->size = 0;
    for (size_t i = 0; i < entity->field_count; i++)
        add_field(scratch, &entity->fields[i], &value[i]);
    dk_sha256_begin(&digest);
    dk_sha256_add(&digest, scratch->bytes, scratch->size);
    dk_sha256_end(&digest, out);
}

static void digest_name(const struct model_entity *entity, struct dk_sha256 *digest)
{
    dk_sha256_add(digest, entity->name, strlen(entity->name));
    dk_sha256_add(digest, "\n", 1);
}

/* The digests of records whose period is no year, which wait until those of the years with the same key have passed: the
 * first version of the tables kept years as numbers, which stand before texts, and the digest is to stay what it was. */
struct waiting {
    int period; /* index of the field, or -1 */
    struct dk_buffer key, digests;
};

static void let_pass(struct waiting *waiting, struct dk_sha256 *digest)
{
    dk_sha256_add(digest, waiting->digests.bytes, waiting->digests.size);
    waiting->digests.size = 0;
}

static void take_record(struct waiting *waiting, const struct db_value *value, const uint8_t record[DK_SHA256_SIZE],
                        struct dk_sha256 *digest)
{
    bool year = waiting->period < 0 || value[waiting->period].type == DB_INTEGER;
    struct dk_buffer key = {0};

    if (!year || waiting->digests.size > 0) {
        for (int i = 0; i < waiting->period; i++) /* it is the last of the key */
            add_value(&key, &value[i]);
        if (waiting->digests.size > 0 &&
            (key.size != waiting->key.size || memcmp(key.bytes, waiting->key.bytes, key.size) != 0))
            let_pass(waiting, digest);
        dk_buffer_free(&waiting->key);
        waiting->key = key;
    }
    if (year)
        dk_sha256_add(digest, record, DK_SHA256_SIZE);
    else
        dk_buffer_add(&waiting->digests, record, DK_SHA256_SIZE);
}

static int key_period(const struct model_entity *entity)
{
    for (size_t i = 0; i < entity->field_count; i++)
        if (entity->fields[i].type == MODEL_PERIOD && (entity->fields[i].flags & MODEL_PRIMARY))
            return (int)i;
    return -1;
}

/* The records of a table; its name goes before them, that of a table which came later only where there are any. */
static dk_status digest_table(struct db *db, const struct model_entity *entity, struct dk_sha256 *digest,
                              struct dk_error *err)
{
    struct db_value value[FIELDS_MAX];
    struct db_statement *statement = NULL;
    struct waiting waiting = {.period = key_period(entity)};
    struct dk_buffer sql = {0}, scratch = {0};
    size_t count = 0;
    dk_status status;
    bool row = false;

    if (entity->since == 0) {
        digest_name(entity, digest);
        count++;
    }
    dk_buffer_text(&sql, "SELECT ");
    model_columns(&sql, entity, false);
    dk_buffer_format(&sql, " FROM %s ORDER BY ", entity->name);
    model_order(&sql, entity);
    status = db_prepare(db, sql.bytes, sql.size, &statement, err);
    while (status == DK_OK) {
        uint8_t record[DK_SHA256_SIZE];

        status = db_step(statement, value, &row, err);
        if (status != DK_OK || !row)
            break;
        digest_record(entity, value, &scratch, record);
        if (count++ == 0)
            digest_name(entity, digest);
        take_record(&waiting, value, record, digest);
    }
    let_pass(&waiting, digest);
    db_finish(statement);
    dk_buffer_free(&sql);
    dk_buffer_free(&scratch);
    dk_buffer_free(&waiting.key);
    dk_buffer_free(&waiting.digests);
    return status;
}

/* The order of the database: by bytes, a shorter id before a longer one that begins like it. */
static int compare_ids(const void *left, const void *right)
{
    const struct record_digest *a = left, *b = right;
    size_t common = a->size < b->size ? a->size : b->size;
    int order = memcmp(a->id, b->id, common);

    return order != 0 ? order : (a->size > b->size) - (a->size < b->size);
}

static void digest_records(struct record_digests *records, struct dk_sha256 *digest)
{
    if (records->count > 0)
        qsort(records->record, records->count, sizeof *records->record, compare_ids);
    for (size_t i = 0; i < records->count; i++)
        dk_sha256_add(digest, records->record[i].digest, DK_SHA256_SIZE);
}

dk_status digest_content(struct db *db, struct record_digests *actions, char out[65], struct dk_error *err)
{
    struct dk_sha256 digest;
    const struct model *model;

    if (db_model(db, &model, err) != DK_OK)
        return DK_ERROR;
    dk_sha256_begin(&digest);
    for (size_t i = 0; i < model_count(model); i++) {
        const struct model_entity *entity = model_at(model, i);

        if (i == MODEL_META)
            continue;
        if (i == MODEL_ACTION && actions != NULL) {
            digest_name(entity, &digest);
            digest_records(actions, &digest);
        } else if (digest_table(db, entity, &digest, err) != DK_OK) {
            return DK_ERROR;
        }
    }
    dk_sha256_text(&digest, out);
    return DK_OK;
}

dk_status load_content_digest(struct db *db, char out[65], struct dk_error *err)
{
    return digest_content(db, NULL, out, err);
}
