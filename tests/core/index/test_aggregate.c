/* Aggregation: the Handbook's examples, Condorcet's, and edge cases by hand. */
#include <stdlib.h>

#include "index/aggregate.h"
#include "index/normalise.h"
#include "index/outrank.h"
#include "index/random.h"
#include "index/rank.h"
#include "index/tree.h"

#include "check.h"
#include "index/tai.h"

static double work[4096];

static enum index_flaw aggregate(enum index_aggregation method, double power, double threshold, const double *const *columns,
                                 const double *weights, size_t k, size_t n, double *out, uint8_t *bad)
{
    struct index_rule rule = {.method = method, .power = power, .threshold = threshold, .tolerance = INDEX_TIE_TOLERANCE};
    struct index_children children = {.x = columns, .weights = weights, .k = k, .n = n};
    uint8_t undefined[64];
    bool several;

    CHECK(n <= sizeof undefined);
    return index_aggregate(&children, &rule, 0, NULL, NULL, out, bad != NULL ? bad : undefined, &several, work);
}

/* Handbook, page 104: (21, 1, 1, 1) and (6, 6, 6, 6) have the arithmetic mean 6, the geometric means 2.14 and 6; one
 * point more on the second indicator gives 2.54 and 6.23. */
static void test_page_104(void)
{
    const double a[] = {21, 6, 21, 6}, b[] = {1, 6, 2, 7}, c[] = {1, 6, 1, 6}, d[] = {1, 6, 1, 6};
    const double *columns[] = {a, b, c, d}, weights[] = {1, 1, 1, 1};
    double out[4];

    CHECK(aggregate(INDEX_ARITHMETIC, 0, 0, columns, weights, 4, 4, out, NULL) == INDEX_SOUND && out[0] == 6 && out[1] == 6);
    CHECK(aggregate(INDEX_GEOMETRIC, 0, 0, columns, weights, 4, 4, out, NULL) == INDEX_SOUND);
    CHECK(fabs(out[0] - 2.14) < 0.005 && near(out[1], 6, 1e-14) && fabs(out[2] - 2.54) < 0.006 &&
          fabs(out[3] - 6.23) < 0.006);
}

static void compare_ranks(const char *what, const double *score, const uint32_t *printed)
{
    uint32_t rank[TAI_UNITS], order[TAI_UNITS], swap[TAI_UNITS];

    index_rank(score, TAI_UNITS, INDEX_TIE_TOLERANCE, rank, order, swap);
    for (size_t u = 0; u < TAI_UNITS; u++)
        if (rank[u] != printed[u]) {
            printf("%s, %s: rank %u, printed %u\n", what, tai_units[u], rank[u], printed[u]);
            check_failures++;
        }
}

/* Handbook, table 23, column EW: equal weights on goalposts, those of the whole sample of 72 countries (Saisana and
 * Tarantola 2005, table 1; telephones 1 to 901 and electricity 22 to 6969 as logarithms). Table 38, column GME:
 * geometric means of table A.2 as printed. */
