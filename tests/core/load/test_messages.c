/* What the loader says of data that are not in order: every kind of message, with its exact place. */
#define _XOPEN_SOURCE 700

#include "folder.h"

#define FRAMEWORK "framework: {id: f, title: F}\n"

static void test_keys(void)
{
    CHECK_FILE(FRAMEWORK "areas:\n  - {id: A, titel: Soil}\n",
               "a.yaml:3:5: an area lacks \"title\"; it needs id, title\n"
               "a.yaml:3:13: unknown key \"titel\" in an area; did you mean \"title\"?\n");
    CHECK_FILE("framework: {id: f, title: F, colour: red}\n",
               "a.yaml:1:30: unknown key \"colour\" in a framework; known keys: id, title, version, source, extend\n");
    CHECK_FILE(FRAMEWORK "documnet: {id: D, title: D}\n",
               "a.yaml:2:1: unknown key \"documnet\" in a file; did you mean \"document\"?\n");
    CHECK_FILE("framework: {id: f, title: F, id: g}\n",
               "a.yaml:1:30: the key \"id\" stands twice in a framework; first at line 1\n");
    CHECK_FILE(FRAMEWORK "units: []\ngroups: []\nunits: []\n",
               "a.yaml:4:1: the key \"units\" stands twice in this file; first at line 2\n");
    CHECK_FILE(FRAMEWORK "? [a, b]\n: 1\n",
               "a.yaml:2:3: a list cannot be a key; a key is plain text; a text that begins with [ or { has to stand in "
               "quotes\n");
    CHECK_FILE(FRAMEWORK "units:\n  - {<<: {a: b}, id: U, title: U}\n",
               "a.yaml:3:6: the merge key << is not allowed; write the keys out\n");
    CHECK_FILE(FRAMEWORK "units:\n  - {id: , title: U}\n  - {title: U}\n",
               "a.yaml:3:10: \"id\" of a unit is empty; expected an id without spaces\n"
               "a.yaml:4:5: a unit lacks \"id\"; it needs id, title\n");
}

static void test_types(void)
{
    CHECK_FILE(FRAMEWORK "units: {id: U, title: U}\n", "a.yaml:2:8: \"units\" must be a list of units, not a mapping\n");
    CHECK_FILE(FRAMEWORK "units:\n", "a.yaml:2:7: \"units\" must be a list of units, not nothing\n");
    CHECK_FILE(FRAMEWORK "units: [U]\n", "a.yaml:2:9: a unit must be a mapping, not a plain value\n");
    CHECK_FILE("framework: [f]\n", "a.yaml:1:12: a framework must be a mapping, not a list\n");
    CHECK_FILE(FRAMEWORK "units:\n  - {id: U, title: [a, b]}\n", "a.yaml:3:20: \"title\" of a unit must be text, not a list\n");
    CHECK_FILE(FRAMEWORK "units:\n  - {id: a b, title: U}\n",
               "a.yaml:3:10: \"id\" of a unit must be an id without spaces, not \"a b\"\n");
    CHECK_FILE(FRAMEWORK "abbreviations: [A]\n",
               "a.yaml:2:16: \"abbreviations\" must be a mapping from terms to what they stand for, not a list\n");
    CHECK_FILE(FRAMEWORK "indicators:\n  - {id: i, title: I, direction: 2, lower: low, upper: .inf}\n",
               "a.yaml:3:34: \"direction\" of an indicator cannot be \"2\"; expected one of 1, -1\n"
               "a.yaml:3:44: \"lower\" of an indicator must be a number such as 0.75, not \"low\"\n"
               "a.yaml:3:56: \"upper\" of an indicator must be a number such as 0.75, not \".inf\"\n");
    CHECK_FILE(FRAMEWORK "indicators:\n  - {id: i, title: I, direction: 1, lower: \"1\"}\n",
               "a.yaml:3:44: \"lower\" of an indicator must be a number such as 0.75, not the quoted text \"1\"\n");
    CHECK_FILE(FRAMEWORK "areas:\n  - {id: A, title: A, topics: [{id: t, title: T, position: 0}]}\n",
               "a.yaml:3:60: \"position\" of a topic must be a whole number from 1, not \"0\"\n");
    CHECK_FILE(FRAMEWORK "units:\n  - {id: U, title: \"a\\u0007b\"}\n",
               "a.yaml:3:20: \"title\" of a unit contains the control character U+0007\n");
}

