/* SHA-256 of bytes, as lower-case hexadecimal. libmd does the work: a small, well-kept library with the BSD interface. */
#ifndef DIFKIT_BASE_DIGEST_H
#define DIFKIT_BASE_DIGEST_H

#include <stddef.h>

enum { DK_DIGEST_SIZE = 65 }; /* 64 digits and a terminating zero */

void dk_digest(const void *bytes, size_t size, char out[DK_DIGEST_SIZE]);

#endif
