/* The options of the commands, each described here and nowhere else; included by the table of commands alone. The session
 * (session.c) knows what the host has to do for some of them, and hands all that are given to Lua. */
#ifndef DIFKIT_CLI_OPTIONS_H
#define DIFKIT_CLI_OPTIONS_H

#include "cli/commands.h"

#define FORMATS "table|csv|tsv|json|ndjson|markdown"

/* The data */
static const struct cli_option option_db = {
    "db",
    0,
    "DATA",
    "The data: a database made by `difkit load`, one on a server (postgresql://USER@HOST/DATABASE), or a "
    "folder or file of YAML. Without it, the bundled framework.",
    NULL,
    false};
static const struct cli_option option_with = {
    "with", 0, "FILE", "Lay files or folders of YAML over the data, for this call.", NULL, true};

/* What a script may do */
static const struct cli_option option_out = {
    "out", 0, "DIR", "Write files, or let the script write them, below DIR and nowhere else.", NULL, false};
static const struct cli_option option_write = {"write", 0,   NULL, "Let the script change the database that --db names.",
                                               NULL,    true};
static const struct cli_option option_trust = {
    "trust",
    0,
    NULL,
    "Lift the sandbox: the script may read and write every file and start programs. For scripts of "
    "your own.",
    NULL,
    true};
static const struct cli_option option_memory = {
    "memory", 0,
    "SIZE",   "Let the script use up to SIZE of memory, and its queries again as much: 64M, 2G … (default 1G).",
    NULL,     false};
static const struct cli_option option_time = {
    "time", 0,    "SECONDS", "Let the script use up to SECONDS of processor time (default 120); in a session, each entry.",
    NULL,   false};
static const struct cli_option option_threads = {
    "threads", 0,    "N", "Read large data, and draw at random, with N threads (default: one a core); results are the same.",
    NULL,      false};
static const struct cli_option option_output_limit = {
    "output-limit", 0, "SIZE", "Let the script print up to SIZE (default 256M).", NULL, false};

/* What comes out */
static const struct cli_option option_format = {
    "format", 0,    "FORMAT", "How to print the table: table (the default), csv, tsv, json, ndjson or markdown.",
    FORMATS,  false};
static const struct cli_option option_output = {
    "output",
    'o',
    "FILE",
    "Write the table to FILE instead, in the format of its ending (.csv, .json, .md …), or the one "
    "--format names.",
    NULL,
    false};
static const struct cli_option option_excel = {
    "excel", 0, NULL, "Begin CSV with the mark by which Excel knows that it is UTF-8.", NULL, true};
static const struct cli_option option_open = {
    "open",
    0,
    NULL,
    "Open what was written (the file of --output, or the page in --out) when the run has ended; only on a "
    "terminal.",
    NULL,
    true};
static const struct cli_option option_template = {
    "template", 0,    "FILE", "The house template (.docx, .dotx) whose styles, page, headers and footers documents take on.",
    NULL,       false};
static const struct cli_option option_finding_format = {
    "format",
    0,
    "FORMAT",
    "How to print the findings: text (the default), gcc, which says \"error:\" before what is wrong, as editors and their "
    "problem matchers expect it, or json, an object a line.",
    "text|gcc|json",
    false};
static const struct cli_option option_json = {"json", 0, NULL, "As JSON, for a program.", NULL, false};
static const struct cli_option option_all = {"all", 0,    NULL, "All differences, not only the first twenty of a kind.",
                                             NULL,  false};
static const struct cli_option option_quiet = {"quiet", 'q', NULL, "Print nothing: the exit status tells.", NULL, false};
static const struct cli_option option_verbose = {"verbose", 'v', NULL, "Also print the options of each script.", NULL, true};
static const struct cli_option option_dry_run = {"dry-run", 'n', NULL, "Say what would be written, and write nothing.",
                                                 NULL,      true};
static const struct cli_option option_no_proof = {
    "no-proof",
    0,
    NULL,
    "Leave out of pages and workbooks how they were made (script, options, digest of the data), with "
    "which `difkit why` and `difkit verify` make them again.",
    NULL,
    true};

/* Options of one command */
static const struct cli_option option_code = {
    "code", 'e', "CODE", "Run CODE instead of a script; the arguments are then all its own.", NULL, false};
static const struct cli_option option_param = {
    "param", 'p', "NAME=VALUE", "The value of the parameter :NAME of the query; a number where it looks like one.",
    NULL,    true};
