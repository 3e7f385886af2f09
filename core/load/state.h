/* One load: what its parts share. Private to core/load.
 *
 * The way of the data: files.c finds the files; yaml.c, record_reader.c and reader.c read records from YAML, table.c from
 * CSV; value.c and record.c check these against the model; extend.c adds topics to areas of other files; store.c writes them
 * in a thread of its own (stage.c those that have to be sorted first); digest.c says what came out. */
#ifndef DIFKIT_LOAD_STATE_H
#define DIFKIT_LOAD_STATE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/meter.h"
#include "load/arena.h"
#include "load/digest.h"
#include "load/ids.h"
#include "load/load.h"
#include "load/store.h"
#include "model/model.h"

enum { FIELDS_MAX = MODEL_FIELDS_MAX };

/* A path that was given. */
struct load_folder {
    const char *path;   /* as given */
    bool bundled;       /* "@bundled": the files are in the program */
    bool single;        /* a file, not a folder */
    bool extends;       /* its framework says that other files may add to its areas */
    char *framework;    /* id of the framework that was defined in it, or NULL */
    struct place framework_place;
};

struct load_file {
    char *name;  /* within the folder; what `origin` says */
    char *path;  /* for messages */
    size_t folder;
    uint64_t order; /* findings are sorted by it: a CSV file comes right behind the file that names it */
    const unsigned char *bytes; /* of a file in the program, or NULL */
    size_t size;
    char digest[65]; /* SHA-256, once read */
    bool extends;    /* says `extend: true` */
};

struct declared_row;

/* A reference to what was not defined yet when it was read. */
struct pending {
    struct id_key key; /* copied */
    const struct model_entity *entity;
    const struct model_field *field; /* NULL: a topic that actions stand under */
    struct place place;
};

struct redirection {
    const char *from;
    const char *to;
    struct place from_place;
    struct place to_place;
};

/* An area that may add topics to one that is defined elsewhere (extend.c). */
struct extension {
    struct row *row;    /* in the late batch; its topics follow it */
    struct place place; /* of the id */
    struct place title; /* of the first key that the other has already; line 0: none given */
    bool asked;         /* it says `extend: true` */
};

/* A CSV file to be read when all YAML has been. */
struct table {
    const struct model_entity *entity;
    struct row *common; /* values that hold for all rows */
    unsigned given;     /* which fields those are, a bit each */
    uint32_t file;
    size_t number;  /* in the order of the YAML */
    char units[16]; /* the system by which its column of units is matched (names/match.h), or "" */
};

/* What a name in a file of data means: an alias of a unit, or what units.yaml decides (decisions.c). */
struct known_name {
    const char *key; /* folded */
    size_t key_size;
    const char *unit; /* NULL: it is left out */
    size_t unit_size;
};

struct finding {
    uint64_t order;
    size_t number; /* in which it was found */
    struct dk_error err;
};

struct load {
    struct db *db;
    const struct model *model; /* with the tables that the files declare; NULL before they are read */
    struct store store;
    struct batch *batch; /* being filled */
    struct batch *late;  /* rows that wait for the id of their framework */
    struct batch *declared;           /* rows of tables:, until the tables are made */
    struct declared_row *declaration; /* each of them with its places (declare.c) */
    size_t declaration_count, declaration_capacity;
    struct ids ids;
    struct arena texts;
    struct record_digests actions; /* the ids are those in `ids` */
    struct dk_buffer scratch;

    pthread_mutex_t lock; /* over files, findings and their counts: the store's thread finds things too */
    struct load_folder *folder;
    size_t folder_count;
    size_t base; /* paths from here on are laid over the others; 0: none */
    struct load_file *file;
    size_t file_count, file_capacity;
    struct finding *finding;
    size_t finding_count, finding_total;

    struct extension *extension;
    size_t extension_count, extension_capacity;
    struct pending *pending;
    size_t pending_count, pending_capacity;
    struct redirection *redirection;
    size_t redirection_count, redirection_capacity;
    struct table *table;
    size_t table_count, table_capacity;
    struct known_name *known;
    size_t known_count, known_capacity;
    struct dk_meter meter;
    uint64_t bytes_read; /* of the files before the one that is being read */
    bool complete;       /* every id of YAML is defined: references to them are checked at once */
    bool tables_read;    /* those of CSV files as well */
};

/* Numbers of kinds of keys that are no entity, for the table of ids. */
enum { KEY_CELL = MODEL_ENTITIES_MAX, KEY_REDIRECT };

