/* Opening: the one place that knows which drivers there are. */
#include "db/driver.h"

#include <string.h>

#include "base/file.h"
#include "db/sqlite/replace.h"

dk_status db_open(const char *path, enum db_mode mode, struct db **out, struct dk_error *err)
{
    return db_is_server(path) ? postgresql_open(path, mode, out, err) : sqlite_open(path, mode, out, err);
}

bool db_is_server(const char *path)
{
    return strncmp(path, "postgresql://", 13) == 0 || strncmp(path, "postgres://", 11) == 0;
}

void db_show_name(const char *path, struct dk_buffer *out)
{
    if (db_is_server(path))
        postgresql_show(path, out);
    else
        dk_buffer_text(out, path);
}

dk_status db_connect_ahead(const char *address, bool writable, struct dk_error *err)
{
    return postgresql_connect_ahead(address, writable, err);
}

size_t db_descriptors(int *out, size_t most)
{
    return postgresql_descriptors(out, most);
}

void db_leave_sessions(void)
{
    postgresql_leave();
}

void db_cancel_sessions(void)
{
    postgresql_cancel_all();
}

void db_inherit_sessions(void (*cancel)(void))
{
    postgresql_inherit(cancel);
}

double db_waited(void)
{
    return postgresql_waited();
}

#ifndef DIFKIT_HAVE_LIBPQ /* what the driver has, for a build without it */
static dk_status refuse(struct dk_error *err)
{
    dk_fail(err, DK_USAGE, "this build of difkit cannot speak to a server");
    dk_hint(err, "build it with libpq-dev, or work with a database file");
    return DK_ERROR;
}

dk_status postgresql_open(const char *address, enum db_mode mode, struct db **out, struct dk_error *err)
{
    (void)address;
    (void)mode;
    *out = NULL;
    return refuse(err);
}

void postgresql_show(const char *address, struct dk_buffer *out)
{
    (void)address;
    dk_buffer_text(out, "postgresql://");
}

dk_status postgresql_connect_ahead(const char *address, bool writable, struct dk_error *err)
{
    (void)address;
    (void)writable;
    return refuse(err);
}

size_t postgresql_descriptors(int *out, size_t most)
{
    (void)out;
    (void)most;
    return 0;
}

void postgresql_leave(void)
{
}

void postgresql_cancel_all(void)
{
}

void postgresql_inherit(void (*cancel)(void))
{
    (void)cancel;
}

double postgresql_waited(void)
{
    return 0;
}
#endif

dk_status db_open_image(const void *bytes, size_t size, bool writable, struct db **out, struct dk_error *err)
{
    return sqlite_open_image(bytes, size, writable, out, err);
}

dk_status db_may_replace(const char *path, struct dk_error *err)
{
    return db_is_server(path) ? DK_OK : sqlite_may_replace(path, err); /* the server is asked when it is replaced */
}

dk_status db_hold(const char *path, int *held, struct dk_error *err)
{
    return sqlite_hold(path, held, err);
}

void db_release(int held)
{
    sqlite_release(held);
}

dk_status db_publish(struct dk_output *output, struct dk_error *err)
{
    dk_status status;
    int held;

    if (db_hold(output->path, &held, err) != DK_OK) {
        dk_output_discard(output);
        return DK_ERROR;
    }
    status = dk_output_commit(output, err);
    db_release(held);
    return status;
}

dk_status db_migrate(const char *path, int *version, struct dk_buffer *backup, struct dk_error *err)
{
    if (db_is_server(path))
        return dk_fail(err, DK_USAGE, "a database on a server is brought up to date by loading it anew");
    return sqlite_migrate(path, version, backup, err);
}

bool db_is_file_name(const char *path)
{
    return db_is_server(path) || sqlite_is_file_name(path);
}

void db_ddl(struct dk_buffer *out, const struct model *model, unsigned parts)
{
    sqlite_ddl(out, model, parts);
}
