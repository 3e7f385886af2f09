#include "cli/commands.h"

#include <string.h>

#define FORMATS "table|csv|tsv|json|ndjson|markdown"

const struct cli_option cli_common_options[] = {
    {"library", 0, "DIR", "Read the Lua library and the stock scripts from DIR (a copy of the folder scripts/) instead of "
     "the ones built in.", NULL, false},
    {"help", 'h', NULL, "Print help and do nothing else.", NULL, true},
    {0},
};

static const struct cli_option run_options[] = {
    {"code", 'e', "CODE", "Run CODE instead of a script; the arguments are then all its own.", NULL, false},
    {"db", 0, "DATA", "The data: a database made by `difkit load`, or a folder or file of YAML. Without it, the bundled "
     "framework.", NULL, false},
    {"with", 0, "FILE", "Lay a file or folder of YAML over the data, for this run only.", NULL, true},
    {"format", 0, "FORMAT", "How to print the table that the script returns: table (the default), csv, tsv, json, ndjson "
     "or markdown.", FORMATS, false},
    {"output", 'o', "FILE", "Write the table that the script returns to FILE instead, in the format of its ending "
     "(.csv, .json, .md …), or the one --format names.", NULL, false},
    {"out", 0, "DIR", "Let the script write files, below DIR and nowhere else.", NULL, false},
    {"dry-run", 'n', NULL, "List the files that would be written, with their sizes, and write nothing.", NULL, true},
    {"no-proof", 0, NULL, "Leave out of pages and workbooks how they were made (script, options, digest of the data), with "
     "which `difkit why` and `difkit verify` make them again.", NULL, true},
    {"trust", 0, NULL, "Lift the sandbox: the script may read and write every file and start programs. For scripts of "
     "your own.", NULL, true},
    {"memory", 0, "SIZE", "Let the script use up to SIZE of memory, and its queries again as much: 64M, 2G … (default 1G).", NULL, false},
    {"time", 0, "SECONDS", "Let the script use up to SECONDS of processor time (default 120).", NULL, false},
    {"output-limit", 0, "SIZE", "Let the script print up to SIZE (default 256M).", NULL, false},
    {0},
};
static const struct cli_example run_examples[] = {
    {"difkit run coverage", "How many actions each document has on each topic."},
    {"difkit run gaps --have DIFAP --lack BSBR", "What the Action Plan covers that the Roadmap does not."},
    {"difkit run list --topic cybersecurity -o cybersecurity.csv", "A table for colleagues, as a CSV file."},
    {"difkit run my-script.lua --out reports", "A script of your own, which may write below reports/."},
    {"difkit run -e 'print(difkit.open():from(\"action\"):count())'", "One line of Lua."},
    {0},
};

static const struct cli_option repl_options[] = {
    {"db", 0, "DATA", "The data: a database made by `difkit load`, or a folder or file of YAML. Without it, the bundled "
     "framework.", NULL, false},
    {"with", 0, "FILE", "Lay a file or folder of YAML over the data.", NULL, true},
    {"out", 0, "DIR", "Let what is typed write files, below DIR and nowhere else.", NULL, false},
    {"trust", 0, NULL, "Lift the sandbox: what is typed may read and write every file and start programs.", NULL, true},
    {"memory", 0, "SIZE", "Let the session use up to SIZE of memory: 64M, 2G … (default 1G).", NULL, false},
    {"time", 0, "SECONDS", "Let each entry use up to SECONDS of processor time (default 120).", NULL, false},
    {0},
};
static const struct cli_example repl_examples[] = {
    {"difkit repl", "A session with the bundled data; `.help` tells what there is."},
    {"difkit repl helpers.lua --db framework.db", "With functions of your own, and other data."},
    {"echo 'db:actions():count()' | difkit repl", "One question, without a prompt."},
    {0},
};

static const struct cli_option scripts_options[] = {
    {"verbose", 'v', NULL, "Also print the options of each script.", NULL, true},
    {0},
};
static const struct cli_example scripts_examples[] = {
    {"difkit scripts", "All of them."},
    {"difkit scripts topic", "Those whose name, description or options speak of topics."},
    {0},
};