static const struct cli_option option_database = {
    "output",
    'o',
    "FILE",
    "The database to make, such as framework.db, or postgresql://… for one on a server. An existing "
    "one is replaced when the new one is complete, and not before.",
    NULL,
    false};
static const struct cli_option option_copy_from = {
    "from", 0, "DATABASE", "The database to read: a file, or postgresql://… for one on a server.", NULL, false};
static const struct cli_option option_site = {
    "output", 'o', "DIR", "The folder to write into; it is made where it is not there.", NULL, false};
static const struct cli_option option_page = {"output", 'o', "FILE", "The page to write, such as difkit.html.", NULL, false};
static const struct cli_option option_portable = {
    "portable", 0, NULL, "Write tables without STRICT, for programs whose SQLite is older than 3.37.", NULL, true};
static const struct cli_option option_distribute = {
    "distribute",
    0,
    NULL,
    "Distribute observations and answers over the nodes of the server (Citus); without it that is done where there are any.",
    NULL,
    true};
static const struct cli_option option_index = {
    "index",
    0,
    "SPEC",
    "Follow the index in the YAML file SPEC instead of the one that the data carry: how its scores "
    "and ranks moved, and why.",
    NULL,
    false};
static const struct cli_option option_to = {
    "to",
    0,
    "PLACE",
    "Where to: of snapshots the folder, made when it is not there (without it, the current folder); of a copy "
    "the database to make, a file or postgresql://… for one on a server.",
    NULL,
    false};
static const struct cli_option option_data = {
    "data", 0, "FILE", "A CSV file to take the data of the index from, instead of those that it names.", NULL, false};
static const struct cli_option option_answers = {
    "answers", 0,
    "FILE",    "The authors' answers to findings, shown beside them: a YAML file, or the JSON of an earlier audit.",
    NULL,      false};
static const struct cli_option option_r_script = {
    "r-script", 0,
    "FILE",     "Also write an R script to FILE that computes the headline figures again in base R, and compares.",
    NULL,       false};
static const struct cli_option option_also = {
    "also", 0, "FORMATS", "With --out, also write the report as a document: docx, pdf or both (docx,pdf).", NULL, false};
static const struct cli_option option_compare = {
    "compare", 0, NULL, "Compare two audits instead: specs, or files written with --json.", NULL, true};
static const struct cli_option option_fail_on = {
    "fail-on", 0,
    "CODES",   "End with 1 when one of these is found or to be looked at, such as misplaced,collinear,coverage.",
    NULL,      false};
static const struct cli_option option_date = {
    "date", 0, "DATE", "The date of the snapshot. Without it, that of SOURCE_DATE_EPOCH, or today.", NULL, false};
static const struct cli_option option_replace = {
    "replace", 0, NULL, "Replace a snapshot of that label that holds other records.", NULL, false};
static const struct cli_option option_list = {"list", 'l',  NULL, "List the snapshots of the folder instead, oldest first.",
                                              NULL,   false};
static const struct cli_option option_in = {
    "in", 0, "DIR", "The folder to write to; made when it is not there. Without it, the current folder.", NULL, false};
static const struct cli_option option_update = {
    "update", 'u', NULL, "Write the golden files anew where they differ or are missing.", NULL, true};
static const struct cli_option option_script = {
    "script", 0,    "SCRIPT", "Run this script, a file or a stock one, instead of the one that the file says made it.",
    NULL,     false};
static const struct cli_option option_sql = {"sql", 0, NULL, "As SQL: the statements that make the tables.", NULL, true};
static const struct cli_option option_json_schema = {
    "json", 0, NULL, "As a JSON Schema of the YAML files, with which an editor completes and checks them.", NULL, true};

static const struct cli_option option_unit = {"unit", 0, "UNIT", "Whose sheet it is, such as LAO.", NULL, false};
static const struct cli_option option_round = {"round", 0, "ROUND", "The round of reporting, such as 2026.", NULL, false};
static const struct cli_option option_document = {
    "document", 0, "DOCUMENT", "Only what these documents ask for, separated by commas.", NULL, false};
static const struct cli_option option_asked_survey = {"survey", 0,    "SURVEY", "Ask the questions of this survey.",
                                                      NULL,     false};
