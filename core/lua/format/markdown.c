/* core.markdown: Markdown as HTML, by md4c. HTML in the text is shown, not obeyed; addresses of links are checked by the
 * library (difkit/markdown.lua), which is the only caller. */
#include "lua/binding.h"
#include "lua/parts.h"

#ifdef DIFKIT_HAVE_MD4C

#include <md4c-html.h>

/* References are written out where they stand: a page of them can be a thousand times as long as its text. */
enum { TEXT_LIMIT = 64 * 1024 * 1024, LONGER = 32, LONGER_AT_LEAST = 4 * 1024 * 1024 };

struct html {
    struct dk_buffer *text;
    size_t most;
    bool over, full;
};

static void add_html(const MD_CHAR *text, MD_SIZE size, void *context)
{
    struct html *html = context;

    html->over |= size > html->most - html->text->size;
    html->full |= html->text->size + size >= html->text->capacity && dk_purse_left() < 2 * (html->text->capacity + size);
    if (!html->over && !html->full)
        dk_buffer_add(html->text, text, size);
}

/* core.markdown(text) -> HTML | nil, message, code */
static int markdown(lua_State *L)
{
    size_t size;
    const char *text = luaL_checklstring(L, 1, &size);
    struct dk_buffer *out = push_buffer(L);
    unsigned flags = MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_TASKLISTS | MD_FLAG_NOHTML;

    struct html html = {.text = out, .most = size * LONGER + LONGER_AT_LEAST};

    if (size > TEXT_LIMIT)
        return raise_error(L, DK_LIMIT, NULL, "markdown: the text has %zu bytes, more than 64 MiB", size);
    if (md_html(text, (MD_SIZE)size, add_html, &html, flags, MD_HTML_FLAG_SKIP_UTF8_BOM) != 0)
        return raise_error(L, DK_LIMIT, NULL, "markdown: out of memory");
    if (html.full)
        return raise_error(L, DK_LIMIT, DK_LIFT_MEMORY,
                           "markdown: what %zu bytes become does not fit into the limit of memory", size);
    if (html.over)
        return raise_error(L, DK_LIMIT, "a reference that is written out very often",
                           "markdown: %zu bytes become more than %zu", size, html.most);
    lua_pushlstring(L, out->bytes != NULL ? out->bytes : "", out->size);
    return 1;
}

#else

/* core.markdown without md4c: a condition of the world */
static int markdown(lua_State *L)
{
    struct dk_error err;

    dk_fail(&err, DK_IO, "cannot turn Markdown into HTML: this difkit was built without md4c");
    dk_hint(&err, "build it where the headers of md4c are (Debian: libmd4c-html0-dev)");
    return push_condition(L, &err);
}

#endif

void markdown_register(lua_State *L)
{
    lua_pushcfunction(L, markdown);
    lua_setfield(L, -2, "markdown");
}
