/* The fields of tables that the data declare for themselves: what stands under tables: in a framework. */
#include "model/fields.h"

/* Tables, a field or a value a line. */
/* clang-format off */

static const struct model_value truth_values[] = {{"true", "yes"}, {"false", "no"}, {NULL, NULL}};

#define TABLE_KEY \
    {.name = "table_id", .type = MODEL_REFERENCE, .flags = MODEL_REQUIRED | MODEL_PRIMARY, \
     .reference = MODEL_DECLARED_TABLE, .help = "its table: the one in whose list it stands"}
#define NAME(what) {.name = "id", .key = "name", .type = MODEL_ID, .flags = MODEL_REQUIRED | MODEL_PRIMARY, .help = what}
#define POSITION \
    {.name = "position", .key = "position", .type = MODEL_INTEGER, .flags = MODEL_REQUIRED | MODEL_FILLED | MODEL_POSITIVE, \
     .help = "place in the list, from 1; left out, the next after the one before"}

const struct model_field model_declared_table_fields[3] = {
    NAME("of the table: a small letter, then small letters, digits and _"),
    {.name = "records", .key = "records", .type = MODEL_ID,
     .help = "key at the top of a file under which its records stand; left out, the name"},
    {.name = "help", .key = "help", .type = MODEL_TEXT, .help = "what a record of it is"}};

const struct model_field model_declared_column_fields[11] = {
    TABLE_KEY,
    NAME("key of the column in YAML and CSV, written like that of a table; a column that names a record is called NAME_id"),
    POSITION,
    {.name = "type", .key = "type", .type = MODEL_ID, .flags = MODEL_REQUIRED, .fallback = "text",
     .help = "text, id, integer, real, year, date, partial_date, period or enum; or what it names: unit, action, topic, "
             "another table that has ids"},
    {.name = "key", .key = "key", .type = MODEL_ENUM, .values = truth_values,
     .help = "whether it is a part of the key, by which records are told apart"},
    {.name = "required", .key = "required", .type = MODEL_ENUM, .values = truth_values,
     .help = "whether no record may leave it out"},
    {.name = "positive", .key = "positive", .type = MODEL_ENUM, .values = truth_values,
     .help = "whether a whole number has to be 1 or more"},
    {.name = "scope", .key = "of", .type = MODEL_ID,
     .help = "for type code: the column of type scheme that says whose code it is"},
    {.name = "fallback", .key = "default", .type = MODEL_TEXT, .help = "stands where a record leaves it out"},
    {.name = "not_before", .key = "not_before", .type = MODEL_ID, .help = "a column of the same type that it must not be less than"},
    {.name = "help", .key = "help", .type = MODEL_TEXT, .help = "what it means, and the unit of measure"}};

const struct model_field model_declared_key_fields[3] = {
    TABLE_KEY,
    {.name = "id", .key = "column", .type = MODEL_ID, .flags = MODEL_REQUIRED | MODEL_PRIMARY,
     .help = "name of the column, as if it said key: true"},
    POSITION};

const struct model_field model_declared_value_fields[5] = {
    TABLE_KEY,
    {.name = "column_id", .type = MODEL_REFERENCE, .flags = MODEL_REQUIRED | MODEL_PRIMARY,
     .reference = MODEL_DECLARED_COLUMN, .scope = "table_id", .help = "its column: the one in whose list it stands"},
    NAME("the word"),
    POSITION,
    {.name = "help", .key = "help", .type = MODEL_TEXT, .help = "what it means"}};
