/* The data model, written once: entities, their fields, and what each field may hold.
 *
 * Everything that knows the shape of the data reads this table: the tables of the database (core/db), the checks of the
 * loader (core/load), `difkit schema` and the JSON Schema for editors (schema.c), and core.schema() of the Lua module. */
#ifndef DIFKIT_MODEL_MODEL_H
#define DIFKIT_MODEL_MODEL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

enum {
    MODEL_VERSION = 2,              /* of the tables; meta.schema_version, and in the file. See model/history.h */
    MODEL_APPLICATION = 0x44696B74, /* "Dikt": by this number a file says that it is a database of difkit */
    MODEL_FIELDS_MAX = 24           /* of an entity; model.c does not compile when one has more */
};

/* The entities, parents before what refers to them. */
enum model_name {
    MODEL_FRAMEWORK,
    MODEL_DOCUMENT,
    MODEL_AREA,
    MODEL_TOPIC,
    MODEL_ACTION,
    MODEL_ABBREVIATION,
    MODEL_UNIT,
    MODEL_ALIAS,
    MODEL_GROUP,
    MODEL_MEMBER,
    MODEL_REDIRECT,
    MODEL_LINK,
    MODEL_SCHEME,
    MODEL_CODE,
    MODEL_CODING,
    MODEL_JUDGEMENT,
    MODEL_WORDING,
    MODEL_BODY,
    MODEL_ROUND,
    MODEL_REPLY,
    MODEL_PROGRESS,
    MODEL_INDICATOR,
    MODEL_SOURCE_FILE,
    MODEL_OBSERVATION,
    MODEL_TARGET,
    MODEL_SURVEY,
    MODEL_QUESTION,
    MODEL_CHOICE,
    MODEL_MISSING_CODE,
    MODEL_RESPONDENT,
    MODEL_REPLICATE,
    MODEL_REPLICATE_WEIGHT,
    MODEL_RESPONSE,
    MODEL_DECLARED_TABLE,
    MODEL_DECLARED_COLUMN,
    MODEL_DECLARED_KEY,
    MODEL_DECLARED_VALUE,
    MODEL_META,
    MODEL_COUNT
};

enum {
    MODEL_DECLARED_MAX = 64, /* tables that the data may declare for themselves (model/declared.h) */
    MODEL_ENTITIES_MAX = MODEL_COUNT + MODEL_DECLARED_MAX
};

enum model_type {
    MODEL_TEXT,
    MODEL_ID,    /* text that names the record; no spaces or control characters */
    MODEL_LABEL, /* a number as printed: stored as an integer when it is one, else as text */
    MODEL_INTEGER,
    MODEL_REAL,
    MODEL_YEAR,         /* 1 to 9999, stored as an integer */
    MODEL_DATE,         /* ISO 8601 day, YYYY-MM-DD */
    MODEL_PARTIAL_DATE, /* YYYY, YYYY-MM or YYYY-MM-DD */
    MODEL_PERIOD,    /* ISO/SDMX text: YYYY, YYYY-MM, YYYY-MM-DD, YYYY-Qn, YYYY-Sn, YYYY-Wnn; a year is read as an integer */
    MODEL_ENUM,      /* one of `values` */
    MODEL_REFERENCE, /* the id of a record of the entity `reference` */
    MODEL_DIGEST     /* SHA-256 in lower-case hexadecimal, or its beginning: 16 to 64 digits */
};

enum {
    MODEL_REQUIRED = 1, /* never null */
    MODEL_PRIMARY = 2,  /* part of the primary key */
    MODEL_APART = 4,    /* with others so marked, tells records apart where there is no primary key */
    MODEL_FILLED = 8,   /* required, but found out by the loader when it is left out */
    MODEL_POSITIVE = 16,
    MODEL_ANY_ID = 32   /* MODEL_ID: may be the id of a record of any entity */
};

/* One value that an enumerated field may have. */
struct model_value {
    const char *name;
    const char *help;
};

struct model_field {
    const char *name; /* of the column */
    const char *key;  /* in YAML and in the header of a CSV file; NULL: follows from where the record stands */
    enum model_type type;
    unsigned flags;
    enum model_name reference;        /* MODEL_REFERENCE: to what */
    const char *scope; /* MODEL_REFERENCE: column of this record that holds the parent of what is meant, or NULL */
    const struct model_value *values; /* ends with a NULL name; NULL: not enumerated */
    const char *fallback;             /* stands for a key that is not given, or NULL */
    int since;                        /* the version of the tables that brought it; 0: the first (see model/history.h) */
    const char *help;                 /* meaning, and the unit where there is one */
};