static void test_tai_ranks(void)
{
    static const uint32_t equal[TAI_UNITS] = {1,  2,  3,  4,  5,  6,  7,  9,  10, 8,  11, 12,
                                              13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23};
    static const uint32_t geometric[TAI_UNITS] = {2,  1,  3,  4,  16, 5,  6,  13, 14, 18, 8,  11,
                                                  7,  9,  17, 12, 10, 15, 19, 21, 23, 22, 20};
    const double posts[8][2] = {{0, 994},         {0, 272.6},               {0, 232.4}, {0, 80.8}, {log10(1), log10(901)},
                                {log10(22), log10(6969)}, {0.8, 12.0}, {0.1, 27.4}};
    const double weights[8] = {1, 1, 1, 1, 1, 1, 1, 1};
    double scaled[8][TAI_UNITS], memory[2 * TAI_UNITS], score[TAI_UNITS];
    const double *columns[8];

    for (size_t q = 0; q < 8; q++) {
        struct index_scale scale = index_scale_default(INDEX_SCALE_GOALPOSTS);

        scale.lower = posts[q][0];
        scale.upper = posts[q][1];
        scale.high = 1;
        CHECK(index_learn_scale(&scale, tai[q], TAI_UNITS, memory) == INDEX_SOUND);
        index_apply_scale(&scale, tai[q], TAI_UNITS, scaled[q]);
        columns[q] = scaled[q];
    }
    aggregate(INDEX_ARITHMETIC, 0, 0, columns, weights, 8, TAI_UNITS, score, NULL);
    CHECK(fabs(score[0] - 0.744903) < 5e-7 && fabs(score[22] - 0.459415) < 5e-7);
    compare_ranks("table 23, equal weights", score, equal);
    tai_columns(columns);
    aggregate(INDEX_GEOMETRIC, 0, 0, columns, weights, 8, TAI_UNITS, score, NULL);
    CHECK(fabs(score[0] - 30.917657) < 5e-7);
    compare_ranks("table 38, geometric means", score, geometric);
}

/* Handbook, tables 35 and 36: the outranking matrix of five countries, equal weights. */
static void test_outranking(void)
{
    /* telephones and electricity with the third decimal that table 35 prints */
    static const double table35[8][5] = {{187, 289, 271, 994, 779},         {125.6, 130, 156.6, 64.6, 9.8},
                                         {200.2, 179.1, 125.8, 49, 4.8},    {50.7, 66.2, 59.7, 80.8, 66.7},
                                         {3.080, 2.997, 3.096, 3.003, 2.972}, {4.150, 4.073, 4.145, 3.865, 3.653},
                                         {10, 12, 11.4, 9.5, 10.8},         {27.4, 13.9, 15.3, 10, 23.2}};
    static const double table36[25] = {0,    0.5,   0.375, 0.75,  0.625, 0.5,   0,     0.5,   0.625, 0.625, 0.625, 0.5, 0,
                                       0.75, 0.625, 0.25,  0.375, 0.25,  0,     0.75,  0.375, 0.375, 0.375, 0.25,  0};
    const double weights[8] = {1, 1, 1, 1, 1, 1, 1, 1};
    double support[25], points[5];
    const double *columns[8];

    for (size_t q = 0; q < 8; q++)
        columns[q] = table35[q];
    index_outrank(columns, weights, 8, 5, INDEX_TIE_TOLERANCE, support);
    for (size_t i = 0; i < 25; i++)
        CHECK(near(support[i], table36[i], 1e-15));
    index_copeland(support, 5, points);
    /* Finland: draw, lost, won, won */
    CHECK(points[0] == 1 && points[1] == 2 && points[2] == 3 && points[3] == -2 && points[4] == -4);
    index_borda(support, 5, points);
    CHECK(near(points[0], 2.25, 1e-15) && near(points[4], 1.375, 1e-15));
}

/* Condorcet's 60 voters (Handbook, tables 27 and 28): 23 abc, 17 bca, 2 bac, 10 cab, 8 cba. The order of greatest
 * support is b, c, a with 104. */
static void test_condorcet(void)
{
    const double orders[5][3] = {{2, 1, 0}, {0, 2, 1}, {1, 2, 0}, {1, 0, 2}, {0, 1, 2}}, weights[] = {23, 17, 2, 10, 8};
    const double *columns[5];
    double support[9], total;
    uint32_t order[3];

    for (size_t q = 0; q < 5; q++)
        columns[q] = orders[q];
    index_outrank(columns, weights, 5, 3, INDEX_TIE_TOLERANCE, support);
    CHECK(near(60 * support[1], 33, 1e-13) && near(60 * support[5], 42, 1e-13) && near(60 * support[6], 35, 1e-13));
    CHECK(index_kemeny(support, 3, order, NULL, &total, NULL) == INDEX_SOUND);
    CHECK(order[0] == 1 && order[1] == 2 && order[2] == 0 && near(60 * total, 104, 1e-13));
}

