/* The primal simplex method on a tableau. Row `rows` holds the reduced costs; the last column the right-hand side. */
#include "index/simplex.h"

#include <math.h>
#include <string.h>

static const double tolerance = 1e-11;

size_t index_simplex_work(size_t rows, size_t columns)
{
    /* the tableau without its unit columns, and for each row and column the number of the variable that stands there */
    return (rows + 1) * (columns + 1) + rows + columns;
}

/* Exchanges the variable of `row` with that of `column`. */
static void pivot(double *tableau, size_t rows, size_t columns, size_t row, size_t column)
{
    size_t width = columns + 1;
    double *pivot_row = tableau + row * width, inverse = 1 / pivot_row[column];

    for (size_t j = 0; j < width; j++)
        pivot_row[j] *= inverse;
    pivot_row[column] = inverse;
    for (size_t i = 0; i <= rows; i++) {
        double *other = tableau + i * width, factor = other[column];

        if (i == row || factor == 0)
            continue;
        other[column] = 0;
        for (size_t j = 0; j < width; j++)
            other[j] -= factor * pivot_row[j];
    }
}

enum index_flaw index_simplex(const double *a, const double *b, const double *c, size_t rows, size_t columns, double *x,
                              double *objective, double *work)
{
    size_t width = columns + 1;
    double *tableau = work, *basic = tableau + (rows + 1) * width, *free_variable = basic + rows;

    for (size_t i = 0; i < rows; i++) {
        memcpy(tableau + i * width, a + i * columns, columns * sizeof *a);
        tableau[i * width + columns] = b[i];
        basic[i] = (double)(columns + i);
    }
    for (size_t j = 0; j < columns; j++) {
        tableau[rows * width + j] = -c[j];
        free_variable[j] = (double)j;
    }
    tableau[rows * width + columns] = 0;
    for (size_t step = 0; step < 1000 * (rows + columns); step++) {
        size_t enter = columns, leave = rows;
        double least = INFINITY, swap;

        for (size_t j = 0; j < columns; j++)
            if (tableau[rows * width + j] < -tolerance && (enter == columns || free_variable[j] < free_variable[enter]))
                enter = j;
        if (enter == columns) {
            memset(x, 0, columns * sizeof *x);
            for (size_t i = 0; i < rows; i++)
                if (basic[i] < (double)columns)
                    x[(size_t)basic[i]] = tableau[i * width + columns];
            *objective = tableau[rows * width + columns];
            return INDEX_SOUND;
        }
        for (size_t i = 0; i < rows; i++) {
            double element = tableau[i * width + enter], ratio;

            if (element <= tolerance)
                continue;
            ratio = tableau[i * width + columns] / element;
            if (ratio < least - 1e-15 || (ratio <= least && leave < rows && basic[i] < basic[leave])) {
                least = ratio;
                leave = i;
            }
        }
        if (leave == rows)
            return INDEX_NO_SOLUTION;
        pivot(tableau, rows, columns, leave, enter);
        swap = basic[leave];
        basic[leave] = free_variable[enter];
        free_variable[enter] = swap;
    }
    return INDEX_NO_SOLUTION;
}
