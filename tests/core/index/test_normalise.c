/* Normalisation: the Handbook's table 15, and edge cases by hand. */
#include "index/normalise.h"

#include "check.h"
#include "index/tai.h"

/* OECD/JRC Handbook (2008), table 15: mean years of school, in the order of table A.2. Columns: rank, z-score, min-max,
 * distance to the mean, to the best and to the worst (ratios), to the mean and to the worst (differences), above or
 * below the mean (20 %), percentile. Its categorical column contradicts the Handbook's own formula and is left out. */
static const double table15[TAI_UNITS][10] = {
    {15, 0.26, 0.59, 1.04, 0.83, 1.41, 0.04, 0.41, 0, 65.2},
    {23, 1.52, 1.00, 1.25, 1.00, 1.69, 0.25, 0.69, 1, 100},
    {19, 1.14, 0.88, 1.19, 0.95, 1.61, 0.19, 0.61, 0, 82.6},
    {12, -0.06, 0.49, 0.99, 0.79, 1.34, -0.01, 0.34, 0, 52.2},
    {17, 0.76, 0.76, 1.13, 0.90, 1.52, 0.13, 0.52, 0, 73.9},
    {9, -0.12, 0.47, 0.98, 0.78, 1.32, -0.02, 0.32, 0, 39.1},
    {9, -0.12, 0.47, 0.98, 0.78, 1.32, -0.02, 0.32, 0, 39.1},
    {20, 1.27, 0.92, 1.21, 0.97, 1.63, 0.21, 0.63, 1, 87.0},
    {18, 0.83, 0.78, 1.14, 0.91, 1.54, 0.14, 0.54, 0, 78.3},
    {1, -1.58, 0.00, 0.74, 0.59, 1.00, -0.26, 0.00, -1, 4.3},
    {16, 0.38, 0.63, 1.06, 0.85, 1.44, 0.06, 0.44, 0, 69.6},
    {22, 1.46, 0.98, 1.24, 0.99, 1.68, 0.24, 0.68, 1, 95.7},
    {9, -0.12, 0.47, 0.98, 0.78, 1.32, -0.02, 0.32, 0, 39.1},
    {8, -0.19, 0.45, 0.97, 0.78, 1.31, -0.03, 0.31, 0, 34.8},
    {21, 1.33, 0.94, 1.22, 0.98, 1.65, 0.22, 0.65, 1, 91.3},
    {6, -0.76, 0.27, 0.88, 0.70, 1.18, -0.12, 0.18, 0, 26.1},
    {5, -1.08, 0.16, 0.82, 0.66, 1.11, -0.18, 0.11, 0, 21.7},
    {14, 0.00, 0.51, 1.00, 0.80, 1.35, 0.00, 0.35, 0, 60.9},
    {4, -1.46, 0.04, 0.76, 0.61, 1.03, -0.24, 0.03, -1, 17.4},
    {3, -1.52, 0.02, 0.75, 0.60, 1.01, -0.25, 0.01, -1, 13.0},
    {12, -0.06, 0.49, 0.99, 0.79, 1.34, -0.01, 0.34, 0, 52.2},
    {7, -0.31, 0.41, 0.95, 0.76, 1.28, -0.05, 0.28, 0, 30.4},
    {1, -1.58, 0.00, 0.74, 0.59, 1.00, -0.26, 0.00, -1, 4.3},
};

static enum index_flaw normalise(struct index_scale *scale, const double *x, size_t n, double *out)
{
    static double memory[256];
    enum index_flaw flaw = index_learn_scale(scale, x, n, memory);

    index_apply_scale(scale, x, n, out);
    return flaw;
}

