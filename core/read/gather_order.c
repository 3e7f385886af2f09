#define _XOPEN_SOURCE 700

#include "read/gather.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/list.h"
#include "base/temporary.h"
#include "read/gather_parts.h"

enum { READ_MIN = 1 << 12, READ_ALL = 4 << 20 };

/* A row to be sorted: the ranks of its key, and where it stands. */
struct sorted {
    uint32_t rank[GATHER_KEYS];
    uint32_t begin;
};

static dk_status fail_write(struct dk_error *err)
{
    return dk_fail(err, DK_IO, "cannot write a temporary file: %s", strerror(errno));
}

static void make_ranks(const struct gather *gather, uint32_t *rank[GATHER_KEYS])
{
    for (int i = 0; i < GATHER_KEYS; i++) {
        rank[i] = dk_alloc((gather->name[i].count + 1) * sizeof *rank[i]);
        intern_rank(&gather->name[i], rank[i]);
    }
}

static void free_ranks(uint32_t *rank[GATHER_KEYS])
{
    for (int i = 0; i < GATHER_KEYS; i++)
        free(rank[i]);
}

static int compare_ranks(const uint32_t *a, const uint32_t *b)
{
    for (int i = 0; i < GATHER_KEYS; i++)
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    return 0;
}

static int compare_sorted(const void *left, const void *right)
{
    const struct sorted *a = left, *b = right;
    int order = compare_ranks(a->rank, b->rank);

    return order != 0 ? order : (a->begin > b->begin) - (a->begin < b->begin); /* the first of the file first */
}

/* Puts the rows of the run in order. */
static void sort_run(struct gather *gather, uint32_t *rank[GATHER_KEYS])
{
    struct sorted *list = NULL;
    size_t count = 0, capacity = 0;
    struct dk_buffer out = {0};
    bool in_order = true;

    for (size_t at = 0; at < gather->run.size; at += row_at(&gather->run, at)->size) {
        const struct gather_row *row = row_at(&gather->run, at);

        list = dk_list_grow(list, count, &capacity, sizeof *list);
        for (int i = 0; i < GATHER_KEYS; i++)
            list[count].rank[i] = rank[i][row->name[i]];
        list[count].begin = (uint32_t)at;
        in_order = in_order && (count == 0 || compare_sorted(&list[count - 1], &list[count]) < 0);
        count++;
    }
    if (!in_order) {
        qsort(list, count, sizeof *list, compare_sorted);
        dk_buffer_reserve(&out, gather->run.size);
        for (size_t i = 0; i < count; i++)
            dk_buffer_add(&out, row_at(&gather->run, list[i].begin), row_at(&gather->run, list[i].begin)->size);
        dk_buffer_free(&gather->run);
        gather->run = out;
    }
    free(list);
}

dk_status gather_spill(struct gather *gather, struct dk_error *err)
{
    uint32_t *rank[GATHER_KEYS];

    if (gather->run.size == 0)
        return DK_OK;
    make_ranks(gather, rank);
    sort_run(gather, rank);
    free_ranks(rank);
    if (gather->file == NULL)
        gather->file = dk_file_temporary();
    if (gather->file == NULL || fwrite(gather->run.bytes, 1, gather->run.size, gather->file) != gather->run.size)
        return fail_write(err);
    gather->runs = dk_list_grow(gather->runs, gather->run_count, &gather->run_capacity, sizeof *gather->runs);
    gather->runs[gather->run_count++] = (struct gather_run){gather->spilled, gather->run.size};
    gather->spilled += gather->run.size;
    gather->run.size = 0;
    return DK_OK;
}

/* Merging ------------------------------------------------------------------------------------------------------- */

/* Where the merge stands in a run. */
struct cursor {
    struct gather_run left; /* of the file, not read yet */
    struct dk_buffer buffer;
    size_t at; /* of the row in the buffer */
    uint32_t rank[GATHER_KEYS];
};

struct merge {
    struct gather *gather;
    uint32_t *rank[GATHER_KEYS];
    struct cursor *cursor;
    size_t *heap; /* of the cursors that have a row, the least first */
    size_t count;
    size_t chunk;
    struct dk_buffer pending; /* the row that waits for others with its key */
    FILE *out;
    struct dk_buffer kept; /* what goes there */
    size_t written, rows;
};

