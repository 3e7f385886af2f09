/* The functions of libxlsxwriter that the binding calls. The library is opened when a workbook is first written, not linked:
 * it brings others with it, and would add a third to the time in which the program starts. */
#ifndef DIFKIT_LUA_FORMAT_XLSXWRITER_H
#define DIFKIT_LUA_FORMAT_XLSXWRITER_H

#include <xlsxwriter.h>

#include "base/error.h"

/* clang-format off */
#define XLSXWRITER_FUNCTIONS(X) \
    X(format_set_align) \
    X(format_set_bg_color) \
    X(format_set_bold) \
    X(format_set_bottom) \
    X(format_set_font_name) \
    X(format_set_num_format) \
    X(format_set_text_wrap) \
    X(lxw_strerror) \
    X(lxw_workbook_free) \
    X(workbook_add_format) \
    X(workbook_add_worksheet) \
    X(workbook_close) \
    X(workbook_new_opt) \
    X(workbook_set_properties) \
    X(workbook_validate_sheet_name) \
    X(worksheet_autofilter) \
    X(worksheet_data_validation_range) \
    X(worksheet_fit_to_pages) \
    X(worksheet_freeze_panes) \
    X(worksheet_hide) \
    X(worksheet_repeat_rows) \
    X(worksheet_set_column) \
    X(worksheet_set_footer) \
    X(worksheet_set_landscape) \
    X(worksheet_set_margins) \
    X(worksheet_set_paper) \
    X(worksheet_set_row) \
    X(worksheet_write_boolean) \
    X(worksheet_write_formula) \
    X(worksheet_write_number) \
    X(worksheet_write_string)
/* clang-format on */

struct xlsxwriter {
#define XLSXWRITER_FIELD(name) __typeof__(name) *name;
    XLSXWRITER_FUNCTIONS(XLSXWRITER_FIELD)
#undef XLSXWRITER_FIELD
};

/* Filled by xlsxwriter_open(). */
extern struct xlsxwriter xlsxwriter;

/* To be called before the functions are used; any number of times. */
dk_status xlsxwriter_open(struct dk_error *err);

#endif
