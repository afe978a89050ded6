#include "service/service_state.h"

#include "record/codec.h"

#include <stdlib.h>

static enum status fault(struct service *service, const char *reason, struct diag *diag)
{
    diag->file = service->journal_folder;
    diag_set(diag, "", "%s", reason);
    return STATUS_BAD;
}

static enum status apply(struct service *service, const struct journal_block *block, struct diag *diag)
{
    enum status st = STATUS_OK;
    if (block->kind == JOURNAL_POLICY)
        return service_take_policy(service, block->payload, diag);
    if (!service->engine)
        return fault(service, "it does not begin with a policy", diag);
    record_batch_reset(service->batch);
    TRY(record_items_decode(block->payload, service->batch, diag));
    TRY(engine_batch(service->engine, service->batch));
    service->stats.replayed += service->batch->n;
fail:
    return st;
}

/* The engine is where it was, or new where the journal is; what the operator changed meanwhile counts from here. */
static enum status finish(struct service *service, struct diag *diag)
{
    enum status st = STATUS_OK;
    struct span text = { 0 };
    TRY(service_read_policy(&service->config, &text, diag));
    if (!service->engine || !span_eq(buffer_span(&service->policy_text), text))
        TRY(service_change_policy(service, text, diag));
    journal_reader_free(service->reader);
    service->reader = NULL;
    service->silent = false;
    service->decided = journal_end(service->journal);
    service->dirty = true; /* the number of starts */
    service->stats.ready = true;
    st = STATUS_END;
fail:
    free((void *)(uintptr_t)text.data);
    return st;
}

enum status service_replay(struct service *service, struct diag *diag)
{
    enum status st = STATUS_OK;
    struct journal_block block;
    if (!service->reader)
        return STATUS_END;
    *diag = (struct diag){ 0 };
    service->silent = journal_is_before(journal_reader_place(service->reader), service->known_until);
    journal_reader_extend(service->reader, journal_end(service->journal)); /* rounds go on meanwhile */
    st = journal_reader_next(service->reader, &block, diag);
    service_keep_fault(service, diag);
    if (st == STATUS_END)
        return finish(service, diag);
    TRY(st);
    st = apply(service, &block, diag);
    if (st == STATUS_OK && !service->silent) {
        service->decided = journal_reader_place(service->reader);
        service->dirty = true;
    }
    if (st != STATUS_OK && !diag->file)
        diag->file = service->journal_folder;
fail:
    return st;
}
