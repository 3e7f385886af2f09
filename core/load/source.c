#include "load/source.h"

#include <string.h>

#include <sha2.h>

#include "base/file.h"
#include "load/state.h"

dk_status source_read(struct load_file *file, struct source_text *out, struct dk_error *err)
{
    SHA2_CTX digest;

    memset(out, 0, sizeof *out);
    if (file->bytes != NULL) {
        out->bytes = file->bytes;
        out->size = file->size;
    } else {
        if (dk_file_read(file->path, LOAD_FILE_MAX, &out->owned, err) != DK_OK) {
            dk_buffer_free(&out->owned);
            return DK_ERROR;
        }
        out->bytes = (const unsigned char *)out->owned.bytes;
        out->size = out->owned.size;
    }
    SHA256Init(&digest);
    SHA256Update(&digest, out->bytes, out->size);
    SHA256End(&digest, file->digest);
    return DK_OK;
}

void source_free(struct source_text *source)
{
    dk_buffer_free(&source->owned);
    memset(source, 0, sizeof *source);
}
