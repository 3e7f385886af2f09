#include "db/postgresql/words.h"

#include <stdint.h>

#include <utf8proc.h>

enum { FIRST_LETTER = 0xc0, LAST_LETTER = 0x24f, FIRST_VIETNAMESE = 0x1e00, LAST_VIETNAMESE = 0x1eff };

static void add_character(struct dk_buffer *out, int32_t character)
{
    utf8proc_uint8_t bytes[4];

    dk_buffer_add(out, bytes, (size_t)utf8proc_encode_char(character, bytes));
}

/* The small letters of a range that are a letter with marks, and those letters in the same order. */
static void add_letters(struct dk_buffer *marked, struct dk_buffer *bare, int32_t first, int32_t last)
{
    for (int32_t character = first; character <= last; character++) {
        utf8proc_int32_t parts[8];
        int boundary = 0;

        if (utf8proc_decompose_char(character, parts, 8, UTF8PROC_DECOMPOSE, &boundary) < 2 || parts[0] < 'a' ||
            parts[0] > 'z')
            continue;
        add_character(marked, character);
        add_character(bare, parts[0]);
    }
}

/* Words are runs of letters and digits in small letters without marks, as the tokenizer of SQLite's index has them. The
 * collation says what a letter is: that of the columns, "C", knows those of English alone. */
void words_ddl(struct dk_buffer *out)
{
    struct dk_buffer marked = {0}, bare = {0};

    add_letters(&marked, &bare, FIRST_LETTER, LAST_LETTER);
    add_letters(&marked, &bare, FIRST_VIETNAMESE, LAST_VIETNAMESE);
    dk_buffer_format(out,
                     "CREATE FUNCTION action_plain(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE\n"
                     "    RETURN regexp_replace(translate(lower(normalize($1) COLLATE \"und-x-icu\"),\n"
                     "        '%s',\n        '%s'),\n        '[^[:alnum:]]+', ' ', 'g');\n"
                     "CREATE FUNCTION action_words(text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE\n"
                     "    RETURN to_tsvector('pg_catalog.simple', action_plain($1));\n"
                     "CREATE INDEX action_by_words ON action USING gin (action_words(text));\n",
                     marked.bytes, bare.bytes);
    dk_buffer_free(&marked);
    dk_buffer_free(&bare);
}
