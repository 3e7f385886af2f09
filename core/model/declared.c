/* From records of declarations to entities: names are checked, types looked up, and the tables put in the order of their
 * names, so that equal declarations make equal models whatever files they stand in. */
#include "model/declared.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/list.h"
#include "base/near.h"
#include "model/fields.h"

enum { NAME_MAX_SIZE = 40, VALUES_MAX = 32 };

/* What is being declared. `table[i]` and `column[i][f]` are the declarations of entity i and of its field f. */
struct builder {
    struct model *model;
    const struct model_declaration *declaration;
    size_t count;
    size_t table[MODEL_DECLARED_MAX];
    size_t column[MODEL_DECLARED_MAX][MODEL_FIELDS_MAX];
    struct model_field *fields[MODEL_DECLARED_MAX]; /* those of the entities, to be written */
    struct model_value *values[MODEL_DECLARED_MAX][MODEL_FIELDS_MAX];
    const struct model_judge *judge;
};

/* Fields of the declarations. */
enum { TABLE_NAME, TABLE_RECORDS, TABLE_HELP };
enum {
    COLUMN_TABLE,
    COLUMN_NAME,
    COLUMN_POSITION,
    COLUMN_TYPE,
    COLUMN_KEY,
    COLUMN_REQUIRED,
    COLUMN_POSITIVE,
    COLUMN_SCOPE,
    COLUMN_FALLBACK,
    COLUMN_NOT_BEFORE,
    COLUMN_HELP
};
enum { KEY_TABLE, KEY_COLUMN };
enum { VALUE_TABLE, VALUE_COLUMN, VALUE_NAME, VALUE_POSITION, VALUE_HELP };

static void *keep(struct model *model, void *memory)
{
    model->memory = dk_list_grow(model->memory, model->memory_count, &model->memory_capacity, sizeof *model->memory);
    model->memory[model->memory_count++] = memory;
    return memory;
}

/* `format` with `text` in the place of its %. */
static char *keep_text(struct model *model, const char *format, const char *text)
{
    struct dk_buffer out = {0};

    for (; *format != '\0'; format++)
        if (*format == '%')
            dk_buffer_text(&out, text);
        else
            dk_buffer_add(&out, format, 1);
    dk_buffer_add(&out, "", 1);
    return keep(model, out.bytes);
}

/* The same, with spaces for _. */
static const char *keep_words(struct model *model, const char *format, const char *text)
{
    char *words = keep_text(model, format, text);

    for (char *at = words; *at != '\0'; at++)
        if (*at == '_')
            *at = ' ';
    return words;
}

static void refuse(const struct builder *builder, size_t declaration, int field, struct dk_error *err)
{
    builder->judge->refuse(builder->judge->context, declaration, field, err);
}

/* Names ------------------------------------------------------------------------------------------------------------ */

static bool is_name(const char *text)
{
    size_t size = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_");

    return text[0] >= 'a' && text[0] <= 'z' && text[size] == '\0' && size <= NAME_MAX_SIZE;
}

/* `references`: _id is put behind the name, so that it may be a word of the database. */
static bool check_name(const struct builder *builder, size_t declaration, int field, const char *what, bool references)
{
    const char *name = builder->declaration[declaration].value[field];
    struct dk_error err;

    if (!is_name(name)) {
        dk_fail(&err, DK_DATA, "\"%.60s\" is no name of %s", name, what);
        dk_hint(&err, "expected a small letter, then small letters, digits and _, at most %d in all", NAME_MAX_SIZE);
    } else if (!references && builder->judge->is_kept(name)) {
        dk_fail(&err, DK_DATA, "%s cannot be called \"%s\": that is a word of the database", what, name);
        dk_hint(&err, "choose a word that says more, such as \"%s_of_law\"", name);
    } else {
        return true;
    }
    refuse(builder, declaration, field, &err);
    return false;
}

/* Whether a table of this name is there already, or would hide what is. */
static bool is_taken(const char *name)
{
    static const char *const others[] = {"action_full", "action_fts", "action_trigram", "stage"};

    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (strncmp(name, others[i], strlen(others[i])) == 0)
            return true;
    return model_table(NULL, name) != NULL;
}

