/* Archives for the library: core.read_archive(path) -> {{name, text}, …} | nil, message, code
 *
 * The entries of a zip archive, unpacked in memory. No path is ever taken from an entry: its name is told, and that is all.
 * A small archive can unpack to any size, so number, size and ratio are bounded. */
#include "lua/binding.h"
#include "lua/host/access.h"
#include "lua/parts.h"

#if defined DIFKIT_HAVE_MINIZIP

#include <string.h>
#include <unzip.h>

#define ARCHIVE_TYPE "difkit.Archive"

enum {
    ENTRIES_MOST = 2000,
    TOTAL_MOST = 512 * 1024 * 1024, /* bytes of all entries */
    RATIO_MOST = 250,               /* of unpacked to packed, above RATIO_FROM bytes */
    RATIO_FROM = 4 * 1024 * 1024,
    NAME_SIZE = 512
};

struct archive {
    unzFile file;
    struct dk_buffer text;
    size_t total;
};

static int archive_close(lua_State *L)
{
    struct archive *archive = luaL_checkudata(L, 1, ARCHIVE_TYPE);

    if (archive->file != NULL)
        unzClose(archive->file);
    archive->file = NULL;
    dk_buffer_free(&archive->text);
    return 0;
}

/* Unpacks the current entry into `text`. */
static dk_status unpack(struct archive *archive, const char *path, char name[NAME_SIZE], struct dk_error *err)
{
    unz_file_info64 info;
    int size;

    archive->text.size = 0;
    if (unzGetCurrentFileInfo64(archive->file, &info, name, NAME_SIZE - 1, NULL, 0, NULL, 0) != UNZ_OK)
        return dk_fail(err, DK_DATA, "%s: the archive is damaged or cut", path);
    name[NAME_SIZE - 1] = '\0';
    if (info.flag & 1)
        return dk_fail(err, DK_DATA, "%s: %s is encrypted", path, name);
    if (info.uncompressed_size > TOTAL_MOST - archive->total ||
        (info.uncompressed_size > RATIO_FROM && info.uncompressed_size / RATIO_MOST > info.compressed_size)) {
        dk_fail(err, DK_LIMIT, "%s: %s would unpack to %.0f MB", path, name, (double)info.uncompressed_size / 1e6);
        dk_hint(err, "an archive may hold up to 512 MB, packed to no less than 1/250");
        return DK_ERROR;
    }
    if (unzOpenCurrentFile(archive->file) != UNZ_OK)
        return dk_fail(err, DK_DATA, "%s: %s cannot be unpacked", path, name);
    do {
        char *room = dk_buffer_reserve(&archive->text, 65536);

        size = unzReadCurrentFile(archive->file, room, 65536);
        if (size > 0)
            archive->text.size += (size_t)size;
    } while (size > 0 && archive->text.size <= info.uncompressed_size);
    if (unzCloseCurrentFile(archive->file) != UNZ_OK || size != 0 || archive->text.size != info.uncompressed_size)
        return dk_fail(err, DK_DATA, "%s: %s is damaged or cut", path, name);
    archive->total += archive->text.size;
    return DK_OK;
}

static int read_archive(lua_State *L)
{
    const char *path = luaL_checkstring(L, 1);
    struct archive *archive;
    struct dk_error err;
    char name[NAME_SIZE];
    lua_Integer count = 0;

    lua_settop(L, 1);
    if (files_resolve_read(L, path, &err) != DK_OK)
        return push_condition(L, &err);
    archive = type_hold(L, ARCHIVE_TYPE, sizeof *archive, archive_close);
    archive->file = unzOpen64(lua_tostring(L, 2));
    if (archive->file == NULL) {
        dk_fail(&err, DK_DATA, "%s: the archive is damaged or cut", path);
        return push_condition(L, &err);
    }
    lua_newtable(L);
    for (int status = unzGoToFirstFile(archive->file); status == UNZ_OK; status = unzGoToNextFile(archive->file)) {
        if (count == ENTRIES_MOST) {
            dk_fail(&err, DK_LIMIT, "%s: the archive has more than %d entries", path, ENTRIES_MOST);
            return push_condition(L, &err);
        }
        if (unpack(archive, path, name, &err) != DK_OK)
            return push_condition(L, &err);
        lua_createtable(L, 0, 2);
        lua_pushstring(L, name);
        lua_setfield(L, -2, "name");
        lua_pushlstring(L, archive->text.bytes != NULL ? archive->text.bytes : "", archive->text.size);
        lua_setfield(L, -2, "text");
        lua_rawseti(L, -2, ++count);
    }
    return 1;
}

#else

static int read_archive(lua_State *L)
{
    struct dk_error err;

    (void)luaL_checkstring(L, 1);
    dk_fail(&err, DK_IO, "archives and workbooks cannot be read: this difkit was built without minizip");
    dk_hint(&err, "build it where its headers are (Debian: libminizip-dev)");
    return push_condition(L, &err);
}

#endif

void archive_register(lua_State *L)
{
    lua_pushcfunction(L, read_archive);
    lua_setfield(L, -2, "read_archive");
}
