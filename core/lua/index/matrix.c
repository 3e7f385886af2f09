/* difkit.Matrix: values and states of all indicators for all units and periods. */
#include <math.h>
#include <string.h>

#include "lua/index/shared.h"
#include "lua/parts.h"

enum { COLUMNS_MOST = 1 << 24 };

static const char *const origins[CELL_ORIGINS + 1] = {"observed",
                                                      "not reported",
                                                      "not applicable",
                                                      "not due",
                                                      "confidential",
                                                      "computed",
                                                      "imputed at source",
                                                      "imputed: mean",
                                                      "imputed: median",
                                                      "imputed: group mean",
                                                      "imputed: group median",
                                                      "imputed: last value",
                                                      "imputed: linear",
                                                      "imputed: constant",
                                                      "imputed: function",
                                                      "imputed: expectation",
                                                      "imputed: nearest",
                                                      "imputed: drawn",
                                                      "no weight",
                                                      NULL};
static const char *const done[] = {"", "lowered", "raised", "transformed", "unusable", "unusable", "unusable", "unusable"};
static const char *const reasons[] = {"not defined", "lost by a denominator", "constant", "not defined"};

/* Why a cell has no value. */
static const char *reason_of(uint8_t state)
{
    return cell_is_lost(state) ? reasons[(state >> 5) - (CELL_UNDEFINED >> 5)]
                               : origins[(state & CELL_ORIGIN) % CELL_ORIGINS];
}

struct matrix *matrix_check(lua_State *L, int index)
{
    return luaL_checkudata(L, index, MATRIX_TYPE);
}

/* A matrix with memory for its columns, but for those that are shared[] (NULL: none). */
static struct matrix *push_partly(lua_State *L, size_t rows, size_t columns, const bool *shared)
{
    struct matrix *matrix;
    size_t own = shared == NULL ? columns : 0;
    double *values;
    uint8_t *states;

    for (size_t c = 0; shared != NULL && c < columns; c++)
        own += !shared[c];
    if (columns > COLUMNS_MOST || (own > 0 && rows > (SIZE_MAX / 16) / own))
        raise_error(L, DK_LIMIT, NULL, "an index of %d rows and %d columns is too large", (int)rows, (int)columns);
    matrix =
        lua_newuserdatauv(L, sizeof *matrix + columns * (sizeof *matrix->x + sizeof *matrix->state) + own * rows * 9, 1);
    matrix->rows = rows;
    matrix->columns = columns;
    matrix->x = (double **)(void *)(matrix + 1);
    matrix->state = (uint8_t **)(matrix->x + columns);
    values = (double *)(void *)(matrix->state + columns);
    states = (uint8_t *)(values + own * rows);
    for (size_t c = 0; c < columns; c++) {
        if (shared != NULL && shared[c])
            continue;
        matrix->x[c] = values;
        matrix->state[c] = states;
        values += rows;
        states += rows;
    }
    luaL_setmetatable(L, MATRIX_TYPE);
    return matrix;
}

static struct matrix *push_matrix(lua_State *L, size_t rows, size_t columns)
{
    return push_partly(L, rows, columns, NULL);
}

static size_t check_place(lua_State *L, int argument, size_t most, const char *what)
{
    lua_Integer place = luaL_checkinteger(L, argument);

    if (place < 1 || (size_t)place > most)
        raise_error(L, DK_USAGE, NULL, "%s %d of a matrix that has %d", what, (int)place, (int)most);
    return (size_t)place - 1;
}

void matrix_range(lua_State *L, const struct matrix *matrix, int first_argument, size_t *from, size_t *count)
{
    lua_Integer first = luaL_optinteger(L, first_argument, 1), rows = (lua_Integer)matrix->rows, number = 0;
    bool fits = first >= 1 && first <= rows + 1;

    if (fits) {
        number = luaL_optinteger(L, first_argument + 1, rows - first + 1);
        fits = number >= 0 && number <= rows - first + 1;
    }
    if (!fits)
        raise_error(L, DK_USAGE, NULL, "%.0f rows from %.0f of a matrix that has %.0f", (double)number, (double)first,
                    (double)rows);
    *from = (size_t)first - 1;
    *count = (size_t)number;
}

