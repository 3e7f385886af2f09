/* The database driver interface: what the rest of difkit knows of a database.
 *
 * A driver fills struct db_driver; db.c dispatches. The SQLite driver is in the folder sqlite: nothing outside core/db
 * knows of it.
 * What only some databases can do is asked for with db_can() and refused with a clear error where it is missing.
 * Values of a row are handed over all at once, one call a row, and are borrowed until the next step. */
#ifndef DIFKIT_DB_DB_H
#define DIFKIT_DB_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"

struct db;
struct dk_output; /* base/file.h */
struct db_statement;

enum db_type { DB_NULL, DB_INTEGER, DB_REAL, DB_TEXT, DB_BLOB };

struct db_value {
    enum db_type type;
    union {
        int64_t integer;
        double real;
        struct {
            const char *bytes; /* not terminated */
            size_t size;
        } text; /* DB_TEXT and DB_BLOB */
    };
};

enum db_mode {
    DB_READ,  /* an existing database, read-only */
    DB_WRITE, /* an existing database, to read and write */
    DB_CREATE /* a new database; the file must not exist */
};

enum db_capability {
    DB_FULL_TEXT = 1, /* MATCH on action_fts, highlight() */
    DB_DEFINE = 2,    /* SQL functions defined by the program */
    DB_SNAPSHOT = 4   /* a consistent copy into a file */
};

/* Whether the name is that of a database file rather than of a folder or file of YAML. */
bool db_is_file_name(const char *path);
/* Whether the name is the address of a server: postgresql://… */
bool db_is_server(const char *path);
/* The name of a database as it may be shown: without a password. */
void db_show_name(const char *path, struct dk_buffer *out);
/* Opens a database file, a database on a server, or ":memory:" with DB_CREATE. One whose tables are of an older version is
 * read in a copy that is up to date (in memory, so that the file must not be large), and not opened to write. On error *out
 * is NULL. */
dk_status db_open(const char *path, enum db_mode mode, struct db **out, struct dk_error *err);
/* Whether a new database may take the place of what is at `path`: nothing, an empty file, or a database of difkit that
 * nobody is writing. */
dk_status db_may_replace(const char *path, struct dk_error *err);
/* The same, at the moment of replacing: until db_release() nobody can begin to write the old database. */
dk_status db_hold(const char *path, int *held, struct dk_error *err);
void db_release(int held);
/* Puts a database that was written as `output` in its place, unless somebody has begun to write what stands there. */
dk_status db_publish(struct dk_output *output, struct dk_error *err);
/* Brings a database file whose tables are of an older version (model/history.h) up to date, at once or not at all. *version
 * gets what they were, `backup` the new name under which the file as it was is kept; with the version of today nothing is
 * done, and there is no backup. */
dk_status db_migrate(const char *path, int *version, struct dk_buffer *backup, struct dk_error *err);
/* Opens a database from the bytes of a database file. Read-only it borrows `bytes`, which must outlive it; writable it
 * works on a copy in memory. */
dk_status db_open_image(const void *bytes, size_t size, bool writable, struct db **out, struct dk_error *err);
/* Closes; statements that are still open must have been finished before. NULL is allowed. */
void db_close(struct db *db);

bool db_can(const struct db *db, enum db_capability capability);
bool db_writable(const struct db *db);
/* The path it was opened with; ":memory:" for one in memory. Borrowed from db. */
const char *db_path(const struct db *db);

/* Allows no more changes, of a database that was filled in memory. */
dk_status db_make_read_only(struct db *db, struct dk_error *err);
/* Takes away what a script of another author must not do: reach other files, load extensions, change settings or the
 * schema table, call functions that reach beyond the data. To be called last, when nothing has to be set any more. */
dk_status db_restrict(struct db *db, struct dk_error *err);
/* Limits the memory of all databases of this program together; a statement that needs more fails with DK_LIMIT. To be called
 * before the first database is opened. */
void db_limit_memory(size_t bytes);
/* From now on the journal of this file is emptied, not removed: for a process that may write a database and its journal, and
 * make and remove nothing beside them. The path must stay. */
void db_keep_journal(const char *path);
/* `check` is called now and then while a statement runs; when it returns true the statement ends with a DK_LIMIT error.
 * NULL takes the check away. */
void db_on_progress(struct db *db, bool (*check)(void *context), void *context);

/* Seconds of a run, for a database that has a clock of its own. */
dk_status db_limit_time(struct db *db, double seconds, struct dk_error *err);
/* Seconds that this process has waited for servers: it uses no processor meanwhile. */
double db_waited(void);

/* For a process that works in a child which must not connect: connects now, for the next db_open() of that address. */
dk_status db_connect_ahead(const char *address, bool writable, struct dk_error *err);
/* The descriptors of these sessions, which the child has to keep; returns how many. */
size_t db_descriptors(int *out, size_t most);
/* In the parent, when the child is there: closes its copies, and leaves the sessions to the child. */
void db_leave_sessions(void);
/* In the parent: ends what the servers do for the child. */
void db_cancel_sessions(void);
/* In the child: `cancel` asks the parent to do that. */
void db_inherit_sessions(void (*cancel)(void));

