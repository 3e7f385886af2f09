#define _POSIX_C_SOURCE 200809L

#include "base/standard.h"

#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

#if defined(__linux__) || defined(__EMSCRIPTEN__)
#include <stdio_ext.h>

/* A signal handler can reach nothing but a global. */
static char buffer[8192];
static int begun;

void dk_standard_begin(void)
{
    if (isatty(STDOUT_FILENO) == 1)
        return; /* whose lines are written as they come */
    begun = setvbuf(stdout, buffer, _IOFBF, sizeof buffer) == 0;
}

void dk_standard_rescue(void)
{
    size_t size = begun ? __fpending(stdout) : 0;
    const char *at = buffer;

    while (size > 0 && size <= sizeof buffer) {
        ssize_t done = write(STDOUT_FILENO, at, size);

        if (done <= 0)
            return;
        at += done;
        size -= (size_t)done;
    }
}

#else

void dk_standard_begin(void)
{
}

void dk_standard_rescue(void)
{
}

#endif
