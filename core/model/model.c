/* The table of the data model. Its reading order is the order of the tables and of the help. */
#include "model/model.h"

#include <string.h>

#include "model/fields.h"

/* Tables, a field or a value a line. */
/* clang-format off */

static const struct model_value attribution_values[] = {
    {"stated", "the source says whose action it is"},
    {"inferred", "read from the layout of the source; the note says how"},
    {NULL, NULL}};

static const struct model_value certainty_values[] = {
    {"settled", "a public text of the document has the action"},
    {"firm", "the words or the numbering leave one reading that makes sense"},
    {"likely", "the words or what stands around them speak for it"},
    {"open", "nothing speaks for it but the order of the columns"},
    {NULL, NULL}};

static const struct model_value relation_values[] = {
    {"equal", "both ask for the same"},
    {"subset", "the source asks for a part of what the target asks for"},
    {"superset", "the source asks for all that the target asks for, and more"},
    {"intersects", "they share a part, and each has more"},
    {"none", "looked at, and found to share nothing"},
    {NULL, NULL}};

static const struct model_value kind_values[] = {
    {"repeats", "the source repeats the words of the target"},
    {"inherits", "the source takes the target over from an earlier document"},
    {"supersedes", "the source takes the place of the target"},
    {"supports", "the source helps to reach the target"},
    {NULL, NULL}};

static const struct model_value review_values[] = {
    {"proposed", "one person or a program thinks so"},
    {"reviewed", "a second person agrees"},
    {NULL, NULL}};

static const struct model_value progress_values[] = {
    {"not_started", "nothing done yet"},
    {"in_progress", "under way"},
    {"completed", "done"},
    {"delayed", "under way or due, and late"},
    {"dropped", "given up"},
    {"withdrawn", "what was reported before no longer holds, and nothing is reported in its place"},
    {"no_answer", "asked, and no answer was given"},
    {"not_applicable", "does not concern the unit"},
    {NULL, NULL}};

static const struct model_value body_values[] = {
    {"sectoral", "a body of the region for one field: a committee, working group or task force"},
    {"secretariat", "the secretariat"},
    {"states", "the member states themselves"},
    {"authorities", "authorities or agencies of the member states"},
    {"other", "another body, such as a council of business"},
    {NULL, NULL}};

static const struct model_value recurs_values[] = {
    {"annual", "every year"},
    {"meeting", "at every meeting of a body"},
    {"regular", "regularly, without an interval"},
    {NULL, NULL}};

static const struct model_value quorum_values[] = {
    {"all", "all members of the group together: it is met when every one has done it"},
    {"each", "each member for itself: those that have not are behind, one by one"},
    {"at_least", "as many members as count says"},
    {NULL, NULL}};

static const struct model_value direction_values[] = {
    {"1", "more is better"},
    {"-1", "less is better"},
    {NULL, NULL}};

/* The SDMX code list for observation status (CL_OBS_STATUS, version 2.2). */
static const struct model_value flag_values[] = {
    {"A", "normal value"},
    {"B", "break in the time series"},
    {"D", "definition differs"},
    {"E", "estimated"},
    {"F", "forecast"},
    {"G", "experimental"},
    {"H", "missing: holiday or weekend"},
    {"I", "imputed by the receiver of the data"},
    {"J", "derogation"},
    {"K", "included in another category"},
    {"L", "missing: exists but was not collected"},
    {"M", "missing: cannot exist"},
    {"N", "not significant"},
    {"O", "missing, for whatever reason"},
    {"P", "provisional"},
    {"Q", "missing: suppressed"},
    {"S", "strike or another special event"},
    {"U", "low reliability"},
    {"V", "not validated"},
    {"W", "includes another category"},
    {NULL, NULL}};

#define ID_FIELD(what) \
    {.name = "id", .key = "id", .type = MODEL_ID, .flags = MODEL_REQUIRED | MODEL_PRIMARY, .help = what}
#define TITLE_FIELD(what) \
    {.name = "title", .key = "title", .type = MODEL_TEXT, .flags = MODEL_REQUIRED, .help = what}
#define TEXT_FIELD(column, what) {.name = column, .key = column, .type = MODEL_TEXT, .help = what}

static const struct model_field framework_fields[] = {
    ID_FIELD("short name, unique over everything loaded together"),
    TITLE_FIELD("title in full"),
    TEXT_FIELD("version", "version of these data, such as 1.0.0"),
    TEXT_FIELD("source", "where the data were taken from")};

static const struct model_field document_fields[] = {
    ID_FIELD("short name as people use it, such as DIFAP"),
    {.name = "framework_id", .key = "framework", .type = MODEL_REFERENCE, .flags = MODEL_REQUIRED | MODEL_FILLED,
     .reference = MODEL_FRAMEWORK, .help = "its framework; left out, that of the same folder, or the only one loaded"},
    TITLE_FIELD("title as printed"),
    TEXT_FIELD("short_title", "title for tables and charts"),
    {.name = "adopted", .key = "adopted", .type = MODEL_PARTIAL_DATE, .help = "when it was adopted: year, month or day"},
    {.name = "start_year", .key = "start", .type = MODEL_YEAR, .help = "first year it covers"},
    {.name = "end_year", .key = "end", .type = MODEL_YEAR, .help = "last year it covers"},
    TEXT_FIELD("note", "remark")};