/* Copies the database, as it is at one moment, into the new file at `path`, which must not exist or be empty, and checks the
 * copy: one of a damaged database is refused. The caller removes it when that fails. Needs DB_SNAPSHOT. */
dk_status db_snapshot(struct db *db, const char *path, struct dk_error *err);

/* Where a function of SQL that the program defines puts its result, once a call; text and blobs are copied. */
struct db_answer {
    void (*give)(struct db_answer *answer, const struct db_value *value);
};

enum { DB_ARGUMENTS_MAX = 100, DB_FUNCTION_NAME_MAX = 64 };

/* A function of SQL: a scalar one has `call`, an aggregate `step` and `finish`. Each returns false when it failed, which
 * ends the statement with an error. */
struct db_function {
    const char *name;
    int arguments;      /* how many it takes; -1: any number up to DB_ARGUMENTS_MAX */
    bool deterministic; /* the same arguments give the same result: the database may call it less often */
    bool (*call)(void *context, const struct db_value *values, int count, struct db_answer *answer);
    /* A row of a group; *group is 0 at the first, and kept for the next. */
    bool (*step)(void *context, int64_t *group, const struct db_value *values, int count);
    /* The end of a group; *group is 0 for one without rows. Also called for groups that are given up, without need for an
     * answer. */
    bool (*finish)(void *context, int64_t *group, struct db_answer *answer);
    void (*release)(void *context); /* when the function is replaced or the database closed; also when defining fails */
    void *context;
};

/* Defines a function, or replaces one defined before. Statements may call it, views and triggers of the database not. Needs
 * DB_DEFINE. Names that the database itself uses are refused. */
dk_status db_define(struct db *db, const struct db_function *function, struct dk_error *err);

/* The parts of a database, made in this order. */
enum db_part {
    DB_TABLES = 1,
    DB_UNIQUE = 2, /* unique indexes over what is no primary key; the loader relies on them */
    DB_INDEXES = 4,
    DB_VIEWS = 8,
    DB_WORDS = 16,    /* the full-text indexes */
    DB_TRIGGERS = 32, /* that keep them in step with the actions */
    DB_ALL = 63,
    DB_PORTABLE = 64 /* beside the parts: tables that an older program can read as well */
};
/* Makes the chosen parts of a model (core/model); NULL: that of data that declare no tables. */
struct model;
dk_status db_make(struct db *db, const struct model *model, unsigned parts, struct dk_error *err);
/* The same as text, as it is for database files. */
void db_ddl(struct dk_buffer *out, const struct model *model, unsigned parts);

/* SQL that is another for each kind of database. */
enum db_sql {
    DB_SQL_TABLES,     /* a query: name and kind ("table", "view", "index") of all that can be read */
    DB_SQL_ROW_NUMBER, /* the column that numbers the rows of a table in the order in which they were stored */
    DB_SQL_TEMPORARY,  /* the schema of tables that this session alone has */
    DB_SQL_SEARCH,     /* how words are found: "index", by tables action_fts and action_trigram, or "words", by functions */
    DB_SQL_HAS         /* a query with one parameter: whether there is a table of that name, a row or none */
};
const char *db_sql(const struct db *db, enum db_sql what);

/* What the database says is wrong with a statement. */
enum db_problem {
    DB_PROBLEM,           /* anything else */
    DB_UNKNOWN_FUNCTION,
    DB_UNKNOWN_NAME,      /* of a table, a column … */
};
/* Tells what a message of the database is about; `word` gets the word of the SQL that it complains of, or "". */
enum db_problem db_problem_of(const char *message, char *word, size_t size);

/* Runs one or more statements and throws their rows away. */
dk_status db_run(struct db *db, const char *sql, struct dk_error *err);
/* Rows changed by the last statement that changed any. */
int64_t db_changes(const struct db *db);

/* Prepares the one statement in sql[0..size). More than one statement, or none, is a DK_USAGE error. */
dk_status db_prepare(struct db *db, const char *sql, size_t size, struct db_statement **out, struct dk_error *err);
void db_finish(struct db_statement *statement);

int db_parameter_count(const struct db_statement *statement);
/* The name of parameter `index` (1-based) without its ":", "@" or "$"; NULL for one without a name. */
const char *db_parameter_name(const struct db_statement *statement, int index);
/* 1-based index of the named parameter (":name", "@name", "$name" all as `name`), 0 when there is none. */
int db_parameter_index(const struct db_statement *statement, const char *name);
/* Binds parameter `index` (1-based). Text and blobs are copied unless `borrowed`, when they must outlive the next step. */
dk_status db_bind(struct db_statement *statement, int index, const struct db_value *value, bool borrowed,
                  struct dk_error *err);
/* Makes the statement ready to run again; bindings stay. */
void db_reset(struct db_statement *statement);

int db_column_count(const struct db_statement *statement);
const char *db_column_name(const struct db_statement *statement, int column); /* 0-based; borrowed from the statement */
/* The table that a column comes from, through views; NULL for an expression. Borrowed from the statement. */
const char *db_column_table(const struct db_statement *statement, int column);

/* Advances to the next row: *row says whether there is one, and then values[0..columns) are its columns. `values` may be
 * NULL when the columns are not wanted. */
dk_status db_step(struct db_statement *statement, struct db_value *values, bool *row, struct dk_error *err);

#endif
