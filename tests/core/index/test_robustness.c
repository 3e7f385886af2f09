/* Random numbers, the Sobol sequence, variance-based indices against closed forms, and the experiment's promises:
 * same seed, same result with any number of threads; the fast path equals the tree. */
#include <stdlib.h>

#include "index/experiment.h"
#include "index/rank.h"
#include "index/random.h"
#include "index/robustness.h"
#include "index/sensitivity.h"
#include "index/sequence.h"

#include "check.h"
#include "index/tai.h"

/* splitmix64 of seed 0: its first three outputs, as published with the generator (Steele, Lea and Flood 2014; Vigna). */
static void test_random(void)
{
    struct index_random random;
    double sum = 0;

    CHECK(index_mix(0) == UINT64_C(0xe220a8397b1dcdaf));
    CHECK(index_mix(UINT64_C(0x9e3779b97f4a7c15)) == UINT64_C(0x6e789e6aa1b965f4));
    /* xoshiro256** from the state 1, 2, 3, 4: by hand, rotl(2 * 5, 7) * 9 */
    random = (struct index_random){{1, 2, 3, 4}};
    CHECK(index_random_bits(&random) == 11520);
    index_random_start(&random, 1, 2);
    for (int i = 0; i < 100000; i++) {
        double u = index_random_uniform(&random);

        CHECK(u >= 0 && u < 1);
        sum += u;
    }
    CHECK(fabs(sum / 100000 - 0.5) < 4 * sqrt(1.0 / 12 / 100000));
}

/* The first 2^k points of every dimension fall one into each of 2^k equal intervals; the first two dimensions are van
 * der Corput's sequence and Sobol's second one. */
static void test_sequence(void)
{
    static struct index_sequence sequence;
    static unsigned char seen[INDEX_SEQUENCE_MOST][256];
    static double point[INDEX_SEQUENCE_MOST];

    index_sequence_start(&sequence, INDEX_SEQUENCE_MOST, 99);
    for (uint64_t i = 0; i < 256; i++) {
        index_sequence_point(&sequence, i, point);
        for (size_t d = 0; d < INDEX_SEQUENCE_MOST; d++)
            seen[d][(size_t)(point[d] * 256)]++;
    }
    for (size_t d = 0; d < INDEX_SEQUENCE_MOST; d++)
        for (size_t i = 0; i < 256; i++)
            if (seen[d][i] != 1) {
                printf("dimension %zu is not even at %zu\n", d, i);
                check_failures++;
                i = 256;
            }
    index_sequence_start(&sequence, 2, 1);
    sequence.shift[0] = sequence.shift[1] = 0;
    {
        static const double wanted[4][2] = {{0, 0}, {0.5, 0.5}, {0.75, 0.25}, {0.25, 0.75}};

        for (uint64_t i = 0; i < 4; i++) {
            index_sequence_point(&sequence, i, point);
            CHECK(fabs(point[0] - wanted[i][0]) < 1e-9 && fabs(point[1] - wanted[i][1]) < 1e-9);
        }
    }
}

typedef double (*model)(const double *x, size_t k);

/* Sobol's g-function with a = 0, 1, 4.5, 9, 99, 99, 99, 99. */
static const double g_a[8] = {0, 1, 4.5, 9, 99, 99, 99, 99};

static double sobol_g(const double *x, size_t k)
{
    double product = 1;

    for (size_t i = 0; i < k; i++)
        product *= (fabs(4 * x[i] - 2) + g_a[i]) / (1 + g_a[i]);
    return product;
}

/* Ishigami and Homma (1990), a = 7, b = 0.1, on (-pi, pi). */
static double ishigami(const double *x, size_t k)
{
    const double pi = 3.14159265358979323846;
    double a = pi * (2 * x[0] - 1), b = pi * (2 * x[1] - 1), c = pi * (2 * x[2] - 1);

    (void)k;
    return sin(a) + 7 * sin(b) * sin(b) + 0.1 * c * c * c * c * sin(a);
}

