/* Columns that tell rows apart, against a plain comparison of all pairs; few rows in memory, many in the temporary file. */
#include "check.h"

#include <stdlib.h>

#include "read/tell.h"

enum { COLUMNS = 3 };

static uint64_t mix(uint64_t x)
{
    x = (x ^ x >> 31) * 0x9E3779B97F4A7C15u;
    return (x ^ x >> 29) * 0xBF58476D1CE4E5B9u;
}

/* Rows whose first column is the same within a key, whose second differs in one key alone, and whose third is random. */
static void test_rows(size_t rows, size_t keys, bool differs)
{
    struct tell tell;
    struct dk_error err;

    tell_begin(&tell, COLUMNS);
    for (size_t i = 0; i < rows; i++) {
        uint64_t key = mix(i % keys), column[COLUMNS] = {mix(key), 7, mix(i)};

        if (differs && i == rows - 1)
            column[1] = 8;
        CHECK(tell_add(&tell, key, column, &err) == DK_OK);
    }
    CHECK(tell_finish(&tell, &err) == DK_OK);
    CHECK(!tell.differs[0]);
    CHECK(tell.differs[1] == (differs && rows > keys));
    CHECK(tell.differs[2] == (rows > keys));
    tell_free(&tell);
}

int main(void)
{
    for (int differs = 0; differs < 2; differs++) {
        test_rows(1, 1, differs);
        test_rows(1000, 1000, differs);
        test_rows(1000, 999, differs);
        test_rows(200000, 199999, differs); /* 6.4 MB of records: most of them in the file */
        test_rows(200000, 3, differs);
    }
    return check_result();
}
