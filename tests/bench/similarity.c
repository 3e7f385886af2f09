/* Similarity of texts: 20,000 made-up actions of about 20 words, the ten most similar of each; and 244 of them, all pairs.
 *
 * Words are drawn by Zipf's law from 3,000, as in real texts, by a fixed generator. Prints processor seconds. */
#define _POSIX_C_SOURCE 200809L

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include "words/similarity.h"

enum { WORDS = 3000, TOP = 10 };

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static uint64_t state = 20190902;

static double draw(void)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(state >> 11) / 9007199254740992.0;
}

/* A word of rank r is drawn with probability about 1 / r. */
static int draw_word(void)
{
    return (int)exp(draw() * log(WORDS));
}

static void run(size_t texts, size_t top, double least, const char *what)
{
    struct similarity *corpus = similarity_new();
    struct similarity_match match[1000];
    double begin = now();
    size_t found = 0;

    for (size_t i = 0; i < texts; i++) {
        char text[512];
        int size = 0;

        for (int word = 0; word < 20; word++) {
            int rank = draw_word();

            size += snprintf(text + size, sizeof text - (size_t)size, "w%c%c%c ", 'a' + rank % 26, 'a' + rank / 26 % 26,
                             'a' + rank / 676);
        }
        similarity_add(corpus, text, (size_t)size);
    }
    similarity_weigh(corpus);
    for (size_t i = 0; i < texts; i++)
        found += similarity_top(corpus, i, least, match, top);
    printf("  %-40s %.4f s   %zu pairs\n", what, now() - begin, found);
    similarity_free(corpus);
}

int main(void)
{
    puts("similarity of texts, processor time on one core");
    run(244, 243, 0.05, "244 texts, all pairs (mark: 0.02 s)");
    run(20000, TOP, 0.05, "20,000 texts, ten each (mark: 5 s)");
    return 0;
}