struct cells matrix_cells(lua_State *L, struct matrix *matrix, int first_argument)
{
    size_t column = check_place(L, first_argument, matrix->columns, "column"), from;
    struct cells cells;

    matrix_range(L, matrix, first_argument + 1, &from, &cells.count);
    cells.x = matrix->x[column] + from;
    cells.state = matrix->state[column] + from;
    return cells;
}

const double **matrix_columns(lua_State *L, const struct matrix *matrix, int list, size_t from, size_t count, size_t *size)
{
    const double **columns;

    (void)count;
    luaL_checktype(L, list, LUA_TTABLE);
    *size = (size_t)lua_rawlen(L, list);
    columns = scratch(L, (*size + 1) * sizeof *columns);
    for (size_t i = 0; i < *size; i++) {
        lua_Integer column;

        lua_rawgeti(L, list, (lua_Integer)i + 1);
        column = lua_tointeger(L, -1);
        if (column < 1 || (size_t)column > matrix->columns)
            raise_error(L, DK_USAGE, NULL, "column %d of a matrix that has %d", (int)column, (int)matrix->columns);
        columns[i] = matrix->x[column - 1] + from;
        lua_pop(L, 1);
    }
    return columns;
}

/* matrix(rows, columns) -> Matrix, every cell missing: not reported */
static int matrix_new(lua_State *L)
{
    lua_Integer rows = luaL_checkinteger(L, 1), columns = luaL_checkinteger(L, 2);
    struct matrix *matrix;

    luaL_argcheck(L, rows >= 0, 1, "must not be negative");
    luaL_argcheck(L, columns >= 0, 2, "must not be negative");
    matrix = push_matrix(L, (size_t)rows, (size_t)columns);
    for (size_t c = 0; c < matrix->columns; c++) {
        for (size_t row = 0; row < matrix->rows; row++)
            matrix->x[c][row] = NAN;
        memset(matrix->state[c], CELL_NOT_REPORTED, matrix->rows);
    }
    return 1;
}

static int matrix_copy(lua_State *L)
{
    const struct matrix *matrix = matrix_check(L, 1);
    struct matrix *copy = push_matrix(L, matrix->rows, matrix->columns);

    for (size_t c = 0; c < matrix->columns; c++) {
        memcpy(copy->x[c], matrix->x[c], matrix->rows * sizeof **matrix->x);
        memcpy(copy->state[c], matrix->state[c], matrix->rows);
    }
    return 1;
}

/* matrix:keep(rows): drops all other rows, in place; `rows` rise */
static int matrix_keep(lua_State *L)
{
    struct matrix *matrix = matrix_check(L, 1);
    size_t count, before = 0;

    luaL_checktype(L, 2, LUA_TTABLE);
    count = (size_t)lua_rawlen(L, 2);
    for (size_t i = 0; i < count; i++) {
        size_t row;

        lua_rawgeti(L, 2, (lua_Integer)i + 1);
        row = check_place(L, -1, matrix->rows, "row");
        lua_pop(L, 1);
        if (i > 0 && row <= before)
            return raise_error(L, DK_USAGE, NULL, "rows to keep must rise");
        before = row;
        for (size_t c = 0; c < matrix->columns; c++) {
            matrix->x[c][i] = matrix->x[c][row];
            matrix->state[c][i] = matrix->state[c][row];
        }
    }
    matrix->rows = count;
    return 0;
}

static int matrix_size(lua_State *L)
{
    const struct matrix *matrix = matrix_check(L, 1);

    lua_pushinteger(L, (lua_Integer)matrix->rows);
    lua_pushinteger(L, (lua_Integer)matrix->columns);
    return 2;
}

