/* The rows of a table whose layout is known, as observations, as far as there is nothing to think about: units, indicators,
 * periods and flags are texts that were met before, and values plain digits. Whoever knows the layout says once what each
 * text means; every other row is left to him, and goes the long way. */
#ifndef DIFKIT_READ_STREAM_H
#define DIFKIT_READ_STREAM_H

#include "read/gather.h"

/* What texts of some columns mean, once it was said: a number of a text of the gathering. */
struct stream_memo {
    size_t *column;
    size_t columns;
    struct intern text; /* the cells, joined by zeros */
    uint32_t *means;    /* of each text; INTERN_NONE: it was not said */
    size_t capacity;
};

/* A column of values. */
struct stream_value {
    size_t column;
    size_t flag_column;       /* 0: none */
    uint32_t period;          /* INTERN_NONE: that of the row */
    uint32_t place;           /* the pattern of its places */
    struct stream_memo names; /* its indicators, by the columns of indicators */
    struct stream_memo flags;
    double read;              /* of the row at hand */
    uint32_t flag, indicator; /* of it */
    bool empty;
};

struct stream {
    struct gather *gather;
    struct stream_memo unit, period;
    struct stream_value *value;
    size_t values;
    size_t note;    /* the column of notes; 0: none */
    size_t *silent; /* columns that must be empty */
    size_t silents;
    bool point;   /* a point is the decimal sign: else digits alone are plain */
    bool numbers; /* cells of a sheet: a text is no plain number */
    size_t width; /* of the table: a row of another number of cells is left; 0: of any */
    uint32_t no_flag;
    const struct read_cell **cell; /* of the row at hand, by column */
    size_t cells;
    struct dk_buffer key;
};

/* Adds the observations of a row to the gathering; *taken is false, and nothing was added, when it has to be thought about.
 */
dk_status stream_row(struct stream *stream, const struct read_row *row, bool *taken, struct dk_error *err);
/* Notes what the cells of a row mean for a memo of the stream. Nothing is noted where they are all empty. */
void stream_learn(struct stream *stream, struct stream_memo *memo, const struct read_row *row, uint32_t means);
void stream_free(struct stream *stream);

#endif