static const struct model_field area_fields[] = {
    ID_FIELD("such as PA1"),
    {.name = "framework_id", .type = MODEL_REFERENCE, .flags = MODEL_REQUIRED, .reference = MODEL_FRAMEWORK,
     .help = "its framework: that of the same folder, or the only one loaded"},
    {.name = "number", .key = "number", .type = MODEL_LABEL, .help = "number as printed"},
    TITLE_FIELD("title as printed")};

static const struct model_field topic_fields[] = {
    ID_FIELD("short title with hyphens, such as trade-facilitation"),
    {.name = "area_id", .type = MODEL_REFERENCE, .flags = MODEL_REQUIRED, .reference = MODEL_AREA,
     .help = "its area: the one in whose list it stands"},
    {.name = "position", .key = "position", .type = MODEL_INTEGER,
     .flags = MODEL_REQUIRED | MODEL_FILLED | MODEL_POSITIVE,
     .help = "place within the area, from 1; left out, the next after the one before"},
    TITLE_FIELD("title as printed"),
    TEXT_FIELD("note", "remark")};

static const struct model_field action_fields[] = {
    ID_FIELD("written once and never changed, such as DIFAP.TF.1"),
    {.name = "document_id", .type = MODEL_REFERENCE, .flags = MODEL_REQUIRED, .reference = MODEL_DOCUMENT,
     .help = "its document: the one of the same file"},
    {.name = "topic_id", .type = MODEL_REFERENCE, .flags = MODEL_REQUIRED, .reference = MODEL_TOPIC,
     .help = "its topic: the one under which it stands"},
    {.name = "position", .key = "position", .type = MODEL_INTEGER,
     .flags = MODEL_REQUIRED | MODEL_FILLED | MODEL_POSITIVE,
     .help = "place within document and topic, from 1; left out, the next after the one before"},
    {.name = "number", .key = "number", .type = MODEL_LABEL, .help = "number as printed"},
    {.name = "text", .key = "text", .type = MODEL_TEXT, .flags = MODEL_REQUIRED, .help = "words as printed"},
    {.name = "line", .key = "line", .type = MODEL_INTEGER, .flags = MODEL_POSITIVE,
     .help = "line of the source on which it begins, from 1"},
    {.name = "attribution", .key = "attribution", .type = MODEL_ENUM, .flags = MODEL_REQUIRED,
     .values = attribution_values, .fallback = "stated", .help = "how it is known whose action it is"},
    TEXT_FIELD("note", "remark"),
    {.name = "certainty", .key = "certainty", .type = MODEL_ENUM, .values = certainty_values, .since = MODEL_VERSION,
     .help = "of an inferred action, how sure it is whose action it is"}};

static const struct model_field abbreviation_fields[] = {
    {.name = "framework_id", .type = MODEL_REFERENCE, .flags = MODEL_REQUIRED | MODEL_PRIMARY,
     .reference = MODEL_FRAMEWORK, .help = "its framework: that of the same folder, or the only one loaded"},
    {.name = "term", .type = MODEL_TEXT, .flags = MODEL_REQUIRED | MODEL_PRIMARY, .help = "the abbreviation"},
    {.name = "expansion", .key = "expansion", .type = MODEL_TEXT, .flags = MODEL_REQUIRED, .help = "what it stands for"},
    TEXT_FIELD("note", "remark")};

static const struct model_field unit_fields[] = {
    ID_FIELD("for a country its ISO 3166-1 code of three letters"),
    TITLE_FIELD("name in full")};

static const struct model_field alias_fields[] = {
    {.name = "unit_id", .type = MODEL_REFERENCE, .flags = MODEL_REQUIRED | MODEL_PRIMARY, .reference = MODEL_UNIT,
     .help = "its unit: the one in whose list it stands"},
    {.name = "alias", .key = "alias", .type = MODEL_TEXT, .flags = MODEL_REQUIRED | MODEL_PRIMARY,
     .help = "another name or code by which files call the unit"}};

static const struct model_field group_fields[] = {
    ID_FIELD("short name, such as ASEAN"),
    TITLE_FIELD("name in full")};

static const struct model_field member_fields[] = {
    {.name = "group_id", .type = MODEL_REFERENCE, .flags = MODEL_REQUIRED | MODEL_APART, .reference = MODEL_GROUP,
     .help = "its group: the one in whose list it stands"},
    {.name = "unit_id", .key = "unit", .type = MODEL_REFERENCE, .flags = MODEL_REQUIRED | MODEL_APART,
     .reference = MODEL_UNIT, .help = "the unit that is a member"},
    {.name = "valid_from", .key = "from", .type = MODEL_DATE, .flags = MODEL_APART, .help = "first day of membership; left out, always"},
    {.name = "valid_to", .key = "to", .type = MODEL_DATE, .help = "last day of membership; left out, still"}};

static const struct model_field redirect_fields[] = {
    {.name = "from_id", .key = "from", .type = MODEL_ID, .flags = MODEL_REQUIRED | MODEL_PRIMARY,
     .help = "the id that is no longer used"},
    {.name = "to_id", .key = "to", .type = MODEL_ID, .flags = MODEL_REQUIRED | MODEL_PRIMARY | MODEL_ANY_ID,
     .help = "the id that took its place, or a list of them: one row each"},
    {.name = "date", .key = "date", .type = MODEL_DATE, .help = "day of the change"},
    TEXT_FIELD("reason", "why it was renamed, split or merged")};