/* Whether a key at the top of a file means something else. */
static bool is_top_key(const char *key)
{
    static const char *const others[] = {"extend", "matches", "includes", "excludes"};

    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (strcmp(key, others[i]) == 0)
            return true;
    return model_entity_by_key(NULL, key, strlen(key)) != NULL;
}

/* Tables ----------------------------------------------------------------------------------------------------------- */

static bool check_table(const struct builder *builder, size_t declaration)
{
    const char *const *value = builder->declaration[declaration].value;
    const char *records = value[TABLE_RECORDS] != NULL ? value[TABLE_RECORDS] : value[TABLE_NAME];
    const struct model *model = builder->model;
    struct dk_error err;

    if (!check_name(builder, declaration, TABLE_NAME, "a table", false) ||
        (value[TABLE_RECORDS] != NULL && !check_name(builder, declaration, TABLE_RECORDS, "records", true)))
        return false;
    if (is_taken(value[TABLE_NAME])) {
        dk_fail(&err, DK_DATA, "there is a table \"%s\" already", value[TABLE_NAME]);
        dk_hint(&err, "`difkit schema` shows the tables of difkit; give this one another name");
        refuse(builder, declaration, TABLE_NAME, &err);
        return false;
    }
    for (size_t i = 0; i <= model->count; i++) {
        bool own = i == model->count;

        if (own ? !is_top_key(records) : strcmp(model->entity[i].key, records) != 0)
            continue;
        dk_fail(&err, DK_DATA,
                own ? "records of \"%s\" cannot stand under \"%s\": other records do"
                    : "records of \"%s\" cannot stand under \"%s\": those of another table do",
                value[TABLE_NAME], records);
        dk_hint(&err, "name the key: records: …");
        refuse(builder, declaration, value[TABLE_RECORDS] != NULL ? TABLE_RECORDS : TABLE_NAME, &err);
        return false;
    }
    if (model->count < MODEL_DECLARED_MAX)
        return true;
    dk_fail(&err, DK_DATA, "more than %d tables are declared", MODEL_DECLARED_MAX);
    refuse(builder, declaration, TABLE_NAME, &err);
    return false;
}

static void add_table(struct builder *builder, size_t declaration)
{
    const char *const *value = builder->declaration[declaration].value;
    struct model *model = builder->model;
    struct model_entity *entity;
    const char *records = value[TABLE_RECORDS] != NULL ? value[TABLE_RECORDS] : value[TABLE_NAME];

    if (!check_table(builder, declaration))
        return;
    builder->table[model->count] = declaration;
    entity = &model->entity[model->count++];
    entity->name = keep_text(model, "%", value[TABLE_NAME]);
    entity->key = keep_text(model, "%", records);
    entity->one = keep_words(model, strchr("aeiou", value[TABLE_NAME][0]) != NULL ? "an %" : "a %", value[TABLE_NAME]);
    entity->many = keep_words(model, value[TABLE_RECORDS] != NULL ? "%" : "records of %", records);
    entity->shape = MODEL_LIST;
    entity->csv = true;
    entity->since = MODEL_VERSION;
    entity->help = keep_text(model, value[TABLE_HELP] != NULL ? "%" : "a record of %",
                             value[TABLE_HELP] != NULL ? value[TABLE_HELP] : value[TABLE_NAME]);
}

static int compare_tables(const void *left, const void *right)
{
    const struct model_entity *a = left, *b = right;

    return strcmp(a->name, b->name);
}

/* By name; each gets its number, and finds its declaration again. */
static void order_tables(struct builder *builder)
{
    struct model *model = builder->model;

    qsort(model->entity, model->count, sizeof *model->entity, compare_tables);
    for (size_t i = 0; i < model->count; i++) {
        builder->fields[i] = keep(model, dk_alloc_zeroed(MODEL_FIELDS_MAX, sizeof *builder->fields[i]));
        model->entity[i].fields = builder->fields[i];
        model->entity[i].declared = (int)(MODEL_COUNT + i);
        for (size_t j = 0; j < builder->count; j++)
            if (builder->declaration[j].of == MODEL_DECLARED_TABLE &&
                strcmp(builder->declaration[j].value[TABLE_NAME], model->entity[i].name) == 0) {
                builder->table[i] = j;
                break;
            }
    }
}

