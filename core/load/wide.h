/* A CSV file of respondents may hold their answers and replicate weights as well, a column each: records of other tables,
 * which are made beside the respondent. Private to core/load. */
#ifndef DIFKIT_LOAD_WIDE_H
#define DIFKIT_LOAD_WIDE_H

#include "load/state.h"

enum wide_kind { WIDE_NOTHING, WIDE_ANSWER, WIDE_WEIGHT };

struct wide_column {
    enum wide_kind kind;
    const char *question; /* its id, which lives as long as the load */
    size_t size;
    const char *answers; /* the kind of the question */
    int number;          /* of a replicate */
};

/* Whether the heading names a question of the survey that the file belongs to, or a replicate weight of it. */
bool wide_column(struct load *load, const struct table *table, const char *text, size_t size, struct wide_column *out);
/* Makes the record of a cell of a respondent whose row is fit. */
void wide_cell(struct load *load, const struct wide_column *column, const struct row *respondent, const struct scalar *cell,
               struct place place);

#endif
