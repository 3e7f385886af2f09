#include "base/sha256.h"

#ifdef DIFKIT_HAVE_LIBMD
void dk_sha256_begin(struct dk_sha256 *digest)
{
    SHA256_Init(&digest->state);
}

void dk_sha256_add(struct dk_sha256 *digest, const void *bytes, size_t size)
{
    SHA256_Update(&digest->state, bytes, size);
}

void dk_sha256_end(struct dk_sha256 *digest, uint8_t out[DK_SHA256_SIZE])
{
    SHA256_Final(out, &digest->state);
}
#else
void dk_sha256_begin(struct dk_sha256 *digest)
{
    sha256_init(&digest->state);
}

void dk_sha256_add(struct dk_sha256 *digest, const void *bytes, size_t size)
{
    sha256_update(&digest->state, size, bytes);
}

void dk_sha256_end(struct dk_sha256 *digest, uint8_t out[DK_SHA256_SIZE])
{
    sha256_digest(&digest->state, DK_SHA256_SIZE, out);
}
#endif

void dk_sha256_text(struct dk_sha256 *digest, char out[DK_SHA256_TEXT_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    uint8_t bytes[DK_SHA256_SIZE];

    dk_sha256_end(digest, bytes);
    for (size_t i = 0; i < sizeof bytes; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[2 * DK_SHA256_SIZE] = '\0';
}
