/* The content digest: SHA-256 of all records, whatever files they came from and in which order.
 *
 * Every record has a digest of its own: the SHA-256 of its values, each written with its type and its length, so that no
 * two records have the same rendering. Where a record stands (its file, its line) is no content. The content digest is the
 * SHA-256 of, for each entity in the order of the model, its name and the digests of its records in the order of their
 * keys. So records can be digested as they pass by, and only their digests be put in order at the end. */
#ifndef DIFKIT_LOAD_DIGEST_H
#define DIFKIT_LOAD_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/sha256.h"
#include "db/db.h"
#include "model/model.h"

struct record_digest {
    const char *id; /* borrowed */
    size_t size;
    uint8_t digest[DK_SHA256_SIZE];
};

/* Digests of the actions, taken while they were read: reading them back from the database would cost as much again. */
struct record_digests {
    struct record_digest *record;
    size_t count, capacity;
};

/* Digest of a record from the values of its fields; `scratch` is used again from call to call. */
void digest_record(const struct model_entity *entity, const struct db_value *value, struct dk_buffer *scratch,
                   uint8_t out[DK_SHA256_SIZE]);

/* The content digest of a database, in hexadecimal. `actions` are put in order; NULL: they are read from the database. */
dk_status digest_content(struct db *db, struct record_digests *actions, char out[65], struct dk_error *err);

#endif
