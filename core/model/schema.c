/* The model for readers: a text for people, and a JSON Schema (draft-07) with which an editor completes and checks YAML. */
#include "model/model.h"

#include <string.h>

/* Appends `text` broken into lines no wider than `width`, each but the first behind `indent` spaces. */
static void add_wrapped(struct dk_buffer *out, const char *text, size_t indent, size_t width)
{
    size_t column = indent;

    while (*text != '\0') {
        size_t size = strcspn(text, " ");

        if (column > indent && column + 1 + size > width) {
            dk_buffer_format(out, "\n%*s", (int)indent, "");
            column = indent;
        } else if (column > indent) {
            dk_buffer_text(out, " ");
            column++;
        }
        dk_buffer_add(out, text, size);
        column += size;
        text += size;
        text += strspn(text, " ");
    }
    dk_buffer_text(out, "\n");
}

/* What a field may hold, in few words. */
static void add_kind(struct dk_buffer *out, const struct model *model, const struct model_field *field)
{
    if (field->type == MODEL_REFERENCE)
        dk_buffer_format(out, "id of %s", model_at(model, field->reference)->one);
    else if (field->type == MODEL_ID && (field->flags & MODEL_ANY_ID))
        dk_buffer_text(out, "id of any record");
    else
        dk_buffer_text(out, model_type_name(field->type));
    if (field->flags & MODEL_PRIMARY)
        dk_buffer_text(out, ", key");
    if (field->fallback != NULL)
        dk_buffer_format(out, ", default %s", field->fallback);
    else if ((field->flags & MODEL_REQUIRED) && !(field->flags & MODEL_FILLED) && field->key != NULL)
        dk_buffer_text(out, ", required");
}

static void add_field_text(struct dk_buffer *out, const struct model *model, const struct model_field *field, size_t width)
{
    enum { INDENT = 17 };
    struct dk_buffer line = {0};

    dk_buffer_format(out, "  %-14s ", field->name);
    if (field->key != NULL && strcmp(field->key, field->name) != 0)
        dk_buffer_format(&line, "written %s; ", field->key);
    else if (field->key == NULL)
        dk_buffer_text(&line, "not written; ");
    add_kind(&line, model, field);
    dk_buffer_format(&line, ": %s", field->help);
    add_wrapped(out, line.bytes, INDENT, width);
    dk_buffer_free(&line);
    if (field->values == NULL)
        return;
    for (const struct model_value *value = field->values; value->name != NULL; value++) {
        dk_buffer_format(out, "%*s  %-12s ", INDENT, "", value->name);
        add_wrapped(out, value->help, INDENT + 15, width);
    }
}

static void add_shape_text(struct dk_buffer *out, const struct model_entity *entity, size_t width)
{
    struct dk_buffer line = {0};

    switch (entity->shape) {
    case MODEL_NOWHERE: dk_buffer_text(&line, "Written by the loader."); break;
    case MODEL_SINGLE: dk_buffer_format(&line, "In YAML: one mapping under %s:.", entity->key); break;
    case MODEL_LIST:
        if (entity->child)
            dk_buffer_format(&line, "In YAML: a list under %s: within %s.", entity->key, model_entities()[entity->parent].one);
        else
            dk_buffer_format(&line, "In YAML: a list under %s:%s%s.", entity->key, entity->nested ? ", also within " : "",
                             entity->nested ? model_entities()[entity->parent].one : "");
        break;
    case MODEL_BY_TOPIC:
        dk_buffer_format(&line, "In YAML: under %s:, for each topic a list, in the file of the document.", entity->key);
        break;
    case MODEL_BY_TERM: dk_buffer_format(&line, "In YAML: under %s:, for each term a mapping.", entity->key); break;
    }
    if (entity->scalar != NULL)
        dk_buffer_format(&line, " A plain value stands for its %s.", entity->scalar);
    if (entity->csv)
        dk_buffer_format(&line,
                         " Instead, or among the others, {csv: FILE} takes a CSV file beside it whose header names these "
                         "keys; keys beside csv: hold for all its rows.");
    if (entity->csv && model_names_units(entity))
        dk_buffer_text(&line, " units: names beside it matches its units by the names of countries.");
    if (entity->extend != NULL)
        dk_buffer_format(&line, " extend: true: %s.", entity->extend);
    dk_buffer_text(out, "  ");
    add_wrapped(out, line.bytes, 2, width);
    dk_buffer_free(&line);
}

