/* Tables that the data declare for themselves: a framework's tables: become entities like those of difkit, so that loader,
 * drivers, diff and schema need to know no second kind of table. */
#ifndef DIFKIT_MODEL_DECLARED_H
#define DIFKIT_MODEL_DECLARED_H

#include "base/error.h"
#include "model/model.h"

enum { MODEL_DECLARATION_VALUES = 11 }; /* the most fields that a record of a declaration has */

/* A record of MODEL_DECLARED_TABLE, MODEL_DECLARED_COLUMN, MODEL_DECLARED_KEY or MODEL_DECLARED_VALUE: its values by field;
 * NULL: none. */
struct model_declaration {
    enum model_name of;
    const char *value[MODEL_DECLARATION_VALUES];
};

/* Who knows more than the model. */
struct model_judge {
    bool (*is_kept)(const char *name); /* whether the database keeps the name to itself */
    void (*refuse)(void *context, size_t declaration, int field, struct dk_error *err); /* told what is wrong, and where */
    void *context;                                                                      /* for refuse */
};

/* The model with the tables that these records declare, columns and values in the order in which they are given; nothing of
 * them is kept. What is refused is left out, or made harmless. Free it. */
struct model *model_declare(const struct model_declaration *declaration, size_t count, const struct model_judge *judge);
void model_free(struct model *model);

#endif
