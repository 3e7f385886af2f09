#include "read/book.h"

#if defined DIFKIT_HAVE_EXPAT

#include "base/list.h"

void book_add_sheet(struct workbook *workbook, const char *name, bool hidden, size_t part)
{
    workbook->sheet = dk_list_grow(workbook->sheet, workbook->sheets, &workbook->sheet_capacity, sizeof *workbook->sheet);
    workbook->sheet[workbook->sheets++] = (struct book_sheet){dk_copy_text(name), hidden, part};
}

void book_add_merge(struct sheet *sheet, struct workbook_merge merge)
{
    sheet->merge = dk_list_grow(sheet->merge, sheet->merges, &sheet->merge_capacity, sizeof *sheet->merge);
    sheet->merge[sheet->merges++] = merge;
}

#else

typedef int book_needs_expat;

#endif
