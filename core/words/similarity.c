#include "words/similarity.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <libstemmer.h>

#include "base/buffer.h"
#include "base/list.h"
#include "base/text.h"

/* English words without a meaning of their own, in byte order. Modal verbs and the like are left in: in the language of
 * plans, "may" and "should" say something. */
static const char *const stop_words[] = {
    "a",    "about", "above", "after", "against", "all",   "also",  "amongst", "an",   "and",   "any",   "are",
    "as",   "at",    "be",    "been",  "before",  "being", "below", "between", "both", "but",   "by",    "each",
    "eg",   "etc",   "for",   "from",  "further", "has",   "have",  "having",  "how",  "ie",    "if",    "in",
    "into", "is",    "it",    "its",   "more",    "most",  "no",    "nor",     "not",  "of",    "off",   "on",
    "once", "only",  "or",    "other", "our",     "out",   "over",  "own",     "same", "so",    "some",  "such",
    "than", "that",  "the",   "their", "them",    "then",  "there", "these",   "they", "this",  "those", "through",
    "to",   "too",   "under", "until", "up",      "very",  "via",   "was",     "well", "were",  "what",  "when",
    "where", "which", "while", "who",  "whom",    "why",   "will",  "with"};

/* What sums of single precision may be off. */
#define ROUNDING 1e-5f

struct entry {
    uint32_t term;
    float weight;
};

struct text {
    struct entry *entry; /* in order of the terms */
    size_t count;
};

struct term {
    char *stem;
    char *word; /* as first met */
    uint32_t texts;
    uint32_t in_text; /* count in the text being added */
    float rarity;     /* ln(N / df) */
    float largest;    /* weight it has in any text */
};

/* The most that a term can add to a score with the text asked about. */
struct bound {
    const struct entry *entry;
    float most;
};

struct posting {
    uint32_t text;
    float weight;
};

struct abbreviation {
    char *term;
    char *expansion;
};

struct similarity {
    struct sb_stemmer *stemmer;
    struct term *term;
    size_t term_count, term_capacity;
    uint32_t *slot; /* open addressing: 0 for empty, else term + 1 */
    size_t slot_count;
    struct text *text;
    size_t text_count, text_capacity;
    struct abbreviation *abbreviation;
    size_t abbreviation_count, abbreviation_capacity;
    uint32_t *met; /* the terms of the text being added */
    size_t met_count, met_capacity;
    struct posting *posting; /* of all terms, one after the other */
    size_t *posting_begin;   /* term_count + 1 */
    float *sum;              /* scratch of similarity_top: one a text, all 0 between calls */
    uint32_t *touched;
    struct bound *bound; /* one for each term of the text asked about */
};

struct similarity *similarity_new(void)
{
    struct similarity *corpus = dk_alloc_zeroed(1, sizeof *corpus);

    corpus->stemmer = sb_stemmer_new("english", "UTF_8");
    return corpus;
}

void similarity_free(struct similarity *corpus)
{
    if (corpus == NULL)
        return;
    for (size_t i = 0; i < corpus->term_count; i++) {
        free(corpus->term[i].stem);
        free(corpus->term[i].word);
    }
    for (size_t i = 0; i < corpus->text_count; i++)
        free(corpus->text[i].entry);
    for (size_t i = 0; i < corpus->abbreviation_count; i++) {
        free(corpus->abbreviation[i].term);
        free(corpus->abbreviation[i].expansion);
    }
    sb_stemmer_delete(corpus->stemmer);
    free(corpus->term);
    free(corpus->slot);
    free(corpus->text);
    free(corpus->abbreviation);
    free(corpus->met);
    free(corpus->posting);
    free(corpus->posting_begin);
    free(corpus->sum);
    free(corpus->touched);
    free(corpus->bound);
    free(corpus);
}

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

/* Counts the words of a text; `expand`: abbreviations count as the words they stand for. */
static void add_words(struct similarity *corpus, const char *text, size_t size, bool expand)
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
            add_words(corpus, known->expansion, strlen(known->expansion), false);
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

