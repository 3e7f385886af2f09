/* difkit test: the tests of a user's scripts. Every case runs in a host of its own, so that none can reach another, and a
 * limit that one passes stops that one. */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "cli/call.h"
#include "cli/message.h"
#include "cli/run.h"
#include "cli/script.h"
#include "cli/session.h"

enum { FILE_LIMIT = 256 * 1024 * 1024 };

struct run {
    const struct cli_call *call;
    const char *file;   /* of the tests */
    char *folder;       /* of that file */
    const char **word;  /* options of the case */
    size_t words;
    size_t passed, failed, written;
    bool update;
};

static char *joined(const char *folder, const char *name)
{
    struct dk_buffer path = {0};

    if (strcmp(folder, ".") != 0 && name[0] != '/')
        dk_buffer_format(&path, "%s/", folder);
    dk_buffer_text(&path, name);
    return path.bytes;
}

/* A session for the tests: nothing that a script writes is written. */
static dk_status begin(struct session *session, const struct run *run, const char *folder, struct dk_error *err)
{
    if (session_options(session, run->call, err) != DK_OK)
        return DK_ERROR;
    session->options.dry_run = true;
    session->options.output = run->folder;
    session->options.folder = folder;
    session->options.argument = run->word;
    session->options.argument_count = run->words;
    return session_begin(session, err);
}

static void report_failure(struct run *run, const char *name, const struct dk_error *err)
{
    run->failed++;
    printf("FAILS    %s%s%s\n         %s%s%s\n", run->file, name[0] != '\0' ? ": " : "", name, err->message,
           err->hint[0] != '\0' ? "; " : "", err->hint);
}

/* The lines of a text, moved in. */
static void print_lines(const char *text)
{
    while (*text != '\0') {
        size_t size = strcspn(text, "\n");

        printf("         %.*s\n", (int)size, text);
        text += size + (text[size] == '\n');
    }
}

/* What the case gave is one record: status, differences, text (CSV). */
static dk_status judge(struct run *run, struct host *host, const char *name, const char *path, struct dk_error *err)
{
    const char *status = host_result_text(host, 0, "status", 0, NULL);
    bool good = strcmp(status, "ok") == 0, missing = strcmp(status, "missing") == 0;
    size_t size;
    const char *text = host_result_text(host, 0, "text", 0, &size);

    if (!good && run->update) {
        if (dk_file_write(path, text, size, true, err) != DK_OK)
            return DK_ERROR;
        run->written++;
        run->passed++;
        printf("written  %s: %s (%s)\n", run->file, name, path);
    } else if (missing) {
        dk_fail(err, DK_DATA, "there is no %s", path);
        dk_hint(err, "look at what the script gives, then write it with --update");
        return DK_ERROR;
    } else {
        run->passed += good;
        run->failed += !good;
        printf("%-8s %s: %s\n", good ? "ok" : "DIFFERS", run->file, name);
    }
    print_lines(host_result_text(host, 0, "differences", 0, NULL));
    return DK_OK;
}

/* The texts of a field of the case that is a list; free() the array. The plan keeps the texts. */
static const char **read_list(struct host *plan, size_t index, const char *field, size_t *count)
{
    const char **text;

    *count = 0;
    while (host_result_text(plan, index, field, *count, NULL) != NULL)
        ++*count;
    text = dk_alloc_zeroed(*count + 1, sizeof *text);
    for (size_t i = 0; i < *count; i++)
        text[i] = host_result_text(plan, index, field, i, NULL);
    return text;
}

