/* The events of a file of the load, with what is wrong in it as findings. */
#include "load/reader.h"

#include <stdio.h>
#include <string.h>

#include "base/near.h"
#include "base/text.h"

struct place reader_place(const struct reader *reader)
{
    struct place place = {
        .file = reader->file, .line = events_line(&reader->events), .column = events_column(&reader->events)};

    return place;
}

static void refuse(void *context, const struct dk_error *err)
{
    struct reader *reader = context;
    struct place place = {.file = reader->file, .line = err->line, .column = err->column};
    struct dk_error finding = *err;

    if (reader->quiet)
        return;
    load_find(reader->load, place, &finding);
}

static void pass(void *context, size_t bytes)
{
    struct reader *reader = context;

    dk_meter_tick(&reader->load->meter, reader->load->bytes_read + bytes);
}

void reader_begin(struct reader *reader, struct load *load, uint32_t file, const struct source_text *source)
{
    memset(reader, 0, sizeof *reader);
    reader->load = load;
    reader->file = file;
    reader->source = source;
    reader->events.depth_max = LOAD_DEPTH_MAX;
    reader->events.refuse = refuse;
    reader->events.pass = pass;
    reader->events.context = reader;
    events_begin(&reader->events, source->bytes, source->size);
}

void reader_find_unknown(struct reader *reader, const char *where, const char *const *names, size_t count)
{
    struct dk_error err;
    char shown[DK_QUOTE_SIZE], list[220] = "";
    const char *nearest;

    dk_quote(events_text(&reader->events), events_size(&reader->events), shown);
    nearest = dk_nearest(shown, names, count);
    dk_fail(&err, DK_DATA, "unknown key \"%s\" in %s", shown, where);
    if (nearest != NULL) {
        dk_hint(&err, "did you mean \"%s\"?", nearest);
    } else {
        for (size_t i = 0; i < count; i++)
            snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s", i > 0 ? ", " : "", names[i]);
        dk_hint(&err, "known keys: %s", list);
    }
    events_refuse(&reader->events, &err);
}