static double best_by_permutations(const double *support, size_t n, uint32_t *order, size_t place)
{
    double best = -1;

    if (place == n) {
        double sum = 0;

        for (size_t i = 0; i < n; i++)
            for (size_t j = i + 1; j < n; j++)
                sum += support[order[i] * n + order[j]];
        return sum;
    }
    for (size_t i = place; i < n; i++) {
        uint32_t swap = order[place];
        double value;

        order[place] = order[i];
        order[i] = swap;
        value = best_by_permutations(support, n, order, place + 1);
        best = value > best ? value : best;
        order[i] = order[place];
        order[place] = swap;
    }
    return best;
}

/* The dynamic programme against all permutations, and against the optimum of the 23 TAI countries (184.5, found by
 * 0/1 programming). */
static void test_kemeny(void)
{
    const double weights[8] = {1, 1, 1, 1, 1, 1, 1, 1};
    const double *columns[8];
    static double support[TAI_UNITS * TAI_UNITS];
    uint32_t order[TAI_UNITS], tried[7];
    double total;

    for (uint64_t round = 0; round < 40; round++) {
        struct index_random random;

        index_random_start(&random, 11, round);
        for (size_t i = 0; i < 7; i++) {
            tried[i] = (uint32_t)i;
            support[i * 7 + i] = 0;
            for (size_t j = 0; j < i; j++) {
                support[i * 7 + j] = (double)index_random_below(&random, 9) / 8;
                support[j * 7 + i] = 1 - support[i * 7 + j];
            }
        }
        CHECK(index_kemeny(support, 7, order, NULL, &total, NULL) == INDEX_SOUND);
        CHECK(near(total, best_by_permutations(support, 7, tried, 0), 1e-12));
    }
    tai_columns(columns);
    index_outrank(columns, weights, 8, TAI_UNITS, INDEX_TIE_TOLERANCE, support);
    CHECK(index_kemeny(support, TAI_UNITS, order, NULL, &total, NULL) == INDEX_SOUND);
    CHECK(near(total, 184.5, 1e-12));
}

/* What every best order says of n units, from all permutations: before[i][j] counts the best orders in which i stands before
 * j. */
static void count_orders(const double *support, size_t n, uint32_t *order, size_t place, double best, uint32_t *before)
{
    if (place == n) {
        double sum = 0;

        for (size_t i = 0; i < n; i++)
            for (size_t j = i + 1; j < n; j++)
                sum += support[order[i] * n + order[j]];
        for (size_t i = 0; i < n && sum > best - 1e-9; i++)
            for (size_t j = i + 1; j < n; j++)
                before[order[i] * n + order[j]]++;
        return;
    }
    for (size_t i = place; i < n; i++) {
        uint32_t swap = order[place];

        order[place] = order[i];
        order[i] = swap;
        count_orders(support, n, order, place + 1, best, before);
        order[i] = order[place];
        order[place] = swap;
    }
}

/* Ties of the Kemeny order are those that all permutations give: units are tied when two best orders disagree about them,
 * and so on from unit to unit; what two units of different blocks say agrees with every best order. Few levels of support
 * make several best orders frequent. */
