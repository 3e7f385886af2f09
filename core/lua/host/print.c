/* Pages of the library as PDF: within a run they are left to be printed when it is over, since what runs starts no program
 * (isolate/print.h); a plain Lua interpreter prints at once. */
#include <stdlib.h>

#include "base/file.h"
#include "isolate/print.h"
#include "lua/binding.h"
#include "lua/host/access.h"
#include "lua/host/run.h"
#include "lua/parts.h"

/* Prints at once; the PDF is appended to `pdf`. */
static dk_status print_now(const char *html, size_t size, struct dk_buffer *pdf, struct dk_error *err)
{
    dk_status status = DK_ERROR;
    struct print_page page = {NULL, NULL};
    int held;
    char *folder = print_folder(&held);

    if (folder == NULL)
        return dk_fail(err, DK_IO, "cannot make a temporary folder");
    status = print_leave(folder, html, size, "page", err);
    if (status == DK_OK && print_next(folder, 0, &page))
        status = print_page(page.html, pdf, err);
    free(page.html);
    free(page.target);
    print_folder_end(folder, held);
    return status;
}

/* core.print_page(path, html) -> true | nil, message, code: the page as PDF at `path` */
static int print_to(lua_State *L)
{
    const char *path = files_path(L, 1);
    struct host *host = host_of(L);
    struct dk_buffer *pdf = push_buffer(L);
    struct dk_error err;
    const char *target;
    size_t size;
    const char *html = luaL_checklstring(L, 2, &size);
    dk_status status;

    if (files_resolve_write(L, path, &err) != DK_OK || print_program(&err) == NULL)
        return push_condition(L, &err);
    target = lua_tostring(L, -1);
    if (host == NULL) {
        status = print_now(html, size, pdf, &err);
        if (status == DK_OK)
            status = dk_file_write(target, pdf->bytes, pdf->size, false, &err);
    } else if (host->options.dry_run) {
        host_note_written(host, target, size);
        status = DK_OK;
    } else if (host->options.pages != NULL) {
        status = print_leave(host->options.pages, html, size, target, &err);
    } else {
        status = dk_fail(&err, DK_IO, "cannot print %s: there is no folder for temporary files", path);
    }
    if (status != DK_OK)
        return push_condition(L, &err);
    lua_pushboolean(L, 1);
    return 1;
}

void print_register(lua_State *L)
{
    lua_pushcfunction(L, print_to);
    lua_setfield(L, -2, "print_page");
}