/* How the records of an entity stand in YAML. */
enum model_shape {
    MODEL_NOWHERE,  /* written by the loader alone */
    MODEL_SINGLE,   /* one mapping */
    MODEL_LIST,     /* a list of mappings */
    MODEL_BY_TOPIC, /* a mapping: topic -> list of mappings */
    MODEL_BY_TERM   /* a mapping: term -> mapping */
};

struct model_entity {
    const char *name;   /* of the table */
    const char *key;    /* in YAML: at the top of a file, or within the records of `parent` */
    const char *one;    /* "an action" */
    const char *many;   /* "actions" */
    enum model_shape shape;
    bool child;               /* stands in a list within the records of `parent` */
    bool nested;              /* may also stand in a list within the records of `parent` */
    enum model_name parent;
    const char *scalar;       /* key that a record written as a plain scalar fills, or NULL */
    const char *list;         /* key that may hold a list: one row each, or NULL */
    bool csv;                 /* {csv: FILE} may stand for records */
    const char *extend;       /* what `extend: true` in a record says, or NULL: it takes no such key */
    bool clustered;           /* stored in the order of its primary key */
    int since;                /* the version of the tables that brought it; 0: the first */
    const char *not_before[2][2]; /* columns that must not be less than another: {later, earlier} */
    const struct model_field *fields;
    size_t field_count;
    const char *help;
    int declared; /* of a table that the data declare its number, from MODEL_COUNT on; 0 of all others */
};

/* The entities, MODEL_COUNT of them, indexed by enum model_name. */
const struct model_entity *model_entities(void);

/* The tables of some data: the entities above, and behind them those that the data declare for themselves, by name. NULL
 * stands for data that declare none. */
struct model;
size_t model_count(const struct model *model);
/* The entity of a number below model_count(). */
const struct model_entity *model_at(const struct model *model, size_t number);
/* The entity whose table has this name, or NULL. */
const struct model_entity *model_table(const struct model *model, const char *name);

/* The entity whose YAML key at the top of a file is `key`, or NULL. */
const struct model_entity *model_entity_by_key(const struct model *model, const char *key, size_t size);
/* The entity that stands in lists under `key` within records of `parent`, or NULL. */
const struct model_entity *model_child_by_key(enum model_name parent, const char *key, size_t size);
/* Whether the records stand, or may stand, in a list within those of `parent`. */
bool model_within(const struct model_entity *entity, enum model_name parent);
/* The number of an entity: its place in the model that it belongs to. */
enum model_name model_name_of(const struct model_entity *entity);

/* Whether the records have an id of their own, by which others may name them. */
bool model_has_id(const struct model_entity *entity);
/* Whether the records have an id that is unique within their parent alone, which their first field names. */
bool model_has_scoped_id(const struct model_entity *entity);
/* Whether its records name units, so that a CSV file of them may call these otherwise. */
bool model_names_units(const struct model_entity *entity);
/* The field by which people know a record that has an id: its title, or else its text, or else the id. */
int model_title(const struct model_entity *entity);

/* Index of the field, or -1. */
int model_field_by_name(const struct model_entity *entity, const char *name);
int model_field_by_key(const struct model_entity *entity, const char *key, size_t size);

/* An observation without a value must have a flag; these codes say that there is none, and forbid a value. */
bool model_flag_means_missing(const char *flag);
/* These codes describe a value, and forbid its absence. */
bool model_flag_needs_value(const char *flag);

/* What a type looks like, for messages and help: "a date such as 2025-10-26". */
const char *model_type_text(enum model_type type);
/* The type's name: "text", "id", "integer" … */
const char *model_type_name(enum model_type type);

/* An index beside that of a primary key. */
struct model_index {
    enum model_name entity;
    bool unique;
    bool loading; /* the loader needs it while it loads, to find what is there twice; others are built over finished rows */
    const char *columns;
};
const struct model_index *model_indexes(size_t *count);

/* A column of the view action_full: an action with the titles and ids of its document, topic and area. */
struct model_view_column {
    const char *name, *table, *column;
    const char *fallback; /* stands for the column where it is null, or NULL */
};
const struct model_view_column *model_view(size_t *count);

/* Appends the columns of a table, separated by commas; with origin, it stands last. */
void model_columns(struct dk_buffer *out, const struct model_entity *entity, bool with_origin);
/* Appends the columns of the primary key, separated by commas; returns how many there are. */
size_t model_primary(struct dk_buffer *out, const struct model_entity *entity);
/* Appends the columns that tell the records of an entity apart, separated by commas. */
void model_order(struct dk_buffer *out, const struct model_entity *entity);

/* Appends a description for people; `width` is the width of a line. */
void model_text(struct dk_buffer *out, const struct model *model, size_t width);
/* Appends a JSON Schema (draft-07) of a YAML file, for editors. */
void model_json_schema(struct dk_buffer *out, const struct model *model);

#endif
