/* Pages printed as PDF by a program of the system: headless Chromium, or WeasyPrint.
 *
 * What runs a script may start no program. So it leaves its pages in a folder that its parent made (print_leave), and the
 * parent, once the run is over, prints them one by one (print_page) with arguments of its own, scripts and network off,
 * within a time limit. Where the result goes is not decided here. */
#ifndef DIFKIT_ISOLATE_PRINT_H
#define DIFKIT_ISOLATE_PRINT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"

/* The program that prints: the one that the variable DIFKIT_PRINTER names (empty: none), or the first that is installed.
 * NULL when there is none; err then says what to do about it. */
const char *print_program(struct dk_error *err);

/* Makes the folder in which pages are left; *held keeps it. NULL when it cannot be made. */
char *print_folder(int *held);
/* Removes it. */
void print_folder_end(char *folder, int held);
/* Leaves a page that is to be printed to `target`. */
dk_status print_leave(const char *folder, const char *html, size_t size, const char *target, struct dk_error *err);

/* A page that was left: the file of its HTML and its target; free both. False behind the last. */
struct print_page {
    char *html, *target;
};
bool print_next(const char *folder, size_t index, struct print_page *out);

/* Prints the file `html`; the PDF is appended to `out`. */
dk_status print_page(const char *html, struct dk_buffer *out, struct dk_error *err);

#endif
