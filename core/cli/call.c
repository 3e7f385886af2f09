#include "cli/call.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/journal.h"
#include "base/file.h"
#include "base/near.h"
#include "cli/script.h"

enum { NAMES_MAX = 64 };

bool cli_hint_near(struct dk_error *err, const char *given, const char *const *names, size_t count, const char *before)
{
    const char *near = dk_nearest(given, names, count);

    if (near == NULL)
        return false;
    dk_hint(err, "did you mean \"%s%s\"?", before, near);
    return true;
}

static const struct cli_option *find_in(const struct cli_option *const *options, const char *name, size_t size)
{
    for (; *options != NULL; options++)
        if (strlen((*options)->name) == size && memcmp((*options)->name, name, size) == 0)
            return *options;
    return NULL;
}

static const struct cli_option *find_long(const struct cli_command *command, const char *name, size_t size)
{
    const struct cli_option *option = find_in(command->options, name, size);

    return option != NULL ? option : find_in(cli_common_options, name, size);
}

const struct cli_option *cli_option_find(const struct cli_command *command, const char *name)
{
    return find_long(command, name, strlen(name));
}

static const struct cli_option *find_letter(const struct cli_command *command, char letter)
{
    const struct cli_option *const *lists[2] = {command->options, cli_common_options};

    for (size_t i = 0; i < 2; i++)
        for (const struct cli_option *const *option = lists[i]; *option != NULL; option++)
            if ((*option)->letter == letter)
                return *option;
    return NULL;
}

/* An option that is not known: the message, with a near miss. */
static dk_status unknown_option(const struct cli_command *command, const char *given, size_t size, struct dk_error *err)
{
    const struct cli_option *const *lists[2] = {command->options, cli_common_options};
    const char *names[NAMES_MAX];
    char name[64];
    size_t count = 0;

    for (size_t i = 0; i < 2; i++)
        for (const struct cli_option *const *option = lists[i]; *option != NULL; option++)
            if (count < NAMES_MAX)
                names[count++] = (*option)->name;
    dk_fail(err, DK_USAGE, "%s: unknown option \"%.*s\"", command->name, (int)size, given);
    if (size < sizeof name) {
        const char *bare = given + strspn(given, "-");

        memcpy(name, bare, size - (size_t)(bare - given));
        name[size - (size_t)(bare - given)] = '\0';
        if (name[0] != '\0' && name[1] != '\0' && cli_hint_near(err, name, names, count, "--"))
            return DK_ERROR;
    }
    dk_hint(err, "see `difkit %s --help`", command->name);
    return DK_ERROR;
}

/* Whether `value` is one of the words of `values` ("table|csv|json"). */
static bool among(const char *values, const char *value)
{
    size_t size = strlen(value);

    while (*values != '\0') {
        size_t word = strcspn(values, "|");

        if (word == size && memcmp(values, value, size) == 0)
            return true;
        values += word;
        values += *values == '|';
    }
    return false;
}

/* A value that an option cannot have: the message names the ones it can. */
static dk_status unfit_value(const struct cli_option *option, const char *value, struct dk_error *err)
{
    char *words = dk_copy_text(option->values);
    const char *names[NAMES_MAX];
    size_t count = 0;
    char list[200] = "";
    size_t used = 0;

    for (char *word = words; word != NULL && count < NAMES_MAX;) {
        char *bar = strchr(word, '|');

        if (bar != NULL)
            *bar = '\0';
        names[count++] = word;
        word = bar != NULL ? bar + 1 : NULL;
    }
    for (size_t i = 0; i < count && used < sizeof list - 40; i++) {
        const char *between = i == 0 ? "" : i + 1 == count ? " or " : ", ";
        size_t size = strlen(between) + strlen(names[i]);

        memcpy(list + used, between, strlen(between));
        memcpy(list + used + strlen(between), names[i], strlen(names[i]));
        used += size;
        list[used] = '\0';
    }
    dk_fail(err, DK_USAGE, "--%s must be %s, not \"%s\"", option->name, list, value);
    (void)cli_hint_near(err, value, names, count, "");
    free(words);
    return DK_ERROR;
}

/* Reading the words one after another. */
struct reader {
    const struct cli_command *command;
    char *const *word;
    size_t count;
    size_t next;
    struct cli_call *call;
    bool passing;      /* options that are not known belong to the script */
    size_t taken_over; /* words behind the value of an option that were taken for more of it */
};

