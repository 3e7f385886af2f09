/* Statements: translated, prepared by the server, their values sent as text and typed by the server. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/number.h"
#include "db/declared.h"
#include "db/postgresql/connection.h"
#include "model/model.h"

enum { TYPE_INT8 = 20, TYPE_INT2 = 21, TYPE_INT4 = 23, TYPE_TEXT = 25, TYPE_FLOAT8 = 701 };

static struct pg_statement *statement_of(const struct db_statement *statement)
{
    return (struct pg_statement *)(uintptr_t)statement; /* the interface is const where nothing is seen to change */
}

/* What a script of another author may send. A statement that changes data or tables has to be allowed to; what changes the
 * session, reaches files of the server or runs its programs never is. */
static bool is_allowed(const struct pg_db *db, const struct translated *translated)
{
    static const char *const reading[] = {"SELECT", "VALUES", "WITH", "TABLE", "EXPLAIN", NULL};
    static const char *const writing[] = {"INSERT", "UPDATE", "DELETE", "MERGE", NULL};

    for (size_t i = 0; reading[i] != NULL; i++)
        if (strcmp(translated->first, reading[i]) == 0)
            return true;
    for (size_t i = 0; db->base.writable && writing[i] != NULL; i++)
        if (strcmp(translated->first, writing[i]) == 0)
            return true;
    return !db->restricted && strcmp(translated->first, "COPY") != 0;
}

/* Which parameter a message of the server means that could not tell its type: "$2" is in it in every language. */
static size_t undecided(const struct dk_error *err, size_t count)
{
    const char *sign = strchr(err->message, '$');
    unsigned long number = 0;

    if (sign == NULL || sscanf(sign + 1, "%lu", &number) != 1 || number < 1 || number > count)
        return 0;
    return number;
}

/* Prepares; a parameter whose type nothing in the statement tells is taken for a text. */
static struct prepared *prepare_typed(struct pg_db *db, const struct translated *translated, const char *sql,
                                      struct dk_error *err)
{
    Oid *given = dk_alloc_zeroed(translated->count + 1, sizeof *given);
    struct dk_error said = {0};
    struct prepared *prepared = pg_prepare(db, translated, NULL, sql, &said);
    size_t number;

    while (prepared == NULL && pq.PQtransactionStatus(db->conn) == PQTRANS_IDLE &&
           (number = undecided(&said, translated->count)) > 0 && given[number - 1] == 0) {
        given[number - 1] = TYPE_TEXT;
        prepared = pg_prepare(db, translated, given, sql, &said);
    }
    free(given);
    if (prepared == NULL && err != NULL)
        *err = said;
    return prepared;
}

/* Numbers as printed and periods are text here, an integer where they are one. */
static bool is_label(const struct db_origin *origin)
{
    for (size_t i = 0; i < MODEL_COUNT && origin->table != NULL; i++) {
        const struct model_entity *entity = &model_entities()[i];
        int field = strcmp(entity->name, origin->table) == 0 ? model_field_by_name(entity, origin->column) : -1;

        if (field >= 0)
            return entity->fields[field].type == MODEL_LABEL;
    }
    return false;
}

static void describe_columns(struct pg_statement *statement)
{
    const PGresult *about = statement->prepared->about;
    const struct model *model;

    (void)db_model(&statement->db->base, &model, NULL);
    statement->columns = pq.PQnfields(about);
    statement->binary = true;
    statement->origin = dk_alloc_zeroed((size_t)statement->columns + 1, sizeof *statement->origin);
    for (int i = 0; i < statement->columns; i++) {
        statement->binary = statement->binary && pg_is_binary(pq.PQftype(about, i));
        statement->origin[i].name = pq.PQfname(about, i);
        pg_find_origin(statement->db, pq.PQftable(about, i), pq.PQftablecol(about, i), &statement->origin[i]);
    }
    db_find_periods(statement->sql, model, statement->origin, (size_t)statement->columns, statement->translated.count > 0,
                    &statement->periods);
    for (int i = 0; i < statement->columns; i++)
        if (is_label(&statement->origin[i])) {
            if (statement->periods.column == NULL)
                statement->periods.column = dk_alloc_zeroed((size_t)statement->columns, sizeof(bool));
            statement->periods.column[i] = true;
        }
}

