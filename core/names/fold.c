#include "names/fold.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/text.h"

enum { WORDS_MOST = 64 };

/* A folded text as words within one run of bytes. */
struct words {
    struct dk_buffer text;
    size_t begin[WORDS_MOST], end[WORDS_MOST];
    size_t count;
    bool open; /* the last word may grow */
};

static void add_code_point(struct words *words, int32_t code)
{
    utf8proc_uint8_t bytes[4];
    utf8proc_ssize_t size = utf8proc_encode_char(code, bytes);

    if (!words->open) {
        if (words->count == WORDS_MOST)
            return;
        words->begin[words->count++] = words->text.size;
        words->open = true;
    }
    dk_buffer_add(&words->text, bytes, (size_t)size);
    words->end[words->count - 1] = words->text.size;
}

/* Marks that say no other letter: accents of Latin, Greek and Cyrillic letters, vowel points of Arabic ones. */
static bool is_accent(int32_t code)
{
    return (code >= 0x300 && code <= 0x36F) || (code >= 0x64B && code <= 0x65F) || code == 0x670;
}

static bool is_apostrophe(int32_t code)
{
    static const int32_t all[] = {'\'', '`', 0x2B9, 0x2BB, 0x2BC, 0x2BD, 0x2C8, 0x2018, 0x2019, 0x201B, 0x2032};

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (code == all[i])
            return true;
    return false;
}

/* Letters that have no accent to take away, though people leave it out. */
static int32_t plain(int32_t code)
{
    switch (code) {
    case 0x111:
        return 'd';
    case 0xF8:
        return 'o';
    case 0x142:
        return 'l';
    case 0x131:
        return 'i';
    default:
        return code;
    }
}

static bool is_letter_or_digit(int32_t code)
{
    switch (utf8proc_category(code)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
        return true;
    default:
        return false;
    }
}

static bool split(struct words *words, const char *text, size_t size)
{
    utf8proc_int32_t buffer[4 * NAMES_FOLD_MOST];
    utf8proc_ssize_t count;

    if (size > NAMES_FOLD_MOST || !dk_text_valid(text, size, NULL))
        return false;
    count =
        utf8proc_decompose((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)size, buffer, sizeof buffer / sizeof buffer[0],
                           UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
    if (count < 0 || (size_t)count > sizeof buffer / sizeof buffer[0])
        return false;
    for (utf8proc_ssize_t i = 0; i < count; i++) {
        if (is_accent(buffer[i]) || is_apostrophe(buffer[i]))
            continue;
        if (is_letter_or_digit(buffer[i]))
            add_code_point(words, plain(buffer[i]));
        else
            words->open = false;
    }
    return true;
}

static bool is_word(const struct words *words, size_t i, const char *word)
{
    size_t size = words->end[i] - words->begin[i];

    return size == strlen(word) && memcmp(words->text.bytes + words->begin[i], word, size) == 0;
}

static bool is_one_letter(const struct words *words, size_t i)
{
    return words->end[i] - words->begin[i] == 1 && words->text.bytes[words->begin[i]] >= 'a';
}

/* What a word stands for: "" is left out. */
static const char *expansion(const struct words *words, size_t i)
{
    static const char *const pairs[][2] = {{"the", ""},           {"of", ""},           {"and", ""},
                                           {"st", "saint"},       {"ste", "sainte"},    {"rep", "republic"},
                                           {"dem", "democratic"}, {"fed", "federated"}, {"sts", "states"},
                                           {"is", "islands"},     {"isds", "islands"},  {"isl", "islands"},
                                           {"terr", "territory"}};

    for (size_t j = 0; j < sizeof pairs / sizeof pairs[0]; j++)
        if (is_word(words, i, pairs[j][0]))
            return pairs[j][1];
    return NULL;
}

/* The words without what says nothing, single letters joined ("p. d. r." is one word), abbreviations in full; `out` has its
 * words one after another, too. */
static void finish(const struct words *words, struct words *out)
{
    for (size_t i = 0; i < words->count; i++) {
        const char *full = expansion(words, i);
        bool joins = i > 0 && is_one_letter(words, i) && is_one_letter(words, i - 1);
        size_t size = words->end[i] - words->begin[i];
        const char *text = words->text.bytes + words->begin[i];

        if (full != NULL && full[0] == '\0')
            continue;
        if (!joins || out->count == 0)
            out->begin[out->count++] = out->text.size;
        if (full != NULL)
            dk_buffer_text(&out->text, full);
        else
            dk_buffer_add(&out->text, text, size);
        out->end[out->count - 1] = out->text.size;
    }
}

/* "Country" before or behind a name in scripts without spaces: Thai, Lao, Khmer; Burmese. */
static void strip_country(struct dk_buffer *key)
{
    static const char *const before[] = {"ประเทศ", "ປະເທດ", "ប្រទេស"};
    static const char behind[] = "နိုင်ငံ";
    size_t size = sizeof behind - 1;

    if (key->size == 0)
        return;
    for (size_t i = 0; i < sizeof before / sizeof before[0]; i++) {
        size_t length = strlen(before[i]);

        if (key->size > length && memcmp(key->bytes, before[i], length) == 0) {
            memmove(key->bytes, key->bytes + length, key->size - length + 1);
            key->size -= length;
            return;
        }
    }
    if (key->size > size && memcmp(key->bytes + key->size - size, behind, size) == 0)
        key->bytes[key->size -= size] = '\0';
}

struct piece {
    const char *text;
    size_t size;
};

static int compare_pieces(const void *left, const void *right)
{
    const struct piece *one = left, *other = right;
    size_t size = one->size < other->size ? one->size : other->size;
    int order = memcmp(one->text, other->text, size);

    return order != 0 ? order : (one->size > other->size) - (one->size < other->size);
}

static void join_sorted(const struct words *words, struct dk_buffer *out)
{
    struct piece piece[WORDS_MOST];

    if (words->count < 2)
        return;
    for (size_t i = 0; i < words->count; i++)
        piece[i] = (struct piece){words->text.bytes + words->begin[i], words->end[i] - words->begin[i]};
    qsort(piece, words->count, sizeof piece[0], compare_pieces);
    for (size_t i = 0; i < words->count; i++) {
        if (i > 0)
            dk_buffer_text(out, " ");
        dk_buffer_add(out, piece[i].text, piece[i].size);
    }
}

static void empty(struct dk_buffer *buffer)
{
    buffer->size = 0;
    *dk_buffer_reserve(buffer, 1) = '\0';
}

void names_fold(const char *text, size_t size, struct dk_buffer *key, struct dk_buffer *words)
{
    struct words raw = {.count = 0}, folded = {.count = 0};

    empty(key);
    if (words != NULL)
        empty(words);
    if (split(&raw, text, size)) {
        finish(&raw, &folded);
        if (folded.count > 0)
            dk_buffer_add(key, folded.text.bytes, folded.text.size);
        strip_country(key);
        if (words != NULL)
            join_sorted(&folded, words);
    }
    dk_buffer_free(&raw.text);
    dk_buffer_free(&folded.text);
}
