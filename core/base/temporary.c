#define _DEFAULT_SOURCE /* getentropy, flock */

#include "base/temporary.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/elsewhere.h"
#include "base/list.h"
#include "base/path.h"

#define MARK ".difkit-"
#define END ".tmp"
#define JOURNAL "-journal"

enum { TEMPORARIES_MAX = 1024, WORD = 12, FOLDER_WORD = 6, DEPTH_MAX = 16, TRIES = 100 };

/* The temporary files that exist now, for dk_remove_temporaries(). A signal handler can reach nothing but a global. */
static struct temporary {
    char *volatile name;
    char *journal;
    int held;
} temporaries[TEMPORARIES_MAX];

FILE *dk_file_temporary(void)
{
    const char *folder = getenv("TMPDIR");
    struct dk_buffer name = {0};
    FILE *file = NULL;
    int descriptor;

    dk_buffer_format(&name, "%s/difkit-XXXXXX", folder != NULL && folder[0] != '\0' ? folder : "/tmp");
    descriptor = mkstemp(name.bytes);
    if (descriptor >= 0) {
        (void)unlink(name.bytes);
        file = fdopen(descriptor, "w+b");
        if (file == NULL)
            close(descriptor);
    }
    dk_buffer_free(&name);
    return file;
}

/* Random enough that nobody can make a file or link of the name beforehand. */
static void random_letters(char *out, size_t count)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    unsigned char bytes[32];

    if (count > sizeof bytes || getentropy(bytes, count) != 0)
        abort();
    for (size_t i = 0; i < count; i++)
        out[i] = letters[bytes[i] % (sizeof letters - 1)];
    out[count] = '\0';
}

/* What nobody holds ------------------------------------------------------------------------------------------------- */

/* Opens what stands under the name and takes its lock; -1 when it is none of ours, or somebody holds it. */
static int take_lock(int folder, const char *name, bool is_folder)
{
    int descriptor =
        openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY | (is_folder ? O_DIRECTORY : 0));
    struct stat status;

    if (descriptor < 0)
        return -1;
    if (fstat(descriptor, &status) == 0 && status.st_uid == geteuid() &&
        (is_folder ? (status.st_mode & 07777) == 0700 : S_ISREG(status.st_mode)) &&
        flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        return descriptor;
    close(descriptor);
    return -1;
}

static bool is_word(const char *text, size_t size)
{
    return strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789") == size;
}

/* Whether it is the name of a temporary file, of `base` when that is not NULL. */
static bool is_temporary(const char *name, const char *base)
{
    const char *mark = base != NULL ? name + strlen(base) : strstr(name, MARK);

    if ((base != NULL && strncmp(name, base, strlen(base)) != 0) || mark == NULL || strncmp(mark, MARK, strlen(MARK)) != 0)
        return false;
    mark += strlen(MARK);
    return strlen(mark) == WORD + strlen(END) && is_word(mark, WORD) && strcmp(mark + WORD, END) == 0;
}

static void remove_if_left(int folder, const char *name)
{
    int descriptor = take_lock(folder, name, false);
    struct dk_buffer journal = {0};

    if (descriptor < 0)
        return;
    dk_buffer_format(&journal, "%s" JOURNAL, name);
    (void)unlinkat(folder, journal.bytes, 0);
    (void)unlinkat(folder, name, 0);
    dk_buffer_free(&journal);
    close(descriptor);
}

/* Removes what was left for a file beside it. */
static void sweep_beside(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = dk_copy_text(slash != NULL ? path : ".");
    struct dirent *entry;
    DIR *stream;

    if (slash != NULL)
        folder[slash == path ? 1 : slash - path] = '\0';
    stream = opendir(folder);
    while (stream != NULL && (entry = readdir(stream)) != NULL)
        if (is_temporary(entry->d_name, slash != NULL ? slash + 1 : path))
            remove_if_left(dirfd(stream), entry->d_name);
    if (stream != NULL)
        closedir(stream);
    free(folder);
}

static void sweep(int folder, int depth)
{
    DIR *stream = folder >= 0 ? fdopendir(folder) : NULL;
    struct dirent *entry;

    if (stream == NULL) {
        if (folder >= 0)
            close(folder);
        return;
    }
    while ((entry = readdir(stream)) != NULL) {
        if (is_temporary(entry->d_name, NULL))
            remove_if_left(dirfd(stream), entry->d_name);
        else if (depth < DEPTH_MAX && entry->d_name[0] != '.' && (entry->d_type == DT_DIR || entry->d_type == DT_UNKNOWN))
            sweep(openat(dirfd(stream), entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), depth + 1);
    }
    closedir(stream);
}

void dk_sweep_folder(const char *path)
{
    sweep(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), 0);
}

/* Files ------------------------------------------------------------------------------------------------------------- */

static void remember(const char *name, int held)
{
    for (size_t i = 0; i < TEMPORARIES_MAX; i++) {
        struct dk_buffer journal = {0};

        if (temporaries[i].name != NULL)
            continue;
        dk_buffer_format(&journal, "%s" JOURNAL, name);
        temporaries[i].journal = journal.bytes;
        temporaries[i].held = held;
        temporaries[i].name = dk_copy_text(name);
        return;
    }
    if (held >= 0)
        close(held);
}

