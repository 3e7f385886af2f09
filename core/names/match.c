#include "names/match.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/near.h"
#include "embed/archive.h"
#include "names/fold.h"
#include "names/tidy.h"

enum { KEY_SIZE = 4 * NAMES_FOLD_MOST, TABLE_MOST = 64 << 20 };

static struct dk_buffer replacement_text; /* of names_replace(), as long as the program runs */
static struct embed_file replacement;

static const struct embed_file *table(void)
{
    return replacement.bytes != NULL ? &replacement : embed_find("names.tsv");
}

dk_status names_replace(const char *path, struct dk_error *err)
{
    dk_buffer_free(&replacement_text);
    replacement = (struct embed_file){0};
    if (dk_file_read(path, TABLE_MOST, &replacement_text, err) != DK_OK)
        return DK_ERROR;
    replacement = (struct embed_file){path, (const unsigned char *)replacement_text.bytes, replacement_text.size};
    return DK_OK;
}

bool names_available(void)
{
    return table() != NULL;
}

bool names_is_system(const char *system)
{
    static const char *const all[] = {"iso2", "iso3", "m49",  "wb", "imf",  "eurostat", "hdr",
                                      "owid", "ilo",  "oecd", "un", "name", "any"};

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (strcmp(system, all[i]) == 0)
            return true;
    return false;
}

/* The target of a key, found by halves: lines are in byte order of the keys. */
static bool find(const char *key, struct names_span *target)
{
    const struct embed_file *file = table();
    size_t length = strlen(key), low = 0, high = file != NULL ? file->size : 0;
    const char *text = file != NULL ? (const char *)file->bytes : "";

    while (low < high) {
        size_t begin = low + (high - low) / 2, end, size;
        const char *tab;
        int order;

        while (begin > low && text[begin - 1] != '\n')
            begin--;
        end = begin + strcspn(text + begin, "\n");
        tab = memchr(text + begin, '\t', end - begin);
        if (tab == NULL)
            return false;
        size = (size_t)(tab - (text + begin));
        order = memcmp(key, text + begin, length < size ? length : size);
        if (order == 0)
            order = (length > size) - (length < size);
        if (order == 0) {
            *target = (struct names_span){tab + 1, end - (size_t)(tab + 1 - text)};
            return true;
        }
        if (order < 0)
            high = begin;
        else
            low = end + 1;
    }
    return false;
}

const char *names_title(const char *code, size_t *size)
{
    char key[NAMES_CODE_SIZE + 2];
    struct names_span target;

    if (strlen(code) >= NAMES_CODE_SIZE)
        return NULL;
    snprintf(key, sizeof key, "t:%s", code);
    if (!find(key, &target))
        return NULL;
    *size = target.size;
    return target.text;
}

/* Fills `out` from a target of the table. */
static void take(struct names_span target, struct names_match *out)
{
    size_t size = target.size < NAMES_CODE_SIZE ? target.size : NAMES_CODE_SIZE - 1;

    out->code[0] = '\0';
    if (memchr(target.text, ' ', target.size) != NULL) {
        out->kind = NAMES_AMBIGUOUS;
        memcpy(out->code, target.text, size);
        out->code[size] = '\0';
        if (strncmp(out->code, "+ ", 2) == 0)
            memmove(out->code, out->code + 2, size - 1);
    } else if (target.text[0] == '+') {
        out->kind = NAMES_AGGREGATE;
    } else if (target.text[0] == '-') {
        out->kind = NAMES_PART;
    } else {
        out->kind = NAMES_UNIT;
        memcpy(out->code, target.text, size);
        out->code[size] = '\0';
    }
}

/* A code of a system, letter case apart. */
static bool find_code(const char *system, struct names_span code, struct names_match *out)
{
    char key[NAMES_CODE_SIZE];
    size_t length;
    struct names_span target;

    if (code.size == 0 || code.size > 24)
        return false;
    length = (size_t)snprintf(key, sizeof key, "%s:", system);
    for (size_t i = 0; i < code.size; i++)
        key[length + i] = (char)toupper((unsigned char)code.text[i]);
    key[length + code.size] = '\0';
    if (!find(key, &target))
        return false;
    take(target, out);
    return true;
}

