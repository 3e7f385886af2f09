/* core.render_svg: a picture as PNG or PDF, drawn by librsvg on a cairo surface.
 *
 * The two libraries bring a dozen others with them, whose loading would cost every run some milliseconds. So the program is
 * not linked with them: they are opened when the first picture is asked for, and their absence is a condition of the world
 * with a message. The headers are needed for the types alone.
 *
 * In a page there is neither, but a canvas, which draws only between the runs of the engine: see below. */
#include "lua/binding.h"
#include "lua/parts.h"

#ifdef DIFKIT_HAVE_RSVG

#include <cairo-pdf.h>
#include <cairo.h>
#include <dlfcn.h>
#include <librsvg/rsvg.h>
#include <string.h>

enum { PIXEL_LIMIT = 100 * 1000 * 1000 };

/* The functions used, by their own names. */
struct drawing {
    RsvgHandle *(*rsvg_handle_new_from_data)(const guint8 *, gsize, GError **);
    gboolean (*rsvg_handle_render_document)(RsvgHandle *, cairo_t *, const RsvgRectangle *, GError **);
    void (*g_object_unref)(gpointer);
    void (*g_error_free)(GError *);
    cairo_surface_t *(*cairo_image_surface_create)(cairo_format_t, int, int);
    cairo_surface_t *(*cairo_pdf_surface_create_for_stream)(cairo_write_func_t, void *, double, double);
    void (*cairo_pdf_surface_set_metadata)(cairo_surface_t *, cairo_pdf_metadata_t, const char *);
    cairo_t *(*cairo_create)(cairo_surface_t *);
    void (*cairo_destroy)(cairo_t *);
    void (*cairo_surface_finish)(cairo_surface_t *);
    void (*cairo_surface_destroy)(cairo_surface_t *);
    cairo_status_t (*cairo_surface_status)(cairo_surface_t *);
    cairo_status_t (*cairo_surface_write_to_png_stream)(cairo_surface_t *, cairo_write_func_t, void *);
    const char *(*cairo_status_to_string)(cairo_status_t);
};

static dk_status find_functions(struct drawing *drawing, struct dk_error *err)
{
    /* librsvg has brought the others into the process: its handle reaches them all. */
    void *library = dlopen("librsvg-2.so.2", RTLD_LAZY | RTLD_LOCAL);
    struct {
        const char *name;
        void *slot;
    } wanted[] = {
        {"rsvg_handle_new_from_data", &drawing->rsvg_handle_new_from_data},
        {"rsvg_handle_render_document", &drawing->rsvg_handle_render_document},
        {"g_object_unref", &drawing->g_object_unref},
        {"g_error_free", &drawing->g_error_free},
        {"cairo_image_surface_create", &drawing->cairo_image_surface_create},
        {"cairo_pdf_surface_create_for_stream", &drawing->cairo_pdf_surface_create_for_stream},
        {"cairo_pdf_surface_set_metadata", &drawing->cairo_pdf_surface_set_metadata},
        {"cairo_create", &drawing->cairo_create},
        {"cairo_destroy", &drawing->cairo_destroy},
        {"cairo_surface_finish", &drawing->cairo_surface_finish},
        {"cairo_surface_destroy", &drawing->cairo_surface_destroy},
        {"cairo_surface_status", &drawing->cairo_surface_status},
        {"cairo_surface_write_to_png_stream", &drawing->cairo_surface_write_to_png_stream},
        {"cairo_status_to_string", &drawing->cairo_status_to_string},
    };

    if (library == NULL) {
        dk_fail(err, DK_IO, "cannot draw PNG or PDF: librsvg is not installed on this machine");
        dk_hint(err, "install librsvg (Debian: librsvg2-2), or write .svg");
        return DK_ERROR;
    }
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        void *function = dlsym(library, wanted[i].name);

        if (function == NULL)
            return dk_fail(err, DK_IO, "cannot draw PNG or PDF: the installed librsvg has no %s", wanted[i].name);
        memcpy(wanted[i].slot, &function, sizeof function); /* a function's address, as dlsym() gives it */
    }
    return DK_OK; /* the library stays open: it cannot be unloaded safely */
}

static cairo_status_t add_bytes(void *context, const unsigned char *bytes, unsigned int size)
{
    dk_buffer_add(context, bytes, size);
    return CAIRO_STATUS_SUCCESS;
}

/* Draws into `out`. */
static dk_status draw(const struct drawing *use, const char *svg, size_t size, bool pdf, double width, double height,
                      struct dk_buffer *out, struct dk_error *err)
{
    dk_status status = DK_ERROR;
    cairo_surface_t *surface = NULL;
    cairo_t *context = NULL;
    GError *problem = NULL;
    RsvgRectangle viewport = {0, 0, width, height};
    RsvgHandle *handle = use->rsvg_handle_new_from_data((const guint8 *)svg, size, &problem);
    cairo_status_t state;

    if (handle == NULL) {
        dk_fail(err, DK_USAGE, "this is no SVG that can be drawn: %s", problem != NULL ? problem->message : "unknown");
        goto done;
    }
    if (pdf) {
        surface = use->cairo_pdf_surface_create_for_stream(add_bytes, out, width, height);
        /* Same picture, same bytes: no clock in the file. */
        use->cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01T00:00:00Z");
    } else {
        surface = use->cairo_image_surface_create(CAIRO_FORMAT_ARGB32, (int)width, (int)height);
    }
    state = use->cairo_surface_status(surface);
    if (state == CAIRO_STATUS_SUCCESS) {
        context = use->cairo_create(surface);
        if (!use->rsvg_handle_render_document(handle, context, &viewport, &problem)) {
            dk_fail(err, DK_IO, "cannot draw the picture: %s", problem != NULL ? problem->message : "unknown");
            goto done;
        }
        if (!pdf)
            state = use->cairo_surface_write_to_png_stream(surface, add_bytes, out);
        use->cairo_destroy(context);
        context = NULL;
        use->cairo_surface_finish(surface);
        if (state == CAIRO_STATUS_SUCCESS)
            state = use->cairo_surface_status(surface);
    }
    if (state != CAIRO_STATUS_SUCCESS)
        dk_fail(err, DK_IO, "cannot draw the picture: %s", use->cairo_status_to_string(state));
    else
        status = DK_OK;
done:
    if (context != NULL)
        use->cairo_destroy(context);
    if (surface != NULL)
        use->cairo_surface_destroy(surface);
    if (handle != NULL)
        use->g_object_unref(handle);
    if (problem != NULL)
        use->g_error_free(problem);
    return status;
}

