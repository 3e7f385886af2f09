/* Files of statistics programs: Stata (.dta), SPSS (.sav, .zsav, .por), SAS (.sas7bdat, .xpt), by libreadstat.
 *
 * What a file says of its variables is read when it is opened; its rows follow in portions, so that memory holds one
 * portion. Portions double, since a compressed file is read from its beginning for each. Answers keep their codes; a reason
 * for no answer (.d of Stata, a value that SPSS declares missing) is a cell of its own kind.
 *
 * Built without libreadstat, stat_open refuses with advice. */
#ifndef DIFKIT_READ_STAT_H
#define DIFKIT_READ_STAT_H

#include <stdio.h>

#include "read/encoding.h"
#include "read/read.h"

enum stat_program { STAT_STATA, STAT_SPSS, STAT_SAS };

/* What a code stands for: "1", "Male"; ".d", "Don't know". */
struct stat_label {
    char *code, *text;
};

struct stat_variable {
    char *name, *label, *format;
    bool text;                /* holds texts */
    bool date;                /* its cells are dates by its format */
    bool weight;              /* the file says that it weighs the rows */
    char *missing;            /* the codes that mean no answer: "8|9", "90:99"; "" when none is declared */
    struct stat_label *value; /* what its codes stand for */
    size_t values;
};

struct stat_file;
struct stat_rows;

/* The stream stays the caller's and has to outlive what is opened on it. */
struct stat_file *stat_open(FILE *stream, enum stat_program program, enum encoding encoding, struct dk_error *err);
void stat_close(struct stat_file *file);
/* Adds the labels of a catalog of SAS (.sas7bcat), which keeps them in a file of their own. */
dk_status stat_add_labels(struct stat_file *file, FILE *catalog, struct dk_error *err);
size_t stat_variables(const struct stat_file *file);
const struct stat_variable *stat_variable(const struct stat_file *file, size_t index);

/* One reader of a file at a time. */
struct stat_rows *stat_rows_open(struct stat_file *file);
dk_status stat_rows_next(struct stat_rows *rows, struct read_row *row, bool *found, struct dk_error *err);
void stat_rows_close(struct stat_rows *rows);

#endif
