/* embed OUTPUT.c [NAME=FILE …]: writes a C file that holds the given files for the archive (archive.h).
 *
 * Runs at build time only. The files stand in byte order of their names, so that the output depends on nothing else. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct entry {
    const char *name;
    const char *path;
};

static int compare(const void *left, const void *right)
{
    return strcmp(((const struct entry *)left)->name, ((const struct entry *)right)->name);
}

static int fail(const char *what, const char *which)
{
    fprintf(stderr, "embed: %s %s\n", what, which);
    return EXIT_FAILURE;
}

/* The bytes of a file, followed by a zero, or NULL. */
static char *read_file(const char *path, size_t *size)
{
    FILE *in = fopen(path, "rb");
    char *bytes = NULL;
    size_t room = 0;

    *size = 0;
    if (in == NULL)
        return NULL;
    do {
        char *grown;

        room = room == 0 ? 1 << 16 : room * 2;
        grown = realloc(bytes, room + 1);
        if (grown == NULL) {
            free(bytes);
            fclose(in);
            return NULL;
        }
        bytes = grown;
        *size += fread(bytes + *size, 1, room - *size, in);
    } while (*size == room);
    bytes[*size] = '\0';
    fclose(in);
    return bytes;
}

/* The length of "[[" or "[==[" at `text`, else 0. */
static size_t long_bracket(const char *text)
{
    size_t level = *text == '[' ? strspn(text + 1, "=") : 0;

    return *text == '[' && text[1 + level] == '[' ? level + 2 : 0;
}

/* Behind the string, the comment or the character of Lua that begins at `text`. */
static const char *token_end(const char *text)
{
    bool comment = text[0] == '-' && text[1] == '-';
    const char *from = comment ? text + 2 : text;
    size_t bracket = long_bracket(from);

    if (bracket > 0) {
        for (from += bracket; *from != '\0'; from++)
            if (*from == ']' && strspn(from + 1, "=") == bracket - 2 && from[bracket - 1] == ']')
                return from + bracket;
        return from;
    }
    if (comment)
        return text + strcspn(text, "\n");
    if (*text != '"' && *text != '\'')
        return text + 1;
    for (from = text + 1; *from != '\0' && *from != *text && *from != '\n'; from++)
        if (*from == '\\' && from[1] != '\0')
            from++;
    return *from == *text ? from + 1 : from;
}

/* Whether a comment is for those who read the sources: "-- …" or "--- …". What editors and help read has no space there. */
static bool is_remark(const char *text)
{
    return strncmp(text, "-- ", 3) == 0 || strncmp(text, "--- ", 4) == 0;
}

/* Takes away such remarks and indents from a module of the library or of luacheck (whose notice LICENSE has); what stands
 * within strings stays, and all lines keep their numbers. */
static void drop_layout(char *text, size_t *size)
{
    const char *from = text;
    char *to = text;

    while (*from != '\0') {
        const char *end = token_end(from);

        if (is_remark(from)) {
            while (to > text && to[-1] == ' ')
                to--;
        } else {
            memmove(to, from, (size_t)(end - from));
            to += end - from;
        }
        if (*from == '\n')
            end += strspn(end, " ");
        from = end;
    }
    *to = '\0';
    *size = (size_t)(to - text);
}

/* Writes the bytes of an entry's file as the array embedded_<number>. */
static int write_bytes(FILE *out, const struct entry *entry, int number)
{
    size_t size, ending = strlen(entry->name);
    char *bytes = read_file(entry->path, &size);

    if (bytes == NULL)
        return fail("cannot read", entry->path);
    if ((strncmp(entry->name, "difkit/", 7) == 0 || strncmp(entry->name, "luacheck/", 9) == 0) &&
        strcmp(entry->name + ending - 4, ".lua") == 0)
        drop_layout(bytes, &size);
    fprintf(out, "static const unsigned char embedded_%d[] = {", number);
    for (size_t i = 0; i < size; i++)
        fprintf(out, "%s%d,", i % 32 == 0 ? "\n" : "", (unsigned char)bytes[i]);
    fprintf(out, "0};\nenum { embedded_%d_size = %zu };\n", number, size);
    free(bytes);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    int count = argc - 2;
    struct entry *entries;
    FILE *out;
    int status = EXIT_SUCCESS;

    if (argc < 2)
        return fail("usage:", "embed OUTPUT.c [NAME=FILE ...]");
    entries = calloc((size_t)count + 1, sizeof *entries);
    out = fopen(argv[1], "w");
    if (entries == NULL || out == NULL)
        return fail("cannot write", argv[1]);
    for (int i = 0; i < count; i++) {
        char *equals = strchr(argv[i + 2], '=');

        if (equals == NULL)
            return fail("not NAME=FILE:", argv[i + 2]);
        *equals = '\0';
        entries[i].name = argv[i + 2];
        entries[i].path = equals + 1;
    }
    qsort(entries, (size_t)count, sizeof *entries, compare);
    fputs("/* Written by core/embed/embed.c. */\n#include \"embed/archive.h\"\n\n", out);
    for (int i = 0; i < count && status == EXIT_SUCCESS; i++)
        status = write_bytes(out, &entries[i], i);
    fputs("const struct embed_file embed_files[] = {\n", out);
    for (int i = 0; i < count; i++)
        fprintf(out, "    {\"%s\", embedded_%d, embedded_%d_size},\n", entries[i].name, i, i);
    fprintf(out, "    {0, 0, 0},\n};\nconst size_t embed_file_count = %d;\n", count);
    free(entries);
    if (fclose(out) != 0)
        return fail("cannot write", argv[1]);
    return status;
}
