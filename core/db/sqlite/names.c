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
