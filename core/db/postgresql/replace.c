/* A load replaces all tables in one transaction while readers go on: the new ones are filled in a schema of their own, which
 * takes the name of the old one at the end. That waits for no reader, and a reader that begins a statement after the commit
 * finds the new tables. The old schema is dropped behind the commit, when nobody reads it any more.
 *
 * Who may read the old tables may read the new ones. What is in the schema and not difkit's, and what depends on its tables
 * from outside, is never dropped: the load is refused. */
#include "db/postgresql/replace.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "db/declared.h"
#include "db/postgresql/connection.h"
#include "db/postgresql/distribute.h"
#include "model/model.h"

/* A text as SQL takes it: in quotes. */
static void literal(struct dk_buffer *out, const char *text)
{
    dk_buffer_text(out, "'");
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            dk_buffer_text(out, "'");
        dk_buffer_add(out, text, 1);
    }
    dk_buffer_text(out, "'");
}

/* Writes SQL in which $s stands for the name of the schema as a text, $S for it as a name, $n and $N for that of the new
 * one, $o and $O for that of the old one, $m for the tables that difkit made as a list of texts. */
static void write_sql(const struct pg_db *db, struct dk_buffer *out, const char *text)
{
    for (; *text != '\0'; text++) {
        struct dk_buffer name = {0};

        if (*text != '$' || strchr("sSnNoOm", text[1]) == NULL || text[1] == '\0') {
            dk_buffer_add(out, text, 1);
            continue;
        }
        text++;
        if (*text == 'm') {
            for (size_t i = 0; i < model_count(db->base.model); i++)
                dk_buffer_format(out, "'%s', ", model_at(db->base.model, i)->name);
            dk_buffer_text(out, "'action_full'");
            continue;
        }
        dk_buffer_format(&name, "%.50s%s", db->schema,
                         *text == 'n' || *text == 'N'   ? "_new"
                         : *text == 'o' || *text == 'O' ? "_old"
                                                        : "");
        if (*text == 's' || *text == 'n' || *text == 'o')
            literal(out, *text == 's' ? db->schema : name.bytes);
        else
            target_quote(out, *text == 'S' ? db->schema : name.bytes);
        dk_buffer_free(&name);
    }
}

static dk_status ask(struct pg_db *db, const char *text, PGresult **out, struct dk_error *err)
{
    struct dk_buffer sql = {0};
    dk_status status;

    write_sql(db, &sql, text);
    status = pg_ask(db, sql.bytes, out, err);
    dk_buffer_free(&sql);
    return status;
}

/* The first value of a query; an empty text for none. The result is freed by the caller. */
static dk_status ask_text(struct pg_db *db, const char *text, char **out, struct dk_error *err)
{
    PGresult *result;

    *out = NULL;
    if (ask(db, text, &result, err) != DK_OK)
        return DK_ERROR;
    *out = dk_copy_text(pq.PQntuples(result) > 0 ? pq.PQgetvalue(result, 0, 0) : "");
    pq.PQclear(result);
    return DK_OK;
}

/* One load at a time; what begins after another waits for nothing. */
static dk_status take_lock(struct pg_db *db, struct dk_error *err)
{
    char *got;
    dk_status status =
        ask_text(db, "SELECT pg_try_advisory_xact_lock(hashtextextended('difkit load ' || $s, 0))", &got, err);

    if (status == DK_OK && got[0] != 't') {
        dk_fail(err, DK_LOCKED, "another program is loading into the schema %s", db->schema);
        dk_hint(err, "try again when it is done");
        status = DK_ERROR;
    }
    free(got);
    return status;
}

