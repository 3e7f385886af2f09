/* How SQLite reaches files (vfs.c). */
#ifndef DIFKIT_DB_SQLITE_VFS_H
#define DIFKIT_DB_SQLITE_VFS_H

/* The name to open every database file with. Begins to use SQLite: what is configured has to be so before. */
const char *sqlite_vfs(void);

#endif
