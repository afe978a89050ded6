/*
 * union.c: accounts that share an attribute are one hand; five or more of them are suspended.
 *
 * Model: at the end of every day (UTC) accounts are joined that show the same payment instrument, device or sign-up address,
 *   ever, or sent from the same address on that day. An object that more than 50 accounts show joins nobody (carrier NAT).
 *   Sets of at least five accounts are suspended whole.
 * Source: what peers do: Stringhini et al., "EvilCohort: detecting communities of malicious accounts on online services",
 *   USENIX Security 2015 (accounts by shared addresses, a day at a time); pollinations, abuse-detection (identity
 *   signals in batches); Glasswally (clusters merge on one shared attribute). Five: hunts for AA26-251A look for an
 *   address with more than 5 accounts. Deviation: EvilCohort weighs shared addresses and finds communities by modularity;
 *   this is the naive version, whose sets grow through any one shared object. The 50 is ours.
 * Threshold: smallest set that is suspended.
 * Memory: 16 edges an account; sign-up facts stay, addresses of a day go with it.
 * Cost: linear in the edges, once a day.
 * Benign look-alikes: family and company cards, offices, universities, VPN exits. Evasion: one address and card an account.
 */
#include "rival/daily.h"
#include "rival/edges.h"
#include "rival/kinds.h"
#include "rival/sets.h"

#include "base/mix.h"

#include <stdlib.h>

enum { CROWD = 50, SMALLEST = 5, EDGES_EACH = 16 };

enum shared_kind { SHARED_PAYMENT = 1, SHARED_DEVICE, SHARED_SIGNUP, SHARED_ADDRESS };

struct detector {
    struct daily daily;
    struct edges facts, addresses;
    size_t smallest;
};

static void union_close(struct detector *d)
{
    if (!d)
        return;
    daily_fini(&d->daily);
    edges_fini(&d->facts);
    edges_fini(&d->addresses);
    free(d);
}

static enum status union_open(
    const struct detector_config *config, const struct detector_sink *sink, struct detector **ret_detector)
{
    enum status st = STATUS_OK;
    struct detector *d = calloc(1, sizeof *d);
    REQUIRE(d, STATUS_NOMEM);
    size_t accounts_max = daily_init(&d->daily, config, sink);
    d->smallest = config->threshold >= 2 ? (size_t)config->threshold : SMALLEST;
    edges_init(&d->facts, accounts_max * EDGES_EACH);
    edges_init(&d->addresses, accounts_max * EDGES_EACH);
    *ret_detector = d;
fail:
    return st;
}

static enum status show(struct edges *edges, enum shared_kind kind, uint64_t hash, uint32_t account)
{
    static const uint64_t salt = UINT64_C(0x9e3779b97f4a7c15);
    struct edge *edge;
    return edges_add(edges, hash ? mix_fold(hash, salt * (uint64_t)kind) : 0, account, &edge);
}

static enum status take_record(struct detector *d, const struct record *record)
{
    enum status st = STATUS_OK;
    uint32_t account;
    if (record->kind != RECORD_EXCHANGE && record->kind != RECORD_ACCOUNT)
        return STATUS_OK;
    TRY(ids_add(&d->daily.accounts, record->account, &account));
    if (account == MAP_NONE)
        return STATUS_OK;
    if (record->kind == RECORD_EXCHANGE)
        return show(&d->addresses, SHARED_ADDRESS, record->exchange.ip, account);
    TRY(show(&d->facts, SHARED_PAYMENT, record->account_facts.payment, account));
    TRY(show(&d->facts, SHARED_DEVICE, record->account_facts.device, account));
    TRY(show(&d->facts, SHARED_SIGNUP, record->account_facts.signup_ip, account));
fail:
    return st;
}

static enum status join_all(const struct edges *edges, struct sets *sets)
{
    enum status st = STATUS_OK;
    uint32_t *start = NULL;
    uint32_t *order = NULL;
    TRY(edges_by_object(edges, &start, &order));
    for (size_t o = 0; o < edges->objects.n; o++)
        for (uint32_t i = start[o] + 1; i < start[o + 1] && start[o + 1] - start[o] <= CROWD; i++)
            sets_join(sets, edges->items[order[start[o]]].account, edges->items[order[i]].account);
fail:
    free(start);
    free(order);
    return st;
}

static enum status report_set(void *context, const uint32_t *numbers, size_t n)
{
    struct detector *d = context;
    return daily_report(&d->daily, numbers, n);
}

static enum status end_day(struct detector *d)
{
    enum status st = STATUS_OK;
    struct sets sets;
    TRY(sets_init(&sets, d->daily.accounts.n));
    TRY(join_all(&d->facts, &sets));
    TRY(join_all(&d->addresses, &sets));
    TRY(sets_list(&sets, d->smallest, d, report_set));
    edges_clear(&d->addresses);
fail:
    sets_fini(&sets);
    return st;
}

static enum status union_batch(struct detector *d, const struct detector_batch *batch)
{
    return daily_batch(&d->daily, batch, d, take_record);
}

static enum status union_tick(struct detector *d, int64_t now_ms)
{
    if (!daily_is_over(&d->daily, now_ms))
        return STATUS_OK;
    d->daily.day = now_ms / DAILY_MS;
    return end_day(d);
}

static enum status union_finish(struct detector *d)
{
    return end_day(d);
}

static enum status union_groups(const struct detector *d, void *context, detector_group_each each)
{
    return ledger_groups(&d->daily.ledger, context, each);
}

static uint64_t union_state_bytes(const struct detector *d)
{
    return sizeof *d + daily_bytes(&d->daily) + edges_bytes(&d->facts) + edges_bytes(&d->addresses);
}

const struct detector_kind union_kind = {
    .name = "union",
    .summary =
        "sets of accounts that share a card, device or address (as EvilCohort, 2015); threshold: their size",
    .open = union_open,
    .batch = union_batch,
    .tick = union_tick,
    .finish = union_finish,
    .groups = union_groups,
    .state_bytes = union_state_bytes,
    .close = union_close,
};
