#define _DEFAULT_SOURCE

#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#ifdef __linux__
#include <sys/sysmacros.h>
#endif
#include <unistd.h>

#include "base/elsewhere.h"
#include "base/list.h"
#include "base/near.h"
#include "base/path.h"
#include "base/temporary.h"

/* A device that gives bytes for ever, such as /dev/zero. */
static bool is_endless(const struct stat *status)
{
#ifdef __linux__
    enum { MEMORY_DEVICES = 1, NOTHING = 3 };

    return S_ISCHR(status->st_mode) && major(status->st_rdev) == MEMORY_DEVICES && minor(status->st_rdev) != NOTHING;
#else
    (void)status;
    return false;
#endif
}

FILE *dk_file_open(const char *path, struct dk_error *err)
{
    /* Of a pipe or terminal nobody knows when it ends: opening one waits for its writer, unless told not to. */
    bool device = strncmp(path, "/dev/", 5) == 0;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | (device ? 0 : O_NONBLOCK));
    struct stat status;
    FILE *stream = NULL;

    if (descriptor < 0 || fstat(descriptor, &status) != 0) {
        dk_fail(err, DK_IO, "cannot read %s: %s", path, strerror(errno));
    } else if (S_ISDIR(status.st_mode)) {
        dk_fail(err, DK_IO, "%s is a folder, a file is needed", path);
    } else if (is_endless(&status)) {
        dk_fail(err, DK_IO, "cannot read %s: it never ends, a file is needed", path);
    } else if (!S_ISREG(status.st_mode) && !device) {
        dk_fail(err, DK_IO, "cannot read %s: it is a pipe, a socket or a device, a file is needed", path);
        dk_hint(err, "copy what it gives to a file");
    } else {
        stream = fdopen(descriptor, "rb");
        if (stream == NULL)
            dk_fail(err, DK_IO, "cannot read %s: %s", path, strerror(errno));
    }
    if (stream == NULL && descriptor >= 0)
        close(descriptor);
    return stream;
}

dk_status dk_file_read(const char *path, size_t limit, struct dk_buffer *out, struct dk_error *err)
{
    dk_status status = DK_ERROR;
    enum { PART = 1 << 16 };
    size_t begin = out->size;
    FILE *stream = dk_file_open(path, err);

    if (stream == NULL)
        return DK_ERROR;
    for (;;) {
        size_t got;

        if (out->size + PART >= out->capacity && dk_purse_left() < 2 * (out->capacity + PART)) {
            dk_fail(err, DK_LIMIT, "%s does not fit into the limit of memory", path);
            dk_hint(err, DK_LIFT_MEMORY);
            goto done;
        }
        dk_buffer_reserve(out, PART);
        got = fread(out->bytes + out->size, 1, PART, stream);
        out->size += got;
        out->bytes[out->size] = '\0';
        if (limit > 0 && out->size - begin > limit) {
            dk_fail(err, DK_IO, "%s is larger than the limit of %zu bytes", path, limit);
            goto done;
        }
        if (got == 0)
            break;
    }
    if (ferror(stream)) {
        dk_fail(err, DK_IO, "cannot read %s: %s", path, strerror(errno));
        goto done;
    }
    status = DK_OK;
done:
    fclose(stream);
    return status;
}

dk_status dk_make_folders(const char *path, struct dk_error *err)
{
    char *copy = dk_copy_text(path);
    dk_status status = DK_OK;

    for (char *slash = strchr(copy + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(copy, 0777) != 0 && errno != EEXIST) {
            int cause = errno;

            if (!dk_is_folder(copy)) { /* not every system says EEXIST of "." */
                status = dk_fail(err, DK_IO, "cannot make the folder %s: %s", copy, strerror(cause));
                break;
            }
        }
        *slash = '/';
    }
    free(copy);
    return status;
}