static void test_table15(void)
{
    static const struct {
        enum index_scaling method;
        enum index_reference reference;
        double rounding;
    } columns[10] = {
        {INDEX_SCALE_RANK, INDEX_REFERENCE_MEAN, 0},          {INDEX_SCALE_ZSCORE, INDEX_REFERENCE_MEAN, 0.00501},
        {INDEX_SCALE_MINMAX, INDEX_REFERENCE_MEAN, 0.00501},  {INDEX_SCALE_RATIO, INDEX_REFERENCE_MEAN, 0.00501},
        {INDEX_SCALE_RATIO, INDEX_REFERENCE_BEST, 0.00501},   {INDEX_SCALE_RATIO, INDEX_REFERENCE_WORST, 0.00501},
        {INDEX_SCALE_DIFFERENCE, INDEX_REFERENCE_MEAN, 0.00501}, {INDEX_SCALE_DIFFERENCE, INDEX_REFERENCE_WORST, 0.00501},
        {INDEX_SCALE_MEAN_BAND, INDEX_REFERENCE_MEAN, 0},     {INDEX_SCALE_PERCENTILE, INDEX_REFERENCE_MEAN, 0.0501},
    };

    for (size_t c = 0; c < 10; c++) {
        struct index_scale scale = index_scale_default(columns[c].method);
        double out[TAI_UNITS];

        scale.high = 1;
        scale.reference = columns[c].reference;
        CHECK(normalise(&scale, tai[SCHOOLING], TAI_UNITS, out) == INDEX_SOUND);
        for (size_t u = 0; u < TAI_UNITS; u++)
            if (!(fabs(out[u] - table15[u][c]) <= columns[c].rounding)) {
                printf("table 15, column %zu, %s: got %.17g, printed %g\n", c, tai_units[u], out[u], table15[u][c]);
                check_failures++;
            }
    }
}

/* Every value of a case, worked out by hand. */
static void expect(struct index_scale scale, const double *x, size_t n, enum index_flaw flaw, const double *wanted)
{
    double out[16];

    if (normalise(&scale, x, n, out) != flaw) {
        printf("method %d: another flaw than %d\n", (int)scale.method, (int)flaw);
        check_failures++;
    }
    for (size_t i = 0; i < n; i++)
        if (!near(out[i], wanted[i], 1e-14)) {
            printf("method %d, value %zu: got %.17g, wanted %.17g\n", (int)scale.method, i, out[i], wanted[i]);
            check_failures++;
        }
}

static struct index_scale scale_of(enum index_scaling method, int direction)
{
    struct index_scale scale = index_scale_default(method);

    scale.direction = direction;
    return scale;
}

