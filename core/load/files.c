/* Where the data come from: folders and files on the disk, or the files that were put into the program. */
#define _XOPEN_SOURCE 700

#include "load/state.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/list.h"
#include "embed/archive.h"

/* The bundled framework in the archive; the rest of the name is that of the file. */
static const char bundled_prefix[] = "data/asean-dif/";

enum { ORDER_STEP = 1 << 20 }; /* room for the CSV files that a file names */

static bool ends_with(const char *text, const char *suffix)
{
    size_t size = strlen(text), suffix_size = strlen(suffix);

    return size > suffix_size && strcmp(text + size - suffix_size, suffix) == 0;
}

static bool is_yaml(const char *name)
{
    return ends_with(name, ".yaml") || ends_with(name, ".yml");
}

static char *join(const char *folder, const char *name)
{
    struct dk_buffer path = {0};

    dk_buffer_text(&path, folder);
    if (path.size > 0 && path.bytes[path.size - 1] != '/')
        dk_buffer_text(&path, "/");
    dk_buffer_text(&path, name);
    return path.bytes;
}

static struct load_file *add_file(struct load *load, char *name, char *path, size_t folder)
{
    struct load_file *file;

    pthread_mutex_lock(&load->lock);
    load->file = dk_list_grow(load->file, load->file_count, &load->file_capacity, sizeof *load->file);
    file = &load->file[load->file_count];
    memset(file, 0, sizeof *file);
    file->name = name;
    file->path = path;
    file->folder = folder;
    file->order = ((uint64_t)load->file_count + 1) * ORDER_STEP;
    load->file_count++;
    pthread_mutex_unlock(&load->lock);
    return file;
}

static void find_no_yaml(struct load *load, const char *path)
{
    struct place nowhere = {.file = UINT32_MAX};
    struct dk_error err;

    dk_fail(&err, DK_DATA, "the folder %s has no YAML files", path);
    dk_hint(&err, "expected files named *.yaml or *.yml");
    load_find(load, nowhere, &err);
}

