/* 10,000 Monte-Carlo replications of an index of the shape of the ASEM Sustainable Connectivity index: 51 units, 49
 * indicators in 8 pillars of 2 sub-indices, weights varied by 25 % at every level, two normalisations. One core.
 *
 * Printed beside it: a minimal C loop of the same arithmetic (draw the weights, weighted means up the tree, ranks,
 * a histogram of ranks, the mean shift), and the ratio of the two. Marks: 0.1 s, twice the loop. */
#define _POSIX_C_SOURCE 200809L

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "index/random.h"
#include "index/rank.h"
#include "index/robustness.h"

enum { UNITS = 51, LEAVES = 49, PILLARS = 8, NODES = 1 + 2 + PILLARS + LEAVES, RUNS = 10000, ROUNDS = 7 };

static const uint32_t pillar_size[PILLARS] = {8, 5, 3, 6, 8, 5, 9, 5};
static const uint32_t pillars_of[2] = {5, 3};

static uint32_t parent[NODES], first[NODES], children[NODES], child[NODES];
static int32_t leaf[NODES];
static double weight[NODES], noise[NODES];
static struct index_rule rules[NODES];
static double variants[2][LEAVES * UNITS];

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* 0: the index; 1, 2: sub-indices; 3..10: pillars; then the indicators. */
static void make_tree(void)
{
    uint32_t next = 3, at = 0;
    int32_t column = 0;

    for (uint32_t node = 0; node < NODES; node++) {
        leaf[node] = -1;
        weight[node] = 1;
        noise[node] = node > 0 ? 0.25 : 0;
        rules[node].method = INDEX_ARITHMETIC;
    }
    children[0] = 2;
    for (uint32_t s = 0; s < 2; s++) {
        parent[1 + s] = 0;
        child[at++] = 1 + s;
    }
    for (uint32_t s = 0; s < 2; s++) {
        first[1 + s] = at;
        children[1 + s] = pillars_of[s];
        for (uint32_t i = 0; i < pillars_of[s]; i++) {
            parent[next] = 1 + s;
            child[at++] = next++;
        }
    }
    for (uint32_t p = 0; p < PILLARS; p++) {
        first[3 + p] = at;
        children[3 + p] = pillar_size[p];
        for (uint32_t i = 0; i < pillar_size[p]; i++) {
            parent[next] = 3 + p;
            leaf[next] = column++;
            child[at++] = next++;
        }
    }
}

static void make_data(void)
{
    struct index_random random;

    index_random_start(&random, 51, 49);
    for (size_t i = 0; i < LEAVES * UNITS; i++) {
        variants[0][i] = 100 * index_random_uniform(&random);
        variants[1][i] = (variants[0][i] - 50) / 28.87;
    }
}

/* The loop that anybody would write: no experiment, no alternatives, no missing values. */
static double minimal_loop(uint32_t *histogram)
{
    static double score[NODES][UNITS], own[NODES];
    static uint32_t nominal[UNITS], rank[UNITS];
    double shift = 0;

    for (uint64_t run = 0; run <= RUNS; run++) {
        struct index_random random;
        const double *data;
        size_t order[UNITS];

        index_random_start(&random, 7, run);
        data = variants[index_random_uniform(&random) < 0.5 ? 0 : 1];
        for (size_t node = 1; node < NODES; node++)
            own[node] = run == 0 ? 1 : 1 + 0.25 * (2 * index_random_uniform(&random) - 1);
        for (size_t node = NODES; node-- > 0;) {
            double total = 0;

            if (leaf[node] >= 0)
                continue;
            for (size_t u = 0; u < UNITS; u++)
                score[node][u] = 0;
            for (uint32_t i = 0; i < children[node]; i++) {
                uint32_t c = child[first[node] + i];
                const double *x = leaf[c] >= 0 ? data + (size_t)leaf[c] * UNITS : score[c];

                total += own[c];
                for (size_t u = 0; u < UNITS; u++)
                    score[node][u] += own[c] * x[u];
            }
            for (size_t u = 0; u < UNITS; u++)
                score[node][u] /= total;
        }
        for (size_t u = 0; u < UNITS; u++) {
            size_t j = u;

            for (; j > 0 && score[0][order[j - 1]] < score[0][u]; j--)
                order[j] = order[j - 1];
            order[j] = u;
        }
        for (size_t i = 0; i < UNITS; i++)
            rank[order[i]] = i > 0 && score[0][order[i]] == score[0][order[i - 1]] ? rank[order[i - 1]] : (uint32_t)i + 1;
        if (run == 0) {
            memcpy(nominal, rank, sizeof rank);
            continue;
        }
        for (size_t u = 0; u < UNITS; u++) {
            histogram[u * UNITS + rank[u] - 1]++;
            shift += fabs((double)rank[u] - (double)nominal[u]) / UNITS;
        }
    }
    return shift / RUNS;
}

