/* Lines that the user types: edited on a terminal, with history and completion, by libedit; elsewhere read as they are.
 *
 * Like other libraries that few runs need, libedit is opened when a session begins and not linked. Only this file knows
 * it. */
#define _XOPEN_SOURCE 700

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <unistd.h>
#include <wchar.h>

#include "lua/binding.h"
#include "lua/host/access.h"
#include "lua/host/run.h"
#include "lua/parts.h"

/* Reading as it is --------------------------------------------------------------------------------------------------- */

struct reader {
    char *line;
    size_t capacity;
};

static int reader_free(lua_State *L)
{
    struct reader *reader = lua_touserdata(L, 1);

    free(reader->line);
    reader->line = NULL;
    return 0;
}

/* Reads a line of standard input without its end; pushes it, nil at the end of input, false after Ctrl-C. */
static void read_plain(lua_State *L, const char *prompt)
{
    struct reader *reader = type_hold(L, "difkit.LineReader", sizeof *reader, reader_free);
    ssize_t size;

    if (isatty(STDIN_FILENO)) {
        fputs(prompt, stderr);
        fflush(stderr);
    }
    errno = 0;
    size = getline(&reader->line, &reader->capacity, stdin);
    if (size < 0 && errno == EINTR) {
        clearerr(stdin);
        fputs("\n", stderr);
        lua_pushboolean(L, 0);
    } else if (size < 0) {
        lua_pushnil(L);
    } else {
        while (size > 0 && strchr("\r\n", reader->line[size - 1]) != NULL)
            size--;
        lua_pushlstring(L, reader->line, (size_t)size);
    }
}

#ifdef DIFKIT_HAVE_LIBEDIT

#include <dlfcn.h>
#include <histedit.h>

static const char editor_key;

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

struct editor {
    struct library library;
    EditLine *line;
    History *history;
    lua_State *state; /* while a line is read; index 2 of its stack is the function that completes */
    char prompt[16];
};

