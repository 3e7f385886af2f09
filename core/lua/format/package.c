/* Zip packages for the library, which writes and changes documents of word processors (difkit/format/zip.lua,
 * difkit/report/docx): a part packed for a zip, and the parts of a package that is there, bounded. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "lua/binding.h"
#include "lua/host/access.h"
#include "lua/parts.h"
#include "read/archive.h"

enum { PARTS_MOST = 2000, BYTES_MOST = 64 << 20, CHUNK = 1 << 16 };

struct package {
    FILE *stream;
    struct archive *archive;
    struct part *part;
};

static int package_free(lua_State *L)
{
    struct package *package = lua_touserdata(L, 1);

    if (package->part != NULL)
        part_close(package->part);
    if (package->archive != NULL)
        archive_close(package->archive);
    if (package->stream != NULL)
        fclose(package->stream);
    memset(package, 0, sizeof *package);
    return 0;
}

#if defined DIFKIT_HAVE_ZLIB

#include <zlib.h>

static int deflate_free(lua_State *L)
{
    (void)deflateEnd(lua_touserdata(L, 1));
    return 0;
}

/* core.deflate(text) -> bytes as a zip holds them, checksum, method of the zip */
static int pack_text(lua_State *L)
{
    size_t size;
    const char *text = luaL_checklstring(L, 1, &size);
    z_stream *stream;
    struct dk_buffer *out = push_buffer(L);
    char *room;

    luaL_argcheck(L, size <= BYTES_MOST, 1, "a part of a package has at most 64 MiB");
    stream = type_hold(L, "difkit.Deflate", sizeof *stream, deflate_free);
    if (deflateInit2(stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return raise_error(L, DK_LIMIT, NULL, "out of memory");
    stream->next_in = (Bytef *)text;
    stream->avail_in = (uInt)size;
    stream->avail_out = (uInt)deflateBound(stream, (uLong)size);
    room = dk_buffer_reserve(out, stream->avail_out);
    stream->next_out = (Bytef *)room;
    if (deflate(stream, Z_FINISH) != Z_STREAM_END)
        return raise_error(L, DK_LIMIT, NULL, "a part of a package cannot be packed");
    lua_pushlstring(L, room, stream->total_out);
    lua_pushinteger(L, (lua_Integer)crc32(0, (const Bytef *)text, (uInt)size));
    lua_pushinteger(L, 8);
    return 3;
}

#else

/* core.deflate without zlib: the text as it is */
static int pack_text(lua_State *L)
{
    size_t size;
    const char *text = luaL_checklstring(L, 1, &size);
    uint32_t sum = 0xFFFFFFFF;

    for (size_t i = 0; i < size; i++) {
        sum ^= (unsigned char)text[i];
        for (int bit = 0; bit < 8; bit++)
            sum = sum >> 1 ^ (sum & 1 ? 0xEDB88320 : 0);
    }
    lua_pushvalue(L, 1);
    lua_pushinteger(L, (lua_Integer)(sum ^ 0xFFFFFFFF));
    lua_pushinteger(L, 0);
    return 3;
}

#endif

static dk_status read_part(struct package *package, size_t index, struct dk_buffer *out, struct dk_error *err)
{
    size_t got;

    package->part = part_open(package->archive, index, err);
    if (package->part == NULL)
        return DK_ERROR;
    out->size = 0;
    do {
        char *room = dk_buffer_reserve(out, CHUNK);

        if (part_read(package->part, room, CHUNK, &got, err) != DK_OK)
            return DK_ERROR;
        out->size += got;
        if (out->size > BYTES_MOST)
            return dk_fail(err, DK_LIMIT, "%s has more than 64 MiB", archive_name(package->archive, index));
    } while (got > 0);
    part_close(package->part);
    package->part = NULL;
    return DK_OK;
}

static dk_status open_package(struct package *package, const char *path, struct dk_error *err)
{
    if (dk_is_folder(path))
        return dk_fail(err, DK_IO, "it is a folder");
    package->stream = dk_file_open(path, err);
    if (package->stream == NULL)
        return DK_ERROR;
    package->archive = archive_open(package->stream, err);
    if (package->archive == NULL)
        return DK_ERROR;
    if (archive_count(package->archive) > PARTS_MOST)
        return dk_fail(err, DK_LIMIT, "it has more than %d parts", PARTS_MOST);
    return DK_OK;
}

/* core.read_package(path) -> {{name, bytes}, …} in the order of the package | nil, message, code */
static int read_package(lua_State *L)
{
    const char *path = files_path(L, 1);
    struct dk_buffer *bytes = push_buffer(L);
    struct package *package;
    struct dk_error err;
    size_t total = 0;

    if (files_resolve_read(L, path, &err) != DK_OK)
        return push_condition(L, &err);
    package = type_hold(L, "difkit.Package", sizeof *package, package_free);
    if (open_package(package, lua_tostring(L, -2), &err) != DK_OK)
        goto failed;
    lua_newtable(L);
    for (size_t i = 0; i < archive_count(package->archive); i++) {
        if (read_part(package, i, bytes, &err) != DK_OK)
            goto failed;
        total += bytes->size;
        if (total > BYTES_MOST) {
            dk_fail(&err, DK_LIMIT, "its parts have more than 64 MiB together");
            goto failed;
        }
        lua_createtable(L, 2, 0);
        lua_pushstring(L, archive_name(package->archive, i));
        lua_rawseti(L, -2, 1);
        lua_pushlstring(L, bytes->bytes != NULL ? bytes->bytes : "", bytes->size);
        lua_rawseti(L, -2, 2);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
failed:
    dk_place(&err, path, 0, 0);
    return push_condition(L, &err);
}

void package_register(lua_State *L)
{
    lua_pushcfunction(L, pack_text);
    lua_setfield(L, -2, "deflate");
    lua_pushcfunction(L, read_package);
    lua_setfield(L, -2, "read_package");
}