/* x = 4, 2, missing, 2, 10: mean 4.5; for direction -1 the same with the best at 2. */
static void test_by_hand(void)
{
    const double x[] = {4, 2, NAN, 2, 10};
    double s = sqrt((0.25 + 6.25 + 6.25 + 30.25) / 3);
    struct index_scale scale;

    expect(scale_of(INDEX_SCALE_NONE, 1), x, 5, INDEX_SOUND, (double[]){4, 2, NAN, 2, 10});
    expect(scale_of(INDEX_SCALE_NONE, -1), x, 5, INDEX_SOUND, (double[]){-4, -2, NAN, -2, -10});
    expect(scale_of(INDEX_SCALE_MINMAX, 1), x, 5, INDEX_SOUND, (double[]){25, 0, NAN, 0, 100});
    expect(scale_of(INDEX_SCALE_MINMAX, -1), x, 5, INDEX_SOUND, (double[]){75, 100, NAN, 100, 0});
    scale = scale_of(INDEX_SCALE_MINMAX, 1);
    scale.low = 1;
    scale.high = 5;
    expect(scale, x, 5, INDEX_SOUND, (double[]){2, 1, NAN, 1, 5});
    expect(scale_of(INDEX_SCALE_ZSCORE, 1), x, 5, INDEX_SOUND, (double[]){-0.5 / s, -2.5 / s, NAN, -2.5 / s, 5.5 / s});
    scale = scale_of(INDEX_SCALE_ZSCORE, -1);
    scale.centre = 100;
    scale.spread = 10;
    expect(scale, x, 5, INDEX_SOUND, (double[]){100 + 5 / s, 100 + 25 / s, NAN, 100 + 25 / s, 100 - 55 / s});
    expect(scale_of(INDEX_SCALE_RANK, 1), x, 5, INDEX_SOUND, (double[]){3, 1, NAN, 1, 4});
    expect(scale_of(INDEX_SCALE_RANK, -1), x, 5, INDEX_SOUND, (double[]){2, 3, NAN, 3, 1});
    expect(scale_of(INDEX_SCALE_BORDA, 1), x, 5, INDEX_SOUND, (double[]){2, 0, NAN, 0, 3});
    expect(scale_of(INDEX_SCALE_PERCENTILE_RANK, 1), x, 5, INDEX_SOUND, (double[]){2.0 / 3, 0, NAN, 0, 1});
    expect(scale_of(INDEX_SCALE_PERCENTILE, 1), x, 5, INDEX_SOUND, (double[]){75, 25, NAN, 25, 100});
    expect(scale_of(INDEX_SCALE_MEAN_BAND, 1), x, 5, INDEX_SOUND, (double[]){0, -1, NAN, -1, 1});
    expect(scale_of(INDEX_SCALE_MEAN_BAND, -1), x, 5, INDEX_SOUND, (double[]){0, 1, NAN, 1, -1});
    expect(scale_of(INDEX_SCALE_FRACTION, 1), x, 5, INDEX_SOUND, (double[]){0.4, 0.2, NAN, 0.2, 1});
    /* lower is better: the best scores 1, not the worst */
    expect(scale_of(INDEX_SCALE_FRACTION, -1), x, 5, INDEX_SOUND, (double[]){0.5, 1, NAN, 1, 0.2});
    expect(scale_of(INDEX_SCALE_RATIO, 1), x, 5, INDEX_SOUND, (double[]){4 / 4.5, 2 / 4.5, NAN, 2 / 4.5, 10 / 4.5});
    expect(scale_of(INDEX_SCALE_RATIO, -1), x, 5, INDEX_SOUND, (double[]){4.5 / 4, 2.25, NAN, 2.25, 0.45});
    scale = scale_of(INDEX_SCALE_DIFFERENCE, -1);
    scale.reference = INDEX_REFERENCE_MEDIAN;
    expect(scale, x, 5, INDEX_SOUND, (double[]){-1.0 / 3, 1.0 / 3, NAN, 1.0 / 3, -7.0 / 3});
}

static void test_target_and_goalposts(void)
{
    const double x[] = {0, 5, 10, NAN, 12};
    struct index_scale scale = scale_of(INDEX_SCALE_TARGET, 1);

    scale.target = 10;
    expect(scale, x, 5, INDEX_SOUND, (double[]){0, 0.5, 1, NAN, 1.2});
    scale.cap = true;
    expect(scale, x, 5, INDEX_SOUND, (double[]){0, 0.5, 1, NAN, 1});
    /* lower is better, the worst is 12 and 4 is aimed at */
    scale = scale_of(INDEX_SCALE_TARGET, -1);
    scale.target = 4;
    expect(scale, x, 5, INDEX_SOUND, (double[]){1.5, 0.875, 0.25, NAN, 0});
    scale.target = 12;
    expect(scale, x, 5, INDEX_NO_RANGE, (double[]){NAN, NAN, NAN, NAN, NAN});
    scale = scale_of(INDEX_SCALE_GOALPOSTS, 1);
    scale.lower = 2;
    scale.upper = 10;
    expect(scale, x, 5, INDEX_SOUND, (double[]){0, 37.5, 100, NAN, 100});
    scale.truncate = false;
    scale.high = 1;
    expect(scale, x, 5, INDEX_SOUND, (double[]){-0.25, 0.375, 1, NAN, 1.25});
    scale.direction = -1;
    expect(scale, x, 5, INDEX_SOUND, (double[]){1.25, 0.625, 0, NAN, -0.25});
    scale.upper = 2;
    expect(scale, x, 5, INDEX_NO_RANGE, (double[]){NAN, NAN, NAN, NAN, NAN});
}

/* 1..21: type-7 quantiles at 0.15, 0.25, 0.65, 0.85, 0.95 are 4, 6, 14, 18, 20. */
static void test_categories(void)
{
    double x[21], out[21], memory[42];
    struct index_scale scale = index_scale_default(INDEX_SCALE_CATEGORICAL);

    for (size_t i = 0; i < 21; i++)
        x[i] = (double)i + 1;
    CHECK(index_learn_scale(&scale, x, 21, memory) == INDEX_SOUND);
    index_apply_scale(&scale, x, 21, out);
    for (size_t i = 0; i < 21; i++) {
        double value = (double)i + 1;

        CHECK(out[i] == (value < 4 ? 0 : value < 6 ? 20 : value < 14 ? 40 : value < 18 ? 60 : value < 20 ? 80 : 100));
    }
}

