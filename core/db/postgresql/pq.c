#include "db/postgresql/pq.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>

struct pq_functions pq;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool found;

static void open_library(void)
{
    void *library = dlopen("libpq.so.5", RTLD_LAZY | RTLD_LOCAL);
    struct {
        const char *name;
        void *slot;
    } wanted[] = {
#define PQ_WANTED(result, name, arguments) {#name, &pq.name},
        PQ_FUNCTIONS(PQ_WANTED)
#undef PQ_WANTED
    };

    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        void *function = library != NULL ? dlsym(library, wanted[i].name) : NULL;

        if (function == NULL)
            return;
        memcpy(wanted[i].slot, &function, sizeof function); /* a function's address, as dlsym() gives it */
    }
    found = true;
}

dk_status pq_open(struct dk_error *err)
{
    (void)pthread_once(&once, open_library);
    if (found)
        return DK_OK;
    dk_fail(err, DK_IO, "a server needs the library libpq, of version 14 or later, which is not installed");
    dk_hint(err, "install it (Debian: libpq5), or work with a database file");
    return DK_ERROR;
}
