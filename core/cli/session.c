#include "cli/session.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/journal.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/message.h"
#include "cli/policy.h"
#include "cli/script.h"
#include "names/match.h"

/* "64M" -> bytes */
static dk_status read_size(const char *option, const char *text, size_t *out, struct dk_error *err)
{
    static const char units[] = "KMG";
    size_t size = strlen(text);
    const char *unit = size > 0 ? strchr(units, text[size - 1]) : NULL;
    double value;

    if (unit != NULL)
        size--;
    if (!dk_parse_real(text, size, &value) || value <= 0 || value > 1e15) {
        dk_fail(err, DK_USAGE, "--%s must be a size such as 64M or 1G, not \"%s\"", option, text);
        return DK_ERROR;
    }
    *out = (size_t)(value * (unit != NULL ? pow(1024, (double)(unit - units + 1)) : 1));
    return DK_OK;
}

/* No more than the policy of the machine allows. */
static dk_status bound_limits(struct host_options *options, struct dk_error *err)
{
    const struct policy *policy;
    size_t memory = 0;

    if (policy_get(&policy, err) != DK_OK ||
        (policy->memory[0] != '\0' && read_size("memory of the policy", policy->memory, &memory, err) != DK_OK))
        return DK_ERROR;
    if (memory > 0 && (options->memory_limit == 0 || options->memory_limit > memory))
        options->memory_limit = memory;
    if (policy->time > 0 && (options->time_limit == 0 || options->time_limit > policy->time))
        options->time_limit = policy->time;
    return DK_OK;
}

static dk_status read_threads(const struct cli_call *call, unsigned *out, struct dk_error *err)
{
    const char *text = cli_value(call, "threads");
    int64_t number;

    if (text == NULL)
        return DK_OK;
    if (!dk_parse_integer(text, strlen(text), &number) || number < 1 || number > 64)
        return dk_fail(err, DK_USAGE, "--threads must be a number from 1 to 64, not \"%s\"", text);
    *out = (unsigned)number;
    return DK_OK;
}

static dk_status read_limits(struct host_options *options, const struct cli_call *call, struct dk_error *err)
{
    const char *memory = cli_value(call, "memory");
    const char *output = cli_value(call, "output-limit");
    const char *time = cli_value(call, "time");

    if (call->command->flags & CLI_UNLIMITED) {
        options->memory_limit = 0;
        options->time_limit = 0;
        options->output_limit = 0;
    }
    if (memory != NULL && read_size("memory", memory, &options->memory_limit, err) != DK_OK)
        return DK_ERROR;
    if (output != NULL && read_size("output-limit", output, &options->output_limit, err) != DK_OK)
        return DK_ERROR;
    if (time != NULL && (!dk_parse_real(time, strlen(time), &options->time_limit) || options->time_limit <= 0)) {
        dk_fail(err, DK_USAGE, "--time must be a number of seconds, not \"%s\"", time);
        return DK_ERROR;
    }
    if (read_threads(call, &options->threads, err) != DK_OK)
        return DK_ERROR;
    if (call->command->flags & CLI_ISOLATED)
        return bound_limits(options, err);
    return DK_OK;
}

dk_status session_options(struct session *session, const struct cli_call *call, struct dk_error *err)
{
    struct host_options *options = &session->options;

    memset(session, 0, sizeof *session);
    session->call = call;
    *options = host_defaults();
    session->overlay = cli_values(call, "with", &options->overlay_count);
    session->read = cli_values(call, "read", &options->read_count);
    options->read = session->read;
    options->database = cli_value(call, "db");
    options->overlay = session->overlay;
    options->library = cli_value(call, "library");
    options->output = cli_value(call, "out");
    options->result = cli_result(call);
    options->pages = call->pages;
    options->write = cli_given(call, "write");
    options->dry_run = cli_given(call, "dry-run");
    options->trust = cli_given(call, "trust") || (call->command->flags & CLI_OWN);
    if (call->command->flags & CLI_INTERACTIVE) {
        options->interactive = true;
        options->folder = script_folder_is_wide(".") ? NULL : ".";
        options->argument = call->argument;
        options->argument_count = call->argument_count;
    }
    return read_limits(options, call, err);
}

/* Gives the call one option, when the command line has it. */
static void give_option(struct session *session, const struct cli_option *option)
{
    const struct cli_call *call = session->call;
    char name[32];
    size_t count = 0;

    if (!cli_given(call, option->name))
        return;
    snprintf(name, sizeof name, "%s", option->name);
    for (char *dash = strchr(name, '-'); dash != NULL; dash = strchr(dash, '-'))
        *dash = '_';
    if (option->value == NULL) {
        host_give_flag(session->host, name, true);
    } else if (option->many) {
        const char **values = cli_values(call, option->name, &count);

        host_give_list(session->host, name, values, count);
        free(values);
    } else {
        host_give_text(session->host, name, cli_value(call, option->name));
    }
}

/* A folder of --library may hold another table of the names of countries. */
static dk_status use_names(const char *library, struct dk_error *err)
{
    struct dk_buffer path = {0};
    dk_status status = DK_OK;

    if (library == NULL)
        return DK_OK;
    dk_buffer_format(&path, "%s/names.tsv", library);
    if (dk_file_exists(path.bytes))
        status = names_replace(path.bytes, err);
    dk_buffer_free(&path);
    return status;
}

dk_status session_begin(struct session *session, struct dk_error *err)
{
    const struct cli_call *call = session->call;

    if (use_names(session->options.library, err) != DK_OK)
        return DK_ERROR;
    session->host = host_new(&session->options);
    if (session->host == NULL)
        return dk_fail(err, DK_LIMIT, "no memory for the Lua interpreter");
    for (const struct cli_option *const *option = call->command->options; *option != NULL; option++)
        give_option(session, *option);
    host_give_list(session->host, "arguments", call->argument, call->argument_count);
    host_give_flag(session->host, "resumed", call->resumed);
    if (strcmp(call->command->name, "doctor") == 0) {
        char *policy = policy_text();

        host_give_text(session->host, "policy", policy);
        free(policy);
    }
    return DK_OK;
}

void session_give_script(struct session *session, const struct script *script)
{
    host_give_bytes(session->host, "text", script->text.bytes, script->text.size);
    host_give_text(session->host, "name", script->name);
    host_give_text(session->host, "chunk", script->chunk);
}

/* The exit status of a failure: to diff(1) all trouble is one. */
static int fail(const struct cli_call *call, const struct dk_error *err)
{
    int status = cli_error(err);

    return call->command->flags & CLI_DIFFERENCE ? DK_USAGE : status;
}

int session_call(struct session *session, const char *name)
{
    struct dk_error err = {0};
    const char *traceback;
    int status;

    if (host_call(session->host, "difkit.command", name, &err) == DK_OK)
        return host_result_status(session->host);
    status = fail(session->call, &err);
    traceback = host_traceback(session->host);
    /* A single line is the place that the message names already. */
    if (err.code == DK_SCRIPT && strchr(traceback, '\n') != NULL) {
        journal_text(JOURNAL_DETAIL, traceback, strlen(traceback));
    }
    return status;
}

void session_end(struct session *session)
{
    host_free(session->host);
    free(session->overlay);
    free(session->read);
    memset(session, 0, sizeof *session);
}

int session_run(const struct cli_call *call)
{
    struct session session;
    struct dk_error err = {0};
    int status;

    if (session_options(&session, call, &err) == DK_OK && session_begin(&session, &err) == DK_OK)
        status = session_call(&session, call->command->name);
    else
        status = fail(call, &err);
    session_end(&session);
    return status;
}
