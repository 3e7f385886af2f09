#define _XOPEN_SOURCE 700

#include "read/archive.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/temporary.h"
#include "base/list.h"
#include "base/text.h"

enum { CHUNK = 1 << 16 };

#if defined DIFKIT_HAVE_ZLIB || defined DIFKIT_HAVE_MINIZIP

/* What came out of what went in, watched while it is unpacked. */
static dk_status check_bounds(uint64_t out, uint64_t in, struct dk_error *err)
{
    if (out <= READ_UNPACKED_MAX && (out <= READ_RATIO_FROM || out / READ_RATIO_MAX <= in))
        return DK_OK;
    dk_fail(err, DK_DATA,
            out > READ_UNPACKED_MAX ? "it unpacks to more than 4 GiB" : "it unpacks to more than 300 times its size");
    dk_hint(err, "such archives are made to fill a disk; unpack it yourself if you trust it");
    return DK_ERROR;
}

static FILE *temporary(struct dk_error *err)
{
    FILE *file = dk_file_temporary();

    if (file == NULL)
        dk_fail(err, DK_IO, "cannot make a temporary file: %s", strerror(errno));
    return file;
}

#endif

#if defined DIFKIT_HAVE_ZLIB

#include <zlib.h>

FILE *gzip_extract(FILE *stream, struct dk_error *err)
{
    int descriptor = dup(fileno(stream)), got = 0, code = Z_OK;
    gzFile packed = NULL;
    FILE *out = NULL;
    char *chunk = dk_alloc(CHUNK);
    uint64_t size = 0, in;
    bool good = false;

    fseek(stream, 0, SEEK_END);
    in = (uint64_t)ftell(stream);
    if (descriptor < 0 || lseek(descriptor, 0, SEEK_SET) < 0 || (packed = gzdopen(descriptor, "rb")) == NULL) {
        dk_fail(err, DK_IO, "cannot read: %s", strerror(errno));
        if (descriptor >= 0)
            close(descriptor);
        goto done;
    }
    out = temporary(err);
    if (out == NULL)
        goto done;
    while ((got = gzread(packed, chunk, CHUNK)) > 0) {
        size += (uint64_t)got;
        if (check_bounds(size, in, err) != DK_OK)
            goto done;
        if (fwrite(chunk, 1, (size_t)got, out) != (size_t)got) {
            dk_fail(err, DK_IO, "cannot write a temporary file: %s", strerror(errno));
            goto done;
        }
    }
    (void)gzerror(packed, &code);
    good = got == 0 && code == Z_OK;
    if (!good) {
        dk_fail(err, DK_DATA, "the gzip file is damaged, or was cut");
        dk_hint(err, "fetch it again");
    }
done:
    if (packed != NULL)
        gzclose(packed);
    if (!good && out != NULL)
        fclose(out);
    free(chunk);
    return good ? out : NULL;
}

#else

FILE *gzip_extract(FILE *stream, struct dk_error *err)
{
    (void)stream;
    dk_fail(err, DK_IO, "cannot read .gz: this difkit was built without zlib");
    dk_hint(err, "unpack it first, or build where its headers are (Debian: zlib1g-dev)");
    return NULL;
}

#endif

#if defined DIFKIT_HAVE_MINIZIP

#include <unzip.h>

struct entry {
    char *name;
    uint64_t size, packed;
    unz64_file_pos place;
};

struct archive {
    int descriptor;
    struct entry *entry;
    size_t count, capacity;
};

/* How minizip reads: from a descriptor by place, so that parts do not disturb each other. */
struct window {
    int descriptor;
    off_t at;
};

static voidpf ZCALLBACK window_open(voidpf opaque, const void *name, int mode)
{
    struct window *window = dk_alloc(sizeof *window);

    (void)mode;
    (void)opaque;
    window->descriptor = *(const int *)name;
    window->at = 0;
    return window;
}

static uLong ZCALLBACK window_read(voidpf opaque, voidpf stream, void *bytes, uLong size)
{
    struct window *window = stream;
    ssize_t got = pread(window->descriptor, bytes, size, window->at);

    (void)opaque;
    if (got < 0)
        return 0;
    window->at += got;
    return (uLong)got;
}

