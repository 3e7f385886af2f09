/* core.similarity(texts, abbreviations) -> Similarity: the kernel of core/index/similarity.h for the library. */
#include "words/similarity.h"

#include "lua/binding.h"
#include "lua/host/run.h"
#include "lua/parts.h"
#include "lua/terminal/meter.h"

#define SIMILARITY_TYPE "difkit.Similarity"

enum { MATCHES_MAX = 1000, WORDS_MAX = 64 };

static struct similarity *check_corpus(lua_State *L)
{
    struct similarity **corpus = luaL_checkudata(L, 1, SIMILARITY_TYPE);

    return *corpus;
}

static size_t check_text(lua_State *L, int index)
{
    lua_Integer text = luaL_checkinteger(L, index);

    luaL_argcheck(L, text >= 1 && (size_t)text <= similarity_count(check_corpus(L)), index, "no such text");
    return (size_t)text - 1;
}

static int corpus_free(lua_State *L)
{
    struct similarity **corpus = luaL_checkudata(L, 1, SIMILARITY_TYPE);

    similarity_free(*corpus);
    *corpus = NULL;
    return 0;
}

/* core.similarity(texts, {TERM = expansion, …}) -> Similarity over the texts, numbered as in the array */
static int core_similarity(lua_State *L)
{
    enum { BETWEEN_LOOKS = 64 };
    struct similarity **corpus;
    struct dk_meter *meter;
    lua_Integer count;

    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_checktype(L, 2, LUA_TTABLE);
    count = (lua_Integer)lua_rawlen(L, 1);
    meter = meter_push(L, "reading text", (uint64_t)count);
    corpus = type_push(L, SIMILARITY_TYPE, sizeof *corpus, 0);
    *corpus = similarity_new();
    lua_pushnil(L);
    while (lua_next(L, 2) != 0) {
        if (lua_type(L, -2) == LUA_TSTRING && lua_type(L, -1) == LUA_TSTRING)
            similarity_abbreviation(*corpus, lua_tostring(L, -2), lua_tostring(L, -1));
        lua_pop(L, 1);
    }
    for (lua_Integer i = 1; i <= count; i++) {
        size_t size;
        const char *text;

        dk_meter_tick(meter, (uint64_t)i);
        if (i % BETWEEN_LOOKS == 0)
            limits_check(L);
        lua_rawgeti(L, 1, i);
        text = lua_tolstring(L, -1, &size);
        if (text == NULL)
            return raise_error(L, DK_USAGE, NULL, "text %d is a %s", (int)i, luaL_typename(L, -1));
        similarity_add(*corpus, text, size);
        lua_pop(L, 1);
    }
    similarity_weigh(*corpus);
    return 1;
}

/* corpus:score(i, j) -> 0 to 1 */
static int corpus_score(lua_State *L)
{
    lua_pushnumber(L, similarity_score(check_corpus(L), check_text(L, 2), check_text(L, 3)));
    return 1;
}

/* corpus:top(i, least, most) -> array of texts, array of scores, best first */
static int corpus_top(lua_State *L)
{
    struct similarity *corpus = check_corpus(L);
    size_t text = check_text(L, 2);
    double least = luaL_checknumber(L, 3);
    lua_Integer most = luaL_checkinteger(L, 4);
    struct similarity_match *match;
    size_t count;

    luaL_argcheck(L, most >= 1 && most <= MATCHES_MAX, 4, "1 to 1000 can be asked for");
    match = lua_newuserdatauv(L, (size_t)most * sizeof *match, 0);
    count = similarity_top(corpus, text, least, match, (size_t)most);
    lua_createtable(L, (int)count, 0);
    lua_createtable(L, (int)count, 0);
    for (size_t i = 0; i < count; i++) {
        lua_pushinteger(L, (lua_Integer)match[i].text + 1);
        lua_rawseti(L, -3, (lua_Integer)i + 1);
        lua_pushnumber(L, match[i].score);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 2;
}

/* corpus:words(i, j) -> array of shared words, array of their parts of the score, the largest first */
static int corpus_words(lua_State *L)
{
    struct similarity_word word[WORDS_MAX];
    size_t count = similarity_words(check_corpus(L), check_text(L, 2), check_text(L, 3), word, WORDS_MAX);

    lua_createtable(L, (int)count, 0);
    lua_createtable(L, (int)count, 0);
    for (size_t i = 0; i < count; i++) {
        lua_pushstring(L, word[i].word);
        lua_rawseti(L, -3, (lua_Integer)i + 1);
        lua_pushnumber(L, word[i].share);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 2;
}

void similarity_register(lua_State *L)
{
    static const luaL_Reg methods[] = {
        {"score", corpus_score}, {"top", corpus_top}, {"words", corpus_words}, {NULL, NULL}};
    static const luaL_Reg events[] = {{"__gc", corpus_free}, {NULL, NULL}};

    lua_pushcfunction(L, core_similarity);
    lua_setfield(L, -2, "similarity");
    type_register(L, SIMILARITY_TYPE, methods, events);
    lua_pop(L, 1);
}