void similarity_abbreviation(struct similarity *corpus, const char *term, const char *expansion)
{
    struct abbreviation *last;

    corpus->abbreviation = dk_list_grow(corpus->abbreviation, corpus->abbreviation_count, &corpus->abbreviation_capacity,
                                        sizeof *corpus->abbreviation);
    last = &corpus->abbreviation[corpus->abbreviation_count++];
    last->term = dk_copy_text(term);
    last->expansion = dk_copy_text(expansion);
}

static int compare_entries(const void *left, const void *right)
{
    uint32_t a = ((const struct entry *)left)->term, b = ((const struct entry *)right)->term;

    return (a > b) - (a < b);
}

void similarity_add(struct similarity *corpus, const char *text, size_t size)
{
    struct text *added;

    corpus->text = dk_list_grow(corpus->text, corpus->text_count, &corpus->text_capacity, sizeof *corpus->text);
    added = &corpus->text[corpus->text_count++];
    corpus->met_count = 0;
    add_words(corpus, text, size, true);
    added->count = corpus->met_count;
    added->entry = dk_alloc(added->count * sizeof *added->entry);
    for (size_t i = 0; i < added->count; i++) {
        struct term *term = &corpus->term[corpus->met[i]];

        added->entry[i] = (struct entry){corpus->met[i], (float)(1 + log(term->in_text))};
        term->texts++;
        term->in_text = 0;
    }
    qsort(added->entry, added->count, sizeof *added->entry, compare_entries);
}

/* Weights ----------------------------------------------------------------------------------------------------------- */

static void weigh_text(const struct similarity *corpus, struct text *text)
{
    double length = 0;

    for (size_t i = 0; i < text->count; i++) {
        text->entry[i].weight *= corpus->term[text->entry[i].term].rarity;
        length += (double)text->entry[i].weight * text->entry[i].weight;
    }
    length = sqrt(length);
    for (size_t i = 0; i < text->count && length > 0; i++)
        text->entry[i].weight = (float)(text->entry[i].weight / length);
}

void similarity_weigh(struct similarity *corpus)
{
    size_t total = 0, longest = 0, *next;

    for (size_t i = 0; i < corpus->term_count; i++)
        corpus->term[i].rarity = (float)log((double)corpus->text_count / corpus->term[i].texts);
    corpus->posting_begin = dk_alloc((corpus->term_count + 1) * sizeof *corpus->posting_begin);
    for (size_t i = 0; i < corpus->term_count; i++) {
        corpus->posting_begin[i] = total;
        total += corpus->term[i].texts;
    }
    corpus->posting_begin[corpus->term_count] = total;
    corpus->posting = dk_alloc(total * sizeof *corpus->posting);
    next = memcpy(dk_alloc((corpus->term_count + 1) * sizeof *next), corpus->posting_begin,
                  (corpus->term_count + 1) * sizeof *next);
    for (size_t i = 0; i < corpus->text_count; i++) {
        weigh_text(corpus, &corpus->text[i]);
        if (corpus->text[i].count > longest)
            longest = corpus->text[i].count;
        for (size_t j = 0; j < corpus->text[i].count; j++) {
            const struct entry *entry = &corpus->text[i].entry[j];

            corpus->posting[next[entry->term]++] = (struct posting){(uint32_t)i, entry->weight};
            if (entry->weight > corpus->term[entry->term].largest)
                corpus->term[entry->term].largest = entry->weight;
        }
    }
    free(next);
    corpus->sum = dk_alloc_zeroed(corpus->text_count, sizeof *corpus->sum);
    corpus->touched = dk_alloc(corpus->text_count * sizeof *corpus->touched);
    corpus->bound = dk_alloc(longest * sizeof *corpus->bound);
}

/* Questions --------------------------------------------------------------------------------------------------------- */

size_t similarity_count(const struct similarity *corpus)
{
    return corpus->text_count;
}

double similarity_score(const struct similarity *corpus, size_t first, size_t second)
{
    const struct text *a = &corpus->text[first], *b = &corpus->text[second];
    double score = 0;

    for (size_t i = 0, j = 0; i < a->count && j < b->count;) {
        if (a->entry[i].term == b->entry[j].term)
            score += (double)a->entry[i++].weight * b->entry[j++].weight;
        else if (a->entry[i].term < b->entry[j].term)
            i++;
        else
            j++;
    }
    return score < 1 ? score : 1;
}

