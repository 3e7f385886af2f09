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
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/elsewhere.h"
#include "base/file.h"
#include "base/temporary.h"

/* What the two say to one another: a fixed size, a fixed set of kinds. */
enum kind { PUBLISH = 0x64697031, PUBLISHED, CANCEL, CANCELLED };
struct message {
    uint32_t kind;
    int32_t error; /* errno, 0: done */
};

static bool say(int socket, enum kind kind, int error)
{
    struct message message = {.kind = kind, .error = error};

    return send(socket, &message, sizeof message, MSG_NOSIGNAL) == (ssize_t)sizeof message;
}

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

/* In the child: publishing what was written there. */
static int asked = -1;

static dk_status ask(const char *path, struct dk_error *err)
{
    struct message answer = {0};
    ssize_t size = -1;

    if (say(asked, PUBLISH, 0))
        do
            size = recv(asked, &answer, sizeof answer, 0);
        while (size < 0 && errno == EINTR);
    if (size != (ssize_t)sizeof answer || answer.kind != PUBLISHED)
        return dk_fail(err, DK_IO, "cannot write %s: the process that publishes it is gone", path);
    return answer.error == 0 ? DK_OK : dk_fail(err, DK_IO, "cannot write %s: %s", path, strerror(answer.error));
}

void isolate_ask_cancel(void)
{
    struct message answer;

    if (asked >= 0 && say(asked, CANCEL, 0))
        while (recv(asked, &answer, sizeof answer, 0) < 0 && errno == EINTR)
            continue;
}

void result_use(const struct isolate_result *result, const char *given, int socket)
{
    asked = socket;
    if (result->folder != NULL)
        dk_elsewhere_set(given, result->temporary, ask);
}

static int publish(const struct isolate_result *result)
{
    struct stat status;
    int descriptor = open(result->temporary, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    int error = 0;

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

bool result_answer(const struct isolate_result *result, const struct isolate_rules *rules, int socket)
{
    struct message message;
    ssize_t size = recv(socket, &message, sizeof message, MSG_DONTWAIT);

    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return true;
    if (size == (ssize_t)sizeof message && message.kind == CANCEL && rules->cancel != NULL) {
        rules->cancel();
        return say(socket, CANCELLED, 0);
    }
    if (size != (ssize_t)sizeof message || message.kind != PUBLISH || result->folder == NULL)
        return false;
    return say(socket, PUBLISHED, publish(result));
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
