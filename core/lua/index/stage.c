/* The stages before aggregation, column by column and in place: denominate, impute, treat, normalise.
 *
 * Functions take (matrix, column, first row, rows, …); a flaw is returned as text. */
#include <math.h>

#include "index/impute.h"
#include "index/normalise.h"
#include "index/treat.h"
#include "lua/index/shared.h"
#include "lua/parts.h"

/* Marks what a stage did with cells that are still there, and how it lost others. */
static void mark(struct cells cells, const uint8_t *before_missing, uint8_t done, uint8_t lost)
{
    for (size_t i = 0; i < cells.count; i++) {
        if (before_missing[i])
            continue;
        cells.state[i] = (uint8_t)((cells.state[i] & (isnan(cells.x[i]) ? CELL_ORIGIN : CELL_ORIGIN | CELL_DONE)));
        if (isnan(cells.x[i]))
            cells.state[i] |= lost;
        else if (done != 0)
            cells.state[i] = (uint8_t)((cells.state[i] & CELL_ORIGIN) | done);
    }
}

/* Which cells are missing now (pushed). */
static uint8_t *missing_now(lua_State *L, struct cells cells)
{
    uint8_t *missing = scratch(L, cells.count);

    for (size_t i = 0; i < cells.count; i++)
        missing[i] = isnan(cells.x[i]);
    return missing;
}

/* divide(matrix, column, from, count, by, by_column, factor) -> values lost by a denominator that is zero or missing, and by
 * a quotient that no double holds; the rows of `by` are the same */
static int stage_divide(lua_State *L)
{
    struct matrix *by = matrix_check(L, 5);
    struct cells cells = matrix_cells(L, matrix_check(L, 1), 2);
    size_t from = (size_t)luaL_optinteger(L, 3, 1) - 1;
    lua_Integer column = luaL_checkinteger(L, 6);
    double factor = luaL_optnumber(L, 7, 1);
    lua_Integer lost = 0, beyond = 0;
    const double *divisor;

    if (column < 1 || (size_t)column > by->columns || from + cells.count > by->rows)
        return raise_error(L, DK_USAGE, NULL, "the denominators have other rows");
    divisor = by->x[column - 1] + from;
    for (size_t i = 0; i < cells.count; i++) {
        if (isnan(cells.x[i]))
            continue;
        if (divisor[i] == 0 || isnan(divisor[i])) {
            cells.x[i] = NAN;
            cells.state[i] = (uint8_t)((cells.state[i] & CELL_ORIGIN) | CELL_DENOMINATOR);
            lost++;
        } else {
            double quotient = cells.x[i] / (divisor[i] / factor);

            if (!isfinite(quotient) || (quotient == 0 && cells.x[i] != 0)) {
                quotient = NAN;
                cells.state[i] = (uint8_t)((cells.state[i] & CELL_ORIGIN) | CELL_UNDEFINED);
                beyond++;
            }
            cells.x[i] = quotient;
        }
    }
    lua_pushinteger(L, lost);
    lua_pushinteger(L, beyond);
    return 2;
}

/* Takes the cells that were filled out of it again where the value cannot exist, and marks the others. */
static size_t mark_filled(struct cells cells, const uint8_t *filled, uint8_t origin)
{
    size_t count = 0;

    for (size_t i = 0; i < cells.count; i++) {
        if (!filled[i])
            continue;
        if ((cells.state[i] & CELL_ORIGIN) == CELL_NOT_APPLICABLE) {
            cells.x[i] = NAN;
            continue;
        }
        cells.state[i] = origin;
        count++;
    }
    return count;
}

static uint8_t *filled_none(lua_State *L, size_t count)
{
    uint8_t *filled = scratch(L, count);

    for (size_t i = 0; i < count; i++)
        filled[i] = 0;
    return filled;
}