dk_status dk_output_open(struct dk_output *output, const char *path, bool make_folders, struct dk_error *err)
{
    int descriptor;

    memset(output, 0, sizeof *output);
    if (path[0] == '\0')
        return dk_fail(err, DK_USAGE, "cannot write to an empty path");
    if (dk_is_folder(path))
        return dk_fail(err, DK_IO, "cannot write %s: it is a folder", path);
    if (make_folders && dk_make_folders(path, err) != DK_OK)
        return DK_ERROR;
    output->path = dk_copy_text(path);
    output->temporary = dk_temporary_name(path);
    descriptor = open(output->temporary, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
    output->stream = descriptor >= 0 ? fdopen(descriptor, "w+b") : NULL;
    if (output->stream == NULL) {
        dk_fail(err, DK_IO, "cannot write %s: %s", path, strerror(errno));
        dk_output_discard(output);
        return DK_ERROR;
    }
    return DK_OK;
}

static void sync_folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = dk_copy_text(slash == NULL ? "." : path);
    int descriptor;

    if (slash != NULL)
        folder[slash == path ? 1 : slash - path] = '\0';
    descriptor = open(folder, O_RDONLY | O_DIRECTORY);
    if (descriptor >= 0) {
        (void)fsync(descriptor);
        close(descriptor);
    }
    free(folder);
}

/* The new file has the mode and the owner of the one it replaces, as far as this user may set them. */
static void take_after(const char *temporary, const char *path)
{
    struct stat old, new;

    if (stat(path, &old) != 0 || stat(temporary, &new) != 0)
        return;
    if ((old.st_uid != new.st_uid || old.st_gid != new.st_gid) && chown(temporary, old.st_uid, old.st_gid) != 0)
        (void)!chown(temporary, (uid_t)-1, old.st_gid);
    if (((old.st_mode ^ new.st_mode) & 07777) != 0)
        (void)chmod(temporary, old.st_mode & 07777);
}

/* Writes the bytes of a file to a device or pipe. Gives an error number. */
static int pour(const char *temporary, const char *path)
{
    FILE *from = fopen(temporary, "rb"), *to = from != NULL ? fopen(path, "wb") : NULL;
    char block[1 << 16];
    size_t size;
    int error = to == NULL ? errno : 0;

    while (error == 0 && (size = fread(block, 1, sizeof block, from)) > 0)
        if (fwrite(block, 1, size, to) != size)
            error = errno;
    if (to != NULL && fclose(to) != 0 && error == 0)
        error = errno;
    if (from != NULL)
        fclose(from);
    return error;
}

int dk_file_place(const char *temporary, const char *path)
{
    char *real;
    int error = 0;

    if (dk_is_device(path)) {
        error = pour(temporary, path);
        if (error == 0)
            (void)unlink(temporary);
        return error;
    }
    real = dk_real_path(path);
    take_after(temporary, real);
    if (rename(temporary, real) != 0)
        error = errno;
    else
        sync_folder_of(real);
    free(real);
    return error;
}

dk_status dk_file_publish(const char *temporary, const char *path, struct dk_error *err)
{
    int descriptor = open(temporary, O_RDONLY), error;

    if (descriptor < 0)
        return dk_fail(err, DK_IO, "cannot write %s: %s", path, strerror(errno));
    if (fsync(descriptor) != 0) {
        dk_fail(err, DK_IO, "cannot write %s: %s", path, strerror(errno));
        close(descriptor);
        return DK_ERROR;
    }
    close(descriptor);
    if (dk_elsewhere(path) != NULL && strcmp(temporary, dk_elsewhere(path)) == 0) {
        if (dk_elsewhere_publish(path, err) != DK_OK)
            return DK_ERROR;
        dk_temporary_forget(temporary);
        return DK_OK;
    }
    error = dk_file_place(temporary, path);
    if (error != 0)
        return dk_fail(err, DK_IO, "cannot write %s: %s", path, strerror(error));
    dk_temporary_forget(temporary);
    return DK_OK;
}

dk_status dk_output_close(struct dk_output *output, struct dk_error *err)
{
    FILE *stream = output->stream;
    bool failed = fflush(stream) != 0 || ferror(stream);
    int reason = errno;

    output->stream = NULL;
    if (fclose(stream) != 0 && !failed) {
        failed = true;
        reason = errno;
    }
    return failed ? dk_fail(err, DK_IO, "cannot write %s: %s", output->path, strerror(reason)) : DK_OK;
}