static void test_values(void)
{
    static const char head[] = FRAMEWORK "document: {id: D, title: D}\nareas: [{id: A, title: A, topics: [{id: t, title: T}]}]\n";
    char text[1024];

    snprintf(text, sizeof text, "%sactions:\n  t:\n    - {id: D.1, text: Dig, attribution: infered}\n", head);
    CHECK_FILE(text, "a.yaml:6:41: \"attribution\" of an action cannot be \"infered\"; did you mean \"inferred\"? (one of "
                     "stated, inferred)\n");
    snprintf(text, sizeof text, "%sactions:\n  t:\n    - {id: D.1, text: Dig, position: 3}\n    - {id: D.2, text: Dig, position: 2}\n",
             head);
    CHECK_FILE(text, "a.yaml:7:7: position 2 of an action does not come after 3, the one before; expected 4 or more, or no "
                     "position at all\n");
    CHECK_FILE(FRAMEWORK "document: {id: D, title: D, adopted: 2019-13, start: 2025, end: 2019}\n",
               "a.yaml:2:38: \"adopted\" of a document: there is no 2019-13; expected a year, month or day such as 2019, "
               "2019-09 or 2019-09-06\n"
               "a.yaml:2:65: \"end\" of a document comes before its \"start\"; expected no earlier than \"start\"\n");
    CHECK_FILE(FRAMEWORK "units: [{id: U, title: U}]\ngroups:\n  - id: G\n    title: G\n    members:\n"
                         "      - {unit: U, from: 2023-02-29}\n"
                         "      - {unit: U, from: 2024-02-29, to: 2024-02-28}\n"
                         "      - {unit: U, from: 2024}\n",
               "a.yaml:7:25: \"from\" of a member: there is no 2023-02-29; 2023-02 has 28 days\n"
               "a.yaml:8:41: \"to\" of a member comes before its \"from\"; expected no earlier than \"from\"\n"
               "a.yaml:9:25: \"from\" of a member must be a date such as 2025-10-26, not \"2024\"\n");
    CHECK_FILE(FRAMEWORK "indicators:\n  - {id: i, title: I, direction: 1, lower: 2, upper: 1}\n",
               "a.yaml:3:54: \"upper\" of an indicator comes before its \"lower\"; expected no less than \"lower\"\n");
}

static void test_references(void)
{
    CHECK_FILE(FRAMEWORK "units: [{id: NORTH, title: N}]\ngroups: [{id: G, title: G, members: [NORHT]}]\n",
               "a.yaml:3:38: no unit \"NORHT\", which \"unit\" of a member names; did you mean \"NORTH\"?\n");
    CHECK_FILE(FRAMEWORK "indicators: [{id: i, title: I, direction: 1, topic: garden}]\n",
               "a.yaml:2:53: no topic \"garden\", which \"topic\" of an indicator names; topics are defined under \"topics:\" "
               "of an area\n");
    CHECK_FILE(FRAMEWORK "document: {id: D, title: D}\nactions:\n  compost: []\n",
               "a.yaml:4:3: no topic \"compost\", under which these actions stand; topics are defined under \"topics:\" of an "
               "area\n");
    CHECK_FILE(FRAMEWORK "document: {id: D, title: D}\nareas: [{id: A, title: A, topics: [{id: t, title: T}]}]\n"
                         "actions: {t: [{id: D.1, text: Dig}]}\n"
                         "schemes: [{id: s, title: S, codes: [{id: law, title: Law}]}]\n"
                         "codings:\n  - {action: D.1, scheme: s, code: lwa}\n  - {action: D.1, scheme: z, code: law}\n",
               "a.yaml:7:36: no code \"lwa\" in the scheme \"s\", which \"code\" of a coding names; did you mean \"law\"?\n"
               "a.yaml:8:27: no scheme \"z\", which \"scheme\" of a coding names; did you mean \"s\"?\n"
               "a.yaml:8:36: no code \"law\" in the scheme \"z\", which \"code\" of a coding names; codes are defined under "
               "\"codes:\" of a scheme\n");
    CHECK_FILE(FRAMEWORK "units: [{id: U, title: U}]\nredirects:\n  - {from: OLD, to: [U, V]}\n  - {from: U, to: U}\n"
                         "  - {from: A, to: B}\n  - {from: B, to: A}\n",
               "a.yaml:4:25: no record \"V\", to which a redirect from \"OLD\" leads\n"
               "a.yaml:5:12: \"from\" of a redirect names \"U\", which is still in use; a redirect leads away from an id that is "
               "no longer defined\n"
               "a.yaml:6:19: the redirect from \"A\" leads in a circle; a redirect must end at an id that is in use\n"
               "a.yaml:7:19: the redirect from \"B\" leads in a circle; a redirect must end at an id that is in use\n");
    CHECK_FILE("document: {id: D, title: D}\n",
               "a.yaml:1:11: a document belongs to no framework; read it together with the data it belongs to (@bundled: the "
               "bundled ones), or define a framework in the same folder: framework: {id: my-framework, title: My framework}\n");
    CHECK_FILE(FRAMEWORK "actions: {}\n",
               "a.yaml:2:10: actions in a file without a document; add document: {id: …, title: …} to this file\n");
}

