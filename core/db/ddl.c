/* What the dialects of SQL write alike. */
#include "db/ddl.h"

#include <string.h>

/* Written as comparisons: for IN and more than two values SQLite would build a table anew for every row. */
void ddl_check(struct dk_buffer *out, const struct model_field *field)
{
    const char *quote = field->type == MODEL_ENUM ? "'" : "";

    dk_buffer_text(out, " CHECK (");
    if (!(field->flags & MODEL_REQUIRED))
        dk_buffer_format(out, "%s IS NULL OR ", field->name);
    for (const struct model_value *value = field->values; value->name != NULL; value++)
        dk_buffer_format(out, "%s%s = %s%s%s", value == field->values ? "" : " OR ", field->name, quote, value->name, quote);
    dk_buffer_text(out, ")");
}

void ddl_foreign_key(struct dk_buffer *out, const struct model *model, const struct model_field *field)
{
    const struct model_entity *target = model_at(model, field->reference);

    if (field->scope == NULL)
        dk_buffer_format(out, "FOREIGN KEY (%s) REFERENCES %s (id)", field->name, target->name);
    else
        dk_buffer_format(out, "FOREIGN KEY (%s, %s) REFERENCES %s (%s, id)", field->scope, field->name, target->name,
                         target->fields[0].name);
}

void ddl_index(struct dk_buffer *out, const struct model_index *index)
{
    const char *table = model_entities()[index->entity].name;
    size_t name_begin;

    dk_buffer_format(out, "CREATE %sINDEX %s_by_", index->unique ? "UNIQUE " : "", table);
    name_begin = out->size;
    for (const char *column = index->columns; *column != '\0';) {
        size_t size = strcspn(column, ",(");

        if (column[size] == '(') { /* coalesce(column, ''): the column names the index */
            column += size + 1;
            size = strcspn(column, ",");
            dk_buffer_format(out, "%s%.*s", out->size > name_begin ? "_" : "", (int)size, column);
            column += strcspn(column, ")");
            column += strcspn(column, ",");
        } else {
            dk_buffer_format(out, "%s%.*s", out->size > name_begin ? "_" : "", (int)size, column);
            column += size;
        }
        column += strspn(column, ", ");
    }
    dk_buffer_format(out, " ON %s (%s);\n", table, index->columns);
}

void ddl_view(struct dk_buffer *out)
{
    size_t count;
    const struct model_view_column *view = model_view(&count);

    dk_buffer_text(out, "CREATE VIEW action_full AS\nSELECT ");
    for (size_t i = 0; i < count; i++) {
        dk_buffer_text(out, i == 0 ? "" : ",\n    ");
        if (view[i].fallback != NULL)
            dk_buffer_format(out, "coalesce(%s.%s, %s)", view[i].table, view[i].column, view[i].fallback);
        else
            dk_buffer_format(out, "%s.%s", view[i].table, view[i].column);
        if (view[i].fallback != NULL || strcmp(view[i].name, view[i].column) != 0)
            dk_buffer_format(out, " AS %s", view[i].name);
    }
    dk_buffer_text(out, "\nFROM action\n"
                        "JOIN document ON document.id = action.document_id\n"
                        "JOIN topic ON topic.id = action.topic_id\n"
                        "JOIN area ON area.id = topic.area_id;\n");
}