static void test_kemeny_ties(void)
{
    enum { N = 6 };
    size_t with_several = 0;

    for (uint64_t round = 0; round < 300; round++) {
        double support[N * N], points[N], total;
        uint32_t order[N], tried[N], before[N * N] = {0};
        bool together[N][N] = {{false}}, several;
        struct index_random random;

        index_random_start(&random, 5, round);
        for (size_t i = 0; i < N; i++) {
            tried[i] = (uint32_t)i;
            support[i * N + i] = 0;
            for (size_t j = 0; j < i; j++) {
                support[i * N + j] = (double)index_random_below(&random, 4) / 3;
                support[j * N + i] = 1 - support[i * N + j];
            }
        }
        CHECK(index_kemeny(support, N, order, points, &total, &several) == INDEX_SOUND);
        count_orders(support, N, tried, 0, total, before);
        for (size_t i = 0; i < N; i++)
            for (size_t j = 0; j < N; j++)
                together[i][j] = i == j || (before[i * N + j] > 0 && before[j * N + i] > 0);
        for (size_t k = 0; k < N; k++)
            for (size_t i = 0; i < N; i++)
                for (size_t j = 0; j < N; j++)
                    together[i][j] |= together[i][k] && together[k][j];
        for (size_t i = 0; i < N; i++)
            for (size_t j = 0; j < N; j++) {
                CHECK((points[i] == points[j]) == together[i][j]);
                CHECK(points[i] <= points[j] || (before[j * N + i] == 0 && before[i * N + j] > 0));
            }
        with_several += several;
    }
    CHECK(with_several > 50 && with_several < 300);
}

/* A cycle of 25 units cannot be resolved exactly, and says so; 40 units in a clear order can. */
static void test_kemeny_size(void)
{
    static double support[40 * 40];
    uint32_t order[40];

    for (size_t i = 0; i < 25; i++)
        for (size_t j = 0; j < 25; j++)
            support[i * 25 + j] = i == j ? 0 : (j + 25 - i) % 25 <= 12 ? 0.75 : 0.25;
    CHECK(index_kemeny(support, 25, order, NULL, NULL, NULL) == INDEX_TOO_LARGE);
    for (size_t i = 0; i < 40; i++)
        for (size_t j = 0; j < 40; j++)
            support[i * 40 + j] = i == j ? 0 : (i * 7) % 40 < (j * 7) % 40 ? 0.9 : 0.1;
    CHECK(index_kemeny(support, 40, order, NULL, NULL, NULL) == INDEX_SOUND);
    for (size_t i = 0; i < 40; i++)
        CHECK(order[i] * 7 % 40 == i);
}

/* The family of means on (1, 4) with weights 1 and 3. */
static void test_means(void)
{
    const double a[] = {1, NAN, NAN, 0, -1}, b[] = {4, 4, NAN, 4, 4}, weights[] = {1, 3};
    const double *columns[] = {a, b};
    double out[5];
    uint8_t bad[5] = {0};

    aggregate(INDEX_ARITHMETIC, 0, 0, columns, weights, 2, 5, out, NULL);
    CHECK(out[0] == 3.25 && out[1] == 4 && isnan(out[2]) && out[3] == 3 && out[4] == 2.75);
    /* a zero makes a geometric mean zero; a negative value leaves it undefined, and the rest is computed (Hardy, Littlewood
     * and Pólya 1934, section 2.2: means of non-negative values, zero where one is zero and the power is not positive) */
    aggregate(INDEX_GEOMETRIC, 0, 0, columns, weights, 2, 5, out, bad);
    CHECK(near(out[0], pow(4, 0.75), 1e-14) && near(out[1], 4, 1e-14) && isnan(out[2]) && out[3] == 0 && isnan(out[4]));
    CHECK(!bad[0] && !bad[1] && !bad[2] && !bad[3] && bad[4]);
    aggregate(INDEX_HARMONIC, 0, 0, columns, weights, 2, 5, out, bad);
    CHECK(near(out[0], 4 / (1 + 0.75), 1e-14) && out[3] == 0 && isnan(out[4]) && bad[4]);
    aggregate(INDEX_GENERALISED, -1, 0, columns, weights, 2, 5, out, NULL);
    CHECK(near(out[0], 4 / (1 + 0.75), 1e-14) && near(out[1], 4, 1e-14)); /* a gap is skipped, not passed on */
    aggregate(INDEX_GENERALISED, 0, 0, columns, weights, 2, 5, out, NULL);
    CHECK(near(out[0], pow(4, 0.75), 1e-14));
    aggregate(INDEX_GENERALISED, 2, 0, columns, weights, 2, 5, out, NULL);
    CHECK(near(out[0], 3.5, 1e-14) && isnan(out[4])); /* sqrt((1 + 48) / 4); of -1 no power, whatever its square */
    aggregate(INDEX_GENERALISED, 0.5, 0, columns, weights, 2, 5, out, NULL);
    CHECK(near(out[0], 1.75 * 1.75, 1e-14) && isnan(out[4]) && near(out[3], 2.25, 1e-14));
    aggregate(INDEX_MINIMUM, 0, 0, columns, weights, 2, 5, out, NULL);
    CHECK(out[0] == 1 && out[1] == 4 && isnan(out[2]) && out[4] == -1);
}