/* files.c */
dk_status load_find_files(struct load *load, const struct load_source *source, struct dk_error *err);
/* A CSV file that `from` names; fails when there is none, or when it is outside of the folder. */
dk_status load_add_table_file(struct load *load, uint32_t from, const char *name, uint32_t *out, struct dk_error *err);
/* Bytes of a file; 0 when that cannot be said. */
uint64_t load_file_size(const struct load_file *file);
/* Checks that text[0..size) is UTF-8 without control characters; fills `err` with what is wrong, and its line and column. */
bool load_check_encoding(const unsigned char *text, size_t size, struct dk_error *err);

/* decisions.c: names that mean a unit, or are left out (`unit` NULL). */
void load_know_name(struct load *load, const char *text, size_t size, const char *unit, size_t unit_size);
/* NULL when nothing is known of the name. A name that was decided first counts. */
const struct known_name *load_known_name(struct load *load, const char *text, size_t size);

/* findings.c */
void load_find(struct load *load, struct place place, struct dk_error *err);
/* Reports that the record lacks the key of a field, or leaves it empty (`place` has a line). */
void load_find_missing(struct load *load, const struct model_entity *entity, struct row *row,
                       const struct model_field *field, struct place place);
/* "path:line:column" of a place. */
void load_place_text(struct load *load, struct place place, char *out, size_t size);
void load_hand_over(struct load *load, struct load_report *report);

/* value.c: reads a scalar as the field wants it; text is copied into the arena. A null leaves DB_NULL. */
struct scalar {
    const char *text;
    size_t size;
    bool plain;  /* not in quotes */
    bool cell;   /* from a CSV file: everything is unquoted text there, and an empty cell is null */
};
bool load_value(const struct model_entity *entity, const struct model_field *field, const struct scalar *scalar,
                struct arena *arena, struct db_value *out, struct dk_error *err);

/* record.c */
struct row *load_row(struct load *load, struct batch *batch, const struct model_entity *entity, struct place place);
/* Checks a row that was read, `place[i]` being where its field i stands (line 0: nowhere): defaults, what is missing,
 * references, rules between fields. Marks the row to be skipped when it is unfit. */
void load_finish_row(struct load *load, const struct model_entity *entity, struct row *row, const struct place *place);
/* Checks one reference of a row. */
void load_reference(struct load *load, const struct model_entity *entity, struct row *row, int field, struct place place);
/* Notes what a code of a survey says of an answer that is missing. */
void load_define_missing(struct load *load, const struct row *row);
/* Defines the id of a row. */
void load_define(struct load *load, const struct model_entity *entity, struct row *row, struct place place);
/* Hands the batch over when it is full. */
void load_flush(struct load *load, bool now);
/* After all YAML was read: what is still referred to and not defined, redirects, frameworks. */
void load_complete(struct load *load);
/* After all CSV files were read: references to records that stand in them. */
void load_end_tables(struct load *load);
void load_set_text(struct db_value *value, const char *text, size_t size);

/* Notes the digest of an action once all its values are known. */
void load_note_action(struct load *load, const struct row *row);

/* check.c: the rules between the fields of a row that was read. */
void load_check_row(struct load *load, const struct model_entity *entity, struct row *row, const struct place *place);
/* The place of a field, or of the record where the field does not stand in it. */
static inline struct place load_place_or(const struct place *place, int field, const struct row *row)
{
    return place[field].line > 0 ? place[field] : row->place;
}
/* rules.c: once all is stored, what breaks a rule over several records. */
dk_status load_ask_rules(struct load *load, struct dk_error *err);

/* declare.c: tables that the files declare for themselves. */

/* Makes load->model of the records that were noted. */
void load_declare(struct load *load);
/* Notes a record of load->declared, and where its fields stand. */
void load_note_declaration(struct load *load, const struct row *row, const struct place *place);

/* extend.c */
void load_note_extension(struct load *load, const struct extension *extension);
/* Once all is read: which areas extend others, and the positions of the topics that they add. */
void load_extend(struct load *load);

/* yaml.c, table.c */
dk_status load_yaml(struct load *load, uint32_t file, struct dk_error *err);
/* Reads what the files say under tables: alone, and reports nothing else; before load_declare(). */
dk_status load_yaml_tables(struct load *load, struct dk_error *err);
dk_status load_table(struct load *load, const struct table *table, struct dk_error *err);

#endif
