/* What is wrong with a statement, in one wording for all databases: a driver puts what its database reports into the words
 * of SQLite ("no such table: x", "near "x": syntax error"), which are read here. */
#include <stdio.h>
#include <string.h>

#include "db/driver.h"

void db_place_in_sql(const char *sql, size_t offset, struct dk_error *err)
{
    int line = 1, column = 1;
    size_t length;

    if (err == NULL)
        return;
    for (size_t i = 0; i < offset && sql[i] != '\0'; i++) {
        column = sql[i] == '\n' ? 1 : column + 1;
        line += sql[i] == '\n';
    }
    length = strlen(err->message);
    snprintf(err->message + length, sizeof err->message - length, " (line %d, column %d of the SQL)", line, column);
}

/* Copies what stands behind `before` in the message, as far as one of the signs of `end`; false when it does not stand
 * there. */
static bool take_behind(const char *message, const char *before, const char *end, char *out, size_t size)
{
    const char *at = strstr(message, before);

    if (at == NULL)
        return false;
    at += strlen(before);
    snprintf(out, size, "%.*s", (int)strcspn(at, end), at);
    return true;
}

/* The name before "()" in "wrong number of arguments to function lower()". */
static bool take_function(const char *message, char *out, size_t size)
{
    return strstr(message, "()") != NULL && take_behind(message, "function ", "(", out, size);
}

enum db_problem db_problem_of(const char *message, char *word, size_t size)
{
    const char *colon = strstr(message, "no such ") != NULL ? strstr(strstr(message, "no such "), ": ") : NULL;
    const char *point;

    word[0] = '\0';
    if (colon != NULL)
        (void)take_behind(colon, ": ", " ", word, size);
    else if (!take_behind(message, "near \"", "\"", word, size) &&
             !take_behind(message, "no column named ", " ", word, size) &&
             !take_behind(message, "ambiguous column name: ", " ", word, size) && !take_function(message, word, size))
        (void)take_behind(message, "unrecognized token: \"", "\"", word, size);
    point = strrchr(word, '.');
    if (point != NULL && point[1] != '\0')
        memmove(word, point + 1, strlen(point));
    if (strstr(message, "no such function: ") != NULL)
        return DB_UNKNOWN_FUNCTION;
    return strstr(message, "no such") != NULL || strstr(message, "unknown") != NULL ||
                   strstr(message, "has no column") != NULL
               ? DB_UNKNOWN_NAME
               : DB_PROBLEM;
}
