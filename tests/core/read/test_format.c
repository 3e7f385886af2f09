/* Number formats and day numbers of workbooks. The day numbers are those that ECMA-376 part 1, 18.17.4.1, gives as examples,
 * and others counted from them. */
#include "check.h"

#include "read/format.h"

static void check_date(double serial, bool since_1904, enum cell_format format, const char *wanted)
{
    char out[DK_NUMBER_SIZE] = "";

    format_date(serial, since_1904, format, out);
    CHECK_TEXT(out, wanted);
}

static void check_percent(double value, const char *wanted)
{
    char out[DK_NUMBER_SIZE] = "";

    format_percent(value, out);
    CHECK_TEXT(out, wanted);
}

int main(void)
{
    CHECK(format_by_id(14) == FORMAT_DAY && format_by_id(17) == FORMAT_MONTH && format_by_id(9) == FORMAT_PERCENT);
    CHECK(format_by_id(2) == FORMAT_NUMBER && format_by_id(22) == FORMAT_MOMENT);
    CHECK(format_by_code("yyyy\\-mm\\-dd") == FORMAT_DAY);
    CHECK(format_by_code("yyyy") == FORMAT_YEAR && format_by_code("mmm\\-yy") == FORMAT_MONTH);
    CHECK(format_by_code("[$-409]d\\ mmmm\\ yyyy;@") == FORMAT_DAY);
    CHECK(format_by_code("0.0%") == FORMAT_PERCENT && format_by_code("General") == FORMAT_NUMBER);
    /* Letters of dates in quotes, colours and paddings are none. */
    CHECK(format_by_code("#,##0\" days\"") == FORMAT_NUMBER && format_by_code("[Red]0.00_d") == FORMAT_NUMBER);
    CHECK(format_by_code("h:mm") == FORMAT_NUMBER && format_by_code("dd/mm/yyyy hh:mm") == FORMAT_MOMENT);

    check_date(1, false, FORMAT_DAY, "1900-01-01");
    check_date(59, false, FORMAT_DAY, "1900-02-28");
    check_date(60, false, FORMAT_DAY, ""); /* 29 February 1900 was no day */
    check_date(61, false, FORMAT_DAY, "1900-03-01");
    check_date(38412, false, FORMAT_DAY, "2005-03-01");
    check_date(2958465, false, FORMAT_DAY, "9999-12-31");
    check_date(0, true, FORMAT_DAY, "1904-01-01");
    check_date(36950, true, FORMAT_DAY, "2005-03-01");
    check_date(45292, false, FORMAT_YEAR, "2024");
    check_date(45292, false, FORMAT_MONTH, "2024-01");
    check_date(45292.4375, false, FORMAT_MOMENT, "2024-01-01T10:30:00");
    check_date(-1, false, FORMAT_DAY, "");
    check_date(1e9, false, FORMAT_DAY, "");

    check_percent(0.45, "45");
    check_percent(0.07, "7"); /* 0.07 * 100 is 7.000000000000001 */
    check_percent(0.125, "12.5");
    return check_result();
}
