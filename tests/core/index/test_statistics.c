/* Descriptive statistics, sorting, ranks, correlations, Cronbach's alpha. */
#include <stdlib.h>

#include "index/correlation.h"
#include "index/rank.h"
#include "index/reliability.h"
#include "index/sort.h"
#include "index/statistics.h"

#include "check.h"
#include "index/tai.h"

/* Definitions by hand: 2, 4, 4, 4, 5, 5, 7, 9 has mean 5, squares of distances 32, cubes 42, fourth powers 356. */
static void test_moments(void)
{
    const double x[] = {2, 4, NAN, 4, 4, 5, 5, 7, 9};
    double skewness, kurtosis, n = 8;
    double sorted[9], work[9];
    struct index_summary summary;

    CHECK(near(index_mean(x, 9), 5, 1e-15));
    CHECK(near(index_deviation(x, 9), sqrt(32.0 / 7), 1e-15));
    index_shape(x, 9, &skewness, &kurtosis);
    CHECK(near(skewness, sqrt(n) * 42 / pow(32, 1.5) * sqrt(n * (n - 1)) / (n - 2), 1e-14));
    CHECK(near(kurtosis, ((n + 1) * (n * 356 / (32.0 * 32) - 3) + 6) * (n - 1) / ((n - 2) * (n - 3)), 1e-14));
    index_summarise(x, 9, sorted, work, &summary);
    CHECK(summary.available == 8 && summary.rows == 9 && summary.unique == 5 && summary.same == 3 && summary.non_zero == 8);
    CHECK(summary.median == 4.5 && summary.minimum == 2 && summary.maximum == 9);
}

static void test_nothing(void)
{
    const double empty[] = {NAN, NAN}, one[] = {3, NAN};
    double skewness, kurtosis, low, high;

    CHECK(isnan(index_mean(empty, 2)) && isnan(index_deviation(one, 2)) && isnan(index_quantile(one, 0, 0.5)));
    index_shape(one, 2, &skewness, &kurtosis);
    CHECK(isnan(skewness) && isnan(kurtosis));
    index_range(empty, 2, &low, &high);
    CHECK(isnan(low) && isnan(high));
}

/* Type 7: 1, 2, 3, 4 has the quartiles 1.75, 2.5, 3.25 (Hyndman and Fan 1996). */
static void test_quantiles(void)
{
    const double x[] = {1, 2, 3, 4};

    CHECK(index_quantile(x, 4, 0.25) == 1.75 && index_quantile(x, 4, 0.5) == 2.5 && index_quantile(x, 4, 0.75) == 3.25);
    CHECK(index_quantile(x, 4, 0) == 1 && index_quantile(x, 4, 1) == 4);
}

static void test_sorting(void)
{
    double x[500], work[500];
    uint32_t order[500], swap[500];
    unsigned state = 7;

    for (size_t i = 0; i < 500; i++) {
        state = state * 1103515245u + 12345u;
        x[i] = (double)(state >> 16 & 63);
        order[i] = (uint32_t)i;
    }
    index_order_falling(x, order, 500, swap);
    for (size_t i = 1; i < 500; i++)
        CHECK(x[order[i - 1]] > x[order[i]] || (x[order[i - 1]] == x[order[i]] && order[i - 1] < order[i]));
    index_sort(x, 500, work);
    for (size_t i = 1; i < 500; i++)
        CHECK(x[i - 1] <= x[i]);
    CHECK(index_count_below(x, 500, -1) == 0 && index_count_below(x, 500, 64) == 500);
}

