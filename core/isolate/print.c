#define _GNU_SOURCE

#include "isolate/print.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/temporary.h"

enum { SECONDS_MOST = 120, PDF_MOST = 512 << 20, TARGET_MOST = 4096, NAP_MILLISECONDS = 20 };

static const char *const programs[] = {"/usr/bin/chromium",        "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
                                       "/usr/local/bin/chromium",  "/snap/bin/chromium",        "/usr/bin/weasyprint",
                                       "/usr/local/bin/weasyprint"};

const char *print_program(struct dk_error *err)
{
    const char *named = getenv("DIFKIT_PRINTER");

    if (named != NULL && named[0] == '/' && access(named, X_OK) == 0)
        return named;
    for (size_t i = 0; named == NULL && i < sizeof programs / sizeof programs[0]; i++)
        if (access(programs[i], X_OK) == 0)
            return programs[i];
    if (named != NULL && named[0] != '\0')
        dk_fail(err, DK_IO, "cannot print PDF: DIFKIT_PRINTER is %s, which is no program's whole path", named);
    else
        dk_fail(err, DK_IO, "cannot print PDF: neither Chromium nor WeasyPrint is installed");
    dk_hint(err, "install one of them (Debian: chromium, weasyprint), or write .docx or .html");
    return NULL;
}

static char *new_folder(void)
{
    const char *above = getenv("TMPDIR");
    struct dk_buffer name = {0};

    dk_buffer_format(&name, "%s/difkit-XXXXXX", above != NULL && above[0] == '/' ? above : "/tmp");
    if (mkdtemp(name.bytes) != NULL)
        return name.bytes;
    dk_buffer_free(&name);
    return NULL;
}

char *print_folder(int *held)
{
    const char *above = getenv("TMPDIR");
    struct dk_buffer prefix = {0};
    char *folder;

    dk_buffer_format(&prefix, "%s/difkit-pages-", above != NULL && above[0] == '/' ? above : "/tmp");
    folder = dk_temporary_folder(prefix.bytes, held);
    dk_buffer_free(&prefix);
    if (folder != NULL)
        dk_temporary_watch(folder);
    return folder;
}

void print_folder_end(char *folder, int held)
{
    if (folder != NULL) {
        dk_folder_remove(folder);
        dk_temporary_forget(folder);
    }
    free(folder);
    if (held >= 0)
        close(held);
}

/* "FOLDER/index.ending" */
static char *name_of(const char *folder, size_t index, const char *ending)
{
    struct dk_buffer name = {0};

    dk_buffer_format(&name, "%s/%zu.%s", folder, index, ending);
    return name.bytes;
}

dk_status print_leave(const char *folder, const char *html, size_t size, const char *target, struct dk_error *err)
{
    dk_status status = DK_ERROR;
    size_t index = 0;
    char *page = name_of(folder, index, "html"), *place;

    while (dk_file_exists(page)) {
        free(page);
        page = name_of(folder, ++index, "html");
    }
    place = name_of(folder, index, "target");
    if (dk_file_write(place, target, strlen(target), false, err) == DK_OK)
        status = dk_file_write(page, html, size, false, err);
    free(page);
    free(place);
    return status;
}

bool print_next(const char *folder, size_t index, struct print_page *out)
{
    struct dk_buffer target = {0};
    struct dk_error err;
    char *place = name_of(folder, index, "target");

    out->html = name_of(folder, index, "html");
    out->target = NULL;
    if (dk_file_exists(out->html) && dk_file_read(place, TARGET_MOST, &target, &err) == DK_OK && target.bytes != NULL)
        out->target = target.bytes;
    free(place);
    if (out->target != NULL)
        return true;
    free(out->html);
    dk_buffer_free(&target);
    out->html = NULL;
    return false;
}

static char *joined(const char *before, const char *path)
{
    struct dk_buffer text = {0};

    dk_buffer_format(&text, "%s%s", before, path);
    return text.bytes;
}

/* A profile in which no page may run scripts; Chromium has no argument for that. */
static dk_status forbid_scripts(const char *profile, struct dk_error *err)
{
    static const char preferences[] = "{\"profile\":{\"default_content_setting_values\":{\"javascript\":2}}}\n";
    char *path = joined(profile, "/Default/Preferences");
    dk_status status = dk_file_write(path, preferences, sizeof preferences - 1, true, err);

    free(path);
    return status;
}

/* The arguments: fixed but for the three paths. */
struct command {
    const char *words[32];
    char *text[3];
};

static void command_end(struct command *command)
{
    for (size_t i = 0; i < 3; i++)
        free(command->text[i]);
}

static struct command command_of(const char *program, const char *html, const char *pdf, const char *profile)
{
    /* Nothing is asked of a network: names do not resolve, what is no name goes to a port where nobody listens; and the
     * page's own policy forbids every request. */
    static const char *const fixed[] = {"--headless",
                                        "--no-pdf-header-footer",
                                        "--host-resolver-rules=MAP * ~NOTFOUND",
                                        "--proxy-server=http://127.0.0.1:9",
                                        "--proxy-bypass-list=<-loopback>",
                                        "--disable-gpu",
                                        "--disable-dev-shm-usage",
                                        "--disable-extensions",
                                        "--disable-background-networking",
                                        "--disable-component-update",
                                        "--disable-default-apps",
                                        "--disable-sync",
                                        "--no-default-browser-check",
                                        "--no-first-run",
                                        "--no-pings"};
    struct command command = {{program}, {NULL}};
    size_t count = 1;

