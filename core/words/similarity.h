/* Similarity of short texts: the cosine of their words, weighted by how rare they are.
 *
 * A text becomes a vector over the stems of its words. Words are runs of letters and digits in lower case; stop words of
 * English and single characters are dropped; in scripts that write words without spaces (Thai, Lao, …) two grapheme clusters
 * that follow one another count as a word; an abbreviation known to the corpus counts as the words it stands for; the rest
 * is stemmed by the Snowball stemmer for English (libstemmer). The weight of a stem in a text is (1 + ln tf) · ln(N / df),
 * with tf its count in the text, df the number of texts that have it and N the number of texts; the vector is brought to
 * length 1. This is the scheme "ltc" of Salton and Buckley, "Term-weighting approaches in automatic text retrieval",
 * Information Processing & Management 24 (1988). The similarity of two texts is the scalar product of their vectors: 0
 * without a common stem, 1 for the same stems. */
#ifndef DIFKIT_WORDS_SIMILARITY_H
#define DIFKIT_WORDS_SIMILARITY_H

#include <stddef.h>

struct similarity;

/* A text like another, and how much. */
struct similarity_match {
    size_t text; /* 0-based, in the order of similarity_add() */
    double score;
};

/* A stem that two texts share: the word it stood for when it was first met, and its part of the score. */
struct similarity_word {
    const char *word; /* borrowed from the corpus */
    double share;
};

struct similarity *similarity_new(void);
void similarity_free(struct similarity *corpus);

/* Lets `term` count as the words of `expansion` in the texts added from now on. Letter case matters in `term`. */
void similarity_abbreviation(struct similarity *corpus, const char *term, const char *expansion);
/* Adds a text. */
void similarity_add(struct similarity *corpus, const char *text, size_t size);
/* Weighs all texts; to be called once, after the last similarity_add() and before the functions below. */
void similarity_weigh(struct similarity *corpus);

size_t similarity_count(const struct similarity *corpus);
double similarity_score(const struct similarity *corpus, size_t first, size_t second);
/* The `most` texts most like `text`, best first, those of equal score in their order; only scores of at least `least` (above
 * 0) count. Fills out[0..most) and returns how many there are. */
size_t similarity_top(struct similarity *corpus, size_t text, double least, struct similarity_match *out, size_t most);
/* The stems that two texts share, the largest part of the score first. Fills out[0..most) and returns how many. */
size_t similarity_words(const struct similarity *corpus, size_t first, size_t second, struct similarity_word *out,
                        size_t most);

#endif
