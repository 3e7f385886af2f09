/* Damaged data never bring the loader down: a valid framework is changed at random (always in the same way), and each time
 * the loader either accepts it or says what is wrong. What this is for shows with the address sanitizer. */
#define _XOPEN_SOURCE 700

#include "folder.h"

enum { ROUNDS = 400 };

static unsigned long state = 20240917;

static unsigned long random_below(unsigned long bound)
{
    state = state * 6364136223846793005UL + 1442695040888963407UL;
    return (state >> 33) % bound;
}

/* One change: a byte replaced, a piece cut out, repeated or swapped for something that YAML or CSV knows. */
static void change(struct dk_buffer *text)
{
    static const char *const pieces[] = {"{", "}", "[", "]", ":", "- ", "\n", "\"", "'", "&a ", "*a", "!!", "<<: ", "---\n", "\t", "\xFF",
                                         "\0", ",", "csv", "id", "null", "1e400", "2023-02-30", "  ", "#", "|\n", "%", "\xE2\x80"};
    size_t at = random_below(text->size);
    size_t count = 1 + random_below(12);
    struct dk_buffer out = {0};

    if (count > text->size - at)
        count = text->size - at;
    dk_buffer_add(&out, text->bytes, at);
    switch (random_below(5)) {
    case 0: { /* another byte */
        char byte = (char)random_below(256);

        dk_buffer_add(&out, &byte, 1);
        count = 1;
        break;
    }
    case 1: break; /* cut out */
    case 2:        /* repeated */
        dk_buffer_add(&out, text->bytes + at, count);
        count = 0;
        break;
    default: { /* a piece put in, or in its place */
        const char *piece = pieces[random_below(sizeof pieces / sizeof pieces[0])];

        dk_buffer_add(&out, piece, strlen(piece) > 0 ? strlen(piece) : 1);
        count = random_below(2) == 0 ? 0 : count;
        break;
    }
    }
    dk_buffer_add(&out, text->bytes + at + count, text->size - at - count);
    dk_buffer_free(text);
    *text = out;
}

int main(void)
{
    static const char *const names[] = {"framework.yaml", "plan.yaml",           "charter.yml",
                                        "monitoring.yaml", "figures/progress.csv", "figures/observations.csv"};
    enum { FILES = sizeof names / sizeof names[0] };
    struct dk_buffer original[FILES] = {{0}};
    struct folder folder;
    const char *path[] = {folder.path};
    struct load_source source = {.path = path, .count = 1};
    size_t accepted = 0;

    folder_make(&folder);
    for (size_t i = 0; i < FILES; i++) {
        char name[128];
        struct dk_error err;

        snprintf(name, sizeof name, "tests/data/garden-framework/%s", names[i]);
        CHECK(dk_file_read(name, 0, &original[i], &err) == DK_OK);
        folder_write_bytes(&folder, names[i], original[i].bytes, original[i].size);
    }
    for (int round = 0; round < ROUNDS; round++) {
        size_t file = random_below(FILES);
        struct dk_buffer text = {0};
        struct load_report report;
        struct dk_error err = {0};
        dk_status status;

        dk_buffer_add(&text, original[file].bytes, original[file].size);
        for (unsigned long changes = 1 + random_below(4); changes > 0 && text.size > 0; changes--)
            change(&text);
        folder_write_bytes(&folder, names[file], text.bytes != NULL ? text.bytes : "", text.size);
        status = load_check(&source, &report, &err);
        CHECK((status == DK_OK) == (report.total == 0));
        if (status != DK_OK && report.total == 0)
            CHECK_TEXT(err.message, "");
        accepted += status == DK_OK;
        for (size_t i = 0; i < report.count; i++) {
            CHECK(report.finding[i].message[0] != '\0');
            CHECK(report.finding[i].file[0] != '\0' && report.finding[i].line > 0 && report.finding[i].column > 0);
        }
        load_report_free(&report);
        folder_write_bytes(&folder, names[file], original[file].bytes, original[file].size);
        dk_buffer_free(&text);
    }
    CHECK(accepted > 0 && accepted < ROUNDS);
    for (size_t i = 0; i < FILES; i++)
        dk_buffer_free(&original[i]);
    folder_remove(&folder);
    return check_result();
}
