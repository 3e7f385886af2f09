/* The binding of core/index: what its files share.
 *
 * Scripts meet these functions only through scripts/difkit/index, which checks what people give; here the arguments
 * are trusted to make sense together, but never to be in bounds. */
#ifndef DIFKIT_LUA_INDEX_SHARED_H
#define DIFKIT_LUA_INDEX_SHARED_H

#include <stdint.h>

#include "index/flaw.h"
#include "index/statistics.h"
#include "lua/binding.h"
#include "lua/parts.h"

#define MATRIX_TYPE "difkit.Matrix"

/* What a cell holds: in the low five bits where the value comes from or why there is none, above them what was done. */
enum cell_state {
    CELL_OBSERVED,
    CELL_NOT_REPORTED,
    CELL_NOT_APPLICABLE,
    CELL_NOT_DUE,
    CELL_CONFIDENTIAL,
    CELL_COMPUTED,          /* a score, or what a function of the user gave */
    CELL_IMPUTED_AT_SOURCE, /* the data say so themselves */
    CELL_IMPUTED_MEAN,
    CELL_IMPUTED_MEDIAN,
    CELL_IMPUTED_GROUP_MEAN,
    CELL_IMPUTED_GROUP_MEDIAN,
    CELL_IMPUTED_LAST,
    CELL_IMPUTED_LINEAR,
    CELL_IMPUTED_CONSTANT,
    CELL_IMPUTED_FUNCTION,
    CELL_IMPUTED_EXPECTED,
    CELL_IMPUTED_NEAREST,
    CELL_IMPUTED_DRAWN, /* at random from what is expected */
    CELL_WEIGHTLESS,    /* of a group: its children have no weight */
    CELL_ORIGINS,
    CELL_ORIGIN = 31, /* mask */
    CELL_LOWERED = 1 << 5,
    CELL_RAISED = 2 << 5,
    CELL_TRANSFORMED = 3 << 5,
    /* There was a value, and it was lost: why. One that is not defined leaves its unit without a score; the others are left
     * out like values that are missing. */
    CELL_UNDEFINED = 4 << 5,   /* the method is not defined for it */
    CELL_DENOMINATOR = 5 << 5, /* its denominator is zero or missing */
    CELL_CONSTANT = 6 << 5,    /* the column is constant: it has no range, and all units lose theirs alike */
    CELL_COLUMN = 7 << 5,      /* the method is not defined for the column as a whole, or for the group */
    CELL_DONE = 7 << 5         /* mask */
};

static inline bool cell_is_lost(uint8_t state)
{
    return (state & CELL_DONE) >= CELL_UNDEFINED;
}

/* A dense matrix: a column an indicator; its rows are the units of the first period, then those of the second, …
 * Missing is NaN. The memory belongs to Lua. */
struct matrix {
    size_t rows, columns;
    double **x;      /* of each column its values; a column may belong to another matrix, which is then kept alive */
    uint8_t **state; /* of each column the states of its cells */
};

struct matrix *matrix_check(lua_State *L, int index);

/* A run of rows of one column, from three arguments: column, first row (1-based), number of rows. */
struct cells {
    double *x;
    uint8_t *state;
    size_t count;
};
struct cells matrix_cells(lua_State *L, struct matrix *matrix, int first_argument);

/* The columns of the list at `list`, rows from..from + count: pointers in memory of Lua (pushed). */
const double **matrix_columns(lua_State *L, const struct matrix *matrix, int list, size_t from, size_t count, size_t *size);
/* First row (0-based) and number of rows from two arguments, checked. */
void matrix_range(lua_State *L, const struct matrix *matrix, int first_argument, size_t *from, size_t *count);

/* Memory that Lua frees (pushed). What is large lies outside of Lua's heap and can be given back at once: scratch_release()
 * frees that of all the stack. */
void *scratch(lua_State *L, size_t size);
/* The same for rows x columns things of that size, whatever the numbers are. */
void *scratch_of(lua_State *L, size_t rows, size_t columns, size_t size);
/* Raises where so many bytes are not to be had, which the kernels ask for by themselves. */
void check_room(lua_State *L, double size);
void scratch_release(lua_State *L);
/* Pushes a flaw as text, or nil when there is none. */
void push_flaw(lua_State *L, enum index_flaw flaw);
void push_numbers(lua_State *L, const double *values, size_t count);
/* Pushes the eigenvalues of a symmetric k x k matrix, largest first, and the list of its eigenvectors, one list each. With a
 * flaw it pushes neither; the memory that it works in stays below what it pushes. */
enum index_flaw push_eigen(lua_State *L, const double *matrix, size_t k);
/* The list of numbers at `index` into memory of Lua (pushed). */
double *check_numbers(lua_State *L, int index, size_t *count);
/* A field of the table at `index`: its number, or `fallback`. */
double number_field(lua_State *L, int index, const char *name, double fallback);
/* A field that counts, from 0 to `most`; raises for anything else. */
size_t count_field(lua_State *L, int index, const char *name, size_t fallback, size_t most);
/* A field that is a seed, 1 where it is not given. */
uint64_t seed_field(lua_State *L, int index, const char *name);
/* A field that is one of `names` (ending with NULL); raises for anything else. */
int choice_field(lua_State *L, int index, const char *name, const char *const *names, int fallback);

#endif
