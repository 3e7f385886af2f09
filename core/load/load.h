/* Loading: folders and files of framework YAML -> checked records -> a database.
 *
 * A load reports every error it can find, in the order of the files, and changes nothing unless all is valid.
 * Each finding names file, line and column, what is wrong, what was expected, and a near miss where there is one. */
#ifndef DIFKIT_LOAD_LOAD_H
#define DIFKIT_LOAD_LOAD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "db/db.h"
#include "model/model.h"

enum {
    LOAD_FINDINGS_MAX = 100,       /* findings kept; the rest is counted */
    LOAD_DEPTH_MAX = 32,           /* nesting of a YAML file */
    LOAD_SCALAR_MAX = 1024 * 1024, /* bytes of one scalar */
    LOAD_FILE_MAX = 1024 * 1024 * 1024
};

/* The findings of a check or a load. */
struct load_report {
    struct dk_error *finding;
    size_t count; /* kept in `finding` */
    size_t total; /* found in all */
    struct dk_buffer records; /* "5 documents, 244 actions, …", when load_to_file() has written them */
};
void load_report_free(struct load_report *report);

/* What is loaded: paths of folders or YAML files, read in the order given, the files of a folder in the order of their
 * names. "@bundled" stands for the framework that the program carries. The paths after an "@over" are laid over those
 * before: what has no id of its own (observations, progress …) takes the place of a record with the same key. */
struct load_source {
    const char *const *path;
    size_t count;
    bool portable; /* the tables are made so that an older program can read them as well */
    bool distribute; /* on a server: over its nodes */
};

/* Checks only. DK_OK: no findings. DK_ERROR with err->code DK_DATA: see the report; with another code: err says what failed.
 */
dk_status load_check(const struct load_source *source, struct load_report *report, struct dk_error *err);

/* Loads into an empty, writable database (schema made here), in one transaction. */
dk_status load_into(struct db *db, const struct load_source *source, struct load_report *report, struct dk_error *err);

/* Loads into a new database file that takes the place of `path` when it is complete, and not before. */
dk_status load_to_file(const char *path, const struct load_source *source, struct load_report *report,
                       struct dk_error *err);

/* Appends "5 documents, 244 actions, …": what there is any of. */
dk_status load_count(struct db *db, struct dk_buffer *out, struct dk_error *err);
/* Appends one of them, unless there are none. */
void load_add_count(struct dk_buffer *out, const struct model_entity *entity, int64_t count);

/* The content digest of a database: SHA-256 in hexadecimal of all that its records say, as load puts it into meta. It does
 * not depend on files, lines or the order of loading; after a change it differs from meta.content_digest. */
dk_status load_content_digest(struct db *db, char out[65], struct dk_error *err);

/* The version of difkit, as in `difkit --version` and meta. */
const char *difkit_version(void);

#endif
