/* Connecting: from an address to a session that is set up, and the messages when that fails. What libpq says is not shown:
 * it repeats parts of the address, a password among them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "db/postgresql/connection.h"

enum { SERVER_LEAST = 140000, SETTINGS_MAX = 64 };
static const char connect_seconds[] = "10";

/* Whether the address means this machine alone. */
static bool is_local_name(const char *host)
{
    return host[0] == '/' || host[0] == '@' || strcmp(host, "localhost") == 0 || strcmp(host, "::1") == 0 ||
           strncmp(host, "127.", 4) == 0;
}

static const char *setting(const struct target *target, const char *keyword, const char *variable)
{
    const char *value = target_value(target, keyword);

    return value != NULL ? value : getenv(variable);
}

static bool is_local(const struct target *target)
{
    const char *lists[] = {setting(target, "host", "PGHOST"), setting(target, "hostaddr", "PGHOSTADDR")};

    for (size_t i = 0; i < 2; i++)
        for (const char *at = lists[i]; at != NULL && *at != '\0';) {
            char host[256];
            size_t size = strcspn(at, ",");

            snprintf(host, sizeof host, "%.*s", (int)size, at);
            if (host[0] != '\0' && !is_local_name(host))
                return false;
            at += size + (at[size] == ',');
        }
    return true;
}

/* What we set beside the address: TLS that is verified for other machines, unless the user says otherwise. */
static PGconn *connect_to(const struct target *target, bool verify)
{
    const char *keyword[SETTINGS_MAX + 8], *value[SETTINGS_MAX + 8];
    size_t count = 0;
    bool tls_chosen = setting(target, "sslmode", "PGSSLMODE") != NULL;

    for (const PQconninfoOption *option = target->options; option->keyword != NULL && count < SETTINGS_MAX; option++)
        if (option->val != NULL && option->val[0] != '\0' && strcmp(option->keyword, "client_encoding") != 0) {
            keyword[count] = option->keyword;
            value[count++] = option->val;
        }
    if (verify && !tls_chosen) {
        bool by_system = pq.PQlibVersion() >= 160000 && setting(target, "sslrootcert", "PGSSLROOTCERT") == NULL;

        keyword[count] = "sslmode";
        value[count++] = by_system || setting(target, "sslrootcert", "PGSSLROOTCERT") != NULL ? "verify-full" : "require";
        if (by_system) {
            keyword[count] = "sslrootcert";
            value[count++] = "system";
        }
    }
    if (setting(target, "connect_timeout", "PGCONNECT_TIMEOUT") == NULL) {
        keyword[count] = "connect_timeout";
        value[count++] = connect_seconds;
    }
    keyword[count] = "client_encoding";
    value[count++] = "UTF8";
    keyword[count] = "fallback_application_name";
    value[count++] = "difkit/" DIFKIT_VERSION;
    keyword[count] = NULL;
    value[count] = NULL;
    return pq.PQconnectdbParams(keyword, value, 0);
}

static void describe_place(const PGconn *conn, const struct target *target, struct dk_buffer *out)
{
    const char *host = pq.PQhost(conn), *port = pq.PQport(conn);

    if (host == NULL || host[0] == '\0')
        host = target_value(target, "host");
    dk_buffer_format(out, "%s%s%s", host != NULL ? host : "this machine", port != NULL && port[0] != '\0' ? ":" : "",
                     port != NULL ? port : "");
}

/* The message for a connection that was not made. */
static dk_status fail_connection(const PGconn *conn, const struct target *target, struct dk_error *err)
{
    static const struct {
        const char *said, *what, *hint;
    } known[] = {
        {"Connection refused", "nothing answers there", "is the server running, and does it listen at that port?"},
        {"No such file or directory", "nothing answers there", "is the server running? A socket is named by host=/FOLDER"},
        {"closed the connection", "it closed the connection", "is it starting, or going down? Try again in a moment"},
        {"timeout expired", "it does not answer", "is the address right, and does a firewall let it through?"},
        {"translate host name", "the name of the host is not known", "is it written right?"},
        {"definition of service", "there is no such service", "services stand in ~/.pg_service.conf or PGSERVICEFILE"},
        {"does not support SSL", "it offers no TLS", "sslmode=disable in the address goes on without, in plain text"},
        {"certificate", "its certificate cannot be verified",
         "sslrootcert=FILE names the authority that signed it; sslmode=require encrypts without verifying"},
        {"SSL error", "TLS failed", "sslmode in the address says how to connect"},
        {"password authentication failed", "the password was refused", "see ~/.pgpass, PGPASSWORD and the service file"},
        {"no pg_hba.conf entry", "it lets nobody in from here under that name", "pg_hba.conf on the server says who may"},
        {"authentication failed", "the user was refused", "pg_hba.conf on the server says who may connect"},
        {"too many", "it has no connection left", "try again later"},
        {"remaining connection slots", "it has no connection left", "try again later"},
        {"starting up", "it is starting", "try again in a moment"},
        {"shutting down", "it is shutting down", "try again later"},
        {"does not exist", "there is no such database, or no such role", "createdb and createuser make them"},
    };
    const char *said = pq.PQerrorMessage(conn);
    struct dk_buffer place = {0};
    const char *what = "the connection failed", *hint = "the log of the server says why";
    const char *user = pq.PQuser(conn), *name = pq.PQdb(conn);

    if (pq.PQconnectionNeedsPassword(conn) && !pq.PQconnectionUsedPassword(conn)) {
        what = "it wants a password";
        hint = "put it into ~/.pgpass, PGPASSWORD or a service file";
    } else {
        for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
            if (strstr(said, known[i].said) != NULL) {
                what = known[i].what;
                hint = known[i].hint;
                break;
            }
    }
    describe_place(conn, target, &place);
    dk_fail(err, DK_IO, "cannot connect to the database %s at %s as %s: %s", name != NULL && name[0] != '\0' ? name : "?",
            place.bytes, user != NULL && user[0] != '\0' ? user : "?", what);
    dk_hint(err, "%s", hint);
    dk_buffer_free(&place);
    return DK_ERROR;
}

