/* The parent's side of a session: does what the child asks for, with the paths that the user typed. What it says is bounded
 * and is shown, never obeyed. */
#include "terminal/local.h"

#ifdef DIFKIT_ISOLATION

#include <string.h>

#include "base/text.h"

static bool over;
static int over_status;
static size_t lines;
static bool plain = true;

bool desk_is_over(int *status)
{
    *status = over_status;
    return over;
}

bool desk_is_plain(void)
{
    return plain;
}

size_t desk_lines(void)
{
    size_t asked = lines;

    lines = 0;
    return asked;
}

static bool give(struct link *link, dk_status status, const struct dk_error *err, const struct dk_buffer *text)
{
    struct dk_buffer said = {0};

    if (status == DK_OK) {
        link_say(link, LINK_ANSWER, 0, text != NULL ? text->bytes : NULL, text != NULL ? text->size : 0);
        return true;
    }
    dk_buffer_add(&said, err->message, strlen(err->message) + 1);
    dk_buffer_add(&said, err->hint, strlen(err->hint) + 1);
    link_say(link, LINK_FAILED, (int)err->code, said.bytes, said.size);
    dk_buffer_free(&said);
    return true;
}

/* Adds a text with its control characters as they are shown; new lines stay. */
static void add_shown(struct dk_buffer *out, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (((unsigned char)text[i] >= ' ' && text[i] != 127) || text[i] == '\n')
            dk_buffer_add(out, text + i, 1);
        else
            dk_buffer_text(out, "?");
}

static bool has_control(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 127)
            return true;
    return false;
}

/* Asks the child what Tab makes of the line; nothing when it does not know, or says what cannot stand in a line. */
static void complete(void *context, const char *before, size_t size, struct desk_completion *out)
{
    struct link_message answer;
    struct dk_buffer text = {0};
    const char *end;
    size_t word;

    if (isolate_ask_child(context, LINK_COMPLETE, before, size, &answer, &text) && text.bytes != NULL &&
        (end = memchr(text.bytes, '\0', text.size)) != NULL) {
        word = (size_t)(end - text.bytes);
        if (answer.number >= 0 && (size_t)answer.number <= size && !has_control(text.bytes, word) &&
            dk_text_valid(text.bytes, word, NULL)) {
            out->gives_way = answer.number;
            dk_buffer_add(&out->text, text.bytes, word);
        }
        add_shown(&out->choices, end + 1, text.size - word - 1);
    }
    dk_buffer_free(&text);
}

static bool serve_line(struct link *link, bool goes_on)
{
    struct desk_completer completer = {complete, link};
    struct dk_buffer line = {0};
    enum desk_line how = local_line(goes_on, &completer, &line);

    lines++;
    if (how != DESK_GONE)
        link_say(link, LINK_ANSWER, (int)how, line.bytes, line.size);
    dk_buffer_free(&line);
    return true;
}

static bool serve_source(struct link *link)
{
    struct dk_buffer text = {0}, path = {0};
    struct dk_error err = {0};
    dk_status status = local_source(&text, &path, &err);

    if (status == DK_OK) {
        dk_buffer_add(&path, "", 1);
        dk_buffer_add(&path, text.bytes, text.size);
    }
    give(link, status, &err, &path);
    dk_buffer_free(&text);
    dk_buffer_free(&path);
    return true;
}

bool desk_serve(struct link *link, const struct link_message *message, const struct dk_buffer *text)
{
    const char *said = text->bytes != NULL ? text->bytes : "";
    struct dk_buffer out = {0};
    struct dk_error err = {0};
    enum desk_mode mode;

    switch ((enum link_kind)message->kind) {
    case LINK_BEGIN:
        mode = local_begin();
        plain = mode == DESK_PLAIN;
        link_say(link, LINK_ANSWER, (int)mode, NULL, 0);
        return true;
    case LINK_LINE:
        return serve_line(link, message->number == 1);
    case LINK_REMEMBER:
        return give(link, local_remember(said, text->size, &err), &err, NULL);
    case LINK_HISTORY:
        return give(link, local_history(message->number, &err), &err, NULL);
    case LINK_SOURCE:
        return serve_source(link);
    case LINK_SAVE:
        give(link, local_save(said, text->size, &out, &err), &err, &out);
        break;
    case LINK_EDIT:
        give(link, local_edit(said, text->size, &out, &err), &err, &out);
        break;
    case LINK_OVER:
        over = true;
        over_status = message->number & 255;
        link_say(link, LINK_ANSWER, 0, NULL, 0);
        return true;
    default:
        return false;
    }
    dk_buffer_free(&out);
    return true;
}

#else

bool desk_serve(struct link *link, const struct link_message *message, const struct dk_buffer *text)
{
    (void)link, (void)message, (void)text;
    return false;
}

bool desk_is_over(int *status)
{
    *status = 0;
    return true;
}

size_t desk_lines(void)
{
    return 0;
}

bool desk_is_plain(void)
{
    return true;
}

#endif