static const struct cli_option option_asked_indicators = {
    "indicators", 0, "INDICATOR,…", "Ask for values of these indicators, separated by commas, or of all.", NULL, false};
static const struct cli_option option_into = {
    "into", 0, "DATABASE", "Add what was read to a database made by `difkit load`, in one transaction.", NULL, false};
static const struct cli_option option_as = {
    "as",
    0,
    "KIND",
    "Take the file for this kind instead of what its content says.",
    "world-bank|un-sdg|eurostat-tsv|sdmx-csv|sdmx-json|sdmx-ml|"
    "json-stat|data-package|ilostat|hdr|owid|gapminder|progress|survey|csvw|oscal|ciso-assistant|un-goals|outline|table",
    false};
static const struct cli_option option_recipe = {
    "recipe", 0,
    "FILE",   "What was decided: written when it is not there, else followed, with a report of what has drifted.",
    NULL,     false};
static const struct cli_option option_on_conflict = {
    "on-conflict",
    0,
    "WHAT",
    "What happens to observations that are there with other values: keep them, replace them, or "
    "stop with an error (the default).",
    "keep|replace|error",
    false};
static const struct cli_option option_indicator = {
    "indicator", 0,    "ID", "The indicator of a table that names none; without it, its title or the name of the file.",
    NULL,        false};
static const struct cli_option option_unit_column = {"unit", 0,    "COLUMN", "The column of units, by its heading.",
                                                     NULL,   false};
static const struct cli_option option_calendar = {
    "calendar", 0, "WHICH", "Whose years 2400 to 2699 are: gregorian, or buddhist (543 more).", "gregorian|buddhist", false};
static const struct cli_option option_weight = {
    "weight", 0, "NAME", "Of a survey: the variable that weighs its rows, or none.", NULL, false};
static const struct cli_option option_period = {"period", 0,    "PERIOD", "The period of a table that names none.",
                                                NULL,     false};
static const struct cli_option option_decimal = {
    "decimal", 0, "SIGN", "The decimal sign, where the cells do not say: \".\" or \",\".", ".|,", false};
static const struct cli_option option_dates = {
    "dates", 0, "ORDER", "What comes first in 03/04/2020, where that is open: dmy or mdy.", "dmy|mdy", false};
static const struct cli_option option_periods = {
    "periods",      0,    "READING", "What 2011-12 is, where that is open: fiscal (2011/12) or month (December 2011).",
    "fiscal|month", false};
static const struct cli_option option_fiscal = {
    "fiscal", 0, "YEAR", "The calendar year that a fiscal year is written as: its first or its last.", "first|last", false};
static const struct cli_option option_encoding = {"encoding",
                                                  0,
                                                  "NAME",
                                                  "The encoding of a text, instead of the one detected.",
                                                  "utf-8|utf-16le|utf-16be|windows-1252|iso-8859-1",
                                                  false};
static const struct cli_option option_separator = {
    "separator",
    0,
    "SIGN",
    "What stands between the cells of a text: read, instead of what was detected; "
    "written, instead of a comma; tab for a tab.",
    NULL,
    false};
static const struct cli_option option_sheet = {"sheet", 0, "NAME", "The sheet of a workbook.", NULL, false};
static const struct cli_option option_whole = {
    "whole", 0, NULL, "The text is complete, although its last line has no end.", NULL, true};
/* The process in which a command works */
static const struct cli_option option_isolation = {
    "isolation",
    0,
    "HOW",
    "How to hold what runs to what it may do: by the kernel where it can (auto, the default), not at all without "
    "that (require), or by difkit alone (off).",
    "auto|require|off",
    false};
static const struct cli_option option_read = {
    "read", 0, "PATH", "Let what runs also read this file, or this folder and all below it.", NULL, true};

/* Options of every command */
static const struct cli_option option_log = {
    "log",
    0,
    "FORMAT",
    "What stands on standard error: text (the default), or json, an object a line with time, level, message and "
    "place, and a last one with the exit status, for the journal of a scheduled job.",
    "text|json",
    false};
static const struct cli_option option_library = {
    "library",
    0,
    "DIR",
    "Read the Lua library and the stock scripts from DIR (a copy of the folder scripts/) instead of "
    "the ones built in; and names.tsv there, where it is, in place of the table of countries.",
    NULL,
    false};
static const struct cli_option option_help = {"help", 'h', NULL, "Print help and do nothing else.", NULL, true};

#endif
