#include "words/similarity.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <libstemmer.h>

#include "base/buffer.h"
#include "base/list.h"
#include "words/corpus.h"

/* What sums of single precision may be off. */
#define ROUNDING 1e-5f

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
    corpus_add_words(corpus, text, size, true);
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