/* Puts a match where it belongs among the best so far. */
static size_t insert(struct similarity_match *out, size_t count, size_t most, struct similarity_match match)
{
    size_t at = count < most ? count : most;

    while (at > 0 &&
           (out[at - 1].score < match.score || (out[at - 1].score == match.score && out[at - 1].text > match.text))) {
        if (at < most)
            out[at] = out[at - 1];
        at--;
    }
    if (at < most)
        out[at] = match;
    return count < most ? count + 1 : most;
}

static int compare_bounds(const void *left, const void *right)
{
    const struct bound *a = left, *b = right;

    if (a->most != b->most)
        return a->most < b->most ? 1 : -1;
    return (a->entry->term > b->entry->term) - (a->entry->term < b->entry->term);
}

/* Sets the bounds of the text's terms, the largest first; returns their sum. */
static float set_bounds(struct similarity *corpus, const struct text *text)
{
    float sum = 0;

    for (size_t i = 0; i < text->count; i++) {
        corpus->bound[i] =
            (struct bound){&text->entry[i], text->entry[i].weight * corpus->term[text->entry[i].term].largest};
        sum += corpus->bound[i].most;
    }
    qsort(corpus->bound, text->count, sizeof *corpus->bound, compare_bounds);
    return sum;
}

/* Adds up what each text shares with the one asked about, from the rarest words on, until the words that are left cannot
 * make a text that shares none of the others reach `least`: the words that nearly all texts have are never looked at.
 * Returns how many texts were touched; *rest is what the words left out can still add. */
static size_t add_up(struct similarity *corpus, const struct text *asked, double least, float *rest)
{
    size_t touched = 0;

    *rest = set_bounds(corpus, asked);
    for (size_t i = 0; i < asked->count && *rest >= (float)least - ROUNDING; i++) {
        const struct entry *entry = corpus->bound[i].entry;
        size_t end = corpus->posting_begin[entry->term + 1];

        *rest -= corpus->bound[i].most;
        if (entry->weight == 0)
            continue;
        for (size_t at = corpus->posting_begin[entry->term]; at < end; at++) {
            const struct posting *posting = &corpus->posting[at];

            if (corpus->sum[posting->text] == 0)
                corpus->touched[touched++] = posting->text;
            corpus->sum[posting->text] += entry->weight * posting->weight;
        }
    }
    return touched;
}

size_t similarity_top(struct similarity *corpus, size_t text, double least, struct similarity_match *out, size_t most)
{
    float rest;
    size_t touched = add_up(corpus, &corpus->text[text], least, &rest), count = 0;

    for (size_t i = 0; i < touched; i++) {
        size_t other = corpus->touched[i];
        float bound = corpus->sum[other] + rest + ROUNDING;

        corpus->sum[other] = 0;
        if (other == text || most == 0 || bound < least || (count == most && bound < out[most - 1].score))
            continue;
        {
            struct similarity_match match = {other, similarity_score(corpus, text, other)};

            if (match.score >= least && match.score > 0)
                count = insert(out, count, most, match);
        }
    }
    return count;
}

size_t similarity_words(const struct similarity *corpus, size_t first, size_t second, struct similarity_word *out,
                        size_t most)
{
    const struct text *a = &corpus->text[first], *b = &corpus->text[second];
    size_t count = 0;

    for (size_t i = 0, j = 0; i < a->count && j < b->count;) {
        struct similarity_word word;
        size_t at;

        if (a->entry[i].term != b->entry[j].term) {
            if (a->entry[i].term < b->entry[j].term)
                i++;
            else
                j++;
            continue;
        }
        word = (struct similarity_word){corpus->term[a->entry[i].term].word,
                                        (double)a->entry[i].weight * b->entry[j].weight};
        i++;
        j++;
        if (word.share == 0)
            continue;
        for (at = count; at > 0 && out[at - 1].share < word.share; at--)
            if (at < most)
                out[at] = out[at - 1];
        if (at < most)
            out[at] = word;
        if (count < most)
            count++;
    }
    return count;
}