/* Refuses to replace what is not difkit's. */
static dk_status check_old(struct pg_db *db, struct dk_error *err)
{
    static const char strangers[] =
        "SELECT string_agg(relname, ', ' ORDER BY relname) FROM pg_class WHERE relnamespace = (SELECT oid FROM pg_namespace "
        "WHERE nspname = $s) AND relkind IN ('r', 'v', 'm', 'p', 'f', 'S') AND relname NOT IN ($m)";
    static const char dependents[] =
        "SELECT string_agg(DISTINCT n.nspname || '.' || v.relname, ', ') FROM pg_depend AS d JOIN pg_rewrite AS r ON "
        "r.oid = d.objid JOIN pg_class AS v ON v.oid = r.ev_class JOIN pg_namespace AS n ON n.oid = v.relnamespace JOIN "
        "pg_class AS t ON t.oid = d.refobjid WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = "
        "'pg_class'::regclass AND t.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $s) AND n.nspname <> $s";
    char *found = NULL;
    const struct model *old;
    dk_status status = db_model(&db->base, &old, err); /* what it declares is difkit's as well */

    if (status == DK_OK)
        status = ask_text(db, strangers, &found, err);

    if (status == DK_OK && found[0] != '\0') {
        dk_fail(err, DK_USAGE, "cannot replace the schema %s: it holds what is not difkit's (%s)", db->schema, found);
        dk_hint(err, "move that to another schema, or load into another: ?schema=NAME in the address");
        status = DK_ERROR;
    }
    free(found);
    found = NULL;
    if (status == DK_OK)
        status = ask_text(db, dependents, &found, err);
    if (status == DK_OK && found[0] != '\0') {
        dk_fail(err, DK_USAGE, "cannot replace the tables of %s: views outside of it read them (%s)", db->schema, found);
        dk_hint(err, "drop these views and make them again after the load");
        status = DK_ERROR;
    }
    free(found);
    return status;
}

dk_status replace_begin(struct db *base, const struct model *model, bool distribute, struct dk_error *err)
{
    struct pg_db *db = (struct pg_db *)base;
    struct dk_buffer tables = {0};
    bool nodes = false;
    dk_status status = distribute_check(db, distribute, &nodes, err);

    if (status != DK_OK)
        return DK_ERROR;
    status = pg_ask(db, "BEGIN", NULL, err);

    postgresql_ddl(&tables, model, DB_TABLES);
    if (status == DK_OK)
        status = take_lock(db, err);
    if (status == DK_OK)
        status = check_old(db, err);
    if (status == DK_OK)
        status = ask(db, "DROP SCHEMA IF EXISTS $N CASCADE; DROP SCHEMA IF EXISTS $O CASCADE", NULL, err);
    /* What a load that was cut short left on other nodes, where schemas are made beside the transaction. */
    if (status == DK_OK && nodes)
        status = ask(db, "SELECT run_command_on_workers(format('DROP SCHEMA IF EXISTS %I CASCADE', $n))", NULL, err);
    if (status == DK_OK)
        status = ask(db, "CREATE SCHEMA $N; SET LOCAL search_path = $N, pg_temp", NULL, err);
    if (status == DK_OK)
        status = pg_ask_each(db, tables.bytes, err);
    if (status == DK_OK && nodes)
        status = distribute_tables(db, model, err);
    dk_buffer_free(&tables);
    if (status != DK_OK)
        (void)pg_ask(db, "ROLLBACK", NULL, NULL);
    return status;
}

/* Gives the rights on the old schema and its tables for the new ones. A table that the old schema has not gets those of
 * the actions. */
static dk_status carry_rights(struct pg_db *db, struct dk_error *err)
{
    static const char rights[] =
        "SELECT format('GRANT %s ON SCHEMA %I TO %s', a.privilege_type, $n, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE "
        "quote_ident(pg_get_userbyid(a.grantee)) END) FROM pg_namespace AS n, aclexplode(n.nspacl) AS a WHERE n.nspname = "
        "$s "
        "AND a.grantee <> n.nspowner "
        "UNION ALL SELECT format('GRANT %s ON %I.%I TO %s', a.privilege_type, $n, c.relname, CASE a.grantee WHEN 0 THEN "
        "'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END) FROM pg_class AS c JOIN pg_class AS o ON o.relnamespace "
        "= "
        "(SELECT oid FROM pg_namespace WHERE nspname = $s) AND o.relname = (CASE WHEN EXISTS (SELECT 1 FROM pg_class AS p "
        "WHERE p.relnamespace = o.relnamespace AND p.relname = c.relname) THEN c.relname ELSE 'action' END), "
        "aclexplode(o.relacl) AS a WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $n) AND c.relkind "
        "IN "
        "('r', 'v', 'p') AND a.grantee <> o.relowner";
    PGresult *found;
    struct dk_buffer sql = {0};
    dk_status status = ask(db, rights, &found, err);

    if (status != DK_OK)
        return DK_ERROR;
    for (int i = 0; i < pq.PQntuples(found); i++)
        dk_buffer_format(&sql, "%s; ", pq.PQgetvalue(found, i, 0));
    pq.PQclear(found);
    if (sql.size > 0)
        status = pg_ask(db, sql.bytes, NULL, err);
    dk_buffer_free(&sql);
    return status;
}

