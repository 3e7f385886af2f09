/* The functions of libreadstat that stat.c calls. The library is opened when a file of a statistics program is first read,
 * not linked: difkit runs without it, and starts no slower with it. */
#ifndef DIFKIT_READ_STAT_LIBRARY_H
#define DIFKIT_READ_STAT_LIBRARY_H

#include <readstat.h>

#include "base/error.h"

/* clang-format off */
#define STAT_FUNCTIONS(X) \
    X(readstat_double_value) \
    X(readstat_error_message) \
    X(readstat_float_value) \
    X(readstat_get_row_count) \
    X(readstat_parse_dta) \
    X(readstat_parse_por) \
    X(readstat_parse_sas7bcat) \
    X(readstat_parse_sas7bdat) \
    X(readstat_parse_sav) \
    X(readstat_parse_xport) \
    X(readstat_parser_free) \
    X(readstat_parser_init) \
    X(readstat_set_close_handler) \
    X(readstat_set_error_handler) \
    X(readstat_set_file_character_encoding) \
    X(readstat_set_fweight_handler) \
    X(readstat_set_io_ctx) \
    X(readstat_set_metadata_handler) \
    X(readstat_set_open_handler) \
    X(readstat_set_read_handler) \
    X(readstat_set_row_limit) \
    X(readstat_set_row_offset) \
    X(readstat_set_seek_handler) \
    X(readstat_set_update_handler) \
    X(readstat_set_value_handler) \
    X(readstat_set_value_label_handler) \
    X(readstat_set_variable_handler) \
    X(readstat_string_value) \
    X(readstat_value_is_defined_missing) \
    X(readstat_value_is_system_missing) \
    X(readstat_value_is_tagged_missing) \
    X(readstat_value_tag) \
    X(readstat_value_type) \
    X(readstat_value_type_class) \
    X(readstat_variable_get_format) \
    X(readstat_variable_get_index) \
    X(readstat_variable_get_label) \
    X(readstat_variable_get_missing_range_hi) \
    X(readstat_variable_get_missing_range_lo) \
    X(readstat_variable_get_missing_ranges_count) \
    X(readstat_variable_get_name) \
    X(readstat_variable_get_type_class)
/* clang-format on */

struct stat_library {
#define STAT_FIELD(name) __typeof__(name) *name;
    STAT_FUNCTIONS(STAT_FIELD)
#undef STAT_FIELD
};

/* Filled by stat_library_open(). */
extern struct stat_library stat_library;

/* To be called before the functions are used; any number of times. */
dk_status stat_library_open(struct dk_error *err);

#endif