static const struct cli_option sql_options[] = {
    {"db", 0, "DATA", "The data: a database made by `difkit load`, or a folder or file of YAML. Without it, the bundled "
     "framework.", NULL, false},
    {"with", 0, "FILE", "Lay a file or folder of YAML over the data.", NULL, true},
    {"param", 'p', "NAME=VALUE", "The value of the parameter :NAME of the query; a number where it looks like one.", NULL,
     true},
    {"format", 0, "FORMAT", "table (the default on a terminal and elsewhere), csv, tsv, json, ndjson or markdown.", FORMATS,
     false},
    {"output", 'o', "FILE", "Write to FILE, in the format of its ending, or the one --format names.", NULL, false},
    {0},
};
static const struct cli_example sql_examples[] = {
    {"difkit sql \"SELECT id, title FROM document\"", "The documents."},
    {"difkit sql \"SELECT id, text FROM action WHERE text LIKE :word\" --param word=%MSME% --format csv",
     "Actions that mention MSMEs, as CSV."},
    {"difkit sql - < query.sql", "A query from a file."},
    {0},
};

static const struct cli_option load_options[] = {
    {"output", 'o', "FILE", "The database to make, such as framework.db. An existing one is replaced when the new one is "
     "complete, and not before.", NULL, false},
    {"dry-run", 'n', NULL, "Load into memory, say what would be written, and write nothing.", NULL, true},
    {0},
};
static const struct cli_example load_examples[] = {
    {"difkit load data/asean-dif -o dif.db", "The folder of a framework, as a database."},
    {"difkit load data/asean-dif overlay.yaml -o dif.db", "The same with more records."},
    {0},
};

static const struct cli_option no_options[] = {{0}};
static const struct cli_option check_options[] = {
    {"db", 0, "DATA", "The data that scripts are checked against: a database made by `difkit load`, or a folder or file of "
     "YAML. Without it, the bundled framework.", NULL, false},
    {"with", 0, "FILE", "Lay a file or folder of YAML over the data.", NULL, true},
    {0},
};
static const struct cli_example check_examples[] = {
    {"difkit check data/asean-dif", "Every file of a framework."},
    {"difkit check report.lua --db framework.db", "A script, against the tables, columns and ids of these data."},
    {0},
};

static const struct cli_option diff_options[] = {
    {"index", 0, "SPEC", "Follow the index in the YAML file SPEC instead of the one that the data carry: how its scores "
     "and ranks moved, and why.", NULL, false},
    {"json", 0, NULL, "As JSON: counts by table, then each record with its key and the fields that changed.", NULL, false},
    {"all", 0, NULL, "All changes, not only the first twenty of a kind in each table.", NULL, false},
    {"quiet", 'q', NULL, "Print nothing: the exit status tells.", NULL, false},
    {0},
};
static const struct cli_example diff_examples[] = {
    {"difkit diff october.db november.db", "What changed between two snapshots."},
    {"difkit diff october.db november.db --index my-index.yaml", "The same, and how the scores of an index moved."},
    {"difkit diff @bundled my-framework --json", "A folder of YAML against the bundled data, for a program."},
    {0},
};

static const struct cli_option snapshot_options[] = {
    {"db", 0, "DATA", "The data: a database made by `difkit load`, or a folder or file of YAML. Without it, the bundled "
     "framework.", NULL, false},
    {"with", 0, "FILE", "Lay a file or folder of YAML over the data.", NULL, true},
    {"to", 0, "DIR", "The folder of the snapshots; made when it is not there. Without it, the current folder.", NULL, false},
    {"date", 0, "DATE", "The date of the snapshot. Without it, that of SOURCE_DATE_EPOCH, or today.", NULL, false},
    {"replace", 0, NULL, "Replace a snapshot of that label that holds other records.", NULL, false},
    {"list", 'l', NULL, "List the snapshots of the folder instead, oldest first.", NULL, false},
    {"json", 0, NULL, "With --list: as JSON, with the digests of the records.", NULL, false},
    {0},
};
static const struct cli_example snapshot_examples[] = {
    {"difkit snapshot 2026-03 --to snapshots", "The bundled data, as snapshots/2026-03.db."},
    {"difkit snapshot --list --to snapshots", "What there is."},
    {"difkit diff snapshots/2026-03.db @bundled", "What has changed since."},
    {0},
};