static const struct model_field link_fields[] = {
    {.name = "source_id", .key = "source", .type = MODEL_REFERENCE, .flags = MODEL_REQUIRED | MODEL_PRIMARY,
     .reference = MODEL_ACTION, .help = "the action that the relation is said of"},
    {.name = "target_id", .key = "target", .type = MODEL_REFERENCE, .flags = MODEL_REQUIRED | MODEL_PRIMARY,
     .reference = MODEL_ACTION, .help = "the action it is compared with"},
    {.name = "relation", .key = "relation", .type = MODEL_ENUM, .flags = MODEL_REQUIRED, .values = relation_values,
     .help = "how the source's meaning relates to the target's"},
    {.name = "kind", .key = "kind", .type = MODEL_ENUM, .values = kind_values, .help = "what more is known of the pair"},
    {.name = "rationale", .key = "rationale", .type = MODEL_TEXT, .flags = MODEL_REQUIRED, .help = "why it is so"},
    {.name = "status", .key = "status", .type = MODEL_ENUM, .flags = MODEL_REQUIRED, .values = review_values,
     .fallback = "proposed", .help = "how far it can be relied on"},
    {.name = "source_digest", .key = "source_digest", .type = MODEL_DIGEST,
     .help = "SHA-256 of the source's words when it was judged, its first 16 digits or more"},
    {.name = "target_digest", .key = "target_digest", .type = MODEL_DIGEST,
     .help = "SHA-256 of the target's words when it was judged, its first 16 digits or more"}};

static const struct model_field scheme_fields[] = {
    ID_FIELD("short name of the code book"),
    TITLE_FIELD("title"),
    TEXT_FIELD("definition", "what is coded, and how to decide")};

static const struct model_field code_fields[] = {
    {.name = "scheme_id", .type = MODEL_REFERENCE, .flags = MODEL_REQUIRED | MODEL_PRIMARY, .reference = MODEL_SCHEME,
     .help = "its scheme: the one in whose list it stands"},
    {.name = "id", .key = "id", .type = MODEL_ID, .flags = MODEL_REQUIRED | MODEL_PRIMARY,
     .help = "short name, unique within the scheme"},
    TITLE_FIELD("title"),
    TEXT_FIELD("definition", "when the code applies")};

static const struct model_field coding_fields[] = {
    {.name = "action_id", .key = "action", .type = MODEL_REFERENCE, .flags = MODEL_REQUIRED | MODEL_PRIMARY,
     .reference = MODEL_ACTION, .help = "the action that is coded"},
    {.name = "scheme_id", .key = "scheme", .type = MODEL_REFERENCE, .flags = MODEL_REQUIRED | MODEL_PRIMARY,
     .reference = MODEL_SCHEME, .help = "the scheme of the code"},
    {.name = "code_id", .key = "code", .type = MODEL_REFERENCE, .flags = MODEL_REQUIRED | MODEL_PRIMARY,
     .reference = MODEL_CODE, .scope = "scheme_id", .help = "the code that applies, or a list of them: one row each"},
    TEXT_FIELD("note", "remark")};

static const struct model_field judgement_fields[] = {
    {.name = "action_id", .key = "action", .type = MODEL_REFERENCE, .flags = MODEL_REQUIRED | MODEL_PRIMARY,
     .reference = MODEL_ACTION, .help = "the action that is judged"},
    {.name = "scheme_id", .key = "scheme", .type = MODEL_REFERENCE, .flags = MODEL_REQUIRED | MODEL_PRIMARY,
     .reference = MODEL_SCHEME, .help = "the scheme of the code"},
    {.name = "coder", .key = "coder", .type = MODEL_ID, .flags = MODEL_REQUIRED | MODEL_PRIMARY,
     .help = "who judged, apart from the other coders"},
    {.name = "code_id", .key = "code", .type = MODEL_REFERENCE, .flags = MODEL_REQUIRED | MODEL_PRIMARY,
     .reference = MODEL_CODE, .scope = "scheme_id", .help = "the code given, or a list of them: one row each"},
    TEXT_FIELD("note", "what was doubtful")};

static const struct model_field wording_fields[] = {
    {.name = "framework_id", .type = MODEL_REFERENCE, .flags = MODEL_REQUIRED | MODEL_PRIMARY,
     .reference = MODEL_FRAMEWORK, .help = "its framework: that of the same folder, or the only one loaded"},
    {.name = "term", .type = MODEL_TEXT, .flags = MODEL_REQUIRED | MODEL_PRIMARY, .help = "the word of difkit, such as topic"},
    {.name = "said", .key = "said", .type = MODEL_TEXT, .flags = MODEL_REQUIRED,
     .help = "the framework's own word, such as strategic measure"},
    TEXT_FIELD("plural", "of several; left out, with an s")};

static const struct model_field body_fields[] = {
    ID_FIELD("short name as people use it, such as ACCEC"),
    TITLE_FIELD("name in full"),
    {.name = "kind", .key = "kind", .type = MODEL_ENUM, .values = body_values, .help = "what kind of body it is"},
    TEXT_FIELD("note", "remark")};

