#include "db/postgresql/target.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const char default_schema[] = "difkit";
enum { NAME_MAX_BYTES = 63 };

/* Reads %41 and the like; false when a percent sign stands for nothing. */
static bool decode(const char *text, size_t size, struct dk_buffer *out)
{
    for (size_t i = 0; i < size; i++) {
        char byte = text[i];

        if (byte == '%') {
            char digits[3] = {0};

            if (i + 2 >= size || !isxdigit((unsigned char)text[i + 1]) || !isxdigit((unsigned char)text[i + 2]))
                return false;
            digits[0] = text[i + 1];
            digits[1] = text[i + 2];
            byte = (char)strtol(digits, NULL, 16);
            i += 2;
        }
        dk_buffer_add(out, &byte, 1);
    }
    return true;
}

static dk_status fail(struct dk_error *err)
{
    dk_fail(err, DK_USAGE, "the address of the server cannot be read");
    dk_hint(err, "write postgresql://USER@HOST:PORT/DATABASE, other signs than letters and digits as %%40 for @");
    return DK_ERROR;
}

/* Takes schema=NAME out of the address, which libpq would not know. */
static dk_status take_schema(struct target *target, const char *address, struct dk_buffer *rest, struct dk_error *err)
{
    const char *query = strchr(address, '?');
    struct dk_buffer name = {0};
    bool any = false;

    dk_buffer_add(rest, address, query != NULL ? (size_t)(query - address) : strlen(address));
    for (const char *at = query; at != NULL && *at != '\0';) {
        size_t size = strcspn(++at, "&");

        if (strncmp(at, "schema=", 7) == 0) {
            name.size = 0;
            if (!decode(at + 7, size - 7, &name)) {
                dk_buffer_free(&name);
                return fail(err);
            }
        } else if (size > 0) {
            dk_buffer_text(rest, any ? "&" : "?");
            dk_buffer_add(rest, at, size);
            any = true;
        }
        at += size;
    }
    if (name.bytes != NULL && (name.size == 0 || name.size > NAME_MAX_BYTES || strlen(name.bytes) != name.size ||
                               strncmp(name.bytes, "pg_", 3) == 0)) {
        dk_buffer_free(&name);
        dk_fail(err, DK_USAGE, "the address of the server names no usable schema");
        dk_hint(err, "schema=NAME has a name of 1 to %d bytes that does not begin with pg_", NAME_MAX_BYTES);
        return DK_ERROR;
    }
    target->schema = name.bytes != NULL ? name.bytes : dk_copy_text(default_schema);
    return DK_OK;
}

/* What is no port, host or database by its signs may be the rest of a password with such a sign in it, and is not shown. */
static bool has_good_names(const struct target *target)
{
    const char *port = target_value(target, "port"), *host = target_value(target, "host");
    const char *name = target_value(target, "dbname"), *user = target_value(target, "user");

    return (port == NULL || port[strspn(port, "0123456789,")] == '\0') && (host == NULL || strchr(host, '@') == NULL) &&
           (name == NULL || strpbrk(name, "@/:?") == NULL) && (user == NULL || strpbrk(user, "@/:?") == NULL);
}

dk_status target_read(struct target *target, const char *address, struct dk_error *err)
{
    struct dk_buffer rest = {0};
    char *said = NULL;

    memset(target, 0, sizeof *target);
    if (take_schema(target, address, &rest, err) != DK_OK) {
        dk_buffer_free(&rest);
        return DK_ERROR;
    }
    target->options = pq.PQconninfoParse(rest.bytes, &said);
    dk_buffer_free(&rest);
    if (said != NULL)
        pq.PQfreemem(said); /* it shows what stands in the address */
    if (target->options == NULL || !has_good_names(target)) {
        target_free(target);
        return fail(err);
    }
    target->password = target_value(target, "password") != NULL;
    return DK_OK;
}

void target_free(struct target *target)
{
    if (target->options != NULL)
        pq.PQconninfoFree(target->options);
    free(target->schema);
    memset(target, 0, sizeof *target);
}

const char *target_value(const struct target *target, const char *keyword)
{
    for (const PQconninfoOption *option = target->options; option != NULL && option->keyword != NULL; option++)
        if (strcmp(option->keyword, keyword) == 0)
            return option->val != NULL && option->val[0] != '\0' ? option->val : NULL;
    return NULL;
}

void target_show(const struct target *target, struct dk_buffer *out)
{
    static const char *const others[] = {"service", "sslmode"};
    const char *user = target_value(target, "user"), *host = target_value(target, "host");
    const char *port = target_value(target, "port"), *name = target_value(target, "dbname");
    bool folder = host != NULL && host[0] == '/';
    const char *sign = "?";

    dk_buffer_format(out, "postgresql://%s%s%s%s%s/%s", user != NULL ? user : "", user != NULL ? "@" : "",
                     host != NULL && !folder ? host : "", port != NULL ? ":" : "", port != NULL ? port : "",
                     name != NULL ? name : "");
    if (folder) {
        dk_buffer_format(out, "?host=%s", host);
        sign = "&";
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        const char *value = target_value(target, others[i]);

        if (value != NULL) {
            dk_buffer_format(out, "%s%s=%s", sign, others[i], value);
            sign = "&";
        }
    }
    if (strcmp(target->schema, default_schema) != 0)
        dk_buffer_format(out, "%sschema=%s", sign, target->schema);
}

void target_quote(struct dk_buffer *out, const char *name)
{
    dk_buffer_text(out, "\"");
    for (; *name != '\0'; name++) {
        if (*name == '"')
            dk_buffer_text(out, "\"");
        dk_buffer_add(out, name, 1);
    }
    dk_buffer_text(out, "\"");
}
