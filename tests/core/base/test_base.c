/* The smallest parts: numbers as text, near misses, errors, atomic files. */
#define _POSIX_C_SOURCE 200809L

#include "check.h"

#include <locale.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/meter.h"
#include "base/near.h"
#include "base/number.h"

static const char *real(double value)
{
    static char out[DK_NUMBER_SIZE];

    dk_real_text(value, out);
    return out;
}

static void test_numbers(void)
{
    double value;
    int64_t integer;

    CHECK_TEXT(real(0.1 + 0.2), "0.30000000000000004");
    CHECK_TEXT(real(0.1), "0.1");
    CHECK_TEXT(real(3), "3.0");
    CHECK_TEXT(real(9007199254740992.0), "9007199254740992.0");
    CHECK_TEXT(real(1e300), "1e+300");
    CHECK_TEXT(real(-0.0), "-0.0");
    CHECK(dk_parse_real("1.5", 3, &value) && value == 1.5);
    CHECK(dk_parse_real("1e3", 3, &value) && value == 1000);
    CHECK(!dk_parse_real("1,5", 3, &value));
    CHECK(!dk_parse_real("nan", 3, &value));
    CHECK(!dk_parse_real("0x10", 4, &value));
    CHECK(!dk_parse_real("", 0, &value));
    CHECK(!dk_parse_real("1e999", 5, &value));
    CHECK(dk_parse_integer("-42", 3, &integer) && integer == -42);
    CHECK(!dk_parse_integer("9223372036854775808", 19, &integer));
    CHECK(!dk_parse_integer("4.0", 3, &integer));
}

static void test_numbers_in_another_locale(void)
{
    double value;

    if (setlocale(LC_NUMERIC, "de_DE.UTF-8") == NULL)
        return; /* that locale is not on this machine */
    CHECK_TEXT(real(1.5), "1.5");
    CHECK(dk_parse_real("1.5", 3, &value) && value == 1.5);
    setlocale(LC_NUMERIC, "C");
}

static const char *meter_line(enum dk_meter_kind kind, uint64_t total, uint64_t done, double seconds)
{
    static struct dk_buffer text;
    struct dk_meter meter = {.label = "row", .kind = kind, .total = total};

    text.size = 0;
    dk_meter_text(&meter, done, seconds, &text);
    return text.bytes;
}

static void test_meter(void)
{
    struct dk_meter meter;

    CHECK_TEXT(meter_line(DK_METER_STEPS, 1000, 250, 10), " 25 %  row 250 of 1000, 30 s left");
    CHECK_TEXT(meter_line(DK_METER_STEPS, 1000, 20, 10), "  2 %  row 20 of 1000, 8 min left"); /* 490 s */
    CHECK_TEXT(meter_line(DK_METER_STEPS, 1000, 2000, 10), "100 %  row 1000 of 1000");
    CHECK_TEXT(meter_line(DK_METER_STEPS, 0, 12, 10), "row 12");
    CHECK_TEXT(meter_line(DK_METER_BYTES, 30000000, 15000000, 2), " 50 %  row 15.0 of 30.0 MB, 2 s left");
    CHECK_TEXT(meter_line(DK_METER_TIME, 0, 0, 4.2), "row, 4 s");
    /* Not allowed: it never looks at the clock. */
    dk_meter_start(&meter, "row", 10, DK_METER_STEPS);
    dk_meter_tick(&meter, 10);
    dk_meter_beat(&meter);
    CHECK(meter.next == UINT64_MAX && meter.started == 0 && !meter.visible);
    dk_meter_stop(&meter);
}

static void test_near_misses(void)
{
    static const char *const names[] = {"document", "topic", "text", "note"};

    CHECK(dk_name_distance("documnet", "document") == 1);
    CHECK(dk_name_distance("Topic", "topic") == 0);
    CHECK_TEXT(dk_nearest("documnet", names, 4), "document");
    CHECK_TEXT(dk_nearest("topics", names, 4), "topic");
    CHECK(dk_nearest("deadline", names, 4) == NULL);
}

static void test_error_text(void)
{
    struct dk_error err;
    char text[256];

    dk_fail(&err, DK_DATA, "unknown key \"%s\"", "documnet");
    dk_place(&err, "x.yaml", 14, 7);
    dk_hint(&err, "did you mean \"document\"?");
    dk_error_text(&err, text, sizeof text);
    CHECK_TEXT(text, "x.yaml:14:7: unknown key \"documnet\"; did you mean \"document\"?");
}

static void test_atomic_files(void)
{
    char folder[] = "/tmp/difkit-test-XXXXXX";
    char path[64], copy[80];
    struct dk_buffer read = {0};
    struct dk_output output;
    struct dk_error err;
    struct dk_names names;

    CHECK(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/a/b.txt", folder);
    CHECK(dk_file_write(path, "one", 3, false, &err) == DK_ERROR);
    CHECK(dk_file_write(path, "one", 3, true, &err) == DK_OK);
    CHECK(dk_output_open(&output, path, true, &err) == DK_OK);
    fputs("half", output.stream);
    dk_output_discard(&output);
    CHECK(dk_file_read(path, 0, &read, &err) == DK_OK);
    CHECK_TEXT(read.bytes, "one");
    CHECK(dk_file_read(path, 2, &read, &err) == DK_ERROR);
    snprintf(copy, sizeof copy, "%s.copy", path);
    CHECK(dk_file_copy(path, copy, &err) == DK_OK);
    dk_buffer_free(&read);
    CHECK(dk_file_read(copy, 0, &read, &err) == DK_OK);
    CHECK_TEXT(read.bytes, "one");
    CHECK(dk_file_copy(path, copy, &err) == DK_ERROR && strstr(err.message, "File exists") != NULL);
    CHECK(dk_file_copy(folder, copy, &err) == DK_ERROR);
    CHECK(remove(copy) == 0);
    CHECK(dk_file_write(folder, "one", 3, true, &err) == DK_ERROR);
    CHECK(strstr(err.message, "it is a folder") != NULL);
    dk_buffer_free(&read);
    unlink(path);
    *strrchr(path, '/') = '\0';
    CHECK(dk_folder_list(path, "", &names, &err) == DK_OK && names.count == 0);
    dk_names_free(&names);
    rmdir(path);
    rmdir(folder);
}

int main(void)
{
    test_numbers();
    test_numbers_in_another_locale();
    test_meter();
    test_near_misses();
    test_error_text();
    test_atomic_files();
    return check_result();
}
