#include "db/bulk.h"

#include "db/driver.h"

dk_status db_bulk_new_file(struct db *db, struct dk_error *err)
{
    return db->driver->bulk->new_file(db, err);
}

dk_status db_bulk_begin(struct db *db, int application, int version, struct dk_error *err)
{
    return db->driver->bulk->begin(db, application, version, err);
}

dk_status db_bulk_end(struct db *db, bool commit, struct dk_error *err)
{
    return db->driver->bulk->end(db, commit, err);
}

dk_status db_bulk_full_text(struct db *db, bool begin, struct dk_error *err)
{
    return db->driver->bulk->full_text(db, begin, err);
}

dk_status db_bulk_index(struct db *db, int64_t number, const struct db_value *id, const struct db_value *text,
                        struct dk_error *err)
{
    return db->driver->bulk->index(db, number, id, text, err);
}

dk_status db_bulk_take_full_text(struct db *db, struct db *side, struct dk_error *err)
{
    if (db->driver != side->driver)
        return dk_fail(err, DK_USAGE, "this database has no full-text index to take");
    return db->driver->bulk->take_full_text(db, side, err);
}
