/* Kernels of the audit: adequacy of groups, intervals, the correlation ratio, weights for a target. They take columns as
 * lists of numbers that are complete: the audit chooses the units. */
#include <math.h>
#include <stdbool.h>

#include "index/adequacy.h"
#include "index/association.h"
#include "index/correlation.h"
#include "index/eigen.h"
#include "index/expectation.h"
#include "index/frontier.h"
#include "index/impute.h"
#include "index/local.h"
#include "index/random.h"
#include "index/reliability.h"
#include "index/spline.h"
#include "index/target.h"
#include "lua/index/shared.h"
#include "lua/parts.h"

/* The list of columns at `index`, all of one length (memory pushed). */
static const double **check_columns(lua_State *L, int index, size_t *k, size_t *n)
{
    const double **columns;

    luaL_checktype(L, index, LUA_TTABLE);
    *k = (size_t)lua_rawlen(L, index);
    *n = 0;
    columns = scratch(L, (*k + 1) * sizeof *columns);
    luaL_checkstack(L, (int)*k + 16, "too many columns");
    for (size_t q = 0; q < *k; q++) {
        size_t count;

        lua_rawgeti(L, index, (lua_Integer)q + 1);
        columns[q] = check_numbers(L, lua_gettop(L), &count);
        lua_remove(L, -2);
        if (q > 0 && count != *n)
            raise_error(L, DK_USAGE, NULL, "columns of different length");
        *n = count;
    }
    return columns;
}

/* A k x k matrix as a flat list (memory pushed). */
static double *check_square(lua_State *L, int index, size_t *k)
{
    size_t count;
    double *matrix = check_numbers(L, index, &count);

    *k = (size_t)sqrt((double)count);
    if (*k * *k != count)
        raise_error(L, DK_USAGE, NULL, "not a square matrix");
    return matrix;
}

static int no_number(lua_State *L, enum index_flaw flaw)
{
    lua_pushnil(L);
    push_flaw(L, flaw);
    return 2;
}

static void push_number(lua_State *L, double value)
{
    if (isnan(value))
        lua_pushnil(L);
    else
        lua_pushnumber(L, value);
}

/* covariances(columns), correlation_matrix(columns [, kind]) -> flat list of k x k; NaN (nil) where a column is constant;
 * kind "pearson", "spearman" or "kendall" */
static int audit_covariances(lua_State *L)
{
    size_t k, n;
    const double **columns = check_columns(L, 1, &k, &n);
    double *matrix = scratch(L, (k * k + 1) * sizeof *matrix);

    index_covariances(columns, k, n, matrix);
    push_numbers(L, matrix, k * k);
    return 1;
}

static int audit_correlations(lua_State *L)
{
    static const char *const kinds[] = {"pearson", "spearman", "kendall", NULL};
    enum index_correlation_kind kind = (enum index_correlation_kind)luaL_checkoption(L, 2, "pearson", kinds);
    size_t k, n;
    const double **columns = check_columns(L, 1, &k, &n);
    double *matrix = scratch(L, (k * k + 1) * sizeof *matrix);
    void *work = scratch(L, index_correlation_work(n + 1));

    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j <= i; j++) {
            struct index_correlation pair;

            index_correlate(columns[i], columns[j], n, kind, work, &pair);
            matrix[i * k + j] = matrix[j * k + i] = i == j && !isnan(pair.r) ? 1 : pair.r;
        }
    push_numbers(L, matrix, k * k);
    return 1;
}

/* eigen(matrix) -> values, list of vectors | nil, flaw */
static int audit_eigen(lua_State *L)
{
    size_t k;
    double *matrix = check_square(L, 1, &k);
    enum index_flaw flaw = push_eigen(L, matrix, k);

    return flaw == INDEX_SOUND ? 2 : no_number(L, flaw);
}

/* kmo(correlations) -> overall, list of items | nil, flaw */
static int audit_kmo(lua_State *L)
{
    size_t k;
    double *matrix = check_square(L, 1, &k), *item = scratch(L, (k + 1) * sizeof *item), overall;
    enum index_flaw flaw = index_kmo(matrix, k, &overall, item, scratch(L, index_adequacy_work(k, 0) * sizeof *item));

    if (flaw != INDEX_SOUND)
        return no_number(L, flaw);
    lua_pushnumber(L, overall);
    push_numbers(L, item, k);
    return 2;
}

/* bartlett(correlations, n) -> chi-square, degrees, p, determinant | nil, flaw */
static int audit_bartlett(lua_State *L)
{
    size_t k;
    double *matrix = check_square(L, 1, &k);
    struct index_bartlett found;
    lua_Integer n = luaL_checkinteger(L, 2);
    enum index_flaw flaw =
        index_bartlett(matrix, k, (size_t)(n > 0 ? n : 0), &found, scratch(L, index_adequacy_work(k, 0) * sizeof *matrix));

    if (flaw != INDEX_SOUND)
        return no_number(L, flaw);
    lua_pushnumber(L, found.chi_square);
    lua_pushnumber(L, found.degrees);
    push_number(L, found.p);
    lua_pushnumber(L, found.determinant);
    return 4;
}

