/* What a database driver provides. db.c dispatches to it; every function has the contract of its namesake in db.h. */
#ifndef DIFKIT_DB_DRIVER_H
#define DIFKIT_DB_DRIVER_H

#include "db/db.h"
#include "model/model.h"

struct db_driver {
    const char *name;
    unsigned capabilities; /* enum db_capability, added up */
    void (*close)(struct db *db);
    dk_status (*restrict_to_data)(struct db *db, struct dk_error *err);
    dk_status (*make_read_only)(struct db *db, struct dk_error *err);
    void (*on_progress)(struct db *db, bool (*check)(void *context), void *context);
    dk_status (*limit_time)(struct db *db, double seconds, struct dk_error *err); /* NULL: the check is enough */
    dk_status (*snapshot)(struct db *db, const char *path, struct dk_error *err); /* NULL without DB_SNAPSHOT */
    dk_status (*define)(struct db *db, const struct db_function *function,
                        struct dk_error *err); /* NULL without DB_DEFINE */
    void (*ddl)(struct dk_buffer *out, const struct model *model, unsigned parts);
    const char *const *sql; /* by enum db_sql */
    const struct db_bulk *bulk;
    dk_status (*run)(struct db *db, const char *sql, struct dk_error *err);
    int64_t (*changes)(const struct db *db);
    dk_status (*prepare)(struct db *db, const char *sql, size_t size, struct db_statement **out, struct dk_error *err);
    void (*finish)(struct db_statement *statement);
    int (*parameter_count)(const struct db_statement *statement);
    const char *(*parameter_name)(const struct db_statement *statement, int index);
    dk_status (*bind)(struct db_statement *statement, int index, const struct db_value *value, bool borrowed,
                      struct dk_error *err);
    void (*reset)(struct db_statement *statement);
    int (*column_count)(const struct db_statement *statement);
    const char *(*column_name)(const struct db_statement *statement, int column);
    const char *(*column_table)(const struct db_statement *statement, int column);
    dk_status (*step)(struct db_statement *statement, struct db_value *values, bool *row, struct dk_error *err);
};

/* Rows on their way into a table (bulk.h). */
struct db_writer {
    dk_status (*row)(struct db_writer *writer, const struct db_value *values, struct dk_error *err);
    dk_status (*close)(struct db_writer *writer, bool keep, struct dk_error *err); /* frees it, whatever comes */
};

/* Filling a new database (bulk.h). A file database has the first four, a server the last three. */
struct db_bulk {
    dk_status (*new_file)(struct db *db, struct dk_error *err);
    dk_status (*begin)(struct db *db, int application, int version, struct dk_error *err);
    dk_status (*end)(struct db *db, bool commit, struct dk_error *err);
    dk_status (*add_begin)(struct db *db, struct dk_error *err); /* NULL: a transaction as any other does; ended by `end` */
    /* These are NULL without DB_FULL_TEXT. */
    dk_status (*full_text)(struct db *db, bool begin, struct dk_error *err);
    dk_status (*index)(struct db *db, int64_t number, const struct db_value *id, const struct db_value *text,
                       struct dk_error *err);
    dk_status (*take_full_text)(struct db *db, struct db *side, struct dk_error *err);
    void (*fill_full_text)(struct dk_buffer *sql); /* SQL that indexes all actions */
    dk_status (*open_writer)(struct db *db, const char *table, const char *const *column, size_t count,
                             struct db_writer **out, struct dk_error *err); /* NULL: INSERT does */
    dk_status (*replace_begin)(struct db *db, const struct model *model, bool distribute, struct dk_error *err);
    dk_status (*replace_end)(struct db *db, const struct model *model, bool keep, struct dk_error *err);
};

/* What every driver's own structures begin with. */
struct db {
    const struct db_driver *driver;
    char *path;
    bool writable;
    struct model *model; /* of the tables that the data declare (declared.h), or NULL */
    bool model_known;
};

struct db_statement {
    const struct db_driver *driver;
};

/* Adds to an error in a statement the line and column of the SQL text where it stands, `offset` bytes from the beginning. */
void db_place_in_sql(const char *sql, size_t offset, struct dk_error *err);

dk_status postgresql_open(const char *address, enum db_mode mode, struct db **out, struct dk_error *err);
void postgresql_show(const char *address, struct dk_buffer *out);
dk_status postgresql_connect_ahead(const char *address, bool writable, struct dk_error *err);
size_t postgresql_descriptors(int *out, size_t most);
void postgresql_leave(void);
void postgresql_cancel_all(void);
void postgresql_inherit(void (*cancel)(void));
double postgresql_waited(void);

dk_status sqlite_open(const char *path, enum db_mode mode, struct db **out, struct dk_error *err);
bool sqlite_is_file_name(const char *path);
dk_status sqlite_migrate(const char *path, int *version, struct dk_buffer *backup, struct dk_error *err);
void sqlite_ddl(struct dk_buffer *out, const struct model *model, unsigned parts);
dk_status sqlite_open_image(const void *bytes, size_t size, bool writable, struct db **out, struct dk_error *err);

#endif
