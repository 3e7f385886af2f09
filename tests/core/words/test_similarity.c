/* Similarity of texts, against values worked out by hand from the formula in index/similarity.h. */
#include "check.h"

#include <math.h>

#include "words/similarity.h"

static struct similarity *corpus_of(const char *const *texts, size_t count)
{
    struct similarity *corpus = similarity_new();

    similarity_abbreviation(corpus, "ASW", "ASEAN Single Window");
    for (size_t i = 0; i < count; i++)
        similarity_add(corpus, texts[i], strlen(texts[i]));
    similarity_weigh(corpus);
    return corpus;
}

static int near(double got, double wanted)
{
    return fabs(got - wanted) < 1e-6;
}

/* Three texts; stems: survey, trade | survey, payment | payment, identity. Each stem but trade and identity is in two texts.
 * With a = ln(3/2) and b = ln 3: the first two share "survey": a·a / (sqrt(a² + b²) · sqrt(a² + a²)). */
static void test_by_hand(void)
{
    static const char *const texts[] = {"Surveys of trade", "the survey, on payments", "payment identity"};
    struct similarity *corpus = corpus_of(texts, 3);
    double a = log(1.5), b = log(3);
    double shared = a * a / (sqrt(a * a + b * b) * sqrt(2 * a * a));
    struct similarity_match match[2];
    struct similarity_word word[4];

    CHECK(near(similarity_score(corpus, 0, 1), shared));
    CHECK(near(similarity_score(corpus, 1, 0), shared));
    CHECK(similarity_score(corpus, 0, 2) == 0);
    CHECK(near(similarity_score(corpus, 1, 1), 1));
    CHECK(similarity_top(corpus, 1, 0.01, match, 2) == 2);
    CHECK(match[0].text == 0 && match[1].text == 2 && match[0].score == match[1].score);
    CHECK(similarity_top(corpus, 1, 0.01, match, 1) == 1 && match[0].text == 0);
    CHECK(similarity_top(corpus, 0, 0.9, match, 2) == 0);
    CHECK(similarity_words(corpus, 0, 1, word, 4) == 1);
    CHECK_TEXT(word[0].word, "surveys");
    CHECK(near(word[0].share, shared));
    similarity_free(corpus);
}

/* tf of 2 counts 1 + ln 2. Texts: "trade trade pay" and "trade", among others without these words. */
static void test_term_frequency(void)
{
    static const char *const texts[] = {"trade trade pay", "trade", "other", "different"};
    struct similarity *corpus = corpus_of(texts, 4);
    double trade = (1 + log(2)) * log(2), pay = log(4);

    CHECK(near(similarity_score(corpus, 0, 1), trade / sqrt(trade * trade + pay * pay)));
    similarity_free(corpus);
}

static void test_words(void)
{
    static const char *const texts[] = {"Expand the ASW", "ASEAN single window expanding", "asw", "E-commerce\xe2\x80\x94trade"};
    static const char *const odd[] = {"", "the of and", "\xff\xfe \xe2\x80", "a"};
    struct similarity *corpus = corpus_of(texts, 4);
    struct similarity_word word[8];
    struct similarity_match match[4];

    /* The abbreviation in capitals stands for its words; in small letters it is a word of its own. */
    CHECK(similarity_words(corpus, 0, 1, word, 8) == 4);
    CHECK(similarity_score(corpus, 0, 2) == 0);
    similarity_free(corpus);

    corpus = corpus_of(odd, 4);
    CHECK(similarity_count(corpus) == 4);
    CHECK(similarity_score(corpus, 0, 1) == 0);
    CHECK(similarity_top(corpus, 0, 0.1, match, 4) == 0);
    similarity_free(corpus);
}

/* A word in all texts tells nothing: its weight is ln 1. */
static void test_common_words(void)
{
    static const char *const texts[] = {"asean trade", "asean identity"};
    struct similarity *corpus = corpus_of(texts, 2);

    CHECK(similarity_score(corpus, 0, 1) == 0);
    similarity_free(corpus);
}

int main(void)
{
    test_by_hand();
    test_term_frequency();
    test_words();
    test_common_words();
    return check_result();
}