/* matrix:get(row, column) -> number | nil */
static int matrix_get(lua_State *L)
{
    const struct matrix *matrix = matrix_check(L, 1);
    size_t row = check_place(L, 2, matrix->rows, "row"), column = check_place(L, 3, matrix->columns, "column");
    double value = matrix->x[column][row];

    if (isnan(value))
        lua_pushnil(L);
    else
        lua_pushnumber(L, value);
    return 1;
}

/* matrix:set(row, column, value | nil [, origin]): the origin of a value is "observed", of none "not reported" */
static int matrix_set(lua_State *L)
{
    const struct matrix *matrix = matrix_check(L, 1);
    size_t row = check_place(L, 2, matrix->rows, "row"), column = check_place(L, 3, matrix->columns, "column");
    double value = lua_isnoneornil(L, 4) ? NAN : luaL_checknumber(L, 4);
    int origin = luaL_checkoption(L, 5, isnan(value) ? "not reported" : "observed", origins);

    matrix->x[column][row] = value;
    matrix->state[column][row] = (uint8_t)origin;
    return 0;
}

/* matrix:origin(row, column) -> where the value comes from or why none was reported, what was done with it ("" for nothing,
 * "unusable" when it was lost), and of a cell without a value why: the origin, or how it was lost */
static int matrix_origin(lua_State *L)
{
    const struct matrix *matrix = matrix_check(L, 1);
    size_t row = check_place(L, 2, matrix->rows, "row"), column = check_place(L, 3, matrix->columns, "column");
    uint8_t state = matrix->state[column][row];

    lua_pushstring(L, origins[(state & CELL_ORIGIN) < CELL_ORIGINS ? state & CELL_ORIGIN : CELL_COMPUTED]);
    lua_pushstring(L, done[state >> 5]);
    if (!isnan(matrix->x[column][row]))
        return 2;
    lua_pushstring(L, reason_of(state));
    return 3;
}

/* matrix:numbers(column [, from, count]) -> list of numbers with n */
static int matrix_numbers(lua_State *L)
{
    struct cells cells = matrix_cells(L, matrix_check(L, 1), 2);

    push_numbers(L, cells.x, cells.count);
    return 1;
}

/* matrix:put(column, from, count, numbers, origin): changed cells get the origin; those that were there and are gone become
 * unusable */
static int matrix_put(lua_State *L)
{
    struct cells cells = matrix_cells(L, matrix_check(L, 1), 2);
    int origin = luaL_checkoption(L, 6, "computed", origins);

    luaL_checktype(L, 5, LUA_TTABLE);
    for (size_t i = 0; i < cells.count; i++) {
        double value = lua_rawgeti(L, 5, (lua_Integer)i + 1) == LUA_TNUMBER ? lua_tonumber(L, -1) : NAN;

        lua_pop(L, 1);
        if (isnan(value) && isnan(cells.x[i]))
            continue;
        if (isnan(value))
            cells.state[i] = (uint8_t)((cells.state[i] & CELL_ORIGIN) | CELL_UNDEFINED);
        else if (origin == CELL_COMPUTED && !isnan(cells.x[i]))
            cells.state[i] = (uint8_t)((cells.state[i] & CELL_ORIGIN) | CELL_TRANSFORMED);
        else if (isnan(cells.x[i]) || value != cells.x[i])
            cells.state[i] = (uint8_t)origin;
        cells.x[i] = value;
    }
    return 0;
}

enum { LOSSES = 3 }; /* reasons with a name of their own */

/* By origin, then by the ways to be lost. */
static void count_states(struct cells cells, size_t count[CELL_ORIGINS + LOSSES])
{
    for (size_t i = 0; i < cells.count; i++) {
        uint8_t state = cells.state[i];

        count[cell_is_lost(state) ? CELL_ORIGINS + ((state >> 5) - (CELL_UNDEFINED >> 5)) % LOSSES
                                  : (state & CELL_ORIGIN) % CELL_ORIGINS]++;
    }
}

