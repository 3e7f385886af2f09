#define _XOPEN_SOURCE 700

#include "cli/script.h"

#include <limits.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/near.h"
#include "embed/archive.h"

enum { SCRIPT_MAX = 16 * 1024 * 1024 }; /* bytes of a script */

static const char stock_prefix[] = "stock/";
static const char ending[] = ".lua";

static bool ends_in_lua(const char *word)
{
    size_t size = strlen(word);

    return size >= strlen(ending) && strcmp(word + size - strlen(ending), ending) == 0;
}

static char *joined(const char *first, const char *second, const char *third)
{
    struct dk_buffer text = {0};

    dk_buffer_text(&text, first);
    dk_buffer_text(&text, second);
    dk_buffer_text(&text, third);
    return text.bytes;
}

/* "reports/mine.lua" -> "mine" */
static char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *name = dk_copy_text(slash != NULL ? slash + 1 : path);

    if (ends_in_lua(name))
        name[strlen(name) - strlen(ending)] = '\0';
    return name;
}

bool script_folder_is_wide(const char *folder)
{
    const char *home = getenv("HOME");
    char real[PATH_MAX], real_home[PATH_MAX];

    if (realpath(folder, real) == NULL || strcmp(real, "/") == 0)
        return true;
    return home != NULL && realpath(home, real_home) != NULL && strcmp(real, real_home) == 0;
}

char *script_folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = dk_copy_text(slash != NULL ? path : ".");

    if (slash != NULL)
        folder[slash == path ? 1 : slash - path] = '\0';
    return folder;
}

static dk_status read_file(const char *path, struct script *out, struct dk_error *err)
{
    if (dk_file_read(path, SCRIPT_MAX, &out->text, err) != DK_OK)
        return DK_ERROR;
    out->name = name_of(path);
    out->chunk = joined("@", path, "");
    out->folder = script_folder_of(path);
    if (script_folder_is_wide(out->folder)) {
        free(out->folder);
        out->folder = NULL;
    }
    return DK_OK;
}

/* Standard input can be read but once: what was read is kept for who asks again. */
static dk_status read_standard_input(struct script *out, struct dk_error *err)
{
    static struct dk_buffer kept;
    size_t got;

    out->name = dk_copy_text("script");
    out->chunk = dk_copy_text("=stdin");
    do {
        dk_buffer_reserve(&kept, 1 << 16);
        got = fread(kept.bytes + kept.size, 1, 1 << 16, stdin);
        kept.size += got;
        kept.bytes[kept.size] = '\0';
        if (kept.size > SCRIPT_MAX)
            return dk_fail(err, DK_IO, "the script on standard input is larger than %d bytes", SCRIPT_MAX);
    } while (got > 0);
    if (ferror(stdin))
        return dk_fail(err, DK_IO, "cannot read standard input");
    dk_buffer_add(&out->text, kept.bytes, kept.size);
    return DK_OK;
}

/* Reads the stock script of that name; false when there is none. */
static bool read_stock(const char *name, const char *library, struct script *out, struct dk_error *err)
{
    char *file = joined(stock_prefix, name, ending);
    const struct embed_file *embedded = library == NULL ? embed_find(file) : NULL;
    bool found = embedded != NULL;

    if (embedded != NULL)
        dk_buffer_add(&out->text, embedded->bytes, embedded->size);
    if (library != NULL) {
        char *path = joined(library, "/", file);

        found = dk_file_exists(path) && dk_file_read(path, SCRIPT_MAX, &out->text, err) == DK_OK;
        free(path);
    }
    if (found) {
        out->name = dk_copy_text(name);
        out->chunk = joined("@stock:", name, "");
    }
    free(file);
    return found;
}

dk_status script_stock_names(const char *library, struct dk_names *out, struct dk_error *err)
{
    size_t prefix = strlen(stock_prefix);

    memset(out, 0, sizeof *out);
    if (library != NULL) {
        char *folder = joined(library, "/", "stock");
        dk_status status = dk_folder_list(folder, ending, out, err);

        free(folder);
        if (status != DK_OK)
            return DK_ERROR;
    } else {
        out->name = dk_alloc_zeroed(embed_file_count + 1, sizeof *out->name);
        for (size_t i = 0; i < embed_file_count; i++)
            if (strncmp(embed_files[i].name, stock_prefix, prefix) == 0 && ends_in_lua(embed_files[i].name))
                out->name[out->count++] = dk_copy_text(embed_files[i].name + prefix);
    }
    for (size_t i = 0; i < out->count; i++)
        out->name[i][strlen(out->name[i]) - strlen(ending)] = '\0';
    return DK_OK;
}

