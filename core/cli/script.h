/* Which script a word on the command line means, and its text. */
#ifndef DIFKIT_CLI_SCRIPT_H
#define DIFKIT_CLI_SCRIPT_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/error.h"

struct script {
    char *name;   /* "coverage"; of a file, without folder and ending */
    char *chunk;  /* name of the chunk in messages: "@reports/mine.lua", "@stock:coverage", "=(command line)" */
    char *folder; /* of a file its own, the current one for input and code, NULL for a stock script */
    struct dk_buffer text;
};

/* Finds and reads the script: "-" is standard input; a word with a slash, or one that ends in .lua, a file; any other a
 * stock script, of the folder `library` when it is not NULL, or else a file of that name. */
dk_status script_find(const char *word, const char *library, struct script *out, struct dk_error *err);
/* The script that a word of code is. */
void script_from_code(const char *code, struct script *out);
void script_free(struct script *script);

/* Whether the header of the script that `word` means declares an option. False where there is no such script. */
bool script_declares(const char *word, const char *library, const char *option);
/* Whether its header declares arguments. */
bool script_takes_arguments(const char *word, const char *library);

/* Whether a folder is one that is no script's own: a home, or the root. */
bool script_folder_is_wide(const char *folder);
/* The folder that a file is in, "." for one of the current folder; free() it. */
char *script_folder_of(const char *path);

/* The names of the stock scripts, in their order; free with dk_names_free(). */
struct dk_names;
dk_status script_stock_names(const char *library, struct dk_names *out, struct dk_error *err);

#endif