static dk_status check_statement(const struct pg_db *db, const struct pg_statement *statement, size_t size,
                                 struct dk_error *err)
{
    const struct translated *translated = &statement->translated;
    struct translated rest;
    bool several;

    if (translated->empty)
        return dk_fail(err, DK_USAGE, "there is no statement in the SQL text");
    translate(&rest, statement->sql + translated->end, size - translated->end);
    several = !rest.empty;
    translated_free(&rest);
    if (several) {
        dk_fail(err, DK_USAGE, "the SQL text holds more than one statement");
        dk_hint(err, "run them one by one");
        return DK_ERROR;
    }
    if (is_allowed(db, translated))
        return DK_OK;
    dk_fail(err, DK_USAGE, "%s is not for a script", translated->first);
    dk_hint(err, "a script reads and changes data, and nothing else; run your own script with --trust");
    return DK_ERROR;
}

dk_status pg_statement_prepare(struct db *base, const char *sql, size_t size, struct db_statement **out,
                               struct dk_error *err)
{
    struct pg_db *db = (struct pg_db *)base;
    struct pg_statement *statement;

    if (memchr(sql, '\0', size) != NULL)
        return dk_fail(err, DK_USAGE, "the SQL text holds a zero byte");
    statement = dk_alloc_zeroed(1, sizeof *statement);
    statement->base.driver = base->driver;
    statement->db = db;
    statement->sql = memcpy(dk_alloc(size + 1), sql, size);
    statement->sql[size] = '\0';
    translate(&statement->translated, statement->sql, size);
    statement->value = dk_alloc_zeroed(statement->translated.count + 1, sizeof *statement->value);
    if (check_statement(db, statement, size, err) == DK_OK)
        statement->prepared = prepare_typed(db, &statement->translated, statement->sql, err);
    if (statement->prepared == NULL) {
        pg_statement_finish(&statement->base);
        return DK_ERROR;
    }
    describe_columns(statement);
    *out = &statement->base;
    return DK_OK;
}

void pg_statement_finish(struct db_statement *base)
{
    struct pg_statement *statement = statement_of(base);

    pg_stop_rows(statement);
    pg_unprepare(statement->prepared);
    for (size_t i = 0; i < statement->translated.count; i++)
        dk_buffer_free(&statement->value[i].text);
    free(statement->value);
    free(statement->origin);
    db_free_periods(&statement->periods);
    translated_free(&statement->translated);
    free(statement->sql);
    free(statement);
}

int pg_parameter_count(const struct db_statement *statement)
{
    return (int)statement_of(statement)->translated.count;
}

const char *pg_parameter_name(const struct db_statement *statement, int index)
{
    return statement_of(statement)->translated.name[index - 1];
}

int pg_column_count(const struct db_statement *statement)
{
    return statement_of(statement)->columns;
}

const char *pg_column_name(const struct db_statement *statement, int column)
{
    return statement_of(statement)->origin[column].name;
}

const char *pg_column_table(const struct db_statement *statement, int column)
{
    return statement_of(statement)->origin[column].table;
}

/* Values --------------------------------------------------------------------------------------------------------- */

