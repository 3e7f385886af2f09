#include "base/digest.h"

#include <stdint.h>
#include <sys/types.h>

#include <sha2.h>

void dk_digest(const void *bytes, size_t size, char out[DK_DIGEST_SIZE])
{
    SHA256Data(bytes, size, out);
}