/* A name as it stands, folded; that of the system goes first. */
static bool find_name(const char *system, struct names_span name, struct names_match *out)
{
    struct dk_buffer folded = {0}, words = {0};
    char key[KEY_SIZE + 16];
    struct names_span target;
    bool found = false;

    names_fold(name.text, name.size, &folded, &words);
    if (folded.size > 0 && folded.size < KEY_SIZE) {
        snprintf(key, sizeof key, "%s/%s", system, folded.bytes);
        found = find(key, &target);
        if (!found) {
            snprintf(key, sizeof key, "n:%s", folded.bytes);
            found = find(key, &target);
        }
        if (!found && words.size > 0 && words.size < KEY_SIZE) {
            snprintf(key, sizeof key, "b:%s", words.bytes);
            found = find(key, &target);
        }
    }
    dk_buffer_free(&folded);
    dk_buffer_free(&words);
    if (found)
        take(target, out);
    return found;
}

/* Two names in one cell: "Viet Nam / Lao PDR", "Singapore & Malaysia". */
static bool is_two(const char *system, struct names_span name, struct names_match *out)
{
    static const char *const between[] = {"/", "&", " and ", "+", ";"};

    for (size_t i = 0; i < sizeof between / sizeof between[0]; i++) {
        size_t length = strlen(between[i]);

        for (size_t at = 1; at + length < name.size; at++) {
            struct names_match one, other;

            if (memcmp(name.text + at, between[i], length) != 0)
                continue;
            if (find_name(system, (struct names_span){name.text, at}, &one) && one.kind == NAMES_UNIT &&
                find_name(system, (struct names_span){name.text + at + length, name.size - at - length}, &other) &&
                other.kind == NAMES_UNIT && strcmp(one.code, other.code) != 0) {
                out->kind = NAMES_AMBIGUOUS;
                snprintf(out->code, sizeof out->code, "%.20s %.20s", one.code, other.code);
                return true;
            }
        }
    }
    return false;
}

static bool match_name(const char *system, struct names_span name, struct names_match *out)
{
    char repaired[2][NAMES_FOLD_MOST + 1];
    struct names_span right = name;

    if (find_name(system, name, out))
        return true;
    for (int i = 0; i < 2 && names_repair(right, repaired[i], &right.size); i++) {
        right.text = repaired[i];
        if (find_name(system, right, out))
            return true;
    }
    while (name.size > 0 && names_strip(&name))
        if (find_name(system, name, out))
            return true;
    return is_two(system, name, out);
}

/* Digits without leading zeros and a needless ".0". */
static bool as_number(struct names_span text, char out[16])
{
    if (text.size > 2 && memcmp(text.text + text.size - 2, ".0", 2) == 0)
        text.size -= 2;
    while (text.size > 1 && text.text[0] == '0')
        text = (struct names_span){text.text + 1, text.size - 1};
    if (text.size == 0 || text.size > 6)
        return false;
    for (size_t i = 0; i < text.size; i++) {
        if (!isdigit((unsigned char)text.text[i]))
            return false;
        out[i] = text.text[i];
    }
    out[text.size] = '\0';
    return true;
}

static bool matches(const char *system, const char *name)
{
    return strcmp(system, name) == 0;
}

/* The groups and parts that the codes of a system show by their form. */
static bool find_form(const char *system, struct names_span code, struct names_match *out)
{
    bool upper = code.size > 2 && isupper((unsigned char)code.text[0]) && isupper((unsigned char)code.text[1]);
    struct names_match whole;

    out->code[0] = '\0';
    out->kind = NAMES_AGGREGATE;
    if (matches(system, "eurostat") && upper) {
        if ((strncmp(code.text, "EU", 2) == 0 || strncmp(code.text, "EA", 2) == 0) &&
            (isdigit((unsigned char)code.text[2]) || code.size == 2))
            return true;
        if (strncmp(code.text, "EEA", 3) == 0 || strncmp(code.text, "EFTA", 4) == 0)
            return true;
        out->kind = NAMES_PART;
        return find_code("eurostat", (struct names_span){code.text, 2}, &whole) ||
               find_code("iso2", (struct names_span){code.text, 2}, &whole);
    }
    if (matches(system, "hdr"))
        return code.size > 4 && strncmp(code.text, "ZZ", 2) == 0 && code.text[3] == '.';
    if (matches(system, "owid"))
        return code.size > 5 && strncmp(code.text, "OWID_", 5) == 0;
    if (matches(system, "ilo"))
        return code.size == 3 && code.text[0] == 'X' && isdigit((unsigned char)code.text[1]) &&
               isdigit((unsigned char)code.text[2]);
    return false;
}