static void add_argument(struct reader *reader, const char *word)
{
    reader->call->argument[reader->call->argument_count++] = word;
    if (reader->command->flags & CLI_PASSES_OPTIONS)
        reader->passing = true;
}

static dk_status add_option(struct reader *reader, const struct cli_option *option, const char *value, struct dk_error *err)
{
    struct cli_call *call = reader->call;

    if (option->value != NULL && value == NULL) {
        if (reader->next == reader->count) {
            dk_fail(err, DK_USAGE, "--%s needs a value: %s", option->name, option->value);
            dk_hint(err, "see `difkit %s --help`", reader->command->name);
            return DK_ERROR;
        }
        value = reader->word[reader->next++];
    }
    if (option->values != NULL && strcmp(value, "md") == 0 && among(option->values, "markdown"))
        value = "markdown"; /* as the ending of its files has it */
    if (option->values != NULL && !among(option->values, value))
        return unfit_value(option, value, err);
    if (!option->many)
        for (size_t i = 0; i < call->given_count; i++)
            if (call->given[i].option == option && option->value != NULL)
                return dk_fail(err, DK_USAGE, "--%s is given twice: \"%s\" and \"%s\"", option->name, call->given[i].value,
                               value);
    call->given[call->given_count++] = (struct cli_given){option, value, reader->passing};
    if (strcmp(option->name, "help") == 0)
        call->help = true;
    if (strcmp(option->name, "log") == 0 && strcmp(value, "json") == 0)
        journal_as_json(reader->command->name); /* at once: what is wrong further on is told so, too */
    /* `-e CODE` stands for the script's name: what follows is the script's. */
    if ((reader->command->flags & CLI_PASSES_OPTIONS) && option->letter == 'e')
        reader->passing = true;
    return DK_OK;
}

/* Whether an option of the runner belongs to the script, which had one of that name first. */
static bool is_of_script(const struct reader *reader, const struct cli_option *option)
{
    const struct cli_call *call = reader->call;

    return reader->passing && find_in(cli_later_options, option->name, strlen(option->name)) != NULL &&
           call->argument_count > 0 && cli_value(call, "code") == NULL &&
           script_declares(call->argument[0], cli_value(call, "library"), option->name);
}

/* --name, --name=value */
static dk_status read_long(struct reader *reader, const char *word, struct dk_error *err)
{
    const char *name = word + 2;
    size_t size = strcspn(name, "=");
    const char *value = name[size] == '=' ? name + size + 1 : NULL;
    const struct cli_option *option = find_long(reader->command, name, size);

    if (option == NULL || is_of_script(reader, option)) {
        if (!reader->passing)
            return unknown_option(reader->command, word, size + 2, err);
        add_argument(reader, word);
        return DK_OK;
    }
    if (option->value == NULL && value != NULL)
        return dk_fail(err, DK_USAGE, "--%s takes no value", option->name);
    return add_option(reader, option, value, err);
}

/* -x, -xVALUE, -x VALUE */
static dk_status read_short(struct reader *reader, const char *word, struct dk_error *err)
{
    const struct cli_option *option = find_letter(reader->command, word[1]);

    if (option == NULL || (option->value == NULL && word[2] != '\0')) {
        if (!reader->passing)
            return unknown_option(reader->command, word, strlen(word), err);
        add_argument(reader, word);
        return DK_OK;
    }
    return add_option(reader, option, word[2] != '\0' ? word + 2 : NULL, err);
}

/* Whether a word names data to be laid over others: a file of YAML, or a folder. */
static bool is_overlay(const char *word)
{
    size_t size = strlen(word);

    return (size > 5 && strcmp(word + size - 5, ".yaml") == 0) || (size > 4 && strcmp(word + size - 4, ".yml") == 0) ||
           dk_is_folder(word);
}

/* `--with A B`: data behind the value of --with are laid over as well, where they can be nothing else: not where a script
 * has arguments of its own. */
