typedef int not_empty; /* a build without the library has nothing else here */

#ifdef DIFKIT_HAVE_READSTAT

#include "read/stat_library.h"

struct stat_library stat_library;

#ifdef DIFKIT_READSTAT_FILE

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

dk_status stat_library_open(struct dk_error *err)
{
    static const char *const names[] = {
#define STAT_NAME(name) #name,
        STAT_FUNCTIONS(STAT_NAME)
#undef STAT_NAME
    };
    void *found[sizeof names / sizeof names[0]], *library;

    if (stat_library.readstat_parser_init != NULL)
        return DK_OK;
    library = dlopen(DIFKIT_READSTAT_FILE, RTLD_LAZY | RTLD_LOCAL);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        found[i] = library != NULL ? dlsym(library, names[i]) : NULL;
        if (found[i] == NULL) {
            dk_fail(err, DK_USAGE, "libreadstat, which reads files of Stata, SPSS and SAS, cannot be opened");
            dk_hint(err, "install it (libreadstat1), or save the file as CSV with the labels of its values");
            return DK_ERROR;
        }
    }
    /* A pointer to a function is not a pointer to void, but has its representation wherever there is dlsym(). */
    _Static_assert(sizeof found == sizeof stat_library, "one pointer for each function");
    memcpy(&stat_library, found, sizeof found);
    return DK_OK;
}

#else

dk_status stat_library_open(struct dk_error *err)
{
    (void)err;
    stat_library = (struct stat_library){
#define STAT_ADDRESS(name) name,
        STAT_FUNCTIONS(STAT_ADDRESS)
#undef STAT_ADDRESS
    };
    return DK_OK;
}

#endif

#endif