void model_text(struct dk_buffer *out, const struct model *model, size_t width)
{
    if (width < 40)
        width = 40;
    for (size_t i = 0; i < model_count(model); i++) {
        const struct model_entity *entity = model_at(model, i);

        dk_buffer_format(out, "%s%s: %s\n", i > 0 ? "\n" : "", entity->name, entity->help);
        add_shape_text(out, entity, width);
        for (size_t j = 0; j < entity->field_count; j++)
            add_field_text(out, model, &entity->fields[j], width);
        if (i != MODEL_META)
            dk_buffer_format(out, "  %-14s not written; file and line of the record, such as difap.yaml:41\n", "origin");
    }
    dk_buffer_text(out, "\naction_full: every action with the titles of its document, topic and area\n");
    dk_buffer_text(out, "action_fts: full-text index over action.text (columns text and id)\n");
    dk_buffer_text(out, "action_trigram: the same for scripts without spaces (Thai, Lao, Burmese, Khmer)\n");
}

static void add_json_text(struct dk_buffer *out, const char *text)
{
    dk_buffer_text(out, "\"");
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            dk_buffer_text(out, "\\");
        dk_buffer_add(out, text, 1);
    }
    dk_buffer_text(out, "\"");
}

static void add_json_values(struct dk_buffer *out, const struct model_field *field)
{
    bool bare = field->type == MODEL_INTEGER || strcmp(field->values->name, "true") == 0; /* not in quotes */
    struct dk_buffer help = {0};

    dk_buffer_text(out, "\"enum\": [");
    for (const struct model_value *value = field->values; value->name != NULL; value++) {
        dk_buffer_text(out, value == field->values ? "" : ", ");
        if (bare)
            dk_buffer_text(out, value->name);
        else
            add_json_text(out, value->name);
        dk_buffer_format(&help, "%s%s: %s", value == field->values ? "" : "; ", value->name, value->help);
    }
    dk_buffer_text(out, (field->flags & MODEL_REQUIRED) || field->type == MODEL_INTEGER ? "]" : ", null]");
    dk_buffer_format(out, ", \"description\": ");
    dk_buffer_format(&help, " (%s)", field->help);
    add_json_text(out, help.bytes);
    dk_buffer_free(&help);
}

/* What JSON Schema says of a scalar; patterns are no tighter than the loader. */
static const char *json_type(const struct model_field *field)
{
    static const char null_text[] = "\"type\": [\"string\", \"number\", \"boolean\", \"null\"]";

    switch (field->type) {
    case MODEL_INTEGER:
        return (field->flags & MODEL_POSITIVE) ? "\"type\": [\"integer\", \"null\"], \"minimum\": 1"
                                               : "\"type\": [\"integer\", \"null\"]";
    case MODEL_REAL: return "\"type\": [\"number\", \"null\"]";
    case MODEL_YEAR: return "\"type\": [\"integer\", \"null\"], \"minimum\": 1, \"maximum\": 9999";
    case MODEL_DATE: return "\"type\": [\"string\", \"null\"], \"pattern\": \"^[0-9]{4}-[0-9]{2}-[0-9]{2}$\"";
    case MODEL_PARTIAL_DATE:
        return "\"type\": [\"string\", \"integer\", \"null\"], \"pattern\": \"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$\"";
    case MODEL_PERIOD: return "\"type\": [\"integer\", \"string\"]";
    case MODEL_DIGEST: return "\"type\": [\"string\", \"null\"], \"pattern\": \"^[0-9a-f]{16,64}$\"";
    case MODEL_ID:
    case MODEL_REFERENCE: return "\"type\": [\"string\", \"integer\", \"null\"], \"pattern\": \"^[^ ]+$\"";
    default: return (field->flags & MODEL_REQUIRED) ? "\"type\": [\"string\", \"number\", \"boolean\"]" : null_text;
    }
}

