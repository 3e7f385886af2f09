/* difkit sql: one query, its rows to standard output or a file. */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "cli/call.h"
#include "cli/message.h"
#include "cli/session.h"

enum { SQL_MAX = 1024 * 1024 }; /* bytes of a query */

/* The query: the argument, or standard input for "-". */
static dk_status read_query(const char *word, struct dk_buffer *out, struct dk_error *err)
{
    size_t got;

    if (strcmp(word, "-") != 0) {
        dk_buffer_text(out, word);
        return DK_OK;
    }
    if (isatty(STDIN_FILENO)) {
        dk_fail(err, DK_USAGE, "sql: a query is expected on standard input");
        dk_hint(err, "see `difkit sql --help`");
        return DK_ERROR;
    }
    do {
        dk_buffer_reserve(out, 1 << 16);
        got = fread(out->bytes + out->size, 1, 1 << 16, stdin);
        out->size += got;
        out->bytes[out->size] = '\0';
    } while (got > 0 && out->size <= SQL_MAX);
    if (out->size > SQL_MAX)
        return dk_fail(err, DK_USAGE, "sql: the query is larger than %d bytes", SQL_MAX);
    return ferror(stdin) ? dk_fail(err, DK_IO, "cannot read standard input") : DK_OK;
}

int cli_sql(const struct cli_call *call)
{
    struct session session;
    struct dk_buffer query = {0};
    struct dk_error err = {0};
    const char **parameter = dk_alloc_zeroed(call->given_count + 1, sizeof *parameter);
    size_t parameters = 0;
    int status;

    while (cli_value_at(call, "param", parameters) != NULL) {
        parameter[parameters] = cli_value_at(call, "param", parameters);
        parameters++;
    }
    session_options(&session, call);
    session.options.result = cli_value(call, "output");
    session.options.memory_limit = 0; /* a query of one's own: no limits but those of the machine */
    session.options.time_limit = 0;
    session.options.output_limit = 0;
    if (read_query(call->argument[0], &query, &err) != DK_OK || session_begin(&session, &err) != DK_OK) {
        status = cli_error(&err);
    } else {
        session_set_bytes(&session, "text", query.bytes, query.size);
        session_set_list(&session, "parameters", parameter, parameters);
        session_set_text(&session, "format", cli_value(call, "format"));
        session_set_text(&session, "output", cli_value(call, "output"));
        status = session_call(&session, "sql", NULL);
    }
    session_end(&session);
    dk_buffer_free(&query);
    free(parameter);
    return status;
}