static const struct model_field round_fields[] = {
    ID_FIELD("short name, such as 2026"),
    TITLE_FIELD("name in full"),
    {.name = "reference", .key = "reference", .type = MODEL_DATE, .flags = MODEL_REQUIRED,
     .help = "date of reference: the day on which things stood as reported"},
    {.name = "cut_off", .key = "cut_off", .type = MODEL_DATE, .help = "last day on which replies are taken"},
    TEXT_FIELD("note", "remark")};

static const struct model_field reply_fields[] = {
    {.name = "round_id", .key = "round", .type = MODEL_REFERENCE, .flags = MODEL_REQUIRED | MODEL_PRIMARY,
     .reference = MODEL_ROUND, .help = "its round"},
    {.name = "unit_id", .key = "unit", .type = MODEL_REFERENCE, .flags = MODEL_REQUIRED | MODEL_PRIMARY,
     .reference = MODEL_UNIT, .help = "who is asked"},
    {.name = "asked", .key = "asked", .type = MODEL_DATE, .help = "day on which it was asked"},
    {.name = "received", .key = "received", .type = MODEL_DATE, .help = "day on which the reply came; left out, none has"},
    TEXT_FIELD("answered_by", "who answered"),
    TEXT_FIELD("validated_by", "who has validated the reply; left out, nobody yet"),
    TEXT_FIELD("endorsed_by", "who has endorsed it; left out, nobody yet"),
    TEXT_FIELD("issue", "issue number of the sheet"),
    TEXT_FIELD("digest", "digest of what the returned sheet says"),
    TEXT_FIELD("note", "remark")};

static const struct model_field target_fields[] = {
    {.name = "action_id", .key = "action", .type = MODEL_REFERENCE, .flags = MODEL_REQUIRED | MODEL_APART,
     .reference = MODEL_ACTION, .help = "the action that asks for it; within an action, that one"},
    {.name = "due", .key = "by", .type = MODEL_PARTIAL_DATE, .flags = MODEL_APART,
     .help = "by when: the last day of the year or month, or the day; left out, the text says no date"},
    {.name = "recurs", .key = "recurs", .type = MODEL_ENUM, .flags = MODEL_APART, .values = recurs_values,
     .help = "how often; left out, once"},
    {.name = "quorum", .key = "quorum", .type = MODEL_ENUM, .values = quorum_values,
     .help = "how many of the members have to have done it; left out, the text does not say"},
    {.name = "count", .key = "count", .type = MODEL_INTEGER, .flags = MODEL_POSITIVE, .help = "how many, for at_least"},
    {.name = "group_id", .key = "group", .type = MODEL_REFERENCE, .reference = MODEL_GROUP,
     .help = "whose members; left out, the group that holds all units"},
    {.name = "indicator_id", .key = "indicator", .type = MODEL_REFERENCE, .flags = MODEL_APART, .reference = MODEL_INDICATOR,
     .help = "what is measured, where it is a value that is to be reached"},
    {.name = "value", .key = "value", .type = MODEL_REAL, .help = "the value to be reached, in the indicator's unit of measure"},
    {.name = "body_id", .key = "body", .type = MODEL_REFERENCE, .flags = MODEL_APART, .reference = MODEL_BODY,
     .help = "who is responsible; left out, the text does not say"},
    TEXT_FIELD("words", "the words of the action that say so"),
    TEXT_FIELD("note", "remark")};

static const struct model_field progress_fields[] = {
    {.name = "action_id", .key = "action", .type = MODEL_REFERENCE, .flags = MODEL_REQUIRED | MODEL_APART,
     .reference = MODEL_ACTION, .help = "the action reported on"},
    {.name = "unit_id", .key = "unit", .type = MODEL_REFERENCE, .flags = MODEL_APART, .reference = MODEL_UNIT,
     .help = "the unit that reports; left out, the region as a whole"},
    {.name = "as_of", .key = "as_of", .type = MODEL_DATE, .flags = MODEL_REQUIRED | MODEL_APART, .help = "day on which it was so"},
    {.name = "status", .key = "status", .type = MODEL_ENUM, .flags = MODEL_REQUIRED, .values = progress_values,
     .help = "how far it is"},
    TEXT_FIELD("evidence", "what shows it"),
    TEXT_FIELD("source", "who says so, where"),
    {.name = "round_id", .key = "round", .type = MODEL_REFERENCE, .reference = MODEL_ROUND, .since = MODEL_VERSION,
     .help = "the round in which it was reported"},
    {.name = "answered_by", .key = "answered_by", .type = MODEL_TEXT, .since = MODEL_VERSION, .help = "who answered"},
    {.name = "answered_on", .key = "answered_on", .type = MODEL_DATE, .since = MODEL_VERSION, .help = "when"}};

static const struct model_field indicator_fields[] = {
    ID_FIELD("short name"),
    {.name = "topic_id", .key = "topic", .type = MODEL_REFERENCE, .reference = MODEL_TOPIC, .help = "topic it belongs to"},
    TITLE_FIELD("name in full"),
    TEXT_FIELD("measure", "unit of measure, such as per cent"),
    {.name = "direction", .key = "direction", .type = MODEL_INTEGER, .flags = MODEL_REQUIRED,
     .values = direction_values, .help = "which way is better"},
    TEXT_FIELD("source", "who publishes it"),
    {.name = "lower", .key = "lower", .type = MODEL_REAL, .help = "lower goalpost, in the unit of measure"},
    {.name = "upper", .key = "upper", .type = MODEL_REAL, .help = "upper goalpost, in the unit of measure"},
    {.name = "target", .key = "target", .type = MODEL_REAL, .help = "value aimed at, in the unit of measure"},
    TEXT_FIELD("note", "remark"),
    {.name = "rationale", .key = "rationale", .type = MODEL_TEXT, .since = MODEL_VERSION,
     .help = "why it stands for what an index is to measure"},
    {.name = "licence", .key = "licence", .type = MODEL_TEXT, .since = MODEL_VERSION,
     .help = "under which its values may be used"}};

