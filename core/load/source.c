/* Reads whole files in one go: the size is known beforehand, so that nothing is copied while the buffer grows. */
#define _POSIX_C_SOURCE 200809L

#include "load/source.h"

#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/sha256.h"
#include "load/state.h"

uint64_t load_file_size(const struct load_file *file)
{
    struct stat status;

    if (file->bytes != NULL)
        return file->size;
    return stat(file->path, &status) == 0 && S_ISREG(status.st_mode) ? (uint64_t)status.st_size : 0;
}

dk_status source_read(const struct load_file *file, struct source_text *out, struct dk_error *err)
{
    enum { SLACK = 1 << 17 }; /* what dk_file_read() asks for beyond the end */
    struct stat status;

    memset(out, 0, sizeof *out);
    if (file->bytes != NULL) {
        out->bytes = file->bytes;
        out->size = file->size;
        return DK_OK;
    }
    if (stat(file->path, &status) == 0 && S_ISREG(status.st_mode) && status.st_size <= LOAD_FILE_MAX)
        dk_buffer_reserve(&out->owned, (size_t)status.st_size + SLACK);
    if (dk_file_read(file->path, LOAD_FILE_MAX, &out->owned, err) != DK_OK) {
        dk_buffer_free(&out->owned);
        return DK_ERROR;
    }
    out->bytes = (const unsigned char *)out->owned.bytes;
    out->size = out->owned.size;
    return DK_OK;
}

void source_digest(struct load_file *file, const struct source_text *source)
{
    struct dk_sha256 digest;

    dk_sha256_begin(&digest);
    dk_sha256_add(&digest, source->bytes, source->size);
    dk_sha256_text(&digest, file->digest);
}

void source_free(struct source_text *source)
{
    dk_buffer_free(&source->owned);
    memset(source, 0, sizeof *source);
}