static struct model_entity *declared_table(const struct builder *builder, const char *name)
{
    for (size_t i = 0; i < builder->model->count; i++)
        if (strcmp(builder->model->entity[i].name, name) == 0)
            return &builder->model->entity[i];
    return NULL;
}

/* Columns ---------------------------------------------------------------------------------------------------------- */

/* Types that a column may have, beside the tables that it may name. */
static const enum model_type types[] = {MODEL_TEXT, MODEL_ID,           MODEL_INTEGER, MODEL_REAL, MODEL_YEAR,
                                        MODEL_DATE, MODEL_PARTIAL_DATE, MODEL_PERIOD,  MODEL_ENUM};

/* "partial_date": as a type is written. */
static const char *type_word(enum model_type type)
{
    return type == MODEL_PARTIAL_DATE ? "partial_date" : model_type_name(type);
}

/* Whether `word` means the entity: by the name of its table, or as one record of it is called. */
static bool means(const struct model_entity *entity, const char *word)
{
    return strcmp(entity->name, word) == 0 || strcmp(strchr(entity->one, ' ') + 1, word) == 0;
}

/* Whether a column may name records of the entity; whether they have ids is known once all columns are. */
static bool may_be_named(const struct model_entity *target)
{
    return target->declared > 0 || model_has_id(target) || model_name_of(target) == MODEL_CODE;
}

static void refuse_type(const struct builder *builder, size_t declaration, const char *word)
{
    struct dk_error err;
    struct dk_near near;

    dk_near_begin(&near, word);
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        (void)dk_near_try(&near, type_word(types[i]));
    for (size_t i = 0; i < model_count(builder->model); i++)
        if (may_be_named(model_at(builder->model, i)))
            (void)dk_near_try(&near, model_at(builder->model, i)->name);
    dk_fail(&err, DK_DATA, "unknown type \"%.60s\" of a column", word);
    if (near.name[0] != '\0')
        dk_hint(&err, "did you mean \"%s\"?", near.name);
    else
        dk_hint(&err,
                "have text, id, integer, real, year, date, partial_date, period, enum, or a table that has ids, such as "
                "unit, action or topic");
    refuse(builder, declaration, COLUMN_TYPE, &err);
}

/* Reads the type into the field; reports one that is not known. */
static void read_type(const struct builder *builder, size_t declaration, struct model_field *field)
{
    const char *word = builder->declaration[declaration].value[COLUMN_TYPE];

    field->type = MODEL_TEXT;
    if (word == NULL)
        return;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (strcmp(type_word(types[i]), word) == 0) {
            field->type = types[i];
            return;
        }
    for (size_t i = 0; i < model_count(builder->model); i++)
        if (means(model_at(builder->model, i), word) && may_be_named(model_at(builder->model, i))) {
            field->type = MODEL_REFERENCE;
            field->reference = (enum model_name)i;
            return;
        }
    refuse_type(builder, declaration, word);
}

static bool is_true(const char *value)
{
    return value != NULL && strcmp(value, "true") == 0;
}

/* Whether a column of this name can be added; reports when not. */
static bool check_column(const struct builder *builder, size_t declaration, const struct model_entity *entity,
                         const char *name)
{
    const char *key = builder->declaration[declaration].value[COLUMN_NAME];
    struct dk_error err;

    if (entity->field_count >= MODEL_FIELDS_MAX) {
        dk_fail(&err, DK_DATA, "more than %d columns of the table \"%s\"", MODEL_FIELDS_MAX, entity->name);
        dk_hint(&err, "put some of them into a table of their own that names this one");
    } else if (strcmp(key, "origin") == 0 || strcmp(key, "csv") == 0 || strcmp(key, "units") == 0) {
        dk_fail(&err, DK_DATA, "a column cannot be called \"%s\": it means something else", key);
        dk_hint(&err, key[0] == 'o' ? "every table has a column origin: file and line of the record"
                                    : "beside {csv: FILE} stand the keys csv and units");
    } else if (model_field_by_name(entity, name) >= 0) {
        dk_fail(&err, DK_DATA, "a second column would be called \"%s\"", name);
        dk_hint(&err, "a column that names a record gets _id behind its name");
    } else {
        return true;
    }
    refuse(builder, declaration, COLUMN_NAME, &err);
    return false;
}