/* The indices of a function by its closed forms, within `error`. */
static void check_model(const char *name, model f, size_t k, size_t n, bool quasi, enum index_estimator by,
                        const double *first, const double *total, double error)
{
    struct index_sampling *sampling = index_sampling_new(k, quasi, 5);
    double *y = malloc((k + 2) * n * sizeof *y), *work = malloc(300 * sizeof *work), a[8], b[8], mixed[8];

    CHECK(index_sampling_is_quasi(sampling) == quasi);
    for (size_t row = 0; row < n; row++) {
        index_sampling_row(sampling, row, a, b);
        y[row] = f(a, k);
        y[n + row] = f(b, k);
        for (size_t i = 0; i < k; i++) {
            memcpy(mixed, a, sizeof mixed);
            mixed[i] = b[i];
            y[(2 + i) * n + row] = f(mixed, k);
        }
    }
    for (size_t i = 0; i < k; i++) {
        struct index_effect s, t;

        index_sobol(y, y + n, y + (2 + i) * n, n, 1, by, by, quasi ? 0 : 100, 3, work, &s, &t);
        if (!(fabs(s.value - first[i]) < error && fabs(t.value - total[i]) < error)) {
            printf("%s, input %zu: first %.4f (%.4f), total %.4f (%.4f)\n", name, i, s.value, first[i], t.value, total[i]);
            check_failures++;
        }
        if (!quasi)
            CHECK(s.low <= s.value && s.value <= s.high && t.low <= t.value && t.value <= t.high &&
                  s.high - s.low < 8 * error);
    }
    free(work);
    free(y);
    index_sampling_free(sampling);
}

/* Closed forms: V_i = (1/3) / (1 + a_i)^2, V = prod (1 + V_i) - 1, S_i = V_i / V, ST_i = V_i prod_{j != i} (1 + V_j)
 * / V (Saltelli et al. 2010); Ishigami: S = .3139, .4424, 0 and ST = .5576, .4424, .2437. Sampling error allowed with
 * 2^13 rows: 0.01 quasi-random, 0.05 random. */
static void test_closed_forms(void)
{
    double first[8], total[8], product = 1;

    for (size_t i = 0; i < 8; i++)
        product *= 1 + 1 / (3 * (1 + g_a[i]) * (1 + g_a[i]));
    for (size_t i = 0; i < 8; i++) {
        double own = 1 / (3 * (1 + g_a[i]) * (1 + g_a[i]));

        first[i] = own / (product - 1);
        total[i] = own * product / (1 + own) / (product - 1);
    }
    check_model("g, Saltelli", sobol_g, 8, 8192, true, INDEX_SALTELLI, first, total, 0.01);
    check_model("g, Jansen", sobol_g, 8, 8192, true, INDEX_JANSEN, first, total, 0.01);
    check_model("g, random", sobol_g, 8, 8192, false, INDEX_JANSEN, first, total, 0.05);
    {
        const double s[] = {0.3139, 0.4424, 0}, st[] = {0.5576, 0.4424, 0.2437};

        check_model("Ishigami, Saltelli", ishigami, 3, 8192, true, INDEX_SALTELLI, s, st, 0.01);
        check_model("Ishigami, Jansen", ishigami, 3, 8192, true, INDEX_JANSEN, s, st, 0.01);
        check_model("Ishigami, random", ishigami, 3, 8192, false, INDEX_SALTELLI, s, st, 0.05);
    }
}

static void test_no_variance(void)
{
    const double flat[] = {1, 1, 1};
    double work[30];
    struct index_effect first, total;

    index_sobol(flat, flat, flat, 3, 1, INDEX_SALTELLI, INDEX_JANSEN, 10, 1, work, &first, &total);
    CHECK(isnan(first.value) && isnan(total.value) && isnan(first.low));
}

/* Three groups over the eight TAI indicators: 0 -> (1: 4 leaves, 2: 3 leaves, 11: a leaf). */
static const uint32_t parent[11] = {0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2}, first_child[11] = {0, 3, 7}, children[11] = {3, 4, 3},
                      child[10] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
static const int32_t leaf[11] = {-1, -1, -1, 0, 1, 2, 3, 4, 5, 6, 7};
static const double weight[11] = {1, 1, 1, 1, 1, 2, 1, 1, 1, 1, 1};
static const double noise[11] = {0, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25};

struct fixture {
    struct index_rule arithmetic[11], geometric[11];
    const struct index_rule *rules[2];
    double first[8 * TAI_UNITS], second[8 * TAI_UNITS];
    const double *variants[2];
    struct index_tree tree;
    struct index_experiment experiment;
};

static void fixture_start(struct fixture *f)
{
    memset(f, 0, sizeof *f);
    for (size_t i = 0; i < 11; i++) {
        f->arithmetic[i].method = INDEX_ARITHMETIC;
        f->geometric[i].method = INDEX_GEOMETRIC;
    }
    f->rules[0] = f->arithmetic;
    f->rules[1] = f->geometric;
    for (size_t q = 0; q < 8; q++)
        for (size_t u = 0; u < TAI_UNITS; u++) {
            f->first[q * TAI_UNITS + u] = tai[q][u] / tai[q][0];
            f->second[q * TAI_UNITS + u] = sqrt(tai[q][u] / tai[q][3]);
        }
    f->variants[0] = f->first;
    f->variants[1] = f->second;
    f->tree = (struct index_tree){.nodes = 11,
                                  .leaves = 8,
                                  .widest = 4,
                                  .parent = parent,
                                  .leaf = leaf,
                                  .first = first_child,
                                  .children = children,
                                  .child = child,
                                  .weight = weight,
                                  .rule = f->arithmetic};
    f->experiment = (struct index_experiment){.tree = &f->tree, .units = TAI_UNITS, .tolerance = INDEX_TIE_TOLERANCE,
                                              .imputations = 1, .normalisations = 2, .variants = f->variants,
                                              .aggregations = 2, .rules = f->rules, .noise = noise, .drops = 1};
}

