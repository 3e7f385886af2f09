/* The findings of a load: kept in the order of the files and of the places within them, up to a bound. */
#include "load/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

static bool comes_before(const struct finding *left, const struct finding *right)
{
    if (left->order != right->order)
        return left->order < right->order;
    if (left->err.line != right->err.line)
        return left->err.line < right->err.line;
    if (left->err.column != right->err.column)
        return left->err.column < right->err.column;
    return left->number < right->number;
}

void load_find(struct load *load, struct place place, struct dk_error *err)
{
    struct finding finding;
    size_t at;

    pthread_mutex_lock(&load->lock);
    err->code = DK_DATA;
    if (place.file < load->file_count) {
        dk_place(err, load->file[place.file].path, place.line, place.column);
        finding.order = load->file[place.file].order;
    } else {
        finding.order = 0; /* of the load as a whole */
    }
    finding.err = *err;
    finding.number = load->finding_total++;
    if (load->finding == NULL)
        load->finding = dk_alloc(LOAD_FINDINGS_MAX * sizeof *load->finding);
    at = load->finding_count;
    if (at == LOAD_FINDINGS_MAX && comes_before(&finding, &load->finding[at - 1]))
        at--; /* the last one makes way */
    if (at < LOAD_FINDINGS_MAX) {
        while (at > 0 && comes_before(&finding, &load->finding[at - 1])) {
            load->finding[at] = load->finding[at - 1];
            at--;
        }
        load->finding[at] = finding;
        if (load->finding_count < LOAD_FINDINGS_MAX)
            load->finding_count++;
    }
    pthread_mutex_unlock(&load->lock);
}

void load_hand_over(struct load *load, struct load_report *report)
{
    memset(report, 0, sizeof *report);
    if (load->finding_count == 0)
        return;
    report->finding = dk_alloc(load->finding_count * sizeof *report->finding);
    for (size_t i = 0; i < load->finding_count; i++)
        report->finding[i] = load->finding[i].err;
    report->count = load->finding_count;
    report->total = load->finding_total;
}

void load_report_free(struct load_report *report)
{
    free(report->finding);
    dk_buffer_free(&report->records);
    memset(report, 0, sizeof *report);
}

void load_place_text(struct load *load, struct place place, char *out, size_t size)
{
    pthread_mutex_lock(&load->lock);
    if (place.file >= load->file_count)
        snprintf(out, size, "an unknown place");
    else
        snprintf(out, size, "%s:%d:%d", load->file[place.file].path, (int)place.line, (int)place.column);
    pthread_mutex_unlock(&load->lock);
}

/* The keys that every record of the entity needs: "id, text". */
static void needed_keys(const struct model_entity *entity, char *out, size_t size)
{
    out[0] = '\0';
    for (size_t i = 0; i < entity->field_count; i++) {
        const struct model_field *field = &entity->fields[i];

        if (field->key != NULL && (field->flags & MODEL_REQUIRED) && !(field->flags & MODEL_FILLED) &&
            field->fallback == NULL)
            snprintf(out + strlen(out), size - strlen(out), "%s%s", out[0] != '\0' ? ", " : "", field->key);
    }
}

void load_find_missing(struct load *load, const struct model_entity *entity, struct row *row,
                       const struct model_field *field, struct place place)
{
    struct dk_error err;
    char keys[160];

    row->skip = true;
    needed_keys(entity, keys, sizeof keys);
    if (place.line > 0) {
        dk_fail(&err, DK_DATA, "\"%s\" of %s is empty", field->key, entity->one);
        dk_hint(&err, "expected %s", model_type_text(field->type));
    } else {
        dk_fail(&err, DK_DATA, "%s lacks \"%s\"", entity->one, field->key);
        dk_hint(&err, "it needs %s", keys);
        place = row->place;
    }
    load_find(load, place, &err);
}