static const struct model_field source_file_fields[] = {
    ID_FIELD("short, since every observation bears it: the first digits of its SHA-256"),
    {.name = "name", .key = "name", .type = MODEL_TEXT, .flags = MODEL_REQUIRED, .help = "name of the file, without folders"},
    {.name = "sha256", .key = "sha256", .type = MODEL_DIGEST, .flags = MODEL_REQUIRED, .help = "SHA-256 of its bytes"},
    {.name = "retrieved", .key = "retrieved", .type = MODEL_DATE, .help = "day on which it was imported"},
    {.name = "released", .key = "released", .type = MODEL_TEXT, .help = "last update, as the file says"},
    {.name = "licence", .key = "licence", .type = MODEL_TEXT, .help = "licence, as the file says"},
    TEXT_FIELD("title", "what the file says of itself: database, source")};

static const struct model_field observation_fields[] = {
    {.name = "indicator_id", .key = "indicator", .type = MODEL_REFERENCE, .flags = MODEL_REQUIRED | MODEL_PRIMARY,
     .reference = MODEL_INDICATOR, .help = "what is observed"},
    {.name = "unit_id", .key = "unit", .type = MODEL_REFERENCE, .flags = MODEL_REQUIRED | MODEL_PRIMARY,
     .reference = MODEL_UNIT, .help = "whose value it is"},
    {.name = "period", .key = "period", .type = MODEL_PERIOD, .flags = MODEL_REQUIRED | MODEL_PRIMARY,
     .help = "when: a year, or a quarter, month, week or day"},
    {.name = "value", .key = "value", .type = MODEL_REAL,
     .help = "in the indicator's unit of measure; empty only with a flag that says why"},
    {.name = "flag", .key = "flag", .type = MODEL_ENUM, .values = flag_values,
     .help = "SDMX observation status: why there is no value, or what kind it is; empty means normal"},
    TEXT_FIELD("source", "who says so, where"),
    {.name = "source_file_id", .key = "file", .type = MODEL_REFERENCE, .reference = MODEL_SOURCE_FILE,
     .since = MODEL_VERSION, .help = "the file that it was imported from"},
    {.name = "place", .key = "place", .type = MODEL_TEXT, .since = MODEL_VERSION,
     .help = "where in that file: line:cell of a text, Sheet!B7 of a workbook"},
    {.name = "note", .key = "note", .type = MODEL_TEXT, .since = MODEL_VERSION,
     .help = "footnote, remark, or what was read otherwise than it stands"},
    {.name = "standard_error", .key = "standard_error", .type = MODEL_REAL, .since = MODEL_VERSION,
     .help = "of the value where it was estimated, in the indicator's unit of measure"}};

static const struct model_field meta_fields[] = {
    {.name = "key", .type = MODEL_TEXT, .flags = MODEL_REQUIRED | MODEL_PRIMARY,
     .help = "schema_version, difkit_version, content_digest or loaded"},
    {.name = "value", .type = MODEL_TEXT, .flags = MODEL_REQUIRED, .help = "its value"}};

/* The second line adds nothing, and does not compile for an array that is too long. */
#define FIELDS(array) .fields = array, .field_count = sizeof array / sizeof array[0] + \
    0 * sizeof(struct {_Static_assert(sizeof array / sizeof array[0] <= MODEL_FIELDS_MAX, "too many fields"); char c;})