static const struct cli_option claims_options[] = {
    {"db", 0, "DATA", "The data: a database made by `difkit load`, or a folder or file of YAML. Without it, the bundled "
     "framework.", NULL, false},
    {"with", 0, "FILE", "Lay a file or folder of YAML over the data.", NULL, true},
    {"json", 0, NULL, "As JSON: every tagged figure, what the data say, and whether it holds.", NULL, false},
    {0},
};
static const struct cli_example claims_examples[] = {
    {"difkit claims paper.md", "The figures of a paper against the bundled data."},
    {"difkit claims *.md --db framework.db", "Several papers against other data."},
    {0},
};

static const struct cli_option new_options[] = {
    {"in", 0, "DIR", "The folder to write to; made when it is not there. Without it, the current folder.", NULL, false},
    {"dry-run", 'n', NULL, "Say what would be written, and write nothing.", NULL, true},
    {0},
};
static const struct cli_example new_examples[] = {
    {"difkit new script deadlines", "deadlines.lua, its test, and what an editor needs to complete it."},
    {"difkit new framework health", "A folder of YAML with areas, a document, progress and an indicator."},
    {"difkit new index readiness", "readiness.yaml, an index that computes at once."},
    {0},
};

static const struct cli_option test_options[] = {
    {"update", 'u', NULL, "Write the golden files anew where they differ or are missing.", NULL, true},
    {"db", 0, "DATA", "The data: a database made by `difkit load`, or a folder or file of YAML. Without it, the bundled "
     "framework.", NULL, false},
    {"with", 0, "FILE", "Lay a file or folder of YAML over the data.", NULL, true},
    {"trust", 0, NULL, "Lift the sandbox for the scripts. For scripts of your own.", NULL, true},
    {"memory", 0, "SIZE", "Let each case use up to SIZE of memory (default 1G).", NULL, false},
    {"time", 0, "SECONDS", "Let each case use up to SECONDS of processor time (default 120).", NULL, false},
    {0},
};
static const struct cli_example test_examples[] = {
    {"difkit test", "All tests of the current folder and its folder tests."},
    {"difkit test tests/gaps.test.lua --update", "One file, whose golden tables are then those of now."},
    {0},
};

#define SCRIPT_OPTION                                                                                                    \
    {"script", 0, "SCRIPT", "Run this script, a file or a stock one, instead of the one that the file says made it.", NULL, \
     false}
#define TRUST_OPTION                                                                                                     \
    {"trust", 0, NULL, "Lift the sandbox for the script. For scripts of your own.", NULL, true}
static const struct cli_option why_options[] = {
    {"db", 0, "DATA", "The data: a database made by `difkit load`, or a folder or file of YAML. Without it, the bundled "
     "framework.", NULL, false},
    {"with", 0, "FILE", "Lay a file or folder of YAML over the data.", NULL, true},
    SCRIPT_OPTION,
    {"json", 0, NULL, "As JSON, with all rows.", NULL, false},
    TRUST_OPTION,
    {0},
};
static const struct cli_example why_examples[] = {
    {"difkit why reports/periodic.html table-2/BSBR/overdue", "A cell of a report: table, row and column."},
    {"difkit why scores.xlsx 'Scores!B3'", "A cell of a workbook."},
    {"difkit why coverage.csv C7 --script coverage", "A cell of a CSV file, which does not say itself how it was made."},
    {0},
};

