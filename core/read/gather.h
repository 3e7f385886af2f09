/* The observations of a file, put in the order of indicator, unit and period whatever their number: gathered in runs of some
 * megabytes, each sorted and written to a temporary file, and merged in the end. Texts that come again are kept once; memory
 * grows with how many different units, indicators and periods there are, not with the observations. */
#ifndef DIFKIT_READ_GATHER_H
#define DIFKIT_READ_GATHER_H

#include <stdio.h>

#include "read/intern.h"
#include "read/read.h"

enum { GATHER_TWINS_MAX = 1000 }; /* that are kept */
/* The texts of an observation; the first three are its key. */
enum { GATHER_INDICATOR, GATHER_UNIT, GATHER_PERIOD, GATHER_KEYS, GATHER_FLAG = GATHER_KEYS, GATHER_PLACE, GATHER_NAMES };

/* An observation: numbers of texts of the gathering, and its note behind it. */
struct gather_row {
    uint32_t size;               /* of all of it, a multiple of 8 */
    uint32_t name[GATHER_NAMES]; /* of the place: what stands before its number and, after a zero, behind it */
    uint32_t number;             /* of the line or row in the place */
    uint32_t note;               /* bytes of the note */
    uint8_t rank;                /* of two with one key that of the higher rank counts */
    bool missing;
    double value;
};

struct gather_run {
    size_t begin, size; /* in the file */
};

/* Two observations with one key and different values, without their notes. */
struct gather_twin {
    struct gather_row first, second;
};

/* What one indicator holds. */
struct gather_range {
    size_t count; /* of values */
    double low, high;
};

struct gather {
    struct intern name[GATHER_NAMES];
    size_t run_max;       /* bytes of a run; 0: as many as is usual */
    struct dk_buffer run; /* being gathered; after gather_finish() all of them, when there is no file */
    FILE *file;
    size_t spilled; /* bytes in the file */
    struct gather_run *runs;
    size_t run_count, run_capacity;
    size_t count; /* observations */
    bool finished;
    /* Once finished. */
    struct gather_twin *twin; /* observations that stand twice with different values, the first of them */
    size_t twin_count, twin_capacity;
    size_t same, outranked;     /* how many stand twice with the same value, and with another rank */
    size_t *used[GATHER_NAMES]; /* how many observations have each text */
    struct gather_range *range; /* of each indicator */
};

/* Adds an observation; its size and note are set here. */
dk_status gather_add(struct gather *gather, struct gather_row *row, const char *note, size_t size, struct dk_error *err);
/* Puts them in order, each key once: of two with one key the first stays, or that of the higher rank. Nothing can be added
 * afterwards. */
dk_status gather_finish(struct gather *gather, struct dk_error *err);
/* Forgets all observations, and keeps the texts. */
void gather_clear(struct gather *gather);
/* The text of a name of a row. */
const char *gather_text(const struct gather *gather, const struct gather_row *row, int name, size_t *size);
/* Writes the place of a row. */
void gather_place(const struct gather *gather, const struct gather_row *row, struct dk_buffer *out);
/* Takes a place apart: its number, and the text without it in `pattern`. */
uint32_t gather_split(const char *place, size_t size, struct dk_buffer *pattern);
void gather_free(struct gather *gather);

/* A walk through the observations in order, once finished. */
struct gather_walk {
    struct gather *gather;
    size_t at;
    struct dk_buffer buffer; /* of what was read last */
    size_t begin;            /* of it in the file */
};
/* The next, or NULL at the end, with *status DK_OK; it lives until the next is asked for. Its note stands behind it. */
const struct gather_row *gather_next(struct gather_walk *walk, dk_status *status, struct dk_error *err);
void gather_walk_end(struct gather_walk *walk);

static inline const char *gather_note(const struct gather_row *row)
{
    return (const char *)(row + 1);
}

#endif
