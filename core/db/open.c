/* Opening: the one place that knows which drivers there are. */
#include "db/driver.h"
#include "db/sqlite/replace.h"

dk_status db_open(const char *path, enum db_mode mode, struct db **out, struct dk_error *err)
{
    return sqlite_open(path, mode, out, err);
}

dk_status db_open_image(const void *bytes, size_t size, bool writable, struct db **out, struct dk_error *err)
{
    return sqlite_open_image(bytes, size, writable, out, err);
}

dk_status db_may_replace(const char *path, struct dk_error *err)
{
    return sqlite_may_replace(path, err);
}

dk_status db_hold(const char *path, int *held, struct dk_error *err)
{
    return sqlite_hold(path, held, err);
}

void db_release(int held)
{
    sqlite_release(held);
}

dk_status db_migrate(const char *path, int *version, struct dk_buffer *backup, struct dk_error *err)
{
    return sqlite_migrate(path, version, backup, err);
}

bool db_is_file_name(const char *path)
{
    return sqlite_is_file_name(path);
}

void db_ddl(struct dk_buffer *out, unsigned parts)
{
    sqlite_ddl(out, parts);
}