/* Weighted sums with effective weights give the scores that the tree gives. */
static void test_fast_path(void)
{
    struct fixture f;
    struct index_run run;
    double inputs[16], scores[11 * TAI_UNITS], *at[11], *work;
    uint8_t bytes[11 * TAI_UNITS] = {0}, *undefined[11];
    struct index_findings findings = {.several = NULL};

    fixture_start(&f);
    index_run_start(&run, &f.experiment);
    work = malloc(index_tree_work(&f.tree, TAI_UNITS) * sizeof *work);
    CHECK(run.inputs == 2 + 10 + 1);
    for (uint64_t r = 0; r < 200; r++) {
        index_draw_setting(run.inputs, 3, r, inputs);
        inputs[1] = 0; /* arithmetic */
        index_run_setting(&run, inputs);
        for (size_t i = 0; i < 11; i++)
            at[i] = leaf[i] >= 0 ? (inputs[0] >= 0.5 ? f.second : f.first) + leaf[i] * TAI_UNITS : scores + i * TAI_UNITS;
        for (size_t i = 0; i < 11; i++)
            undefined[i] = bytes + i * TAI_UNITS;
        index_evaluate(&f.tree, at, undefined, TAI_UNITS, run.weight, f.arithmetic, NULL, NULL, &findings, work);
        for (size_t u = 0; u < TAI_UNITS; u++)
            CHECK(near(run.score[u], scores[u], 1e-13));
    }
    index_run_end(&run);
    free(work);
}

static void test_threads(void)
{
    struct fixture f;
    struct index_robustness one, four;
    size_t n = TAI_UNITS;

    fixture_start(&f);
    f.first[5] = NAN; /* one value is missing: that unit is scored without it */
    index_robustness_run(&f.experiment, 500, 7, 1, true, &one);
    index_robustness_run(&f.experiment, 500, 7, 4, true, &four);
    CHECK(memcmp(one.nominal, four.nominal, n * sizeof *one.nominal) == 0);
    CHECK(memcmp(one.histogram, four.histogram, n * (n + 1) * sizeof *one.histogram) == 0);
    CHECK(memcmp(one.wins, four.wins, n * n * sizeof *one.wins) == 0);
    CHECK(memcmp(one.shift, four.shift, 500 * sizeof *one.shift) == 0);
    for (size_t u = 0; u < n; u++) {
        uint32_t runs = 0;

        for (size_t rank = 0; rank <= n; rank++)
            runs += one.histogram[u * (n + 1) + rank];
        CHECK(runs == 500 && one.wins[u * n + u] == 0);
        CHECK(index_rank_quantile(&one, u, 0.05) <= index_rank_quantile(&one, u, 0.5));
        CHECK(index_rank_quantile(&one, u, 0.5) <= index_rank_quantile(&one, u, 0.95));
    }
    index_robustness_free(&one);
    index_robustness_free(&four);
}

/* How the parts of an experiment are asked for: their sizes, again and again, until so much is done. */
struct parts {
    size_t calls, stop_at;
};

static size_t next_part(void *context, size_t done)
{
    static const size_t sizes[] = {1, 7, 64, 3, 1000};
    struct parts *parts = context;

    return done >= parts->stop_at ? 0 : sizes[parts->calls++ % 5];
}