static const struct cli_option verify_options[] = {
    {"db", 0, "DATA", "The data: a database made by `difkit load`, or a folder or file of YAML. Without it, the bundled "
     "framework.", NULL, false},
    {"with", 0, "FILE", "Lay a file or folder of YAML over the data.", NULL, true},
    SCRIPT_OPTION,
    {"all", 0, NULL, "All differences, not only the first twenty.", NULL, false},
    {"json", 0, NULL, "As JSON.", NULL, false},
    TRUST_OPTION,
    {0},
};
static const struct cli_example verify_examples[] = {
    {"difkit verify reports/periodic.html", "Whether the report is what the bundled data give today."},
    {"difkit verify reports/periodic.html --db reports/snapshots/2026-10-31.db", "Whether it was right when it was written."},
    {0},
};

static const struct cli_option schema_options[] = {
    {"sql", 0, NULL, "As SQL: the statements that make the tables.", NULL, true},
    {"json", 0, NULL, "As a JSON Schema of the YAML files, with which an editor completes and checks them.", NULL, true},
    {0},
};
static const struct cli_example schema_examples[] = {
    {"difkit schema", "The tables, their columns and what they mean."},
    {"difkit schema --json > framework.schema.json", "For an editor."},
    {0},
};

static const struct cli_example help_examples[] = {
    {"difkit help run", "The options of `difkit run`."},
    {"difkit help coverage", "What the stock script does, and its options."},
    {"difkit help pivot", "What the functions of that name in the Lua library do."},
    {"difkit help exit-status", "What the exit statuses mean."},
    {0},
};

