/* Tables that the files declare for themselves: from the records under tables:, which are read before all else, to the model
 * of the load. */
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/list.h"
#include "db/declared.h"
#include "load/state.h"
#include "model/declared.h"

/* A record under tables:, and where its fields stand. */
struct declared_row {
    const struct row *row;
    struct place place[MODEL_DECLARATION_VALUES];
};

/* What is being declared, for those who find fault with it. */
struct declaring {
    struct load *load;
    const size_t *row; /* of each declaration its number in load->declaration */
};

void load_note_declaration(struct load *load, const struct row *row, const struct place *place)
{
    struct declared_row *declared;

    load->declaration =
        dk_list_grow(load->declaration, load->declaration_count, &load->declaration_capacity, sizeof *load->declaration);
    declared = &load->declaration[load->declaration_count++];
    declared->row = row;
    for (size_t i = 0; i < model_at(NULL, row->entity)->field_count; i++)
        declared->place[i] = place[i].line > 0 ? place[i] : row->place;
}

static void refuse(void *context, size_t declaration, int field, struct dk_error *err)
{
    const struct declaring *declaring = context;

    load_find(declaring->load, declaring->load->declaration[declaring->row[declaration]].place[field], err);
}

/* The model that the records declare; what is unfit has been reported and counts for nothing. */
static struct model *make_model(struct load *load)
{
    struct model_declaration *list = dk_alloc_zeroed(load->declaration_count + 1, sizeof *list);
    size_t *row = dk_alloc_zeroed(load->declaration_count + 1, sizeof *row), count = 0;
    struct declaring declaring = {load, row};
    const struct model_judge judge = {db_keeps_name, refuse, &declaring};
    struct model *model;

    for (size_t i = 0; i < load->declaration_count; i++) {
        const struct row *from = load->declaration[i].row;

        if (from->skip)
            continue;
        list[count].of = (enum model_name)from->entity;
        for (int j = 0; j + 1 < from->count; j++) /* the last is origin */
            list[count].value[j] = from->value[j].type == DB_TEXT ? from->value[j].text.bytes : NULL;
        row[count++] = i;
    }
    model = model_declare(list, count, &judge);
    free(list);
    free(row);
    return model;
}

void load_declare(struct load *load)
{
    struct model *model = load->declaration_count > 0 ? make_model(load) : NULL;

    load->model = model;
    load->store.model = model;
    db_give_model(load->db, model);
}
