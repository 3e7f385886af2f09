/* A statement as difkit's callers write it (? for a value, ?2, :name, @name, $name; ?? for PostgreSQL's own operator ?), as
 * PostgreSQL takes it: $1, $2 … What stands in quotes, comments and dollar quotes stays as it is. */
#ifndef DIFKIT_DB_POSTGRESQL_TRANSLATE_H
#define DIFKIT_DB_POSTGRESQL_TRANSLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

struct translated {
    struct dk_buffer sql;
    char **name;  /* of each parameter, without its sign; NULL for one without a name */
    size_t count; /* parameters */
    size_t room;
    struct change { /* where the translation begins to differ by another distance */
        size_t out, in;
    } * change;
    size_t changes, change_room;
    char first[16], second[16]; /* the first words, in capitals */
    bool empty;                 /* there is no statement */
    size_t end;                 /* bytes read: behind the ; that ends the statement, or all */
};

/* Translates the first statement. */
void translate(struct translated *out, const char *sql, size_t size);
void translated_free(struct translated *translated);
/* The byte of the statement as it was written, for the `character`th (from 1) of the translation. */
size_t translated_place(const struct translated *translated, size_t character);

#endif
