/* unpack.wasm: what unpacks the engine in a page. A browser knows gzip alone, whose window of 32 KB makes of a program that
 * is mostly text a fifth more than LZMA does. */
#include <LzmaDec.h>
#include <emscripten.h>
#include <stdlib.h>

enum { HEAD = LZMA_PROPS_SIZE + 8 /* of a file of `xz --format=lzma`: properties, and a size that it does not know */ };

static void *allocate(void *unused, size_t size)
{
    (void)unused;
    return malloc(size);
}

static void release(void *unused, void *memory)
{
    (void)unused;
    free(memory);
}

/* The size of what `from` unpacks to, which is not `room` where it is damaged. The page makes both places by malloc. */
EMSCRIPTEN_KEEPALIVE size_t unpack(Byte *to, size_t room, const Byte *from, size_t size)
{
    ISzAlloc memory = {allocate, release};
    ELzmaStatus status;
    SizeT got = room, used = size - HEAD;

    if (size < HEAD ||
        LzmaDecode(to, &got, from + HEAD, &used, from, LZMA_PROPS_SIZE, LZMA_FINISH_ANY, &status, &memory) != SZ_OK)
        return 0;
    return got;
}