static bool match_code(const char *system, struct names_span text, struct names_match *out)
{
    char number[16];

    if (matches(system, "m49") || matches(system, "imf")) {
        if (as_number(text, number) && find_code(system, (struct names_span){number, strlen(number)}, out))
            return true;
        if (matches(system, "m49"))
            return false;
    }
    if (find_code(system, text, out) || find_form(system, text, out))
        return true;
    if (matches(system, "iso2") || matches(system, "iso3"))
        return false;
    if (matches(system, "eurostat"))
        return find_code("iso2", text, out);
    if (matches(system, "un"))
        return false;
    return (text.size == 3 && find_code("iso3", text, out)) ||
           (matches(system, "imf") && text.size == 2 && find_code("iso2", text, out));
}

/* Whether the text is a number alone: M49 or a code of the IMF, and nobody says which. */
static bool is_number(struct names_span text, struct names_match *out)
{
    struct names_match one, other;
    char number[16];

    if (!as_number(text, number))
        return false;
    out->kind = NAMES_UNKNOWN;
    out->code[0] = '\0';
    if (find_code("m49", (struct names_span){number, strlen(number)}, &one) && one.kind == NAMES_UNIT &&
        find_code("imf", (struct names_span){number, strlen(number)}, &other) && strcmp(one.code, other.code) != 0) {
        out->kind = NAMES_AMBIGUOUS;
        snprintf(out->code, sizeof out->code, "%.20s %.20s", one.code, other.code);
    }
    return true;
}

static struct names_span trimmed(const char *text, size_t size)
{
    while (size > 0 && isspace((unsigned char)text[size - 1]))
        size--;
    while (size > 0 && isspace((unsigned char)text[0]))
        text++, size--;
    return (struct names_span){text, size};
}

void names_match(const char *system, const char *text, size_t size, struct names_match *out)
{
    struct names_span span = trimmed(text, size);
    bool upper = span.size == 3;

    *out = (struct names_match){.kind = NAMES_UNKNOWN};
    if (span.size == 0 || span.size > NAMES_FOLD_MOST)
        return;
    if (matches(system, "any")) {
        for (size_t i = 0; i < span.size; i++)
            upper = upper && isupper((unsigned char)span.text[i]);
        if ((upper && find_code("iso3", span, out) && out->kind != NAMES_PART) || is_number(span, out))
            return;
    } else if (!matches(system, "name")) {
        if (match_code(system, span, out))
            return;
        out->kind = NAMES_UNKNOWN;
        out->code[0] = '\0';
        if (!matches(system, "un") && !matches(system, "oecd"))
            return;
    }
    if (!match_name(system, span, out)) {
        out->kind = NAMES_UNKNOWN;
        out->code[0] = '\0';
    }
}

bool names_near(const char *text, size_t size, char out[NAMES_NAME_SIZE])
{
    const struct embed_file *file = table();
    struct dk_buffer folded = {0};
    struct dk_near near;
    char key[KEY_SIZE];
    const char *line, *title;
    struct names_match match = {0};
    struct names_span target = {"", 0};
    size_t length;

    names_fold(text, size, &folded, NULL);
    dk_near_begin(&near, folded.bytes);
    for (line = file != NULL ? (const char *)file->bytes : ""; *line != '\0'; line += strcspn(line, "\n") + 1) {
        size_t end = strcspn(line, "\t");

        if (strncmp(line, "n:", 2) != 0 || end < 5 || end > DK_NEAR_LONGEST)
            continue;
        memcpy(key, line + 2, end - 2);
        key[end - 2] = '\0';
        if (folded.size >= 4 && dk_near_try(&near, key))
            target = (struct names_span){line + end + 1, strcspn(line + end + 1, "\n")};
    }
    dk_buffer_free(&folded);
    if (target.size != 3)
        return false;
    take(target, &match);
    title = names_title(match.code, &length);
    snprintf(out, NAMES_NAME_SIZE, "%.*s (%s)", title != NULL ? (int)length : 0, title != NULL ? title : "", match.code);
    return true;
}