dk_status pg_bind(struct db_statement *base, int index, const struct db_value *value, bool borrowed, struct dk_error *err)
{
    static const char digits[] = "0123456789abcdef";
    struct pg_statement *statement = statement_of(base);
    struct pg_value *bound;

    (void)borrowed; /* copied in either case: the text has to end with a zero */
    if (index < 1 || (size_t)index > statement->translated.count)
        return dk_fail(err, DK_USAGE, "the statement has no parameter %d", index);
    bound = &statement->value[index - 1];
    bound->type = value->type;
    bound->text.size = 0;
    switch (value->type) {
    case DB_NULL:
        break;
    case DB_INTEGER:
        bound->integer = value->integer;
        break;
    case DB_REAL:
        bound->real = value->real;
        if (isnan(value->real))
            bound->type = DB_NULL;
        else if (statement->periods.whole_years && db_whole_number(value->real, &bound->integer))
            bound->type = DB_INTEGER;
        break;
    case DB_TEXT:
        if (memchr(value->text.bytes, '\0', value->text.size) != NULL)
            return dk_fail(err, DK_DATA, "a text with a zero byte cannot be stored in PostgreSQL");
        dk_buffer_add(&bound->text, value->text.bytes, value->text.size);
        break;
    case DB_BLOB:
        dk_buffer_text(&bound->text, "\\x");
        for (size_t i = 0; i < value->text.size; i++) {
            unsigned char byte = (unsigned char)value->text.bytes[i];
            const char pair[] = {digits[byte >> 4], digits[byte & 15]};

            dk_buffer_add(&bound->text, pair, 2);
        }
        break;
    }
    return DK_OK;
}

static bool is_integer_type(Oid type)
{
    return type == TYPE_INT2 || type == TYPE_INT4 || type == TYPE_INT8;
}

/* The type that a parameter needs for its value, where the server chose one that cannot hold it: 0 when it can. */
static Oid wider_type(const struct pg_value *value, Oid type)
{
    int64_t whole;

    if (value->type == DB_REAL && is_integer_type(type) && !db_whole_number(value->real, &whole))
        return TYPE_FLOAT8;
    if (value->type == DB_INTEGER && type == TYPE_INT4 && (value->integer < INT32_MIN || value->integer > INT32_MAX))
        return TYPE_INT8;
    if (value->type == DB_INTEGER && type == TYPE_INT2 && (value->integer < INT16_MIN || value->integer > INT16_MAX))
        return TYPE_INT8;
    return 0;
}

/* Prepares the statement with other types where a value does not fit the type that the server took from the context, as
 * 2.5 in `line > ?`. */
static dk_status fit_types(struct pg_statement *statement, struct dk_error *err)
{
    size_t count = statement->translated.count;
    const PGresult *about = statement->prepared->about;
    struct prepared *other;
    Oid *given = NULL;

    for (size_t i = 0; i < count; i++) {
        Oid type = wider_type(&statement->value[i], pq.PQparamtype(about, (int)i));

        if (type == 0)
            continue;
        if (given == NULL) {
            given = dk_alloc_zeroed(count + 1, sizeof *given);
            if (statement->prepared->given != NULL)
                memcpy(given, statement->prepared->given, count * sizeof *given);
        }
        given[i] = type;
    }
    if (given == NULL)
        return DK_OK;
    other = pg_prepare(statement->db, &statement->translated, given, statement->sql, err);
    free(given);
    if (other == NULL)
        return DK_ERROR;
    for (int i = 0; i < statement->columns; i++)
        statement->origin[i].name = pq.PQfname(other->about, i);
    pg_unprepare(statement->prepared);
    statement->prepared = other;
    return DK_OK;
}

/* The value as text for a parameter of that type; NULL for null. */
static const char *value_text(struct pg_value *value, Oid type)
{
    char digits[DK_NUMBER_SIZE];
    int64_t whole;

    switch (value->type) {
    case DB_NULL:
        return NULL;
    case DB_INTEGER:
        value->text.size = 0;
        dk_buffer_add(&value->text, digits, dk_integer_text(value->integer, digits));
        break;
    case DB_REAL:
        value->text.size = 0;
        if (is_integer_type(type) && db_whole_number(value->real, &whole))
            dk_buffer_add(&value->text, digits, dk_integer_text(whole, digits));
        else if (isinf(value->real))
            dk_buffer_text(&value->text, value->real < 0 ? "-Infinity" : "Infinity");
        else
            dk_buffer_add(&value->text, digits, dk_real_text(value->real, digits));
        break;
    case DB_TEXT:
    case DB_BLOB:
        dk_buffer_text(&value->text, "");
        break;
    }
    return value->text.bytes;
}

/* Running -------------------------------------------------------------------------------------------------------- */