/* There is no such script: says what may have been meant. */
static dk_status unknown(const char *word, const char *library, struct dk_error *err)
{
    struct dk_names names;
    char *file = joined(word, ending, "");
    const char *near;

    if (script_stock_names(library, &names, err) != DK_OK) {
        free(file);
        return DK_ERROR;
    }
    near = dk_nearest(word, (const char *const *)names.name, names.count);
    dk_fail(err, DK_USAGE, "unknown script \"%s\"", word);
    if (dk_file_exists(file))
        dk_hint(err, "did you mean the file %s?", file);
    else if (near != NULL)
        dk_hint(err, "did you mean \"%s\"?", near);
    else
        dk_hint(err, "there is neither a stock script (`difkit scripts` lists them) nor a file of that name");
    dk_names_free(&names);
    free(file);
    return DK_ERROR;
}

dk_status script_find(const char *word, const char *library, struct script *out, struct dk_error *err)
{
    struct dk_error problem = {0};
    dk_status status;

    memset(out, 0, sizeof *out);
    if (strcmp(word, "-") == 0) {
        status = read_standard_input(out, err);
    } else if (strchr(word, '/') != NULL || ends_in_lua(word)) {
        status = read_file(word, out, err);
    } else if (read_stock(word, library, out, &problem)) {
        status = DK_OK;
    } else if (problem.code != 0) {
        if (err != NULL)
            *err = problem;
        status = DK_ERROR;
    } else if (dk_file_exists(word) && !dk_is_folder(word)) {
        status = read_file(word, out, err);
    } else {
        status = unknown(word, library, err);
    }
    if (status != DK_OK)
        script_free(out);
    return status;
}

void script_from_code(const char *code, struct script *out)
{
    memset(out, 0, sizeof *out);
    out->name = dk_copy_text("-e");
    out->chunk = dk_copy_text("=-e");
    dk_buffer_text(&out->text, code);
}

/* Whether a line of a header is `---@option NAME …`; - and _ in names are one. */
static bool is_declaration(const char *line, size_t size, const char *option)
{
    static const char tag[] = "---@option";
    const char *end = line + size;
    size_t name = strlen(option);

    if (size < sizeof tag - 1 || memcmp(line, tag, sizeof tag - 1) != 0)
        return false;
    for (line += sizeof tag - 1; line < end && (*line == ' ' || *line == '\t'); line++)
        ;
    if ((size_t)(end - line) < name)
        return false;
    for (size_t i = 0; i < name; i++)
        if ((line[i] == '_' ? '-' : line[i]) != option[i])
            return false;
    return line + name == end || line[name] == ' ' || line[name] == '\t' || line[name] == '\r';
}

/* Whether a line of a header is `---@argument …`. */
static bool is_argument(const char *line, size_t size, const char *unused)
{
    static const char tag[] = "---@argument";

    (void)unused;
    return size >= sizeof tag - 1 && memcmp(line, tag, sizeof tag - 1) == 0;
}

/* Looks through the header as scripts/difkit/script/header.lua does: the first lines that begin with ---. */
static bool header_has(const char *text, bool (*fits)(const char *line, size_t size, const char *name), const char *name)
{
    bool begun = false;

    for (size_t number = 0; *text != '\0'; number++) {
        size_t size = strcspn(text, "\n");
        bool comment = size >= 3 && memcmp(text, "---", 3) == 0;

        if (comment && fits(text, size, name))
            return true;
        if (!comment && (begun || (strspn(text, " \t\r\f\v") < size && !(number == 0 && text[0] == '#'))))
            return false;
        begun |= comment;
        text += size + (text[size] == '\n');
    }
    return false;
}

static bool script_has(const char *word, const char *library, bool (*fits)(const char *, size_t, const char *),
                       const char *name)
{
    struct script script = {0};
    bool has;

    if (script_find(word, library, &script, NULL) != DK_OK)
        return false;
    has = script.text.bytes != NULL && header_has(script.text.bytes, fits, name);
    script_free(&script);
    return has;
}

bool script_declares(const char *word, const char *library, const char *option)
{
    return script_has(word, library, is_declaration, option);
}

bool script_takes_arguments(const char *word, const char *library)
{
    return script_has(word, library, is_argument, NULL);
}

void script_free(struct script *script)
{
    free(script->name);
    free(script->chunk);
    free(script->folder);
    dk_buffer_free(&script->text);
    memset(script, 0, sizeof *script);
}