static int ascending(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;

    return (a > b) - (a < b);
}

static double median(double *values)
{
    qsort(values, ROUNDS, sizeof *values, ascending);
    return values[ROUNDS / 2];
}

int main(void)
{
    static uint32_t histogram[UNITS * UNITS];
    const double *data[2] = {variants[0], variants[1]};
    const struct index_rule *alternatives[1] = {rules};
    struct index_tree tree = {.nodes = NODES, .leaves = LEAVES, .widest = 9, .parent = parent, .leaf = leaf, .first = first,
                              .children = children, .child = child, .weight = weight, .rule = rules};
    struct index_experiment experiment = {.tree = &tree, .units = UNITS, .tolerance = INDEX_TIE_TOLERANCE, .imputations = 1,
                                          .normalisations = 2, .variants = data, .aggregations = 1, .rules = alternatives,
                                          .noise = noise};
    double plain[ROUNDS], pairs[ROUNDS], loop[ROUNDS], two[ROUNDS], shift = 0, mean = 0;

    make_tree();
    make_data();
    for (int round = 0; round < ROUNDS; round++) {
        struct index_robustness result;
        double begin = now();

        index_robustness_run(&experiment, RUNS, 7, 1, false, &result);
        plain[round] = now() - begin;
        mean = 0;
        for (size_t r = 0; r < RUNS; r++)
            mean += result.shift[r] / RUNS;
        index_robustness_free(&result);
        begin = now();
        index_robustness_run(&experiment, RUNS, 7, 1, true, &result);
        pairs[round] = now() - begin;
        index_robustness_free(&result);
        begin = now();
        index_robustness_run(&experiment, RUNS, 7, 2, true, &result);
        two[round] = now() - begin;
        index_robustness_free(&result);
        memset(histogram, 0, sizeof histogram);
        begin = now();
        shift = minimal_loop(histogram);
        loop[round] = now() - begin;
    }
    printf("10,000 replications, 51 units x 49 indicators, 4 levels, 2 normalisations (median of %d rounds)\n", ROUNDS);
    printf("  difkit, one core                     %7.4f s   (%.2f us a run)\n", median(plain), 1e6 * plain[ROUNDS / 2] / RUNS);
    printf("  difkit, with pairwise outranking     %7.4f s\n", median(pairs));
    printf("  difkit, the same on two threads      %7.4f s\n", median(two));
    printf("  minimal loop of the same arithmetic  %7.4f s\n", median(loop));
    printf("  ratio to the minimal loop            %7.2f     (mark: 2)\n", plain[ROUNDS / 2] / loop[ROUNDS / 2]);
    printf("  mean shift of ranks                  %7.3f     (minimal loop %.3f)\n", mean, shift);
    return plain[ROUNDS / 2] < 0.1 && plain[ROUNDS / 2] < 2 * loop[ROUNDS / 2] ? 0 : 1;
}
