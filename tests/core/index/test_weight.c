/* Weights: the Handbook's principal components, analytic hierarchy process and benefit of the doubt; CRITIC, entropy
 * and budgets by hand. */
#include <stdlib.h>

#include "index/correlation.h"
#include "index/eigen.h"
#include "index/envelope.h"
#include "index/factor.h"
#include "index/normalise.h"
#include "index/rank.h"
#include "index/simplex.h"
#include "index/weight.h"

#include "check.h"
#include "index/tai.h"

static void tai_correlations(double *matrix)
{
    void *work = malloc(index_correlation_work(TAI_UNITS));

    for (size_t i = 0; i < 8; i++)
        for (size_t j = 0; j < 8; j++) {
            struct index_correlation pair;

            index_correlate(tai[i], tai[j], TAI_UNITS, INDEX_PEARSON, work, &pair);
            matrix[i * 8 + j] = pair.r;
        }
    free(work);
}

/* Handbook, tables 7, 17 and 18: eigenvalues 3.3 1.7 1.0 .9 .5 .3 .2 .1 (to more digits 3.354 1.746 .985 .894 .471
 * .299 .174 .076), four components kept; weights after varimax 0.17 0.15 0.11 0.07 0.08 0.12 0.14 0.16 as printed
 * (0.165 where it prints 0.17). */
static void test_components(void)
{
    static const double eigenvalues[8] = {3.354, 1.746, 0.985, 0.894, 0.471, 0.299, 0.174, 0.076};
    static const double weights_wanted[8] = {0.165, 0.152, 0.109, 0.074, 0.085, 0.116, 0.136, 0.163};
    double matrix[64], values[8], vectors[64], work[64], loadings[32], length[8], weights[8], before = 0, after = 0, sum = 0;
    size_t group[8], kept;

    tai_correlations(matrix);
    CHECK(index_eigen(matrix, 8, values, vectors, work) == INDEX_SOUND);
    for (size_t i = 0; i < 8; i++)
        CHECK(fabs(values[i] - eigenvalues[i]) < 0.00051);
    kept = index_components_kept(values, 8, 0.1, 0.6);
    CHECK(kept == 4);
    index_loadings(values, vectors, 8, 4, loadings);
    for (size_t i = 0; i < 32; i++)
        before += loadings[i] * loadings[i];
    CHECK(index_varimax(loadings, 8, 4, length) == INDEX_SOUND);
    for (size_t i = 0; i < 32; i++)
        after += loadings[i] * loadings[i];
    CHECK(near(before, after, 1e-12)); /* a rotation keeps what is explained */
    index_nicoletti(loadings, 8, 4, weights, group);
    for (size_t i = 0; i < 8; i++) {
        CHECK(fabs(weights[i] - weights_wanted[i]) < 0.00051);
        sum += weights[i];
    }
    CHECK(near(sum, 1, 1e-15));
    /* table 17: internet, electricity and schooling stand on one component, patents and university alone */
    CHECK(group[INTERNET] == group[ELECTRICITY] && group[INTERNET] == group[SCHOOLING] && group[INTERNET] == group[EXPORTS]);
    CHECK(group[PATENTS] != group[INTERNET] && group[UNIVERSITY] != group[PATENTS]);
    matrix[3] = NAN;
    CHECK(index_eigen(matrix, 8, values, vectors, work) == INDEX_CONSTANT);
}

/* A rotation of perfect simple structure finds it again. */
static void test_varimax(void)
{
    double loadings[8], length[4], angle = 0.5;
    const double simple[8] = {0.9, 0, 0.8, 0, 0, 0.7, 0, 0.6};

    for (size_t i = 0; i < 4; i++) {
        loadings[2 * i] = cos(angle) * simple[2 * i] - sin(angle) * simple[2 * i + 1];
        loadings[2 * i + 1] = sin(angle) * simple[2 * i] + cos(angle) * simple[2 * i + 1];
    }
    CHECK(index_varimax(loadings, 4, 2, length) == INDEX_SOUND);
    for (size_t i = 0; i < 8; i++)
        CHECK(fabs(fabs(loadings[i]) - simple[i]) < 1e-9);
}

/* Handbook, table 20: comparisons of the eight TAI indicators. Its principal eigenvalue is 8.2111, CI 0.03015, CR
 * 0.0214. (Table 22's AHP weights are the mean over 20 experts and do not come from this matrix.) */