/* parallel(k, n, draws, seed) -> means, 95th percentiles | nil, flaw */
static int audit_parallel(lua_State *L)
{
    lua_Integer k = luaL_checkinteger(L, 1), n = luaL_checkinteger(L, 2), draws = luaL_checkinteger(L, 3);
    uint64_t seed = (uint64_t)luaL_checkinteger(L, 4);
    double *mean, *eigenvalues;
    enum index_flaw flaw;

    luaL_argcheck(L, k >= 0 && k <= 1000, 1, "0 to 1000 items");
    luaL_argcheck(L, n >= 0 && n <= 1000000, 2, "0 to 1000000 units");
    luaL_argcheck(L, draws >= 1 && draws <= 1000000, 3, "1 to 1000000 draws");
    mean = scratch(L, (size_t)(2 * k + 1) * sizeof *mean);
    eigenvalues = scratch(L, (size_t)((k + 1) * draws) * sizeof *eigenvalues);
    flaw = index_parallel((size_t)k, (size_t)n, (size_t)draws, seed, mean, mean + k, eigenvalues,
                          scratch(L, index_adequacy_work((size_t)k, (size_t)n) * sizeof *mean));
    scratch_release(L);
    if (flaw != INDEX_SOUND)
        return no_number(L, flaw);
    push_numbers(L, mean, (size_t)k);
    push_numbers(L, mean + k, (size_t)k);
    return 2;
}

/* interval(r, n) -> low, high; nothing where there is none */
static int audit_interval(lua_State *L)
{
    lua_Integer n = luaL_checkinteger(L, 2);
    double low, high;

    index_fisher_interval(luaL_checknumber(L, 1), (size_t)(n > 0 ? n : 0), &low, &high);
    push_number(L, low);
    push_number(L, high);
    return 2;
}

/* williams(r12, r13, r23, n) -> t, p */
static int audit_williams(lua_State *L)
{
    lua_Integer n = luaL_checkinteger(L, 4);
    double t =
        index_williams_t(luaL_checknumber(L, 1), luaL_checknumber(L, 2), luaL_checknumber(L, 3), (size_t)(n > 0 ? n : 0));

    push_number(L, t);
    push_number(L, index_student_p(t, (double)n - 3));
    return 2;
}

/* correlation_p(r, n) -> p of no correlation, two-sided */
static int audit_correlation_p(lua_State *L)
{
    double r = luaL_checknumber(L, 1), degrees = luaL_checknumber(L, 2) - 2;

    push_number(L, fabs(r) >= 1 ? 0 : index_student_p(r * sqrt(degrees / (1 - r * r)), degrees));
    return 1;
}

/* resample(x, y, draws, seed [, "spline"]) -> low, high, resamples left out: of the correlation, or of S by a spline */
static int audit_resample(lua_State *L)
{
    lua_Integer draws = luaL_checkinteger(L, 3), seed = luaL_checkinteger(L, 4);
    size_t n, m, left_out;
    double *x, *y, low, high, *work;
    bool ratio;

    lua_settop(L, 5);
    ratio = lua_toboolean(L, 5);
    x = check_numbers(L, 1, &n);
    y = check_numbers(L, 2, &m);
    luaL_argcheck(L, n == m && n > 0, 2, "as many numbers as the first");
    luaL_argcheck(L, draws >= 1 && draws <= 1000000, 3, "1 to 1000000 draws");
    work = scratch(L, (4 * n + 2 * (size_t)draws + (ratio ? index_spline_work(n) + 1 : 0)) * sizeof *work);
    left_out = ratio ? index_spline_interval(x, y, n, (size_t)draws, (uint64_t)seed, &low, &high, work)
                     : index_bootstrap_correlation(x, y, n, (size_t)draws, (uint64_t)seed, &low, &high, work);
    scratch_release(L);
    push_number(L, low);
    push_number(L, high);
    lua_pushinteger(L, (lua_Integer)left_out);
    return 3;
}

/* spline(x, y [, segments, lambda]) -> S, log10 of lambda, degrees of freedom | nil, flaw; with "gcv" for the segments the
 * penalty is that of least generalised cross-validation */