/* core.render_svg(svg, "png" or "pdf", width, height) -> bytes | nil, message, code; pixels, or points of 1/72 inch */
static int render_svg(lua_State *L)
{
    static const char *const formats[] = {"png", "pdf", NULL};
    size_t size;
    const char *svg = luaL_checklstring(L, 1, &size);
    bool pdf = luaL_checkoption(L, 2, NULL, formats) == 1;
    double width = luaL_checknumber(L, 3), height = luaL_checknumber(L, 4);
    struct dk_buffer *out = push_buffer(L);
    struct drawing drawing;
    struct dk_error err;

    if (!(width >= 1 && height >= 1 && width <= 32000 && height <= 32000 && width * height <= PIXEL_LIMIT))
        return raise_error(L, DK_USAGE, "at most 32000 on a side and 100 million pixels in all",
                           "a picture of %.0f x %.0f cannot be drawn", width, height);
    if (find_functions(&drawing, &err) != DK_OK || draw(&drawing, svg, size, pdf, width, height, out, &err) != DK_OK)
        return push_condition(L, &err);
    lua_pushlstring(L, out->bytes, out->size);
    return 1;
}

#elif defined __EMSCRIPTEN__

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/sha256.h"

/* Where a page lays pictures, and is asked for them. Without the folder there is nobody who draws. */
#define PICTURES "/pictures"

/* What stands for a picture that is not drawn yet: one white pixel. */
static const unsigned char blank[] = {137, 'P', 'N', 'G', 13,  10,  26,  10,  0,   0,   0,   13,  'I', 'H', 'D', 'R', 0,
                                      0,   0,   1,   0,   0,   0,   1,   8,   0,   0,   0,   0,   58,  126, 155, 85,  0,
                                      0,   0,   10,  'I', 'D', 'A', 'T', 120, 218, 99,  248, 15,  0,   1,   1,   1,   0,
                                      28,  176, 140, 153, 0,   0,   0,   0,   'I', 'E', 'N', 'D', 174, 66,  96,  130};

/* The picture of that name (the digest of what it shows) where the page has drawn it. Else the page is asked to draw it, the
 * run goes on with a blank one, and the worker begins it again with the picture (core/engine/worker.js). */
static dk_status page_picture(const char *svg, size_t size, int width, int height, struct dk_buffer *out,
                              struct dk_error *err)
{
    struct dk_sha256 digest;
    struct dk_buffer wish = {0};
    char name[DK_SHA256_TEXT_SIZE], path[sizeof PICTURES + sizeof name + 8];
    dk_status status;

    dk_buffer_format(&wish, "%d %d\n", width, height);
    dk_buffer_add(&wish, svg, size);
    dk_sha256_begin(&digest);
    dk_sha256_add(&digest, wish.bytes, wish.size);
    dk_sha256_text(&digest, name);
    snprintf(path, sizeof path, PICTURES "/%s.png", name);
    if (access(path, F_OK) == 0) {
        status = dk_file_read(path, SIZE_MAX, out, err);
    } else {
        snprintf(path, sizeof path, PICTURES "/%s.svg", name);
        status = dk_file_write(path, wish.bytes, wish.size, false, err);
        dk_buffer_add(out, (const char *)blank, sizeof blank);
    }
    dk_buffer_free(&wish);
    return status;
}

/* core.render_svg in a page */
static int render_svg(lua_State *L)
{
    size_t size;
    const char *svg = luaL_checklstring(L, 1, &size);
    double width = luaL_checknumber(L, 3), height = luaL_checknumber(L, 4);
    struct dk_buffer *out = push_buffer(L);
    struct dk_error err;

    if (strcmp(luaL_checkstring(L, 2), "png") != 0 || access(PICTURES, F_OK) != 0) {
        dk_fail(&err, DK_IO, "cannot draw a picture: the engine draws PNG on the canvas of a page, and PDF not at all");
        dk_hint(&err, "write .svg");
        return push_condition(L, &err);
    }
    if (!(width >= 1 && height >= 1 && width <= 8192 && height <= 8192))
        return raise_error(L, DK_USAGE, "at most 8192 pixels on a side, where a page draws it",
                           "a picture of %.0f x %.0f cannot be drawn", width, height);
    if (page_picture(svg, size, (int)width, (int)height, out, &err) != DK_OK)
        return push_condition(L, &err);
    lua_pushlstring(L, out->bytes, out->size);
    return 1;
}

#else

/* core.render_svg without librsvg: a condition of the world */
static int render_svg(lua_State *L)
{
    struct dk_error err;

    dk_fail(&err, DK_IO, "cannot draw PNG or PDF: this difkit was built without librsvg");
    dk_hint(&err, "build it where the headers of librsvg are (Debian: librsvg2-dev), or write .svg");
    return push_condition(L, &err);
}

#endif

void render_register(lua_State *L)
{
    lua_pushcfunction(L, render_svg);
    lua_setfield(L, -2, "render_svg");
}
