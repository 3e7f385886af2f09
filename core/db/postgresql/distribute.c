/* Tables over the nodes of a Citus cluster: the two that grow without bound are cut into shards, observations by indicator
 * (all of one stand together, so that extremes, sums and joins by it stay within a shard), answers by respondent beside
 * those who gave them; everything else is small, and whole on every node. */
#include "db/postgresql/distribute.h"

#include <string.h>

#include "base/buffer.h"
#include "model/model.h"

static const struct {
    const char *table, *column, *beside;
} shards[] = {
    {"observation", "indicator_id", "none"},
    {"respondent", "id", "none"},
    {"response", "respondent_id", "respondent"},
    {"replicate_weight", "respondent_id", "respondent"},
};

dk_status distribute_check(struct pg_db *db, bool wanted, bool *there, struct dk_error *err)
{
    PGresult *result;

    if (pg_ask(db, "SELECT 1 FROM pg_catalog.pg_extension WHERE extname = 'citus'", &result, err) != DK_OK)
        return DK_ERROR;
    *there = pq.PQntuples(result) > 0;
    pq.PQclear(result);
    if (*there || !wanted)
        return DK_OK;
    dk_fail(err, DK_USAGE, "the database has no nodes to distribute tables over: the extension citus is not in it");
    dk_hint(
        err,
        "CREATE EXTENSION citus on every node, then citus_add_node (scripts/guide/SERVER.md); or leave --distribute out");
    return DK_ERROR;
}

dk_status distribute_tables(struct pg_db *db, const struct model *model, struct dk_error *err)
{
    struct dk_buffer sql = {0};
    dk_status status;

    for (size_t i = 0; i < model_count(model); i++) {
        const char *name = model_at(model, i)->name;
        bool cut = false;

        for (size_t j = 0; j < sizeof shards / sizeof shards[0]; j++)
            cut = cut || strcmp(shards[j].table, name) == 0;
        if (!cut)
            dk_buffer_format(&sql, "SELECT create_reference_table('%s'); ", name);
    }
    for (size_t j = 0; j < sizeof shards / sizeof shards[0]; j++)
        dk_buffer_format(&sql, "SELECT create_distributed_table('%s', '%s', colocate_with => '%s'); ", shards[j].table,
                         shards[j].column, shards[j].beside);
    status = pg_ask_each(db, sql.bytes, err);
    dk_buffer_free(&sql);
    return status;
}
