/* What the program says beside its results, on standard error: as lines for a reader, or as JSON, an object a line, for the
 * journal of a scheduled job. Needs no memory of its own. */
#ifndef DIFKIT_BASE_JOURNAL_H
#define DIFKIT_BASE_JOURNAL_H

#include <stddef.h>

#include "base/error.h"

enum journal_kind {
    JOURNAL_ERROR,   /* the end of what was asked for */
    JOURNAL_FINDING, /* one of several in the data */
    JOURNAL_DETAIL,  /* more of an error */
    JOURNAL_NOTE,
    JOURNAL_SCRIPT /* what a script or the library writes there */
};

/* From now on JSON, for this command, whose name must stay. Processes made later do the same. */
void journal_as_json(const char *command);
/* One message: in text as "difkit: place: message; hint" (findings and details without the name, what a script writes as it
 * is), in JSON as {"time", "level", "command", "message"} with "code", "status", "file", "line", "column" and "hint" where
 * there are any. Of err->code only errors have one. */
void journal_say(enum journal_kind kind, const struct dk_error *err);
/* The same for a text that is all there is to say. */
void journal_text(enum journal_kind kind, const char *text, size_t size);
/* In JSON, the last line of a command: its status, and the seconds since journal_as_json(). */
void journal_end(int status);

#endif