dk_status dk_output_commit(struct dk_output *output, struct dk_error *err)
{
    dk_status status = output->stream != NULL ? dk_output_close(output, err) : DK_OK;

    if (status == DK_OK)
        status = dk_file_publish(output->temporary, output->path, err);
    if (status == DK_OK) {
        free(output->temporary);
        output->temporary = NULL;
    }
    dk_output_discard(output);
    return status;
}

void dk_output_discard(struct dk_output *output)
{
    if (output->stream != NULL)
        fclose(output->stream);
    if (output->temporary != NULL)
        dk_temporary_discard(output->temporary);
    free(output->temporary);
    free(output->path);
    memset(output, 0, sizeof *output);
}

dk_status dk_file_copy(const char *path, const char *target, struct dk_error *err)
{
    struct dk_output output;
    FILE *file;
    char block[1 << 16];
    size_t size;
    bool failed;

    if (dk_file_exists(target))
        return dk_fail(err, DK_IO, "cannot write %s: %s", target, strerror(EEXIST));
    file = fopen(path, "rb");
    if (file == NULL)
        return dk_fail(err, DK_IO, "cannot read %s: %s", path, strerror(errno));
    if (dk_output_open(&output, target, false, err) != DK_OK) {
        fclose(file);
        return DK_ERROR;
    }
    while ((size = fread(block, 1, sizeof block, file)) > 0 && fwrite(block, 1, size, output.stream) == size)
        continue;
    failed = ferror(file) || ferror(output.stream);
    fclose(file);
    if (!failed)
        return dk_output_commit(&output, err);
    dk_output_discard(&output);
    return dk_fail(err, DK_IO, "cannot copy %s to %s: %s", path, target, strerror(errno));
}

dk_status dk_file_write(const char *path, const void *bytes, size_t size, bool make_folders, struct dk_error *err)
{
    struct dk_output output;

    if (dk_output_open(&output, path, make_folders, err) != DK_OK)
        return DK_ERROR;
    (void)fwrite(bytes, 1, size, output.stream);
    return dk_output_commit(&output, err);
}

static int compare_names(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

dk_status dk_folder_list(const char *path, const char *suffix, struct dk_names *out, struct dk_error *err)
{
    size_t suffix_size = strlen(suffix);
    size_t capacity = 0;
    struct dirent *entry;
    DIR *folder = opendir(path);
    int reason;

    memset(out, 0, sizeof *out);
    if (folder == NULL)
        return dk_fail(err, DK_IO, "cannot read the folder %s: %s", path, strerror(errno));
    while ((errno = 0, entry = readdir(folder)) != NULL) {
        size_t size = strlen(entry->d_name);

        if (entry->d_name[0] == '.' || size < suffix_size ||
            strcmp(entry->d_name + size - suffix_size, suffix) != 0)
            continue;
        out->name = dk_list_grow(out->name, out->count, &capacity, sizeof *out->name);
        out->name[out->count++] = dk_copy_text(entry->d_name);
    }
    reason = errno;
    closedir(folder);
    if (reason != 0) { /* half a folder is worse than none */
        dk_names_free(out);
        return dk_fail(err, DK_IO, "cannot read the folder %s: %s", path, strerror(reason));
    }
    if (out->count > 0)
        qsort(out->name, out->count, sizeof *out->name, compare_names);
    return DK_OK;
}

void dk_names_free(struct dk_names *names)
{
    for (size_t i = 0; i < names->count; i++)
        free(names->name[i]);
    free(names->name);
    memset(names, 0, sizeof *names);
}

void dk_hint_neighbour(struct dk_error *err, const char *path, const char *given)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    const char *end = strrchr(given, '/');
    char *folder = dk_copy_text(path);
    struct dk_names names = {0};
    const char *nearest = NULL;

    folder[slash == path ? 1 : slash != NULL ? (size_t)(slash - path) : 0] = '\0';
    if (dk_folder_list(folder[0] != '\0' ? folder : ".", "", &names, NULL) == DK_OK)
        nearest = dk_nearest(name, (const char *const *)names.name, names.count);
    if (nearest != NULL)
        dk_hint(err, "did you mean \"%.*s%s\"?", end != NULL ? (int)(end + 1 - given) : 0, given, nearest);
    dk_names_free(&names);
    free(folder);
}