/* impute(matrix, column, from, count, method [, value]) -> cells filled; method "mean", "median", "constant" */
static int stage_impute(lua_State *L)
{
    static const char *const methods[] = {"mean", "median", "constant", NULL};
    static const uint8_t origins[] = {CELL_IMPUTED_MEAN, CELL_IMPUTED_MEDIAN, CELL_IMPUTED_CONSTANT};
    struct cells cells = matrix_cells(L, matrix_check(L, 1), 2);
    int method = luaL_checkoption(L, 5, NULL, methods);
    double value = method == 2 ? luaL_checknumber(L, 6) : 0;
    uint8_t *filled = filled_none(L, cells.count);

    if (method < 2) {
        uint32_t *group = scratch(L, cells.count * sizeof *group);
        double *work = scratch(L, 3 * cells.count * sizeof *work);

        for (size_t i = 0; i < cells.count; i++)
            group[i] = 0;
        index_impute_group(cells.x, cells.count, group, 1, method == 1, filled, work);
    } else {
        index_impute_value(cells.x, cells.count, value, filled);
    }
    lua_pushinteger(L, (lua_Integer)mark_filled(cells, filled, origins[method]));
    scratch_release(L);
    return 1;
}

/* impute_group(matrix, column, from, count, groups, number, median) -> cells filled; groups: a number 1.. for every row */
static int stage_impute_group(lua_State *L)
{
    struct cells cells = matrix_cells(L, matrix_check(L, 1), 2);
    lua_Integer groups = luaL_checkinteger(L, 6);
    bool median = lua_toboolean(L, 7);
    uint8_t *filled = filled_none(L, cells.count);
    uint32_t *group = scratch(L, cells.count * sizeof *group);
    double *work = scratch(L, 3 * cells.count * sizeof *work);

    luaL_checktype(L, 5, LUA_TTABLE);
    luaL_argcheck(L, groups >= 0 && (size_t)groups <= cells.count, 6, "no more groups than rows");
    for (size_t i = 0; i < cells.count; i++) {
        lua_rawgeti(L, 5, (lua_Integer)i + 1);
        group[i] = lua_isinteger(L, -1) ? (uint32_t)lua_tointeger(L, -1) - 1 : UINT32_MAX;
        lua_pop(L, 1);
    }
    index_impute_group(cells.x, cells.count, group, (uint32_t)groups, median, filled, work);
    lua_pushinteger(L, (lua_Integer)mark_filled(cells, filled,
                                                median ? CELL_IMPUTED_GROUP_MEDIAN : CELL_IMPUTED_GROUP_MEAN));
    scratch_release(L);
    return 1;
}

/* impute_time(matrix, column, times, method, limit) -> cells filled; the rows are #times periods; method "last", "linear",
 * "nearest" */
static int stage_impute_time(lua_State *L)
{
    static const char *const methods[] = {"last", "linear", "nearest", NULL};
    struct matrix *matrix = matrix_check(L, 1);
    lua_Integer column = luaL_checkinteger(L, 2);
    int method = luaL_checkoption(L, 4, NULL, methods);
    double limit = luaL_optnumber(L, 5, INFINITY);
    size_t periods;
    double *times = check_numbers(L, 3, &periods);
    struct cells cells;
    uint8_t *filled;

    if (column < 1 || (size_t)column > matrix->columns || periods == 0 || matrix->rows % periods != 0)
        return raise_error(L, DK_USAGE, NULL, "the periods do not divide the rows");
    cells = (struct cells){.x = matrix->x[column - 1], .state = matrix->state[column - 1], .count = matrix->rows};
    filled = filled_none(L, cells.count);
    if (method == 0)
        index_impute_last(cells.x, matrix->rows / periods, periods, times, limit, filled);
    else
        index_impute_linear(cells.x, matrix->rows / periods, periods, times, method == 2, filled);
    lua_pushinteger(L, (lua_Integer)mark_filled(cells, filled, method == 0 ? CELL_IMPUTED_LAST : CELL_IMPUTED_LINEAR));
    scratch_release(L);
    return 1;
}

static struct index_shape_rule shape_rule(lua_State *L, int index)
{
    double most = number_field(L, index, "most", INFINITY);
    struct index_shape_rule rule = {.skewness = number_field(L, index, "skewness", 2),
                                    .kurtosis = number_field(L, index, "kurtosis", 3.5),
                                    .most = most >= 0 && most < 1e15 ? (size_t)most : SIZE_MAX};

