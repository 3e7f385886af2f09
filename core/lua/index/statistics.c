/* Statistics of a step: summaries, correlations, Cronbach's alpha, principal components. */
#include <math.h>

#include "index/correlation.h"
#include "index/eigen.h"
#include "index/factor.h"
#include "index/rank.h"
#include "index/reliability.h"
#include "index/sort.h"
#include "lua/index/shared.h"
#include "lua/parts.h"

static void set_number(lua_State *L, const char *name, double value)
{
    if (isnan(value))
        return;
    lua_pushnumber(L, value);
    lua_setfield(L, -2, name);
}

static void set_count(lua_State *L, const char *name, size_t value)
{
    lua_pushinteger(L, (lua_Integer)value);
    lua_setfield(L, -2, name);
}

/* summary(matrix, column, from, count) -> {available, non_zero, unique, same, minimum, …}; what cannot be computed is left
 * out */
static int statistics_summary(lua_State *L)
{
    struct cells cells = matrix_cells(L, matrix_check(L, 1), 2);
    double *sorted = scratch(L, (2 * cells.count + 1) * sizeof *sorted);
    struct index_summary summary;

    index_summarise(cells.x, cells.count, sorted, sorted + cells.count, &summary);
    scratch_release(L);
    lua_createtable(L, 0, 12);
    set_count(L, "rows", summary.rows);
    set_count(L, "available", summary.available);
    set_count(L, "non_zero", summary.non_zero);
    set_count(L, "unique", summary.unique);
    set_count(L, "same", summary.same);
    set_number(L, "minimum", summary.minimum);
    set_number(L, "maximum", summary.maximum);
    set_number(L, "mean", summary.mean);
    set_number(L, "median", summary.median);
    set_number(L, "deviation", summary.deviation);
    set_number(L, "skewness", summary.skewness);
    set_number(L, "kurtosis", summary.kurtosis);
    return 1;
}

/* available(matrix, column, from, count) -> number of values */
static int statistics_available(lua_State *L)
{
    struct cells cells = matrix_cells(L, matrix_check(L, 1), 2);

    lua_pushinteger(L, (lua_Integer)index_available(cells.x, cells.count));
    return 1;
}

/* quantile(numbers, p) -> number | nil */
static int statistics_quantile(lua_State *L)
{
    size_t count;
    double *values = check_numbers(L, 1, &count), *sorted = scratch(L, (2 * count + 1) * sizeof *sorted);
    double result = index_quantile(sorted, index_sorted(values, count, sorted, sorted + count), luaL_checknumber(L, 2));

    if (isnan(result))
        return 0;
    lua_pushnumber(L, result);
    return 1;
}

/* correlate(matrix, column, other, other_column, from, count, kind) -> r, p, units; r and p nil where there is none */
static int statistics_correlate(lua_State *L)
{
    static const char *const kinds[] = {"pearson", "spearman", "kendall", NULL};
    struct matrix *left = matrix_check(L, 1), *right = matrix_check(L, 3);
    lua_Integer left_column = luaL_checkinteger(L, 2), right_column = luaL_checkinteger(L, 4);
    int kind = luaL_checkoption(L, 7, "pearson", kinds);
    struct index_correlation pair;
    size_t from, count;
    void *work;

    matrix_range(L, left, 5, &from, &count);
    if (left_column < 1 || (size_t)left_column > left->columns || right_column < 1 ||
        (size_t)right_column > right->columns || right->rows != left->rows)
        return raise_error(L, DK_USAGE, NULL, "these columns cannot be correlated");
    work = scratch(L, index_correlation_work(count));
    index_correlate(left->x[left_column - 1] + from, right->x[right_column - 1] + from, count,
                    (enum index_correlation_kind)kind, work, &pair);
    scratch_release(L);
    if (isnan(pair.r))
        lua_pushnil(L);
    else
        lua_pushnumber(L, pair.r);
    if (isnan(pair.p))
        lua_pushnil(L);
    else
        lua_pushnumber(L, pair.p);
    lua_pushinteger(L, (lua_Integer)pair.count);
    return 3;
}

/* cronbach(matrix, columns, from, count) -> alpha, list of alphas without each column, list of item-rest correlations */
static int statistics_cronbach(lua_State *L)
{
    struct matrix *matrix = matrix_check(L, 1);
    size_t from, count, k;
    const double **columns;
    double *covariance, *without, *rest;

    matrix_range(L, matrix, 3, &from, &count);
    columns = matrix_columns(L, matrix, 2, from, count, &k);
    covariance = scratch(L, (k * k + 2 * k + 1) * sizeof *covariance);
    without = covariance + k * k;
    rest = without + k;
    index_covariances(columns, k, count, covariance);
    for (size_t q = 0; q < k; q++) {
        without[q] = index_cronbach(covariance, k, q);
        rest[q] = index_item_rest(covariance, k, q);
    }
    lua_pushnumber(L, index_cronbach(covariance, k, k));
    push_numbers(L, without, k);
    push_numbers(L, rest, k);
    return 3;
}