static uLong ZCALLBACK window_write(voidpf opaque, voidpf stream, const void *bytes, uLong size)
{
    (void)opaque;
    (void)stream;
    (void)bytes;
    (void)size;
    return 0;
}

static ZPOS64_T ZCALLBACK window_tell(voidpf opaque, voidpf stream)
{
    (void)opaque;
    return (ZPOS64_T)((struct window *)stream)->at;
}

static long ZCALLBACK window_seek(voidpf opaque, voidpf stream, ZPOS64_T offset, int origin)
{
    struct window *window = stream;
    off_t base = origin == ZLIB_FILEFUNC_SEEK_CUR   ? window->at
                 : origin == ZLIB_FILEFUNC_SEEK_END ? lseek(window->descriptor, 0, SEEK_END)
                                                    : 0;

    (void)opaque;
    window->at = base + (off_t)offset;
    return 0;
}

static int ZCALLBACK window_close(voidpf opaque, voidpf stream)
{
    (void)opaque;
    free(stream);
    return 0;
}

static int ZCALLBACK window_failed(voidpf opaque, voidpf stream)
{
    (void)opaque;
    (void)stream;
    return 0;
}

static unzFile open_descriptor(const int *descriptor)
{
    zlib_filefunc64_def functions = {window_open, window_read,  window_write,  window_tell,
                                     window_seek, window_close, window_failed, NULL};

    return unzOpen2_64(descriptor, &functions);
}

static dk_status damaged(struct dk_error *err)
{
    dk_fail(err, DK_DATA, "the archive is damaged, or was cut");
    dk_hint(err, "fetch it again");
    return DK_ERROR;
}

/* Notes the entry that minizip is at. */
static dk_status add_entry(struct archive *archive, unzFile file, struct dk_error *err)
{
    char name[1024];
    unz_file_info64 info;
    struct entry *entry;

    if (archive->count == READ_ENTRIES_MAX)
        return dk_fail(err, DK_DATA, "the archive has more than %d entries", READ_ENTRIES_MAX);
    if (unzGetCurrentFileInfo64(file, &info, name, sizeof name - 1, NULL, 0, NULL, 0) != UNZ_OK)
        return damaged(err);
    name[info.size_filename < sizeof name - 1 ? info.size_filename : sizeof name - 1] = '\0';
    archive->entry = dk_list_grow(archive->entry, archive->count, &archive->capacity, sizeof *archive->entry);
    entry = &archive->entry[archive->count];
    if (unzGetFilePos64(file, &entry->place) != UNZ_OK)
        return damaged(err);
    entry->name = dk_copy_text(name);
    entry->size = info.uncompressed_size;
    entry->packed = info.compressed_size;
    archive->count++;
    if (info.flag & 1) {
        dk_fail(err, DK_DATA, "it is protected by a password");
        dk_hint(err, "save it without one");
        return DK_ERROR;
    }
    return DK_OK;
}

struct archive *archive_open(FILE *stream, struct dk_error *err)
{
    struct archive *archive = dk_alloc_zeroed(1, sizeof *archive);
    unzFile file = NULL;
    int code = UNZ_OK;
    bool good = false;

    archive->descriptor = fileno(stream);
    file = open_descriptor(&archive->descriptor);
    if (file == NULL) {
        damaged(err);
        goto done;
    }
    for (code = unzGoToFirstFile(file); code == UNZ_OK; code = unzGoToNextFile(file))
        if (add_entry(archive, file, err) != DK_OK)
            goto done;
    good = code == UNZ_END_OF_LIST_OF_FILE;
    if (!good)
        damaged(err);
done:
    if (file != NULL)
        unzClose(file);
    if (good)
        return archive;
    archive_close(archive);
    return NULL;
}

void archive_close(struct archive *archive)
{
    if (archive == NULL)
        return;
    for (size_t i = 0; i < archive->count; i++)
        free(archive->entry[i].name);
    free(archive->entry);
    free(archive);
}