/* Runs the case that stands in the plan as record `index`. */
static void run_case(struct run *run, struct host *plan, size_t index)
{
    const char *name = host_result_text(plan, index, "name", 0, NULL);
    const char *word = host_result_text(plan, index, "script", 0, NULL);
    char *golden = joined(run->folder, host_result_text(plan, index, "golden", 0, NULL));
    bool file = strchr(word, '/') != NULL || (strlen(word) > 4 && strcmp(word + strlen(word) - 4, ".lua") == 0);
    char *path = file ? joined(run->folder, word) : dk_copy_text(word);
    size_t keys;
    const char **key = read_list(plan, index, "key", &keys);
    struct dk_buffer wanted = {0};
    struct script script = {0};
    struct session session = {0};
    struct dk_error err = {0};
    dk_status status = DK_ERROR;

    run->word = read_list(plan, index, "options", &run->words);
    if (script_find(path, cli_value(run->call, "library"), &script, &err) == DK_OK &&
        (!dk_file_exists(golden) || dk_file_read(golden, FILE_LIMIT, &wanted, &err) == DK_OK) &&
        begin(&session, run, script.folder, &err) == DK_OK) {
        session_give_script(&session, &script);
        host_give_text(session.host, "golden_path", golden);
        if (dk_file_exists(golden))
            host_give_bytes(session.host, "golden", wanted.bytes, wanted.size);
        host_give_list(session.host, "arguments", run->word, run->words);
        host_give_list(session.host, "key", key, keys);
        status = host_call(session.host, "difkit.script.test", "case", &err);
        if (status == DK_OK)
            status = judge(run, session.host, name, golden, &err);
    }
    session_end(&session); /* standard output is back, when the case was stopped while it was off */
    if (status != DK_OK)
        report_failure(run, name, &err);
    script_free(&script);
    dk_buffer_free(&wanted);
    free(run->word);
    run->word = NULL;
    run->words = 0;
    free(key);
    free(path);
    free(golden);
}

/* Runs a test file: its code gives the cases, or asserts by itself. */
static void run_file(struct run *run, const char *file)
{
    struct session session = {0};
    struct script script = {0};
    struct dk_error err = {0};
    dk_status status = DK_ERROR;

    run->file = file;
    run->folder = script_folder_of(file);
    if (script_find(file, cli_value(run->call, "library"), &script, &err) == DK_OK &&
        begin(&session, run, run->folder, &err) == DK_OK) {
        session_give_script(&session, &script);
        status = host_call(session.host, "difkit.script.test", "plan", &err);
    }
    if (status == DK_OK) {
        size_t cases = host_result_count(session.host);

        for (size_t i = 0; i < cases; i++)
            run_case(run, session.host, i);
        if (cases == 0) {
            run->passed++;
            printf("ok       %s\n", file);
        }
    }
    session_end(&session);
    if (status != DK_OK)
        report_failure(run, "", &err);
    script_free(&script);
    free(run->folder);
}

/* All test files of a folder; how many. */
static dk_status run_folder(struct run *run, const char *folder, size_t *count, struct dk_error *err)
{
    struct dk_names names = {0};

    if (dk_folder_list(folder, ".test.lua", &names, err) != DK_OK)
        return DK_ERROR;
    for (size_t i = 0; i < names.count; i++) {
        char *path = joined(folder, names.name[i]);

        run_file(run, path);
        free(path);
        ++*count;
    }
    dk_names_free(&names);
    return DK_OK;
}

/* A file; or a folder, with its folder tests. */
static dk_status run_path(struct run *run, const char *path, size_t *count, struct dk_error *err)
{
    dk_status status;
    char *tests;

    if (!dk_file_exists(path)) {
        dk_fail(err, DK_USAGE, "test: there is no %s", path);
        dk_hint_neighbour(err, path, path);
        return DK_ERROR;
    }
    if (!dk_is_folder(path)) {
        run_file(run, path);
        ++*count;
        return DK_OK;
    }
    tests = joined(path, "tests");
    status = run_folder(run, path, count, err);
    if (status == DK_OK && dk_is_folder(tests))
        status = run_folder(run, tests, count, err);
    free(tests);
    return status;
}

int cli_test(const struct cli_call *call)
{
    struct run run = {.call = call, .update = cli_given(call, "update")};
    struct dk_error err = {0};
    size_t count = 0;
    dk_status status = DK_OK;

    for (size_t i = 0; i < call->argument_count && status == DK_OK; i++)
        status = run_path(&run, call->argument[i], &count, &err);
    if (call->argument_count == 0)
        status = run_path(&run, ".", &count, &err);
    if (status != DK_OK)
        return cli_error(&err);
    if (count == 0)
        return cli_fail(DK_USAGE, "`difkit new script NAME` writes a script with its test",
                        "test: there is no file that ends in .test.lua here or in the folder tests");
    printf("%zu of %zu passed\n", run.passed, run.passed + run.failed);
    return run.failed == 0 ? 0 : DK_DATA;
}
