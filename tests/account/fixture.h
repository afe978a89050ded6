/*
 * fixture.h: a table, its lists and records made by hand.
 *
 * Model: every helper makes one record of the least kind; the test sets what it is about. Hashes are mixed from
 *   small numbers, so that tests read as "slot 3".
 */
#ifndef TESTS_ACCOUNT_FIXTURE_H
#define TESTS_ACCOUNT_FIXTURE_H

#include "account/account_state.h"
#include "support/test.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A midnight UTC that begins a 28-day period. */
#define T0 (INT64_C(20552) * DAY_MS)

struct fixture {
    struct account_table *table;
    struct sighting_list sightings;
    struct usage_list usages;
    uint64_t evicted;
};

/* SplitMix64: small numbers to hashes. */
static inline uint64_t hashed(uint64_t n)
{
    uint64_t x = (n + 1) * UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

static inline uint64_t random_next(uint64_t *seed)
{
    return hashed((*seed)++);
}

static inline struct fixture fixture_new(uint32_t capacity)
{
    struct fixture f = { 0 };
    assert_ok(account_table_new(&(struct account_config){ .capacity = capacity }, &f.table));
    return f;
}

static inline void fixture_free(struct fixture *f)
{
    account_table_free(f->table);
    sighting_list_fini(&f->sightings);
    usage_list_fini(&f->usages);
}

static inline struct record exchange_at(uint64_t account, int64_t time_ms)
{
    struct record record = { .time_ms = time_ms, .account = account, .kind = RECORD_EXCHANGE };
    record.exchange.status = 200;
    return record;
}

/* With a frame and a slot: the task `slot` put into the template `frame`. */
static inline struct record task_at(uint64_t account, int64_t time_ms, uint64_t frame, uint64_t slot)
{
    struct record record = exchange_at(account, time_ms);
    record.exchange.system.id = hashed(1000000 + frame);
    record.exchange.user.id = hashed(2000000 + slot);
    record.exchange.slot = hashed(3000000 + slot);
    return record;
}

static inline struct record facts_at(uint64_t account, int64_t time_ms)
{
    struct record record = { .time_ms = time_ms, .account = account, .kind = RECORD_ACCOUNT };
    record.account_facts.created_ms = -1;
    record.account_facts.reseller = -1;
    return record;
}

static inline void apply(struct fixture *f, const struct record *record)
{
    assert_ok(account_apply(f->table, record, &f->sightings, &f->usages, &f->evicted));
}

/* As at the beginning of a tick. */
static inline void forget_sightings(struct fixture *f)
{
    f->sightings.n = 0;
    f->usages.n = 0;
}

static inline size_t count_sightings(const struct fixture *f, enum object_kind kind, enum sighting_verb verb)
{
    size_t n = 0;
    for (size_t i = 0; i < f->sightings.n; i++)
        n += f->sightings.items[i].kind == kind && f->sightings.items[i].verb == verb;
    return n;
}

static inline struct account_profile profile_at(const struct fixture *f, uint64_t account, int64_t now_ms)
{
    struct account_profile profile;
    assert_ok(account_profile(f->table, account, now_ms, &profile));
    return profile;
}

static inline void assert_near(double value, double wanted, double tolerance)
{
    if (!(fabs(value - wanted) <= tolerance))
        fail_msg("%g is not %g within %g", value, wanted, tolerance);
}

#endif
