/* embed OUTPUT.c [NAME=FILE …]: writes a C file that holds the given files for the archive (archive.h).
 *
 * Runs at build time only. The files stand in byte order of their names, so that the output depends on nothing else. */
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

/* Writes the bytes of `path` as the array embedded_<number>. */
static int write_bytes(FILE *out, const char *path, int number)
{
    FILE *in = fopen(path, "rb");
    long count = 0;
    int byte;

    if (in == NULL)
        return fail("cannot read", path);
    fprintf(out, "static const unsigned char embedded_%d[] = {", number);
    for (; (byte = getc(in)) != EOF; count++)
        fprintf(out, "%s%d,", count % 32 == 0 ? "\n" : "", byte);
    fprintf(out, "0};\nenum { embedded_%d_size = %ld };\n", number, count);
    fclose(in);
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
        status = write_bytes(out, entries[i].path, i);
    fputs("const struct embed_file embed_files[] = {\n", out);
    for (int i = 0; i < count; i++)
        fprintf(out, "    {\"%s\", embedded_%d, embedded_%d_size},\n", entries[i].name, i, i);
    fprintf(out, "    {0, 0, 0},\n};\nconst size_t embed_file_count = %d;\n", count);
    free(entries);
    if (fclose(out) != 0)
        return fail("cannot write", argv[1]);
    return status;
}
