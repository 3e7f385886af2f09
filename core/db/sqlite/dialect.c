/* The model in the SQL of SQLite: STRICT tables with foreign keys, the indexes that queries need, the view action_full and
 * the full-text indexes. */
#include "db/sqlite/dialect.h"

#include <string.h>

#include "base/text.h"
#include "db/ddl.h"
#include "model/model.h"

/* Without STRICT, "ANY" would turn text that looks like a number into one; no type at all leaves values as they are. */
static const char *column_type(const struct model_field *field, bool portable)
{
    switch (field->type) {
    case MODEL_INTEGER:
    case MODEL_YEAR: return " INTEGER";
    case MODEL_REAL: return " REAL";
    case MODEL_LABEL: return portable ? "" : " ANY";
    default: return " TEXT";
    }
}

/* The columns that the first version had, or those that came later. */
static void add_columns(struct dk_buffer *out, const struct model_entity *entity, bool later, bool portable)
{
    for (size_t i = 0; i < entity->field_count; i++) {
        const struct model_field *field = &entity->fields[i];

        if ((field->since > entity->since) != later)
            continue;
        dk_buffer_format(out, "\n    %s%s", field->name, column_type(field, portable));
        if (field->flags & MODEL_REQUIRED)
            dk_buffer_text(out, " NOT NULL");
        if (field->values != NULL)
            ddl_check(out, field);
        dk_buffer_text(out, ",");
    }
}

/* origin stands behind the columns of the first version: what comes later is added at the end, so that SELECT * goes on
 * giving what it gave. */
static void add_table(struct dk_buffer *out, const struct model *model, const struct model_entity *entity, bool portable)
{
    size_t keys;

    dk_buffer_format(out, "CREATE TABLE %s (", entity->name);
    add_columns(out, entity, false, portable);
    if (model_name_of(entity) != MODEL_META)
        dk_buffer_text(out, "\n    origin TEXT,");
    add_columns(out, entity, true, portable);
    keys = out->size;
    dk_buffer_text(out, "\n    PRIMARY KEY (");
    if (model_primary(out, entity) > 0)
        dk_buffer_text(out, "),");
    else
        out->size = keys;
    out->size--; /* the last comma */
    for (size_t i = 0; i < entity->field_count; i++)
        if (entity->fields[i].type == MODEL_REFERENCE) {
            dk_buffer_text(out, ",\n    ");
            ddl_foreign_key(out, model, &entity->fields[i]);
        };
    dk_buffer_format(out, "\n)%s%s%s;\n", entity->clustered ? " WITHOUT ROWID" : "",
                     entity->clustered && !portable ? "," : "", portable ? "" : " STRICT");
}

/* The index holds no copy of the words: it reads them from the table. The first column is the text; id is there so that a
 * search needs no join. No stemming: it would make prefix queries miss (regulat* would not find "regulations"). No
 * table of lengths: ranking reads the words instead (a quarter slower over 100000 hits), loading is a tenth faster. */
static const char full_text[] =
    "CREATE VIRTUAL TABLE action_fts USING fts5(text, id UNINDEXED, content='action', content_rowid='rowid',\n"
    "    columnsize=0, tokenize='unicode61 remove_diacritics 2');\n";

static const char triggers[] =
    "CREATE TRIGGER action_fts_insert AFTER INSERT ON action BEGIN\n"
    "    INSERT INTO action_fts (rowid, text, id) VALUES (new.rowid, new.text, new.id);\n"
    "END;\n"
    "CREATE TRIGGER action_fts_delete AFTER DELETE ON action BEGIN\n"
    "    INSERT INTO action_fts (action_fts, rowid, text, id) VALUES ('delete', old.rowid, old.text, old.id);\n"
    "END;\n"
    "CREATE TRIGGER action_fts_update AFTER UPDATE ON action BEGIN\n"
    "    INSERT INTO action_fts (action_fts, rowid, text, id) VALUES ('delete', old.rowid, old.text, old.id);\n"
    "    INSERT INTO action_fts (rowid, text, id) VALUES (new.rowid, new.text, new.id);\n"
    "END;\n";

/* Text in scripts that write words without spaces has no words for unicode61 to find. It is found by its runs of three
 * characters, in an index of its own that holds no other text and so costs nothing where there is none. */
static const char unspaced_text[] =
    "CREATE VIRTUAL TABLE action_trigram USING fts5(text, id UNINDEXED, content='action', content_rowid='rowid',\n"
    "    columnsize=0, tokenize='trigram');\n";

static void add_character(struct dk_buffer *out, int32_t character)
{
    const char bytes[] = {(char)(0xe0 | character >> 12), (char)(0x80 | (character >> 6 & 0x3f)),
                          (char)(0x80 | (character & 0x3f))};

    dk_buffer_add(out, bytes, sizeof bytes);
}

/* `<row>.text GLOB '*[first-last…]*'`: whether the text has a character of those scripts. */
static void add_unspaced(struct dk_buffer *out, const char *row)
{
    dk_buffer_format(out, "%s.text GLOB '*[", row);
    for (const struct dk_text_range *range = dk_text_unspaced_ranges; range->last != 0; range++) {
        add_character(out, range->first);
        dk_buffer_text(out, "-");
        add_character(out, range->last);
    }
    dk_buffer_text(out, "]*'");
}

static void add_unspaced_trigger(struct dk_buffer *out, const char *name, const char *event, bool removes)
{
    const char *row = removes ? "old" : "new";

    dk_buffer_format(out, "CREATE TRIGGER action_trigram_%s AFTER %s ON action WHEN ", name, event);
    add_unspaced(out, row);
    dk_buffer_format(
        out, " BEGIN\n    INSERT INTO action_trigram (%srowid, text, id) VALUES (%s%s.rowid, %s.text, %s.id);\nEND;\n",
        removes ? "action_trigram, " : "", removes ? "'delete', " : "", row, row, row);
}

void sqlite_fill_full_text(struct dk_buffer *out)
{
    dk_buffer_text(out, "INSERT INTO action_fts (action_fts) VALUES ('rebuild');\n"
                        "INSERT INTO action_trigram (rowid, text, id) SELECT rowid, text, id FROM action WHERE ");
    add_unspaced(out, "action");
    dk_buffer_text(out, " ORDER BY rowid;\n");
}

void sqlite_ddl(struct dk_buffer *out, const struct model *model, unsigned parts)
{
    size_t count;
    const struct model_index *indexes = model_indexes(&count);

    if (parts & DB_TABLES)
        for (size_t i = 0; i < model_count(model); i++)
            add_table(out, model, model_at(model, i), (parts & DB_PORTABLE) != 0);
    for (size_t i = 0; i < count; i++)
        if (parts & (indexes[i].loading ? DB_UNIQUE : DB_INDEXES))
            ddl_index(out, &indexes[i]);
    if (parts & DB_VIEWS)
        ddl_view(out);
    if (parts & DB_WORDS)
        dk_buffer_format(out, "%s%s", full_text, unspaced_text);
    if (parts & DB_TRIGGERS) {
        dk_buffer_text(out, triggers);
        add_unspaced_trigger(out, "insert", "INSERT", false);
        add_unspaced_trigger(out, "delete", "DELETE", true);
        add_unspaced_trigger(out, "update_old", "UPDATE", true);
        add_unspaced_trigger(out, "update_new", "UPDATE", false);
    }
}