static void add_json_field(struct dk_buffer *out, const struct model_entity *entity, const struct model_field *field)
{
    bool list = entity->list != NULL && strcmp(entity->list, field->key) == 0;

    add_json_text(out, field->key);
    dk_buffer_text(out, ": {");
    if (field->values != NULL) {
        add_json_values(out, field);
    } else if (list) {
        dk_buffer_format(out, "\"anyOf\": [{%s}, {\"type\": \"array\", \"minItems\": 1, \"items\": {%s}}], \"description\": ",
                         json_type(field), json_type(field));
        add_json_text(out, field->help);
    } else {
        dk_buffer_format(out, "%s, \"description\": ", json_type(field));
        add_json_text(out, field->help);
    }
    if (field->fallback != NULL)
        dk_buffer_format(out, ", \"default\": \"%s\"", field->fallback);
    dk_buffer_text(out, "}");
}

static void add_json_record(struct dk_buffer *out, const struct model_entity *entity)
{
    const char *separator = "";

    dk_buffer_format(out, "    \"%s\": {\n      \"type\": \"object\",\n      \"description\": ", entity->name);
    add_json_text(out, entity->help);
    dk_buffer_text(out, ",\n      \"additionalProperties\": false,\n      \"properties\": {");
    for (size_t i = 0; i < entity->field_count; i++) {
        if (entity->fields[i].key == NULL)
            continue;
        dk_buffer_format(out, "%s\n        ", separator);
        add_json_field(out, entity, &entity->fields[i]);
        separator = ",";
    }
    for (size_t i = 0; i < MODEL_COUNT; i++) {
        const struct model_entity *child = &model_entities()[i];

        if (model_within(child, model_name_of(entity))) {
            dk_buffer_format(out, "%s\n        \"%s\": {\"type\": \"array\", \"items\": ", separator, child->key);
            if (child->scalar != NULL)
                dk_buffer_format(out, "{\"anyOf\": [{\"type\": \"string\"}, {\"$ref\": \"#/definitions/%s\"}]}}", child->name);
            else
                dk_buffer_format(out, "{\"$ref\": \"#/definitions/%s\"}}", child->name);
        }
    }
    if (entity->extend != NULL) {
        dk_buffer_text(out, ",\n        \"extend\": {\"type\": \"boolean\", \"description\": ");
        add_json_text(out, entity->extend);
        dk_buffer_text(out, "}");
    }
    dk_buffer_text(out, "\n      },\n      \"required\": [");
    separator = "";
    for (size_t i = 0; i < entity->field_count; i++) {
        const struct model_field *field = &entity->fields[i];

        if (field->key == NULL || !(field->flags & MODEL_REQUIRED) || field->fallback != NULL ||
            (field->flags & MODEL_FILLED) || (model_name_of(entity) == MODEL_AREA && i > 0) || /* it may extend another */
            (entity->nested && field->type == MODEL_REFERENCE &&
             field->reference == entity->parent)) /* it may stand within */
            continue;
        dk_buffer_format(out, "%s\"%s\"", separator, field->key);
        separator = ", ";
    }
    dk_buffer_text(out, "]\n    }");
}

/* {csv: FILE} with the keys that hold for all rows. */
static void add_json_csv(struct dk_buffer *out, const struct model_entity *entity)
{
    dk_buffer_format(out, ",\n    \"%s_csv\": {\n      \"type\": \"object\",\n      \"description\": \"a CSV file beside this "
                          "one\",\n      \"additionalProperties\": false,\n      \"properties\": {\n        \"csv\": {\"type\": "
                          "\"string\", \"description\": \"name of the file\"}", entity->name);
    for (size_t i = 0; i < entity->field_count; i++) {
        if (entity->fields[i].key == NULL)
            continue;
        dk_buffer_text(out, ",\n        ");
        add_json_field(out, entity, &entity->fields[i]);
    }
    if (model_names_units(entity))
        dk_buffer_text(out, ",\n        \"units\": {\"enum\": [\"names\", \"iso2\", \"iso3\", \"m49\", \"wb\", \"imf\", "
                            "\"eurostat\", \"hdr\", \"owid\", \"ilo\", \"oecd\", \"un\"], \"description\": \"the column of "
                            "units holds names of countries, or their codes in this system\"}");
    dk_buffer_text(out, "\n      },\n      \"required\": [\"csv\"]\n    }");
}

