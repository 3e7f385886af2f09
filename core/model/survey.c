/* The fields of surveys: who was asked how, what, and what was answered. */
#include "model/fields.h"

/* Tables, a field or a value a line. */
/* clang-format off */

static const struct model_value strata_values[] = {
    {"within", "a stratum lies within a unit and a period: equal names elsewhere are other strata"},
    {"across", "a stratum is known by its name alone"},
    {NULL, NULL}};

static const struct model_value lonely_values[] = {
    {"fail", "a stratum of one cluster has no variance: nothing is estimated"},
    {"adjust", "its variance is taken about the mean of all"},
    {"average", "its variance is the mean of that of the others"},
    {"certainty", "it was certain to be drawn and adds nothing"},
    {"remove", "it adds nothing"},
    {NULL, NULL}};

static const struct model_value replicate_values[] = {
    {"jk1", "jackknife without strata"},
    {"jkn", "jackknife with strata"},
    {"brr", "balanced half-samples"},
    {"fay", "balanced half-samples of Fay"},
    {"bootstrap", "bootstrap of Rao and Wu"},
    {"successive-difference", "successive differences"},
    {"other", "another method: its scale is given"},
    {NULL, NULL}};

static const struct model_value weights_values[] = {
    {"whole", "replicate weights stand in the place of the weight"},
    {"factors", "replicate weights are multiplied with the weight"},
    {NULL, NULL}};

static const struct model_value centre_values[] = {
    {"estimate", "replicates differ from the figure of the whole sample"},
    {"mean", "replicates differ from their mean"},
    {NULL, NULL}};

static const struct model_value question_values[] = {
    {"yesno", "1 for yes, 0 for no"},
    {"choice", "one of the choices"},
    {"scale", "a number of a scale, such as 1 to 5"},
    {"number", "a number"},
    {"text", "words of one's own"},
    {NULL, NULL}};

static const struct model_value nothing_values[] = {
    {"refused", "would not say"},
    {"unknown", "does not know"},
    {"not_applicable", "the question does not concern the respondent"},
    {"not_asked", "was not asked: another version or year"},
    {"none", "left blank"},
    {"invalid", "said something that is no answer"},
    {NULL, NULL}};

#define SURVEY_KEY(what) \
    {.name = "survey_id", .key = what, .type = MODEL_REFERENCE, .flags = MODEL_REQUIRED | MODEL_PRIMARY, \
     .reference = MODEL_SURVEY, .help = "its survey"}
#define ID(what) {.name = "id", .key = "id", .type = MODEL_ID, .flags = MODEL_REQUIRED | MODEL_PRIMARY, .help = what}
#define TEXT(column, what) {.name = column, .key = column, .type = MODEL_TEXT, .help = what}
#define POSITION \
    {.name = "position", .key = "position", .type = MODEL_INTEGER, .flags = MODEL_REQUIRED | MODEL_FILLED | MODEL_POSITIVE, \
     .help = "place in the list, from 1; left out, the next after the one before"}
#define RESPONDENT_KEY \
    {.name = "respondent_id", .key = "respondent", .type = MODEL_REFERENCE, .flags = MODEL_REQUIRED | MODEL_PRIMARY, \
     .reference = MODEL_RESPONDENT, .scope = "survey_id", .help = "the respondent"}

const struct model_field model_survey_fields[13] = {
    ID("short name, unique over everything loaded together"),
    {.name = "title", .key = "title", .type = MODEL_TEXT, .flags = MODEL_REQUIRED, .help = "name in full"},
    TEXT("source", "who held it, when, and where the answers were taken from"),
    {.name = "strata", .key = "strata", .type = MODEL_ENUM, .flags = MODEL_REQUIRED, .values = strata_values,
     .fallback = "within", .help = "how strata are told apart"},
    {.name = "lonely", .key = "lonely", .type = MODEL_ENUM, .flags = MODEL_REQUIRED, .values = lonely_values,
     .fallback = "fail", .help = "what becomes of a stratum of one cluster"},
    {.name = "smallest_cell", .key = "smallest_cell", .type = MODEL_INTEGER, .flags = MODEL_POSITIVE,
     .help = "the fewest respondents of a figure that is shown; left out, 5"},
    {.name = "replication", .key = "replication", .type = MODEL_ENUM, .values = replicate_values,
     .help = "how replicate weights were made, where there are any"},
    {.name = "replicate_form", .key = "replicate_form", .type = MODEL_ENUM, .values = weights_values,
     .help = "what the replicate weights are; needed where there are any"},
    {.name = "scale", .key = "scale", .type = MODEL_REAL,
     .help = "factor of the sum of squares; left out, that of the method"},
    {.name = "centre", .key = "centre", .type = MODEL_ENUM, .values = centre_values,
     .help = "what replicates are compared with; left out, the estimate"},
    {.name = "fay", .key = "fay", .type = MODEL_REAL, .help = "Fay's factor, from 0 to below 1"},
    {.name = "weight_columns", .key = "weight_columns", .type = MODEL_TEXT,
     .help = "columns of a CSV file of respondents that hold replicate weights: this and a number, such as r for r1, r2"},
    TEXT("note", "remark")};

