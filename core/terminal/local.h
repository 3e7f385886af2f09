/* The desk where it stands: desk.h's functions, done in this process. */
#ifndef DIFKIT_TERMINAL_LOCAL_H
#define DIFKIT_TERMINAL_LOCAL_H

#include "terminal/desk.h"

enum desk_mode local_begin(void);
enum desk_line local_line(bool goes_on, const struct desk_completer *completer, struct dk_buffer *out);
dk_status local_remember(const char *text, size_t size, struct dk_error *err);
dk_status local_history(int count, struct dk_error *err);
dk_status local_source(struct dk_buffer *text, struct dk_buffer *path, struct dk_error *err);
dk_status local_save(const char *text, size_t size, struct dk_buffer *path, struct dk_error *err);
dk_status local_edit(const char *text, size_t size, struct dk_buffer *out, struct dk_error *err);

/* line.c: how lines are read, and an entry, for the keys that go through them. */
enum desk_mode line_begin(void);
void line_remember(const char *text);
/* history.c: the file of the lines of earlier sessions. Calls `each` for its entries, the oldest first. */
dk_status history_read(void (*each)(const char *entry), struct dk_error *err);
dk_status history_add(const char *text, size_t size, struct dk_error *err);
/* typed.c: the line that the user typed last; what the editor gave back counts as typed. */
void typed_line(const char *text, size_t size);
/* Whether the text is of lines that were typed. */
bool typed_holds(const char *text, size_t size);

/* remote.c: the desk in the parent. */
enum desk_mode remote_begin(void);
enum desk_line remote_line(bool goes_on, const struct desk_completer *completer, struct dk_buffer *out);
/* Asks for what has no other answer than a text, which is added to `out` (NULL: none is wanted). */
dk_status remote_ask(enum link_kind kind, int number, const char *text, size_t size, struct dk_buffer *out,
                     struct dk_error *err);

#endif
