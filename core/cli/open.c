#define _XOPEN_SOURCE 700

#include "cli/open.h"

#include <dirent.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file.h"
#include "cli/message.h"

extern char **environ;

/* A file as it was before the run. */
struct seen {
    char *path;
    struct stat status;
};

/* What was there before: the one file of -o, or the files of --out. */
struct before {
    struct seen *file;
    size_t count, capacity;
};

static void remember(struct before *before, const char *path)
{
    struct stat status;

    if (lstat(path, &status) != 0)
        return;
    if (before->count == before->capacity) {
        before->capacity = before->capacity * 2 + 16;
        before->file = dk_realloc(before->file, before->capacity * sizeof *before->file);
    }
    before->file[before->count++] = (struct seen){dk_copy_text(path), status};
}

/* Calls `look` with the path of each entry of a folder, in no order. */
static void each_file(const char *folder, void (*look)(void *context, const char *path), void *context)
{
    DIR *files = opendir(folder);

    for (struct dirent *entry; files != NULL && (entry = readdir(files)) != NULL;) {
        struct dk_buffer path = {0};

        dk_buffer_format(&path, "%s/%s", folder, entry->d_name);
        look(context, path.bytes);
        dk_buffer_free(&path);
    }
    if (files != NULL)
        closedir(files);
}

static void remember_entry(void *context, const char *path)
{
    remember(context, path);
}

/* Whether a regular file is there that was not there before, or is another now: published files are new ones by name. */
static bool is_new(const struct before *before, const char *path)
{
    struct stat status;

    if (lstat(path, &status) != 0 || !S_ISREG(status.st_mode))
        return false;
    for (size_t i = 0; i < before->count; i++)
        if (strcmp(before->file[i].path, path) == 0)
            return before->file[i].status.st_ino != status.st_ino ||
                   before->file[i].status.st_ctim.tv_sec != status.st_ctim.tv_sec ||
                   before->file[i].status.st_ctim.tv_nsec != status.st_ctim.tv_nsec;
    return true;
}

/* What is to be shown of several files: index.html, or the only page, or the only file. */
struct choice {
    const struct before *before;
    char *index, *page, *any;
    size_t pages, files;
};

static bool ends_in(const char *path, const char *ending)
{
    size_t size = strlen(path), tail = strlen(ending);

    return size >= tail && strcmp(path + size - tail, ending) == 0;
}

static void replace(char **place, const char *path)
{
    free(*place);
    *place = dk_copy_text(path);
}

static void choose_entry(void *context, const char *path)
{
    struct choice *choice = context;

    if (!is_new(choice->before, path))
        return;
    choice->files++;
    replace(&choice->any, path);
    if (ends_in(path, ".html")) {
        choice->pages++;
        replace(&choice->page, path);
    }
    if (ends_in(path, "/index.html"))
        replace(&choice->index, path);
}

/* The file to show, or NULL; free() it. */
static char *choose(const struct cli_call *call, const struct before *before)
{
    struct choice choice = {.before = before};
    char *chosen;

    if (cli_result(call) != NULL)
        return is_new(before, cli_result(call)) ? dk_copy_text(cli_result(call)) : NULL;
    each_file(cli_value(call, "out"), choose_entry, &choice);
    chosen = choice.index != NULL ? choice.index : choice.pages == 1 ? choice.page : choice.files == 1 ? choice.any : NULL;
    chosen = chosen != NULL ? dk_copy_text(chosen) : NULL;
    free(choice.index);
    free(choice.page);
    free(choice.any);
    return chosen;
}

/* The program of the desktop; DIFKIT_OPENER names another by its whole path. */
static const char *opener(void)
{
    static const char *const programs[] = {"/usr/bin/xdg-open", "/usr/local/bin/xdg-open", "/usr/bin/open"};
    const char *named = getenv("DIFKIT_OPENER");

    if (named != NULL)
        return named[0] == '/' && access(named, X_OK) == 0 ? named : NULL;
    for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++)
        if (access(programs[i], X_OK) == 0)
            return programs[i];
    return NULL;
}

/* The file stays where it is when it cannot be shown: that is no failure of the run. */
static void show(const char *path)
{
    const char *program = opener();
    char *whole = realpath(path, NULL); /* no name that begins with "-" */
    char *words[] = {(char *)program, whole, NULL};
    int status;
    pid_t child;

    if (program == NULL)
        cli_note("cannot open %s: xdg-open is not installed (Debian: xdg-utils)", path);
    else if (whole == NULL || posix_spawn(&child, program, NULL, NULL, words, environ) != 0)
        cli_note("cannot open %s with %s", path, program);
    else if (waitpid(child, &status, 0) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
        cli_note("%s could not open %s", program, path);
    free(whole);
}

/* Whether somebody types here, and has said where to. */
static dk_status check(const struct cli_call *call, struct dk_error *err)
{
    if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO)) {
        dk_fail(err, DK_USAGE, "--open is for who types on a terminal");
        dk_hint(err, "leave it out in scripts and jobs");
        return DK_ERROR;
    }
    if (cli_result(call) == NULL && cli_value(call, "out") == NULL) {
        dk_fail(err, DK_USAGE, "--open shows what is written: where to?");
        dk_hint(err, "add --output FILE or --out DIR");
        return DK_ERROR;
    }
    return DK_OK;
}

int open_after(const struct cli_call *call, int (*run)(const struct cli_call *call),
               int (*around)(const struct cli_call *call, int (*run)(const struct cli_call *call)))
{
    struct before before = {0};
    struct dk_error err;
    int status;

    if (!cli_given(call, "open"))
        return around(call, run);
    if (check(call, &err) != DK_OK)
        return cli_error(&err);
    if (cli_result(call) != NULL)
        remember(&before, cli_result(call));
    else
        each_file(cli_value(call, "out"), remember_entry, &before);
    status = around(call, run);
    if (status == 0 || status == DK_DATA) {
        char *path = choose(call, &before);

        if (path != NULL)
            show(path);
        else
            cli_note("--open: nothing was written, or several files, none of them index.html");
        free(path);
    }
    for (size_t i = 0; i < before.count; i++)
        free(before.file[i].path);
    free(before.file);
    return status;
}
