/* core.system(): the system that this runs on, and what this build has, for `difkit doctor`. */
#define _XOPEN_SOURCE 700

#include <lauxlib.h>
#include <limits.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/file.h"
#include "isolate/isolate.h"
#include "lua/parts.h"

/* The parts that a build may be without, with the package of Debian that brings each. */
static const struct {
    const char *name, *for_what, *package;
    bool there;
} parts[] = {
    {"libxlsxwriter", "writing workbooks", "libxlsxwriter-dev",
#ifdef DIFKIT_HAVE_XLSXWRITER
     true
#else
     false
#endif
    },
    {"minizip and expat", "reading workbooks", "libminizip-dev libexpat1-dev",
#if defined DIFKIT_HAVE_MINIZIP && defined DIFKIT_HAVE_EXPAT
     true
#else
     false
#endif
    },
    {"libpq", "databases on a PostgreSQL server", "libpq-dev",
#ifdef DIFKIT_HAVE_LIBPQ
     true
#else
     false
#endif
    },
    {"libreadstat", "files of Stata, SPSS and SAS", "libreadstat-dev",
#ifdef DIFKIT_HAVE_READSTAT
     true
#else
     false
#endif
    },
    {"md4c", "Markdown in reports", "libmd4c-html0-dev",
#ifdef DIFKIT_HAVE_MD4C
     true
#else
     false
#endif
    },
    {"librsvg", "charts as PNG and PDF", "librsvg2-dev",
#ifdef DIFKIT_HAVE_RSVG
     true
#else
     false
#endif
    },
    {"libedit", "lines edited in difkit repl", "libedit-dev",
#ifdef DIFKIT_HAVE_LIBEDIT
     true
#else
     false
#endif
    },
};

/* Signs of a container that its makers leave. */
static bool in_container(void)
{
    return dk_file_exists("/.dockerenv") || dk_file_exists("/run/.containerenv") || dk_file_exists("/run/systemd/container");
}

static void push_parts(lua_State *L)
{
    lua_createtable(L, sizeof parts / sizeof parts[0], 0);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        lua_createtable(L, 0, 4);
        lua_pushstring(L, parts[i].name);
        lua_setfield(L, -2, "name");
        lua_pushstring(L, parts[i].for_what);
        lua_setfield(L, -2, "for_what");
        lua_pushstring(L, parts[i].package);
        lua_setfield(L, -2, "package");
        lua_pushboolean(L, parts[i].there);
        lua_setfield(L, -2, "there");
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

/* The path of the program, where the system tells it. */
static void push_program(lua_State *L)
{
    char path[PATH_MAX];
    ssize_t size = readlink("/proc/self/exe", path, sizeof path);

    if (size > 0 && (size_t)size < sizeof path)
        lua_pushlstring(L, path, (size_t)size);
    else
        lua_pushnil(L);
}

/* What of a run the kernel holds. */
static const char *held(const struct isolate_support *support)
{
    if (support->landlock > 0)
        return support->filter ? "whole" : "files only";
    return support->filter ? "processes and network only" : "language sandbox only";
}

/* core.system() -> {system, release, machine, container, user, landlock (version, 0: none), filter, isolation (what the
 * kernel holds of a run), lacks (text or nil), program (its path or nil), parts} */
static int system_describe(lua_State *L)
{
    struct isolate_support support = isolate_support();
    struct utsname name;

    lua_createtable(L, 0, 11);
    push_program(L);
    lua_setfield(L, -2, "program");
    if (uname(&name) == 0) {
        lua_pushstring(L, name.sysname);
        lua_setfield(L, -2, "system");
        lua_pushstring(L, name.release);
        lua_setfield(L, -2, "release");
        lua_pushstring(L, name.machine);
        lua_setfield(L, -2, "machine");
    }
    lua_pushboolean(L, in_container());
    lua_setfield(L, -2, "container");
    lua_pushinteger(L, support.landlock);
    lua_setfield(L, -2, "landlock");
    lua_pushboolean(L, support.filter);
    lua_setfield(L, -2, "filter");
    lua_pushstring(L, held(&support));
    lua_setfield(L, -2, "isolation");
    lua_pushinteger(L, (lua_Integer)geteuid());
    lua_setfield(L, -2, "user");
    lua_pushstring(L, support.lacks);
    lua_setfield(L, -2, "lacks");
    push_parts(L);
    lua_setfield(L, -2, "parts");
    return 1;
}

void system_register(lua_State *L)
{
    lua_pushcfunction(L, system_describe);
    lua_setfield(L, -2, "system");
}
