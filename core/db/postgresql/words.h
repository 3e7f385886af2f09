/* Search for words on PostgreSQL: an index over the texts of actions, made from the words as SQLite's index takes them. */
#ifndef DIFKIT_DB_POSTGRESQL_WORDS_H
#define DIFKIT_DB_POSTGRESQL_WORDS_H

#include "base/buffer.h"

/* The functions action_plain(text), a text in small letters without marks and signs, and action_words(text), its words; and
 * the index over action.text by them. */
void words_ddl(struct dk_buffer *out);

#endif
