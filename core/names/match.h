/* Which country a text means: by a code of a system (ISO 3166, M49, World Bank, Eurostat, …) or by a name, whole and folded
 * (fold.h), or not at all. The table is made at build time (README.md) and searched as it stands in the program. */
#ifndef DIFKIT_NAMES_MATCH_H
#define DIFKIT_NAMES_MATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

enum names_kind {
    NAMES_UNIT,      /* one country */
    NAMES_AGGREGATE, /* a group of countries */
    NAMES_PART,      /* a part of a country, or a state with several successors */
    NAMES_AMBIGUOUS, /* two or more */
    NAMES_UNKNOWN
};

enum { NAMES_CODE_SIZE = 64, NAMES_NAME_SIZE = 160 };

struct names_match {
    enum names_kind kind;
    char code[NAMES_CODE_SIZE]; /* ISO 3166-1 alpha-3 (XKX for Kosovo); of an ambiguous text those it may mean, by spaces */
};

/* Whether there is a table. */
bool names_available(void);

/* Takes the table from a file, in place of the one in this program, from now on: who changes the names, or what they are
 * made from, needs no other program. */
dk_status names_replace(const char *path, struct dk_error *err);

/* Whether the word names a system: iso2, iso3, m49, wb, imf, eurostat, hdr, owid, ilo, oecd, un, name, any. */
bool names_is_system(const char *system);

/* What text[0..size) means in a column of the system. Marks of footnotes, ranks and odd spaces around a name, and text that
 * was UTF-8 read as Windows-1252, are seen through. */
void names_match(const char *system, const char *text, size_t size, struct names_match *out);

/* The name nearest to the text, as "Philippines (PHL)", for a suggestion: false when none is near. */
bool names_near(const char *text, size_t size, char out[NAMES_NAME_SIZE]);

/* The English name of an alpha-3 code, or NULL; borrowed from the table, and `*size` long. */
const char *names_title(const char *code, size_t *size);

#endif
