/* The child's side of a session: asks the parent for what the user has. */
#include "terminal/local.h"

#ifdef DIFKIT_ISOLATION

#include <string.h>

#include "base/interrupt.h"

/* The error that the parent tells of: message and hint. */
static dk_status fail_as_told(const struct link_message *answer, const struct dk_buffer *text, struct dk_error *err)
{
    const char *message = text->bytes != NULL ? text->bytes : "", *hint = message + strlen(message) + 1;

    dk_fail(err, answer->number >= DK_DATA && answer->number <= DK_LOCKED ? (enum dk_code)answer->number : DK_IO, "%s",
            message);
    if (text->size > (size_t)(hint - message) && hint[0] != '\0')
        dk_hint(err, "%s", hint);
    return DK_ERROR;
}

dk_status remote_ask(enum link_kind kind, int number, const char *text, size_t size, struct dk_buffer *out,
                     struct dk_error *err)
{
    struct dk_buffer said = {0};
    struct link_message answer;
    dk_status status = DK_OK;

    if (size > LINK_TEXT_MOST)
        return dk_fail(err, DK_LIMIT, "a text of %zu bytes is too long", size);
    if (!link_ask(isolate_link(), kind, number, text, size) || !link_hear(isolate_link(), &answer, &said))
        status = dk_fail(err, DK_IO, "the process that has the terminal is gone");
    else if (answer.kind != LINK_ANSWER)
        status = fail_as_told(&answer, &said, err);
    else if (out != NULL)
        dk_buffer_add(out, said.bytes, said.size);
    dk_buffer_free(&said);
    return status;
}

enum desk_mode remote_begin(void)
{
    struct dk_buffer text = {0};
    struct link_message answer;
    enum desk_mode mode = DESK_PLAIN;

    if (link_ask(isolate_link(), LINK_BEGIN, 0, NULL, 0) && link_hear(isolate_link(), &answer, &text) &&
        answer.kind == LINK_ANSWER)
        mode = (enum desk_mode)answer.number;
    dk_buffer_free(&text);
    return mode;
}

/* Tab was pressed: says what it makes of the line. */
static bool complete(const struct desk_completer *completer, const struct dk_buffer *before)
{
    struct desk_completion found = {0};
    struct dk_buffer text = {0};
    bool said;

    completer->complete(completer->context, before->bytes, before->size, &found);
    dk_buffer_add(&text, found.text.bytes, found.text.size);
    dk_buffer_add(&text, "", 1);
    dk_buffer_add(&text, found.choices.bytes, found.choices.size);
    said = link_ask(isolate_link(), LINK_COMPLETED, found.gives_way, text.bytes, text.size);
    dk_buffer_free(&found.text);
    dk_buffer_free(&found.choices);
    dk_buffer_free(&text);
    return said;
}

enum desk_line remote_line(bool goes_on, const struct desk_completer *completer, struct dk_buffer *out)
{
    struct link_message answer = {.kind = LINK_COMPLETE};
    bool there = link_ask(isolate_link(), LINK_LINE, goes_on, NULL, 0);

    while (there && answer.kind == LINK_COMPLETE) {
        out->size = 0;
        there = link_hear(isolate_link(), &answer, out);
        if (there && answer.kind == LINK_COMPLETE)
            there = complete(completer, out);
    }
    (void)dk_interrupts_take(); /* those of the wait were the parent's */
    return there && answer.kind == LINK_ANSWER ? (enum desk_line)answer.number : DESK_END;
}

#else /* there is no parent */

dk_status remote_ask(enum link_kind kind, int number, const char *text, size_t size, struct dk_buffer *out,
                     struct dk_error *err)
{
    (void)kind, (void)number, (void)text, (void)size, (void)out;
    return dk_fail(err, DK_IO, "there is no process that has the terminal");
}

enum desk_mode remote_begin(void)
{
    return DESK_PLAIN;
}

enum desk_line remote_line(bool goes_on, const struct desk_completer *completer, struct dk_buffer *out)
{
    (void)goes_on, (void)completer, (void)out;
    return DESK_END;
}

#endif
