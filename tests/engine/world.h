/*
 * world.h: records made by hand, without any text: people, and a team that shares a frame and cards.
 *
 * Model: accounts are numbers; hashes are mixed from them. Facts of every account come first, then twelve hours of
 *   exchanges in the order of a log: roughly by time, up to ten seconds out of order.
 */
#ifndef TESTS_ENGINE_WORLD_H
#define TESTS_ENGINE_WORLD_H

#include "engine/engine.h"
#include "support/random.h"
#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000)
#define HOUR (3600 * SECOND)
#define T0 (INT64_C(472000) * HOUR)

struct world {
    struct record *records;
    size_t n, capacity;
};

/* SplitMix64's finaliser: small numbers to hashes. */
static inline uint64_t hashed(uint64_t n)
{
    struct test_random random = { n };
    return test_random_u64(&random) | 1;
}

static inline struct record *world_next(struct world *world, uint64_t account, int64_t time_ms)
{
    assert_true(world->n < world->capacity);
    struct record *record = &world->records[world->n++];
    memset(record, 0, sizeof *record);
    record->time_ms = time_ms;
    record->account = hashed(account);
    return record;
}

static inline void world_facts(struct world *world, uint64_t account, uint64_t card)
{
    struct record *record = world_next(world, account, T0);
    record->kind = RECORD_ACCOUNT;
    record->account_facts.created_ms = -1;
    record->account_facts.reseller = -1;
    record->account_facts.country = 'U' << 8 | 'S';
    record->account_facts.payment = hashed(1000000 + card);
}

/* The task `slot`, worded like no other, in the prompt `frame`. */
static inline void world_exchange(
    struct world *world, uint64_t account, int64_t time_ms, uint64_t frame, uint64_t slot)
{
    struct record *record = world_next(world, account, time_ms);
    record->exchange.status = 200;
    record->exchange.input_tok = 900;
    record->exchange.output_tok = 400;
    record->exchange.system.id = hashed(2000000 + frame);
    record->exchange.lead[2] = hashed(3000000 + frame);
    record->exchange.user.id = hashed(4000000 + slot);
    record->exchange.slot = hashed(5000000 + slot);
    for (unsigned i = 0; i < sizeof record->exchange.user.minhash / sizeof *record->exchange.user.minhash;
         i++)
        record->exchange.user.minhash[i] = (uint16_t)hashed(7000000 + 64 * slot + i);
    record->exchange.ip = hashed(6000000 + account);
}

static inline void world_init(struct world *world, size_t capacity)
{
    *world = (struct world){ .capacity = capacity };
    world->records = calloc(capacity, sizeof *world->records);
    assert_non_null(world->records);
}

static inline void world_fini(struct world *world)
{
    free(world->records);
}

/* Accounts 1 to team pay with a card for eight each and use one frame; the people after them share nothing. */
static inline void world_fill(
    struct world *world, struct test_random *random, uint64_t team, uint64_t people, uint64_t exchanges)
{
    for (uint64_t account = 1; account <= team + people; account++)
        world_facts(world, account, account <= team ? (account - 1) / 8 : 1000 + account);
    for (uint64_t i = 0; i < exchanges; i++) {
        int64_t time_ms = T0 + (int64_t)i * 12 * HOUR / (int64_t)exchanges + 10 * SECOND -
                          (int64_t)test_random_below(random, 10000);
        bool of_team = test_random_below(random, 100) < 40;
        uint64_t account =
            of_team ? 1 + test_random_below(random, team) : team + 1 + test_random_below(random, people);
        world_exchange(world, account, time_ms, of_team ? 1 : 10 + account, i);
    }
}

/* What came out of a run, a line a decision. */
struct outcome {
    char *text;
    size_t n, capacity;
    size_t decisions, observed;
    enum status answer; /* of the sink */
};

static inline enum status outcome_decision(void *context, const struct decision *d, struct span account)
{
    struct outcome *outcome = context;
    char line[512];
    int n = snprintf(line, sizeof line, "%lld %lld %.*s %016llx %s %d %.6f %u %s\n", (long long)d->time_ms,
        (long long)d->expires_ms, (int)account.n, account.data ? account.data : "",
        (unsigned long long)d->campaign.value, action_name(d->action), d->mode, (double)d->confidence,
        d->families, d->reason);
    assert_in_range(n, 1, (int)sizeof line - 1);
    if (outcome->n + (size_t)n + 1 > outcome->capacity) {
        size_t wider = 2 * outcome->capacity + sizeof line;
        char *grown = realloc(outcome->text, wider);
        if (!grown)
            return STATUS_NOMEM;
        outcome->text = grown;
        outcome->capacity = wider;
    }
    memcpy(outcome->text + outcome->n, line, (size_t)n + 1);
    outcome->n += (size_t)n;
    outcome->decisions++;
    return outcome->answer;
}

static inline void outcome_observe(
    void *context, const struct record *record, const struct sighting *sightings, size_t n)
{
    struct outcome *outcome = context;
    for (size_t i = 0; i < n; i++)
        assert_int_equal(sightings[i].account, record->account);
    outcome->observed++;
}

static inline void outcome_fini(struct outcome *outcome)
{
    free(outcome->text);
    *outcome = (struct outcome){ 0 };
}

/* Gives the records to the engine in batches of at most `most` records, cut at random; 0: as large as they go. */
static inline enum status world_feed(
    const struct world *world, struct engine *engine, uint64_t most, struct test_random *random)
{
    enum status st = STATUS_OK;
    struct record_batch *batch = NULL;
    TRY(record_batch_new(&batch));
    for (size_t i = 0; i < world->n;) {
        size_t take = most ? 1 + test_random_below(random, most) : BATCH_RECORDS_MAX;
        record_batch_reset(batch);
        for (; take > 0 && i < world->n; take--, i++) {
            struct record *record;
            char name[32];
            int n =
                snprintf(name, sizeof name, "acct_%016llx", (unsigned long long)world->records[i].account);
            TRY(record_batch_next(batch, &record));
            *record = world->records[i];
            record_batch_commit(batch);
            TRY(record_batch_name(batch, record->account, (struct span){ name, (size_t)n }));
        }
        TRY(engine_batch(engine, batch));
    }
    TRY(engine_finish(engine));
fail:
    record_batch_free(batch);
    return st;
}

#endif
