/* Topics that a file adds to an area defined in another: the area is given once more, with its id and the new topics alone.
 *
 * Whether an area without a title extends another or lacks its title is known when all files are read. It may extend when it
 * says so (`extend: true`), when its file does, or when the framework of the other area lets every file do so. */
#include "base/list.h"
#include "base/text.h"
#include "load/state.h"

#include <string.h>

void load_note_extension(struct load *load, const struct extension *extension)
{
    load->extension =
        dk_list_grow(load->extension, load->extension_count, &load->extension_capacity, sizeof *load->extension);
    load->extension[load->extension_count++] = *extension;
}

static bool is_topic_of(const struct row *row, const struct db_value *area)
{
    const struct db_value *its = &row->value[model_field_by_name(&model_entities()[MODEL_TOPIC], "area_id")];

    return row->entity == MODEL_TOPIC && its->type == DB_TEXT && its->text.size == area->text.size &&
           memcmp(its->text.bytes, area->text.bytes, area->text.size) == 0;
}

/* The first topic that an extension adds, and the next one after it; NULL at the end. */
static struct row *added_after(const struct extension *extension, const struct row *row)
{
    return row->next != NULL && is_topic_of(row->next, &extension->row->value[0]) ? row->next : NULL;
}

/* Another topic of the same area at the position of this one, or NULL. *last is the last position that is taken. */
static const struct row *find_taken(const struct load *load, const struct row *topic, int64_t *last)
{
    const struct model_entity *entity = &model_entities()[MODEL_TOPIC];
    int field = model_field_by_name(entity, "position");
    const struct row *taken = NULL;

    *last = 0;
    for (const struct row *row = load->late->first; row != NULL; row = row->next) {
        if (row == topic || row->skip || !is_topic_of(row, &topic->value[model_field_by_name(entity, "area_id")]))
            continue;
        if (row->value[field].integer > *last)
            *last = row->value[field].integer;
        if (row->value[field].integer == topic->value[field].integer)
            taken = row;
    }
    return taken;
}

/* Topics that name their position keep it when it is free; the others stand behind all that the area has. */
static void place_topics(struct load *load, const struct extension *extension, bool numbered)
{
    int field = model_field_by_name(&model_entities()[MODEL_TOPIC], "position");

    for (struct row *topic = added_after(extension, extension->row); topic != NULL; topic = added_after(extension, topic)) {
        const struct row *taken;
        struct dk_error err;
        char where[400];
        int64_t last;

        if (topic->numbered != numbered || topic->skip)
            continue;
        taken = find_taken(load, topic, &last);
        if (numbered) {
            topic->value[field].integer = last + 1;
        } else if (taken != NULL) {
            load_place_text(load, taken->place, where, sizeof where);
            dk_fail(&err, DK_DATA, "position %lld of a topic is taken by the topic at %s",
                    (long long)topic->value[field].integer, where);
            dk_hint(&err, "leave the position out: the topic then stands behind those that the area has");
            load_find(load, topic->place, &err);
            topic->skip = true;
        }
    }
}

/* An area that is given once more and may not extend the first. */
static void refuse(struct load *load, const struct extension *extension, const struct id_entry *first)
{
    struct dk_error err;
    char where[400];

    load_place_text(load, first->place, where, sizeof where);
    dk_fail(&err, DK_DATA, "the area \"%s\" is defined at %s, and this one has no title", first->id, where);
    dk_hint(&err, "to add topics to it, write `extend: true` beside its id, or at the top of this file");
    load_find(load, extension->place, &err);
}

/* Whether the area extends one that is defined elsewhere; what is wrong with it is reported. */
static bool accept(struct load *load, const struct extension *extension)
{
    const struct model_entity *entity = &model_entities()[MODEL_AREA];
    const struct load_file *file = &load->file[extension->place.file];
    struct id_key key = load_key(MODEL_AREA, extension->row->value[0].text.bytes, extension->row->value[0].text.size);
    const struct id_entry *first = ids_find(&load->ids, &key);
    bool asked = extension->asked || file->extends;
    struct dk_error err;
    char text[400];

    extension->row->skip = true;
    if (first == NULL && !asked) {
        load_find_missing(load, entity, extension->row, &entity->fields[model_field_by_name(entity, "title")],
                          (struct place){0});
    } else if (first == NULL) {
        const char *nearest = ids_nearest(&load->ids, &key);

        dk_fail(&err, DK_DATA, "no area \"%s\" to add topics to", dk_quote(key.id, key.size, text));
        if (nearest != NULL)
            dk_hint(&err, "did you mean \"%s\"?", nearest);
        else
            dk_hint(&err, "a new area needs a title, and no `extend: true`");
        load_find(load, extension->place, &err);
    } else if (!asked && !load->folder[load->file[first->place.file].folder].extends) {
        refuse(load, extension, first);
    } else if (extension->title.line > 0) {
        load_place_text(load, first->place, text, sizeof text);
        dk_fail(&err, DK_DATA, "an area that adds topics to another takes its id and topics alone");
        dk_hint(&err, "leave this out: the area \"%s\" has its title and number at %s", first->id, text);
        load_find(load, extension->title, &err);
    } else {
        return true;
    }
    return false;
}

void load_extend(struct load *load)
{
    int field = model_field_by_name(&model_entities()[MODEL_TOPIC], "position");

    for (size_t i = 0; i < load->extension_count; i++) {
        struct extension *extension = &load->extension[i];

        extension->asked = accept(load, extension); /* from here on: whether it does */
        for (struct row *topic = added_after(extension, extension->row); topic != NULL;
             topic = added_after(extension, topic)) {
            topic->skip = topic->skip || !extension->asked;
            if (topic->numbered)
                topic->value[field].integer = 0; /* not known yet */
        }
    }
    for (int numbered = 0; numbered < 2; numbered++)
        for (size_t i = 0; i < load->extension_count; i++)
            if (load->extension[i].asked)
                place_topics(load, &load->extension[i], numbered != 0);
}