static void add_column(struct builder *builder, size_t declaration)
{
    const char *const *value = builder->declaration[declaration].value;
    struct model_entity *entity = declared_table(builder, value[COLUMN_TABLE]);
    struct model *model = builder->model;
    struct model_field field = {0};
    struct dk_error err;

    if (entity == NULL)
        return; /* refused as a whole */
    read_type(builder, declaration, &field);
    if (!check_name(builder, declaration, COLUMN_NAME, "a column", field.type == MODEL_REFERENCE))
        return;
    field.key = keep_text(model, "%", value[COLUMN_NAME]);
    field.name = field.type == MODEL_REFERENCE ? keep_text(model, "%_id", value[COLUMN_NAME]) : field.key;
    if (!check_column(builder, declaration, entity, field.name))
        return;
    field.flags = (is_true(value[COLUMN_KEY]) ? MODEL_REQUIRED | MODEL_PRIMARY : 0) |
                  (is_true(value[COLUMN_REQUIRED]) ? MODEL_REQUIRED : 0) |
                  (is_true(value[COLUMN_POSITIVE]) ? MODEL_POSITIVE : 0);
    if (is_true(value[COLUMN_POSITIVE]) && field.type != MODEL_INTEGER) {
        dk_fail(&err, DK_DATA, "only a column of type integer can be positive");
        refuse(builder, declaration, COLUMN_POSITIVE, &err);
    }
    field.help =
        value[COLUMN_HELP] != NULL ? keep_text(model, "%", value[COLUMN_HELP]) : keep_words(model, "%", value[COLUMN_NAME]);
    if (value[COLUMN_FALLBACK] != NULL)
        field.fallback = keep_text(model, "%", value[COLUMN_FALLBACK]);
    builder->column[entity - model->entity][entity->field_count] = declaration;
    builder->fields[entity - model->entity][entity->field_count++] = field;
}

/* A column of keys: */
static void add_key(struct builder *builder, size_t declaration)
{
    const char *const *value = builder->declaration[declaration].value;
    struct model_entity *entity = declared_table(builder, value[KEY_TABLE]);
    int index = entity != NULL ? model_field_by_key(entity, value[KEY_COLUMN], strlen(value[KEY_COLUMN])) : -1;
    struct dk_near near;
    struct dk_error err;

    if (entity == NULL)
        return;
    if (index >= 0) {
        builder->fields[entity - builder->model->entity][index].flags |= MODEL_REQUIRED | MODEL_PRIMARY;
        return;
    }
    dk_near_begin(&near, value[KEY_COLUMN]);
    for (size_t i = 0; i < entity->field_count; i++)
        (void)dk_near_try(&near, entity->fields[i].key);
    dk_fail(&err, DK_DATA, "the key of \"%s\" names \"%.60s\", which is none of its columns", entity->name,
            value[KEY_COLUMN]);
    if (near.name[0] != '\0')
        dk_hint(&err, "did you mean \"%s\"?", near.name);
    refuse(builder, declaration, KEY_COLUMN, &err);
}

