/* terminal COMMAND ARGUMENT…: runs a command on a terminal of its own and plays a person before it.
 *
 * Standard input says what that person does, a line each:
 *   > TEXT    types the text; \r is Enter, \t Tab, \e Escape, \xHH a byte, \\ a backslash
 *   < TEXT    waits until the text appears in what the command prints after the last such wait
 *   ! NAME    sends a signal: INT, TERM or HUP
 *
 * Prints all that the command printed, and ends with its exit status (128 + n for a signal); 124 when a text does not appear
 * or the command does not end within sixty seconds. */
#define _XOPEN_SOURCE 700

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { SECONDS = 60, LATE = 124, OUTPUT_MAX = 4 << 20 };

struct terminal {
    int master;
    pid_t child;
    char *output;
    size_t size, seen; /* bytes of the output; those before the end of the last wait */
    bool ended;
};

static void fail(const char *what)
{
    fprintf(stderr, "terminal: %s: %s\n", what, strerror(errno));
    exit(LATE);
}

static void start(struct terminal *terminal, char **command)
{
    struct winsize window = {.ws_row = 40, .ws_col = 100};
    int slave;

    terminal->master = posix_openpt(O_RDWR | O_NOCTTY);
    if (terminal->master < 0 || grantpt(terminal->master) != 0 || unlockpt(terminal->master) != 0)
        fail("no pseudo-terminal");
    (void)ioctl(terminal->master, TIOCSWINSZ, &window);
    terminal->child = fork();
    if (terminal->child < 0)
        fail("fork");
    if (terminal->child > 0)
        return;
    setsid();
    slave = open(ptsname(terminal->master), O_RDWR); /* becomes the controlling terminal of the new session */
    if (slave < 0)
        fail("open");
    dup2(slave, STDIN_FILENO);
    dup2(slave, STDOUT_FILENO);
    dup2(slave, STDERR_FILENO);
    if (slave > STDERR_FILENO)
        close(slave);
    close(terminal->master);
    execvp(command[0], command);
    fail(command[0]);
}

/* Reads what there is within `milliseconds`. */
static void take(struct terminal *terminal, int milliseconds)
{
    struct pollfd ready = {.fd = terminal->master, .events = POLLIN};
    ssize_t got;

    if (terminal->ended || poll(&ready, 1, milliseconds) <= 0)
        return;
    if (terminal->size + 4096 > OUTPUT_MAX)
        terminal->ended = true;
    got = terminal->ended ? 0 : read(terminal->master, terminal->output + terminal->size, 4096);
    if (got <= 0)
        terminal->ended = true; /* EIO: the other side is closed */
    else
        terminal->size += (size_t)got;
    terminal->output[terminal->size] = '\0';
}

/* A prompt is seen a little before the command reads key by key, and what is typed in between means something else. So this
 * waits for it, but not for long: a command that computes does not read at all. */
static void wait_for_keys(struct terminal *terminal)
{
    struct termios mode;

    for (int i = 0; i < 20 && !terminal->ended; i++) {
        if (tcgetattr(terminal->master, &mode) == 0 && !(mode.c_lflag & ICANON))
            return;
        take(terminal, 10);
    }
}

static void send_text(struct terminal *terminal, const char *text)
{
    for (; *text != '\0'; text++) {
        char c = *text;

        if (c == '\\' && text[1] == 'x' && strlen(text) >= 4) {
            char digits[3] = {text[2], text[3], '\0'};

            c = (char)strtol(digits, NULL, 16);
            text += 3;
        } else if (c == '\\' && text[1] != '\0') {
            text++;
            c = *text == 'r' ? '\r' : *text == 't' ? '\t' : *text == 'e' ? '\033' : *text;
        }
        if (write(terminal->master, &c, 1) != 1)
            return;
        take(terminal, 0); /* a full terminal would block */
    }
}

static bool wait_for(struct terminal *terminal, const char *text)
{
    time_t begin = time(NULL);

    while (time(NULL) - begin <= SECONDS) {
        const char *found = strstr(terminal->output + terminal->seen, text);

        if (found != NULL) {
            terminal->seen = (size_t)(found - terminal->output) + strlen(text);
            return true;
        }
        if (terminal->ended)
            return false;
        take(terminal, 100);
    }
    return false;
}

static int finish(struct terminal *terminal)
{
    time_t begin = time(NULL);
    int status;

    while (!terminal->ended && time(NULL) - begin <= SECONDS)
        take(terminal, 100);
    if (!terminal->ended)
        kill(terminal->child, SIGKILL);
    if (waitpid(terminal->child, &status, 0) < 0)
        fail("waitpid");
    if (!terminal->ended)
        return LATE;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int main(int argc, char **argv)
{
    struct terminal terminal = {0};
    char line[4096];
    int status = 0;

    if (argc < 2)
        return 2;
    signal(SIGPIPE, SIG_IGN);
    terminal.output = calloc(1, OUTPUT_MAX);
    if (terminal.output == NULL)
        fail("memory");
    start(&terminal, argv + 1);
    while (status == 0 && fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (strncmp(line, "> ", 2) == 0) {
            wait_for_keys(&terminal);
            send_text(&terminal, line + 2);
        } else if (strncmp(line, "! ", 2) == 0) {
            kill(terminal.child, strcmp(line + 2, "TERM") == 0 ? SIGTERM : strcmp(line + 2, "HUP") == 0 ? SIGHUP : SIGINT);
        } else if (strncmp(line, "< ", 2) == 0 && !wait_for(&terminal, line + 2)) {
            fprintf(stderr, "terminal: waited in vain for: %s\n", line + 2);
            kill(terminal.child, SIGKILL);
            status = LATE;
        }
    }
    if (status == 0)
        status = finish(&terminal);
    fwrite(terminal.output, 1, terminal.size, stdout);
    free(terminal.output);
    return status;
}
