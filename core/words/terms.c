/* Words of texts, and the terms that they count as. */
#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <libstemmer.h>

#include "base/buffer.h"
#include "base/list.h"
#include "base/text.h"
#include "words/corpus.h"

/* English words without a meaning of their own, in byte order. Modal verbs and the like are left in: in the language of
 * plans, "may" and "should" say something. */
static const char *const stop_words[] = {
    "a",     "about", "above", "after", "against", "all",   "also",  "amongst", "an",   "and",  "any",   "are",
    "as",    "at",    "be",    "been",  "before",  "being", "below", "between", "both", "but",  "by",    "each",
    "eg",    "etc",   "for",   "from",  "further", "has",   "have",  "having",  "how",  "ie",   "if",    "in",
    "into",  "is",    "it",    "its",   "more",    "most",  "no",    "nor",     "not",  "of",   "off",   "on",
    "once",  "only",  "or",    "other", "our",     "out",   "over",  "own",     "same", "so",   "some",  "such",
    "than",  "that",  "the",   "their", "them",    "then",  "there", "these",   "they", "this", "those", "through",
    "to",    "too",   "under", "until", "up",      "very",  "via",   "was",     "well", "were", "what",  "when",
    "where", "which", "while", "who",   "whom",    "why",   "will",  "with"};

/* Terms ------------------------------------------------------------------------------------------------------------ */

static char *copy_bytes(const char *bytes, size_t size)
{
    char *copy = memcpy(dk_alloc(size + 1), bytes, size);

    copy[size] = '\0';
    return copy;
}

/* FNV-1a. */
static uint64_t hash(const char *bytes, size_t size)
{
    uint64_t value = UINT64_C(14695981039346656037);

    for (size_t i = 0; i < size; i++)
        value = (value ^ (unsigned char)bytes[i]) * UINT64_C(1099511628211);
    return value;
}

static size_t find_slot(const struct similarity *corpus, const char *stem, size_t size)
{
    size_t at = (size_t)hash(stem, size) & (corpus->slot_count - 1);

    while (corpus->slot[at] != 0) {
        const char *known = corpus->term[corpus->slot[at] - 1].stem;

        if (strncmp(known, stem, size) == 0 && known[size] == '\0')
            break;
        at = (at + 1) & (corpus->slot_count - 1);
    }
    return at;
}

static void grow_slots(struct similarity *corpus)
{
    corpus->slot_count = corpus->slot_count == 0 ? 1024 : corpus->slot_count * 2;
    free(corpus->slot);
    corpus->slot = dk_alloc_zeroed(corpus->slot_count, sizeof *corpus->slot);
    for (size_t i = 0; i < corpus->term_count; i++) {
        const char *stem = corpus->term[i].stem;

        corpus->slot[find_slot(corpus, stem, strlen(stem))] = (uint32_t)i + 1;
    }
}

static uint32_t term_of(struct similarity *corpus, const char *stem, size_t size, const char *word, size_t word_size)
{
    struct term *term;
    size_t at;

    if (corpus->term_count * 2 >= corpus->slot_count)
        grow_slots(corpus);
    at = find_slot(corpus, stem, size);
    if (corpus->slot[at] != 0)
        return corpus->slot[at] - 1;
    corpus->term = dk_list_grow(corpus->term, corpus->term_count, &corpus->term_capacity, sizeof *corpus->term);
    term = &corpus->term[corpus->term_count];
    memset(term, 0, sizeof *term);
    term->stem = copy_bytes(stem, size);
    term->word = copy_bytes(word, word_size);
    corpus->slot[at] = (uint32_t)++corpus->term_count;
    return (uint32_t)corpus->term_count - 1;
}

/* Words ------------------------------------------------------------------------------------------------------------- */

static int compare_words(const void *word, const void *stop)
{
    return strcmp(word, *(const char *const *)stop);
}

/* Counts one word in lower case. */
static void add_word(struct similarity *corpus, const char *word, size_t size)
{
    const sb_symbol *stem;
    uint32_t term;

    if (size < 2 ||
        bsearch(word, stop_words, sizeof stop_words / sizeof stop_words[0], sizeof stop_words[0], compare_words) != NULL)
        return;
    stem = sb_stemmer_stem(corpus->stemmer, (const sb_symbol *)word, (int)size);
    if (stem == NULL)
        return;
    term = term_of(corpus, (const char *)stem, (size_t)sb_stemmer_length(corpus->stemmer), word, size);
    if (corpus->term[term].in_text++ > 0)
        return;
    corpus->met = dk_list_grow(corpus->met, corpus->met_count, &corpus->met_capacity, sizeof *corpus->met);
    corpus->met[corpus->met_count++] = term;
}

/* Letters and digits of ASCII, and all of UTF-8 beyond it but the general punctuation of U+2000 to U+206F. */
static size_t word_length(const char *text, size_t size)
{
    size_t length = 0;

    while (length < size) {
        unsigned char byte = (unsigned char)text[length];

        if (byte < 0x80 && !isalnum(byte))
            break;
        if (byte == 0xe2 && length + 1 < size && ((unsigned char)text[length + 1] & 0xfe) == 0x80)
            break;
        length++;
    }
    return length;
}

static const struct abbreviation *find_abbreviation(const struct similarity *corpus, const char *word, size_t size)
{
    for (size_t i = 0; i < corpus->abbreviation_count; i++)
        if (strncmp(corpus->abbreviation[i].term, word, size) == 0 && corpus->abbreviation[i].term[size] == '\0')
            return &corpus->abbreviation[i];
    return NULL;
}

/* Counts the words of a run in a script that writes them without spaces: where they begin is not told, so each two grapheme
 * clusters that follow one another count as one. */
static void add_unspaced(struct similarity *corpus, const char *text, size_t size)
{
    size_t first = dk_text_cluster(text, size);

    for (size_t at = 0; first > 0 && at + first < size;) {
        size_t second = dk_text_cluster(text + at + first, size - at - first);
        char pair[64];

        if (first + second < sizeof pair) {
            memcpy(pair, text + at, first + second);
            pair[first + second] = '\0';
            add_word(corpus, pair, first + second);
        }
        at += first;
        first = second;
    }
}

void corpus_add_words(struct similarity *corpus, const char *text, size_t size, bool expand)
{
    char lower[64];

    for (size_t at = 0; at < size;) {
        size_t length = word_length(text + at, size - at);
        const struct abbreviation *known = expand && length > 0 ? find_abbreviation(corpus, text + at, length) : NULL;

        if (length == 0) {
            at += (unsigned char)text[at] < 0x80 ? 1 : size - at < 3 ? size - at : 3;
            continue;
        }
        if (known != NULL) {
            corpus_add_words(corpus, known->expansion, strlen(known->expansion), false);
        } else if (dk_text_unspaced(text + at, length)) {
            add_unspaced(corpus, text + at, length);
        } else if (length < sizeof lower) {
            for (size_t i = 0; i < length; i++)
                lower[i] = (char)tolower((unsigned char)text[at + i]);
            lower[length] = '\0';
            add_word(corpus, lower, length);
        }
        at += length;
    }
}
