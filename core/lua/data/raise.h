/* The places of a database (define.c) and, among them, what a function of the script raised while a statement ran. */
#ifndef DIFKIT_LUA_DATA_RAISE_H
#define DIFKIT_LUA_DATA_RAISE_H

#include "lua/data/data.h"

enum { THREAD = 1, GROUPS, RAISED, FIRST_FUNCTION };

/* Notes the table on top of the stack as the places of the database, by a reference that does not keep it. */
void remember_places(lua_State *L, const struct database *database);
/* Pushes the places of a database; raises nothing. */
void push_places(lua_State *L, const struct database *database);

#endif