const struct cli_command cli_commands[] = {
    {"run", "run a script: a file, a stock script, or code", "SCRIPT [OPTIONS] [SCRIPT OPTIONS]",
     "SCRIPT is a file of Lua, the name of a stock script (`difkit scripts` lists them), or - for standard input. A file "
     "goes before a stock script when its name has a slash or ends in .lua.\n\n"
     "What the script prints goes to standard output; a table that it returns is printed too, or written where --output "
     "says. `difkit run SCRIPT --help` prints the options of the script itself. An option of difkit may stand before or "
     "behind the script's name, one of the script only behind it; what follows a lone -- is left to the script.\n\n"
     "Code may be an expression, whose value is printed; difkit is there without require. A script that returns nothing but "
     "nil and a message has failed.\n\n"
     "A script is somebody else's program: it reads nothing but the data and its own folder (the current one for code and "
     "standard input), writes only below --out, starts no programs, and lives within limits on memory and time. --trust "
     "lifts this.",
     run_options, run_examples, "0 2 3 4 5", 0, -1, CLI_PASSES_OPTIONS, cli_run},
    {"scripts", "list the stock scripts", "[WORD…] [--verbose]",
     "One line each. With words, only the scripts whose name, description or options contain all of them.",
     scripts_options, scripts_examples, "0 2", 0, -1, 0, cli_scripts},
    {"repl", "explore: type Lua and see what it gives", "[FILE…] [--db DATA]",
     "An interactive session. db is the data, difkit the library, _ what was shown last. An expression shows its value, a "
     "query its first rows. An entry that is not complete goes on on the next line; Tab completes names, columns and ids; "
     "Ctrl-C drops what is typed or stops what runs; Ctrl-D ends. The FILEs are run first, as if they had been typed.\n\n"
     "Lines that begin with a dot are commands, which .help lists: SQL, the tables, files, an editor, and .save, which makes "
     "a script of the lines that worked. Lines are kept from one session to the next in difkit/history below "
     "$XDG_STATE_HOME, or else ~/.local/state.\n\n"
     "What is typed runs in the sandbox of `difkit run`, with limits for each entry by itself. Where standard input is no "
     "terminal, its lines are run without prompts, and the exit status is that of the first that failed.",
     repl_options, repl_examples, "0 2 3 4 5", 0, -1, 0, cli_repl},
    {"sql", "ask a question in SQL", "\"SELECT …\" [--db DATA] [--format FORMAT]",
     "Runs one query, which cannot change anything, and prints its rows as they come (a table or Markdown when all are "
     "there). - reads the query from standard input. `difkit schema` shows the tables; action_full, an action with the "
     "titles of its document, topic and area, is where most queries start. A CSV cell that a spreadsheet would take for a "
     "formula is defused with a leading apostrophe.",
     sql_options, sql_examples, "0 2 5", 1, 1, 0, cli_sql},
    {"load", "make a database from YAML", "PATH… -o FILE.db",
     "Reads folders and files of YAML in the order given, checks everything, and writes one database. When there are "
     "findings it prints all it can find, writes nothing, and ends with 1. A file that is not a database of difkit is never "
     "overwritten.",
     load_options, load_examples, "0 1 2 5", 1, -1, 0, cli_load},
    {"check", "check YAML or scripts without loading or running them", "PATH… [--db DATA]",
     "Prints every finding on a line of its own, as file:line:column: what is wrong; what would be right. Ends with 1 when "
     "there are any.\n\n"
     "A path that ends in .lua, or the name of a stock script, is checked as a script: its syntax; names that nobody has "
     "defined and what the sandbox does not give; fields, methods, filters, columns and ids that do not exist; the SQL in it, "
     "which is prepared and not run; options that are read but not declared, or the other way round; loops over pairs whose "
     "order shows; variables that are never used. A line with the comment -- difkit: ignore is left alone.",
     check_options, check_examples, "0 1 2 5", 1, -1, 0, cli_check},
    {"diff", "say what changed between two states of the data", "OLD NEW [--json]",
     "OLD and NEW are databases, folders or files of YAML, or @bundled for the bundled framework. Records are told apart by "
     "their ids; a record whose id NEW redirects to another is renamed, not removed and added. Where a record stands in its "
     "file does not count. Words that went stand in [-…-], words that came in {+…+}. Where the data carry the E-Government "
     "Development Index, or --index names another, the scores and ranks that moved are listed, with what moved them.\n\n"
     "Ends with 0 when both hold the same records, 1 when they differ, 2 when there was trouble, whatever its kind.",
     diff_options, diff_examples, "0 1 2", 2, 2, 0, cli_diff},
    {"snapshot", "keep the data as they are now", "LABEL [--to DIR]",
     "Writes a consistent copy of the data to DIR/LABEL.db, whole or not at all, with label and date in its table meta. A "
     "snapshot of that label that holds the same records is left as it is; one that holds others is replaced only with "
     "--replace. `difkit diff` compares snapshots.",
     snapshot_options, snapshot_examples, "0 1 2 5", 0, 1, 0, cli_snapshot},
    {"claims", "check the figures in a text against the data", "FILE… [--db DATA]",
     "A figure in a text of Markdown or HTML says where it comes from in a comment behind it, which readers do not see:\n\n"
     "  The Roadmap has 22<!--= db:actions{document = \"BSBR\"}:count() --> actions.\n\n"
     "Each expression of Lua is computed anew, in the sandbox, with db (the data) and difkit at hand. A number holds when "
     "the value, rounded to the digits printed, is that number; a text when the words before the tag end with it. Tags in "
     "code do not count.\n\n"
     "Prints line and column of each figure that does not hold, and how many hold; ends with 1 when any does not.",
     claims_options, claims_examples, "0 1 2 5", 1, -1, 0, cli_claims},
    {"new", "write a commented start that runs", "script|framework|index NAME [--in DIR]",
     "script: NAME.lua, a golden test in the folder tests, and the annotations of the library with .luarc.json, so that an "
     "editor with lua-language-server completes and checks scripts. framework: a folder NAME of YAML files and their JSON "
     "Schema, which loads alone and together with other frameworks. index: NAME.yaml for `difkit run index --spec`.\n\n"
     "A file that is there is never overwritten: then nothing is written at all.",
     new_options, new_examples, "0 2 5", 0, 2, 0, cli_new},
    {"test", "run the tests of your scripts", "[PATH…] [--update]",
     "Runs test files: those named, or all of a folder and its folder tests whose names end in .test.lua. A test file returns "
     "a list of cases, each of which runs a script with its options and compares the table that it returns with a CSV file:\n\n"
     "  return {\n"
     "     script = \"../gaps.lua\",\n"
     "     {name = \"as it is\", golden = \"gaps.csv\"},\n"
     "     {name = \"one area\", options = {\"--area\", \"PA3\"}, golden = \"gaps-PA3.csv\"},\n"
     "  }\n\n"
     "Names of files begin at the folder of the test file. What differs is told row by row, by id, by the columns that `key` "
     "names, or by the first column. A test file that returns nothing asserts by itself. Scripts run in the sandbox, each "
     "case within limits of its own, and write nothing. Ends with 1 when any case fails.",
     test_options, test_examples, "0 1 2 5", 0, -1, 0, cli_test},
    {"why", "say where a published figure comes from", "FILE CELL [--db DATA] [-- SCRIPT OPTIONS]",
     "Leads from a cell of a page (.html), a workbook (.xlsx) or a table (.csv) back to the lines of the script that made it, "
     "the question to the data, the rows and observations, and the words of the source.\n\n"
     "CELL is TABLE/ROW/COLUMN, such as table-2/BSBR/overdue: the row by its id or its first cell, both also by number. "
     "Sheet!C7 means a cell as spreadsheets do. Parts of a page are table-1, figure-1, chart-1, note-1; their addresses "
     "(#table-1) do as well, and so does the id of an action.\n\n"
     "Pages and workbooks that `difkit run` writes say how they were made (--no-proof leaves that out): the script is run "
     "again, watched, in the sandbox, and writes nothing. For other files name it with --script. What stands behind a "
     "lone -- replaces the options it was run with.",
     why_options, why_examples, "0 2 3 4 5", 1, -1, 0, cli_why},
    {"verify", "make a published page again and say whether it still holds", "FILE [--db DATA] [-- SCRIPT OPTIONS]",
     "Runs the script that a page or a workbook says made it, with the same options and for the same day, and compares every "
     "table, key figure, chart, note and text with what the file shows. Ends with 0 when all are the same, 1 when any "
     "differs. A figure that somebody changed by hand is found as well as one that newer data would change.",
     verify_options, verify_examples, "0 1 2 3 4 5", 1, -1, 0, cli_verify},
    {"schema", "show the data model", "[--sql | --json]",
     "The entities, the keys they have in YAML and the columns in the database, all from one description.",
     schema_options, schema_examples, "0 2", 0, 0, 0, cli_schema},
    {"help", "explain a command, a script or a function of the library", "[COMMAND | SCRIPT | WORD | exit-status]",
     "`difkit help COMMAND` is `difkit COMMAND --help`. A word that is neither a command nor a script is looked up in the "
     "Lua library.",
     no_options, help_examples, "0 2", 0, -1, 0, cli_help},
    {"__man", "print the man page", "", "Made from the table of commands.", no_options, NULL, "0", 0, 0, CLI_HIDDEN,
     cli_manual},
    {"__complete", "print what can follow the words given", "WORD…",
     "One candidate a line, a tab and its help behind it. The last word is the one to complete.",
     no_options, NULL, "0", 0, -1, CLI_HIDDEN, cli_complete},
    {0},
};

const struct cli_exit cli_exits[] = {
    {0, "done what was asked"},
    {1, "findings in the data"},
    {2, "wrong usage of a command or a function"},
    {3, "a limit of the sandbox was reached"},
    {4, "an error in the script"},
    {5, "input, output or database failed"},
    {6, "another run holds the lock"},
    {130, "interrupted (SIGINT)"},
    {143, "terminated (SIGTERM)"},
    {0, NULL},
};

const struct cli_command *cli_command_find(const char *name)
{
    for (const struct cli_command *command = cli_commands; command->name != NULL; command++)
        if (strcmp(command->name, name) == 0)
            return command;
    return NULL;
}