static void test_repeated_records(void)
{
    static const char head[] = FRAMEWORK
        "document: {id: D, title: D}\nareas: [{id: A, title: A, topics: [{id: t, title: T}]}]\n"
        "actions: {t: [{id: D.1, text: Dig}, {id: D.2, text: Sow}]}\nunits: [{id: U, title: U}]\n"
        "indicators: [{id: i, title: I, direction: 1}]\n";
    char text[2048];

    CHECK_FILE(FRAMEWORK "units:\n  - {id: U, title: U}\n  - {id: U, title: V}\n",
               "a.yaml:4:10: unit \"U\" is defined twice, first at a.yaml:3:10\n");
    snprintf(text, sizeof text, "%slinks:\n  - {source: D.1, target: D.1, relation: same, rationale: r}\n", head);
    CHECK_FILE(text, "a.yaml:8:27: a link joins an action with itself; source and target must differ\n"
                     "a.yaml:8:42: \"relation\" of a link cannot be \"same\"; expected one of equal, subset, superset, "
                     "intersects, none\n");
    snprintf(text, sizeof text,
             "%slinks:\n  - {source: D.1, target: D.2, relation: equal, rationale: r}\n"
             "  - {source: D.1, target: D.2, relation: none, rationale: r}\n", head);
    CHECK_FILE(text, "a.yaml:9:5: a link for D.1, D.2 stands twice; first at a.yaml:8\n");
    snprintf(text, sizeof text,
             "%sprogress:\n  - {action: D.1, as_of: 2021-01-01, status: completed}\n"
             "  - {action: D.1, as_of: 2021-01-01, status: delayed}\n", head);
    CHECK_FILE(text, "a.yaml:9:5: a progress record for D.1, 2021-01-01 stands twice; first at a.yaml:8\n");
    snprintf(text, sizeof text,
             "%sobservations:\n  - {indicator: i, unit: U, period: 2021, value: 1}\n"
             "  - {indicator: i, unit: U, period: 2021, value: 2}\n", head);
    CHECK_FILE(text, "a.yaml:9:5: an observation for i, U, 2021 stands twice; first at a.yaml:8\n");
    CHECK_FILE(FRAMEWORK "abbreviations:\n  PH: a\n  RWH: b\n  PH: c\n",
               "a.yaml:5:3: an abbreviation for f, PH stands twice; first at a.yaml:3\n");
    snprintf(text, sizeof text, "%sgroups: [{id: G, title: G, members: [U, U]}]\n", head);
    CHECK_FILE(text, "a.yaml:7:41: a member for G, U stands twice; first at a.yaml:7\n");
}

