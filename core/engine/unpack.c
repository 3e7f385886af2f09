/* unpack.wasm: what unpacks the engine in a page. A browser knows gzip alone, whose window of 32 KB makes of a program that
 * is mostly text a sixth more than zstd does. */
#include <emscripten.h>
#include <zstd.h>

/* The size of what `from` unpacks to, or more than `room` where it does not. The page makes both places by malloc. */
EMSCRIPTEN_KEEPALIVE size_t unpack(void *to, size_t room, const void *from, size_t size)
{
    return ZSTD_decompress(to, room, from, size);
}