/* Competition ranks, missing last, and two scores that differ by rounding alone. */
static void test_ranks(void)
{
    const double score[] = {0.1 + 0.2, 5, NAN, 0.3, 5, 1};
    const uint32_t wanted[] = {4, 1, 0, 4, 1, 3};
    double mid[4];
    const double ties[] = {10, 20, 10, 30}, beside[] = {1e13, 1, 5, 9}, chain[] = {100, 91, 89, 81};
    uint32_t rank[6], order[6], work[6];

    CHECK(index_rank(score, 6, INDEX_TIE_TOLERANCE, rank, order, work) == 5);
    for (size_t i = 0; i < 6; i++)
        CHECK(rank[i] == wanted[i]);
    CHECK(index_rank(score, 6, 0, rank, order, work) == 5 && rank[0] == 4 && rank[3] == 5);
    /* what a third unit is does not matter: 1, 5 and 9 beside 1e13; and a chain of near ones is tied as far as its first
     * and last are */
    CHECK(index_rank(beside, 4, INDEX_TIE_TOLERANCE, rank, order, work) == 4);
    CHECK(rank[0] == 1 && rank[1] == 4 && rank[2] == 3 && rank[3] == 2);
    CHECK(index_rank(chain, 4, 0.1, rank, order, work) == 4);
    CHECK(rank[0] == 1 && rank[1] == 1 && rank[2] == 3 && rank[3] == 3);
    index_mid_rank(ties, 4, mid, order, work);
    CHECK(mid[0] == 1.5 && mid[1] == 3 && mid[2] == 1.5 && mid[3] == 4);
}

static struct index_correlation correlate(const double *x, const double *y, size_t n, enum index_correlation_kind kind)
{
    struct index_correlation out;
    void *work = malloc(index_correlation_work(n));

    index_correlate(x, y, n, kind, work, &out);
    free(work);
    return out;
}

/* Handbook, table 6, upper triangle. Three cells cannot be reproduced from table A.2, whose logarithms are rounded:
 * royalties with telephones, electricity with schooling, electricity with university. */
static void test_handbook_correlations(void)
{
    static const double printed[8][8] = {
        {1.00, 0.13, -0.09, 0.45, 0.28, 0.03, 0.22, 0.08}, {0, 1.00, 0.46, 0.25, NAN, 0.32, 0.30, 0.06},
        {0, 0, 1.00, -0.45, 0.56, 0.84, 0.63, 0.27},       {0, 0, 0, 1.00, 0.00, -0.36, -0.35, -0.03},
        {0, 0, 0, 0, 1.00, 0.64, 0.30, 0.33},              {0, 0, 0, 0, 0, 1.00, NAN, NAN},
        {0, 0, 0, 0, 0, 0, 1.00, 0.08},                    {0, 0, 0, 0, 0, 0, 0, 1.00},
    };

    for (size_t i = 0; i < 8; i++)
        for (size_t j = i; j < 8; j++)
            if (!isnan(printed[i][j]))
                CHECK(fabs(correlate(tai[i], tai[j], TAI_UNITS, INDEX_PEARSON).r - printed[i][j]) < 0.0051);
}

/* By hand: x = 1..5, y = 2, 1, 4, 3, 5 has two inversions: tau = (8 - 2) / 10, rho = 1 - 6 * 4 / 120. P(|S| >= 6) for
 * n = 5 is 28/120: there are 1, 4, 9 permutations with 0, 1, 2 inversions. */
static void test_rank_correlations(void)
{
    const double x[] = {1, 2, NAN, 3, 4, 5}, y[] = {2, 1, 9, 4, 3, 5}, constant[] = {1, 1, 1, 1, 1, 1};
    struct index_correlation tau = correlate(x, y, 6, INDEX_KENDALL), rho = correlate(x, y, 6, INDEX_SPEARMAN);

    CHECK(near(tau.r, 0.6, 1e-15) && near(tau.p, 28.0 / 120, 1e-14) && tau.count == 5);
    CHECK(near(rho.r, 0.8, 1e-15));
    /* t = 0.8 sqrt(3 / 0.36), 3 degrees of freedom: P = 1 - 2/pi (atan(t/sqrt 3) + (t/sqrt 3)/(1 + t^2/3)) */
    {
        double u = 0.8 * sqrt(3 / 0.36) / sqrt(3.0), pi = 3.14159265358979323846;

        CHECK(near(rho.p, 1 - 2 / pi * (atan(u) + u / (1 + u * u)), 1e-12));
    }
    CHECK(isnan(correlate(x, constant, 6, INDEX_PEARSON).r) && isnan(correlate(x, constant, 6, INDEX_KENDALL).r));
    CHECK(correlate(x, x, 6, INDEX_PEARSON).r == 1 && correlate(x, x, 6, INDEX_PEARSON).p == 0);
}

