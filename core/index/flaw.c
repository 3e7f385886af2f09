/* The flaws in words. */
#include "index/flaw.h"

const char *index_flaw_text(enum index_flaw flaw)
{
    static const char *const texts[INDEX_FLAWS] = {
        "sound",
        "has no value",
        "is constant: it has no range",
        "has too few values for this method",
        "holds a value that is zero or negative",
        "has a reference of zero",
        "has bounds that coincide or stand the wrong way round",
        "has no weight left",
        "is too large for an exact solution",
        "has no solution",
        "holds a value beyond what a number of the machine can be",
        "holds a value at or below -1",
    };

    return (unsigned)flaw < INDEX_FLAWS ? texts[flaw] : "unknown flaw";
}
