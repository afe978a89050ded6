/*
 * engine.h: runs stages 2 to 5 in ticks of event time: records in, decisions out.
 *
 * Model: records are put in order over `late_ms` (a record that is later than that is counted and takes the
 *   current time); when time has passed a tick's end by late_ms, the tick is closed: accounts by partition (in
 *   parallel), their sightings to objects by partition (in parallel), ties to campaigns, verdicts and usage to
 *   policy. Ticks that are closed in one call go through accounts and objects together (stages.h), which shows
 *   in nothing that comes out. Partitions are fixed in number and merged in their order, so that neither threads nor the way the
 *   log was cut change a byte of what comes out.
 * Shapes: ENGINE_PARTITIONS partitions each of accounts and of objects; event time in ms.
 * Memory: everything sized from engine_config at start; engine_budget tells it beforehand.
 * Errors: STATUS_NOMEM, and whatever the sink returns; the engine is then only good for engine_free.
 * Order of calls: new, (batch)*, finish, then the accessors, free.
 * Threads: one caller at a time; n_threads inside.
 */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include "account/account.h"
#include "campaign/campaign.h"
#include "engine/timeline.h"
#include "object/object.h"
#include "policy/policy.h"
#include "record/batch.h"

enum { ENGINE_PARTITIONS = 4 };

struct engine_config {
    unsigned n_threads;    /* 0: 1 */
    uint32_t accounts_max; /* 0: 1,000,000 */
    size_t issued_bytes;   /* 0: 256 MiB: 16 million anchors */
    size_t pending_max;    /* records held back for order; 0: 65,536; beyond it ticks close early, counted */
    int64_t tick_ms;       /* 0: 10 s */
    int64_t late_ms;       /* 0: 10 s */
    const struct policy *policy; /* borrowed */
};

struct engine_sink {
    void *context;
    /* In order. account is the provider's id, empty if it is no longer known. */
    MUST_CHECK enum status (*decision)(void *context, const struct decision *decision, struct span account);
    /* May be NULL. Every record as the accounts stage takes it, with what it made of it; for explain. */
    void (*observe)(void *context, const struct record *record, const struct sighting *sightings, size_t n);
};

struct engine_stats {
    uint64_t records, exchanges, late, ticks, ticks_forced;
    int64_t first_ms, last_ms;
    struct account_stats accounts;
    struct object_stats objects;
    struct campaign_stats campaigns;
    uint64_t policy_bytes, names_bytes, pending_bytes;
    uint64_t decisions[ACTION_COUNT];
    uint64_t accounts_contained; /* at the end */
};

struct engine;

/* Bytes that will be reserved (not touched) at start, issued-output anchors included. */
size_t engine_budget(const struct engine_config *config);

/* Bytes that campaign graph, names and policy may grow to beside that, as accounts come. */
size_t engine_growth(const struct engine_config *config);

MUST_CHECK enum status engine_new(
    const struct engine_config *config, const struct engine_sink *sink, struct engine **ret_engine);
void engine_free(struct engine *engine);

MUST_CHECK enum status engine_batch(struct engine *engine, const struct record_batch *batch);
/*
 * Goes on under another policy, borrowed as the first, which may be freed then. Ticks that are not closed yet are decided
 * by it; what is in force stays until it expires. The same records and policies at the same places: the same decisions.
 */
void engine_take_policy(struct engine *engine, const struct policy *policy);
/* Closes what is pending and measures campaigns a last time. */
MUST_CHECK enum status engine_finish(struct engine *engine);

void engine_stats(const struct engine *engine, struct engine_stats *ret_stats);
size_t engine_campaigns(const struct engine *engine);
const struct campaign *engine_campaign_at(const struct engine *engine, size_t i);
const struct campaign *engine_campaign_of(const struct engine *engine, uint64_t account);
struct span engine_name(const struct engine *engine, uint64_t account);
MUST_CHECK enum status engine_account(
    const struct engine *engine, uint64_t account, struct account_profile *ret_profile);
MUST_CHECK enum status engine_object(
    const struct engine *engine, uint64_t object, struct object_profile *ret_profile);
enum action engine_in_force(const struct engine *engine, uint64_t account);
void engine_population(const struct engine *engine, struct population *ret_population);
/* Exchanges of a campaign's members from the time each was first under suspicion. */
const struct timeline *engine_timeline(const struct engine *engine, struct campaign_id campaign);

#endif
