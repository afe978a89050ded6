#include "rival/detector.h"

#include "rival/kinds.h"
#include "rival/query.h"

static const struct detector_kind *const kinds[] = {
    &none_kind,
    &stillwatch_kind,
    &rate_kind,
    &union_kind,
    &synchrotrap_kind,
    &fraudar_kind,
    &prada_kind,
    &seat_kind,
    &mmd_kind,
    &mmd_100_kind,
    &mmd_tenant_kind,
    &opening_kind,
    &linkconfirm_kind,
    &no_identity_kind,
    &no_network_kind,
    &no_content_kind,
    &no_timing_kind,
    &no_provenance_kind,
    NULL,
};

const struct detector_kind *detector_kind_at(size_t i)
{
    for (size_t k = 0; kinds[k]; k++)
        if (k == i)
            return kinds[k];
    return NULL;
}

const struct detector_kind *detector_kind_find(struct span name)
{
    for (size_t k = 0; kinds[k]; k++)
        if (span_is(name, kinds[k]->name))
            return kinds[k];
    return NULL;
}

enum status detector_each_query(
    const struct detector_batch *batch, struct detector *detector, detector_take_query take)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; i < batch->records->n; i++)
        if (batch->records->records[i].kind == RECORD_EXCHANGE && batch->queries[i].n_words > 0)
            TRY(take(detector, &batch->records->records[i], &batch->queries[i]));
fail:
    return st;
}