static void test_observations(void)
{
    static const char head[] = FRAMEWORK "units: [{id: U, title: U}]\nindicators: [{id: i, title: I, direction: 1}]\n";
    char text[1024];

    snprintf(text, sizeof text,
             "%sobservations:\n  - {indicator: i, unit: U, period: 2021}\n  - {indicator: i, unit: U, period: 2022, value: 1, "
             "flag: M}\n  - {indicator: i, unit: U, period: 2023, flag: A}\n  - {indicator: i, unit: U, period: 22, value: 1}\n"
             "  - {indicator: i, unit: U, period: 2022-Q5, value: 1}\n", head);
    CHECK_FILE(text,
               "a.yaml:5:5: an observation has neither a value nor a flag that says why; flag it M (cannot exist), L (not "
               "collected), Q (suppressed) or O (missing)\n"
               "a.yaml:6:59: an observation has a value and the flag M, which says that it is missing; leave the value "
               "empty, or choose another flag\n"
               "a.yaml:7:5: an observation flagged A has no value; flag it M (cannot exist), L (not collected), Q "
               "(suppressed) or O (missing)\n"
               "a.yaml:8:37: \"period\" of an observation must be a year such as 2022, or a period such as 2022-Q1, 2022-S2, "
               "2022-06, 2022-W05 or 2022-06-30, not \"22\"\n"
               "a.yaml:9:37: \"period\" of an observation must be a year such as 2022, or a period such as 2022-Q1, 2022-S2, "
               "2022-06, 2022-W05 or 2022-06-30, not \"2022-Q5\"\n");
}

static void test_what_yaml_may_not_be(void)
{
    CHECK_FILE("", "a.yaml:1:1: the file is empty; expected keys such as framework, areas, document and actions\n");
    CHECK_FILE("# nothing\n", "a.yaml:2:1: the file is empty; expected keys such as framework, areas, document and actions\n");
    CHECK_FILE("- a\n", "a.yaml:1:1: the file holds a list, not a mapping; expected keys such as framework, areas, document and "
                        "actions\n");
    CHECK_FILE(FRAMEWORK "---\nunits: []\n",
               "a.yaml:2:1: a second YAML document in one file; put it into a file of its own, without \"---\"\n");
    CHECK_FILE("framework: &f {id: f, title: *t}\n",
               "a.yaml:1:12: the anchor &f is not allowed; write values out where they are needed; a text that begins with & has "
               "to stand in quotes\n"
               "a.yaml:1:30: the alias *t is not allowed; write the value out; a text that begins with * has to stand in quotes\n");
    CHECK_FILE("framework: {id: !!str f, title: F}\n",
               "a.yaml:1:17: the tag tag:yaml.org,2002:str is not allowed; leave it out; a text that begins with ! has to stand in "
               "quotes\n");
    CHECK_FILE("framework: {id: f, title: F\n",
               "a.yaml:2:1: not YAML: did not find expected ',' or '}', while parsing a flow mapping that begins at line 1; look "
               "for a missing bracket, quote or comma, or for a line that is indented differently\n");
    CHECK_FILE("framework:\n  id: f\n  title: a: b\n",
               "a.yaml:3:11: not YAML: mapping values are not allowed in this context; a text that contains \": \" has to stand in "
               "quotes\n");
}

static void test_encoding(void)
{
    CHECK_FILE(FRAMEWORK "units: [{id: U, title: n\xC3\xA4\xE9}]\n",
               "a.yaml:2:26: byte 0xE9 is not UTF-8; save the file as UTF-8\n");
    CHECK_FILE("# \xED\xA0\x80\n", "a.yaml:1:3: byte 0xED is not UTF-8; save the file as UTF-8\n"); /* half of a surrogate pair */
    CHECK_FILE("# \xC0\xAF\n", "a.yaml:1:3: byte 0xC0 is not UTF-8; save the file as UTF-8\n"); /* too long a form */
    CHECK_FILE("# a\x1B[31m\n", "a.yaml:1:4: control character U+001B; remove it\n");
    CHECK_FILE("\xFF\xFE" "a", "a.yaml:1:1: the file is in UTF-16; save it as UTF-8\n");
    CHECK_FILE("\xEF\xBB\xBF" FRAMEWORK, ""); /* a byte order mark does no harm */
    CHECK_FILE("\xEF\xBB\xBF" FRAMEWORK "units: []\ngroups: []\n", "");
    CHECK_FILE("\xEF\xBB\xBF" FRAMEWORK "unit: []\n",
               "a.yaml:2:1: unknown key \"unit\" in a file; did you mean \"units\"?\n");
    CHECK_FILE(FRAMEWORK "# a\r# b\r\n# \x01\r", "a.yaml:4:3: control character U+0001; remove it\n");
}

