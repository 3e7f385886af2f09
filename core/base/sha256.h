/* SHA-256 of bytes that come piece by piece.
 *
 * Nettle does the work: a well-kept library that uses what the processor offers. Where the program is linked statically
 * libmd does (DIFKIT_HAVE_LIBMD), whose licence lets it. */
#ifndef DIFKIT_BASE_SHA256_H
#define DIFKIT_BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

#ifdef DIFKIT_HAVE_LIBMD
#include <sys/types.h>

#include <sha256.h>
#else
#include <nettle/sha2.h>
#endif

enum { DK_SHA256_SIZE = 32, DK_SHA256_TEXT_SIZE = 65 /* 64 digits and a terminating zero */ };

struct dk_sha256 {
#ifdef DIFKIT_HAVE_LIBMD
    SHA256_CTX state;
#else
    struct sha256_ctx state;
#endif
};

void dk_sha256_begin(struct dk_sha256 *digest);
void dk_sha256_add(struct dk_sha256 *digest, const void *bytes, size_t size);
void dk_sha256_end(struct dk_sha256 *digest, uint8_t out[DK_SHA256_SIZE]);
/* The end, in lower-case hexadecimal. */
void dk_sha256_text(struct dk_sha256 *digest, char out[DK_SHA256_TEXT_SIZE]);

#endif