void dk_temporary_watch(const char *name)
{
    remember(name, -1);
}

void dk_temporary_forget(const char *name)
{
    for (size_t i = 0; i < TEMPORARIES_MAX; i++) {
        char *kept = temporaries[i].name;

        if (kept == NULL || strcmp(kept, name) != 0)
            continue;
        temporaries[i].name = NULL;
        free(kept);
        free(temporaries[i].journal);
        if (temporaries[i].held >= 0)
            close(temporaries[i].held);
        return;
    }
}

void dk_temporary_discard(const char *name)
{
    struct dk_buffer journal = {0};

    dk_buffer_format(&journal, "%s" JOURNAL, name);
    (void)unlink(journal.bytes);
    (void)unlink(name);
    dk_buffer_free(&journal);
    dk_temporary_forget(name);
}

void dk_temporary_blame(const char *name, const char *path, struct dk_error *err)
{
    struct dk_error found = *err;

    if (err->code != DK_IO || (err->file[0] != '\0' && strcmp(err->file, name) != 0))
        return;
    dk_fail(err, found.code, "cannot write %s: %s", path, found.message);
    dk_hint(err, "%s", found.hint);
}

void dk_remove_temporaries(void)
{
    for (size_t i = 0; i < TEMPORARIES_MAX; i++)
        if (temporaries[i].name != NULL) {
            (void)unlink(temporaries[i].journal);
            if (unlink(temporaries[i].name) != 0)
                (void)rmdir(temporaries[i].name);
        }
}

/* Makes the file and takes its lock: whoever sweeps may have had it in between, and then it is gone. */
static int make_held(const char *name)
{
    struct stat status;
    int descriptor;

    (void)unlink(name);
    descriptor = open(name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (descriptor >= 0 && flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        close(descriptor);
        return -2;
    }
    if (descriptor >= 0 && (fstat(descriptor, &status) != 0 || status.st_nlink == 0)) {
        close(descriptor);
        return -2;
    }
    return descriptor;
}

char *dk_temporary_name(const char *path)
{
    const char *elsewhere = dk_elsewhere(path);
    char *real = dk_real_path(path), word[WORD + 1];
    struct dk_buffer name = {0};
    int held;

    if (elsewhere == NULL && !dk_is_device(path))
        sweep_beside(real);
    for (int i = 0; i < TRIES; i++) {
        random_letters(word, WORD);
        name.size = 0;
        if (elsewhere != NULL)
            dk_buffer_text(&name, elsewhere);
        else if (dk_is_device(path))
            dk_buffer_format(&name, "%s/difkit" MARK "%s" END, P_tmpdir, word);
        else
            dk_buffer_format(&name, "%s" MARK "%s" END, real, word);
        held = make_held(name.bytes);
        if (held != -2)
            break;
    }
    remember(name.bytes, held);
    free(real);
    return name.bytes;
}

/* Folders ----------------------------------------------------------------------------------------------------------- */

/* Removes the folders PREFIXWORD that nobody holds, with the files in them. */
static void sweep_folders(const char *prefix)
{
    const char *slash = strrchr(prefix, '/');
    char *parent = dk_copy_text(prefix);
    struct dirent *entry;
    DIR *stream;
    int held;

    parent[slash == prefix ? 1 : slash - prefix] = '\0';
    stream = opendir(parent);
    while (stream != NULL && (entry = readdir(stream)) != NULL) {
        size_t size = strlen(slash + 1);
        struct dk_buffer path = {0};

        if (strncmp(entry->d_name, slash + 1, size) != 0 || strlen(entry->d_name) != size + FOLDER_WORD ||
            !is_word(entry->d_name + size, FOLDER_WORD))
            continue;
        held = take_lock(dirfd(stream), entry->d_name, true);
        if (held < 0)
            continue;
        dk_buffer_format(&path, "%s/%s", parent, entry->d_name);
        dk_folder_remove(path.bytes);
        dk_buffer_free(&path);
        close(held);
    }
    if (stream != NULL)
        closedir(stream);
    free(parent);
}

char *dk_temporary_folder(const char *prefix, int *held)
{
    char word[FOLDER_WORD + 1];
    struct dk_buffer name = {0};
    struct stat status;

    *held = -1;
    sweep_folders(prefix);
    for (int i = 0; i < TRIES; i++) {
        random_letters(word, FOLDER_WORD);
        name.size = 0;
        dk_buffer_format(&name, "%s%s", prefix, word);
        if (mkdir(name.bytes, 0700) != 0) {
            if (errno == EEXIST)
                continue;
            break;
        }
        *held = open(name.bytes, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (*held >= 0 && (flock(*held, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) && fstat(*held, &status) == 0 &&
            status.st_nlink > 0)
            return name.bytes;
        if (*held >= 0)
            close(*held);
        *held = -1;
    }
    dk_buffer_free(&name);
    return NULL;
}
