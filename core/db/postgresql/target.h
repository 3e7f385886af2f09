/* The address of a database on a server, as it stands on a command line: postgresql://USER@HOST:PORT/DATABASE?schema=NAME,
 * where everything may be left out. What is not there comes from PG* variables, a service file and .pgpass, as with every
 * program that uses libpq; `schema` is our own. */
#ifndef DIFKIT_DB_POSTGRESQL_TARGET_H
#define DIFKIT_DB_POSTGRESQL_TARGET_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/error.h"
#include "db/postgresql/pq.h"

struct target {
    PQconninfoOption *options; /* as libpq reads the address, with its own defaults left out */
    char *schema;
    bool password; /* stands in the address, where everybody on the machine can see it */
};

/* Reads an address. No message shows any part of one that cannot be read: it may be a password. */
dk_status target_read(struct target *target, const char *address, struct dk_error *err);
void target_free(struct target *target);
/* The value of a setting in the address, or NULL. */
const char *target_value(const struct target *target, const char *keyword);
/* The address without the password, for messages and reports. */
void target_show(const struct target *target, struct dk_buffer *out);
/* A name as SQL takes it: in quotes. */
void target_quote(struct dk_buffer *out, const char *name);

#endif
