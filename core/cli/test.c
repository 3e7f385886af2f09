/* difkit test: the tests of a user's scripts. Every case runs in a host of its own, so that none can reach another, and a
 * limit that one passes stops that one. */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "cli/call.h"
#include "cli/message.h"
#include "cli/script.h"
#include "cli/session.h"

enum { FILE_LIMIT = 256 * 1024 * 1024 };

struct run {
    const struct cli_call *call;
    const char *file;   /* of the tests */
    char *folder;       /* of that file */
    char **word;        /* options of the case */
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
    session_options(session, run->call);
    session->options.trust = cli_given(run->call, "trust");
    session->options.dry_run = true;
    session->options.output = run->folder;
    session->options.folder = folder;
    session->options.argument = (const char *const *)run->word;
    session->options.argument_count = run->words;
    if (session_limits(session, run->call, err) != DK_OK)
        return DK_ERROR;
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

/* What the case gave is on the stack of the session: status, differences, CSV. */
static dk_status judge(struct run *run, lua_State *L, const char *name, const char *path, struct dk_error *err)
{
    const char *status = lua_tostring(L, -3), *differences = lua_tostring(L, -2);
    bool good = strcmp(status, "ok") == 0, missing = strcmp(status, "missing") == 0;
    size_t size;
    const char *text = lua_tolstring(L, -1, &size);

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
    print_lines(differences);
    return DK_OK;
}

static const char *text_field(lua_State *L, int index, const char *name)
{
    const char *text;

    lua_getfield(L, index, name);
    text = lua_tostring(L, -1); /* the table keeps it */
    lua_pop(L, 1);
    return text;
}

static void set_key(struct session *session, lua_State *plan, int index)
{
    const char *columns[16];
    size_t count = 0;

    lua_getfield(plan, index, "key");
    for (; count < 16 && lua_rawgeti(plan, -1, (lua_Integer)count + 1) == LUA_TSTRING; count++) {
        columns[count] = lua_tostring(plan, -1); /* the table keeps it */
        lua_pop(plan, 1);
    }
    lua_settop(plan, index);
    session_set_list(session, "key", columns, count);
}

static void read_words(struct run *run, lua_State *plan, int index)
{
    lua_getfield(plan, index, "options");
    run->words = (size_t)lua_rawlen(plan, -1);
    run->word = dk_alloc_zeroed(run->words + 1, sizeof *run->word);
    for (size_t i = 0; i < run->words; i++) {
        lua_rawgeti(plan, -1, (lua_Integer)i + 1);
        run->word[i] = dk_copy_text(lua_tostring(plan, -1));
        lua_pop(plan, 1);
    }
    lua_settop(plan, index);
}

/* Runs the case that is the table at `index` of the plan. */
static void run_case(struct run *run, lua_State *plan, int index)
{
    const char *name = text_field(plan, index, "name"), *word = text_field(plan, index, "script");
    char *golden = joined(run->folder, text_field(plan, index, "golden"));
    bool file = strchr(word, '/') != NULL || (strlen(word) > 4 && strcmp(word + strlen(word) - 4, ".lua") == 0);
    char *path = file ? joined(run->folder, word) : dk_copy_text(word);
    struct dk_buffer wanted = {0};
    struct script script = {0};
    struct session session = {0};
    struct dk_error err = {0};
    dk_status status = DK_ERROR;

    read_words(run, plan, index);
    if (script_find(path, cli_value(run->call, "library"), &script, &err) == DK_OK &&
        (!dk_file_exists(golden) || dk_file_read(golden, FILE_LIMIT, &wanted, &err) == DK_OK) &&
        begin(&session, run, script.folder, &err) == DK_OK) {
        session_set_bytes(&session, "text", script.text.bytes != NULL ? script.text.bytes : "", script.text.size);
        session_set_text(&session, "name", script.name);
        session_set_text(&session, "chunk", script.chunk);
        session_set_text(&session, "golden_path", golden);
        if (dk_file_exists(golden))
            session_set_bytes(&session, "golden", wanted.bytes != NULL ? wanted.bytes : "", wanted.size);
        session_set_list(&session, "arguments", (const char *const *)run->word, run->words);
        set_key(&session, plan, index);
        status = host_call(session.host, "difkit.script.test", "case", 1, 3, &err);
        if (status == DK_OK)
            status = judge(run, host_state(session.host), name, golden, &err);
    }
    session_end(&session); /* standard output is back, when the case was stopped while it was off */
    if (status != DK_OK)
        report_failure(run, name, &err);
    script_free(&script);
    dk_buffer_free(&wanted);
    for (size_t i = 0; i < run->words; i++)
        free(run->word[i]);
    free(run->word);
    run->word = NULL;
    run->words = 0;
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
        lua_State *L = host_state(session.host);

        session_set_bytes(&session, "text", script.text.bytes != NULL ? script.text.bytes : "", script.text.size);
        session_set_text(&session, "chunk", script.chunk);
        status = host_call(session.host, "difkit.script.test", "plan", 1, 1, &err);
        if (status == DK_OK) {
            int plan = lua_gettop(L);

            for (lua_Integer i = 1; lua_rawgeti(L, plan, i) == LUA_TTABLE; i++) {
                run_case(run, L, lua_gettop(L));
                lua_settop(L, plan);
            }
            if (lua_rawlen(L, plan) == 0) {
                run->passed++;
                printf("ok       %s\n", file);
            }
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
