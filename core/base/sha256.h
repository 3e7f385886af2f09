/* SHA-256 of bytes that come piece by piece.
 *
 * Nettle does the work where the build found it, since it uses what the processor offers (about ten times as fast);
 * otherwise libmd does. */
#ifndef DIFKIT_BASE_SHA256_H
#define DIFKIT_BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

#ifdef DIFKIT_HAVE_NETTLE
#include <nettle/sha2.h>
#else
#include <sys/types.h>

#include <sha2.h>
#endif

enum { DK_SHA256_SIZE = 32, DK_SHA256_TEXT_SIZE = 65 /* 64 digits and a terminating zero */ };

struct dk_sha256 {
#ifdef DIFKIT_HAVE_NETTLE
    struct sha256_ctx state;
#else
    SHA2_CTX state;
#endif
};

void dk_sha256_begin(struct dk_sha256 *digest);
void dk_sha256_add(struct dk_sha256 *digest, const void *bytes, size_t size);
void dk_sha256_end(struct dk_sha256 *digest, uint8_t out[DK_SHA256_SIZE]);
/* The end, in lower-case hexadecimal. */
void dk_sha256_text(struct dk_sha256 *digest, char out[DK_SHA256_TEXT_SIZE]);

#endif