static dk_status read_at(FILE *file, size_t begin, void *bytes, size_t size, struct dk_error *err)
{
    size_t got = 0;

    while (got < size) {
        ssize_t count = pread(fileno(file), (char *)bytes + got, size - got, (off_t)(begin + got));

        if (count <= 0)
            return dk_fail(err, DK_IO, "cannot read a temporary file: %s", count < 0 ? strerror(errno) : "it is cut");
        got += (size_t)count;
    }
    return DK_OK;
}

dk_status gather_refill(FILE *file, struct gather_run *left, size_t chunk, struct dk_buffer *buffer, size_t *at,
                        struct dk_error *err)
{
    for (;;) {
        size_t there = buffer->size - *at, size = left->size < chunk ? left->size : chunk;

        if (there >= sizeof(struct gather_row) && there >= row_at(buffer, *at)->size)
            return DK_OK;
        if (size == 0)
            return DK_OK; /* the end */
        if (there > 0)
            memmove(buffer->bytes, buffer->bytes + *at, there);
        buffer->size = there;
        *at = 0;
        if (read_at(file, left->begin, dk_buffer_reserve(buffer, size), size, err) != DK_OK)
            return DK_ERROR;
        buffer->size += size;
        left->begin += size;
        left->size -= size;
    }
}

/* Whether cursor a goes before b: by key, and the earlier run first. */
static bool before(const struct merge *merge, size_t a, size_t b)
{
    int order = compare_ranks(merge->cursor[a].rank, merge->cursor[b].rank);

    return order != 0 ? order < 0 : a < b;
}

static void sink(struct merge *merge, size_t at)
{
    for (;;) {
        size_t least = at;

        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < merge->count; child++)
            if (before(merge, merge->heap[child], merge->heap[least]))
                least = child;
        if (least == at)
            return;
        size_t other = merge->heap[at];
        merge->heap[at] = merge->heap[least];
        merge->heap[least] = other;
        at = least;
    }
}

/* Makes the cursor stand at a whole row, with the ranks of its key; *more is false at the end of the run. */
static dk_status settle(struct merge *merge, struct cursor *cursor, bool *more, struct dk_error *err)
{
    if (gather_refill(merge->gather->file, &cursor->left, merge->chunk, &cursor->buffer, &cursor->at, err) != DK_OK)
        return DK_ERROR;
    *more = cursor->at < cursor->buffer.size;
    for (int i = 0; i < GATHER_KEYS && *more; i++)
        cursor->rank[i] = merge->rank[i][row_at(&cursor->buffer, cursor->at)->name[i]];
    return DK_OK;
}

static dk_status flush(struct merge *merge, struct dk_error *err)
{
    if (merge->kept.size > 0 && fwrite(merge->kept.bytes, 1, merge->kept.size, merge->out) != merge->kept.size)
        return fail_write(err);
    merge->written += merge->kept.size;
    merge->kept.size = 0;
    return DK_OK;
}

/* The row that waits is the one that is kept of its key. */
static dk_status keep(struct merge *merge, struct dk_error *err)
{
    struct gather *gather = merge->gather;
    const struct gather_row *row = row_at(&merge->pending, 0);
    struct gather_range *range;

    if (merge->pending.size == 0)
        return DK_OK;
    range = &gather->range[row->name[GATHER_INDICATOR]];
    for (int i = 0; i < GATHER_NAMES; i++)
        gather->used[i][row->name[i]]++;
    if (!row->missing) {
        range->low = range->count == 0 || row->value < range->low ? row->value : range->low;
        range->high = range->count == 0 || row->value > range->high ? row->value : range->high;
        range->count++;
    }
    dk_buffer_add(&merge->kept, merge->pending.bytes, row->size);
    merge->rows++;
    merge->pending.size = 0;
    return merge->out == NULL || merge->kept.size < GATHER_WALK ? DK_OK : flush(merge, err);
}

static bool same_key(const struct gather_row *a, const struct gather_row *b)
{
    return memcmp(a->name, b->name, GATHER_KEYS * sizeof a->name[0]) == 0;
}

/* Two rows with one key. */
static void note_twin(struct gather *gather, const struct gather_row *first, const struct gather_row *second)
{
    if (first->missing == second->missing && (first->missing || first->value == second->value)) {
        gather->same++;
    } else if (gather->twin_count < GATHER_TWINS_MAX) {
        gather->twin = dk_list_grow(gather->twin, gather->twin_count, &gather->twin_capacity, sizeof *gather->twin);
        gather->twin[gather->twin_count++] = (struct gather_twin){*first, *second};
    }
}

