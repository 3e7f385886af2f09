/* The columns of tables as SQL names them, and what is indexed: every dialect of SQL writes them alike. */
#include <string.h>

#include "model/model.h"

/* Unique ones are what tells records apart where a column may be null. */
static const struct model_index indexes[] = {
    {MODEL_TOPIC, true, false, "area_id, position"},
    {MODEL_ACTION, true, false, "document_id, topic_id, position"},
    {MODEL_ACTION, false, false, "topic_id"},
    {MODEL_MEMBER, true, true, "group_id, unit_id, coalesce(valid_from, '')"},
    {MODEL_LINK, false, false, "target_id"},
    {MODEL_CODING, false, false, "scheme_id, code_id"},
    {MODEL_PROGRESS, true, true, "action_id, coalesce(unit_id, ''), as_of"},
    {MODEL_PROGRESS, false, false, "unit_id"},
    {MODEL_INDICATOR, false, false, "topic_id"},
    {MODEL_TARGET, true, true,
     "action_id, coalesce(due, ''), coalesce(recurs, ''), coalesce(indicator_id, ''), coalesce(body_id, '')"}};

const struct model_index *model_indexes(size_t *count)
{
    *count = sizeof indexes / sizeof indexes[0];
    return indexes;
}

void model_columns(struct dk_buffer *out, const struct model_entity *entity, bool with_origin)
{
    for (size_t i = 0; i < entity->field_count; i++)
        dk_buffer_format(out, "%s%s", i > 0 ? ", " : "", entity->fields[i].name);
    if (with_origin)
        dk_buffer_text(out, ", origin");
}

size_t model_primary(struct dk_buffer *out, const struct model_entity *entity)
{
    size_t count = 0;

    for (size_t i = 0; i < entity->field_count; i++) {
        if (!(entity->fields[i].flags & MODEL_PRIMARY))
            continue;
        dk_buffer_format(out, "%s%s", count > 0 ? ", " : "", entity->fields[i].name);
        count++;
    }
    return count;
}

void model_order(struct dk_buffer *out, const struct model_entity *entity)
{
    if (model_primary(out, entity) > 0)
        return;
    for (size_t i = 0; i < sizeof indexes / sizeof indexes[0]; i++)
        if (indexes[i].unique && indexes[i].entity == model_name_of(entity))
            dk_buffer_text(out, indexes[i].columns);
}