static void add_value(struct builder *builder, size_t declaration)
{
    const char *const *value = builder->declaration[declaration].value;
    struct model_entity *entity = declared_table(builder, value[VALUE_TABLE]);
    struct model *model = builder->model;
    struct model_field *field;
    struct model_value **values;
    size_t count = 0;
    struct dk_error err;
    int index = entity != NULL ? model_field_by_key(entity, value[VALUE_COLUMN], strlen(value[VALUE_COLUMN])) : -1;

    if (index < 0)
        return;
    field = &builder->fields[entity - model->entity][index];
    values = &builder->values[entity - model->entity][index];
    if (*values == NULL && field->type == MODEL_ENUM)
        field->values = *values = keep(model, dk_alloc_zeroed(VALUES_MAX + 1, sizeof **values));
    while (*values != NULL && (*values)[count].name != NULL)
        count++;
    if (field->type != MODEL_ENUM) {
        dk_fail(&err, DK_DATA, "values of a column of type %s", model_type_name(field->type));
        dk_hint(&err, "only a column of type enum has values");
    } else if (count == VALUES_MAX) {
        dk_fail(&err, DK_DATA, "more than %d values of a column", VALUES_MAX);
        dk_hint(&err, "make them codes of a scheme, and the column of type code");
    } else if (strchr(value[VALUE_NAME], '\'') != NULL) {
        dk_fail(&err, DK_DATA, "a value holds an apostrophe");
    } else {
        (*values)[count].name = keep_text(model, "%", value[VALUE_NAME]);
        (*values)[count].help = keep_text(model, "%", value[VALUE_HELP] != NULL ? value[VALUE_HELP] : "");
        return;
    }
    refuse(builder, declaration, VALUE_NAME, &err);
}

/* Tables as a whole ------------------------------------------------------------------------------------------------ */

static bool is_among(const struct model_value *values, const char *name)
{
    for (; values->name != NULL; values++)
        if (strcmp(values->name, name) == 0)
            return true;
    return false;
}

/* What a column says of itself: its values, what it names, its default. */
static void check_field(const struct builder *builder, size_t declaration, struct model_field *field)
{
    struct dk_error err;

    if (field->type == MODEL_ENUM && field->values == NULL) {
        dk_fail(&err, DK_DATA, "the column \"%s\" of type enum has no values", field->key);
        dk_hint(&err, "values: [draft, in_force]");
        refuse(builder, declaration, COLUMN_NAME, &err);
        field->type = MODEL_TEXT;
    }
    if (field->type == MODEL_REFERENCE && field->reference != MODEL_CODE &&
        !model_has_id(model_at(builder->model, field->reference))) {
        dk_fail(&err, DK_DATA, "the column \"%s\" names records of %s, which have no id", field->key,
                model_at(builder->model, field->reference)->name);
        dk_hint(&err, "give that table {name: id, type: id, key: true} as its first column and its only key");
        refuse(builder, declaration, COLUMN_TYPE, &err);
        field->type = MODEL_TEXT;
    }
    if (field->fallback == NULL)
        return;
    if (field->type == MODEL_ENUM && !is_among(field->values, field->fallback))
        dk_fail(&err, DK_DATA, "the default \"%.60s\" is no value of the column \"%s\"", field->fallback, field->key);
    else if (field->type != MODEL_ENUM && field->type != MODEL_TEXT && field->type != MODEL_ID &&
             field->type != MODEL_REFERENCE)
        dk_fail(&err, DK_DATA, "a column of type %s has no default", model_type_name(field->type));
    else
        return;
    field->fallback = NULL;
    refuse(builder, declaration, COLUMN_FALLBACK, &err);
}

/* of: the column that holds the scheme of a code. */
static void check_scope(const struct builder *builder, size_t declaration, const struct model_entity *entity,
                        struct model_field *field)
{
    const char *scope = builder->declaration[declaration].value[COLUMN_SCOPE];
    int index = scope != NULL ? model_field_by_key(entity, scope, strlen(scope)) : -1;
    bool code = field->type == MODEL_REFERENCE && field->reference == MODEL_CODE;
    struct dk_error err;

    if (index >= 0 && &entity->fields[index] < field && code && entity->fields[index].type == MODEL_REFERENCE &&
        entity->fields[index].reference == MODEL_SCHEME) {
        field->scope = entity->fields[index].name;
        return;
    }
    if (!code && scope == NULL)
        return;
    if (code)
        field->type = MODEL_TEXT;
    dk_fail(&err, DK_DATA,
            code ? "the column \"%s\" of codes does not say of which scheme" : "the column \"%s\" is not of type code",
            field->key);
    dk_hint(&err,
            code ? "name a column of type scheme that stands before it: {name: %s, type: code, of: scheme}"
                 : "\"of\" of \"%s\" belongs to columns of type code",
            field->key);
    refuse(builder, declaration, scope != NULL ? COLUMN_SCOPE : COLUMN_TYPE, &err);
}