static const struct model_entity entities[MODEL_COUNT] = {
    [MODEL_FRAMEWORK] = {.name = "framework", .key = "framework", .one = "a framework", .many = "frameworks",
                         .shape = MODEL_SINGLE, .extend = "other files may add topics to its areas without saying so",
                         FIELDS(framework_fields), .help = "a set of documents on one subject"},
    [MODEL_DOCUMENT] = {.name = "document", .key = "document", .one = "a document", .many = "documents",
                        .shape = MODEL_SINGLE, .not_before = {{"end_year", "start_year"}}, FIELDS(document_fields),
                        .help = "one document of a framework; its actions stand in the same file"},
    [MODEL_AREA] = {.name = "area", .key = "areas", .one = "an area", .many = "areas", .shape = MODEL_LIST,
                    .extend = "adds topics to the area of this id, which is defined elsewhere; takes id and topics alone",
                    FIELDS(area_fields), .help = "a field of policy, divided into topics"},
    [MODEL_TOPIC] = {.name = "topic", .key = "topics", .one = "a topic", .many = "topics", .shape = MODEL_LIST,
                     .child = true, .parent = MODEL_AREA, FIELDS(topic_fields),
                     .help = "what the documents are compared by"},
    [MODEL_ACTION] = {.name = "action", .key = "actions", .one = "an action", .many = "actions",
                      .shape = MODEL_BY_TOPIC, FIELDS(action_fields), .help = "something that a document says is to be done"},
    [MODEL_ABBREVIATION] = {.name = "abbreviation", .key = "abbreviations", .one = "an abbreviation",
                            .many = "abbreviations", .shape = MODEL_BY_TERM, .scalar = "expansion",
                            FIELDS(abbreviation_fields), .help = "what a short form stands for"},
    [MODEL_UNIT] = {.name = "unit", .key = "units", .one = "a unit", .many = "units", .shape = MODEL_LIST,
                    FIELDS(unit_fields), .help = "what is observed and reports progress: a country, a region, a body"},
    [MODEL_ALIAS] = {.name = "unit_alias", .key = "aliases", .one = "an alias", .many = "aliases", .shape = MODEL_LIST,
                     .child = true, .parent = MODEL_UNIT, .scalar = "alias", .since = MODEL_VERSION, FIELDS(alias_fields),
                     .help = "another name or code of a unit, by which import finds it"},
    [MODEL_GROUP] = {.name = "unit_group", .key = "groups", .one = "a group", .many = "groups", .shape = MODEL_LIST,
                     FIELDS(group_fields), .help = "units that are reported on together"},
    [MODEL_MEMBER] = {.name = "group_member", .key = "members", .one = "a member", .many = "members",
                      .shape = MODEL_LIST, .child = true, .parent = MODEL_GROUP, .scalar = "unit",
                      .not_before = {{"valid_to", "valid_from"}}, FIELDS(member_fields),
                      .help = "that a unit belongs to a group, and when"},
    [MODEL_REDIRECT] = {.name = "redirect", .key = "redirects", .one = "a redirect", .many = "redirects",
                        .shape = MODEL_LIST, .list = "to", FIELDS(redirect_fields),
                        .help = "an id that was renamed, split or merged, and goes on working"},
    [MODEL_LINK] = {.name = "link", .key = "links", .one = "a link", .many = "links", .shape = MODEL_LIST,
                    FIELDS(link_fields), .help = "how one action relates to another"},
    [MODEL_SCHEME] = {.name = "scheme", .key = "schemes", .one = "a scheme", .many = "schemes", .shape = MODEL_LIST,
                      FIELDS(scheme_fields), .help = "a code book"},
    [MODEL_CODE] = {.name = "code", .key = "codes", .one = "a code", .many = "codes", .shape = MODEL_LIST,
                    .child = true, .parent = MODEL_SCHEME, FIELDS(code_fields), .help = "one code of a scheme"},
    [MODEL_CODING] = {.name = "coding", .key = "codings", .one = "a coding", .many = "codings", .shape = MODEL_LIST,
                      .list = "code", .csv = true, FIELDS(coding_fields), .help = "that a code applies to an action, as the coders agreed"},
    [MODEL_JUDGEMENT] = {.name = "judgement", .key = "judgements", .one = "a judgement", .many = "judgements",
                         .shape = MODEL_LIST, .list = "code", .csv = true, FIELDS(judgement_fields),
                         .help = "what one coder judged apart; coding holds what was agreed"},
    [MODEL_WORDING] = {.name = "wording", .key = "words", .one = "a wording", .many = "wordings", .shape = MODEL_BY_TERM,
                       .scalar = "said", .since = MODEL_VERSION, FIELDS(wording_fields),
                       .help = "what the framework calls something, in papers made from it"},
    [MODEL_BODY] = {.name = "body", .key = "bodies", .one = "a body", .many = "bodies", .shape = MODEL_LIST,
                    .since = MODEL_VERSION, FIELDS(body_fields), .help = "who can be responsible for an action: the register"},
    [MODEL_ROUND] = {.name = "round", .key = "rounds", .one = "a round", .many = "rounds", .shape = MODEL_LIST,
                     .since = MODEL_VERSION, FIELDS(round_fields), .help = "a round of reporting"},
    [MODEL_REPLY] = {.name = "reply", .key = "replies", .one = "a reply", .many = "replies", .shape = MODEL_LIST, .csv = true,
                     .since = MODEL_VERSION, FIELDS(reply_fields), .help = "whether a unit has answered in a round"},
    [MODEL_PROGRESS] = {.name = "progress", .key = "progress", .one = "a progress record", .many = "progress records",
                        .shape = MODEL_LIST, .csv = true, FIELDS(progress_fields),
                        .help = "how far an action is, for a unit or for the region"},
    [MODEL_INDICATOR] = {.name = "indicator", .key = "indicators", .one = "an indicator", .many = "indicators",
                         .shape = MODEL_LIST, .not_before = {{"upper", "lower"}}, FIELDS(indicator_fields),
                         .help = "something that is measured"},
    [MODEL_SOURCE_FILE] = {.name = "source_file", .key = "source_files", .one = "a source file", .many = "source files",
                           .shape = MODEL_LIST, .since = MODEL_VERSION, FIELDS(source_file_fields),
                           .help = "a file from which observations were imported"},
    [MODEL_OBSERVATION] = {.name = "observation", .key = "observations", .one = "an observation",
                           .many = "observations", .shape = MODEL_LIST, .csv = true, .clustered = true,
                           FIELDS(observation_fields), .help = "a value of an indicator for a unit in a period"},
    [MODEL_TARGET] = {.name = "target", .key = "targets", .one = "a target", .many = "targets", .shape = MODEL_LIST,
                      .nested = true, .parent = MODEL_ACTION, .csv = true, .since = MODEL_VERSION, FIELDS(target_fields),
                      .help = "what an action asks for: by when, how often, of how many, of whom"},
    [MODEL_SURVEY] = {.name = "survey", .key = "surveys", .one = "a survey", .many = "surveys", .shape = MODEL_LIST,
                      .since = MODEL_VERSION, FIELDS(model_survey_fields),
                      .help = "questions asked of a sample, and how it was drawn"},
    [MODEL_QUESTION] = {.name = "question", .key = "questions", .one = "a question", .many = "questions",
                        .shape = MODEL_LIST, .child = true, .parent = MODEL_SURVEY, .not_before = {{"upper", "lower"}},
                        .since = MODEL_VERSION, FIELDS(model_question_fields), .help = "one question of a survey"},
    [MODEL_CHOICE] = {.name = "choice", .key = "choices", .one = "a choice", .many = "choices", .shape = MODEL_LIST,
                      .child = true, .parent = MODEL_QUESTION, .since = MODEL_VERSION, FIELDS(model_choice_fields),
                      .help = "an answer that a question takes"},
    [MODEL_MISSING_CODE] = {.name = "missing_code", .key = "missing", .one = "a code for nothing",
                            .many = "codes for nothing", .shape = MODEL_LIST, .child = true, .parent = MODEL_SURVEY,
                            .since = MODEL_VERSION, FIELDS(model_missing_fields),
                            .help = "what stands in the data of a survey where there is no answer"},
    [MODEL_RESPONDENT] = {.name = "respondent", .key = "respondents", .one = "a respondent", .many = "respondents",
                          .shape = MODEL_LIST, .csv = true, .since = MODEL_VERSION, FIELDS(model_respondent_fields),
                          .help = "who was asked, with weight and place in the sample"},
    [MODEL_REPLICATE] = {.name = "replicate", .key = "replicates", .one = "a replicate", .many = "replicates",
                         .shape = MODEL_LIST, .csv = true, .since = MODEL_VERSION, FIELDS(model_replicate_fields),
                         .help = "a replicate of a survey that has a scale of its own"},
    [MODEL_REPLICATE_WEIGHT] = {.name = "replicate_weight", .key = "replicate_weights", .one = "a replicate weight",
                                .many = "replicate weights", .shape = MODEL_LIST, .csv = true, .since = MODEL_VERSION,
                                FIELDS(model_replicate_weight_fields), .help = "the weight of a respondent in a replicate"},
    [MODEL_RESPONSE] = {.name = "response", .key = "responses", .one = "a response", .many = "responses",
                        .shape = MODEL_LIST, .csv = true, .since = MODEL_VERSION, FIELDS(model_response_fields),
                        .help = "what a respondent answered to a question, or why not"},
    [MODEL_DECLARED_TABLE] = {.name = "declared_table", .key = "tables", .one = "a table", .many = "tables",
                              .shape = MODEL_LIST, .since = MODEL_VERSION, FIELDS(model_declared_table_fields),
                              .help = "a table that the data declare for themselves, such as a register"},
    [MODEL_DECLARED_COLUMN] = {.name = "declared_column", .key = "columns", .one = "a column", .many = "columns",
                               .shape = MODEL_LIST, .child = true, .parent = MODEL_DECLARED_TABLE, .since = MODEL_VERSION,
                               FIELDS(model_declared_column_fields), .help = "a column of such a table"},
    [MODEL_DECLARED_KEY] = {.name = "declared_key", .key = "keys", .one = "a key column", .many = "key columns",
                            .shape = MODEL_LIST, .child = true, .parent = MODEL_DECLARED_TABLE, .scalar = "column",
                            .since = MODEL_VERSION, FIELDS(model_declared_key_fields),
                            .help = "a column by which records of such a table are told apart"},
    [MODEL_DECLARED_VALUE] = {.name = "declared_value", .key = "values", .one = "a value of a column",
                              .many = "values of columns", .shape = MODEL_LIST, .child = true,
                              .parent = MODEL_DECLARED_COLUMN, .scalar = "name", .since = MODEL_VERSION,
                              FIELDS(model_declared_value_fields), .help = "a word that a column of type enum may hold"},
    [MODEL_META] = {.name = "meta", .one = "a meta record", .many = "meta records", .shape = MODEL_NOWHERE,
                    FIELDS(meta_fields), .help = "where the database comes from"}};