/* The correlation matrix of columns over the units that have them all (pushed), k x k. */
static double *complete_correlations(lua_State *L, const double **columns, size_t k, size_t count)
{
    double *dense = scratch(L, (k * count + 1) * sizeof *dense), *matrix;
    void *work;
    size_t rows = 0;

    for (size_t u = 0; u < count; u++) {
        bool complete = true;

        for (size_t q = 0; q < k && complete; q++)
            complete = !isnan(columns[q][u]);
        if (!complete)
            continue;
        for (size_t q = 0; q < k; q++)
            dense[q * count + rows] = columns[q][u];
        rows++;
    }
    work = scratch(L, index_correlation_work(rows + 1));
    matrix = scratch(L, (k * k + 1) * sizeof *matrix);
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++) {
            struct index_correlation pair;

            index_correlate(dense + i * count, dense + j * count, rows, INDEX_PEARSON, work, &pair);
            matrix[i * k + j] = pair.r;
        }
    return matrix;
}

/* components(matrix, columns, from, count) -> {values = {…}, vectors = {{…}, …} (one a component)} | nil, flaw */
static int statistics_components(lua_State *L)
{
    struct matrix *matrix = matrix_check(L, 1);
    size_t from, count, k;
    const double **columns;
    enum index_flaw flaw;

    matrix_range(L, matrix, 3, &from, &count);
    columns = matrix_columns(L, matrix, 2, from, count, &k);
    flaw = push_eigen(L, complete_correlations(L, columns, k, count), k);
    if (flaw != INDEX_SOUND) {
        lua_pushnil(L);
        push_flaw(L, flaw);
        return 2;
    }
    lua_createtable(L, 0, 2);
    lua_insert(L, -3);
    lua_setfield(L, -3, "vectors");
    lua_setfield(L, -2, "values");
    return 1;
}

/* nicoletti(matrix, columns, from, count, share, total) -> weights, component of each, components kept | nil, flaw */
static int statistics_nicoletti(lua_State *L)
{
    struct matrix *matrix = matrix_check(L, 1);
    double share = luaL_optnumber(L, 5, 0.1), total = luaL_optnumber(L, 6, 0.6);
    size_t from, count, k, kept = 0, *group;
    const double **columns;
    double *correlations, *values, *vectors, *loadings, *weights;
    enum index_flaw flaw;

    matrix_range(L, matrix, 3, &from, &count);
    columns = matrix_columns(L, matrix, 2, from, count, &k);
    correlations = complete_correlations(L, columns, k, count);
    values = scratch(L, (2 * k * k + 2 * k + 1) * sizeof *values);
    vectors = values + k;
    loadings = vectors + k * k;
    weights = loadings + k * k;
    group = scratch(L, (k + 1) * sizeof *group);
    flaw = index_eigen(correlations, k, values, vectors, loadings);
    if (flaw == INDEX_SOUND) {
        kept = index_components_kept(values, k, share, total);
        index_loadings(values, vectors, k, kept, loadings);
        flaw = index_varimax(loadings, k, kept, weights);
    }
    if (flaw != INDEX_SOUND) {
        lua_pushnil(L);
        push_flaw(L, flaw);
        return 2;
    }
    index_nicoletti(loadings, k, kept, weights, group);
    push_numbers(L, weights, k);
    lua_createtable(L, (int)k, 0);
    for (size_t i = 0; i < k; i++) {
        lua_pushinteger(L, (lua_Integer)group[i] + 1);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_pushinteger(L, (lua_Integer)kept);
    return 3;
}

/* rank(matrix, column, from, count, tolerance [, into]) -> list of ranks (false without a score), units ranked. With `into`
 * the ranks are set in that list from place `from` on. */
static int statistics_rank(lua_State *L)
{
    struct cells cells = matrix_cells(L, matrix_check(L, 1), 2);
    double tolerance = luaL_optnumber(L, 5, INDEX_TIE_TOLERANCE);
    uint32_t *rank = scratch(L, (3 * cells.count + 1) * sizeof *rank);
    lua_Integer first = 1;
    size_t ranked = index_rank(cells.x, cells.count, tolerance, rank, rank + cells.count, rank + 2 * cells.count);

    if (lua_istable(L, 6)) {
        lua_pushvalue(L, 6);
        first = luaL_optinteger(L, 3, 1);
    } else {
        lua_createtable(L, (int)cells.count, 0);
    }
    for (size_t i = 0; i < cells.count; i++) {
        if (rank[i] > 0)
            lua_pushinteger(L, rank[i]);
        else
            lua_pushboolean(L, 0);
        lua_rawseti(L, -2, first + (lua_Integer)i);
    }
    scratch_release(L);
    lua_pushinteger(L, (lua_Integer)ranked);
    return 2;
}

void index_statistics_register(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"available", statistics_available}, {"summary", statistics_summary},   {"quantile", statistics_quantile},
        {"correlate", statistics_correlate}, {"cronbach", statistics_cronbach}, {"components", statistics_components},
        {"nicoletti", statistics_nicoletti}, {"rank", statistics_rank},         {NULL, NULL}};

    luaL_setfuncs(L, functions, 0);
}