static bool find_functions(struct library *library)
{
    void *file = dlopen("libedit.so.2", RTLD_LAZY | RTLD_LOCAL);
    struct {
        const char *name;
        void *slot;
    } wanted[] = {
        {"el_init", &library->el_init},           {"el_end", &library->el_end},
        {"el_reset", &library->el_reset},         {"el_gets", &library->el_gets},
        {"el_set", &library->el_set},             {"el_source", &library->el_source},
        {"el_line", &library->el_line},
        {"el_insertstr", &library->el_insertstr}, {"el_deletestr", &library->el_deletestr},
        {"history_init", &library->history_init}, {"history_end", &library->history_end},
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

static int editor_free(lua_State *L)
{
    struct editor *editor = lua_touserdata(L, 1);

    if (editor->line != NULL)
        editor->library.el_end(editor->line);
    if (editor->history != NULL)
        editor->library.history_end(editor->history);
    editor->line = NULL;
    editor->history = NULL;
    return 0;
}

/* The editor whose line is being read, for the functions that libedit calls: it keeps an address for them, but the function
 * to ask for it is itself in the editor. */
static struct editor *reading;

static char *prompt_of(EditLine *line)
{
    (void)line;
    return reading->prompt;
}

/* Waits for a byte of the terminal; false after Ctrl-C, also when it came just before. */
static bool wait_for_byte(void)
{
    sigset_t interrupt, before;
    bool ready = false;

    sigemptyset(&interrupt);
    sigaddset(&interrupt, SIGINT);
    sigprocmask(SIG_BLOCK, &interrupt, &before);
    while (!ready && !limits_interrupted()) {
        fd_set input;

        FD_ZERO(&input);
        FD_SET(STDIN_FILENO, &input);
        ready = pselect(STDIN_FILENO + 1, &input, NULL, NULL, NULL, &before) >= 0 || errno != EINTR;
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
    return ready;
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
        if (!wait_for_byte() || read(STDIN_FILENO, &byte, 1) != 1)
            return 0;
        used = mbrtowc(out, &byte, 1, &state);
    } while (used == (size_t)-2);
    if (used == (size_t)-1)
        *out = L'?';
    return 1;
}

/* Tab: the function of the library is given the line up to the cursor, and gives how many characters before the cursor
 * give way to which text, and what there is to choose from. */
static unsigned char complete(EditLine *line, int key)
{
    struct editor *editor = reading;
    lua_State *L = editor->state;
    const LineInfo *info = editor->library.el_line(line);
    unsigned char what = CC_ERROR;
    int top = lua_gettop(L), status;

    (void)key;
    lua_pushvalue(L, 2);
    lua_pushlstring(L, info->buffer, (size_t)(info->cursor - info->buffer));
    status = lua_pcall(L, 1, 3, 0);
    if (status == LUA_OK && lua_isinteger(L, -3)) {
        const char *text = lua_tostring(L, -2), *choices = lua_tostring(L, -1);

        if (lua_tointeger(L, -3) > 0)
            editor->library.el_deletestr(line, (int)lua_tointeger(L, -3));
        if (text != NULL && text[0] != '\0' && editor->library.el_insertstr(line, text) == 0)
            what = CC_REFRESH;
        if (choices != NULL && choices[0] != '\0') {
            printf("\n%s\n", choices);
            fflush(stdout);
            what = CC_REDISPLAY;
        }
    }
    lua_settop(L, top);
    return what;
}

/* Characters beyond ASCII need a locale that knows them; nothing else of the locale is taken over. */
static void choose_locale(void)
{
    if (setlocale(LC_CTYPE, "") == NULL || strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        (void)setlocale(LC_CTYPE, "C.UTF-8");
}

/* Makes the editor and keeps it in the registry; false where there is none to be had. */
static bool make_editor(lua_State *L)
{
    const char *kind = getenv("TERM");
    struct editor *editor;
    HistEvent event;

    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || kind == NULL || strcmp(kind, "dumb") == 0)
        return false;
    editor = type_hold(L, "difkit.Editor", sizeof *editor, editor_free);
    if (!find_functions(&editor->library)) {
        lua_pop(L, 1);
        return false;
    }
    choose_locale();
    editor->line = editor->library.el_init("difkit", stdin, stdout, stderr);
    editor->history = editor->library.history_init();
    if (editor->line == NULL || editor->history == NULL) {
        lua_pop(L, 1);
        return false;
    }
    editor->library.history(editor->history, &event, H_SETSIZE, 1000);
    editor->library.history(editor->history, &event, H_SETUNIQUE, 1);
    editor->library.el_set(editor->line, EL_PROMPT, prompt_of);
    editor->library.el_set(editor->line, EL_EDITOR, "emacs");
    editor->library.el_set(editor->line, EL_HIST, editor->library.history, editor->history);
    editor->library.el_set(editor->line, EL_SIGNAL, 1);
    editor->library.el_set(editor->line, EL_GETCFN, read_character);
    editor->library.el_set(editor->line, EL_ADDFN, "difkit-complete", "Completes names and ids", complete);
    editor->library.el_set(editor->line, EL_BIND, "^I", "difkit-complete", NULL);
    editor->library.el_set(editor->line, EL_BIND, "^R", "em-inc-search-prev", NULL);
    (void)editor->library.el_source(editor->line, NULL);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &editor_key);
    return true;
}

static struct editor *find_editor(lua_State *L)
{
    struct editor *editor;

    lua_rawgetp(L, LUA_REGISTRYINDEX, &editor_key);
    editor = lua_touserdata(L, -1);
    lua_pop(L, 1);
    return editor;
}

/* Reads a line; pushes it, nil at the end of input, false after Ctrl-C. False when there is no editor. */
static bool read_edited(lua_State *L, const char *prompt)
{
    struct editor *editor = find_editor(L);
    const char *line;
    int size = 0;

    if (editor == NULL)
        return false;
    editor->state = L;
    snprintf(editor->prompt, sizeof editor->prompt, "%s", prompt);
    reading = editor;
    errno = 0;
    line = editor->library.el_gets(editor->line, &size);
    reading = NULL;
    if (limits_take_interrupt()) {
        editor->library.el_reset(editor->line);
        puts("^C");
        lua_pushboolean(L, 0);
    } else if (line == NULL || size <= 0) {
        lua_pushnil(L);
    } else {
        while (size > 0 && line[size - 1] == '\n')
            size--;
        lua_pushlstring(L, line, (size_t)size);
    }
    return true;
}

static void remember(lua_State *L, const char *text)
{
    struct editor *editor = find_editor(L);
    HistEvent event;

    if (editor != NULL && text[0] != '\0')
        editor->library.history(editor->history, &event, H_ENTER, text);
}

#else

static bool make_editor(lua_State *L)
{
    (void)L;
    return false;
}

static bool read_edited(lua_State *L, const char *prompt)
{
    (void)L;
    (void)prompt;
    return false;
}

static void remember(lua_State *L, const char *text)
{
    (void)L;
    (void)text;
}

#endif

/* core.line_begin() -> "edited", "terminal" or "plain": how lines are read in this session */
static int line_begin(lua_State *L)
{
    bool terminal = isatty(STDIN_FILENO) == 1;

    if (terminal)
        limits_catch_interrupts();
    lua_pushstring(L, make_editor(L) ? "edited" : terminal ? "terminal" : "plain");
    return 1;
}

/* core.line(prompt, complete) -> the line typed, nil at the end of input, false after Ctrl-C. complete(before) -> how many
 * characters give way, the text for them, the choices to show */
static int line_read(lua_State *L)
{
    const char *prompt = luaL_checkstring(L, 1);
    struct host *host = host_of(L);

    luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_settop(L, 2);
    fflush(stdout);
    if (!read_edited(L, prompt))
        read_plain(L, prompt);
    if (host != NULL && host->options.interactive) {
        dk_buffer_free(&host->typed);
        if (lua_type(L, -1) == LUA_TSTRING)
            dk_buffer_text(&host->typed, lua_tostring(L, -1));
    }
    return 1;
}

/* core.line_remember(text): an entry of the history, for the keys that go through it */
static int line_remember(lua_State *L)
{
    remember(L, luaL_checkstring(L, 1));
    return 0;
}

void line_register(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"line_begin", line_begin}, {"line", line_read}, {"line_remember", line_remember}, {NULL, NULL}};

    luaL_setfuncs(L, functions, 0);
}
