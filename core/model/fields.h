/* What the files of core/model share: fields of entities that have a file of their own, which model.c puts into its table,
 * and what a model is made of. Private to core/model. */
#ifndef DIFKIT_MODEL_FIELDS_H
#define DIFKIT_MODEL_FIELDS_H

#include "model/model.h"

/* survey.c */
extern const struct model_field model_survey_fields[13];
extern const struct model_field model_question_fields[11];
extern const struct model_field model_choice_fields[5];
extern const struct model_field model_missing_fields[3];
extern const struct model_field model_respondent_fields[11];
extern const struct model_field model_replicate_fields[3];
extern const struct model_field model_replicate_weight_fields[4];
extern const struct model_field model_response_fields[6];

/* declarations.c */
extern const struct model_field model_declared_table_fields[3];
extern const struct model_field model_declared_column_fields[11];
extern const struct model_field model_declared_key_fields[3];
extern const struct model_field model_declared_value_fields[5];

/* declared.c makes it. */
struct model {
    struct model_entity *entity; /* that are declared, by name */
    size_t count;
    void **memory; /* of their names, fields and values */
    size_t memory_count, memory_capacity;
};

#endif
