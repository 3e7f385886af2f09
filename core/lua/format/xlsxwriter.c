typedef int not_empty; /* a build without the library has nothing else here */

#ifdef DIFKIT_HAVE_XLSXWRITER

#include "lua/format/xlsxwriter.h"

struct xlsxwriter xlsxwriter;

#ifdef DIFKIT_XLSXWRITER_FILE

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

dk_status xlsxwriter_open(struct dk_error *err)
{
    static const char *const names[] = {
#define XLSXWRITER_NAME(name) #name,
        XLSXWRITER_FUNCTIONS(XLSXWRITER_NAME)
#undef XLSXWRITER_NAME
    };
    void *found[sizeof names / sizeof names[0]], *library;

    if (xlsxwriter.workbook_new_opt != NULL)
        return DK_OK;
    library = dlopen(DIFKIT_XLSXWRITER_FILE, RTLD_LAZY | RTLD_LOCAL);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        found[i] = library != NULL ? dlsym(library, names[i]) : NULL;
        if (found[i] == NULL) {
            dk_fail(err, DK_USAGE, "libxlsxwriter, which writes workbooks, cannot be opened");
            dk_hint(err, "install it (libxlsxwriter4), or write .csv");
            return DK_ERROR;
        }
    }
    /* A pointer to a function is not a pointer to void, but has its representation wherever there is dlsym(). */
    _Static_assert(sizeof found == sizeof xlsxwriter, "one pointer for each function");
    memcpy(&xlsxwriter, found, sizeof found);
    return DK_OK;
}

#else

dk_status xlsxwriter_open(struct dk_error *err)
{
    (void)err;
    xlsxwriter = (struct xlsxwriter){
#define XLSXWRITER_ADDRESS(name) name,
        XLSXWRITER_FUNCTIONS(XLSXWRITER_ADDRESS)
#undef XLSXWRITER_ADDRESS
    };
    return DK_OK;
}

#endif

#endif
