#define _XOPEN_SOURCE 700

#include "read/kept.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/temporary.h"
#include "base/list.h"

/* Before the cells of a row, and before the text of each. */
struct head {
    uint32_t size, line, count;
};
struct cell_head {
    uint32_t size, column;
    char kind;
};

static dk_status spill(struct kept *kept, struct dk_error *err)
{
    if (kept->file == NULL)
        kept->file = dk_file_temporary();
    if (kept->file == NULL || fseeko(kept->file, (off_t)kept->spilled, SEEK_SET) != 0 ||
        fwrite(kept->bytes.bytes, 1, kept->bytes.size, kept->file) != kept->bytes.size || fflush(kept->file) != 0)
        return dk_fail(err, DK_IO, "cannot write a temporary file: %s", strerror(errno));
    kept->spilled += kept->bytes.size;
    kept->at = kept->spilled;
    kept->bytes.size = 0;
    return DK_OK;
}

dk_status kept_add(struct kept *kept, const struct read_row *row, struct dk_error *err)
{
    struct head head = {.line = (uint32_t)row->line};
    size_t begin = kept->bytes.size;

    dk_buffer_add(&kept->bytes, &head, sizeof head);
    for (size_t i = 0; i < row->count; i++) {
        const struct read_cell *cell = &row->cell[i];
        size_t size = cell->kind == READ_EMPTY ? 0 : cell->size;
        struct cell_head it = {(uint32_t)size, (uint32_t)cell->column, (char)cell->kind};

        if (cell->column > kept->width)
            kept->width = cell->column;
        if (cell->kind == READ_EMPTY && i + 1 < row->count)
            continue; /* the last one says how wide the row is */
        dk_buffer_add(&kept->bytes, &it, sizeof it);
        dk_buffer_add(&kept->bytes, cell->text, size);
        head.count++;
    }
    head.size = (uint32_t)(kept->bytes.size - begin);
    memcpy(kept->bytes.bytes + begin, &head, sizeof head);
    if (kept->count++ % KEPT_STRIDE == 0) {
        kept->begin = dk_list_grow(kept->begin, kept->begins, &kept->capacity, sizeof *kept->begin);
        kept->begin[kept->begins++] = kept->spilled + begin;
    }
    return kept->bytes.size < KEPT_IN_MEMORY ? DK_OK : spill(kept, err);
}

/* The bytes of a row. */
static const char *fetch(struct kept *kept, size_t begin, struct dk_error *err)
{
    struct head head;

    if (begin >= kept->spilled)
        return kept->bytes.bytes + (begin - kept->spilled);
    if (kept->at != begin && fseeko(kept->file, (off_t)begin, SEEK_SET) != 0)
        goto failed;
    if (fread(&head, sizeof head, 1, kept->file) != 1)
        goto failed;
    kept->row.size = 0;
    dk_buffer_add(&kept->row, &head, sizeof head);
    if (head.size > sizeof head &&
        fread(dk_buffer_reserve(&kept->row, head.size), head.size - sizeof head, 1, kept->file) != 1)
        goto failed;
    kept->at = begin + head.size;
    return kept->row.bytes;
failed:
    dk_fail(err, DK_IO, "cannot read a temporary file: %s", strerror(errno));
    return NULL;
}

dk_status kept_get(struct kept *kept, size_t index, struct read_row *row, struct dk_error *err)
{
    const char *bytes;
    struct head head;

    if (index < kept->next || index >= kept->next + KEPT_STRIDE) {
        kept->next = index / KEPT_STRIDE * KEPT_STRIDE;
        kept->next_begin = kept->begin[index / KEPT_STRIDE];
    }
    do {
        bytes = fetch(kept, kept->next_begin, err);
        if (bytes == NULL)
            return DK_ERROR;
        memcpy(&head, bytes, sizeof head);
        kept->next_begin += head.size;
    } while (kept->next++ < index);
    bytes += sizeof head;
    while (kept->view_capacity < head.count)
        kept->view = dk_list_grow(kept->view, kept->view_capacity, &kept->view_capacity, sizeof *kept->view);
    for (size_t i = 0; i < head.count; i++) {
        struct cell_head cell;

        memcpy(&cell, bytes, sizeof cell);
        bytes += sizeof cell;
        kept->view[i] = (struct read_cell){(enum read_kind)cell.kind, cell.column, (char *)bytes, cell.size};
        bytes += cell.size;
    }
    *row = (struct read_row){head.line, kept->view, head.count};
    return DK_OK;
}

void kept_free(struct kept *kept)
{
    dk_buffer_free(&kept->bytes);
    dk_buffer_free(&kept->row);
    free(kept->begin);
    free(kept->view);
    if (kept->file != NULL)
        fclose(kept->file);
    memset(kept, 0, sizeof *kept);
}
