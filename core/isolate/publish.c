/* A file that the command line names for the result: the child writes it in a private folder beside its place, and asks the
 * parent, which alone can reach that place, to rename it there. The parent is told nothing but that: it opens no path that
 * the child gives. */
#define _GNU_SOURCE

#include "isolate/isolate.h"

#ifdef DIFKIT_ISOLATION

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/elsewhere.h"
#include "base/file.h"
#include "base/temporary.h"

bool result_begin(struct isolate_result *result, const char *path)
{
    char *copy;
    struct dk_buffer name = {0};

    memset(result, 0, sizeof *result);
    result->held = -1;
    result->path = dk_real_path(path);
    copy = dk_copy_text(result->path);
    dk_buffer_format(&name, "%s/.difkit-run-", dk_is_device(path) ? P_tmpdir : dirname(copy));
    free(copy);
    result->folder = dk_temporary_folder(name.bytes, &result->held);
    if (result->folder == NULL) {
        dk_buffer_free(&name);
        return false;
    }
    name.size = 0;
    dk_buffer_format(&name, "%s/result", result->folder);
    result->temporary = name.bytes;
    return true;
}

/* In the child. */
static int asked = -1;

int isolate_link(void)
{
    return asked;
}

/* Asks and waits; the number of the answer, or an error number where there is none. */
static int ask(enum link_kind kind)
{
    struct dk_buffer text = {0};
    struct link_message answer;
    int error = EPIPE;

    if (link_ask(asked, kind, 0, NULL, 0) && link_hear(asked, &answer, &text) && answer.kind == LINK_ANSWER)
        error = answer.number;
    dk_buffer_free(&text);
    return error;
}

static dk_status ask_to_publish(const char *path, struct dk_error *err)
{
    int error = ask(LINK_PUBLISH);

    return error == 0 ? DK_OK : dk_fail(err, DK_IO, "cannot write %s: %s", path, strerror(error));
}

void isolate_ask_cancel(void)
{
    if (asked >= 0)
        (void)ask(LINK_CANCEL);
}

void result_use(const struct isolate_result *result, const char *given, int socket)
{
    asked = socket;
    if (result->folder != NULL)
        dk_elsewhere_set(given, result->temporary, ask_to_publish);
}

int result_publish(const struct isolate_result *result)
{
    struct stat status;
    int descriptor, error = 0;

    if (result->folder == NULL)
        return ENOENT;
    descriptor = open(result->temporary, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return errno;
    if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode))
        error = EINVAL;
    else if (fsync(descriptor) != 0)
        error = errno;
    close(descriptor);
    if (error == 0 && result->may_place != NULL && !result->may_place(result->path))
        error = EEXIST;
    if (error != 0)
        return error;
    return dk_file_place(result->temporary, result->path);
}

void result_end(struct isolate_result *result)
{
    if (result->folder != NULL)
        dk_folder_remove(result->folder);
    if (result->held >= 0)
        close(result->held);
    free(result->folder);
    free(result->temporary);
    free(result->path);
    memset(result, 0, sizeof *result);
}

#endif
