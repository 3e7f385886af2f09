/* What the two processes say to each other: messages of a fixed set of kinds, each with its length before it and none longer
 * than its kind may be. Neither side evaluates what it is told, and the parent opens no path that the child names.
 *
 * The parent believes nothing: it never waits for the child to say the rest or to listen, and whoever says what cannot be
 * has said its last. The child believes the parent, and waits. */
#ifndef DIFKIT_ISOLATE_LINK_H
#define DIFKIT_ISOLATE_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

enum link_kind {
    LINK_NONE,
    /* What the child asks for; each is answered. */
    LINK_PUBLISH,   /* put the result in its place */
    LINK_CANCEL,    /* call the rules' cancel */
    LINK_BEGIN,     /* of an interactive session (terminal/desk.h), from here on: how lines are read */
    LINK_LINE,      /* the next line; the number is 1 when it goes on with an entry */
    LINK_COMPLETED, /* in answer to LINK_COMPLETE: how many bytes before the cursor give way, to what, choices */
    LINK_REMEMBER,  /* keep an entry */
    LINK_HISTORY,   /* show the last entries, so many */
    LINK_SOURCE,    /* the file that the line typed last names */
    LINK_SAVE,      /* a text for the file that the line typed last names */
    LINK_EDIT,      /* a text for the editor */
    LINK_OVER,      /* the session is over, with this status */
    /* What the parent says. */
    LINK_ANSWER,
    LINK_FAILED,   /* number: an enum dk_code; message and hint, each with a zero byte behind it */
    LINK_COMPLETE, /* what stands before the cursor */
    LINK_KINDS
};

enum { LINK_TEXT_MOST = 64 << 20 };

struct link_message {
    uint32_t kind;
    int32_t number;
    uint32_t size; /* bytes of text that follow */
};

/* The parent's end. */
struct link {
    int socket; /* -1: closed */
    struct dk_buffer in, out;
    size_t sent; /* of out */
};

void link_begin(struct link *link, int socket);
void link_end(struct link *link);
/* What there is to wait for with poll(). Nothing is read while an answer is on its way. */
short link_events(const struct link *link);
/* Sends and receives what can be without waiting. False when the child has closed its end or said what cannot be; *wrong
 * is then set for the second. */
bool link_move(struct link *link, bool *wrong);
/* Takes a whole message of the child, if there is one: its text is added to the empty `text`. */
bool link_take(struct link *link, struct link_message *message, struct dk_buffer *text);
/* Says something to the child; link_move() sends it. */
void link_say(struct link *link, enum link_kind kind, int number, const void *text, size_t size);

/* The child's end: both wait. False when the parent is gone. */
bool link_ask(int socket, enum link_kind kind, int number, const void *text, size_t size);
bool link_hear(int socket, struct link_message *message, struct dk_buffer *text);

#endif
