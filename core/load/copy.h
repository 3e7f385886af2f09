/* Whole databases from one place to another, between files and servers. */
#ifndef DIFKIT_LOAD_COPY_H
#define DIFKIT_LOAD_COPY_H

#include "load/load.h"

/* Copies all records into the database at `to`, a file or the address of a server, which takes the place of what is there
 * when it is complete, and not before; `distribute` as db_replace_begin() has it. `records` gets how many there are of each
 * entity. */
dk_status copy_database(struct db *from, const char *to, bool distribute, struct dk_buffer *records, struct dk_error *err);
/* The same into a file, with tables that any SQLite of the last years can read: for other programs. */
dk_status copy_portable(struct db *from, const char *path, struct dk_error *err);
/* The same from YAML: checked as a load into a file is, which stands in the folder for temporary files meanwhile. */
dk_status load_to_server(const char *address, const struct load_source *source, struct load_report *report,
                         struct dk_error *err);

#endif