/* Constant columns, one unit, nothing at all: flagged, and never a number made of 0/0. */
static void test_edges(void)
{
    const double constant[] = {3, 3, 3}, one[] = {NAN, 3, NAN}, none[] = {NAN, NAN, NAN}, zero[] = {0, 0, 0},
                 mixed[] = {-1, 0, 2};
    const double missing[] = {NAN, NAN, NAN};

    expect(scale_of(INDEX_SCALE_MINMAX, 1), constant, 3, INDEX_CONSTANT, missing);
    expect(scale_of(INDEX_SCALE_ZSCORE, 1), constant, 3, INDEX_CONSTANT, missing);
    expect(scale_of(INDEX_SCALE_RANK, 1), constant, 3, INDEX_SOUND, (double[]){1, 1, 1});
    expect(scale_of(INDEX_SCALE_PERCENTILE_RANK, 1), constant, 3, INDEX_SOUND, (double[]){0, 0, 0});
    expect(scale_of(INDEX_SCALE_CATEGORICAL, 1), constant, 3, INDEX_SOUND, (double[]){100, 100, 100});
    expect(scale_of(INDEX_SCALE_MEAN_BAND, 1), constant, 3, INDEX_SOUND, (double[]){0, 0, 0});
    expect(scale_of(INDEX_SCALE_MINMAX, 1), one, 3, INDEX_CONSTANT, missing);
    expect(scale_of(INDEX_SCALE_ZSCORE, 1), one, 3, INDEX_TOO_FEW, missing);
    expect(scale_of(INDEX_SCALE_PERCENTILE_RANK, 1), one, 3, INDEX_TOO_FEW, missing);
    expect(scale_of(INDEX_SCALE_RANK, 1), one, 3, INDEX_SOUND, (double[]){NAN, 1, NAN});
    for (int method = INDEX_SCALE_MINMAX; method < INDEX_SCALINGS; method++)
        if (method != INDEX_SCALE_GOALPOSTS)
            expect(scale_of((enum index_scaling)method, 1), none, 3, INDEX_EMPTY, missing);
    expect(scale_of(INDEX_SCALE_RATIO, 1), zero, 3, INDEX_ZERO_REFERENCE, missing);
    expect(scale_of(INDEX_SCALE_FRACTION, 1), zero, 3, INDEX_NOT_POSITIVE, missing);
    expect(scale_of(INDEX_SCALE_FRACTION, 1), mixed, 3, INDEX_NOT_POSITIVE, missing);
    expect(scale_of(INDEX_SCALE_FRACTION, -1), (const double[]){0, 2, 4}, 3, INDEX_NOT_POSITIVE, missing);
    expect(scale_of(INDEX_SCALE_MEAN_BAND, 1), (const double[]){-1, -2, -3}, 3, INDEX_NOT_POSITIVE, missing);
}

/* A scale of all periods applied to one of them. */
static void test_reference_set(void)
{
    const double all[] = {1, 2, 3, 4, 5};
    double out[2], memory[10];
    struct index_scale scale = index_scale_default(INDEX_SCALE_MINMAX);

    CHECK(index_learn_scale(&scale, all, 5, memory) == INDEX_SOUND);
    CHECK(index_apply_scale(&scale, all + 1, 2, out) == 0 && out[0] == 25 && out[1] == 50);
    scale = index_scale_default(INDEX_SCALE_RANK);
    CHECK(index_learn_scale(&scale, all, 5, memory) == INDEX_SOUND);
    CHECK(index_apply_scale(&scale, all + 3, 2, out) == 0 && out[0] == 4 && out[1] == 5);
}

int main(void)
{
    test_table15();
    test_by_hand();
    test_target_and_goalposts();
    test_categories();
    test_edges();
    test_reference_set();
    return check_result();
}
