/* The man page, difkit(1), made from the table of commands: `difkit __man`. It carries no date, so that the same sources
 * give the same page. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "cli/call.h"
#include "cli/help.h"
#include "cli/run.h"

/* The code point at `text` and its size; the table of commands is valid UTF-8. */
static uint32_t code_point(const unsigned char *text, size_t *size)
{
    *size = text[0] < 0x80 ? 1 : text[0] < 0xE0 ? 2 : text[0] < 0xF0 ? 3 : 4;
    switch (*size) {
    case 1: return text[0];
    case 2: return (uint32_t)(text[0] & 0x1F) << 6 | (text[1] & 0x3F);
    case 3: return (uint32_t)(text[0] & 0x0F) << 12 | (uint32_t)(text[1] & 0x3F) << 6 | (text[2] & 0x3F);
    default:
        return (uint32_t)(text[0] & 0x07) << 18 | (uint32_t)(text[1] & 0x3F) << 12 | (uint32_t)(text[2] & 0x3F) << 6 |
               (text[3] & 0x3F);
    }
}

/* Text for roff: nothing in it is taken for a request, what stands between backquotes is bold. */
static void put_text(const char *text)
{
    bool bold = false;
    bool line_begins = true;

    for (const unsigned char *next = (const unsigned char *)text; *next != '\0';) {
        size_t size;
        uint32_t point = code_point(next, &size);

        if (line_begins && (point == '.' || point == '\''))
            fputs("\\&", stdout);
        line_begins = false;
        if (point == '`') {
            bold = !bold;
            fputs(bold ? "\\fB" : "\\fR", stdout);
        } else if (point == '\\') {
            fputs("\\e", stdout);
        } else if (point == '-') {
            fputs("\\-", stdout);
        } else if (point == '\'') {
            fputs("\\(aq", stdout);
        } else if (point == '"') {
            fputs("\\(dq", stdout);
        } else if (point == '\n' && next[1] == '\n') {
            fputs("\n.PP\n", stdout);
            size = 2;
            line_begins = true;
        } else if (point >= 0x80) {
            printf("\\[u%04X]", (unsigned)point);
        } else {
            putchar((int)point);
        }
        next += size;
    }
    putchar('\n');
}

static void put_options(const struct cli_option *const *options)
{
    for (; *options != NULL; options++) {
        struct dk_buffer name = {0};

        help_option_name(&name, *options);
        fputs(".TP\n.B ", stdout);
        put_text(name.bytes);
        put_text((*options)->help);
        dk_buffer_free(&name);
    }
}

static void put_examples(const struct cli_example *examples)
{
    if (examples != NULL)
        fputs(".PP\nExamples:\n", stdout);
    for (; examples != NULL && examples->command != NULL; examples++) {
        fputs(".TP\n.B ", stdout);
        put_text(examples->command);
        put_text(examples->text);
    }
}

static void put_command(const struct cli_command *command)
{
    fputs(".SS ", stdout);
    put_text(command->name);
    fputs(".B difkit ", stdout);
    put_text(command->name);
    put_text(command->usage);
    fputs(".PP\n", stdout);
    put_text(command->description);
    put_options(command->options);
    put_examples(command->examples);
}

int cli_manual(const struct cli_call *call)
{
    (void)call;
    printf(".TH DIFKIT 1 \"\" \"difkit %s\" \"User Commands\"\n", DIFKIT_VERSION);
    fputs(".SH NAME\ndifkit \\- a data toolkit for policy frameworks, scripted in Lua\n"
          ".SH SYNOPSIS\n.B difkit\n.I COMMAND\n[\\fIARGUMENTS\\fR] [\\fIOPTIONS\\fR]\n"
          ".SH DESCRIPTION\n",
          stdout);
    put_text("difkit loads the data of policy frameworks, written in YAML, into a database and lets short scripts in Lua "
             "query, score and export them. It ships with the five documents of ASEAN digital integration as its data.\n\n"
             "Results go to standard output, everything else to standard error.");
    fputs(".SH COMMANDS\n", stdout);
    for (const struct cli_command *command = cli_commands; command->name != NULL; command++)
        if (!(command->flags & CLI_HIDDEN))
            put_command(command);
    fputs(".SH COMMON OPTIONS\n", stdout);
    put_options(cli_common_options);
    fputs(".TP\n.B \\-\\-version\nPrint the version.\n.SH EXIT STATUS\n", stdout);
    for (const struct cli_exit *way = cli_exits; way->meaning != NULL; way++) {
        printf(".TP\n.B %d\n", way->status);
        put_text(way->meaning);
    }
    fputs(".SH ENVIRONMENT\n.TP\n.B NO_COLOR\n", stdout);
    put_text("When set and not empty, nothing is coloured. Without it, colour is used on terminals alone.");
    fputs(".TP\n.B DIFKIT_WAIT\n", stdout);
    put_text("Seconds for which a program that writes the same database is waited for; 10 without it.");
    return 0;
}