size_t archive_count(const struct archive *archive)
{
    return archive->count;
}

const char *archive_name(const struct archive *archive, size_t index)
{
    return archive->entry[index].name;
}

uint64_t archive_size(const struct archive *archive, size_t index)
{
    return archive->entry[index].size;
}

size_t archive_find(const struct archive *archive, const char *name)
{
    for (size_t i = 0; i < archive->count; i++)
        if (strcasecmp(archive->entry[i].name, name) == 0)
            return i;
    return SIZE_MAX;
}

struct part {
    unzFile file;
    uint64_t out, packed;
};

struct part *part_open(const struct archive *archive, size_t index, struct dk_error *err)
{
    struct part *part = dk_alloc_zeroed(1, sizeof *part);
    unz64_file_pos place = archive->entry[index].place;

    part->packed = archive->entry[index].packed;
    part->file = open_descriptor(&archive->descriptor);
    if (part->file != NULL && unzGoToFilePos64(part->file, &place) == UNZ_OK && unzOpenCurrentFile(part->file) == UNZ_OK)
        return part;
    damaged(err);
    part_close(part);
    return NULL;
}

dk_status part_read(struct part *part, void *bytes, size_t size, size_t *got, struct dk_error *err)
{
    int read = unzReadCurrentFile(part->file, bytes, (unsigned)size);

    *got = 0;
    if (read < 0 || (read == 0 && unzCloseCurrentFile(part->file) != UNZ_OK))
        return damaged(err);
    *got = (size_t)read;
    part->out += *got;
    return check_bounds(part->out, part->packed, err);
}

void part_close(struct part *part)
{
    if (part == NULL)
        return;
    if (part->file != NULL)
        unzClose(part->file);
    free(part);
}

FILE *archive_extract(const struct archive *archive, size_t index, struct dk_error *err)
{
    struct part *part = part_open(archive, index, err);
    FILE *out = part != NULL ? temporary(err) : NULL;
    char *chunk = dk_alloc(CHUNK);
    size_t got = 1;
    dk_status status = out != NULL ? DK_OK : DK_ERROR;

    while (status == DK_OK && got > 0) {
        status = part_read(part, chunk, CHUNK, &got, err);
        if (status == DK_OK && fwrite(chunk, 1, got, out) != got)
            status = dk_fail(err, DK_IO, "cannot write a temporary file: %s", strerror(errno));
    }
    free(chunk);
    part_close(part);
    if (status == DK_OK)
        return out;
    if (out != NULL)
        fclose(out);
    return NULL;
}

#else

struct archive {
    char nothing;
};

struct archive *archive_open(FILE *stream, struct dk_error *err)
{
    (void)stream;
    dk_fail(err, DK_IO, "cannot read workbooks and .zip: this difkit was built without minizip");
    dk_hint(err, "save it as CSV, or build where its headers are (Debian: libminizip-dev, libexpat1-dev)");
    return NULL;
}

void archive_close(struct archive *archive)
{
    (void)archive;
}

size_t archive_count(const struct archive *archive)
{
    (void)archive;
    return 0;
}

const char *archive_name(const struct archive *archive, size_t index)
{
    (void)archive;
    (void)index;
    return "";
}

uint64_t archive_size(const struct archive *archive, size_t index)
{
    (void)archive;
    (void)index;
    return 0;
}

size_t archive_find(const struct archive *archive, const char *name)
{
    (void)archive;
    (void)name;
    return SIZE_MAX;
}

struct part *part_open(const struct archive *archive, size_t index, struct dk_error *err)
{
    (void)archive;
    (void)index;
    (void)err;
    return NULL;
}

dk_status part_read(struct part *part, void *bytes, size_t size, size_t *got, struct dk_error *err)
{
    (void)part;
    (void)bytes;
    (void)size;
    *got = 0;
    return dk_fail(err, DK_IO, "built without minizip");
}

void part_close(struct part *part)
{
    (void)part;
}

FILE *archive_extract(const struct archive *archive, size_t index, struct dk_error *err)
{
    (void)archive;
    (void)index;
    (void)err;
    return NULL;
}

#endif
