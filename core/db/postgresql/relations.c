/* Where the columns of a result come from: tables and columns by their numbers on the server, views looked through. */
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/list.h"
#include "db/postgresql/connection.h"
#include "model/model.h"

static const struct pg_column *find(const struct pg_db *db, Oid table, int number)
{
    for (size_t i = 0; i < db->columns; i++)
        if (db->column[i].table == table && db->column[i].number == number)
            return &db->column[i];
    return NULL;
}

static void look_again(struct pg_db *db)
{
    static const char sql[] =
        "SELECT c.oid, a.attnum, c.relname, a.attname FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_attribute AS a ON "
        "a.attrelid = c.oid WHERE c.relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = "
        "pg_catalog.current_schema()) AND c.relkind IN ('r', 'v', 'p', 'f', 'm') AND a.attnum > 0";
    PGresult *result;

    if (pg_ask(db, sql, &result, NULL) != DK_OK)
        return;
    pg_forget_relations(db);
    for (int i = 0; i < pq.PQntuples(result); i++) {
        db->column = dk_list_grow(db->column, db->columns, &db->column_room, sizeof *db->column);
        db->column[db->columns++] = (struct pg_column){
            .table = (Oid)strtoul(pq.PQgetvalue(result, i, 0), NULL, 10),
            .number = (int)strtol(pq.PQgetvalue(result, i, 1), NULL, 10),
            .table_name = dk_copy_text(pq.PQgetvalue(result, i, 2)),
            .name = dk_copy_text(pq.PQgetvalue(result, i, 3)),
        };
    }
    pq.PQclear(result);
}

void pg_forget_relations(struct pg_db *db)
{
    for (size_t i = 0; i < db->columns; i++) {
        free(db->column[i].table_name);
        free(db->column[i].name);
    }
    free(db->column);
    db->column = NULL;
    db->columns = db->column_room = 0;
}

/* A column of the view action_full is one of a table, unless it is an expression. */
static void look_through(struct db_origin *origin)
{
    size_t count;
    const struct model_view_column *view = model_view(&count);

    if (strcmp(origin->table, "action_full") != 0)
        return;
    for (size_t i = 0; i < count; i++)
        if (strcmp(view[i].name, origin->column) == 0 && view[i].fallback == NULL) {
            origin->table = view[i].table;
            origin->column = view[i].column;
            return;
        }
    origin->table = origin->column = NULL;
}

void pg_find_origin(struct pg_db *db, Oid table, int number, struct db_origin *origin)
{
    const struct pg_column *column = table != 0 ? find(db, table, number) : NULL;

    if (column == NULL && table != 0 && pq.PQtransactionStatus(db->conn) != PQTRANS_INERROR) {
        look_again(db);
        column = find(db, table, number);
    }
    origin->table = column != NULL ? column->table_name : NULL;
    origin->column = column != NULL ? column->name : NULL;
    if (column != NULL)
        look_through(origin);
}