static dk_status start(struct pg_statement *statement, struct dk_error *err)
{
    struct pg_db *db = statement->db;
    size_t count = statement->translated.count;
    const char **values;
    bool sent;

    if (db->lost)
        return pg_fail_lost(err);
    if (fit_types(statement, err) != DK_OK || pg_make_free(db, err) != DK_OK)
        return DK_ERROR;
    values = dk_alloc((count + 1) * sizeof *values);
    for (size_t i = 0; i < count; i++)
        values[i] = value_text(&statement->value[i], pq.PQparamtype(statement->prepared->about, (int)i));
    db->stopped = false;
    sent = pq.PQsendQueryPrepared(db->conn, statement->prepared->name, (int)count, values, NULL, NULL, statement->binary) &&
           pq.PQsetSingleRowMode(db->conn);
    free(values);
    if (!sent) {
        db->lost = true;
        return pg_fail_lost(err);
    }
    statement->state = PG_RUNNING;
    statement->rows = 0;
    db->streaming = statement;
    return DK_OK;
}

/* Whether a script has made its session one that writes, which a session for reading must not be. */
static bool has_switched(const struct pg_db *db)
{
    const char *reads = pq.PQparameterStatus(db->conn, "default_transaction_read_only");

    return db->restricted && !db->base.writable && reads != NULL && strcmp(reads, "on") != 0;
}

/* The tables were replaced by others since the server prepared the statement: once more, where nothing was read yet. */
static bool is_outdated(const struct pg_statement *statement, const PGresult *failed)
{
    const char *state = pq.PQresultErrorField(failed, PG_DIAG_SQLSTATE);

    return state != NULL && strcmp(state, "0A000") == 0 && statement->rows <= 1 &&
           pq.PQtransactionStatus(statement->db->conn) == PQTRANS_IDLE;
}

static dk_status prepare_again(struct pg_statement *statement, struct dk_error *err)
{
    struct prepared *other;

    statement->prepared->sql[0] = '\0'; /* found by nobody any more */
    other = prepare_typed(statement->db, &statement->translated, statement->sql, err);
    if (other == NULL)
        return DK_ERROR;
    if (pq.PQnfields(other->about) != statement->columns) {
        pg_unprepare(other);
        dk_fail(err, DK_LOCKED, "the tables were replaced by others while the query was being read");
        dk_hint(err, "ask again");
        return DK_ERROR;
    }
    pg_unprepare(statement->prepared);
    statement->prepared = other;
    for (int i = 0; i < statement->columns; i++)
        statement->origin[i].name = pq.PQfname(other->about, i);
    return start(statement, err);
}

dk_status pg_step(struct db_statement *base, struct db_value *values, bool *row, struct dk_error *err)
{
    struct pg_statement *statement = statement_of(base);
    struct pg_db *db = statement->db;
    PGresult *failed = NULL;
    dk_status status = DK_OK;

    *row = false;
    if (statement->state == PG_IDLE && start(statement, err) != DK_OK)
        return DK_ERROR;
    pg_next_row(statement, values, row, &failed);
    if (failed != NULL && is_outdated(statement, failed)) {
        pq.PQclear(failed);
        failed = NULL;
        if (prepare_again(statement, err) != DK_OK)
            return DK_ERROR;
        pg_next_row(statement, values, row, &failed);
    }
    if (failed != NULL) {
        status = pg_fail(db, failed, &statement->translated, statement->sql, err);
        pq.PQclear(failed);
    } else if (db->lost) {
        status = pg_fail_lost(err);
    } else if (!*row && has_switched(db)) {
        db->lost = true;
        dk_fail(err, DK_LIMIT, "the query made its session one that writes: it was ended");
        dk_hint(err, "--write lets a script change the data");
        status = DK_ERROR;
    }
    for (int column = 0; *row && values != NULL && statement->periods.column != NULL && column < statement->columns;
         column++)
        if (statement->periods.column[column])
            db_read_period(&values[column]);
    return status;
}

void pg_reset(struct db_statement *base)
{
    struct pg_statement *statement = statement_of(base);

    pg_stop_rows(statement);
    statement->state = PG_IDLE;
}
