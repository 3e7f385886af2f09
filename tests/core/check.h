/* What a C unit test needs: checks that name their place, and a count of those that failed. */
#ifndef DIFKIT_TESTS_CHECK_H
#define DIFKIT_TESTS_CHECK_H

#include <stdio.h>
#include <string.h>

static int check_failures;

#define CHECK(condition) \
    ((condition) ? (void)0 : (void)(check_failures++, printf("%s:%d: %s\n", __FILE__, __LINE__, #condition)))

#define CHECK_TEXT(got, wanted) check_text((got), (wanted), __FILE__, __LINE__)

static inline void check_text(const char *got, const char *wanted, const char *file, int line)
{
    if (got != NULL && strcmp(got, wanted) == 0)
        return;
    check_failures++;
    printf("%s:%d: got \"%s\", wanted \"%s\"\n", file, line, got != NULL ? got : "(null)", wanted);
}

/* The exit status of a test program. */
static inline int check_result(void)
{
    return check_failures == 0 ? 0 : 1;
}

#endif
