/* The words of a statement of SQL, as far as it takes to look for something in it: no grammar. */
#ifndef DIFKIT_DB_WORDS_H
#define DIFKIT_DB_WORDS_H

#include <stdbool.h>
#include <stddef.h>

struct model;

enum kind { WORD, QUOTED, TEXT, NUMBER, PARAMETER, SIGN };

struct token {
    enum kind kind;
    const char *text; /* without quotes */
    size_t size;
    int depth; /* of parentheses around it; the parentheses themselves stand outside */
};

struct words {
    struct token *token;
    size_t count, room;
    const struct token **alias; /* of what holds periods */
    size_t aliases;
    const struct model *model; /* whose columns of periods count */
    const char *period[8];     /* their names, once looked for */
    size_t periods;
};

/* Splits a statement; free(words->token). */
void sql_split(struct words *words, const char *sql);
/* Whether a token is that word, in any case. */
bool sql_is_word(const struct token *token, const char *word);
/* Whether it is one of a list, which ends with NULL. */
bool sql_is_any(const struct token *token, const char *const *list);
bool sql_is_sign(const struct token *token, char sign);
/* Whether it is that name, in quotes or not. */
bool sql_same_name(const struct token *token, const char *name, size_t size);

#endif