/* The runs of parts are those of the whole; stopped, they are its beginning. */
static void test_parts(void)
{
    struct fixture f;
    struct index_robustness whole, parts, begun, stopped;
    struct parts all = {0, SIZE_MAX}, some = {0, 71};
    size_t n = TAI_UNITS;

    fixture_start(&f);
    /* A rule that takes long: the first part is small. */
    f.geometric[0].method = INDEX_ENVELOPE;
    index_robustness_run(&f.experiment, 2000, 7, 1, true, &whole);
    f.experiment.pace = next_part;
    f.experiment.pace_context = &all;
    index_robustness_run(&f.experiment, 2000, 7, 3, true, &parts);
    CHECK(all.calls > 5 && parts.runs == 2000);
    CHECK(memcmp(whole.histogram, parts.histogram, n * (n + 1) * sizeof *whole.histogram) == 0);
    CHECK(memcmp(whole.wins, parts.wins, n * n * sizeof *whole.wins) == 0);
    CHECK(memcmp(whole.shift, parts.shift, 2000 * sizeof *whole.shift) == 0);
    f.experiment.pace_context = &some;
    index_robustness_run(&f.experiment, 2000, 7, 2, false, &stopped);
    CHECK(stopped.runs >= 71 && stopped.runs < 2000);
    f.experiment.pace = NULL;
    index_robustness_run(&f.experiment, stopped.runs, 7, 1, false, &begun);
    CHECK(memcmp(begun.histogram, stopped.histogram, n * (n + 1) * sizeof *begun.histogram) == 0);
    CHECK(memcmp(begun.shift, stopped.shift, stopped.runs * sizeof *begun.shift) == 0);
    index_robustness_free(&whole);
    index_robustness_free(&parts);
    index_robustness_free(&begun);
    index_robustness_free(&stopped);
}

/* Nothing varies: every run is the nominal one. */
static void test_nothing_varies(void)
{
    struct fixture f;
    struct index_robustness result;
    static const double silent[11] = {0};

    fixture_start(&f);
    f.experiment.normalisations = f.experiment.aggregations = 1;
    f.experiment.noise = silent;
    f.experiment.drops = 0;
    index_robustness_run(&f.experiment, 50, 1, 2, false, &result);
    for (size_t u = 0; u < TAI_UNITS; u++)
        CHECK(index_rank_quantile(&result, u, 0) == result.nominal[u] &&
              index_rank_quantile(&result, u, 1) == result.nominal[u]);
    CHECK(result.shift[17] == 0 && result.wins == NULL);
    index_robustness_free(&result);
}

/* The median and the 5th percentile of a known histogram: ranks 1, 1, 2, 4. */
static void test_quantiles(void)
{
    uint32_t histogram[] = {1, 2, 1, 0, 1, 5, 0, 0, 0, 0};
    struct index_robustness result = {.runs = 5, .units = 4, .histogram = histogram};

    CHECK(index_rank_quantile(&result, 0, 0.5) == 1.5 && index_rank_quantile(&result, 0, 1) == 4);
    CHECK(near(index_rank_quantile(&result, 0, 0.9), 2 + 0.7 * 2, 1e-14));
    CHECK(isnan(index_rank_quantile(&result, 1, 0.5)));
}

static void test_sensitivity_run(void)
{
    struct fixture f;
    struct index_inputs count;
    struct index_sampling *sampling;
    uint32_t group[13], nominal[TAI_UNITS];
    size_t rows = 256, cells = 5 * rows * (TAI_UNITS + 1);
    double *one = malloc(cells * sizeof *one), *three = malloc(cells * sizeof *three), work[300];
    struct index_effect first, total;
    struct parts parts = {0, SIZE_MAX};

    fixture_start(&f);
    f.geometric[0].method = INDEX_ENVELOPE; /* takes long: the first part is small */
    count = index_experiment_inputs(&f.experiment);
    f.experiment.drops = 0;
    for (size_t i = 0; i < 12; i++)
        group[i] = i < 2 ? (uint32_t)i : 2;
    CHECK(count.weights == 10 && count.normalisation == 1 && count.aggregation == 1 && count.imputation == 0);
    for (size_t u = 0; u < TAI_UNITS; u++)
        nominal[u] = (uint32_t)u + 1;
    sampling = index_sampling_new(12, true, 2);
    index_sensitivity_run(&f.experiment, sampling, rows, group, 3, nominal, 1, one);
    index_sensitivity_run(&f.experiment, sampling, rows, group, 3, nominal, 3, three);
    CHECK(memcmp(one, three, cells * sizeof *one) == 0);
    memset(three, 0, cells * sizeof *three);
    f.experiment.pace = next_part;
    f.experiment.pace_context = &parts;
    index_sensitivity_run(&f.experiment, sampling, rows, group, 3, nominal, 2, three);
    CHECK(parts.calls > 2 && memcmp(one, three, cells * sizeof *one) == 0);
    index_sobol(one, one + rows * (TAI_UNITS + 1), one + 2 * rows * (TAI_UNITS + 1), rows, TAI_UNITS + 1, INDEX_SALTELLI,
                INDEX_JANSEN, 50, 1, work, &first, &total);
    CHECK(total.value > 0 && total.value <= 1.2 && total.low <= total.high);
    index_sampling_free(sampling);
    free(one);
    free(three);
}

int main(void)
{
    test_random();
    test_sequence();
    test_closed_forms();
    test_no_variance();
    test_fast_path();
    test_threads();
    test_parts();
    test_nothing_varies();
    test_quantiles();
    test_sensitivity_run();
    return check_result();
}
