/* Who watches a run (scripts/difkit/observe.lua): told of the questions and files that the core handles by itself. */
#ifndef DIFKIT_LUA_OBSERVE_H
#define DIFKIT_LUA_OBSERVE_H

#include <lua.h>

/* Calls the observer with `kind` and the `count` values from stack place `first`; nothing happens where nobody watches.
 * What the observer raises passes through. */
void observe(lua_State *L, const char *kind, int first, int count);

#endif