static void read_more_overlays(struct reader *reader)
{
    struct cli_call *call = reader->call;
    const struct cli_option *option;

    if (call->given_count == 0 || call->help)
        return;
    option = call->given[call->given_count - 1].option;
    if (strcmp(option->name, "with") != 0 ||
        (reader->passing && cli_value(call, "code") == NULL && call->argument_count > 0 &&
         script_takes_arguments(call->argument[0], cli_value(call, "library"))))
        return;
    while (reader->next < reader->count && is_overlay(reader->word[reader->next])) {
        call->given[call->given_count++] = (struct cli_given){option, reader->word[reader->next++], reader->passing};
        reader->taken_over++;
    }
}

/* What a command needs as its argument was meant as one, though it stood behind --with. */
static void give_back_arguments(struct reader *reader)
{
    struct cli_call *call = reader->call;

    while (reader->taken_over > 0 && (int)call->argument_count < reader->command->least) {
        add_argument(reader, call->given[--call->given_count].value);
        reader->taken_over--;
    }
}

/* -h and --help count wherever they stand before a lone "--", whatever else is wrong. */
static bool asks_for_help(char *const *arguments, size_t count)
{
    for (size_t i = 0; i < count && strcmp(arguments[i], "--") != 0; i++)
        if (strcmp(arguments[i], "-h") == 0 || strcmp(arguments[i], "--help") == 0)
            return true;
    return false;
}

static dk_status check_count(const struct cli_command *command, const struct cli_call *call, struct dk_error *err)
{
    int count = (int)call->argument_count;

    if (count < command->least)
        dk_fail(err, DK_USAGE, "%s: too few arguments", command->name);
    else if (command->most >= 0 && count > command->most)
        dk_fail(err, DK_USAGE, "%s: unexpected argument \"%s\"", command->name, call->argument[command->most]);
    else
        return DK_OK;
    dk_hint(err, "usage: difkit %s %s", command->name, command->usage);
    return DK_ERROR;
}

dk_status cli_call_read(const struct cli_command *command, char *const *arguments, size_t count, struct cli_call *call,
                        struct dk_error *err)
{
    struct reader reader = {command, arguments, count, 0, call, false, 0};
    dk_status status = DK_OK;
    bool ended = false;

    memset(call, 0, sizeof *call);
    call->command = command;
    call->given = dk_alloc_zeroed(count + 1, sizeof *call->given);
    call->argument = dk_alloc_zeroed(count + 1, sizeof *call->argument);
    call->help = asks_for_help(arguments, count);
    while (reader.next < count && status == DK_OK) {
        const char *word = arguments[reader.next++];

        if (ended || word[0] != '-' || word[1] == '\0') {
            add_argument(&reader, word);
        } else if (strcmp(word, "--") == 0) {
            ended = true;
            if (reader.passing)
                add_argument(&reader, word);
        } else if (word[1] == '-') {
            status = read_long(&reader, word, err);
            if (status == DK_OK)
                read_more_overlays(&reader);
        } else {
            status = read_short(&reader, word, err);
        }
    }
    if (call->help)
        return DK_OK;
    if (status == DK_OK && !(command->flags & CLI_PASSES_OPTIONS))
        give_back_arguments(&reader);
    if (status == DK_OK && !(command->flags & CLI_PASSES_OPTIONS))
        status = check_count(command, call, err);
    return status;
}

void cli_call_free(struct cli_call *call)
{
    free(call->given);
    free(call->argument);
    memset(call, 0, sizeof *call);
}

const char *cli_value(const struct cli_call *call, const char *name)
{
    for (size_t i = 0; i < call->given_count; i++)
        if (strcmp(call->given[i].option->name, name) == 0)
            return call->given[i].value;
    return NULL;
}

const char *cli_result(const struct cli_call *call)
{
    const char *output = cli_value(call, "output");

    if (strcmp(call->command->name, "copy") == 0)
        return cli_value(call, "to");
    if (strcmp(call->command->name, "backup") == 0)
        return call->argument[1];
    return output != NULL ? output : cli_value(call, "r-script");
}

const char **cli_values(const struct cli_call *call, const char *name, size_t *count)
{
    const char **values = dk_alloc_zeroed(call->given_count + 1, sizeof *values);

    *count = 0;
    for (size_t i = 0; i < call->given_count; i++)
        if (strcmp(call->given[i].option->name, name) == 0)
            values[(*count)++] = call->given[i].value;
    return values;
}

bool cli_given(const struct cli_call *call, const char *name)
{
    for (size_t i = 0; i < call->given_count; i++)
        if (strcmp(call->given[i].option->name, name) == 0)
            return true;
    return false;
}
