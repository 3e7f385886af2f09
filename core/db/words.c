#include "db/words.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/list.h"

static void add_token(struct words *words, enum kind kind, const char *text, size_t size, int depth)
{
    words->token = dk_list_grow(words->token, words->count, &words->room, sizeof *words->token);
    words->token[words->count++] = (struct token){.kind = kind, .text = text, .size = size, .depth = depth};
}

static bool is_name(unsigned char byte)
{
    return isalnum(byte) || byte == '_' || byte >= 0x80;
}

/* Where a comment that begins at `at` ends; `at` when there is none. */
static const char *after_comment(const char *at)
{
    const char *end;

    if (at[0] == '-' && at[1] == '-')
        return at + strcspn(at, "\n");
    if (at[0] != '/' || at[1] != '*')
        return at;
    end = strstr(at + 2, "*/");
    return end != NULL ? end + 2 : at + strlen(at);
}

/* What stands in quotes from `at` on; returns where it ends. */
static const char *add_quoted(struct words *words, const char *at, int depth)
{
    char close = *at == '[' ? ']' : *at;
    const char *end = at + 1;

    while (*end != '\0' && (*end != close || end[1] == close))
        end += *end == close ? 2 : 1;
    add_token(words, close == '\'' ? TEXT : QUOTED, at + 1, (size_t)(end - at - 1), depth);
    return *end != '\0' ? end + 1 : end;
}

void sql_split(struct words *words, const char *sql)
{
    int depth = 0;

    for (const char *at = sql; *at != '\0';) {
        const char *end = after_comment(at);
        unsigned char byte = (unsigned char)*at;

        if (end != at || isspace(byte)) {
            at = end != at ? end : at + 1;
        } else if (strchr("'\"`[", *at) != NULL) {
            at = add_quoted(words, at, depth);
        } else if (is_name(byte) || strchr("?:@$", *at) != NULL) {
            for (end = at + 1; is_name((unsigned char)*end) || (isdigit(byte) && *end == '.');)
                end++;
            add_token(words, isdigit(byte) ? NUMBER : is_name(byte) ? WORD : PARAMETER, at, (size_t)(end - at), depth);
            at = end;
        } else {
            depth -= *at == ')';
            add_token(words, SIGN, at, 1, depth);
            depth += *at == '(';
            at++;
        }
    }
}

bool sql_is_word(const struct token *token, const char *word)
{
    return token->kind == WORD && token->size == strlen(word) && strncasecmp(token->text, word, token->size) == 0;
}

bool sql_is_any(const struct token *token, const char *const *list)
{
    for (; *list != NULL; list++)
        if (sql_is_word(token, *list))
            return true;
    return false;
}

bool sql_is_sign(const struct token *token, char sign)
{
    return token->kind == SIGN && *token->text == sign;
}

bool sql_same_name(const struct token *token, const char *name, size_t size)
{
    return (token->kind == WORD || token->kind == QUOTED) && token->size == size &&
           strncasecmp(token->text, name, size) == 0;
}
