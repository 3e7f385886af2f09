/* Periods are text in the database and years are integers to everybody who reads it: which columns of a statement hold
 * periods.
 *
 * A column of a table or view is known by where the database says that it comes from. An expression is read: it holds
 * periods when it hands one on (max(period), coalesce(period, ?), CASE … THEN period …, a subquery or an alias of such), and
 * not when it makes a text or a number of one. */
#ifndef DIFKIT_DB_PERIOD_H
#define DIFKIT_DB_PERIOD_H

#include <stdbool.h>

#include "db/db.h"
#include "model/model.h"

struct db_periods {
    bool *column;     /* of each column whether it holds periods; NULL: none does */
    bool whole_years; /* the statement speaks of periods: a real that is a whole year is bound as the integer */
};

/* A column of a result: its name, and the table and column that it comes from, or NULL for an expression. */
struct db_origin {
    const char *name, *table, *column;
};

/* A computed period has no type of its own in SQLite, which takes the text of max(period) for greater than any number. Where
 * one is compared, the statement with CAST(… AS TEXT) around it (to be freed), so that max(period) >= 2022 means what it
 * says; NULL where there is nothing to do. */
char *db_compare_as_text(const char *sql, const struct model *model);

/* Fills `periods` for a statement with these columns; `parameters`: whether it has any. */
void db_find_periods(const char *sql, const struct model *model, const struct db_origin *origin, size_t columns,
                     bool parameters, struct db_periods *periods);
void db_free_periods(struct db_periods *periods);

/* A text that is a whole number, as a year is, becomes the integer; anything else stays as it is. */
void db_read_period(struct db_value *value);
/* The integer that such a statement takes for a real, if it is whole. */
bool db_whole_number(double real, int64_t *integer);

#endif