static void check_order(const struct builder *builder, size_t declaration, struct model_entity *entity,
                        const struct model_field *field)
{
    const char *earlier = builder->declaration[declaration].value[COLUMN_NOT_BEFORE];
    int index = earlier != NULL ? model_field_by_key(entity, earlier, strlen(earlier)) : -1;
    size_t free = entity->not_before[0][0] == NULL ? 0 : 1;
    struct dk_error err;

    if (earlier == NULL)
        return;
    if (index >= 0 && entity->fields[index].type == field->type && &entity->fields[index] != field &&
        field->type != MODEL_REFERENCE && field->type != MODEL_ENUM && entity->not_before[free][0] == NULL) {
        entity->not_before[free][0] = field->name;
        entity->not_before[free][1] = entity->fields[index].name;
        return;
    }
    if (entity->not_before[free][0] != NULL)
        dk_fail(&err, DK_DATA, "more than two columns of \"%s\" say not_before", entity->name);
    else
        dk_fail(&err, DK_DATA, "not_before of \"%s\" names \"%.60s\", which is no column of the same type", field->key,
                earlier);
    dk_hint(&err, "such as {name: end, type: date, not_before: start}");
    refuse(builder, declaration, COLUMN_NOT_BEFORE, &err);
}

static void close_table(struct builder *builder, size_t table)
{
    struct model_entity *entity = &builder->model->entity[table];
    struct model_field *fields = builder->fields[table];
    bool has_key = false;
    struct dk_error err;

    for (size_t i = 0; i < entity->field_count; i++) {
        size_t declaration = builder->column[table][i];

        check_field(builder, declaration, &fields[i]);
        check_scope(builder, declaration, entity, &fields[i]);
        check_order(builder, declaration, entity, &fields[i]);
        has_key = has_key || (fields[i].flags & MODEL_PRIMARY);
    }
    if (has_key)
        return;
    dk_fail(&err, DK_DATA, "the table \"%s\" has no key", entity->name);
    dk_hint(&err, "mark the columns by which its records are told apart: {name: id, type: id, key: true}");
    refuse(builder, builder->table[table], TABLE_NAME, &err);
    if (entity->field_count == 0)
        fields[entity->field_count++] = (struct model_field){.name = "id", .key = "id", .type = MODEL_ID, .help = ""};
    fields[0].flags |= MODEL_REQUIRED | MODEL_PRIMARY; /* so that nothing without a key comes to be */
}

struct model *model_declare(const struct model_declaration *declaration, size_t count, const struct model_judge *judge)
{
    struct builder *builder = dk_alloc_zeroed(1, sizeof *builder);
    struct model *model = dk_alloc_zeroed(1, sizeof *model);

    *builder = (struct builder){.model = model, .declaration = declaration, .count = count, .judge = judge};
    model->entity = dk_alloc_zeroed(MODEL_DECLARED_MAX, sizeof *model->entity);
    for (size_t i = 0; i < count; i++)
        if (declaration[i].of == MODEL_DECLARED_TABLE)
            add_table(builder, i);
    order_tables(builder);
    for (size_t i = 0; i < count; i++)
        if (declaration[i].of == MODEL_DECLARED_COLUMN)
            add_column(builder, i);
    for (size_t i = 0; i < count; i++)
        if (declaration[i].of == MODEL_DECLARED_KEY)
            add_key(builder, i);
    for (size_t i = 0; i < count; i++)
        if (declaration[i].of == MODEL_DECLARED_VALUE)
            add_value(builder, i);
    for (size_t i = 0; i < model->count; i++)
        close_table(builder, i);
    free(builder);
    return model;
}

void model_free(struct model *model)
{
    if (model == NULL)
        return;
    for (size_t i = 0; i < model->memory_count; i++)
        free(model->memory[i]);
    free(model->memory);
    free(model->entity);
    free(model);
}