static void test_a_document_defined_twice(void)
{
    static const char second[] = "document: {id: D, title: E}\nactions: {t: [{id: E.1, text: Dig}]}\n";
    static const char backwards[] = "actions: {t: [{id: E.1, text: Dig}]}\ndocument: {id: D, title: E}\n";
    struct folder folder;
    char *got;

    folder_make(&folder);
    folder_write(&folder, "a.yaml", FRAMEWORK "areas: [{id: A, title: A, topics: [{id: t, title: T}]}]\n"
                                              "document: {id: D, title: D}\nactions: {t: [{id: D.1, text: Dig}]}\n");
    folder_write(&folder, "b.yaml", second);
    got = folder_findings(&folder);
    CHECK_TEXT(got, "b.yaml:1:16: document \"D\" is defined twice, first at a.yaml:3:16\n");
    free(got);
    folder_write(&folder, "b.yaml", backwards);
    got = folder_findings(&folder);
    CHECK_TEXT(got, "b.yaml:2:16: document \"D\" is defined twice, first at a.yaml:3:16\n");
    free(got);
    folder_remove(&folder);
}

static void test_limits(void)
{
    struct folder folder;
    struct dk_buffer text = {0};
    char *got;

    dk_buffer_text(&text, FRAMEWORK "units: ");
    for (int i = 0; i < 100000; i++)
        dk_buffer_text(&text, "[");
    folder_make(&folder);
    folder_write(&folder, "a.yaml", text.bytes);
    got = folder_findings(&folder);
    CHECK(strstr(got, "a.yaml:2:39: nested deeper than 32 levels; the rest of the file was not read\n") != NULL);
    free(got);

    text.size = 0;
    dk_buffer_text(&text, FRAMEWORK "units: [{id: U, title: \"");
    for (int i = 0; i < 1024 * 1024 + 1; i += 16)
        dk_buffer_text(&text, "0123456789abcdef");
    dk_buffer_text(&text, "\"}]\n");
    folder_write(&folder, "a.yaml", text.bytes);
    got = folder_findings(&folder);
    CHECK(strstr(got, "a.yaml:2:24: a value of 1048592 bytes; at most 1048576 are allowed; look for a quote that is not "
                      "closed\n") != NULL);
    free(got);
    folder_remove(&folder);
    dk_buffer_free(&text);
}

static void test_findings_are_bounded_and_in_order(void)
{
    struct folder folder;
    const char *path[] = {folder.path};
    struct load_source source = {.path = path, .count = 1};
    struct load_report report;
    struct dk_buffer text = {0};
    struct dk_error err;

    folder_make(&folder);
    dk_buffer_text(&text, "indicators:\n");
    for (int i = 0; i < 300; i++)
        dk_buffer_format(&text, "  - {id: i%d, title: I, direction: 1, topic: none}\n", i);
    folder_write(&folder, "b.yaml", text.bytes);
    folder_write(&folder, "a.yaml", FRAMEWORK "unit: 1\n");
    CHECK(load_check(&source, &report, &err) == DK_ERROR);
    CHECK(err.code == DK_DATA);
    CHECK_TEXT(err.message, "301 errors in the data");
    CHECK(report.count == LOAD_FINDINGS_MAX);
    CHECK(report.total == 301);
    for (size_t i = 1; i < report.count; i++)
        CHECK(report.finding[i].line == (int)i + 1);
    load_report_free(&report);
    folder_remove(&folder);
    dk_buffer_free(&text);
}

static void test_a_broken_file_does_not_hide_the_next(void)
{
    struct folder folder;
    char *got;

    folder_make(&folder);
    folder_write(&folder, "a.yaml", FRAMEWORK "units: [\n");
    folder_write(&folder, "b.yml", "untis: []\n");
    got = folder_findings(&folder);
    CHECK_TEXT(got, "a.yaml:3:1: not YAML: did not find expected node content, while parsing a flow node that begins at line 3; "
                    "look for a missing bracket, quote or comma, or for a line that is indented differently\n"
                    "b.yml:1:1: unknown key \"untis\" in a file; did you mean \"units\"?\n");
    free(got);
    folder_remove(&folder);
}

int main(void)
{
    test_keys();
    test_types();
    test_values();
    test_references();
    test_repeated_records();
    test_observations();
    test_what_yaml_may_not_be();
    test_encoding();
    test_a_document_defined_twice();
    test_limits();
    test_findings_are_bounded_and_in_order();
    test_a_broken_file_does_not_hide_the_next();
    return check_result();
}