/* clang-format on */

static const struct model_view_column view[] = {{"id", "action", "id", NULL},
                                                {"document", "action", "document_id", NULL},
                                                {"document_title", "document", "title", NULL},
                                                {"document_short_title", "document", "short_title", "document.title"},
                                                {"topic", "action", "topic_id", NULL},
                                                {"topic_title", "topic", "title", NULL},
                                                {"area", "topic", "area_id", NULL},
                                                {"area_title", "area", "title", NULL},
                                                {"area_number", "area", "number", NULL},
                                                {"topic_position", "topic", "position", NULL},
                                                {"position", "action", "position", NULL},
                                                {"number", "action", "number", NULL},
                                                {"text", "action", "text", NULL},
                                                {"line", "action", "line", NULL},
                                                {"attribution", "action", "attribution", NULL},
                                                {"note", "action", "note", NULL},
                                                {"origin", "action", "origin", NULL}};

const struct model_view_column *model_view(size_t *count)
{
    *count = sizeof view / sizeof view[0];
    return view;
}

const struct model_entity *model_entities(void)
{
    return entities;
}

size_t model_count(const struct model *model)
{
    return MODEL_COUNT + (model != NULL ? model->count : 0);
}

const struct model_entity *model_at(const struct model *model, size_t number)
{
    return number < MODEL_COUNT ? &entities[number] : &model->entity[number - MODEL_COUNT];
}