static void add_json_entry(struct dk_buffer *out, const struct model_entity *entity)
{
    dk_buffer_format(out, "    \"%s\": {\"description\": ", entity->key);
    add_json_text(out, entity->help);
    dk_buffer_text(out, ", ");
    switch (entity->shape) {
    case MODEL_SINGLE: dk_buffer_format(out, "\"allOf\": [{\"$ref\": \"#/definitions/%s\"}]", entity->name); break;
    case MODEL_BY_TOPIC:
        dk_buffer_format(out, "\"type\": \"object\", \"additionalProperties\": {\"type\": \"array\", \"items\": {\"$ref\": "
                              "\"#/definitions/%s\"}}", entity->name);
        break;
    case MODEL_BY_TERM:
        dk_buffer_format(out, "\"type\": \"object\", \"additionalProperties\": {\"anyOf\": [{\"type\": \"string\"}, {\"$ref\": "
                              "\"#/definitions/%s\"}]}", entity->name);
        break;
    default:
        if (entity->csv)
            dk_buffer_format(out, "\"anyOf\": [{\"$ref\": \"#/definitions/%s_csv\"}, {\"type\": \"array\", \"items\": {\"anyOf\": "
                                  "[{\"$ref\": \"#/definitions/%s\"}, {\"$ref\": \"#/definitions/%s_csv\"}]}}]",
                             entity->name, entity->name, entity->name);
        else
            dk_buffer_format(out, "\"type\": \"array\", \"items\": {\"$ref\": \"#/definitions/%s\"}", entity->name);
        break;
    }
    dk_buffer_text(out, "}");
}

void model_json_schema(struct dk_buffer *out, const struct model *model)
{
    const char *separator = "";

    dk_buffer_text(out, "{\n  \"$schema\": \"http://json-schema.org/draft-07/schema#\",\n"
                        "  \"title\": \"difkit framework file\",\n"
                        "  \"description\": \"One YAML file of a framework folder\",\n"
                        "  \"type\": \"object\",\n  \"additionalProperties\": false,\n  \"minProperties\": 1,\n"
                        "  \"properties\": {");
    for (size_t i = 0; i < model_count(model); i++) {
        if (model_at(model, i)->child || model_at(model, i)->shape == MODEL_NOWHERE)
            continue;
        dk_buffer_format(out, "%s\n", separator);
        add_json_entry(out, model_at(model, i));
        separator = ",";
    }
    dk_buffer_text(
        out, ",\n    \"matches\": {\"type\": \"object\", \"additionalProperties\": {\"type\": \"string\"}, "
             "\"description\": \"names in files of data and the units that they mean\"},\n"
             "    \"includes\": {\"type\": [\"array\", \"object\"], \"description\": \"names that are units though no "
             "countries\"},\n"
             "    \"excludes\": {\"type\": \"array\", \"items\": {\"type\": \"string\"}, \"description\": \"names whose "
             "rows are left out\"}");
    dk_buffer_text(out, ",\n    \"extend\": {\"type\": \"boolean\", \"description\": \"the areas of this file add topics to those of "
                        "the same id in other files\"}");
    dk_buffer_text(out, "\n  },\n  \"definitions\": {");
    separator = "";
    for (size_t i = 0; i < model_count(model); i++) {
        if (model_at(model, i)->shape == MODEL_NOWHERE)
            continue;
        dk_buffer_format(out, "%s\n", separator);
        add_json_record(out, model_at(model, i));
        if (model_at(model, i)->csv)
            add_json_csv(out, model_at(model, i));
        separator = ",";
    }
    dk_buffer_text(out, "\n  }\n}\n");
}