    return rule;
}

static void mark_done(struct cells cells, const uint8_t *done)
{
    for (size_t i = 0; i < cells.count; i++)
        if (done[i] != INDEX_UNTREATED)
            cells.state[i] = (uint8_t)((cells.state[i] & CELL_ORIGIN) | done[i] << 5);
}

/* winsorise(matrix, column, from, count, {skewness, kurtosis, most}) -> flaw, points at the edges, whether its shape passes
 * now */
static int stage_winsorise(lua_State *L)
{
    struct cells cells = matrix_cells(L, matrix_check(L, 1), 2);
    struct index_shape_rule rule;
    uint8_t *done = filled_none(L, cells.count);
    enum index_flaw flaw;
    double skewness, kurtosis;
    size_t moved;

    luaL_checktype(L, 5, LUA_TTABLE);
    rule = shape_rule(L, 5);
    flaw = index_winsorise(cells.x, cells.count, &rule, done, &moved);
    mark_done(cells, done);
    index_shape(cells.x, cells.count, &skewness, &kurtosis);
    push_flaw(L, flaw);
    lua_pushinteger(L, (lua_Integer)moved);
    lua_pushboolean(L, index_shape_passes(skewness, kurtosis, &rule));
    return 3;
}

/* shape(matrix, column, from, count, {skewness, kurtosis}) -> skewness, kurtosis, whether it passes */
static int stage_shape(lua_State *L)
{
    struct cells cells = matrix_cells(L, matrix_check(L, 1), 2);
    struct index_shape_rule rule;
    double skewness, kurtosis;

    luaL_checktype(L, 5, LUA_TTABLE);
    rule = shape_rule(L, 5);
    index_shape(cells.x, cells.count, &skewness, &kurtosis);
    lua_pushnumber(L, skewness);
    lua_pushnumber(L, kurtosis);
    lua_pushboolean(L, index_shape_passes(skewness, kurtosis, &rule));
    return 3;
}

/* winsorise_share(matrix, column, from, count, lower, upper) -> flaw */
static int stage_winsorise_share(lua_State *L)
{
    struct cells cells = matrix_cells(L, matrix_check(L, 1), 2);
    double lower = luaL_checknumber(L, 5), upper = luaL_checknumber(L, 6);
    uint8_t *done = filled_none(L, cells.count);
    double *work = scratch(L, 2 * cells.count * sizeof *work);

    push_flaw(L, index_winsorise_share(cells.x, cells.count, lower, upper, done, work));
    mark_done(cells, done);
    scratch_release(L);
    return 1;
}

/* log(matrix, column, from, count, kind, shift) -> flaw; kinds "log", "log10", "log_one", "log_shifted", "log_signed",
 * "log1p" */
static int stage_log(lua_State *L)
{
    static const char *const kinds[] = {"log", "log10", "log_one", "log_shifted", "log_signed", "log1p", NULL};
    struct cells cells = matrix_cells(L, matrix_check(L, 1), 2);
    int kind = luaL_checkoption(L, 5, NULL, kinds);
    double shift = luaL_optnumber(L, 6, 0.01);
    uint8_t *missing = missing_now(L, cells);
    enum index_flaw flaw = index_log(cells.x, cells.count, (enum index_logarithm)kind, shift);

    mark(cells, missing, flaw == INDEX_CONSTANT ? 0 : CELL_TRANSFORMED, CELL_UNDEFINED);
    push_flaw(L, flaw);
    return 1;
}

/* box_cox(matrix, column, from, count, lambda | nil) -> flaw, lambda; without one that of greatest likelihood */
static int stage_box_cox(lua_State *L)
{
    struct cells cells = matrix_cells(L, matrix_check(L, 1), 2);
    double lambda = lua_isnoneornil(L, 5) ? index_box_cox_lambda(cells.x, cells.count) : luaL_checknumber(L, 5);
    uint8_t *missing = missing_now(L, cells);

    if (isnan(lambda)) {
        push_flaw(L, INDEX_CONSTANT);
        return 1;
    }
    push_flaw(L, index_box_cox(cells.x, cells.count, lambda));
    mark(cells, missing, CELL_TRANSFORMED, CELL_UNDEFINED);
    lua_pushnumber(L, lambda);
    return 2;
}

