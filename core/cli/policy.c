#define _XOPEN_SOURCE 700

#include "cli/policy.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/list.h"
#include "base/number.h"
#include "yaml/events.h"

static const char path[] = "/etc/difkit/policy.yaml";

enum { POLICY_MAX = 64 * 1024 };

static dk_status fail_at(const struct events *events, const char *what, struct dk_error *err)
{
    dk_fail(err, DK_IO, "%s:%d: %s", path, events_line(events), what);
    dk_hint(err, "it has trust: forbid, isolation: require, memory, time and folders");
    return DK_ERROR;
}

/* The list of folders, whose beginning is the current event. */
static dk_status read_folders(struct events *events, struct policy *policy, struct dk_error *err)
{
    size_t capacity = 0;

    if (!events_at(events, YAML_SEQUENCE_START_EVENT))
        return fail_at(events, "folders must be a list", err);
    while (events_advance(events) && events_at(events, YAML_SCALAR_EVENT)) {
        if (events_text(events)[0] != '/')
            return fail_at(events, "a folder must begin with /", err);
        policy->folder = dk_list_grow(policy->folder, policy->folders, &capacity, sizeof *policy->folder);
        policy->folder[policy->folders++] = dk_real_path(events_text(events));
    }
    return events_at(events, YAML_SEQUENCE_END_EVENT) ? DK_OK : fail_at(events, "folders must be a list of paths", err);
}

static dk_status read_value(struct events *events, const char *key, struct policy *policy, struct dk_error *err)
{
    const char *text;

    if (strcmp(key, "folders") == 0)
        return read_folders(events, policy, err);
    if (!events_at(events, YAML_SCALAR_EVENT))
        return fail_at(events, "a word or a number is expected", err);
    text = events_text(events);
    if (strcmp(key, "trust") == 0 && strcmp(text, "forbid") == 0)
        policy->forbids_trust = true;
    else if (strcmp(key, "isolation") == 0 && strcmp(text, "require") == 0)
        policy->requires_isolation = true;
    else if (strcmp(key, "memory") == 0 && strlen(text) > 0 && strlen(text) < sizeof policy->memory)
        strcpy(policy->memory, text);
    else if (strcmp(key, "time") != 0 || !dk_parse_real(text, strlen(text), &policy->time) || policy->time <= 0)
        return fail_at(events, "this is no rule", err);
    return DK_OK;
}

static dk_status read_text(const struct dk_buffer *text, struct policy *policy, struct dk_error *err)
{
    struct events events = {.depth_max = 8};
    dk_status status = DK_ERROR;
    char key[32];

    events_begin(&events, text->bytes, text->size);
    while (!events.broken && !events_at(&events, YAML_MAPPING_START_EVENT))
        if (events_at(&events, YAML_SCALAR_EVENT) || events_at(&events, YAML_STREAM_END_EVENT) || !events_advance(&events))
            break;
    if (events.broken || !events_at(&events, YAML_MAPPING_START_EVENT)) {
        fail_at(&events, "rules are expected, such as trust: forbid", err);
        goto done;
    }
    while (events_next_key(&events)) {
        snprintf(key, sizeof key, "%s", events_text(&events));
        if (!events_advance(&events) || read_value(&events, key, policy, err) != DK_OK)
            goto done;
    }
    status = events.broken ? fail_at(&events, "this is no YAML", err) : DK_OK;
done:
    events_end(&events);
    return status;
}

static dk_status read_policy(struct policy *policy, struct dk_error *err)
{
    struct dk_buffer text = {0};
    struct stat file;
    dk_status status;

    if (lstat(path, &file) != 0)
        return errno == ENOENT || errno == ENOTDIR ? DK_OK
                                                   : dk_fail(err, DK_IO, "cannot read %s: %s", path, strerror(errno));
    if (!S_ISREG(file.st_mode) || file.st_uid != 0 || (file.st_mode & 022) != 0) {
        dk_fail(err, DK_IO, "%s must be a file of root that nobody else can write", path);
        dk_hint(err, "until then nothing runs here");
        return DK_ERROR;
    }
    policy->there = true;
    status = dk_file_read(path, POLICY_MAX, &text, err);
    if (status == DK_OK)
        status = read_text(&text, policy, err);
    dk_buffer_free(&text);
    return status;
}

dk_status policy_get(const struct policy **out, struct dk_error *err)
{
    static struct policy policy;
    static bool read;

    *out = &policy;
    if (read)
        return DK_OK;
    if (read_policy(&policy, err) != DK_OK)
        return DK_ERROR;
    read = true;
    return DK_OK;
}

char *policy_text(void)
{
    const struct policy *policy;
    struct dk_error err = {0};
    struct dk_buffer text = {0};

    if (policy_get(&policy, &err) != DK_OK) {
        dk_buffer_format(&text, "wrong: %s", err.message);
    } else if (policy->there) {
        dk_buffer_format(&text, "%s:%s%s", path, policy->forbids_trust ? " no --trust" : "",
                         policy->requires_isolation ? " isolation required" : "");
        if (policy->memory[0] != '\0')
            dk_buffer_format(&text, " memory %s", policy->memory);
        if (policy->time > 0)
            dk_buffer_format(&text, " time %g s", policy->time);
        for (size_t i = 0; i < policy->folders; i++)
            dk_buffer_format(&text, "%s %s", i == 0 ? " folders" : ",", policy->folder[i]);
    }
    return text.bytes;
}

/* Whether a path, or the nearest folder above it that is there, is below one of the folders. */
static bool is_below(const struct policy *policy, const char *given)
{
    char *copy = dk_copy_text(given[0] != '\0' ? given : "."), *real = NULL, *slash;
    bool below = false;

    while (!dk_file_exists(copy)) {
        slash = strrchr(copy, '/');
        if (slash == NULL || slash == copy) {
            strcpy(copy, slash == NULL ? "." : "/");
            break;
        }
        *slash = '\0';
    }
    real = realpath(copy, NULL);
    for (size_t i = 0; i < policy->folders && real != NULL && !below; i++) {
        size_t size = strlen(policy->folder[i]);

        below = strncmp(real, policy->folder[i], size) == 0 && (real[size] == '/' || real[size] == '\0' || size == 1);
    }
    free(real);
    free(copy);
    return below && strstr(given, "..") == NULL;
}

static dk_status refuse(struct dk_error *err, const char *what)
{
    dk_fail(err, DK_LIMIT, "%s is not allowed on this machine", what);
    dk_hint(err, "%s says so", path);
    return DK_ERROR;
}

dk_status policy_check(const struct cli_call *call, struct dk_error *err)
{
    static const char *const written[] = {"out", "output", "to", "into"};
    const struct policy *policy;
    const char *isolation = cli_value(call, "isolation");

    if (!(call->command->flags & CLI_ISOLATED))
        return DK_OK;
    if (policy_get(&policy, err) != DK_OK)
        return DK_ERROR;
    if (policy->forbids_trust && cli_given(call, "trust"))
        return refuse(err, "--trust");
    if (policy->requires_isolation && (cli_given(call, "trust") || (isolation != NULL && strcmp(isolation, "off") == 0)))
        return refuse(err, "to run without isolation");
    for (size_t i = 0; i < sizeof written / sizeof written[0] && policy->folders > 0; i++) {
        const char *folder = cli_value(call, written[i]);

        if (folder != NULL && !is_below(policy, folder))
            return refuse(err, "to write there");
    }
    return DK_OK;
}
