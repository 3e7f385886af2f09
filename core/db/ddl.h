/* The model in SQL: the parts of statements that every kind of database takes as they are. */
#ifndef DIFKIT_DB_DDL_H
#define DIFKIT_DB_DDL_H

#include "base/buffer.h"
#include "model/model.h"

/* " CHECK (…)" for a field of enumerated values. */
void ddl_check(struct dk_buffer *out, const struct model_field *field);
/* "FOREIGN KEY (…) REFERENCES …" for a field that names a record. */
void ddl_foreign_key(struct dk_buffer *out, const struct model *model, const struct model_field *field);
/* "CREATE INDEX …;" */
void ddl_index(struct dk_buffer *out, const struct model_index *index);
/* "CREATE VIEW action_full …;" */
void ddl_view(struct dk_buffer *out);

#endif
