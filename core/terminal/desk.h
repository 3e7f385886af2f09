/* What an interactive session has of its user: lines, those of earlier sessions, files and the editor that the user names.
 *
 * A session that runs in a child of its own has its desk in the parent, which alone has the terminal: each function here
 * then asks for it (remote.c), and the parent does it (serve.c). Elsewhere it is done at once (local.h). Either way a path
 * is the one of the line that was typed last, which whoever runs cannot choose. */
#ifndef DIFKIT_TERMINAL_DESK_H
#define DIFKIT_TERMINAL_DESK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"
#include "isolate/isolate.h"

enum desk_mode {
    DESK_PLAIN,    /* no terminal: lines as they come */
    DESK_TERMINAL, /* without editing */
    DESK_EDITED
};

enum desk_line {
    DESK_TYPED,
    DESK_END,         /* of input */
    DESK_INTERRUPTED, /* Ctrl-C */
    DESK_GONE         /* nobody waits for it any more */
};

/* What Tab makes of a line. */
struct desk_completion {
    int gives_way; /* bytes before the cursor */
    struct dk_buffer text, choices;
};
struct desk_completer {
    void (*complete)(void *context, const char *before, size_t size, struct desk_completion *out);
    void *context;
};

/* Begins the session. */
enum desk_mode desk_begin(void);
/* Reads a line, with a prompt that says whether it goes on with an entry. */
enum desk_line desk_line(bool goes_on, const struct desk_completer *completer, struct dk_buffer *out);
/* Keeps an entry for the keys that go through the lines, and for later sessions; of those that it cannot keep only the
 * first is an error. Without a terminal nothing is kept. */
dk_status desk_remember(const char *text, size_t size, struct dk_error *err);
/* Shows the last entries. */
dk_status desk_history(int count, struct dk_error *err);
/* For the line `.source FILE`: the file's text, and its path. */
dk_status desk_source(struct dk_buffer *text, struct dk_buffer *path, struct dk_error *err);
/* For the line `.save FILE`, or `.save! FILE`, which alone replaces a file: writes the text, and gives the path. */
dk_status desk_save(const char *text, size_t size, struct dk_buffer *path, struct dk_error *err);
/* For the line `.edit`: what the editor makes of lines that were typed. */
dk_status desk_edit(const char *text, size_t size, struct dk_buffer *out, struct dk_error *err);
/* The session is over: its process ends with this status. */
void desk_over(int status);

/* In the parent: answers the child (struct isolate_rules). */
bool desk_serve(struct link *link, const struct link_message *message, const struct dk_buffer *text);
/* Whether the session is over, and its status then; how many lines were asked for since the last question. */
bool desk_is_over(int *status);
size_t desk_lines(void);
bool desk_is_plain(void);

#endif
