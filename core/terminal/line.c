/* Lines that the user types: edited on a terminal, with history and completion, by libedit; elsewhere read as they are, byte
 * for byte, so that what runs can read on where a line ended.
 *
 * Like other libraries that few runs need, libedit is opened when a session begins and not linked. Only this file knows
 * it. */
#define _XOPEN_SOURCE 700

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "base/interrupt.h"
#include "terminal/local.h"

enum { LOOK_MILLISECONDS = 250 };

/* Waits for a byte; false after Ctrl-C, also when it came just before, or when nobody waits for the line any more. */
static bool wait_for_byte(bool *gone)
{
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};

    while (dk_interrupts() == 0) {
        int ready = poll(&input, 1, LOOK_MILLISECONDS);

        if (ready > 0)
            return true;
        if (ready == 0 || errno != EINTR || dk_interrupts() == 0)
            *gone = !isolate_attend();
        if (*gone)
            return false;
    }
    return false;
}

/* Reads a line of standard input without its end. */
static enum desk_line read_plain(const char *prompt, struct dk_buffer *out)
{
    bool terminal = isatty(STDIN_FILENO) == 1, gone = false;
    ssize_t size = 0;
    char byte = '\0';

    if (terminal)
        fputs(prompt, stderr);
    while (out->size < LINK_TEXT_MOST && wait_for_byte(&gone) &&
           ((size = read(STDIN_FILENO, &byte, 1)) > 0 || errno == EINTR) && byte != '\n')
        if (size > 0)
            dk_buffer_add(out, &byte, 1);
    if (gone)
        return DESK_GONE;
    if (dk_interrupts_take() > 0) {
        fputs("\n", stderr);
        return DESK_INTERRUPTED;
    }
    if (byte != '\n' && out->size == 0)
        return DESK_END;
    while (out->size > 0 && out->bytes[out->size - 1] == '\r')
        out->bytes[--out->size] = '\0';
    return DESK_TYPED;
}

#ifdef DIFKIT_HAVE_LIBEDIT

#include <dlfcn.h>
#include <histedit.h>

/* The functions used, by their own names. */
struct library {
    EditLine *(*el_init)(const char *, FILE *, FILE *, FILE *);
    void (*el_end)(EditLine *);
    void (*el_reset)(EditLine *);
    const char *(*el_gets)(EditLine *, int *);
    int (*el_set)(EditLine *, int, ...);
    int (*el_source)(EditLine *, const char *);
    const LineInfo *(*el_line)(EditLine *);
    int (*el_insertstr)(EditLine *, const char *);
    void (*el_deletestr)(EditLine *, int);
    History *(*history_init)(void);
    void (*history_end)(History *);
    int (*history)(History *, HistEvent *, int, ...);
};

static struct editor {
    struct library library;
    EditLine *line;
    History *history;
    const struct desk_completer *completer; /* while a line is read */
    const char *prompt;
    bool gone;
} editor;

static bool find_functions(struct library *library)
{
    void *file = dlopen("libedit.so.2", RTLD_LAZY | RTLD_LOCAL);
    struct {
        const char *name;
        void *slot;
    } wanted[] = {
        {"el_init", &library->el_init},
        {"el_end", &library->el_end},
        {"el_reset", &library->el_reset},
        {"el_gets", &library->el_gets},
        {"el_set", &library->el_set},
        {"el_source", &library->el_source},
        {"el_line", &library->el_line},
        {"el_insertstr", &library->el_insertstr},
        {"el_deletestr", &library->el_deletestr},
        {"history_init", &library->history_init},
        {"history_end", &library->history_end},
        {"history", &library->history},
    };

    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        void *function = file != NULL ? dlsym(file, wanted[i].name) : NULL;

        if (function == NULL)
            return false;
        memcpy(wanted[i].slot, &function, sizeof function); /* a function's address, as dlsym() gives it */
    }
    return true;
}

static void end_editor(void)
{
    if (editor.line != NULL)
        editor.library.el_end(editor.line);
    if (editor.history != NULL)
        editor.library.history_end(editor.history);
    editor.line = NULL;
    editor.history = NULL;
}

static char *prompt_of(EditLine *line)
{
    (void)line;
    return (char *)editor.prompt;
}

/* One character of the terminal. libedit's own function would go on after a signal; here Ctrl-C ends the line. */
static int read_character(EditLine *line, wchar_t *out)
{
    mbstate_t state;
    size_t used;
    char byte;

    (void)line;
    memset(&state, 0, sizeof state);
    do {
        if (!wait_for_byte(&editor.gone) || read(STDIN_FILENO, &byte, 1) != 1)
            return 0;
        used = mbrtowc(out, &byte, 1, &state);
    } while (used == (size_t)-2);
    if (used == (size_t)-1)
        *out = L'?';
    return 1;
}