    if (strstr(program, "weasyprint") != NULL) {
        command.words[1] = html;
        command.words[2] = pdf;
        return command;
    }
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
        command.words[count++] = fixed[i];
    if (geteuid() == 0)
        command.words[count++] = "--no-sandbox"; /* it starts as root in no other way */
    command.text[0] = joined("--user-data-dir=", profile);
    command.text[1] = joined("--print-to-pdf=", pdf);
    command.text[2] = joined("file://", html);
    for (size_t i = 0; i < 3; i++)
        command.words[count++] = command.text[i];
    return command;
}

static _Noreturn void be_program(const struct command *command, const char *profile)
{
    struct dk_buffer home = {0}, temporary = {0};
    char *environment[] = {NULL, NULL, (char *)"PATH=/usr/local/bin:/usr/bin:/bin", (char *)"LANG=C.UTF-8", NULL};
    int nothing = open("/dev/null", O_RDWR);

    dk_buffer_format(&home, "HOME=%s", profile);
    dk_buffer_format(&temporary, "TMPDIR=%s", profile);
    environment[0] = home.bytes;
    environment[1] = temporary.bytes;
    (void)setpgid(0, 0);
    for (int i = 0; i < 3; i++)
        (void)dup2(nothing, i);
    for (int i = 3; i < 256; i++)
        (void)close(i);
    execve(command->words[0], (char *const *)command->words, environment);
    _exit(127);
}

/* Waits for the program, and ends it with all that it started when it takes too long. */
static dk_status wait_for(pid_t child, const char *program, struct dk_error *err)
{
    struct timespec begin, now, nap = {0, NAP_MILLISECONDS * 1000000L};
    int status = 0;
    pid_t ended;

    clock_gettime(CLOCK_MONOTONIC, &begin);
    while ((ended = waitpid(child, &status, WNOHANG)) == 0 || (ended < 0 && errno == EINTR)) {
        clock_gettime(CLOCK_MONOTONIC, &now);
        if (now.tv_sec - begin.tv_sec > SECONDS_MOST) {
            (void)kill(-child, SIGKILL);
            (void)waitpid(child, &status, 0);
            return dk_fail(err, DK_LIMIT, "cannot print PDF: %s took more than %d seconds", program, SECONDS_MOST);
        }
        (void)nanosleep(&nap, NULL);
    }
    (void)kill(-child, SIGKILL); /* what it left behind */
    if (ended == child && WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return DK_OK;
    dk_fail(err, DK_IO, "cannot print PDF: %s failed (status %d)", program,
            WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    dk_hint(err, "DIFKIT_PRINTER=PATH names another program; .docx and .html need none");
    return DK_ERROR;
}

/* The same page, the same bytes: no clock in the file. Dates stand as "(D:20260131…". */
static void take_clock_out(char *bytes, size_t size)
{
    static const char *const names[] = {"/CreationDate (D:", "/ModDate (D:"};

    for (size_t i = 0; i < 2; i++) {
        char *at = bytes, *end = bytes + size;

        while ((at = memmem(at, (size_t)(end - at), names[i], strlen(names[i]))) != NULL) {
            at += strlen(names[i]);
            for (int digit = 0; digit < 14 && at < end && *at >= '0' && *at <= '9'; digit++)
                *at++ = "20000101000000"[digit];
        }
    }
}

static dk_status read_result(const char *pdf, const char *program, struct dk_buffer *out, struct dk_error *err)
{
    size_t before = out->size;

    if (!dk_file_exists(pdf) || dk_file_read(pdf, PDF_MOST, out, err) != DK_OK)
        return dk_fail(err, DK_IO, "cannot print PDF: %s wrote no file", program);
    if (out->size - before < 5 || memcmp(out->bytes + before, "%PDF-", 5) != 0)
        return dk_fail(err, DK_IO, "cannot print PDF: %s wrote something else", program);
    take_clock_out(out->bytes + before, out->size - before);
    return DK_OK;
}

/* Removes a folder with all below it: a browser keeps much in its profile. */
static void remove_all(const char *folder)
{
    pid_t child = fork();

    if (child == 0) {
        execl("/bin/rm", "rm", "-rf", "--", folder, (char *)NULL);
        _exit(127);
    }
    if (child > 0)
        (void)waitpid(child, NULL, 0);
}

dk_status print_page(const char *html, struct dk_buffer *out, struct dk_error *err)
{
    dk_status status = DK_ERROR;
    const char *program = print_program(err);
    char *profile = NULL, *pdf = NULL;
    struct command command = {{NULL}, {NULL}};
    pid_t child;

    if (program == NULL)
        return DK_ERROR;
    profile = new_folder();
    if (profile == NULL)
        return dk_fail(err, DK_IO, "cannot make a temporary folder: %s", strerror(errno));
    pdf = joined(profile, "/page.pdf");
    if (forbid_scripts(profile, err) != DK_OK)
        goto done;
    command = command_of(program, html, pdf, profile);
    (void)fflush(NULL);
    child = fork();
    if (child == 0)
        be_program(&command, profile);
    if (child < 0) {
        dk_fail(err, DK_IO, "cannot start %s: %s", program, strerror(errno));
        goto done;
    }
    status = wait_for(child, program, err);
    if (status == DK_OK)
        status = read_result(pdf, program, out, err);
done:
    command_end(&command);
    free(pdf);
    remove_all(profile);
    free(profile);
    return status;
}