/* matrix:counts([column, from, count]) -> {[origin or reason of a loss] = cells, …} of one column or of all */
static int matrix_counts(lua_State *L)
{
    struct matrix *matrix = matrix_check(L, 1);
    size_t count[CELL_ORIGINS + LOSSES] = {0};

    if (!lua_isnoneornil(L, 2)) {
        count_states(matrix_cells(L, matrix, 2), count);
    } else {
        for (size_t c = 0; c < matrix->columns; c++)
            count_states((struct cells){.state = matrix->state[c], .count = matrix->rows}, count);
    }
    lua_newtable(L);
    for (size_t i = 0; i < CELL_ORIGINS + LOSSES; i++) {
        if (count[i] == 0)
            continue;
        lua_pushinteger(L, (lua_Integer)count[i]);
        lua_setfield(L, -2, i < CELL_ORIGINS ? origins[i] : reasons[i - CELL_ORIGINS]);
    }
    return 1;
}

/* matrix:any(row) -> whether any column has a value there */
static int matrix_any(lua_State *L)
{
    const struct matrix *matrix = matrix_check(L, 1);
    size_t row = check_place(L, 2, matrix->rows, "row");
    bool any = false;

    for (size_t c = 0; c < matrix->columns && !any; c++)
        any = !isnan(matrix->x[c][row]);
    lua_pushboolean(L, any);
    return 1;
}

/* copy_column(matrix, column, other, its column [, from, count]): both have the same rows */
static int matrix_copy_column(lua_State *L)
{
    struct matrix *matrix = matrix_check(L, 1), *other = matrix_check(L, 3);
    size_t column = check_place(L, 2, matrix->columns, "column"), at = check_place(L, 4, other->columns, "column");
    size_t from, count;

    if (matrix->rows != other->rows)
        return raise_error(L, DK_USAGE, NULL, "the matrices have other rows");
    matrix_range(L, matrix, 5, &from, &count);
    memcpy(matrix->x[column] + from, other->x[at] + from, count * sizeof **matrix->x);
    memcpy(matrix->state[column] + from, other->state[at] + from, count);
    return 0;
}

/* copy_rows(matrix, column, from, other, its column, its from, count): a run of cells of one matrix into another */
static int matrix_copy_rows(lua_State *L)
{
    struct matrix *matrix = matrix_check(L, 1), *other = matrix_check(L, 4);
    size_t column = check_place(L, 2, matrix->columns, "column"), at = check_place(L, 5, other->columns, "column");
    lua_Integer to = luaL_checkinteger(L, 3), from = luaL_checkinteger(L, 6), count = luaL_checkinteger(L, 7);

    if (to < 1 || from < 1 || count < 0 || (size_t)to - 1 > matrix->rows || (size_t)from - 1 > other->rows ||
        (size_t)count > matrix->rows - ((size_t)to - 1) || (size_t)count > other->rows - ((size_t)from - 1))
        return raise_error(L, DK_USAGE, NULL, "the matrices have no such rows");
    memmove(matrix->x[column] + to - 1, other->x[at] + from - 1, (size_t)count * sizeof **matrix->x);
    memmove(matrix->state[column] + to - 1, other->state[at] + from - 1, (size_t)count);
    return 0;
}

/* over(matrix, leaves) -> Matrix with the same rows and a column for each element of `leaves`: the number of a column of the
 * matrix, which is shared, or false for one of its own, all missing */
