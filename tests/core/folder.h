/* A folder of files for a test of the loader, and what the loader says of it. */
#ifndef DIFKIT_TESTS_FOLDER_H
#define DIFKIT_TESTS_FOLDER_H

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "check.h"
#include "load/load.h"

struct folder {
    char path[32];
};

static inline void folder_make(struct folder *folder)
{
    strcpy(folder->path, "/tmp/difkit-load-XXXXXX");
    CHECK(mkdtemp(folder->path) != NULL);
}

static inline void folder_write_bytes(const struct folder *folder, const char *name, const void *bytes, size_t size)
{
    char path[256];
    struct dk_error err;

    snprintf(path, sizeof path, "%s/%s", folder->path, name);
    CHECK(dk_file_write(path, bytes, size, true, &err) == DK_OK);
}

static inline void folder_write(const struct folder *folder, const char *name, const char *text)
{
    folder_write_bytes(folder, name, text, strlen(text));
}

static inline void folder_remove_below(const char *path)
{
    DIR *open = opendir(path);
    struct dirent *entry;

    while (open != NULL && (entry = readdir(open)) != NULL) {
        struct dk_buffer below = {0};

        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        dk_buffer_format(&below, "%s/%s", path, entry->d_name);
        if (unlink(below.bytes) != 0)
            folder_remove_below(below.bytes);
        dk_buffer_free(&below);
    }
    if (open != NULL)
        closedir(open);
    (void)rmdir(path);
}

static inline void folder_remove(const struct folder *folder)
{
    folder_remove_below(folder->path);
}

/* How many entries the folder has. */
static inline size_t folder_count(const struct folder *folder)
{
    DIR *open = opendir(folder->path);
    size_t count = 0;

    while (open != NULL && readdir(open) != NULL)
        count++;
    if (open != NULL)
        closedir(open);
    return count - 2;
}

/* The findings of a check, a line each, with the folder's path taken away ("a.yaml:1:2: message; hint"); free it. */
static inline char *folder_findings(const struct folder *folder)
{
    const char *path[] = {folder->path};
    struct load_source source = {.path = path, .count = 1};
    struct load_report report;
    struct dk_error err = {0};
    struct dk_buffer out = {0};
    char text[2048];
    dk_status status = load_check(&source, &report, &err);

    CHECK((status == DK_OK) == (report.total == 0));
    if (status != DK_OK && report.total == 0)
        dk_buffer_text(&out, err.message);
    for (size_t i = 0; i < report.count; i++) {
        char *place;

        dk_error_text(&report.finding[i], text, sizeof text);
        while ((place = strstr(text, folder->path)) != NULL) {
            size_t size = strlen(folder->path) + (place[strlen(folder->path)] == '/');

            memmove(place, place + size, strlen(place + size) + 1);
        }
        dk_buffer_format(&out, "%s\n", text);
    }
    load_report_free(&report);
    dk_buffer_text(&out, "");
    return out.bytes;
}

/* Checks what the loader finds in one file. */
static inline void check_file(const char *text, const char *wanted, const char *file, int line)
{
    struct folder folder;
    char *got;

    folder_make(&folder);
    folder_write(&folder, "a.yaml", text);
    got = folder_findings(&folder);
    check_text(got, wanted, file, line);
    free(got);
    folder_remove(&folder);
}

#define CHECK_FILE(text, wanted) check_file((text), (wanted), __FILE__, __LINE__)

/* The first column of the first row of a query, as text; borrowed until the next call. */
static inline const char *query(struct db *db, const char *sql)
{
    static char out[4096];
    struct db_statement *statement = NULL;
    struct db_value value[64];
    struct dk_error err = {0};
    bool row = false;

    strcpy(out, "(no row)");
    if (db_prepare(db, sql, strlen(sql), &statement, &err) != DK_OK || db_step(statement, value, &row, &err) != DK_OK)
        snprintf(out, sizeof out, "error: %.1000s", err.message);
    else if (row && value[0].type == DB_NULL)
        strcpy(out, "null");
    else if (row && value[0].type == DB_INTEGER)
        snprintf(out, sizeof out, "%lld", (long long)value[0].integer);
    else if (row && value[0].type == DB_REAL)
        snprintf(out, sizeof out, "%g", value[0].real);
    else if (row)
        snprintf(out, sizeof out, "%.*s", (int)value[0].text.size, value[0].text.bytes);
    db_finish(statement);
    return out;
}

/* Loads paths into a database in memory; NULL and a failed check when it cannot. */
static inline struct db *load_paths(const char *const *path, size_t count)
{
    struct load_source source = {.path = path, .count = count};
    struct load_report report = {0};
    struct dk_error err = {0};
    struct db *db = NULL;
    char text[2048];

    CHECK(db_open(":memory:", DB_CREATE, &db, &err) == DK_OK);
    if (load_into(db, &source, &report, &err) != DK_OK) {
        dk_error_text(report.count > 0 ? &report.finding[0] : &err, text, sizeof text);
        CHECK_TEXT(text, "");
        db_close(db);
        db = NULL;
    }
    load_report_free(&report);
    return db;
}

#endif
