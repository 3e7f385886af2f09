/* An authorizer asked once for every name in a statement when it is prepared: what is not listed here as harmless is
 * refused.
 *
 * Refused are other files (ATTACH, and VACUUM, which attaches its target), settings (PRAGMA with a value), functions that
 * reach beyond the data, and virtual tables other than full-text indexes. Of the functions fts3_tokenizer() matters most:
 * with a bound parameter it takes an address and calls it, whatever SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER says. */
#include "db/sqlite/restrict.h"

#include <stdbool.h>
#include <stddef.h>
#include <strings.h>

#include <sqlite3.h>

static bool is_among(const char *name, const char *const *list)
{
    for (; name != NULL && *list != NULL; list++)
        if (strcasecmp(name, *list) == 0)
            return true;
    return false;
}

/* A pragma without a value tells what is set; with one of these, the value is the name of what is asked about. */
static bool is_question(const char *pragma, const char *value)
{
    static const char *const about[] = {"table_info",  "table_xinfo", "table_list",       "index_info",        "index_xinfo",
                                        "index_list",  "foreign_key_list", "foreign_key_check", "quick_check",
                                        "integrity_check", NULL};

    return value == NULL || is_among(pragma, about);
}

static int authorize(void *context, int action, const char *first, const char *second, const char *third,
                     const char *fourth)
{
    static const char *const functions[] = {"fts3_tokenizer", "load_extension", NULL};
    static const char *const modules[] = {"fts5", NULL};
    bool allowed = true;

    (void)context;
    (void)third;
    (void)fourth;
    switch (action) {
    case SQLITE_ATTACH:
    case SQLITE_DETACH: allowed = false; break;
    case SQLITE_PRAGMA: allowed = is_question(first, second); break;
    case SQLITE_FUNCTION: allowed = !is_among(second, functions); break;
    case SQLITE_CREATE_VTABLE: allowed = is_among(second, modules); break;
    default: break;
    }
    return allowed ? SQLITE_OK : SQLITE_DENY;
}

void restrict_connection(sqlite3 *handle)
{
    sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, (int *)NULL);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0, (int *)NULL);
    /* Sorting and temporary tables take memory, which is limited, instead of files, which are not. */
    (void)sqlite3_exec(handle, "PRAGMA temp_store = MEMORY", NULL, NULL, NULL);
    sqlite3_set_authorizer(handle, authorize, NULL);
}
