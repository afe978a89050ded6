/*
 * seat.c: SEAT: an account that sends too many queries that resemble its own earlier ones is cancelled.
 *
 * Model: a query that lies within delta of one that the account sent before makes a similar pair, once; after more than
 *   PAIRS pairs the account is cancelled. delta is where PAIR_RATE of the pairs of benign queries are nearer.
 * Source: Zhang, Chen, Wagner, "SEAT: similarity encoder by adversarial training for detecting model extraction attack
 *   queries", AISec 2021. We have not read the paper's body: the rule (a query counts once, the alarm comes after N pairs)
 *   and the parameters, 50 pairs and a false-positive rate of 1e-4 a pair, are those of public reimplementations.
 *   Deviations: hashed n-grams in place of the adversarially trained encoder (query.h); an account's newest
 *   STORED queries are compared, not all.
 * Calibration: delta on the pairs of the first day's queries of all accounts (reference.h); nobody is cancelled before.
 *   Where more than PAIR_RATE of these pairs are equal texts, delta is 0: only repetitions count.
 * Threshold: number of pairs.
 * Memory: 32 bytes an account and 64 a stored query, at most STORED an account.
 * Cost: one comparison a stored query, 0.8 us for STORED of them.
 * Benign look-alikes: whoever sends one template over and over: ETL, evaluations, support bots. Evasion: more accounts,
 *   which is what the paper measures (3.8 to 16 times the cost), and any source of unlike queries.
 */
#include "rival/history.h"
#include "rival/ids.h"
#include "rival/kinds.h"
#include "rival/reference.h"

#include <stdlib.h>

enum { PAIRS = 50, STORED = 256, ACCOUNTS_DEFAULT = 1000000 };
static const double pair_rate = 1e-4;

struct customer {
    struct history history;
    uint32_t pairs;
    bool cancelled;
};

struct detector {
    struct detector_sink sink;
    struct ids accounts;
    struct customer *customers; /* by account */
    size_t capacity;
    uint64_t stored; /* vectors, all accounts */
    struct reference reference;
    bool calibrated;
    uint32_t delta; /* squared, as query_distance */
    double most_pairs;
};

static void seat_close(struct detector *d)
{
    if (!d)
        return;
    for (size_t i = 0; i < d->capacity; i++)
        history_fini(&d->customers[i].history);
    free(d->customers);
    ids_fini(&d->accounts);
    reference_fini(&d->reference);
    free(d);
}

static enum status seat_open(
    const struct detector_config *config, const struct detector_sink *sink, struct detector **ret_detector)
{
    enum status st = STATUS_OK;
    struct detector *d = calloc(1, sizeof *d);
    REQUIRE(d, STATUS_NOMEM);
    d->sink = *sink;
    d->most_pairs = config->threshold > 0 ? config->threshold : PAIRS;
    ids_init(&d->accounts, config->accounts_max ? config->accounts_max : ACCOUNTS_DEFAULT);
    TRY(reference_init(&d->reference));
    *ret_detector = d;
    return st;
fail:
    seat_close(d);
    return st;
}

static enum status take_query(struct detector *d, const struct record *record, const struct query *query)
{
    enum status st = STATUS_OK;
    uint32_t account;
    if (reference_add(&d->reference, record->time_ms, query->vector) && !d->calibrated) {
        TRY(reference_pair_quantile(&d->reference, pair_rate, &d->delta));
        d->calibrated = true;
    }
    TRY(ids_add(&d->accounts, record->account, &account));
    if (account == MAP_NONE)
        return STATUS_OK;
    TRY(ids_widen((void **)&d->customers, &d->capacity, account + (size_t)1, sizeof *d->customers));
    struct customer *customer = &d->customers[account];
    if (customer->cancelled)
        return STATUS_OK;
    if (d->calibrated && history_nearest(&customer->history, query->vector) <= d->delta)
        customer->pairs++;
    d->stored -= customer->history.capacity;
    TRY(history_push(&customer->history, query->vector, STORED));
    d->stored += customer->history.capacity;
    if (customer->pairs <= d->most_pairs)
        return STATUS_OK;
    customer->cancelled = true;
    d->stored -= customer->history.capacity;
    history_fini(&customer->history);
    TRY(d->sink.detection(d->sink.context,
        &(struct detection){
            .time_ms = record->time_ms, .account = record->account, .action = ACTION_SUSPEND }));
fail:
    return st;
}

static enum status seat_batch(struct detector *d, const struct detector_batch *batch)
{
    return detector_each_query(batch, d, take_query);
}

static uint64_t seat_state_bytes(const struct detector *d)
{
    return sizeof *d + ids_bytes(&d->accounts) + d->capacity * sizeof *d->customers +
           (d->stored + REFERENCE_MOST) * QUERY_DIMS;
}

const struct detector_kind seat_kind = {
    .name = "seat",
    .summary = "similar pairs of an account's queries (Zhang et al., SEAT, 2021); threshold: pairs",
    .wants_queries = true,
    .open = seat_open,
    .batch = seat_batch,
    .state_bytes = seat_state_bytes,
    .close = seat_close,
};