static void test_median(void)
{
    const double a[] = {1, 5}, b[] = {2, NAN}, c[] = {10, 3}, d[] = {7, 1};
    const double *columns[] = {a, b, c, d}, equal[] = {1, 1, 1, 1}, heavy[] = {1, 1, 5, 1};
    double out[2];

    aggregate(INDEX_MEDIAN, 0, 0, columns, equal, 4, 2, out, NULL);
    CHECK(out[0] == 4.5 && out[1] == 3);
    aggregate(INDEX_MEDIAN, 0, 0, columns, heavy, 4, 2, out, NULL);
    CHECK(out[0] == 10 && out[1] == 3);
}

static void test_thresholds(void)
{
    const double a[] = {1, 1, NAN}, b[] = {1, NAN, NAN}, c[] = {1, NAN, 1};
    const double *columns[] = {a, b, c}, weights[] = {2, 1, 1}, without[] = {2, 0, 1}, none[] = {0, 0, 0};
    struct index_rule by_weight = {.method = INDEX_ARITHMETIC, .threshold = 0.5, .by_weight = true};
    struct index_children children = {.x = columns, .weights = weights, .k = 3, .n = 3};
    uint8_t undefined[3];
    double out[3];
    bool several;

    aggregate(INDEX_ARITHMETIC, 0, 1.0 / 3, columns, weights, 3, 3, out, NULL);
    CHECK(out[0] == 1 && out[1] == 1 && out[2] == 1);
    aggregate(INDEX_MEDIAN, 0, 0.5, columns, weights, 3, 3, out, NULL);
    CHECK(out[0] == 1 && isnan(out[1]) && isnan(out[2]));
    /* a child of weight zero is no child: one of two is there */
    aggregate(INDEX_ARITHMETIC, 0, 0.5, columns, without, 3, 3, out, NULL);
    CHECK(out[0] == 1 && out[1] == 1 && out[2] == 1);
    index_aggregate(&children, &by_weight, 0, NULL, NULL, out, undefined, &several, work);
    CHECK(out[0] == 1 && out[1] == 1 && isnan(out[2]));
    aggregate(INDEX_ARITHMETIC, 0, 0, columns, none, 3, 3, out, NULL);
    CHECK(isnan(out[0]) && isnan(out[1]));
    aggregate(INDEX_COPELAND, 0, 0.5, columns, weights, 3, 3, out, NULL);
    CHECK(out[0] == 0 && isnan(out[1]) && isnan(out[2]));
}

/* One unit, all missing, all tied under outranking. */
static void test_outranking_edges(void)
{
    const double one[] = {5}, none[] = {NAN, NAN}, tied[] = {2, 2, 2};
    const double *single[] = {one}, *empty[] = {none}, *ties[] = {tied}, weights[] = {1};
    double out[3];

    for (int method = INDEX_BORDA; method <= INDEX_KEMENY; method++) {
        enum index_aggregation by = (enum index_aggregation)method;

        CHECK(aggregate(by, 0, 0, single, weights, 1, 1, out, NULL) == INDEX_SOUND && out[0] == 0);
        CHECK(aggregate(by, 0, 0, empty, weights, 1, 2, out, NULL) == INDEX_SOUND && isnan(out[0]) && isnan(out[1]));
        CHECK(aggregate(by, 0, 0, ties, weights, 1, 3, out, NULL) == INDEX_SOUND);
        CHECK(out[0] == out[1] && out[1] == out[2]);
    }
}

