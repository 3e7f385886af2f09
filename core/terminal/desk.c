/* The desk's functions, here or in the parent, and the session's memory of its entries. */
#include "terminal/desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "base/text.h"
#include "terminal/local.h"

enum { SHOWN_MOST = 100000 };

static enum desk_mode mode;
static bool begun, forgetful;
static char **entry; /* of earlier sessions and of this one */
static size_t entries, capacity;

static void keep(const char *text)
{
    entry = dk_list_grow(entry, entries, &capacity, sizeof *entry);
    entry[entries++] = dk_copy_text(text);
    line_remember(text);
}

enum desk_mode local_begin(void)
{
    struct dk_error err;

    if (begun)
        return mode;
    begun = true;
    mode = line_begin();
    if (mode != DESK_PLAIN && history_read(keep, &err) != DK_OK) {
        forgetful = true;
        fprintf(stderr, "the lines of earlier sessions cannot be read, and those of this one will not be kept: %s\n",
                err.message);
    }
    return mode;
}

dk_status local_remember(const char *text, size_t size, struct dk_error *err)
{
    if (mode == DESK_PLAIN || size == 0 || (entries > 0 && strcmp(entry[entries - 1], text) == 0))
        return DK_OK;
    if (!typed_holds(text, size))
        return dk_fail(err, DK_USAGE, "only what was typed is kept");
    keep(text);
    if (forgetful)
        return DK_OK;
    forgetful = history_add(text, size, err) != DK_OK;
    return forgetful ? DK_ERROR : DK_OK;
}

dk_status local_history(int count, struct dk_error *err)
{
    if (count < 0 || count > SHOWN_MOST)
        return dk_fail(err, DK_USAGE, ".history: how many lines? At most %d", SHOWN_MOST);
    for (size_t i = entries > (size_t)count ? entries - (size_t)count : 0; i < entries; i++) {
        dk_text_show(entry[i], strlen(entry[i]), false, stdout);
        fputc('\n', stdout);
    }
    fflush(stdout);
    return DK_OK;
}

/* Here or there ------------------------------------------------------------------------------------------------------ */

static bool is_remote(void)
{
    return isolate_link() >= 0;
}

enum desk_mode desk_begin(void)
{
    /* What an entry reads of standard input begins where the line ended. */
    setvbuf(stdin, NULL, _IONBF, 0);
    return is_remote() ? remote_begin() : local_begin();
}

enum desk_line desk_line(bool goes_on, const struct desk_completer *completer, struct dk_buffer *out)
{
    fflush(stdout);
    return is_remote() ? remote_line(goes_on, completer, out) : local_line(goes_on, completer, out);
}

dk_status desk_remember(const char *text, size_t size, struct dk_error *err)
{
    return is_remote() ? remote_ask(LINK_REMEMBER, 0, text, size, NULL, err) : local_remember(text, size, err);
}

dk_status desk_history(int count, struct dk_error *err)
{
    fflush(stdout);
    return is_remote() ? remote_ask(LINK_HISTORY, count, NULL, 0, NULL, err) : local_history(count, err);
}

dk_status desk_source(struct dk_buffer *text, struct dk_buffer *path, struct dk_error *err)
{
    char *end;

    if (!is_remote())
        return local_source(text, path, err);
    if (remote_ask(LINK_SOURCE, 0, NULL, 0, text, err) != DK_OK)
        return DK_ERROR;
    end = text->bytes != NULL ? memchr(text->bytes, '\0', text->size) : NULL;
    if (end == NULL)
        return dk_fail(err, DK_IO, "no answer");
    dk_buffer_text(path, text->bytes); /* the path comes first, with a zero byte behind it */
    text->size -= (size_t)(end + 1 - text->bytes);
    memmove(text->bytes, end + 1, text->size);
    return DK_OK;
}

dk_status desk_save(const char *text, size_t size, struct dk_buffer *path, struct dk_error *err)
{
    return is_remote() ? remote_ask(LINK_SAVE, 0, text, size, path, err) : local_save(text, size, path, err);
}

dk_status desk_edit(const char *text, size_t size, struct dk_buffer *out, struct dk_error *err)
{
    fflush(stdout);
    return is_remote() ? remote_ask(LINK_EDIT, 0, text, size, out, err) : local_edit(text, size, out, err);
}

void desk_over(int status)
{
    struct dk_error err;

    if (is_remote())
        (void)remote_ask(LINK_OVER, status, NULL, 0, NULL, &err);
}
