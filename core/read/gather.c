#include "read/gather.h"

#include <stdlib.h>
#include <string.h>

#include "read/gather_parts.h"

enum { RUN_MAX = 4 << 20, ALIGN = 8 };

dk_status gather_add(struct gather *gather, struct gather_row *row, const char *note, size_t size, struct dk_error *err)
{
    size_t most = gather->run_max > 0 ? gather->run_max : RUN_MAX, whole = sizeof *row + size;
    char *to;

    whole = (whole + ALIGN - 1) / ALIGN * ALIGN;
    if (gather->run.size + whole > most && gather_spill(gather, err) != DK_OK)
        return DK_ERROR;
    row->size = (uint32_t)whole;
    row->note = (uint32_t)size;
    to = dk_buffer_reserve(&gather->run, whole);
    memcpy(to, row, sizeof *row);
    if (size > 0)
        memcpy(to + sizeof *row, note, size);
    if (whole > sizeof *row + size)
        memset(to + sizeof *row + size, 0, whole - sizeof *row - size);
    gather->run.size += whole;
    gather->count++;
    return DK_OK;
}

/* Reading ------------------------------------------------------------------------------------------------------- */

const struct gather_row *gather_next(struct gather_walk *walk, dk_status *status, struct dk_error *err)
{
    struct gather *gather = walk->gather;
    const struct gather_row *row;

    *status = DK_OK;
    if (gather->file == NULL) {
        if (walk->at >= gather->run.size)
            return NULL;
        row = row_at(&gather->run, walk->at);
    } else {
        struct gather_run left = {walk->begin, gather->spilled - walk->begin};

        *status = gather_refill(gather->file, &left, GATHER_WALK, &walk->buffer, &walk->at, err);
        if (*status != DK_OK || walk->at >= walk->buffer.size)
            return NULL;
        walk->begin = left.begin;
        row = row_at(&walk->buffer, walk->at);
    }
    walk->at += row->size;
    return row;
}

void gather_walk_end(struct gather_walk *walk)
{
    dk_buffer_free(&walk->buffer);
}

void gather_clear(struct gather *gather)
{
    if (gather->file != NULL)
        fclose(gather->file);
    gather->file = NULL;
    gather->spilled = gather->run_count = gather->count = 0;
    gather->run.size = 0;
    for (int i = 0; i < GATHER_NAMES && gather->finished; i++)
        memset(gather->used[i], 0, gather->name[i].count * sizeof *gather->used[i]);
}

const char *gather_text(const struct gather *gather, const struct gather_row *row, int name, size_t *size)
{
    return intern_get(&gather->name[name], row->name[name], size);
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* The number is the first of a place that begins with one ("7:2"), else the last ("Data!B7"). */
uint32_t gather_split(const char *place, size_t size, struct dk_buffer *pattern)
{
    size_t begin = 0, end = 0;
    uint32_t number = 0;

    if (size > 0 && is_digit(place[0])) {
        while (end < size && is_digit(place[end]))
            end++;
    } else {
        for (end = size; end > 0 && !is_digit(place[end - 1]);)
            end--;
        for (begin = end; begin > 0 && is_digit(place[begin - 1]);)
            begin--;
    }
    pattern->size = 0;
    if (begin == end || end - begin > 9 || (place[begin] == '0' && end - begin > 1)) {
        dk_buffer_add(pattern, place, size); /* without a zero: no number belongs into it */
        return 0;
    }
    for (size_t i = begin; i < end; i++)
        number = 10 * number + (uint32_t)(place[i] - '0');
    dk_buffer_add(pattern, place, begin);
    dk_buffer_add(pattern, "", 1);
    dk_buffer_add(pattern, place + end, size - end);
    return number;
}

void gather_place(const struct gather *gather, const struct gather_row *row, struct dk_buffer *out)
{
    size_t size;
    const char *pattern = gather_text(gather, row, GATHER_PLACE, &size), *zero = memchr(pattern, '\0', size);

    out->size = 0;
    if (zero == NULL) {
        dk_buffer_add(out, pattern, size);
        return;
    }
    dk_buffer_add(out, pattern, (size_t)(zero - pattern));
    char digits[10];
    size_t begin = sizeof digits;
    uint32_t number = row->number;

    do {
        digits[--begin] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    dk_buffer_add(out, digits + begin, sizeof digits - begin);
    dk_buffer_add(out, zero + 1, (size_t)(pattern + size - zero - 1));
}

void gather_free(struct gather *gather)
{
    for (int i = 0; i < GATHER_NAMES; i++) {
        intern_free(&gather->name[i]);
        free(gather->used[i]);
    }
    dk_buffer_free(&gather->run);
    if (gather->file != NULL)
        fclose(gather->file);
    free(gather->runs);
    free(gather->twin);
    free(gather->range);
    memset(gather, 0, sizeof *gather);
}