/* Tab: the line up to the cursor is shown to whoever completes. */
static unsigned char complete(EditLine *line, int key)
{
    const LineInfo *info = editor.library.el_line(line);
    struct desk_completion found = {0};
    unsigned char what = CC_ERROR;

    (void)key;
    editor.completer->complete(editor.completer->context, info->buffer, (size_t)(info->cursor - info->buffer), &found);
    if (found.gives_way > 0)
        editor.library.el_deletestr(line, found.gives_way);
    if (found.text.size > 0 && editor.library.el_insertstr(line, found.text.bytes) == 0)
        what = CC_REFRESH;
    if (found.choices.size > 0) {
        printf("\n%s\n", found.choices.bytes);
        fflush(stdout);
        what = CC_REDISPLAY;
    }
    dk_buffer_free(&found.text);
    dk_buffer_free(&found.choices);
    return what;
}

/* Characters beyond ASCII need a locale that knows them; nothing else of the locale is taken over. */
static void choose_locale(void)
{
    if (setlocale(LC_CTYPE, "") == NULL || strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        (void)setlocale(LC_CTYPE, "C.UTF-8");
}

/* Makes the editor; false where there is none to be had. */
static bool make_editor(void)
{
    const char *kind = getenv("TERM");
    HistEvent event;

    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || kind == NULL || strcmp(kind, "dumb") == 0 ||
        !find_functions(&editor.library))
        return false;
    choose_locale();
    editor.line = editor.library.el_init("difkit", stdin, stdout, stderr);
    editor.history = editor.library.history_init();
    if (editor.line == NULL || editor.history == NULL) {
        end_editor();
        return false;
    }
    (void)atexit(end_editor);
    editor.library.history(editor.history, &event, H_SETSIZE, 1000);
    editor.library.history(editor.history, &event, H_SETUNIQUE, 1);
    editor.library.el_set(editor.line, EL_PROMPT, prompt_of);
    editor.library.el_set(editor.line, EL_EDITOR, "emacs");
    editor.library.el_set(editor.line, EL_HIST, editor.library.history, editor.history);
    editor.library.el_set(editor.line, EL_SIGNAL, 1);
    editor.library.el_set(editor.line, EL_GETCFN, read_character);
    editor.library.el_set(editor.line, EL_ADDFN, "difkit-complete", "Completes names and ids", complete);
    editor.library.el_set(editor.line, EL_BIND, "^I", "difkit-complete", NULL);
    editor.library.el_set(editor.line, EL_BIND, "^R", "em-inc-search-prev", NULL);
    (void)editor.library.el_source(editor.line, NULL);
    return true;
}

static enum desk_line read_edited(const char *prompt, const struct desk_completer *completer, struct dk_buffer *out)
{
    const char *line;
    int size = 0;

    editor.completer = completer;
    editor.prompt = prompt;
    editor.gone = false;
    errno = 0;
    line = editor.library.el_gets(editor.line, &size);
    editor.completer = NULL;
    if (editor.gone) {
        editor.library.el_reset(editor.line);
        return DESK_GONE;
    }
    if (dk_interrupts_take() > 0) {
        editor.library.el_reset(editor.line);
        puts("^C");
        return DESK_INTERRUPTED;
    }
    if (line == NULL || size <= 0)
        return DESK_END;
    while (size > 0 && line[size - 1] == '\n')
        size--;
    dk_buffer_add(out, line, (size_t)size);
    return DESK_TYPED;
}

static bool is_edited(void)
{
    return editor.line != NULL;
}

void line_remember(const char *text)
{
    HistEvent event;

    if (is_edited() && text[0] != '\0')
        editor.library.history(editor.history, &event, H_ENTER, text);
}

#else

static bool make_editor(void)
{
    return false;
}

static bool is_edited(void)
{
    return false;
}

static enum desk_line read_edited(const char *prompt, const struct desk_completer *completer, struct dk_buffer *out)
{
    (void)prompt, (void)completer, (void)out;
    return DESK_END;
}

void line_remember(const char *text)
{
    (void)text;
}

#endif

enum desk_mode line_begin(void)
{
    return make_editor() ? DESK_EDITED : isatty(STDIN_FILENO) == 1 ? DESK_TERMINAL : DESK_PLAIN;
}

enum desk_line local_line(bool goes_on, const struct desk_completer *completer, struct dk_buffer *out)
{
    const char *prompt = goes_on ? ".. " : "> ";
    enum desk_line how = is_edited() ? read_edited(prompt, completer, out) : read_plain(prompt, out);

    if (how == DESK_TYPED)
        typed_line(out->bytes != NULL ? out->bytes : "", out->size);
    return how;
}
