/* difkit check: the findings in YAML files and in scripts, one a line. Neither is loaded or run. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "cli/call.h"
#include "cli/message.h"
#include "cli/run.h"
#include "cli/script.h"
#include "cli/session.h"

/* Whether a word on the command line means a script: a file by its ending, or else a bare word that no file has as its
 * name, which can only be a stock script. */
static bool is_script(const char *word)
{
    size_t size = strlen(word);

    if (size > 4 && strcmp(word + size - 4, ".lua") == 0 && !dk_is_folder(word))
        return true;
    return strpbrk(word, "/.@") == NULL && !dk_file_exists(word);
}

enum { FINDING_FIELDS = 5, NUMBER_SIZE = 16 };

/* Has the library print the findings in data in the format that was asked for, in which those of scripts come. */
static int print_findings(const struct cli_call *call, const struct load_report *report)
{
    const char **field = dk_alloc_zeroed(report->count * FINDING_FIELDS + 1, sizeof *field);
    char(*number)[NUMBER_SIZE] = dk_alloc_zeroed(report->count * 2 + 1, sizeof *number);
    struct session session;
    struct dk_error err = {0};
    int status;

    for (size_t i = 0; i < report->count; i++) {
        const struct dk_error *finding = &report->finding[i];
        const char **out = field + i * FINDING_FIELDS;

        snprintf(number[2 * i], NUMBER_SIZE, "%d", finding->line);
        snprintf(number[2 * i + 1], NUMBER_SIZE, "%d", finding->column);
        out[0] = finding->file;
        out[1] = number[2 * i];
        out[2] = number[2 * i + 1];
        out[3] = finding->message;
        out[4] = finding->hint;
    }
    if (session_options(&session, call, &err) != DK_OK || session_begin(&session, &err) != DK_OK) {
        status = cli_error(&err);
    } else {
        host_give_list(session.host, "findings", field, report->count * FINDING_FIELDS);
        status = session_call(&session, "check");
    }
    session_end(&session);
    free(number);
    free(field);
    return status;
}

static int check_data(const struct cli_call *call, const char *const *path, size_t count)
{
    const char *format = cli_value(call, "format");
    struct load_source source = {.path = path, .count = count};
    struct load_report report = {0};
    struct dk_error err = {0};
    int status = 0;

    if (load_check(&source, &report, &err) != DK_OK) {
        if (report.total > 0) {
            if (format == NULL || strcmp(format, "text") == 0)
                cli_findings(stdout, &report);
            else
                status = print_findings(call, &report);
            cli_note("%zu finding%s", report.total, report.total == 1 ? "" : "s");
            status = status > DK_DATA ? status : DK_DATA;
        } else {
            status = cli_error(&err);
        }
    } else {
        cli_note("no findings");
    }
    load_report_free(&report);
    return status;
}

/* Gives the scripts to the session as name1, text1, name2 … */
static dk_status give_scripts(struct session *session, const char *const *word, size_t count, struct dk_error *err)
{
    for (size_t i = 0; i < count; i++) {
        struct script script;
        char field[32];

        if (script_find(word[i], session->options.library, &script, err) != DK_OK)
            return DK_ERROR;
        snprintf(field, sizeof field, "name%zu", i + 1);
        host_give_text(session->host, field, script.chunk + 1);
        snprintf(field, sizeof field, "text%zu", i + 1);
        host_give_bytes(session->host, field, script.text.bytes, script.text.size);
        script_free(&script);
    }
    return DK_OK;
}

/* Seconds of processor time after which scripts are given up: checking takes milliseconds. */
static const double time_limit = 20;

static int check_scripts(const struct cli_call *call, const char *const *word, size_t count)
{
    struct session session;
    struct dk_error err = {0};
    int status;

    if (session_options(&session, call, &err) != DK_OK) {
        status = cli_error(&err);
        session_end(&session);
        return status;
    }
    session.options.time_limit = time_limit;
    if (session_begin(&session, &err) != DK_OK || give_scripts(&session, word, count, &err) != DK_OK)
        status = cli_error(&err);
    else
        status = session_call(&session, "check");
    session_end(&session);
    return status;
}

int cli_check(const struct cli_call *call)
{
    const char **word = dk_alloc_zeroed(call->argument_count + 1, sizeof *word);
    size_t data = 0, scripts = 0;
    int status = 0;

    for (size_t i = 0; i < call->argument_count; i++)
        if (!is_script(call->argument[i]))
            word[data++] = call->argument[i];
    for (size_t i = 0; i < call->argument_count; i++)
        if (is_script(call->argument[i]))
            word[data + scripts++] = call->argument[i];
    if (data > 0)
        status = check_data(call, word, data);
    if (scripts > 0 && status <= DK_DATA) {
        int of_scripts = check_scripts(call, word + data, scripts);

        status = of_scripts > status ? of_scripts : status;
    }
    free(word);
    return status;
}