/* Runs SQL that names all tables of the schema. */
static dk_status with_tables(struct pg_db *db, const char *before, const char *behind, struct dk_error *err)
{
    static const char tables[] =
        "SELECT string_agg(format('%I.%I', $s, relname), ', ' ORDER BY relname) FROM pg_class WHERE relnamespace = (SELECT "
        "oid FROM pg_namespace WHERE nspname = $s) AND relkind IN ('r', 'p')";
    char *found = NULL;
    struct dk_buffer sql = {0};
    dk_status status = ask_text(db, tables, &found, err);

    if (status == DK_OK && found[0] != '\0') {
        dk_buffer_format(&sql, "%s%s%s", before, found, behind);
        status = pg_ask(db, sql.bytes, NULL, err);
        dk_buffer_free(&sql);
    }
    free(found);
    return status;
}

/* Who is writing into the old tables comes to an end first, and who begins to waits, and then finds the new ones: a write
 * that was confirmed never goes with the old tables. Readers go on. */
static dk_status wait_for_writers(struct pg_db *db, struct dk_error *err)
{
    return with_tables(db, "LOCK TABLE ", " IN SHARE ROW EXCLUSIVE MODE", err);
}

static dk_status take_place(struct pg_db *db, struct dk_error *err)
{
    char *there = NULL;
    dk_status status = ask_text(db, "SELECT count(*) FROM pg_namespace WHERE nspname = $s", &there, err);

    if (status == DK_OK && there[0] == '1')
        status = ask(db, "ALTER SCHEMA $S RENAME TO $O", NULL, err);
    free(there);
    return status == DK_OK ? ask(db, "ALTER SCHEMA $N RENAME TO $S; COMMIT", NULL, err) : DK_ERROR;
}

/* Keys, indexes, views, and what search needs. Of several nodes the first alone has that: functions would be made on the
 * others by another session than the tables, which waits for this one for ever, and there is but a table of actions. */
static dk_status finish_tables(struct pg_db *db, const struct model *model, struct dk_error *err)
{
    struct dk_buffer sql = {0};
    bool nodes;
    dk_status status = distribute_check(db, false, &nodes, err);

    postgresql_ddl(&sql, model, DB_UNIQUE | DB_INDEXES | DB_VIEWS);
    if (nodes)
        dk_buffer_text(&sql, "SET LOCAL citus.enable_ddl_propagation TO off;\n");
    postgresql_ddl(&sql, model, DB_WORDS);
    if (nodes)
        dk_buffer_text(&sql, "SET LOCAL citus.enable_ddl_propagation TO on;\n");
    if (status == DK_OK)
        status = pg_ask_each(db, sql.bytes, err);
    dk_buffer_free(&sql);
    return status;
}

dk_status replace_end(struct db *base, const struct model *model, bool keep, struct dk_error *err)
{
    struct pg_db *db = (struct pg_db *)base;
    dk_status status = DK_ERROR;

    if (keep && finish_tables(db, model, err) == DK_OK && carry_rights(db, err) == DK_OK &&
        wait_for_writers(db, err) == DK_OK && take_place(db, err) == DK_OK)
        status = DK_OK;
    if (status != DK_OK) {
        (void)pg_ask(db, "ROLLBACK", NULL, NULL);
        return keep ? DK_ERROR : DK_OK;
    }
    pg_forget_relations(db);
    (void)with_tables(db, "ANALYZE ", "", NULL);
    /* Readers may be at the old tables for a while yet: then the next load drops them. */
    (void)ask(db, "SET lock_timeout = '5s'; DROP SCHEMA IF EXISTS $O CASCADE; SET lock_timeout = '60s'", NULL, NULL);
    return DK_OK;
}
