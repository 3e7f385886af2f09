/* Fields of entities that have a file of their own; model.c puts them into its table. Private to core/model. */
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

#endif
