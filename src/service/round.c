#include "service/service_state.h"

#include "base/fault.h"
#include "record/codec.h"

#include <errno.h>

enum { ROUND_BLOCKS = 8 };

static const int64_t scan_every_ms = 1000, clean_every_ms = 3600000, sweep_every_ms = 3600000;
static const int64_t sweep_after_ms = INT64_C(24) * 3600 * 1000; /* beyond the expiry */

/*
 * What both clock and events say has come, -1 before the first event: no event ends a decision before the clock does, and no
 * clock that was set ahead has anything dropped before the events come there.
 */
static int64_t come_ms(const struct service *service)
{
    struct engine_stats stats;
    engine_stats(service->engine, &stats);
    return stats.last_ms < service->now_ms ? stats.last_ms : service->now_ms;
}

/* Once an hour of event time: so that it does not matter when the service was awake. */
static enum status sweep(struct service *service, struct diag *diag)
{
    enum status st = STATUS_OK;
    size_t n = 0;
    if (!service->stats.ready)
        return STATUS_OK;
    int64_t time_ms = come_ms(service);
    if (time_ms < 0 || (service->swept_ms != INT64_MIN && time_ms - service->swept_ms < sweep_every_ms))
        return STATUS_OK;
    TRY(publish_sweep(service->table, time_ms - sweep_after_ms, &n));
    service->stats.swept += n;
    if (n < SWEEP_MAX)
        service->swept_ms = time_ms;
fail:
    if (st != STATUS_OK)
        diag_set(diag, "table", "expired decisions: %s", status_text(st));
    return st;
}

struct writing {
    struct service *service;
    struct diag *diag;
    enum status st;
};

static void write_all(void *data)
{
    enum status st = STATUS_OK;
    struct writing *writing = data;
    struct service *service = writing->service;
    uint8_t bytes[STATE_BYTES_MAX];
    struct span state = { (const char *)bytes, state_encode(&service->next, bytes) };
    TRY(table_write_begin(service->table));
    TRY(table_put_state(service->table, STATE_NAME, state));
    TRY(publisher_write(&service->publisher, service->table));
    TRY(sweep(service, writing->diag));
    TRY(table_write_commit(service->table));
    writing->st = STATUS_OK;
    return;
fail:
    table_write_abort(service->table);
    writing->st = st;
}

/* Places in the rings come first: they are guarded by themselves. */
static enum status write_table(struct service *service, struct diag *diag)
{
    struct writing writing = { service, diag, STATUS_BAD };
    service->next.starts = service->committed.starts;
    service->next.journal = journal_end(service->journal);
    service->next.decided = service->decided;
    spool_places(service->spool, &service->committed, &service->next);
    if (!fault_guarded(write_all, &writing))
        return service_lost_table(service, diag);
    if (writing.st == STATUS_BAD)
        diag_set(diag, "table", "%s", TABLE_DAMAGED);
    else if (writing.st != STATUS_OK && !diag->reason[0])
        diag_set(
            diag, "table", "%s", writing.st == STATUS_FULL ? "its map is full" : status_text(writing.st));
    return writing.st;
}

enum status service_commit(struct service *service, struct diag *diag)
{
    enum status st = STATUS_OK;
    diag->file = service->config.state;
    if (journal_sync(service->journal) != STATUS_OK) {
        diag_set(diag, "journal", "cannot be synced: %s", strerror(errno));
        return STATUS_IO;
    }
    st = write_table(service, diag);
    if (st == STATUS_NOMEM || st == STATUS_BAD)
        return st;
    if (st != STATUS_OK)
        return STATUS_FULL;
    service->committed = service->next;
    publisher_done(&service->publisher);
    spool_release(service->spool);
    service->dirty = false;
    service->stats.commits++;
    return STATUS_OK;
}

/* Entries into one block and its batch. What is no record stays out of both. */
static enum status fill_block(struct service *service, size_t *ret_n)
{
    enum status st = STATUS_OK;
    struct span items;
    size_t n = 0;
    record_batch_reset(service->batch);
    while (n < SERVICE_BLOCK && service->batch->n < SERVICE_BLOCK_RECORDS) {
        st = spool_peek(service->spool, &items);
        if (st == STATUS_END)
            break;
        TRY(st);
        memcpy(service->block + n, items.data, items.n);
        struct span copy = { (const char *)service->block + n, items.n };
        st = record_items_decode(copy, service->batch, NULL);
        REQUIRE(st != STATUS_NOMEM, st);
        service->stats.bad_entries += st != STATUS_OK;
        n += st == STATUS_OK ? items.n : 0;
        spool_take(service->spool);
        service->dirty = true;
    }
    *ret_n = n;
    st = STATUS_OK;
fail:
    return st;
}

