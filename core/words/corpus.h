/* The corpus behind similarity.h: its texts as vectors over terms, and how words become terms (terms.c). */
#ifndef DIFKIT_WORDS_CORPUS_H
#define DIFKIT_WORDS_CORPUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sb_stemmer;

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

/* Counts the words of a text; `expand`: abbreviations count as the words they stand for. */
void corpus_add_words(struct similarity *corpus, const char *text, size_t size, bool expand);

#endif