static int audit_spline(lua_State *L)
{
    struct index_spline found;
    enum index_flaw flaw;
    double *x, *y, *work;
    size_t n, m;

    lua_settop(L, 4);
    x = check_numbers(L, 1, &n);
    y = check_numbers(L, 2, &m);
    luaL_argcheck(L, n == m, 2, "as many numbers as the first");
    work = scratch(L, (index_spline_work(n) + 1) * sizeof *work);
    if (lua_isnoneornil(L, 3) || lua_type(L, 3) == LUA_TSTRING)
        flaw = index_spline_ratio(x, y, n, !lua_isnil(L, 3), &found, work);
    else
        flaw = index_spline_fixed(x, y, n, (size_t)luaL_checkinteger(L, 3), luaL_checknumber(L, 4), &found, work);
    scratch_release(L);
    if (flaw != INDEX_SOUND)
        return no_number(L, flaw);
    push_number(L, found.ratio);
    push_number(L, found.lambda);
    push_number(L, found.degrees);
    return 3;
}

/* target_weights(covariances, target) -> closed, best, shares under best, reachable | nil, flaw */
static int audit_target_weights(lua_State *L)
{
    size_t k, given;
    double *covariance = check_square(L, 1, &k), *target = check_numbers(L, 2, &given);
    double *closed = scratch(L, (3 * k + 1) * sizeof *closed);
    bool reachable;
    enum index_flaw flaw;

    luaL_argcheck(L, given == k, 2, "one share for each column");
    flaw = index_target_weights(covariance, target, k, closed, closed + k, closed + 2 * k, &reachable,
                                scratch(L, index_target_work(k) * sizeof *closed));
    if (flaw != INDEX_SOUND)
        return no_number(L, flaw);
    for (size_t i = 0; i < 3; i++)
        push_numbers(L, closed + i * k, k);
    lua_pushboolean(L, reachable);
    return 4;
}

/* target_direct(covariances, target, weights to begin with) -> weights, signed shares, sum of squares missed | nil, flaw */
static int audit_target_direct(lua_State *L)
{
    size_t k, given, begun;
    double *covariance, *target, *weights, *share, gap;
    enum index_flaw flaw;

    lua_settop(L, 3);
    covariance = check_square(L, 1, &k);
    target = check_numbers(L, 2, &given);
    weights = check_numbers(L, 3, &begun);
    share = scratch(L, (k + 1) * sizeof *share);
    luaL_argcheck(L, given == k && k > 0, 2, "one share for each column");
    luaL_argcheck(L, begun == k, 3, "one weight for each column");
    flaw = index_target_direct(covariance, target, k, weights, share, &gap,
                               scratch(L, index_target_direct_work(k) * sizeof *share));
    if (flaw != INDEX_SOUND)
        return no_number(L, flaw);
    push_numbers(L, weights, k);
    push_numbers(L, share, k);
    push_number(L, gap);
    return 3;
}

/* local_linear(x, y [, width]) -> S, width, mean squared error of left-out units | nil, flaw */
static int audit_local_linear(lua_State *L)
{
    struct index_local found;
    enum index_flaw flaw;
    double *x, *y, *work;
    size_t n, m;

    lua_settop(L, 3);
    x = check_numbers(L, 1, &n);
    y = check_numbers(L, 2, &m);
    luaL_argcheck(L, n == m, 2, "as many numbers as the first");
    work = scratch(L, (index_local_work(n) + 1) * sizeof *work);
    flaw = lua_isnoneornil(L, 3) ? index_local_ratio(x, y, n, &found, work)
                                 : index_local_fixed(x, y, n, luaL_checknumber(L, 3), &found, work);
    scratch_release(L);
    if (flaw != INDEX_SOUND)
        return no_number(L, flaw);
    push_number(L, found.ratio);
    push_number(L, found.width);
    push_number(L, found.left_out);
    return 3;
}

/* frontier(columns, lower, upper) -> scores | nil, flaw */
static int audit_frontier(lua_State *L)
{
    double lower = luaL_checknumber(L, 2), upper = luaL_checknumber(L, 3), *score;
    size_t k, n;
    const double **columns = check_columns(L, 1, &k, &n);
    enum index_flaw flaw;

    score = scratch(L, (n + 1) * sizeof *score);
    flaw = index_frontier(columns, k, n, lower, upper, score, scratch(L, (index_frontier_work(k, n) + 1) * sizeof *score));
    if (flaw != INDEX_SOUND)
        return no_number(L, flaw);
    push_numbers(L, score, n);
    return 1;
}

