/*
 * Preloaded into a program, fails one of its allocations, and those after it where FAULT_STICKY is set.
 *
 * FAULT_COUNT names a file of eight bytes in which the allocations of the program and its children are counted; FAULT_AT
 * is the number of the first that fails, from 1, or 0 for none. Counted is from the program's main function on.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static atomic_ulong *reached;
static unsigned long first;
static bool sticky;

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("FAULT_COUNT");
    const char *at = getenv("FAULT_AT");
    int file = path != NULL ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;

    if (file == -1)
        return;
    sticky = getenv("FAULT_STICKY") != NULL;
    first = at != NULL ? strtoul(at, NULL, 10) : 0;
    if (ftruncate(file, sizeof *reached) == 0) {
        void *page = mmap(NULL, sizeof *reached, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        reached = page != MAP_FAILED ? page : NULL;
    }
    close(file);
    unsetenv("LD_PRELOAD"); /* programs that are started are no part of it */
}

static bool fails(void)
{
    unsigned long number;

    if (reached == NULL)
        return false;
    number = atomic_fetch_add(reached, 1) + 1;
    if (first == 0 || (sticky ? number < first : number != first))
        return false;
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size)
{
    return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
    return fails() ? NULL : __libc_realloc(memory, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return fails() ? NULL : __libc_memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size)
{
    void *made = fails() ? NULL : __libc_memalign(alignment, size);

    if (made == NULL)
        return ENOMEM;
    *memory = made;
    return 0;
}
