#include "db/sqlite/names.h"

#include <stdio.h>
#include <string.h>

#include "base/near.h"

/* The word at `text`, as far as the next space or parenthesis, without the table before a column. */
static void take_word(const char *text, char *out, size_t size)
{
    const char *last;

    snprintf(out, size, "%.*s", (int)strcspn(text, " ("), text);
    last = strrchr(out, '.');
    if (last != NULL)
        memmove(out, last + 1, strlen(last));
}

void sqlite_hint_name(sqlite3 *handle, struct dk_error *err)
{
    static const char *const kinds[][2] = {
        {"no such column: ", "SELECT DISTINCT c.name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c "
                             "WHERE t.type IN ('table', 'view')"},
        {"no such table: ", "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')"},
    };

    for (size_t kind = 0; err != NULL && kind < sizeof kinds / sizeof kinds[0]; kind++) {
        size_t skip = strlen(kinds[kind][0]);
        sqlite3_stmt *statement = NULL;
        struct dk_near near;
        char given[DK_NEAR_LONGEST + 1];

        if (strncmp(err->message, kinds[kind][0], skip) != 0)
            continue;
        take_word(err->message + skip, given, sizeof given);
        dk_near_begin(&near, given);
        if (sqlite3_prepare_v2(handle, kinds[kind][1], -1, &statement, NULL) == SQLITE_OK)
            while (sqlite3_step(statement) == SQLITE_ROW)
                (void)dk_near_try(&near, (const char *)sqlite3_column_text(statement, 0));
        sqlite3_finalize(statement);
        if (near.name[0] != '\0')
            dk_hint(err, "did you mean \"%s\"?", near.name);
    }
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

enum db_problem sqlite_problem_of(const char *message, char *word, size_t size)
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
