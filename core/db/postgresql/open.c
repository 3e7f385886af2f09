/* Opening a database on a server; and sessions that are made ahead of a fork: the child, which must not connect, inherits
 * them, and the parent keeps no more of them than what cancels. */
#define _POSIX_C_SOURCE 200809L

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "db/postgresql/connection.h"
#include "model/model.h"

enum { AHEAD_MAX = 8 };

static struct ahead {
    char *address;
    bool writable;
    struct pg_db *db; /* NULL once it is taken, or left to the child */
    PGcancel *cancel;
} ahead[AHEAD_MAX];
static size_t ahead_count;
static bool inherited;

void postgresql_show(const char *address, struct dk_buffer *out)
{
    struct target target;

    if (pq_open(NULL) == DK_OK && target_read(&target, address, NULL) == DK_OK) {
        target_show(&target, out);
        target_free(&target);
    } else {
        dk_buffer_text(out, "postgresql://");
    }
}

dk_status postgresql_connect_ahead(const char *address, bool writable, struct dk_error *err)
{
    struct ahead *one = &ahead[ahead_count];

    if (ahead_count == AHEAD_MAX)
        return dk_fail(err, DK_USAGE, "more than %d servers are named", AHEAD_MAX);
    if (pg_connect(address, writable, &one->db, err) != DK_OK)
        return DK_ERROR;
    one->address = dk_copy_text(address);
    one->writable = writable;
    one->cancel = pq.PQgetCancel(one->db->conn);
    ahead_count++;
    return DK_OK;
}

size_t postgresql_descriptors(int *out, size_t most)
{
    size_t count = 0;

    for (size_t i = 0; i < ahead_count && count < most; i++)
        if (ahead[i].db != NULL)
            out[count++] = pq.PQsocket(ahead[i].db->conn);
    return count;
}

/* What would say goodbye to the server goes nowhere. */
void postgresql_leave(void)
{
    for (size_t i = 0; i < ahead_count; i++) {
        int nowhere = ahead[i].db != NULL ? open("/dev/null", O_RDWR | O_CLOEXEC) : -1;

        if (nowhere < 0)
            continue;
        (void)dup2(nowhere, pq.PQsocket(ahead[i].db->conn));
        close(nowhere);
        ahead[i].db->base.driver->close(&ahead[i].db->base);
        ahead[i].db = NULL;
    }
}

void postgresql_cancel_all(void)
{
    char said[256];

    for (size_t i = 0; i < ahead_count; i++)
        if (ahead[i].cancel != NULL)
            (void)pq.PQcancel(ahead[i].cancel, said, sizeof said);
}

void postgresql_inherit(void (*cancel)(void))
{
    inherited = true;
    pg_cancel_by(cancel);
}

/* One that may write also serves who only reads, as one that does not. */
static struct pg_db *take(const char *address, bool writable)
{
    for (size_t i = 0; i < ahead_count; i++) {
        struct pg_db *db = ahead[i].db;

        if (db == NULL || (writable && !ahead[i].writable) || strcmp(ahead[i].address, address) != 0)
            continue;
        if (!writable && ahead[i].writable && db->base.driver->make_read_only(&db->base, NULL) != DK_OK)
            continue;
        ahead[i].db = NULL;
        return db;
    }
    return NULL;
}

/* Refuses a database whose tables are not those of this difkit. */
static dk_status check_tables(struct pg_db *db, struct dk_error *err)
{
    PGresult *result;
    struct dk_error said = {0};
    long version = 0;

    if (pg_ask(db, "SELECT value FROM meta WHERE key = 'schema_version'", &result, &said) != DK_OK) {
        if (said.code != DK_USAGE || strstr(said.hint, "lacks a right") != NULL) {
            if (err != NULL)
                *err = said;
            return DK_ERROR;
        }
        dk_fail(err, DK_IO, "%s holds no database of difkit in the schema %s", db->base.path, db->schema);
        dk_hint(err, "`difkit load PATH -o ADDRESS` makes one, or the role may not see it");
        return DK_ERROR;
    }
    if (pq.PQntuples(result) > 0)
        version = strtol(pq.PQgetvalue(result, 0, 0), NULL, 10);
    pq.PQclear(result);
    if (version == MODEL_VERSION)
        return DK_OK;
    dk_fail(err, DK_IO, "the tables of %s are of version %ld, and this difkit works with version %d", db->base.path, version,
            MODEL_VERSION);
    dk_hint(err, version > MODEL_VERSION ? "use the difkit that made them, or a later one" : "load the data anew");
    return DK_ERROR;
}

dk_status postgresql_open(const char *address, enum db_mode mode, struct db **out, struct dk_error *err)
{
    bool writable = mode != DB_READ;
    struct pg_db *db = take(address, writable);

    *out = NULL;
    if (db == NULL && inherited) {
        dk_fail(err, DK_LIMIT, "a run works with the server that its command line names, and opens it once");
        dk_hint(err, "name it by --db; --trust, for your own script, lets it open others");
        return DK_ERROR;
    }
    if (db == NULL && pg_connect(address, writable, &db, err) != DK_OK)
        return DK_ERROR;
    if (mode != DB_CREATE && check_tables(db, err) != DK_OK) {
        db->base.driver->close(&db->base);
        return DK_ERROR;
    }
    *out = &db->base;
    return DK_OK;
}
