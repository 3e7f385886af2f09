/* Treatment of outliers and imputation of gaps, by hand. */
#include "index/impute.h"
#include "index/statistics.h"
#include "index/treat.h"

#include "check.h"
#include "index/tai.h"

static const struct index_shape_rule rule = {.skewness = 2, .kurtosis = 3.5, .most = 5};

/* One value far out goes down to the next, and the rest passes. */
static void test_winsorise(void)
{
    double x[] = {1, 2, 3, NAN, 4, 5, 6, 7, 1000}, y[] = {-1, -2, -3, NAN, -4, -5, -6, -7, -1000};
    uint8_t done[9] = {0};
    size_t moved;

    CHECK(index_winsorise(x, 9, &rule, done, &moved) == INDEX_SOUND);
    CHECK(moved == 1 && x[8] == 7 && x[7] == 7 && done[8] == INDEX_LOWERED && done[7] == INDEX_UNTREATED && isnan(x[3]));
    done[8] = 0;
    CHECK(index_winsorise(y, 9, &rule, done, &moved) == INDEX_SOUND);
    CHECK(moved == 1 && y[8] == -7 && done[8] == INDEX_RAISED);
}

/* Two tied outliers move together and overstep a limit of one. */
static void test_winsorise_ties(void)
{
    double x[30];
    uint8_t done[30] = {0};
    struct index_shape_rule one = {.skewness = 2, .kurtosis = 3.5, .most = 1};
    size_t moved;

    for (size_t i = 0; i < 30; i++)
        x[i] = i < 28 ? (double)i : 5000;
    CHECK(index_winsorise(x, 30, &one, done, &moved) == INDEX_SOUND);
    CHECK(moved == 2 && x[28] == 27 && x[29] == 27);
}

/* A zero-or-one column cannot be winsorised without making it constant: it stays as it is. */
static void test_winsorise_two_values(void)
{
    double x[40] = {0};
    uint8_t done[40] = {0};
    size_t moved;

    x[39] = 1;
    CHECK(index_winsorise(x, 40, &rule, done, &moved) == INDEX_TOO_FEW);
    CHECK(moved == 0 && x[39] == 1 && done[39] == 0);
}

/* 0..10 with the 10th and 90th percentile: 1 and 9. */
static void test_winsorise_share(void)
{
    double x[11], work[22];
    uint8_t done[11] = {0};

    for (size_t i = 0; i < 11; i++)
        x[i] = (double)i;
    CHECK(index_winsorise_share(x, 11, 0.1, 0.9, done, work) == INDEX_SOUND);
    CHECK(x[0] == 1 && x[1] == 1 && x[9] == 9 && x[10] == 9);
    CHECK(done[0] == INDEX_RAISED && done[1] == 0 && done[10] == INDEX_LOWERED);
}

static void test_logarithms(void)
{
    double x[] = {1, 10, 100}, y[] = {0, 10, -1}, shifted[] = {2, 4, 12}, one[] = {2, 4, 12}, left[] = {-12, -4, -2};
    double constant[] = {5, 5};

    CHECK(index_log(x, 3, INDEX_LOG10, 0) == INDEX_SOUND && x[0] == 0 && near(x[2], 2, 1e-15));
    CHECK(index_log(y, 3, INDEX_LOG, 0) == INDEX_NOT_POSITIVE && isnan(y[0]) && near(y[1], log(10), 1e-15) && isnan(y[2]));
    CHECK(index_log(shifted, 3, INDEX_LOG_SHIFTED, 0.01) == INDEX_SOUND);
    CHECK(near(shifted[0], log(0.1), 1e-14) && near(shifted[2], log(10.1), 1e-14));
    CHECK(index_log(one, 3, INDEX_LOG_ONE, 0) == INDEX_SOUND && one[0] == 0 && near(one[2], log(11), 1e-15));
    /* a column skewed to the left is mirrored: -ln(maximum + a - x) */
    CHECK(index_log(left, 3, INDEX_LOG_SIGNED, 0.01) == INDEX_SOUND);
    CHECK(near(left[2], -log(0.1), 1e-14) && near(left[0], -log(10.1), 1e-14));
    CHECK(index_log(constant, 2, INDEX_LOG_SHIFTED, 0.01) == INDEX_CONSTANT && constant[0] == 5);
}

static void test_box_cox(void)
{
    double x[] = {0, 3, NAN}, y[] = {0, 3, NAN}, sample[400];

    CHECK(index_box_cox(x, 3, 2) == INDEX_SOUND && x[0] == 0 && near(x[1], 7.5, 1e-14) && isnan(x[2]));
    CHECK(index_box_cox(y, 3, 0) == INDEX_SOUND && near(y[1], log(4), 1e-15));
    /* exp of something even is best made even again by lambda = 0 */
    for (size_t i = 0; i < 400; i++)
        sample[i] = exp((double)i / 100) - 1;
    CHECK(fabs(index_box_cox_lambda(sample, 400)) < 0.35);
    CHECK(isnan(index_box_cox_lambda(sample, 1)));
}

static void test_impute_groups(void)
{
    double x[] = {1, 3, NAN, 8, NAN, NAN}, y[] = {1, 2, 9, NAN, NAN, 4};
    const uint32_t group[] = {0, 0, 0, 1, 1, 2}, pair[] = {0, 0, 0, 0, 1, 1};
    uint8_t filled[6] = {0}, filled_y[6] = {0};
    double work[18];

    CHECK(index_impute_group(x, 6, group, 3, false, filled, work) == 2);
    CHECK(x[2] == 2 && x[4] == 8 && isnan(x[5]) && filled[2] && filled[4] && !filled[5] && !filled[0]);
    CHECK(index_impute_group(y, 6, pair, 2, true, filled_y, work) == 2 && y[3] == 2 && y[4] == 4);
    CHECK(index_impute_value(x, 6, 0, filled) == 1 && x[5] == 0);
    CHECK(index_impute_value(x, 6, NAN, filled) == 0);
}

/* One unit over five periods: 2010, 2011, 2012, 2014, 2018; and a second without any value. */
static void test_impute_time(void)
{
    const double times[] = {2010, 2011, 2012, 2014, 2018};
    double last[] = {NAN, NAN, 4, NAN, NAN, NAN, NAN, NAN, 8, NAN}, linear[10], nearest[10];
    uint8_t filled[10] = {0};

    for (size_t i = 0; i < 10; i++)
        linear[i] = nearest[i] = last[i];
    CHECK(index_impute_last(last, 2, 5, times, 2, filled) == 1);
    CHECK(isnan(last[0]) && last[4] == 4 && isnan(last[6]) && last[8] == 8 && isnan(last[1]) && filled[4]);
    CHECK(index_impute_linear(linear, 2, 5, times, false, filled) == 2);
    CHECK(isnan(linear[0]) && near(linear[4], 4 + 4.0 / 7, 1e-14) && near(linear[6], 4 + 12.0 / 7, 1e-14));
    CHECK(index_impute_linear(nearest, 2, 5, times, true, filled) == 3 && nearest[0] == 4 && isnan(nearest[9]));
}

int main(void)
{
    test_winsorise();
    test_winsorise_ties();
    test_winsorise_two_values();
    test_winsorise_share();
    test_logarithms();
    test_box_cox();
    test_impute_groups();
    test_impute_time();
    return check_result();
}
