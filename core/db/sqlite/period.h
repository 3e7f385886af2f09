/* Periods are text in the database and years are integers to everybody who reads it: which columns of a statement hold
 * periods.
 *
 * A column of a table or view is known by where SQLite says that it comes from. An expression is read: it holds periods when
 * it hands one on (max(period), coalesce(period, ?), CASE … THEN period …, a subquery or an alias of such), and not when it
 * makes a text or a number of one. */
#ifndef DIFKIT_DB_SQLITE_PERIOD_H
#define DIFKIT_DB_SQLITE_PERIOD_H

#include <stdbool.h>

#include "db/db.h"

struct sqlite3_stmt;

struct sqlite_periods {
    bool *column;     /* of each column whether it holds periods; NULL: none does */
    bool whole_years; /* the statement speaks of periods: a real that is a whole year is bound as the integer */
};

/* A computed period has no type of its own, and SQLite takes the text of max(period) for greater than any number. Where one
 * is compared, the statement with CAST(… AS TEXT) around it (to be freed), so that max(period) >= 2022 means what it says;
 * NULL where there is nothing to do. */
char *sqlite_compare_as_text(const char *sql);

void sqlite_find_periods(struct sqlite3_stmt *statement, const char *sql, struct sqlite_periods *periods);
void sqlite_free_periods(struct sqlite_periods *periods);

/* A text that is a whole number, as a year is, becomes the integer; anything else stays as it is. */
void sqlite_read_period(struct db_value *value);
/* The integer that such a statement takes for a real, if it is whole. */
bool sqlite_whole_number(double real, int64_t *integer);

#endif
