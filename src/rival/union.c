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
#include "rival/edges.h"
#include "rival/kinds.h"
#include "rival/ledger.h"
#include "rival/sets.h"

#include "base/mix.h"

#include <stdlib.h>

enum { CROWD = 50, SMALLEST = 5, ACCOUNTS_DEFAULT = 1000000, EDGES_EACH = 16 };
static const int64_t day_ms = INT64_C(86400000);

enum shared_kind { SHARED_PAYMENT = 1, SHARED_DEVICE, SHARED_SIGNUP, SHARED_ADDRESS };

struct detector {
    struct detector_sink sink;
    struct ids accounts;
    struct edges facts, addresses;
    struct ledger ledger;
    size_t smallest;
    int64_t day, now_ms; /* day -1: no record yet */
    uint64_t *cluster;   /* scratch */
    size_t cluster_capacity;
};

static void union_close(struct detector *d)
{
    if (!d)
        return;
    ids_fini(&d->accounts);
    edges_fini(&d->facts);
    edges_fini(&d->addresses);
    ledger_fini(&d->ledger);
    free(d->cluster);
    free(d);
}

static enum status union_open(
    const struct detector_config *config, const struct detector_sink *sink, struct detector **ret_detector)
{
    enum status st = STATUS_OK;
    size_t accounts_max = config->accounts_max ? config->accounts_max : ACCOUNTS_DEFAULT;
    struct detector *d = calloc(1, sizeof *d);
    REQUIRE(d, STATUS_NOMEM);
    d->sink = *sink;
    d->smallest = config->threshold >= 2 ? (size_t)config->threshold : SMALLEST;
    d->day = -1;
    ids_init(&d->accounts, accounts_max);
    edges_init(&d->facts, accounts_max * EDGES_EACH);
    edges_init(&d->addresses, accounts_max * EDGES_EACH);
    ledger_init(&d->ledger, accounts_max);
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
    TRY(ids_add(&d->accounts, record->account, &account));
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
    enum status st = STATUS_OK;
    struct detector *d = context;
    TRY(ids_widen((void **)&d->cluster, &d->cluster_capacity, n, sizeof *d->cluster));
    for (size_t i = 0; i < n; i++)
        d->cluster[i] = d->accounts.hashes[numbers[i]];
    TRY(ledger_report(&d->ledger, d->cluster, n, d->now_ms, ACTION_SUSPEND, &d->sink));
fail:
    return st;
}

static enum status end_day(struct detector *d)
{
    enum status st = STATUS_OK;
    struct sets sets;
    TRY(sets_init(&sets, d->accounts.n));
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
    enum status st = STATUS_OK;
    for (size_t i = 0; i < batch->records->n; i++) {
        TRY(take_record(d, &batch->records->records[i]));
        d->now_ms = batch->records->records[i].time_ms;
    }
    if (d->day < 0 && batch->records->n > 0)
        d->day = batch->records->records[0].time_ms / day_ms;
fail:
    return st;
}

static enum status union_tick(struct detector *d, int64_t now_ms)
{
    enum status st = STATUS_OK;
    d->now_ms = now_ms;
    if (d->day < 0 || now_ms / day_ms == d->day)
        return STATUS_OK;
    d->day = now_ms / day_ms;
    TRY(end_day(d));
fail:
    return st;
}

static enum status union_finish(struct detector *d)
{
    return end_day(d);
}

static enum status union_groups(const struct detector *d, void *context, detector_group_each each)
{
    return ledger_groups(&d->ledger, context, each);
}

static uint64_t union_state_bytes(const struct detector *d)
{
    return sizeof *d + ids_bytes(&d->accounts) + edges_bytes(&d->facts) + edges_bytes(&d->addresses) +
           ledger_bytes(&d->ledger) + d->cluster_capacity * sizeof *d->cluster;
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