/* Ties: tau-b of (1,1,2,3) and (1,2,2,3): 4 concordant, none discordant, one pair tied in each: 4 / sqrt(5 * 5). */
static void test_kendall_ties(void)
{
    const double x[] = {1, 1, 2, 3}, y[] = {1, 2, 2, 3};
    struct index_correlation tau = correlate(x, y, 4, INDEX_KENDALL);

    CHECK(near(tau.r, 0.8, 1e-15));
    CHECK(tau.p > 0 && tau.p < 1);
}

/* Kendall by Knight's method against the definition, with many ties. */
static void test_kendall_definition(void)
{
    double x[200], y[200], s = 0, tied_x = 0, tied_y = 0, pairs = 200 * 199 / 2;
    unsigned state = 3;

    for (size_t i = 0; i < 200; i++) {
        state = state * 1103515245u + 12345u;
        x[i] = (double)(state >> 16 & 31);
        state = state * 1103515245u + 12345u;
        y[i] = (double)(state >> 16 & 7) + x[i] / 8;
    }
    for (size_t i = 0; i < 200; i++)
        for (size_t j = 0; j < i; j++) {
            double product = (x[i] - x[j]) * (y[i] - y[j]);

            s += product > 0 ? 1 : product < 0 ? -1 : 0;
            tied_x += x[i] == x[j];
            tied_y += y[i] == y[j];
        }
    CHECK(near(correlate(x, y, 200, INDEX_KENDALL).r, s / sqrt((pairs - tied_x) * (pairs - tied_y)), 1e-14));
}

/* Quantiles of Student's t: 2.228139 with 10 degrees leaves 5 %, 3.169273 leaves 1 % (any table of t). */
static void test_student(void)
{
    CHECK(near(index_student_p(2.228138851964939, 10), 0.05, 1e-10));
    CHECK(near(index_student_p(3.169272667175838, 10), 0.01, 1e-10));
    CHECK(near(index_student_p(0, 4), 1, 1e-15) && isnan(index_student_p(1, 0)));
    /* one degree of freedom is Cauchy's: P(|T| >= 1) = 1/2 */
    CHECK(near(index_student_p(1, 1), 0.5, 1e-12));
}

/* Handbook, page 72 and table 11: alpha 0.70 (0.7035) of the standardised indicators; alpha if deleted and item-rest
 * correlations. */
static void test_cronbach(void)
{
    static const double printed[8][2] = {{0.261, 0.704},  {0.527, 0.645}, {0.566, 0.636}, {-0.108, 0.774},
                                         {0.701, 0.603},  {0.614, 0.624}, {0.451, 0.662}, {0.249, 0.706}};
    double standard[8][TAI_UNITS], covariance[64];
    const double *columns[8];

    for (size_t q = 0; q < 8; q++) {
        for (size_t u = 0; u < TAI_UNITS; u++)
            standard[q][u] = (tai[q][u] - index_mean(tai[q], TAI_UNITS)) / index_deviation(tai[q], TAI_UNITS);
        columns[q] = standard[q];
    }
    index_covariances(columns, 8, TAI_UNITS, covariance);
    CHECK(fabs(index_cronbach(covariance, 8, 8) - 0.7035) < 0.00005);
    for (size_t q = 0; q < 8; q++) {
        CHECK(fabs(index_item_rest(covariance, 8, q) - printed[q][0]) < 0.006);
        CHECK(fabs(index_cronbach(covariance, 8, q) - printed[q][1]) < 0.006);
    }
}

int main(void)
{
    test_moments();
    test_nothing();
    test_quantiles();
    test_sorting();
    test_ranks();
    test_handbook_correlations();
    test_rank_correlations();
    test_kendall_ties();
    test_kendall_definition();
    test_student();
    test_cronbach();
    return check_result();
}
