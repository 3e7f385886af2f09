/* Names of units in files of data: aliases of the units themselves, and what people decided about names in a file
 * units.yaml:
 *
 *   matches: {Lao: LAO}      the name means the unit
 *   includes: [World]        the name is taken as the id of a unit, though it is no country
 *   excludes: [Other Asia]   rows with the name are left out */
#include <string.h>

#include "base/list.h"
#include "base/text.h"
#include "load/reader.h"
#include "names/fold.h"

static const char *const decisions[] = {"matches", "includes", "excludes"};

void load_know_name(struct load *load, const char *text, size_t size, const char *unit, size_t unit_size)
{
    struct dk_buffer key = {0};
    struct known_name *known;

    names_fold(text, size, &key, NULL);
    if (key.size > 0) {
        load->known = dk_list_grow(load->known, load->known_count, &load->known_capacity, sizeof *load->known);
        known = &load->known[load->known_count++];
        known->key = arena_copy(&load->texts, key.bytes, key.size);
        known->key_size = key.size;
        known->unit = unit != NULL ? arena_copy(&load->texts, unit, unit_size) : NULL;
        known->unit_size = unit_size;
    }
    dk_buffer_free(&key);
}

const struct known_name *load_known_name(struct load *load, const char *text, size_t size)
{
    const struct known_name *found = NULL;
    struct dk_buffer key = {0};

    if (load->known_count > 0)
        names_fold(text, size, &key, NULL);
    for (size_t i = 0; i < load->known_count && found == NULL && key.size > 0; i++)
        if (load->known[i].key_size == key.size && memcmp(load->known[i].key, key.bytes, key.size) == 0)
            found = &load->known[i];
    dk_buffer_free(&key);
    return found;
}

bool reader_is_decision(const char *key)
{
    for (size_t i = 0; i < sizeof decisions / sizeof decisions[0]; i++)
        if (strcmp(key, decisions[i]) == 0)
            return true;
    return false;
}

static void refuse_shape(struct reader *reader, const char *expected)
{
    struct dk_error err;

    dk_fail(&err, DK_DATA, "%s where a decision about a name is expected", events_kind(&reader->events));
    dk_hint(&err, "%s", expected);
    events_refuse(&reader->events, &err);
    events_skip(&reader->events);
}

/* matches: {NAME: ID}; includes may be such a mapping, too. */
static void read_mapping(struct reader *reader)
{
    while (events_next_key(&reader->events)) {
        struct dk_buffer name = {0};

        dk_buffer_add(&name, events_text(&reader->events), events_size(&reader->events));
        if (events_advance(&reader->events)) {
            if (events_at(&reader->events, YAML_SCALAR_EVENT))
                load_know_name(reader->load, name.bytes, name.size, events_text(&reader->events),
                               events_size(&reader->events));
            else
                refuse_shape(reader, "such as Lao: LAO");
        }
        dk_buffer_free(&name);
    }
}

static void read_list(struct reader *reader, bool excluded)
{
    while (events_advance(&reader->events) && !events_at(&reader->events, YAML_SEQUENCE_END_EVENT)) {
        const char *text = events_text(&reader->events);
        size_t size = events_size(&reader->events);

        if (!events_at(&reader->events, YAML_SCALAR_EVENT))
            refuse_shape(reader, "such as - Other Asia");
        else
            load_know_name(reader->load, text, size, excluded ? NULL : text, excluded ? 0 : size);
    }
}

void reader_read_decision(struct reader *reader, const char *key)
{
    bool excluded = strcmp(key, "excludes") == 0;

    if (events_at(&reader->events, YAML_MAPPING_START_EVENT) && !excluded)
        read_mapping(reader);
    else if (events_at(&reader->events, YAML_SEQUENCE_START_EVENT) && strcmp(key, "matches") != 0)
        read_list(reader, excluded);
    else if (!events_is_nothing(&reader->events))
        refuse_shape(reader, "matches: {Lao: LAO}, includes: [World], excludes: [Other Asia]");
}