enum model_name model_name_of(const struct model_entity *entity)
{
    return (enum model_name)(entity->declared > 0 ? entity->declared : entity - entities);
}

static bool same(const char *name, const char *text, size_t size)
{
    return name != NULL && strlen(name) == size && memcmp(name, text, size) == 0;
}

const struct model_entity *model_table(const struct model *model, const char *name)
{
    for (size_t i = 0; i < model_count(model); i++)
        if (strcmp(model_at(model, i)->name, name) == 0)
            return model_at(model, i);
    return NULL;
}

const struct model_entity *model_entity_by_key(const struct model *model, const char *key, size_t size)
{
    for (size_t i = 0; i < model_count(model); i++)
        if (!model_at(model, i)->child && same(model_at(model, i)->key, key, size))
            return model_at(model, i);
    return NULL;
}

bool model_within(const struct model_entity *entity, enum model_name parent)
{
    return (entity->child || entity->nested) && entity->parent == parent;
}

const struct model_entity *model_child_by_key(enum model_name parent, const char *key, size_t size)
{
    for (size_t i = 0; i < MODEL_COUNT; i++)
        if (model_within(&entities[i], parent) && same(entities[i].key, key, size))
            return &entities[i];
    return NULL;
}

static size_t count_keys(const struct model_entity *entity)
{
    size_t keys = 0;

    for (size_t i = 0; i < entity->field_count; i++)
        keys += (entity->fields[i].flags & MODEL_PRIMARY) != 0;
    return keys;
}

bool model_has_id(const struct model_entity *entity)
{
    return count_keys(entity) == 1 && entity->fields[0].type == MODEL_ID && (entity->fields[0].flags & MODEL_PRIMARY) &&
           (entity->declared == 0 || strcmp(entity->fields[0].name, "id") == 0);
}

bool model_has_scoped_id(const struct model_entity *entity)
{
    const struct model_field *field = entity->fields;

    return count_keys(entity) == 2 && field[0].type == MODEL_REFERENCE && (field[0].flags & MODEL_PRIMARY) &&
           field[1].type == MODEL_ID && (field[1].flags & MODEL_PRIMARY) && strcmp(field[1].name, "id") == 0;
}

bool model_names_units(const struct model_entity *entity)
{
    for (size_t i = 0; i < entity->field_count; i++)
        if (entity->fields[i].type == MODEL_REFERENCE && entity->fields[i].reference == MODEL_UNIT)
            return true;
    return false;
}

int model_title(const struct model_entity *entity)
{
    int title = model_field_by_name(entity, "title");

    if (title < 0)
        title = model_field_by_name(entity, "text");
    return title < 0 ? 0 : title;
}

int model_field_by_name(const struct model_entity *entity, const char *name)
{
    for (size_t i = 0; i < entity->field_count; i++)
        if (strcmp(entity->fields[i].name, name) == 0)
            return (int)i;
    return -1;
}

int model_field_by_key(const struct model_entity *entity, const char *key, size_t size)
{
    for (size_t i = 0; i < entity->field_count; i++)
        if (same(entity->fields[i].key, key, size))
            return (int)i;
    return -1;
}

bool model_flag_means_missing(const char *flag)
{
    return flag[0] != '\0' && strchr("HLMOQ", flag[0]) != NULL;
}

bool model_flag_needs_value(const char *flag)
{
    return flag[0] != '\0' && strchr("ABDEFGIPUVW", flag[0]) != NULL;
}

const char *model_type_name(enum model_type type)
{
    switch (type) {
    case MODEL_TEXT: return "text";
    case MODEL_ID: return "id";
    case MODEL_LABEL: return "label";
    case MODEL_INTEGER: return "integer";
    case MODEL_REAL: return "real";
    case MODEL_YEAR: return "year";
    case MODEL_DATE: return "date";
    case MODEL_PARTIAL_DATE: return "partial date";
    case MODEL_PERIOD: return "period";
    case MODEL_ENUM: return "enum";
    case MODEL_REFERENCE: return "reference";
    case MODEL_DIGEST: return "digest";
    }
    return "text";
}

const char *model_type_text(enum model_type type)
{
    switch (type) {
    case MODEL_TEXT: return "text";
    case MODEL_ID: return "an id without spaces";
    case MODEL_LABEL: return "a number as printed";
    case MODEL_INTEGER: return "a whole number";
    case MODEL_REAL: return "a number such as 0.75";
    case MODEL_YEAR: return "a year such as 2025";
    case MODEL_DATE: return "a date such as 2025-10-26";
    case MODEL_PARTIAL_DATE: return "a year, month or day such as 2019, 2019-09 or 2019-09-06";
    case MODEL_PERIOD: return "a year such as 2022, or a period such as 2022-Q1, 2022-S2, 2022-06, 2022-W05 or 2022-06-30";
    case MODEL_ENUM: return "one of a list of words";
    case MODEL_REFERENCE: return "the id of another record";
    case MODEL_DIGEST: return "the first 16 to 64 digits of a SHA-256 digest, in lower-case hexadecimal";
    }
    return "text";
}