static enum status turn_when_due(struct service *service, int64_t now_ms)
{
    enum status st = STATUS_OK;
    if (!service->stats.ready || !journal_is_due(service->journal, now_ms))
        return STATUS_OK; /* during a replay the policy in force is not that of the journal's end */
    TRY(journal_turn(service->journal, now_ms));
    st = service_journal_policy(service,
        buffer_span(
            &service->policy_text)); /* so that a journal whose beginning was dropped begins with one */
fail:
    return st;
}

/* STATUS_END: nothing waits. STATUS_FULL: the disk would not take it; what was taken comes again. */
static enum status take_block(struct service *service, int64_t now_ms, struct diag *diag)
{
    enum status st = STATUS_OK;
    size_t n;
    st = turn_when_due(service, now_ms);
    if (st == STATUS_OK)
        TRY(fill_block(service, &n));
    struct journal_block block = { JOURNAL_ITEMS, (uint32_t)service->batch->n,
        { (const char *)service->block, st == STATUS_OK ? n : 0 } };
    if (st == STATUS_OK && n > 0)
        st = journal_append(service->journal, &block);
    if (st != STATUS_OK) {
        diag->file = service->journal_folder;
        diag_set(diag, "", "cannot be written: %s", strerror(errno));
        spool_rewind(service->spool);
        return STATUS_FULL;
    }
    spool_keep(service->spool);
    if (n == 0)
        return STATUS_END;
    if (!service->stats.ready)
        return STATUS_OK; /* the replay will come to it */
    TRY(engine_batch(service->engine, service->batch));
    service->decided = journal_end(service->journal);
fail:
    return st;
}

void service_look_anew(struct service *service)
{
    service->scanned_ms = INT64_MIN;
}

static enum status tidy(struct service *service, int64_t now_ms, struct diag *diag)
{
    enum status st = STATUS_OK;
    if (service->scanned_ms == INT64_MIN || now_ms - service->scanned_ms >= scan_every_ms ||
        now_ms < service->scanned_ms) {
        TRY(spool_scan(service->spool, &service->committed, diag));
        service->scanned_ms = now_ms;
    }
    if (!service->stats.ready)
        return STATUS_OK; /* the replay reads old segments still */
    if (service->cleaned_ms == INT64_MIN || now_ms - service->cleaned_ms >= clean_every_ms ||
        now_ms < service->cleaned_ms) {
        journal_drop_before(service->journal, come_ms(service) - service->config.retention_ms);
        service->cleaned_ms = now_ms;
    }
fail:
    return st;
}

static enum status stall(struct service *service, enum status st)
{
    service->stats.stalled += st == STATUS_FULL;
    return st == STATUS_FULL ? STATUS_OK : st;
}

enum status service_round(struct service *service, int64_t now_ms, bool *ret_more, struct diag *diag)
{
    enum status st = STATUS_OK, taken = STATUS_OK;
    *diag = (struct diag){ 0 };
    *ret_more = false;
    service->stats.rounds++;
    service->now_ms = now_ms;
    if (service->dirty) { /* a commit that failed comes before more of the same */
        st = service_commit(service, diag);
        if (st != STATUS_OK)
            return stall(service, st);
    }
    st = tidy(service, now_ms, diag);
    if (st != STATUS_OK)
        service_keep_fault(service, diag);
    if (st != STATUS_OK)
        return stall(service, STATUS_FULL);
    for (unsigned i = 0; i < ROUND_BLOCKS && taken == STATUS_OK; i++)
        taken = take_block(service, now_ms, diag);
    if (taken != STATUS_OK && taken != STATUS_END && taken != STATUS_FULL)
        return taken;
    *ret_more = taken == STATUS_OK;
    if (service->dirty)
        st = service_commit(service, diag);
    return stall(service, st == STATUS_OK && taken == STATUS_FULL ? STATUS_FULL : st);
}