const struct model_field model_question_fields[11] = {
    SURVEY_KEY(NULL),
    ID("short name, unique within the survey"),
    POSITION,
    {.name = "kind", .key = "kind", .type = MODEL_ENUM, .flags = MODEL_REQUIRED, .values = question_values,
     .help = "what answers it takes"},
    {.name = "text", .key = "text", .type = MODEL_TEXT, .flags = MODEL_REQUIRED, .help = "the question as it is asked"},
    TEXT("measure", "unit of measure of a number, such as thousand USD"),
    {.name = "action_id", .key = "action", .type = MODEL_REFERENCE, .reference = MODEL_ACTION,
     .help = "the action that asks for it"},
    {.name = "lower", .key = "lower", .type = MODEL_REAL, .help = "least answer of a number or scale"},
    {.name = "upper", .key = "upper", .type = MODEL_REAL, .help = "greatest answer of a number or scale"},
    TEXT("filter", "whom it is asked, in words: such as firms that answered yes to Q1"),
    TEXT("note", "remark")};

const struct model_field model_choice_fields[5] = {
    SURVEY_KEY(NULL),
    {.name = "question_id", .type = MODEL_REFERENCE, .flags = MODEL_REQUIRED | MODEL_PRIMARY, .reference = MODEL_QUESTION,
     .scope = "survey_id", .help = "its question: the one in whose list it stands"},
    ID("the answer as it stands in the data: a number or a word"),
    POSITION,
    {.name = "title", .key = "title", .type = MODEL_TEXT, .flags = MODEL_REQUIRED, .help = "what it means"}};

const struct model_field model_missing_fields[3] = {
    SURVEY_KEY(NULL),
    {.name = "code", .key = "code", .type = MODEL_ID, .flags = MODEL_REQUIRED | MODEL_PRIMARY,
     .help = "what stands in the data in place of an answer, such as -97"},
    {.name = "kind", .key = "kind", .type = MODEL_ENUM, .flags = MODEL_REQUIRED, .values = nothing_values,
     .help = "which kind of nothing it means"}};

const struct model_field model_respondent_fields[11] = {
    SURVEY_KEY("survey"),
    ID("short name, unique within the survey"),
    {.name = "unit_id", .key = "unit", .type = MODEL_REFERENCE, .reference = MODEL_UNIT, .help = "where it was asked"},
    {.name = "period", .key = "period", .type = MODEL_PERIOD, .help = "when: a year, or a quarter, month, week or day"},
    TEXT("stratum", "stratum from which it was drawn; left out, there is one"),
    TEXT("cluster", "first-stage cluster, by its name within the stratum; left out, the respondent is one"),
    TEXT("subcluster", "second-stage cluster within the cluster"),
    {.name = "population", .key = "population", .type = MODEL_INTEGER, .flags = MODEL_POSITIVE,
     .help = "clusters in the population of the stratum: a number, not a share"},
    {.name = "subpopulation", .key = "subpopulation", .type = MODEL_INTEGER, .flags = MODEL_POSITIVE,
     .help = "second-stage clusters in the population of the cluster"},
    {.name = "weight", .key = "weight", .type = MODEL_REAL, .flags = MODEL_REQUIRED,
     .help = "how many of the population it stands for, from 0"},
    TEXT("note", "remark")};

const struct model_field model_replicate_fields[3] = {
    SURVEY_KEY("survey"),
    {.name = "number", .key = "number", .type = MODEL_INTEGER, .flags = MODEL_REQUIRED | MODEL_PRIMARY | MODEL_POSITIVE,
     .help = "of the replicate, from 1"},
    {.name = "scale", .key = "scale", .type = MODEL_REAL, .flags = MODEL_REQUIRED, .help = "factor of its square"}};

const struct model_field model_replicate_weight_fields[4] = {
    SURVEY_KEY("survey"), RESPONDENT_KEY,
    {.name = "number", .key = "number", .type = MODEL_INTEGER, .flags = MODEL_REQUIRED | MODEL_PRIMARY | MODEL_POSITIVE,
     .help = "of the replicate, from 1"},
    {.name = "weight", .key = "weight", .type = MODEL_REAL, .flags = MODEL_REQUIRED, .help = "its weight"}};

const struct model_field model_response_fields[6] = {
    SURVEY_KEY("survey"),
    {.name = "question_id", .key = "question", .type = MODEL_REFERENCE, .flags = MODEL_REQUIRED | MODEL_PRIMARY,
     .reference = MODEL_QUESTION, .scope = "survey_id", .help = "the question"},
    RESPONDENT_KEY,
    {.name = "value", .key = "value", .type = MODEL_REAL, .help = "the answer where it is a number"},
    TEXT("answer", "the answer where it is a word"),
    {.name = "missing", .key = "missing", .type = MODEL_ENUM, .values = nothing_values,
     .help = "why there is no answer; exactly one of value, answer and missing is given"}};
