#define _POSIX_C_SOURCE 200809L

#include "cli/pages.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/isolation.h"
#include "cli/message.h"
#include "isolate/print.h"

/* "FOLDER/index.pdf" */
static char *pdf_of(const char *folder, size_t index)
{
    struct dk_buffer name = {0};

    dk_buffer_format(&name, "%s/%zu.pdf", folder, index);
    return name.bytes;
}

/* Prints every page to a file beside it. How many there were is in *count. */
static dk_status print_all(const char *folder, size_t *count, struct dk_error *err)
{
    dk_status status = DK_OK;
    struct print_page page;

    for (*count = 0; status == DK_OK && print_next(folder, *count, &page); ++*count) {
        struct dk_buffer pdf = {0};
        char *file = pdf_of(folder, *count);

        status = print_page(page.html, &pdf, err);
        if (status == DK_OK)
            status = dk_file_write(file, pdf.bytes, pdf.size, false, err);
        dk_buffer_free(&pdf);
        free(file);
        free(page.html);
        free(page.target);
    }
    return status;
}

/* In the second child: every PDF to where the run wanted it. */
static int place_all(const struct cli_call *call)
{
    struct print_page page;
    struct dk_error err;
    int status = 0;

    for (size_t index = 0; status == 0 && print_next(call->pages, index, &page); index++) {
        struct dk_buffer pdf = {0};
        char *file = pdf_of(call->pages, index);

        if (dk_file_read(file, 0, &pdf, &err) != DK_OK ||
            dk_file_write(page.target, pdf.bytes, pdf.size, cli_given(call, "out"), &err) != DK_OK)
            status = cli_error(&err);
        else if (isatty(STDERR_FILENO))
            cli_note("wrote %s (%zu bytes)", page.target, pdf.size);
        dk_buffer_free(&pdf);
        free(file);
        free(page.html);
        free(page.target);
    }
    return status;
}

int pages_run(const struct cli_call *call, int (*run)(const struct cli_call *call))
{
    struct cli_call own = *call;
    struct dk_error err;
    char *folder = NULL;
    size_t count = 0;
    int held = -1, status;

    if (cli_given(call, "out") || cli_result(call) != NULL || cli_given(call, "trust"))
        folder = print_folder(&held);
    own.pages = folder;
    status = isolation_run(&own, run);
    if (folder == NULL)
        return status;
    if (status == 0 || status == DK_DATA) { /* findings are told in pages, too */
        if (print_all(folder, &count, &err) != DK_OK)
            status = cli_error(&err);
        else if (count > 0) {
            int placed = isolation_run(&own, place_all);

            status = placed != 0 ? placed : status;
        }
    }
    print_folder_end(folder, held);
    return status;
}
