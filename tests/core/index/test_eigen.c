/* Eigenvalues: cases by hand, what holds for every symmetric matrix, and LAPACK's dsyev where it is installed. */
#include <math.h>
#include <stdlib.h>

#include "index/eigen.h"
#include "index/random.h"

#include "check.h"

#ifdef DIFKIT_TEST_LAPACKE
#include <lapacke.h>
#endif

enum { MOST = 40 };

static double matrix[MOST * MOST], values[MOST], vectors[MOST * MOST], work[MOST * MOST];

/* By hand: [[2, 1], [1, 2]] has 3 with (1, 1)/√2 and 1 with (1, -1)/√2; the latter sums to nothing, so its first element is
 * positive. */
static void test_two(void)
{
    const double two[] = {2, 1, 1, 2};
    double root = 1 / sqrt(2);

    CHECK(index_eigen(two, 2, values, vectors, work) == INDEX_SOUND);
    CHECK(fabs(values[0] - 3) < 1e-15 && fabs(values[1] - 1) < 1e-15);
    CHECK(fabs(vectors[0] - root) < 1e-15 && fabs(vectors[2] - root) < 1e-15);
    CHECK(fabs(vectors[1] - root) < 1e-15 && fabs(vectors[3] + root) < 1e-15);
}

/* By hand: equal correlations r of k items have 1 + (k - 1) r once and 1 - r for the rest; r = 1 makes it singular. */
static void test_equal_correlations(void)
{
    for (int step = 0; step <= 2; step++) {
        double r = step / 2.0;

        for (size_t i = 0; i < 25; i++)
            matrix[i] = i % 6 == 0 ? 1 : r;
        CHECK(index_eigen(matrix, 5, values, NULL, work) == INDEX_SOUND);
        CHECK(fabs(values[0] - (1 + 4 * r)) < 1e-14);
        for (size_t j = 1; j < 5; j++)
            CHECK(fabs(values[j] - (1 - r)) < 1e-14);
    }
}

static void test_edges(void)
{
    const double one[] = {-4}, zero[] = {0, 0, 0, 0}, bad[] = {1, NAN, NAN, 1}, huge[] = {1e300, 0, 0, 1e-300};

    CHECK(index_eigen(one, 1, values, vectors, work) == INDEX_SOUND && values[0] == -4 && vectors[0] == 1);
    CHECK(index_eigen(zero, 2, values, vectors, work) == INDEX_SOUND && values[0] == 0 && values[1] == 0);
    CHECK(index_eigen(bad, 2, values, vectors, work) == INDEX_CONSTANT);
    CHECK(index_eigen(huge, 2, values, vectors, work) == INDEX_SOUND && values[0] == 1e300 && values[1] == 1e-300);
    CHECK(index_eigen(NULL, 0, values, vectors, work) == INDEX_SOUND);
}

static void draw(size_t k, uint64_t seed)
{
    struct index_random random;

    index_random_start(&random, seed, k);
    for (size_t i = 0; i < k; i++)
        for (size_t j = i; j < k; j++)
            matrix[i * k + j] = matrix[j * k + i] = 2 * index_random_uniform(&random) - 1;
}

/* A v = λ v, v of unit length, λ falling, the sign fixed: of 60 matrices of 1 to 40 rows; and LAPACK's values to 1e-12. */
static void test_random(void)
{
    for (size_t k = 1; k <= MOST; k += 3)
        for (uint64_t seed = 1; seed <= 5; seed++) {
            double largest = 0;

            draw(k, seed);
            CHECK(index_eigen(matrix, k, values, vectors, work) == INDEX_SOUND);
            for (size_t j = 0; j < k; j++) {
                double length = 0, sum = 0;

                CHECK(j == 0 || values[j - 1] >= values[j]);
                for (size_t i = 0; i < k; i++) {
                    double product = 0;

                    for (size_t l = 0; l < k; l++)
                        product += matrix[i * k + l] * vectors[l * k + j];
                    largest = fmax(largest, fabs(product - values[j] * vectors[i * k + j]));
                    length += vectors[i * k + j] * vectors[i * k + j];
                    sum += vectors[i * k + j];
                }
                CHECK(fabs(length - 1) < 1e-13);
                CHECK(sum >= 0);
            }
            CHECK(largest < 1e-12);
#ifdef DIFKIT_TEST_LAPACKE
            {
                double peer[MOST];

                CHECK(LAPACKE_dsyev(LAPACK_ROW_MAJOR, 'N', 'U', (lapack_int)k, matrix, (lapack_int)k, peer) == 0);
                for (size_t j = 0; j < k; j++)
                    CHECK(fabs(peer[k - 1 - j] - values[j]) < 1e-12);
            }
#endif
        }
}

int main(void)
{
#ifndef DIFKIT_TEST_LAPACKE
    printf("skipped the comparison with LAPACK: liblapacke-dev is not installed\n");
#endif
    test_two();
    test_equal_correlations();
    test_edges();
    test_random();
    return check_result();
}