static int compare_names(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

/* Whether the file is a link to something that is not in the folder, nor below it: a stranger's folder reaches no other
 * files. */
static bool leads_out(const char *folder, const char *path)
{
    char *root = dk_real_path(folder), *real = dk_real_path(path);
    size_t size = strlen(root);
    bool out = strncmp(real, root, size) != 0 || (real[size] != '/' && root[size - 1] != '/');

    free(root);
    free(real);
    return out;
}

static void find_link(struct load *load, const char *name)
{
    struct place nowhere = {.file = UINT32_MAX};
    struct dk_error err;

    dk_fail(&err, DK_DATA, "%s is a link that leads out of its folder", name);
    dk_hint(&err, "copy the file, or name it by itself");
    load_find(load, nowhere, &err);
}

static dk_status find_in_folder(struct load *load, size_t folder, struct dk_error *err)
{
    const char *path = load->folder[folder].path;
    struct dk_names yaml = {0}, yml = {0};
    dk_status status = DK_ERROR;
    char **name = NULL;
    size_t count = 0;

    if (dk_folder_list(path, ".yaml", &yaml, err) != DK_OK || dk_folder_list(path, ".yml", &yml, err) != DK_OK)
        goto done;
    name = dk_alloc((yaml.count + yml.count + 1) * sizeof *name);
    for (size_t i = 0; i < yaml.count; i++)
        name[count++] = yaml.name[i];
    for (size_t i = 0; i < yml.count; i++)
        name[count++] = yml.name[i];
    qsort(name, count, sizeof *name, compare_names);
    for (size_t i = 0; i < count; i++) {
        char *file = join(path, name[i]);

        if (!leads_out(path, file)) {
            add_file(load, dk_copy_text(name[i]), file, folder);
            continue;
        }
        find_link(load, name[i]);
        free(file);
    }
    if (count == 0)
        find_no_yaml(load, path);
    status = DK_OK;
done:
    free(name);
    dk_names_free(&yaml);
    dk_names_free(&yml);
    return status;
}

static dk_status find_bundled(struct load *load, size_t folder, struct dk_error *err)
{
    size_t prefix = strlen(bundled_prefix);
    size_t count = 0;

    for (size_t i = 0; i < embed_file_count; i++) {
        const struct embed_file *embedded = &embed_files[i];
        struct load_file *file;

        if (strncmp(embedded->name, bundled_prefix, prefix) != 0 || !is_yaml(embedded->name) ||
            strchr(embedded->name + prefix, '/') != NULL)
            continue;
        file = add_file(load, dk_copy_text(embedded->name + prefix), dk_copy_text(embedded->name), folder);
        file->bytes = embedded->bytes;
        file->size = embedded->size;
        count++;
    }
    if (count == 0)
        return dk_fail(err, DK_USAGE, "this program carries no bundled framework");
    return DK_OK;
}

dk_status load_find_files(struct load *load, const struct load_source *source, struct dk_error *err)
{
    load->folder = dk_alloc_zeroed(source->count + 1, sizeof *load->folder);
    load->folder_count = source->count;
    if (source->count == 0)
        return dk_fail(err, DK_USAGE, "nothing to load: no path was given");
    for (size_t i = 0; i < source->count; i++) {
        const char *path = source->path[i];
        const char *slash = strrchr(path, '/');

        load->folder[i].path = path;
        if (strcmp(path, "@over") == 0) {
            load->base = i;
        } else if (strcmp(path, "@bundled") == 0) {
            load->folder[i].bundled = true;
            if (find_bundled(load, i, err) != DK_OK)
                return DK_ERROR;
        } else if (dk_is_folder(path)) {
            if (find_in_folder(load, i, err) != DK_OK)
                return DK_ERROR;
        } else if (!dk_file_exists(path)) {
            return dk_fail(err, DK_IO, "cannot read %s: %s", path, strerror(errno));
        } else if (!is_yaml(path)) {
            dk_fail(err, DK_USAGE, "cannot load %s: it is neither a folder nor a YAML file", path);
            dk_hint(err, "expected a folder, or a file named *.yaml or *.yml");
            return DK_ERROR;
        } else {
            load->folder[i].single = true;
            add_file(load, dk_copy_text(slash != NULL ? slash + 1 : path), dk_copy_text(path), i);
        }
    }
    return DK_OK;
}

/* The folder that a file is in; free it. */
static char *folder_of(const char *path)
{
    char *copy = dk_copy_text(path);
    char *slash = strrchr(copy, '/');

    if (slash == NULL) {
        free(copy);
        return dk_copy_text(".");
    }
    slash[slash == copy ? 1 : 0] = '\0';
    return copy;
}

/* Whether `path` is, with all links followed, within `folder`. */
static bool is_within(const char *folder, const char *path)
{
    char *real_folder = realpath(folder, NULL);
    char *real_path = realpath(path, NULL);
    bool within = false;

    if (real_folder != NULL && real_path != NULL) {
        size_t size = strlen(real_folder);

        within = strncmp(real_folder, real_path, size) == 0 && (real_path[size] == '/' || strcmp(real_folder, "/") == 0);
    }
    free(real_folder);
    free(real_path);
    return within;
}

dk_status load_add_table_file(struct load *load, uint32_t from, const char *name, uint32_t *out, struct dk_error *err)
{
    const struct load_file *naming = &load->file[from];
    bool bundled = load->folder[naming->folder].bundled;
    char *folder = folder_of(naming->path);
    char *path = join(folder, name);
    const struct embed_file *embedded = bundled ? embed_find(path) : NULL;
    uint64_t order = naming->order + 1;
    struct load_file *file;

    if (!ends_with(name, ".csv")) {
        dk_fail(err, DK_DATA, "\"%s\" is not the name of a CSV file", name);
        dk_hint(err, "expected a name that ends in .csv");
        goto failed;
    }
    if (name[0] == '/' || strstr(name, "..") != NULL || strchr(name, '\\') != NULL) {
        dk_fail(err, DK_DATA, "the CSV file \"%s\" is outside of the folder", name);
        dk_hint(err, "expected a path within the folder of this file");
        goto failed;
    }
    if (bundled ? embedded == NULL : (!dk_file_exists(path) || dk_is_folder(path))) {
        dk_fail(err, DK_DATA, "there is no CSV file \"%s\"", name);
        dk_hint(err, "it is looked for beside this file");
        goto failed;
    }
    if (!bundled && !is_within(folder, path)) {
        dk_fail(err, DK_DATA, "the CSV file \"%s\" is a link to outside of the folder", name);
        goto failed;
    }
    for (size_t i = 0; i < load->file_count; i++) {
        if (strcmp(load->file[i].path, path) == 0) {
            dk_fail(err, DK_DATA, "the CSV file \"%s\" is named twice", name);
            goto failed;
        }
        if (load->file[i].order >= order && load->file[i].order < naming->order + ORDER_STEP)
            order = load->file[i].order + 1;
    }
    file = add_file(load, dk_copy_text(name), path, naming->folder);
    file->order = order;
    if (embedded != NULL) {
        file->bytes = embedded->bytes;
        file->size = embedded->size;
    }
    *out = (uint32_t)(load->file_count - 1);
    free(folder);
    return DK_OK;
failed:
    free(folder);
    free(path);
    return DK_ERROR;
}

/* Length of the well-formed UTF-8 sequence at text[0..size), 0 when there is none; *character is what it encodes. */
static size_t sequence(const unsigned char *text, size_t size, unsigned long *character)
{
    static const unsigned long least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = text[0] < 0x80   ? 1
                    : text[0] < 0xC2 ? 0
                    : text[0] < 0xE0 ? 2
                    : text[0] < 0xF0 ? 3
                    : text[0] < 0xF5 ? 4
                                     : 0;
    unsigned long value;

    if (length == 0 || length > size)
        return 0;
    value = length == 1 ? text[0] : text[0] & (0x7FU >> length);
    for (size_t i = 1; i < length; i++) {
        if ((text[i] & 0xC0) != 0x80)
            return 0;
        value = value << 6 | (text[i] & 0x3F);
    }
    if (value < least[length] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return 0;
    *character = value;
    return length;
}

/* What YAML allows: no control characters but tab, line feed and carriage return, no byte order mark within. */
static bool is_printable(unsigned long character)
{
    return (character >= 0x20 && character < 0x7F) || character == '\n' || character == '\t' || character == '\r' ||
           character == 0x85 || (character >= 0xA0 && character != 0xFEFF && character != 0xFFFE && character != 0xFFFF);
}

bool load_check_encoding(const unsigned char *text, size_t size, struct dk_error *err)
{
    size_t at = 0;
    int line = 1;
    size_t line_begin = 0;
    int column = 1;

    if (size >= 2 && ((text[0] == 0xFE && text[1] == 0xFF) || (text[0] == 0xFF && text[1] == 0xFE) ||
                      (text[0] == 0) != (text[1] == 0))) { /* with a byte order mark, or letters with their other half 0 */
        dk_fail(err, DK_DATA, "the file is in UTF-16");
        dk_hint(err, "save it as UTF-8");
        err->line = 1;
        err->column = 1;
        return false;
    }
    if (size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        at = line_begin = 3;
    while (at < size) {
        unsigned long character = 0;
        size_t length;

        /* Eight plain letters at a time: all bytes from 0x20 to 0x7E. */
        while (size - at >= 8) {
            uint64_t word;

            memcpy(&word, text + at, 8);
            if (((word | (word - UINT64_C(0x2020202020202020)) | (word + UINT64_C(0x0101010101010101))) &
                 UINT64_C(0x8080808080808080)) != 0)
                break;
            at += 8;
        }
        if (at >= size)
            break;
        length = sequence(text + at, size - at, &character);
        if (length == 0) {
            dk_fail(err, DK_DATA, "byte 0x%02X is not UTF-8", text[at]);
            dk_hint(err, "save the file as UTF-8");
            break;
        }
        if (!is_printable(character)) {
            dk_fail(err, DK_DATA, "control character U+%04lX", character);
            dk_hint(err, "remove it");
            break;
        }
        at += length;
        if (character == '\n' || (character == '\r' && (at == size || text[at] != '\n'))) {
            line++;
            line_begin = at;
        }
    }
    if (at >= size)
        return true;
    for (size_t i = line_begin; i < at; i++)
        column += (text[i] & 0xC0) != 0x80;
    err->line = line;
    err->column = column;
    return false;
}