static void test_ahp(void)
{
    static const double comparisons[64] = {
        1, 2, 3, 2, 5, 5, 1, 3,                                      /* patents */
        0.5, 1, 2, 0.5, 4, 4, 0.5, 3,                                /* royalties */
        1.0 / 3, 0.5, 1, 0.25, 2, 2, 0.2, 0.5,                       /* internet */
        0.5, 2, 4, 1, 4, 4, 0.5, 3,                                  /* exports */
        0.2, 0.25, 0.5, 0.25, 1, 1, 0.2, 0.5,                        /* telephones */
        0.2, 0.25, 0.5, 0.25, 1, 1, 0.2, 0.5,                        /* electricity */
        1, 2, 5, 2, 5, 5, 1, 4,                                      /* schooling */
        1.0 / 3, 1.0 / 3, 2, 1.0 / 3, 2, 2, 0.25, 1,                 /* university */
    };
    /* perfectly consistent: 4 : 2 : 1 */
    static const double consistent[9] = {1, 2, 4, 0.5, 1, 2, 0.25, 0.5, 1};
    double weights[8];
    struct index_ahp ahp;

    CHECK(index_ahp(comparisons, 8, weights, &ahp) == INDEX_SOUND);
    CHECK(fabs(ahp.eigenvalue - 8.2111) < 0.00005 && fabs(ahp.consistency - 0.03015) < 0.000005);
    CHECK(fabs(ahp.ratio - 0.0214) < 0.00005);
    CHECK(index_ahp(consistent, 3, weights, &ahp) == INDEX_SOUND);
    CHECK(near(weights[0], 4.0 / 7, 1e-14) && near(weights[2], 1.0 / 7, 1e-14) && fabs(ahp.ratio) < 1e-14);
    CHECK(index_ahp((const double[]){1, -1, 1, 1}, 2, weights, &ahp) == INDEX_NOT_POSITIVE);
}

/* maximise 3x + 5y, x <= 4, 2y <= 12, 3x + 2y <= 18: 36 at (2, 6) (the usual textbook case), and one without a limit. */
static void test_simplex(void)
{
    const double a[] = {1, 0, 0, 2, 3, 2}, b[] = {4, 12, 18}, c[] = {3, 5}, loose[] = {-1, 1};
    double x[2], objective, work[64];

    CHECK(index_simplex_work(3, 2) <= 64);
    CHECK(index_simplex(a, b, c, 3, 2, x, &objective, work) == INDEX_SOUND);
    CHECK(near(objective, 36, 1e-13) && near(x[0], 2, 1e-13) && near(x[1], 6, 1e-13));
    CHECK(index_simplex(loose, b, c, 1, 2, x, &objective, work) == INDEX_NO_SOLUTION);
}

/* Handbook, pages 92 to 94 and table 23, column BOD: min-max over the 23 countries, each weight between 0.10 and
 * 0.15. */
static void test_envelope(void)
{
    static const uint32_t printed[TAI_UNITS] = {1,  1,  1,  4,  6,  7,  9,  8,  10, 12, 11, 5,
                                                13, 15, 14, 16, 17, 18, 20, 19, 21, 23, 22};
    double scaled[8][TAI_UNITS], lower[8], upper[8], score[TAI_UNITS], weights[TAI_UNITS * 8], memory[2 * TAI_UNITS];
    double *work = malloc(index_envelope_work(8, TAI_UNITS) * sizeof *work);
    const double *columns[8];
    uint32_t rank[TAI_UNITS], order[TAI_UNITS], swap[TAI_UNITS];
    uint8_t left_out[TAI_UNITS] = {0};

    for (size_t q = 0; q < 8; q++) {
        struct index_scale scale = index_scale_default(INDEX_SCALE_MINMAX);

        scale.high = 1;
        index_learn_scale(&scale, tai[q], TAI_UNITS, memory);
        index_apply_scale(&scale, tai[q], TAI_UNITS, scaled[q]);
        columns[q] = scaled[q];
        lower[q] = 0.10;
        upper[q] = 0.15;
    }
    CHECK(index_envelope(columns, 8, TAI_UNITS, NULL, lower, upper, score, weights, work) == INDEX_SOUND);
    index_rank(score, TAI_UNITS, 1e-9, rank, order, swap);
    for (size_t u = 0; u < TAI_UNITS; u++) {
        double sum = 0;

        if (rank[u] != printed[u]) {
            printf("benefit of the doubt, %s: rank %u, printed %u\n", tai_units[u], rank[u], printed[u]);
            check_failures++;
        }
        for (size_t q = 0; q < 8; q++) {
            CHECK(weights[u * 8 + q] > 0.10 - 1e-9 && weights[u * 8 + q] < 0.15 + 1e-9);
            sum += weights[u * 8 + q];
        }
        CHECK(near(sum, 1, 1e-12) && score[u] <= 1 + 1e-9);
    }
    upper[0] = 0.05;
    for (size_t q = 0; q < 8; q++)
        upper[q] = 0.11;
    CHECK(index_envelope(columns, 8, TAI_UNITS, NULL, lower, upper, score, NULL, work) == INDEX_NO_RANGE);
    /* without bounds a unit that leads on anything scores 1; one without a value is scored over the others, one without any
     * has no score, nor has one that is left out */
    for (size_t q = 0; q < 8; q++) {
        scaled[q][0] = q > 0 ? scaled[q][0] : NAN;
        scaled[q][1] = NAN;
    }
    left_out[2] = 1;
    CHECK(index_envelope(columns, 8, TAI_UNITS, left_out, NULL, NULL, score, weights, work) == INDEX_SOUND);
    CHECK(score[0] > 0 && isnan(weights[0]) && isnan(score[1]) && isnan(score[2]) && near(score[3], 1, 1e-9));
    free(work);
}