/* A service file may have chosen a way that falls back to plain text without a word. */
static dk_status check_encrypted(PGconn *conn, const struct target *target, struct dk_error *err)
{
    PQconninfoOption *used;
    bool chosen = false, local = true;

    if (pq.PQsslInUse(conn))
        return DK_OK;
    used = pq.PQconninfo(conn);
    for (const PQconninfoOption *option = used; option != NULL && option->keyword != NULL; option++) {
        if (strcmp(option->keyword, "sslmode") == 0)
            chosen = option->val != NULL && strcmp(option->val, "disable") == 0;
        if ((strcmp(option->keyword, "host") == 0 || strcmp(option->keyword, "hostaddr") == 0) && option->val != NULL &&
            option->val[0] != '\0')
            local = local && is_local_name(option->val);
    }
    if (used != NULL)
        pq.PQconninfoFree(used);
    if (local || chosen)
        return DK_OK;
    (void)target;
    dk_fail(err, DK_IO, "the connection to %s would not be encrypted", pq.PQhost(conn));
    dk_hint(err, "sslmode=verify-full in the address or the service file encrypts it; sslmode=disable goes on without");
    return DK_ERROR;
}

static void ignore_notice(void *context, const PGresult *result)
{
    (void)context;
    (void)result;
}

/* Of several nodes (Citus) one statement after the other is sent to each: tables that others refer to are changed in the
 * same transaction. Elsewhere the setting is a name that nobody reads. */
static const char on_nodes[] = "SET citus.multi_shard_modify_mode = 'sequential'; ";

/* What every statement relies on. The schema comes first after the system's own names, which nobody can put others before;
 * temporary tables come last. */
static dk_status set_up(struct pg_db *db, struct dk_error *err)
{
    struct dk_buffer sql = {0};
    PGresult *result = NULL;
    dk_status status;

    dk_buffer_text(&sql, "SET standard_conforming_strings = on; SET extra_float_digits = 1; SET DateStyle = 'ISO'; "
                         "SET IntervalStyle = 'iso_8601'; SET TimeZone = 'UTC'; SET bytea_output = 'hex'; "
                         "SET lock_timeout = '60s'; SET search_path = ");
    target_quote(&sql, db->schema);
    dk_buffer_format(&sql,
                     ", pg_temp; SET default_transaction_read_only = %s; %s"
                     "SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user",
                     db->base.writable ? "off" : "on", db->base.writable ? on_nodes : "");
    status = pg_ask(db, sql.bytes, &result, err);
    if (status == DK_OK)
        db->superuser = pq.PQntuples(result) == 1 && pq.PQgetvalue(result, 0, 0)[0] == 't';
    pq.PQclear(result);
    dk_buffer_free(&sql);
    return status;
}

dk_status pg_connect(const char *address, bool writable, struct pg_db **out, struct dk_error *err)
{
    struct target target = {0};
    struct dk_buffer shown = {0};
    struct pg_db *db;
    dk_status status = DK_ERROR;

    *out = NULL;
    if (pq_open(err) != DK_OK || target_read(&target, address, err) != DK_OK)
        return DK_ERROR;
    db = dk_alloc_zeroed(1, sizeof *db);
    db->base.driver = &postgresql_driver;
    db->base.writable = writable;
    db->schema = dk_copy_text(target.schema);
    target_show(&target, &shown);
    db->base.path = shown.bytes;
    db->conn = connect_to(&target, !is_local(&target));
    if (pq.PQstatus(db->conn) != CONNECTION_OK) {
        (void)fail_connection(db->conn, &target, err);
    } else if (pq.PQserverVersion(db->conn) < SERVER_LEAST) {
        dk_fail(err, DK_IO, "the server is PostgreSQL %d", pq.PQserverVersion(db->conn) / 10000);
        dk_hint(err, "difkit works with %d and later", SERVER_LEAST / 10000);
    } else if (check_encrypted(db->conn, &target, err) == DK_OK) {
        (void)pq.PQsetNoticeReceiver(db->conn, ignore_notice, NULL);
        status = set_up(db, err);
    }
    target_free(&target);
    if (status == DK_OK)
        *out = db;
    else
        postgresql_driver.close(&db->base);
    return status;
}