/* How a column loses a value: by itself, or all together for want of a range or of a scale that can be used. */
static uint8_t lost_by(enum index_flaw flaw)
{
    switch (flaw) {
    case INDEX_SOUND: return CELL_UNDEFINED;
    case INDEX_CONSTANT:
    case INDEX_TOO_FEW: return CELL_CONSTANT;
    default: return CELL_COLUMN;
    }
}

/* normalise(matrix, column, from, count, spec, reference, reference_from, reference_count) -> flaw, values that could not be
 * used. The scale is learned from the rows of the matrix `reference` (the same column) before it is applied. */
static int stage_normalise(lua_State *L)
{
    static const char *const methods[] = {"none",       "minmax",   "zscore", "rank",       "borda",     "percentile_rank",
                                          "percentile", "target",   "ratio",  "difference", "goalposts", "categorical",
                                          "mean_band",  "fraction", "ampi",   NULL};
    static const char *const references[] = {"mean", "median", "best", "worst", "value", NULL};
    struct cells cells = matrix_cells(L, matrix_check(L, 1), 2), learn;
    struct matrix *reference = matrix_check(L, 6);
    struct index_scale scale;
    double *memory;
    uint8_t *missing;
    enum index_flaw flaw;
    size_t lost;

    luaL_checktype(L, 5, LUA_TTABLE);
    scale = index_scale_default((enum index_scaling)choice_field(L, 5, "method", methods, INDEX_SCALE_MINMAX));
    scale.direction = number_field(L, 5, "direction", 1) < 0 ? -1 : 1;
    scale.low = number_field(L, 5, "low", scale.low);
    scale.high = number_field(L, 5, "high", scale.high);
    scale.lower = number_field(L, 5, "lower", scale.lower);
    scale.upper = number_field(L, 5, "upper", scale.upper);
    scale.truncate = number_field(L, 5, "truncate", scale.truncate) != 0;
    scale.target = number_field(L, 5, "target", scale.target);
    scale.cap = number_field(L, 5, "cap", scale.cap) != 0;
    scale.centre = number_field(L, 5, "mean", scale.centre);
    scale.spread = number_field(L, 5, "deviation", scale.spread);
    scale.band = number_field(L, 5, "band", scale.band);
    scale.value = number_field(L, 5, "value", scale.value);
    scale.tolerance = number_field(L, 5, "tolerance", scale.tolerance);
    scale.reference = (enum index_reference)choice_field(L, 5, "reference", references, INDEX_REFERENCE_MEAN);
    lua_pushvalue(L, 2);
    lua_replace(L, 6);
    learn = matrix_cells(L, reference, 6);
    memory = scratch(L, 2 * learn.count * sizeof *memory);
    missing = missing_now(L, cells);
    flaw = index_learn_scale(&scale, learn.x, learn.count, memory);
    lost = index_apply_scale(&scale, cells.x, cells.count, cells.x);
    mark(cells, missing, 0, lost_by(flaw));
    scratch_release(L);
    push_flaw(L, flaw);
    lua_pushinteger(L, (lua_Integer)lost);
    return 2;
}

void index_stage_register(lua_State *L)
{
    static const luaL_Reg functions[] = {{"divide", stage_divide},
                                         {"impute", stage_impute},
                                         {"impute_group", stage_impute_group},
                                         {"impute_time", stage_impute_time},
                                         {"winsorise", stage_winsorise},
                                         {"winsorise_share", stage_winsorise_share},
                                         {"shape", stage_shape},
                                         {"log", stage_log},
                                         {"box_cox", stage_box_cox},
                                         {"normalise", stage_normalise},
                                         {NULL, NULL}};

    luaL_setfuncs(L, functions, 0);
}
