/* Lines that begin with a dot and reach beyond the session: what they do goes by the line that the user typed last, once,
 * whoever asks for it. What comes through a pipe writes no file. */
#define _GNU_SOURCE

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "terminal/local.h"

enum {
    SOURCE_LIMIT = 16 * 1024 * 1024, /* bytes of a file of Lua, or of what the editor gives back */
    KEPT_MOST = 32 * 1024 * 1024     /* bytes of what was typed, of which at least half are kept */
};

static struct dk_buffer last, all; /* the line typed last; all lines, each with its end */

static void add_typed(const char *text, size_t size)
{
    if (all.size > KEPT_MOST) {
        all.size -= KEPT_MOST / 2;
        memmove(all.bytes, all.bytes + KEPT_MOST / 2, all.size);
    }
    dk_buffer_add(&all, text, size);
    dk_buffer_add(&all, "\n", 1);
}

void typed_line(const char *text, size_t size)
{
    last.size = 0;
    dk_buffer_add(&last, text, size);
    add_typed(text, size);
}

bool typed_holds(const char *text, size_t size)
{
    while (size > 0 && text[size - 1] == '\n')
        size--;
    return size == 0 || (all.size >= size && memmem(all.bytes, all.size, text, size) != NULL);
}

/* If the line typed last is the dot command `word`, gives what stands behind it and forgets the line. */
static bool take(const char *word, struct dk_buffer *out)
{
    const char *text = last.bytes != NULL ? last.bytes : "";
    size_t size = strlen(word), end;

    if (strncmp(text, word, size) != 0 || (text[size] != '\0' && strchr(" \t", text[size]) == NULL))
        return false;
    text += size + strspn(text + size, " \t");
    end = strlen(text);
    while (end > 0 && strchr(" \t", text[end - 1]) != NULL)
        end--;
    dk_buffer_add(out, text, end);
    dk_buffer_free(&last);
    return true;
}

/* The same for a path, of which "~/" is the home folder. */
static bool take_path(const char *word, struct dk_buffer *out)
{
    struct dk_buffer typed = {0};
    const char *home = getenv("HOME");
    bool taken = take(word, &typed);

    if (taken && strncmp(typed.bytes, "~/", 2) == 0 && home != NULL)
        dk_buffer_format(out, "%s/%s", home, typed.bytes + 2);
    else if (taken)
        dk_buffer_add(out, typed.bytes, typed.size);
    dk_buffer_free(&typed);
    return taken;
}

static dk_status refuse(const char *word, struct dk_error *err)
{
    return dk_fail(err, DK_USAGE, "only the line `%s` itself does this", word);
}

static dk_status check_person(const char *word, struct dk_error *err)
{
    if (isatty(STDIN_FILENO) == 1)
        return DK_OK;
    dk_fail(err, DK_USAGE, "%s is for whoever sits at a terminal: what comes through a pipe writes no file", word);
    dk_hint(err, "save the lines as a script, which `difkit run` runs");
    return DK_ERROR;
}

dk_status local_source(struct dk_buffer *text, struct dk_buffer *path, struct dk_error *err)
{
    if (!take_path(".source", path))
        return refuse(".source FILE", err);
    if (dk_file_read(path->bytes, SOURCE_LIMIT, text, err) == DK_OK)
        return DK_OK;
    dk_hint_neighbour(err, path->bytes, path->bytes);
    return DK_ERROR;
}

dk_status local_save(const char *text, size_t size, struct dk_buffer *path, struct dk_error *err)
{
    bool replace;

    if (check_person(".save", err) != DK_OK)
        return DK_ERROR;
    replace = take_path(".save!", path);
    if (!replace && !take_path(".save", path))
        return refuse(".save FILE", err);
    if (!replace && dk_file_exists(path->bytes)) {
        dk_fail(err, DK_USAGE, "%s is there already", path->bytes);
        dk_hint(err, "`.save! %s` replaces it", path->bytes);
        return DK_ERROR;
    }
    return dk_file_write(path->bytes, text, size, false, err);
}

/* Runs the editor on the file and waits for it. The shell splits "code --wait" as the user means it. */
static dk_status run_editor(const char *path, struct dk_error *err)
{
    static const char command[] = "${VISUAL:-${EDITOR:-vi}} \"$1\"";
    struct sigaction ignore = {0}, interrupt, quit;
    int status = 0;
    pid_t child;

    fflush(stdout);
    ignore.sa_handler = SIG_IGN;
    sigaction(SIGINT, &ignore, &interrupt);
    sigaction(SIGQUIT, &ignore, &quit);
    child = fork();
    if (child == 0) {
        struct sigaction usual = {0};

        usual.sa_handler = SIG_DFL;
        sigaction(SIGINT, &usual, NULL);
        sigaction(SIGQUIT, &usual, NULL);
        sigaction(SIGPIPE, &usual, NULL);
        execl("/bin/sh", "sh", "-c", command, "sh", path, (char *)NULL);
        _exit(127);
    }
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    sigaction(SIGINT, &interrupt, NULL);
    sigaction(SIGQUIT, &quit, NULL);
    if (child < 0)
        return dk_fail(err, DK_IO, "cannot start the editor: %s", strerror(errno));
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        dk_fail(err, DK_IO, "the editor failed; nothing was run");
        dk_hint(err, "VISUAL or EDITOR says which it is");
        return DK_ERROR;
    }
    return DK_OK;
}

/* A folder that only the user can read. */
static char *new_folder(struct dk_error *err)
{
    const char *temporary = getenv("TMPDIR");
    struct dk_buffer name = {0};

    dk_buffer_format(&name, "%s/difkit-XXXXXX", temporary != NULL && temporary[0] != '\0' ? temporary : "/tmp");
    if (mkdtemp(name.bytes) != NULL)
        return name.bytes;
    dk_fail(err, DK_IO, "cannot make a folder for the editor's file: %s: %s", name.bytes, strerror(errno));
    dk_buffer_free(&name);
    return NULL;
}

dk_status local_edit(const char *text, size_t size, struct dk_buffer *out, struct dk_error *err)
{
    struct dk_buffer path = {0}, nothing = {0};
    dk_status status;
    char *folder;

    if (check_person(".edit", err) != DK_OK)
        return DK_ERROR;
    if (!typed_holds(text, size) || !take(".edit", &nothing)) {
        dk_buffer_free(&nothing);
        return refuse(".edit", err);
    }
    dk_buffer_free(&nothing);
    folder = new_folder(err);
    if (folder == NULL)
        return DK_ERROR;
    dk_buffer_format(&path, "%s/entry.lua", folder);
    status = dk_file_write(path.bytes, text, size, false, err);
    if (status == DK_OK)
        status = run_editor(path.bytes, err);
    if (status == DK_OK)
        status = dk_file_read(path.bytes, SOURCE_LIMIT, out, err);
    (void)unlink(path.bytes);
    (void)rmdir(folder);
    if (status == DK_OK)
        add_typed(out->bytes != NULL ? out->bytes : "", out->size);
    dk_buffer_free(&path);
    free(folder);
    return status;
}