static dk_status take(struct merge *merge, const struct gather_row *row, struct dk_error *err)
{
    const struct gather_row *there = merge->pending.size > 0 ? row_at(&merge->pending, 0) : NULL;

    if (there != NULL && same_key(there, row)) {
        if (there->rank == row->rank) {
            note_twin(merge->gather, there, row);
            return DK_OK;
        }
        merge->gather->outranked++;
        if (there->rank > row->rank)
            return DK_OK;
    } else if (keep(merge, err) != DK_OK) {
        return DK_ERROR;
    }
    merge->pending.size = 0;
    dk_buffer_add(&merge->pending, row, row->size);
    return DK_OK;
}

/* Those of the one run that is in memory. */
static dk_status merge_memory(struct merge *merge, struct dk_error *err)
{
    struct gather *gather = merge->gather;

    sort_run(gather, merge->rank);
    for (size_t at = 0; at < gather->run.size; at += row_at(&gather->run, at)->size)
        if (take(merge, row_at(&gather->run, at), err) != DK_OK)
            return DK_ERROR;
    if (keep(merge, err) != DK_OK)
        return DK_ERROR;
    dk_buffer_free(&gather->run);
    gather->run = merge->kept;
    merge->kept = (struct dk_buffer){0};
    return DK_OK;
}

static dk_status merge_runs(struct merge *merge, struct dk_error *err)
{
    struct gather *gather = merge->gather;

    if (fflush(gather->file) != 0 || (merge->out = dk_file_temporary()) == NULL)
        return fail_write(err);
    merge->chunk = READ_ALL / gather->run_count < READ_MIN ? READ_MIN : READ_ALL / gather->run_count;
    merge->cursor = dk_alloc_zeroed(gather->run_count, sizeof *merge->cursor);
    merge->heap = dk_alloc_zeroed(gather->run_count, sizeof *merge->heap);
    for (size_t i = 0; i < gather->run_count; i++) {
        bool more = false;

        merge->cursor[i].left = gather->runs[i];
        if (settle(merge, &merge->cursor[i], &more, err) != DK_OK)
            return DK_ERROR;
        if (more)
            merge->heap[merge->count++] = i;
    }
    for (size_t i = merge->count; i > 0; i--)
        sink(merge, i - 1);
    while (merge->count > 0) {
        struct cursor *cursor = &merge->cursor[merge->heap[0]];
        const struct gather_row *row = row_at(&cursor->buffer, cursor->at);
        bool more = false;

        if (take(merge, row, err) != DK_OK)
            return DK_ERROR;
        cursor->at += row->size;
        if (settle(merge, cursor, &more, err) != DK_OK)
            return DK_ERROR;
        if (!more)
            merge->heap[0] = merge->heap[--merge->count];
        sink(merge, 0);
    }
    if (keep(merge, err) != DK_OK || flush(merge, err) != DK_OK)
        return DK_ERROR;
    if (fflush(merge->out) != 0)
        return fail_write(err);
    fclose(gather->file);
    gather->file = merge->out;
    gather->spilled = merge->written;
    merge->out = NULL;
    dk_buffer_free(&gather->run);
    return DK_OK;
}

static void merge_end(struct merge *merge, size_t runs)
{
    free_ranks(merge->rank);
    for (size_t i = 0; i < runs && merge->cursor != NULL; i++)
        dk_buffer_free(&merge->cursor[i].buffer);
    free(merge->cursor);
    free(merge->heap);
    dk_buffer_free(&merge->pending);
    dk_buffer_free(&merge->kept);
    if (merge->out != NULL)
        fclose(merge->out);
}

dk_status gather_finish(struct gather *gather, struct dk_error *err)
{
    struct merge merge = {.gather = gather};
    dk_status status = DK_OK;

    if (gather->finished)
        return DK_OK;
    if (gather->file != NULL && gather_spill(gather, err) != DK_OK)
        return DK_ERROR;
    for (int i = 0; i < GATHER_NAMES; i++)
        gather->used[i] = dk_alloc_zeroed(gather->name[i].count + 1, sizeof *gather->used[i]);
    gather->range = dk_alloc_zeroed(gather->name[GATHER_INDICATOR].count + 1, sizeof *gather->range);
    make_ranks(gather, merge.rank);
    status = gather->file != NULL ? merge_runs(&merge, err) : merge_memory(&merge, err);
    gather->count = merge.rows;
    gather->finished = true;
    merge_end(&merge, gather->run_count);
    return status;
}