static int matrix_over(lua_State *L)
{
    struct matrix *matrix = matrix_check(L, 1), *made;
    size_t count;
    bool *shared;

    luaL_checktype(L, 2, LUA_TTABLE);
    count = (size_t)lua_rawlen(L, 2);
    shared = scratch(L, count * sizeof *shared);
    for (size_t c = 0; c < count; c++) {
        shared[c] = lua_rawgeti(L, 2, (lua_Integer)c + 1) == LUA_TNUMBER;
        if (shared[c])
            (void)check_place(L, -1, matrix->columns, "column");
        lua_pop(L, 1);
    }
    made = push_partly(L, matrix->rows, count, shared);
    lua_pushvalue(L, 1);
    lua_setiuservalue(L, -2, 1);
    for (size_t c = 0; c < count; c++) {
        if (shared[c]) {
            lua_rawgeti(L, 2, (lua_Integer)c + 1);
            made->x[c] = matrix->x[lua_tointeger(L, -1) - 1];
            made->state[c] = matrix->state[lua_tointeger(L, -1) - 1];
            lua_pop(L, 1);
            continue;
        }
        for (size_t row = 0; row < matrix->rows; row++)
            made->x[c][row] = NAN;
        memset(made->state[c], CELL_NOT_REPORTED, matrix->rows);
    }
    return 1;
}

/* blank_row(matrix, row): nothing there, since it does not apply */
static int matrix_blank_row(lua_State *L)
{
    struct matrix *matrix = matrix_check(L, 1);
    size_t row = check_place(L, 2, matrix->rows, "row");

    for (size_t c = 0; c < matrix->columns; c++) {
        matrix->x[c][row] = NAN;
        matrix->state[c][row] = CELL_NOT_APPLICABLE;
    }
    return 0;
}

/* present(matrix, periods, columns) -> list of booleans, one a unit: whether any of the first columns has a value in any
 * period */
static int matrix_present(lua_State *L)
{
    struct matrix *matrix = matrix_check(L, 1);
    lua_Integer periods = luaL_checkinteger(L, 2), columns = luaL_checkinteger(L, 3);
    size_t units;
    unsigned char *there;

    luaL_argcheck(L, periods > 0 && matrix->rows % (size_t)periods == 0, 2, "must divide the rows");
    luaL_argcheck(L, columns >= 0 && (size_t)columns <= matrix->columns, 3, "too many columns");
    units = matrix->rows / (size_t)periods;
    there = scratch(L, units);
    memset(there, 0, units);
    for (size_t c = 0; c < (size_t)columns; c++)
        for (size_t row = 0; row < matrix->rows; row += units)
            for (size_t u = 0; u < units; u++)
                there[u] |= !isnan(matrix->x[c][row + u]);
    lua_createtable(L, (int)units, 0);
    for (size_t u = 0; u < units; u++) {
        lua_pushboolean(L, there[u]);
        lua_rawseti(L, -2, (lua_Integer)u + 1);
    }
    return 1;
}

static int matrix_tostring(lua_State *L)
{
    const struct matrix *matrix = matrix_check(L, 1);

    lua_pushfstring(L, "difkit.Matrix (%I rows, %I columns)", (LUAI_UACINT)matrix->rows, (LUAI_UACINT)matrix->columns);
    return 1;
}

void index_matrix_register(lua_State *L)
{
    static const luaL_Reg methods[] = {{"copy", matrix_copy},       {"keep", matrix_keep}, {"size", matrix_size},
                                       {"get", matrix_get},         {"set", matrix_set},   {"origin", matrix_origin},
                                       {"numbers", matrix_numbers}, {"put", matrix_put},   {"counts", matrix_counts},
                                       {"any", matrix_any},         {NULL, NULL}};

    static const luaL_Reg functions[] = {{"matrix", matrix_new},
                                         {"copy_column", matrix_copy_column},
                                         {"copy_rows", matrix_copy_rows},
                                         {"over", matrix_over},
                                         {"blank_row", matrix_blank_row},
                                         {"present", matrix_present},
                                         {NULL, NULL}};
    static const luaL_Reg events[] = {{"__tostring", matrix_tostring}, {NULL, NULL}};

    luaL_setfuncs(L, functions, 0);
    type_register(L, MATRIX_TYPE, methods, events);
}