/* expect(columns) -> {filled, spread = lists of columns, mean, covariance (flat), rounds} | nil, flaw */
static int audit_expect(lua_State *L)
{
    static const char *const names[] = {"filled", "spread"};
    struct index_expectation found;
    enum index_flaw flaw;
    size_t k, n;
    const double **columns = check_columns(L, 1, &k, &n);

    found.mean = scratch(L, (k + k * k + 2 * k * n + 1) * sizeof *found.mean);
    found.covariance = found.mean + k;
    found.filled = found.covariance + k * k;
    found.spread = found.filled + k * n;
    flaw = index_expect(columns, k, n, &found, scratch(L, index_expectation_work(k, n) * sizeof *found.mean));
    if (flaw != INDEX_SOUND)
        return no_number(L, flaw);
    lua_createtable(L, 0, 5);
    for (size_t i = 0; i < 2; i++) {
        lua_createtable(L, (int)k, 0);
        for (size_t q = 0; q < k; q++) {
            push_numbers(L, (i == 0 ? found.filled : found.spread) + q * n, n);
            lua_rawseti(L, -2, (lua_Integer)q + 1);
        }
        lua_setfield(L, -2, names[i]);
    }
    push_numbers(L, found.mean, k);
    lua_setfield(L, -2, "mean");
    push_numbers(L, found.covariance, k * k);
    lua_setfield(L, -2, "covariance");
    lua_pushinteger(L, (lua_Integer)found.rounds);
    lua_setfield(L, -2, "rounds");
    return 1;
}

/* augment(columns, draws, seed) -> list of draws, each a list of columns | nil, flaw */
static int audit_augment(lua_State *L)
{
    enum { BETWEEN = 20 };
    size_t k, n, draws = (size_t)luaL_checkinteger(L, 2);
    const double **columns = check_columns(L, 1, &k, &n);
    double *drawn;
    enum index_flaw flaw;

    luaL_argcheck(L, draws >= 1 && draws <= 10000, 2, "1 to 10000 draws");
    drawn = scratch(L, (draws * k * n + 1) * sizeof *drawn);
    flaw = index_augment(columns, k, n, draws, BETWEEN, (uint64_t)luaL_checkinteger(L, 3), drawn,
                         scratch(L, index_augment_work(k, n) * sizeof *drawn));
    if (flaw != INDEX_SOUND)
        return no_number(L, flaw);
    lua_createtable(L, (int)draws, 0);
    for (size_t d = 0; d < draws; d++) {
        lua_createtable(L, (int)k, 0);
        for (size_t q = 0; q < k; q++) {
            push_numbers(L, drawn + (d * k + q) * n, n);
            lua_rawseti(L, -2, (lua_Integer)q + 1);
        }
        lua_rawseti(L, -2, (lua_Integer)d + 1);
    }
    return 1;
}

/* normals(count, seed, stream) -> list of independent standard normals, the same for the same arguments */
static int audit_normals(lua_State *L)
{
    lua_Integer count = luaL_checkinteger(L, 1);
    struct index_random random;
    double *z, spare;

    luaL_argcheck(L, count >= 0 && count <= 100000000, 1, "0 to 1e8 numbers");
    z = scratch(L, ((size_t)count + 1) * sizeof *z);
    index_random_start(&random, (uint64_t)luaL_checkinteger(L, 2), (uint64_t)luaL_checkinteger(L, 3));
    for (size_t i = 0; i < (size_t)count; i += 2)
        index_random_normals(&random, &z[i], i + 1 < (size_t)count ? &z[i + 1] : &spare);
    push_numbers(L, z, (size_t)count);
    scratch_release(L);
    return 1;
}

/* nearest(columns, target, neighbours) -> the target column with its gaps filled */
static int audit_nearest(lua_State *L)
{
    size_t k, n, target = (size_t)luaL_checkinteger(L, 2) - 1, neighbours = (size_t)luaL_checkinteger(L, 3);
    const double **columns = check_columns(L, 1, &k, &n);
    double *x = scratch(L, (n + 1) * sizeof *x);

    luaL_argcheck(L, target < k, 2, "1 to the number of columns");
    luaL_argcheck(L, neighbours >= 1, 3, "at least one");
    index_impute_nearest(columns, k, n, target, neighbours, x, scratch(L, n + 1), scratch(L, (3 * n + k + 1) * sizeof *x));
    push_numbers(L, x, n);
    return 1;
}

void index_audit_register(lua_State *L)
{
    static const luaL_Reg functions[] = {{"covariances", audit_covariances},
                                         {"correlation_matrix", audit_correlations},
                                         {"eigen", audit_eigen},
                                         {"kmo", audit_kmo},
                                         {"bartlett", audit_bartlett},
                                         {"parallel", audit_parallel},
                                         {"interval", audit_interval},
                                         {"williams", audit_williams},
                                         {"correlation_p", audit_correlation_p},
                                         {"resample", audit_resample},
                                         {"spline", audit_spline},
                                         {"target_weights", audit_target_weights},
                                         {"target_direct", audit_target_direct},
                                         {"local_linear", audit_local_linear},
                                         {"frontier", audit_frontier},
                                         {"expect", audit_expect},
                                         {"augment", audit_augment},
                                         {"nearest", audit_nearest},
                                         {"normals", audit_normals},
                                         {NULL, NULL}};

    luaL_setfuncs(L, functions, 0);
}
