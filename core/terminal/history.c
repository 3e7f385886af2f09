/* The lines of interactive sessions, kept from one to the next: $XDG_STATE_HOME/difkit/history, one entry a line, which
 * only the user can read. Each entry is added when it is made, so that sessions side by side keep all of theirs; the file
 * is cut when a session begins. */
#define _XOPEN_SOURCE 700

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "terminal/local.h"

enum {
    HISTORY_ENTRIES = 1000,
    HISTORY_LIMIT = 64 * 1024 * 1024, /* bytes of the file that are read */
    ENTRY_LIMIT = 64 * 1024           /* bytes of an entry; what is longer is not kept */
};

/* The path of the file; NULL when the user has no home. Free it. */
static char *path_of(void)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    struct dk_buffer path = {0};

    if (state != NULL && state[0] == '/')
        dk_buffer_format(&path, "%s/difkit/history", state);
    else if (home != NULL && home[0] == '/')
        dk_buffer_format(&path, "%s/.local/state/difkit/history", home);
    return path.bytes;
}

static void add_line(struct dk_buffer *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '\n')
            dk_buffer_text(out, "\\n");
        else if (*text == '\\')
            dk_buffer_text(out, "\\\\");
        else
            dk_buffer_add(out, text, 1);
    }
    dk_buffer_text(out, "\n");
}

/* The entry that a line of the file holds. */
static void read_entry(const char *line, size_t size, struct dk_buffer *out)
{
    out->size = 0;
    for (size_t i = 0; i < size; i++) {
        bool escaped = line[i] == '\\' && i + 1 < size;

        i += escaped;
        dk_buffer_add(out, escaped && line[i] == 'n' ? "\n" : line + i, 1);
    }
}

/* Writes the last entries of `text` in the place of the file. */
static dk_status cut(const char *path, const char *text, size_t size, size_t lines, struct dk_error *err)
{
    const char *end = text + size;
    mode_t before;
    dk_status status;

    for (; lines > HISTORY_ENTRIES; lines--)
        text = (const char *)memchr(text, '\n', (size_t)(end - text)) + 1;
    before = umask(077);
    status = dk_file_write(path, text, (size_t)(end - text), false, err);
    umask(before);
    return status;
}

dk_status history_read(void (*each)(const char *entry), struct dk_error *err)
{
    struct dk_buffer text = {0}, entry = {0};
    char *path = path_of();
    dk_status status = DK_OK;
    size_t lines = 0;

    if (path == NULL || !dk_file_exists(path))
        goto done;
    status = dk_file_read(path, HISTORY_LIMIT, &text, err);
    for (size_t i = 0; i < text.size; i++)
        lines += text.bytes[i] == '\n';
    if (status == DK_OK && lines > HISTORY_ENTRIES)
        status = cut(path, text.bytes, text.size, lines, err);
    for (size_t begin = 0; status == DK_OK && begin < text.size;) {
        const char *end = memchr(text.bytes + begin, '\n', text.size - begin);
        size_t size = end != NULL ? (size_t)(end - text.bytes) - begin : text.size - begin;

        read_entry(text.bytes + begin, size, &entry);
        if (lines <= HISTORY_ENTRIES && size > 0)
            each(entry.bytes);
        else if (lines > HISTORY_ENTRIES)
            lines--;
        begin += size + 1;
    }
done:
    dk_buffer_free(&text);
    dk_buffer_free(&entry);
    free(path);
    return status;
}

/* Adds the line to the file, whole or not at all. */
static dk_status append(const char *path, const struct dk_buffer *line, struct dk_error *err)
{
    dk_status status = DK_OK;
    struct stat file = {0};
    int descriptor;

    if (dk_make_folders(path, err) != DK_OK)
        return DK_ERROR;
    descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT, 0600);
    if (descriptor < 0)
        return dk_fail(err, DK_IO, "cannot write %s: %s", path, strerror(errno));
    (void)fchmod(descriptor, 0600);
    if (fstat(descriptor, &file) != 0) {
        status = dk_fail(err, DK_IO, "cannot write %s: %s", path, strerror(errno));
    } else if (write(descriptor, line->bytes, line->size) != (ssize_t)line->size) {
        status = dk_fail(err, DK_IO, "cannot write %s: %s", path, strerror(errno));
        if (S_ISREG(file.st_mode))
            (void)!ftruncate(descriptor, file.st_size);
    }
    close(descriptor);
    return status;
}

dk_status history_add(const char *text, size_t size, struct dk_error *err)
{
    struct dk_buffer line = {0};
    char *path = path_of();
    dk_status status = DK_OK;

    if (path != NULL && size <= ENTRY_LIMIT) {
        add_line(&line, text);
        status = append(path, &line, err);
    }
    dk_buffer_free(&line);
    free(path);
    return status;
}