static double sum_of_squares(void *context, size_t node, const double *values, const double *weights, size_t count)
{
    double sum = 0;

    ++*(int *)context;
    for (size_t i = 0; i < count; i++)
        sum += weights[i] * values[i] * values[i];
    return sum + (double)node;
}

/* index -> (a, group -> (b, c)); an indicator beside a group. */
static void test_tree(void)
{
    static const uint32_t parent[] = {0, 0, 0, 2, 2}, first[] = {0, 0, 2, 0, 0}, children[] = {2, 0, 2, 0, 0},
                          child[] = {1, 2, 3, 4};
    static const int32_t leaf[] = {-1, 0, -1, 1, 2};
    const double weight[] = {1, 1, 3, 1, 1};
    double leaves[] = {1, 2, 3, NAN, 5, 6};
    struct index_rule rules[5] = {{.method = INDEX_ARITHMETIC}, {.method = INDEX_ARITHMETIC}, {.method = INDEX_MINIMUM}};
    struct index_tree tree = {.nodes = 5, .leaves = 3, .widest = 2, .parent = parent, .leaf = leaf, .first = first,
                              .children = children, .child = child, .weight = weight, .rule = rules};
    double scores[10], *at[5], effective[5], live[5], without[] = {1, 1, 3, 0, 0};
    uint8_t bytes[10] = {0}, *undefined[5];
    struct index_findings findings = {.several = NULL};
    int calls = 0;

    CHECK(index_tree_work(&tree, 2) <= 4096);
    for (size_t i = 0; i < 5; i++) {
        at[i] = leaf[i] >= 0 ? leaves + 2 * leaf[i] : scores + 2 * i;
        undefined[i] = bytes + 2 * i;
    }
    index_evaluate(&tree, at, undefined, 2, NULL, NULL, NULL, NULL, &findings, work);
    CHECK(scores[4] == 3 && scores[5] == 6 && scores[0] == 2.5 && scores[1] == 5);
    rules[2].method = INDEX_CUSTOM;
    index_evaluate(&tree, at, undefined, 2, NULL, NULL, sum_of_squares, &calls, &findings, work);
    CHECK(calls == 2 && scores[4] == 9 + 25 + 2 && scores[5] == 36 + 2);
    /* a leaf that is not defined takes its unit along, through all levels; one that is missing does not */
    leaves[4] = NAN;
    bytes[8] = 1;
    rules[2].method = INDEX_MINIMUM;
    index_evaluate(&tree, at, undefined, 2, NULL, NULL, NULL, NULL, &findings, work);
    CHECK(isnan(scores[4]) && isnan(scores[0]) && bytes[4] == 1 && bytes[0] == 1 && scores[5] == 6 && bytes[1] == 0);
    index_effective_weights(&tree, NULL, effective, live);
    CHECK(effective[0] == 1 && effective[1] == 0.25 && effective[2] == 0.75 && effective[3] == 0.375 &&
          effective[4] == 0.375);
    index_effective_weights(&tree, without, effective, live);
    CHECK(effective[1] == 1 && effective[2] == 0 && effective[3] == 0 && effective[4] == 0);
}

int main(void)
{
    test_page_104();
    test_tai_ranks();
    test_outranking();
    test_condorcet();
    test_kemeny();
    test_kemeny_ties();
    test_kemeny_size();
    test_means();
    test_median();
    test_thresholds();
    test_outranking_edges();
    test_tree();
    return check_result();
}
