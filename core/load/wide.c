#include "load/wide.h"

#include <string.h>

/* The survey that is given beside csv, or NULL. */
static const struct db_value *survey_of(const struct table *table)
{
    return (table->given & 1U) && table->common->value[0].type == DB_TEXT ? &table->common->value[0] : NULL;
}

static const struct id_entry *find(struct load *load, int entity, const struct db_value *survey, const char *id, size_t size)
{
    struct id_key key = load_key(entity, id, size);

    if (entity != MODEL_SURVEY) {
        key.scope = survey->text.bytes;
        key.scope_size = survey->text.size;
    }
    return ids_find(&load->ids, &key);
}

/* The number behind the survey's prefix of replicate weights; 0: the heading is none. */
static int replicate_number(const struct id_entry *survey, const char *text, size_t size)
{
    const char *prefix = survey != NULL ? survey->remark : NULL;
    size_t length = prefix != NULL ? strlen(prefix) : 0;
    int number = 0;

    if (length == 0 || size <= length || size > length + 5 || memcmp(text, prefix, length) != 0)
        return 0;
    for (size_t i = length; i < size; i++) {
        if (text[i] < '0' || text[i] > '9')
            return 0;
        number = number * 10 + (text[i] - '0');
    }
    return number;
}

bool wide_column(struct load *load, const struct table *table, const char *text, size_t size, struct wide_column *out)
{
    const struct db_value *survey = survey_of(table);
    const struct id_entry *question;

    memset(out, 0, sizeof *out);
    if (model_name_of(table->entity) != MODEL_RESPONDENT || survey == NULL)
        return false;
    question = find(load, MODEL_QUESTION, survey, text, size);
    if (question != NULL) {
        out->kind = WIDE_ANSWER;
        out->question = question->id;
        out->size = question->size;
        out->answers = question->remark;
        return true;
    }
    out->number = replicate_number(find(load, MODEL_SURVEY, survey, survey->text.bytes, survey->text.size), text, size);
    if (out->number > 0)
        out->kind = WIDE_WEIGHT;
    return out->number > 0;
}

/* Reads a cell into a field of the row; what is wrong with it is reported unless `quietly`. */
static bool read(struct load *load, struct row *row, const struct model_entity *entity, const char *name,
                 const struct scalar *cell, struct place place, bool quietly)
{
    int field = model_field_by_name(entity, name);
    struct dk_error err;

    if (load_value(entity, &entity->fields[field], cell, &load->batch->arena, &row->value[field], &err))
        return true;
    if (!quietly) {
        load_find(load, place, &err);
        row->skip = true;
    }
    return false;
}

static bool takes(const struct wide_column *column, const char *kind)
{
    return strcmp(column->answers, kind) == 0;
}

static bool read_number(struct load *load, struct row *row, const struct scalar *cell, struct place place, bool quietly)
{
    return read(load, row, &model_entities()[MODEL_RESPONSE], "value", cell, place, quietly);
}

static void put_answer(struct load *load, const struct wide_column *column, struct row *row, const struct scalar *cell,
                       struct place place)
{
    const struct model_entity *entity = &model_entities()[MODEL_RESPONSE];
    const struct id_entry *nothing = find(load, MODEL_MISSING_CODE, &row->value[0], cell->text, cell->size);
    const char *missing = cell->size == 0 ? "none" : nothing != NULL ? nothing->remark : NULL;
    bool choice = takes(column, "choice");

    load_set_text(&row->value[model_field_by_name(entity, "question_id")], column->question, column->size);
    if (missing != NULL)
        load_set_text(&row->value[model_field_by_name(entity, "missing")], missing, strlen(missing));
    else if (takes(column, "text") || (choice && !read_number(load, row, cell, place, true)))
        (void)read(load, row, entity, "answer", cell, place, false);
    else if (!choice)
        (void)read_number(load, row, cell, place, false);
}

void wide_cell(struct load *load, const struct wide_column *column, const struct row *respondent, const struct scalar *cell,
               struct place place)
{
    bool weight = column->kind == WIDE_WEIGHT;
    const struct model_entity *entity = &model_entities()[weight ? MODEL_REPLICATE_WEIGHT : MODEL_RESPONSE];
    struct row *row = load_row(load, load->batch, entity, place);
    struct db_value *number;

    row->value[0] = respondent->value[0];
    row->value[model_field_by_name(entity, "respondent_id")] = respondent->value[1];
    if (!weight) {
        put_answer(load, column, row, cell, place);
        return;
    }
    number = &row->value[model_field_by_name(entity, "number")];
    number->type = DB_INTEGER;
    number->integer = column->number;
    if (read(load, row, entity, "weight", cell, place, false) && row->value[3].type == DB_NULL)
        load_find_missing(load, entity, row, &entity->fields[3], place);
}