/* Two units, by hand. A = (1, 2), B = (2, 1), C lacks the second: C is scored on the first alone, w <= 1/2 from B, so 1/4
 * for 0.5. Bounds of 0.2 to 0.6 become 0.4 to 1 for one column of two: the only weight has all of it. Values of 1e-300 and
 * 1e300 give the same shares and scores. */
static void test_envelope_gaps(void)
{
    static const double scales[] = {1, 1e-300, 1e300};

    for (size_t i = 0; i < 3; i++) {
        double a[] = {1, 2, 0.5}, b[] = {2, 1, NAN}, lower[] = {0.2, 0.2}, upper[] = {0.6, 0.6};
        const double *columns[] = {a, b};
        double score[3], weights[6], *work = malloc(index_envelope_work(2, 3) * sizeof *work);

        for (size_t u = 0; u < 3; u++) {
            a[u] *= scales[i];
            b[u] *= scales[i];
        }
        CHECK(index_envelope(columns, 2, 3, NULL, lower, upper, score, weights, work) == INDEX_SOUND);
        CHECK(near(score[2], 0.25, 1e-12) && near(weights[4], 1, 1e-12) && isnan(weights[5]));
        CHECK(near(score[0], 1, 1e-12) && near(score[1], 1, 1e-12));
        free(work);
    }
}

static void test_budget(void)
{
    const double points[] = {50, 30, 20, 5, 4, 1};
    double weights[3];

    CHECK(index_budget(points, 2, 3, weights) == INDEX_SOUND);
    CHECK(near(weights[0], 0.5, 1e-15) && near(weights[1], 0.35, 1e-15) && near(weights[2], 0.15, 1e-15));
    CHECK(index_budget((const double[]){0, 0, 0}, 1, 3, weights) == INDEX_NO_WEIGHT);
}

/* Three columns on 0..1: a and b are opposite, c is uncorrelated with both; deviations a = b = s, c = t. CRITIC: a: s
 * (2 + 1), b the same, c: t 2. */
static void test_critic(void)
{
    const double a[] = {0, 0, 1, 1}, b[] = {1, 1, 0, 0}, c[] = {0, 2, 0, 2}, flat[] = {1, 1, 1, 1};
    const double *columns[] = {a, b, c}, *constant[] = {a, flat};
    double weights[3];
    void *work = malloc(index_correlation_work(4));

    CHECK(index_critic(columns, 3, 4, weights, work) == INDEX_SOUND);
    CHECK(near(weights[0], 0.375, 1e-14) && near(weights[1], 0.375, 1e-14) && near(weights[2], 0.25, 1e-14));
    CHECK(index_critic(constant, 2, 4, weights, work) == INDEX_CONSTANT);
    free(work);
}

/* p = 1/2, 1/2, 0, 0 of four has entropy ln 2 / ln 4 = 1/2; a constant has 1, one single value 0. */
static void test_entropy(void)
{
    const double half[] = {3, 3, 0, 0}, flat[] = {2, 2, 2, 2}, single[] = {0, 7, 0, 0}, negative[] = {-1, 2, 3, 4};
    const double *columns[] = {half, flat, single}, *bad[] = {half, negative}, *nothing[] = {flat, flat};
    double weights[3];

    CHECK(index_entropy(columns, 3, 4, weights) == INDEX_SOUND);
    CHECK(near(weights[0], 1.0 / 3, 1e-14) && weights[1] == 0 && near(weights[2], 2.0 / 3, 1e-14));
    CHECK(index_entropy(bad, 2, 4, weights) == INDEX_NOT_POSITIVE);
    CHECK(index_entropy(nothing, 2, 4, weights) == INDEX_NO_WEIGHT);
}

int main(void)
{
    test_components();
    test_varimax();
    test_ahp();
    test_simplex();
    test_envelope();
    test_envelope_gaps();
    test_budget();
    test_critic();
    test_entropy();
    return check_result();
}
