/* What the files of the PostgreSQL driver share: the session behind a struct db, and its statements. */
#ifndef DIFKIT_DB_POSTGRESQL_CONNECTION_H
#define DIFKIT_DB_POSTGRESQL_CONNECTION_H

#include "db/driver.h"
#include "db/period.h"
#include "db/postgresql/pq.h"
#include "db/postgresql/target.h"
#include "db/postgresql/translate.h"

/* A statement that the server has prepared, kept for the next that reads the same: what it takes and gives. */
struct prepared {
    char *sql;  /* as translated */
    Oid *given; /* types of parameters that we chose, 0 where the server did */
    char name[24];
    PGresult *about; /* its description */
    size_t users;
    unsigned used; /* when it was last asked for */
};

enum { PREPARED_MAX = 64 };

struct pg_db {
    struct db base;
    PGconn *conn;
    char *schema;
    bool (*check)(void *context); /* db_on_progress() */
    void *context;
    bool restricted; /* for a script of another author */
    bool superuser;
    bool lost;
    bool stopped; /* what runs was stopped by `check` */
    int64_t changes;
    struct pg_statement *streaming; /* whose rows are under way */
    struct prepared *prepared[PREPARED_MAX];
    unsigned clock, names;
    struct pg_column { /* columns of the tables and views of the schema, by their numbers on the server */
        Oid table;
        int number;
        char *table_name, *name;
    } * column;
    size_t columns, column_room;
};

/* A value bound to a parameter; text is our own copy, ends with zero, and is filled for numbers when they are sent. */
struct pg_value {
    enum db_type type;
    int64_t integer;
    double real;
    struct dk_buffer text;
};

struct pg_statement {
    struct db_statement base;
    struct pg_db *db;
    char *sql; /* as it was written */
    struct translated translated;
    struct prepared *prepared;
    struct pg_value *value; /* of the parameters */
    int columns;
    bool binary; /* every column has a type that is read in the binary format */
    struct db_origin *origin;
    struct db_periods periods;
    enum { PG_IDLE, PG_RUNNING, PG_DONE } state;
    PGresult *row;         /* that the last step gave */
    struct dk_buffer kept; /* rows that had to be read ahead, packed */
    size_t kept_at;
    PGresult *failed; /* what came behind them, when it was an error */
    unsigned rows;    /* so far, for a look at the limits now and then */
};

extern const struct db_driver postgresql_driver;

/* wait.c */
/* Waits until there is a result, looking at the limits meanwhile; NULL: nothing more, or the connection is lost. */
PGresult *pg_wait(struct pg_db *db);
/* Reads the results of what was sent to their end, and throws them away. */
void pg_drain(struct pg_db *db);
/* Ends what the server does for this session, from a connection of its own or by the process that can have one. */
void pg_cancel(struct pg_db *db);
/* From now on `cancel` ends it: for a process that must not connect. */
void pg_cancel_by(void (*cancel)(void));

/* value.c */
/* Whether the binary format of the type is read here. */
bool pg_is_binary(Oid type);
void pg_read_value(const PGresult *result, int row, int column, bool binary, struct db_value *value);

/* stream.c */
/* The next row of a statement that runs; at its end or when it fails *row is false, and *failed (to be cleared) says why. */
void pg_next_row(struct pg_statement *statement, struct db_value *values, bool *row, PGresult **failed);
/* Makes the connection free for another statement: the rest of what is being read is kept in memory. */
dk_status pg_make_free(struct pg_db *db, struct dk_error *err);
/* Gives up the rows that a statement has not given. */
void pg_stop_rows(struct pg_statement *statement);

/* error.c */
/* Fills err from what the server reported; `translated` and `sql` tell where in the SQL, or are NULL. */
dk_status pg_fail(struct pg_db *db, const PGresult *result, const struct translated *translated, const char *sql,
                  struct dk_error *err);
dk_status pg_fail_lost(struct dk_error *err);

/* ask.c */
/* Runs SQL of our own, one statement or more; *out gets the last result (to be cleared). NULL: none is wanted. */
dk_status pg_ask(struct pg_db *db, const char *sql, PGresult **out, struct dk_error *err);
/* The same one by one, as a server of several nodes wants statements that make tables. */
dk_status pg_ask_each(struct pg_db *db, const char *sql, struct dk_error *err);

/* prepared.c */
struct prepared *pg_prepare(struct pg_db *db, const struct translated *translated, const Oid *given, const char *sql,
                            struct dk_error *err);
void pg_unprepare(struct prepared *prepared);
void pg_forget_prepared(struct pg_db *db);

/* relations.c */
/* Fills table and column of `origin` for a column of a relation; both NULL for none of the schema. */
void pg_find_origin(struct pg_db *db, Oid table, int number, struct db_origin *origin);
void pg_forget_relations(struct pg_db *db);

/* statement.c */
dk_status pg_statement_prepare(struct db *db, const char *sql, size_t size, struct db_statement **out, struct dk_error *err);
void pg_statement_finish(struct db_statement *statement);
int pg_parameter_count(const struct db_statement *statement);
const char *pg_parameter_name(const struct db_statement *statement, int index);
dk_status pg_bind(struct db_statement *statement, int index, const struct db_value *value, bool borrowed,
                  struct dk_error *err);
void pg_reset(struct db_statement *statement);
int pg_column_count(const struct db_statement *statement);
const char *pg_column_name(const struct db_statement *statement, int column);
const char *pg_column_table(const struct db_statement *statement, int column);
dk_status pg_step(struct db_statement *statement, struct db_value *values, bool *row, struct dk_error *err);

/* dialect.c, writer.c */
void postgresql_ddl(struct dk_buffer *out, const struct model *model, unsigned parts);
extern const struct db_bulk postgresql_bulk;

/* connect.c */
dk_status pg_connect(const char *address, bool writable, struct pg_db **out, struct dk_error *err);

#endif
