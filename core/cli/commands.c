#include "cli/commands.h"

#include <string.h>

#include "cli/options.h"

#define OPTIONS(...)                                                                                                        \
    (const struct cli_option *const[])                                                                                      \
    {                                                                                                                       \
        __VA_ARGS__, NULL                                                                                                   \
    }
#define NO_OPTIONS                                                                                                          \
    (const struct cli_option *const[])                                                                                      \
    {                                                                                                                       \
        NULL                                                                                                                \
    }
#define EXAMPLES(...)                                                                                                       \
    (const struct cli_example[])                                                                                            \
    {                                                                                                                       \
        __VA_ARGS__,                                                                                                        \
        {                                                                                                                   \
            0                                                                                                               \
        }                                                                                                                   \
    }

const struct cli_option *const cli_common_options[] = {&option_library, &option_isolation, &option_read,
                                                       &option_log,     &option_help,      NULL};
const struct cli_option *const cli_later_options[] = {
    &option_write, &option_threads,   &option_isolation, &option_read, &option_template,
    &option_excel, &option_separator, &option_open,      &option_log,  NULL};

const struct cli_command cli_commands[] = {
    {.name = "run",
     .summary = "run a script: a file, a stock script, or code",
     .usage = "SCRIPT [OPTIONS] [SCRIPT OPTIONS]",
     .description =
         "SCRIPT is a file of Lua, the name of a stock script (`difkit scripts` lists them), or - for standard input. A "
         "file "
         "goes before a stock script when its name has a slash or ends in .lua.\n\n"
         "What the script prints goes to standard output; a table that it returns is printed too, or written where --output "
         "says. `difkit run SCRIPT --help` prints the options of the script itself. An option of difkit may stand before or "
         "behind the script's name (--write, --threads, --isolation and --read only before it where the script declares the "
         "same), one "
         "of the script only behind it; what follows a lone -- is left to the script.\n\n"
         "Code may be an expression, whose value is printed; difkit is there without require. A script that returns nothing "
         "but "
         "nil and a message has failed.\n\n"
         "A script is somebody else's program: it reads nothing but the data and its own folder (code, standard input and a "
         "script in a home have none; --read names more), writes only below --out, starts no programs, and lives within "
         "limits "
         "on memory and time. It runs in a process of its own, which the kernel of Linux holds to that. --trust lifts all "
         "of "
         "this.",
     .options =
         OPTIONS(&option_code, &option_db, &option_with, &option_format, &option_output, &option_excel, &option_separator,
                 &option_template, &option_out, &option_open, &option_write, &option_dry_run, &option_no_proof,
                 &option_trust, &option_memory, &option_time, &option_threads, &option_output_limit),
     .examples =
         EXAMPLES({"difkit run coverage", "How many actions each document has on each topic."},
                  {"difkit run gaps --have DIFAP --lack BSBR", "What the Action Plan covers that the Roadmap does not."},
                  {"difkit run list --topic cybersecurity -o cybersecurity.csv", "A table for colleagues, as a CSV file."},
                  {"difkit run my-script.lua --out reports", "A script of your own, which may write below reports/."},
                  {"difkit run -e 'print(difkit.open():from(\"action\"):count())'", "One line of Lua."}),
     .exits = "0 2 3 4 5",
     .least = 0,
     .most = -1,
     .flags = CLI_PASSES_OPTIONS | CLI_ISOLATED},
    {.name = "scripts",
     .summary = "list the stock scripts",
     .usage = "[WORD…] [--verbose]",
     .description = "One line each. With words, only the scripts whose name, description or options contain all of them.",
     .options = OPTIONS(&option_verbose),
     .examples = EXAMPLES({"difkit scripts", "All of them."},
                          {"difkit scripts topic", "Those whose name, description or options speak of topics."}),
     .exits = "0 2",
     .least = 0,
     .most = -1},
    {.name = "repl",
     .summary = "explore: type Lua and see what it gives",
     .usage = "[FILE…] [--db DATA]",
     .description = "An interactive session. db is the data, difkit the library, _ what was shown last. An expression shows "
                    "its value, a "
                    "query its first rows. An entry that is not complete goes on on the next line; Tab completes names, "
                    "columns and ids; "
                    "Ctrl-C drops what is typed or stops what runs; Ctrl-D ends. The FILEs are run first, as if they had "
                    "been typed.\n\n"
                    "Lines that begin with a dot are commands, which .help lists: SQL, the tables, files, an editor, and "
                    ".save, which makes "
                    "a script of the lines that worked. Lines are kept from one session to the next in difkit/history below "
                    "$XDG_STATE_HOME, or else ~/.local/state.\n\n"
                    "What is typed runs in the sandbox of `difkit run` and in a process of its own, with limits for each "
                    "entry by itself. When an entry passes them so that its process has to be ended, the session goes on "
                    "in a new one, without its variables. Where standard input is no terminal, its lines are run without "
                    "prompts, .save and .edit are refused, and the exit status is that of the first that failed.",
     .options = OPTIONS(&option_db, &option_with, &option_out, &option_write, &option_trust, &option_memory, &option_time,
                        &option_isolation, &option_read),
     .examples = EXAMPLES({"difkit repl", "A session with the bundled data; `.help` tells what there is."},
                          {"difkit repl helpers.lua --db framework.db", "With functions of your own, and other data."},
                          {"echo 'db:actions():count()' | difkit repl", "One question, without a prompt."}),
     .exits = "0 2 3 4 5",
     .least = 0,
     .most = -1,
     .flags = CLI_INTERACTIVE | CLI_ISOLATED},
    {.name = "sql",
     .summary = "ask a question in SQL",
     .usage = "\"SELECT …\" [--db DATA] [--format FORMAT]",
     .description =
         "Runs one query, which cannot change anything, and prints its rows as they come (a table or Markdown when all are "
         "there). - reads the query from standard input. `difkit schema` shows the tables; action_full, an action with the "
         "titles of its document, topic and area, is where most queries start. A CSV cell that a spreadsheet would take for "
         "a "
         "formula is defused with a leading apostrophe.",
     .options = OPTIONS(&option_db, &option_with, &option_param, &option_format, &option_output, &option_excel,
                        &option_separator, &option_trust),
     .examples =
         EXAMPLES({"difkit sql \"SELECT id, title FROM document\"", "The documents."},
                  {"difkit sql \"SELECT id, text FROM action WHERE text LIKE :word\" --param word=%MSME% --format csv",
                   "Actions that mention MSMEs, as CSV."},
                  {"difkit sql - < query.sql", "A query from a file."}),
     .exits = "0 2 5",
     .least = 1,
     .most = 1,
     .flags = CLI_UNLIMITED | CLI_ISOLATED},
    {.name = "load",
     .summary = "make a database from YAML",
     .usage = "PATH… -o FILE.db",
     .description =
         "Reads folders and files of YAML in the order given, checks everything, and writes one database. When there are "
         "findings it prints all it can find, writes nothing, and ends with 1. A file that is not a database of difkit is "
         "never "
         "overwritten.",
     .options = OPTIONS(&option_database, &option_dry_run, &option_portable, &option_distribute),
     .examples = EXAMPLES({"difkit load data/asean-dif -o dif.db", "The folder of a framework, as a database."},
                          {"difkit load data/asean-dif overlay.yaml -o dif.db", "The same with more records."}),
     .exits = "0 1 2 5 6",
     .least = 1,
     .most = -1,
     .flags = CLI_ISOLATED},
    {.name = "copy",
     .summary = "move a whole database between files and servers",
     .usage = "--from DATABASE --to DATABASE",
     .description =
         "Copies all records of one database into another, a file or one on a server (scripts/guide/SERVER.md), which takes "
         "the place of what is there when it is complete, and not before. `difkit diff` between the two then finds nothing.",
     .options = OPTIONS(&option_copy_from, &option_to, &option_distribute),
     .examples = EXAMPLES({"difkit copy --from framework.db --to postgresql://loader@server/data", "A file, onto a server."},
                          {"difkit copy --from postgresql://reader@server/data --to framework.db", "Back, for a laptop."}),
     .exits = "0 1 2 5 6",
     .least = 0,
     .most = 0,
     .flags = CLI_OWN | CLI_ISOLATED},
    {.name = "backup",
     .summary = "copy a database to a file while it is in use",
     .usage = "DATABASE.db FILE.db",
     .description =
         "Writes the database as it is at one moment, also beside programs that write it, to FILE: checked, and whole or "
         "not "
         "at all. FILE may be there when it is a database of difkit. Everything in it is copied, also what difkit knows "
         "nothing of. `difkit snapshot` keeps one with a label and a date for periodic reports.",
     .options = NO_OPTIONS,
     .examples = EXAMPLES({"difkit backup framework.db /mnt/share/framework.db", "A copy on a share."}),
     .exits = "0 2 5 6",
     .least = 2,
     .most = 2,
     .flags = CLI_OWN | CLI_ISOLATED},
    {.name = "migrate",
     .summary = "bring a database of an older difkit up to date",
     .usage = "FILE.db",
     .description =
         "Databases of every released difkit can be read as they are. Before one is written, or read when it is larger than "
         "256 MB, its tables have to be those of this difkit: the file is replaced when the new one is complete, and not "
         "before. What it was is kept beside it, as FILE.db.v1 for version 1 of the tables. `difkit load` makes a database "
         "anew from YAML instead.",
     .options = NO_OPTIONS,
     .examples =
         EXAMPLES({"difkit migrate framework.db", "A database made by difkit 0.1.0; it is kept as framework.db.v1."}),
     .exits = "0 2 5 6",
     .least = 1,
     .most = 1,
     .flags = CLI_OWN},
    {.name = "doctor",
     .summary = "say what this installation, system and data have and lack",
     .usage = "[--db DATA] [--json]",
     .description = "The version, the kernel and what it holds scripts to (Landlock, a filter of system calls), the "
                    "optional parts of this "
                    "build, and problems in the data, each with what to do. Ends with 1 when something is wrong; what is "
                    "only lacking does "
                    "not count.",
     .options = OPTIONS(&option_db, &option_with, &option_json),
     .examples = EXAMPLES({"difkit doctor", "A line for each."},
                          {"difkit doctor --db framework.db --json", "With the data of a database, for a program."}),
     .exits = "0 1 2 5",
     .least = 0,
     .most = 0,
     .flags = CLI_OWN},
    {.name = "docs",
     .summary = "write the guides, the reference and the examples as a site",
     .usage = "-o DIR",
     .description =
         "Static pages with a search of their own, from the Markdown that is installed with difkit: guides, reference, "
         "examples "
         "with what they print and draw, and a gallery of the pictures. They need no server and ask nothing of the network. "
         "Where the engine was built or installed it goes along, and examples can be changed and run in their page.",
     .options = OPTIONS(&option_site),
     .examples = EXAMPLES({"difkit docs -o site", "Then open site/index.html."}),
     .exits = "0 2 5",
     .least = 0,
     .most = 0,
     .flags = CLI_OWN},
    {.name = "workbench",
     .summary = "write difkit as one page in which an office works",
     .usage = "-o FILE.html|FILE.zip",
     .description =
         "One file with the whole engine and its data: opened in a browser, from a share, a stick or a mail, it asks with "
         "the "
         "stock scripts and with SQL, takes in files that are dropped on it, and gives results as workbooks, documents and "
         "tables, with the numbers of the program. It needs no server and no installation, and its policy lets it send "
         "nothing. As FILE.zip it goes by mail, with what an IT desk asks about it. The engine is that which was built or "
         "installed with this difkit. Guide: scripts/guide/WORKBENCH.md.",
     .options = OPTIONS(&option_page),
     .examples = EXAMPLES({"difkit workbench -o difkit.html", "Then open difkit.html."}),
     .exits = "0 2 5",
     .least = 0,
     .most = 0,
     .flags = CLI_OWN},
    {.name = "unpack",
     .summary = "write the files of a project that was saved in the workbench",
     .usage = "PROJECT.difkit -o DIR",
     .description =
         "What was brought and kept in the workbench, under the paths that it has there, and project.json, which says "
         "what was asked of which data. The command lines that the workbench shows run in that folder. All files are "
         "written, or none; none is replaced.",
     .options = OPTIONS(&option_site),
     .examples =
         EXAMPLES({"difkit unpack project.difkit -o project", "Then, in project: difkit run coverage --with kept/sheet."}),
     .exits = "0 1 2 5",
     .least = 1,
     .most = 1,
     .flags = CLI_OWN},
    {.name = "import",
     .summary = "take in a file as an office has it",
     .usage = "FILE… [--out DIR | --into FILE.db] [--recipe R.yaml]",
     .description =
         "Reads World Bank, Eurostat, SDMX (CSV, JSON, ML), JSON-stat, UN SDG, ILOSTAT, HDR, Our World in Data and "
         "Gapminder files, Data Packages, CSV on the Web, surveys of Stata, SPSS and SAS, progress sheets and plain tables: "
         "delimited text of any separator and encoding, XLSX, ODS, and zip archives of text. OSCAL catalogs, CISO Assistant "
         "libraries, the UN's lists of goals and outlines of two columns become frameworks. What a file is, is decided by "
         "its "
         "content. Countries are matched by code or name, and as units.yaml beside the file decides; groups are left out "
         "and "
         "counted.\n\n"
         "Without a target it shows what it would take: kind and why, what was left out, the first ten observations, and "
         "with --db what is new, the same and changed. With --out and --db only units and indicators that these data have "
         "not are declared. A file that can be read in two ways is refused with both, and with the option that decides. "
         "The same file twice changes nothing. What is better done elsewhere, and how to get back: "
         "scripts/guide/OTHERS.md.\n\n"
         "Ends with 1 when cells were left out because they are wrong, when the file has drifted from its recipe, or when "
         "it is refused.",
     .options =
         OPTIONS(&option_out, &option_into, &option_db, &option_recipe, &option_on_conflict, &option_as, &option_indicator,
                 &option_unit_column, &option_period, &option_weight, &option_decimal, &option_dates, &option_periods,
                 &option_calendar, &option_fiscal, &option_encoding, &option_separator, &option_sheet, &option_whole),
     .examples = EXAMPLES({"difkit import API_IT.NET.USER.ZS_DS2_en_csv_v2.zip", "What a download of the World Bank holds."},
                          {"difkit import estat_une_rt_a.tsv --out unemployment", "A folder for `difkit load` and `--db`."},
                          {"difkit import internet.xlsx --into framework.db --recipe internet.yaml",
                           "The same every year, with a report of drift."}),
     .exits = "0 1 2 5",
     .least = 1,
     .most = -1,
     .flags = CLI_OWN | CLI_ISOLATED},
    {.name = "profile",
     .summary = "take a first look at a file, a table or a query",
     .usage = "FILE|TABLE|\"SELECT …\" [--db DATA]",
     .description =
         "A row for each column: its type, how many values it has, what stands for nothing, how many are different, "
         "extremes, "
         "quartiles, mean and deviation, the most frequent values, a small histogram, and what is remarkable: constants, "
         "columns that may be keys, numbers and days that may stand for a missing value (-9, 99, 1900-01-01), decimal "
         "commas, spaces. Below it: rows, keys, repeated rows. Reads any file that tables are read from (CSV, XLSX, ODS, "
         "gzip, zip, Stata, SPSS, SAS) in one pass; memory does not grow with its rows.",
     .options = OPTIONS(&option_db, &option_with, &option_sheet, &option_decimal, &option_encoding, &option_separator,
                        &option_format, &option_output),
     .examples = EXAMPLES({"difkit profile internet.xlsx", "What its columns hold."},
                          {"difkit profile observation --db framework.db", "A table of the data."},
                          {"difkit profile \"SELECT * FROM action_full\" --format csv", "The rows of a query, as CSV."}),
     .exits = "0 1 2 5",
     .least = 1,
     .most = 1,
     .flags = CLI_OWN | CLI_ISOLATED},
    {.name = "ask",
     .summary = "write the sheet in which a member answers in a round of reporting",
     .usage = "--unit UNIT --round ROUND -o FILE.xlsx",
     .description =
         "A workbook with a cover that can be read, and a page with a row for each action that is open: its id and words, "
         "the "
         "last answer, and cells to fill in, with a list to choose a status from. With --survey it asks the questions of a "
         "survey instead, with --indicators for values of the year that are not there yet; --document beside them adds the "
         "actions. The round is one of the data (rounds: in "
         "YAML). Round, unit, framework, digest and number of the sheet stand on its cover.\n\n"
         "`difkit take` reads the sheet that comes back.",
     .options = OPTIONS(&option_db, &option_with, &option_unit, &option_round, &option_document, &option_asked_survey,
                        &option_asked_indicators, &option_output),
     .examples = EXAMPLES({"difkit ask --unit LAO --round 2026 --with round.yaml -o laos.xlsx", "A sheet for the Lao PDR."},
                          {"difkit ask --unit LAO --round 2026 --indicators all --with round.yaml -o figures.xlsx",
                           "A sheet that asks for the figures of the year."}),
     .exits = "0 1 2 5",
     .least = 0,
     .most = 0,
     .flags = CLI_OWN},
    {.name = "take",
     .summary = "read sheets that came back, and take in what they answer",
     .usage = "FILE.xlsx… [--out DIR | --into FILE.db]",
     .description =
         "Shows what the sheets say and what is wrong, cell by cell. With --out, the answers of each are written as a file "
         "of "
         "YAML to lay over the framework; with --into they are added to a database. Rows may have been sorted, inserted or "
         "left "
         "out; an empty status means that no answer was given. A sheet of another round or unit than asked for is refused; "
         "the same sheet twice changes nothing; a second reply with other answers is a conflict, and nothing is taken.\n\n"
         "Ends with 1 when a sheet is refused, has faults, or conflicts with another reply.",
     .options = OPTIONS(&option_db, &option_with, &option_unit, &option_round, &option_out, &option_into),
     .examples = EXAMPLES({"difkit take laos.xlsx --with round.yaml", "What the sheet says."},
                          {"difkit take *.xlsx --with round.yaml --out replies", "All of them, as YAML below replies/."}),
     .exits = "0 1 2 5",
     .least = 1,
     .most = -1,
     .flags = CLI_OWN | CLI_ISOLATED},
    {.name = "check",
     .summary = "check YAML or scripts without loading or running them",
     .usage = "PATH… [--db DATA] [--format=gcc|json]",
     .description = "Prints every finding on a line of its own, as file:line:column: what is wrong; what would be right. "
                    "Ends with 1 when "
                    "there are any.\n\n"
                    "A path that ends in .lua, or the name of a stock script, is checked as a script: its syntax; names "
                    "that nobody has "
                    "defined and what the sandbox does not give; fields, methods, filters, columns and ids that do not "
                    "exist; the SQL in it, "
                    "which is prepared and not run; options that are read but not declared, or the other way round; loops "
                    "over pairs whose "
                    "order shows; variables that are never used. A line with the comment -- difkit: ignore is left alone.",
     .options = OPTIONS(&option_db, &option_with, &option_finding_format),
     .examples = EXAMPLES(
         {"difkit check data/asean-dif", "Every file of a framework."},
         {"difkit check report.lua --db framework.db", "A script, against the tables, columns and ids of these data."},
         {"difkit check --format=gcc data/asean-dif report.lua", "For an editor."}),
     .exits = "0 1 2 5",
     .least = 1,
     .most = -1,
     .flags = CLI_ISOLATED},
    {.name = "diff",
     .summary = "say what changed between two states of the data",
     .usage = "OLD NEW [--json]",
     .description =
         "OLD and NEW are databases, folders or files of YAML, or @bundled for the bundled framework. Records are told "
         "apart by "
         "their ids; a record whose id NEW redirects to another is renamed, not removed and added. Where a record stands in "
         "its "
         "file does not count. Words that went stand in [-…-], words that came in {+…+}. Where the data carry the "
         "E-Government "
         "Development Index, or --index names another, the scores and ranks that moved are listed, with what moved them.\n\n"
         "Ends with 0 when both hold the same records, 1 when they differ, 2 when there was trouble, whatever its kind.",
     .options = OPTIONS(&option_index, &option_json, &option_all, &option_quiet),
     .examples = EXAMPLES(
         {"difkit diff october.db november.db", "What changed between two snapshots."},
         {"difkit diff october.db november.db --index my-index.yaml", "The same, and how the scores of an index moved."},
         {"difkit diff @bundled my-framework --json", "A folder of YAML against the bundled data, for a program."}),
     .exits = "0 1 2",
     .least = 2,
     .most = 2,
     .flags = CLI_OWN | CLI_DIFFERENCE | CLI_ISOLATED},
    {.name = "snapshot",
     .summary = "keep the data as they are now",
     .usage = "LABEL [--to DIR]",
     .description =
         "Writes a consistent copy of the data to DIR/LABEL.db, whole or not at all, with label and date in its table meta. "
         "A "
         "snapshot of that label that holds the same records is left as it is; one that holds others is replaced only with "
         "--replace. `difkit diff` compares snapshots.",
     .options = OPTIONS(&option_db, &option_with, &option_to, &option_date, &option_replace, &option_list, &option_json),
     .examples = EXAMPLES({"difkit snapshot 2026-03 --to snapshots", "The bundled data, as snapshots/2026-03.db."},
                          {"difkit snapshot --list --to snapshots", "What there is."},
                          {"difkit diff snapshots/2026-03.db @bundled", "What has changed since."}),
     .exits = "0 1 2 5",
     .least = 0,
     .most = 1,
     .flags = CLI_OWN | CLI_ISOLATED},
    {.name = "export",
     .summary = "write the data for another tool of the field",
     .usage = "datasette|open-sdg|sdmx|skos|data-package --out DIR",
     .description =
         "datasette: a database of plain tables and metadata.yaml. open-sdg: the data folder of sdg-build. sdmx: the "
         "observations as SDMX-CSV 2.0 and the structure that they name as SDMX-ML 2.1. skos: the framework as SKOS in "
         "JSON-LD. data-package: a Frictionless data package, a CSV file for each table.\n\n"
         "What a script gives goes into a workbook, a document or a table with `difkit run list --output FILE.xlsx`.",
     .options = OPTIONS(&option_db, &option_with, &option_out),
     .examples = EXAMPLES({"difkit export datasette --out site", "Then: datasette site/*.db --metadata site/metadata.yaml"},
                          {"difkit export sdmx --db framework.db --out sdmx", "observations.csv and structure.xml."}),
     .exits = "0 2 5",
     .least = 1,
     .most = 1,
     .flags = CLI_UNLIMITED | CLI_ISOLATED,
     .kinds = "datasette|open-sdg|sdmx|skos|data-package"},
    {.name = "audit",
     .summary = "audit an index: concept, data, coherence, importance, robustness",
     .usage = "SPEC [--data FILE] [--out DIR] | --compare OLD NEW",
     .description = "Computes the index of SPEC (a YAML file, a Lua file that returns a spec, an iMeta.csv of COINr, a "
                    "workbook of the COIN Tool) and audits it along the "
                    "steps of an audit by "
                    "the JRC: each section has findings in sentences, tables and methods. A finding holds at this number of "
                    "units; look at it "
                    "means that a mark is passed and chance not excluded; what cannot be judged is said so.\n\n"
                    "Prints the verdict and what to look at, or everything as JSON, or writes a report.",
     .options = OPTIONS(&option_db, &option_with, &option_data, &option_out, &option_json, &option_fail_on, &option_answers,
                        &option_compare, &option_r_script, &option_also),
     .examples = EXAMPLES(
         {"difkit audit readiness.yaml", "The verdict, and what to look at."},
         {"difkit audit readiness.yaml --out audit", "A page, Markdown, a workbook and JSON in the folder audit."},
         {"difkit audit readiness.yaml --out audit --also docx,pdf", "And documents to send round."},
         {"difkit audit readiness.yaml --fail-on reversed,coverage", "For a schedule: ends with 1 when one is found."},
         {"difkit audit --compare 2025.json readiness.yaml", "What a year or another method did to findings and ranks."}),
     .exits = "0 1 2 5",
     .least = 1,
     .most = 2,
     .flags = CLI_OWN | CLI_ISOLATED},
    {.name = "claims",
     .summary = "check the figures in a text against the data",
     .usage = "FILE… [--db DATA]",
     .description =
         "A figure in a text of Markdown or HTML says where it comes from in a comment behind it, which readers do not "
         "see:\n\n"
         "  The Roadmap has 22<!--= db:actions{document = \"BSBR\"}:count() --> actions.\n\n"
         "Each expression of Lua is computed anew, in the sandbox, with db (the data) and difkit at hand. A number holds "
         "when "
         "the value, rounded to the digits printed, is that number; a text when the words before the tag end with it. Tags "
         "in "
         "code do not count.\n\n"
         "Prints line and column of each figure that does not hold, and how many hold; ends with 1 when any does not.",
     .options = OPTIONS(&option_db, &option_with, &option_json),
     .examples = EXAMPLES({"difkit claims paper.md", "The figures of a paper against the bundled data."},
                          {"difkit claims *.md --db framework.db", "Several papers against other data."}),
     .exits = "0 1 2 5",
     .least = 1,
     .most = -1,
     .flags = CLI_ISOLATED},
    {.name = "new",
     .summary = "write a commented start that runs",
     .usage = "script|framework|index|words NAME [--in DIR]",
     .description =
         "script: NAME.lua, a golden test in the folder tests, and the annotations of the library with .luarc.json, so that "
         "an "
         "editor with lua-language-server completes and checks scripts. framework: a folder NAME of YAML files and their "
         "JSON "
         "Schema, which loads alone and together with other frameworks. index: NAME.yaml for `difkit run index --spec`. "
         "words: "
         "the words that pages have of themselves, to be filled in and signed for the language NAME (words-NAME.yaml).\n\n"
         "A file that is there is never overwritten: then nothing is written at all.",
     .options = OPTIONS(&option_in, &option_dry_run),
     .examples =
         EXAMPLES({"difkit new script deadlines", "deadlines.lua, its test, and what an editor needs to complete it."},
                  {"difkit new framework health", "A folder of YAML with areas, a document, progress and an indicator."},
                  {"difkit new index readiness", "readiness.yaml, an index that computes at once."}),
     .exits = "0 2 5",
     .least = 0,
     .most = 2,
     .flags = CLI_OWN,
     .kinds = "script|framework|index|words"},
    {.name = "test",
     .summary = "run the tests of your scripts",
     .usage = "[PATH…] [--update]",
     .description = "Runs test files: those named, or all of a folder and its folder tests whose names end in .test.lua. A "
                    "test file returns "
                    "a list of cases, each of which runs a script with its options and compares the table that it returns "
                    "with a CSV file:\n\n"
                    "  return {\n"
                    "     script = \"../gaps.lua\",\n"
                    "     {name = \"as it is\", golden = \"gaps.csv\"},\n"
                    "     {name = \"one area\", options = {\"--area\", \"PA3\"}, golden = \"gaps-PA3.csv\"},\n"
                    "  }\n\n"
                    "Names of files begin at the folder of the test file. What differs is told row by row, by id, by the "
                    "columns that `key` "
                    "names, or by the first column. A test file that returns nothing asserts by itself. Scripts run in the "
                    "sandbox, each "
                    "case within limits of its own, and write nothing. Ends with 1 when any case fails.",
     .options = OPTIONS(&option_update, &option_db, &option_with, &option_trust, &option_memory, &option_time),
     .examples =
         EXAMPLES({"difkit test", "All tests of the current folder and its folder tests."},
                  {"difkit test tests/gaps.test.lua --update", "One file, whose golden tables are then those of now."}),
     .exits = "0 1 2 5",
     .least = 0,
     .most = -1,
     .flags = CLI_ISOLATED},
    {.name = "why",
     .summary = "say where a published figure comes from",
     .usage = "FILE CELL [--db DATA] [-- SCRIPT OPTIONS]",
     .description =
         "Leads from a cell of a page (.html), a workbook (.xlsx) or a table (.csv) back to the lines of the script that "
         "made it, "
         "the question to the data, the rows and observations, and the words of the source.\n\n"
         "CELL is TABLE/ROW/COLUMN, such as table-2/BSBR/overdue: the row by its id or its first cell, both also by number. "
         "Sheet!C7 means a cell as spreadsheets do. Parts of a page are table-1, figure-1, chart-1, note-1; their addresses "
         "(#table-1) do as well, and so does the id of an action.\n\n"
         "Pages and workbooks that `difkit run` writes say how they were made (--no-proof leaves that out): the script is "
         "run "
         "again, watched, in the sandbox, and writes nothing. Files that the script read besides the data are looked for "
         "beside the page, or beside the script that --script names. For other files name it with --script. What stands "
         "behind a lone -- replaces the options it was run with.",
     .options = OPTIONS(&option_db, &option_with, &option_script, &option_json, &option_trust),
     .examples =
         EXAMPLES({"difkit why reports/periodic.html table-2/BSBR/overdue", "A cell of a report: table, row and column."},
                  {"difkit why scores.xlsx 'Scores!B3'", "A cell of a workbook."},
                  {"difkit why coverage.csv C7 --script coverage",
                   "A cell of a CSV file, which does not say itself how it was made."}),
     .exits = "0 2 3 4 5",
     .least = 1,
     .most = -1,
     .flags = CLI_ISOLATED},
    {.name = "verify",
     .summary = "make a published page again and say whether it still holds",
     .usage = "FILE [--db DATA] [-- SCRIPT OPTIONS]",
     .description =
         "Runs the script that a page or a workbook says made it, with the same options and for the same day, and compares "
         "every "
         "table, key figure, chart, note and text with what the file shows. Ends with 0 when all are the same, 1 when any "
         "differs. A figure that somebody changed by hand is found as well as one that newer data would change.",
     .options = OPTIONS(&option_db, &option_with, &option_script, &option_all, &option_json, &option_trust),
     .examples = EXAMPLES({"difkit verify reports/periodic.html", "Whether the report is what the bundled data give today."},
                          {"difkit verify reports/periodic.html --db reports/snapshots/2026-10-31.db",
                           "Whether it was right when it was written."}),
     .exits = "0 1 2 3 4 5",
     .least = 1,
     .most = -1,
     .flags = CLI_ISOLATED},
    {.name = "schema",
     .summary = "show the data model",
     .usage = "[--sql | --json] [--db DATA]",
     .description = "The entities, the keys they have in YAML and the columns in the database, all from one description, "
                    "and behind them the tables that the data declare for themselves, such as registers.",
     .options = OPTIONS(&option_sql, &option_json_schema, &option_db),
     .examples = EXAMPLES({"difkit schema", "The tables, their columns and what they mean."},
                          {"difkit schema --json > framework.schema.json", "For an editor."},
                          {"difkit schema --db my-framework", "The same with the tables of your own data."}),
     .exits = "0 1 2 5",
     .least = 0,
     .most = 0,
     .flags = CLI_ISOLATED},
    {.name = "help",
     .summary = "explain a command, a script or a function of the library",
     .usage = "[COMMAND | SCRIPT | WORD | exit-status]",
     .description = "`difkit help COMMAND` is `difkit COMMAND --help`. A word that is neither a command nor a script is "
                    "looked up in the "
                    "Lua library.",
     .options = NO_OPTIONS,
     .examples = EXAMPLES({"difkit help run", "The options of `difkit run`."},
                          {"difkit help coverage", "What the stock script does, and its options."},
                          {"difkit help pivot", "What the functions of that name in the Lua library do."},
                          {"difkit help exit-status", "What the exit statuses mean."}),
     .exits = "0 2",
     .least = 0,
     .most = -1},
    {.name = "__man",
     .summary = "print the man page",
     .usage = "",
     .description = "Made from the table of commands.",
     .options = NO_OPTIONS,
     .exits = "0",
     .least = 0,
     .most = 0,
     .flags = CLI_HIDDEN},
    {.name = "__complete",
     .summary = "print what can follow the words given",
     .usage = "WORD…",
     .description = "One candidate a line, a tab and its help behind it. The last word is the one to complete.",
     .options = NO_OPTIONS,
     .exits = "0",
     .least = 0,
     .most = -1,
     .flags = CLI_HIDDEN},
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

const struct cli_end cli_ends[] = {
    {"limit.processor", 3, "it used too much processor time"},
    {"limit.clock", 3, "it took too long"},
    {"limit.disk", 3, "it wrote too much"},
    {"limit.memory", 3, "it needed more memory than it may have, or was killed"},
    {"refused.call", 3, "it made a system call that no run may make"},
    {"crashed", 4, "a fault of difkit, to be reported"},
    {"process.none", 5, "no process could be made for it"},
    {"isolation.missing", 5, "--isolation=require, and this system cannot"},
    {"signal", 130, "it was interrupted (130) or terminated (143); nothing is said"},
    {NULL, 0, NULL},
};

const struct cli_command *cli_command_find(const char *name)
{
    for (const struct cli_command *command = cli_commands; command->name != NULL; command++)
        if (strcmp(command->name, name) == 0)
            return command;
    return NULL;
}
