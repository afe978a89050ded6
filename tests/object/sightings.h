/* sightings.h: short ways to write sightings, for the tests of this folder. */
#ifndef TESTS_OBJECT_SIGHTINGS_H
#define TESTS_OBJECT_SIGHTINGS_H

#include "object/object.h"
#include "support/test.h"

#define T0 INT64_C(1700000000000)
#define SECOND INT64_C(1000)
#define HOUR (3600 * SECOND)
#define DAY (24 * HOUR)

static inline struct sighting show(enum object_kind kind, uint64_t object, uint64_t account, int64_t time_ms)
{
    return (struct sighting){ .account = account,
        .object = object,
        .payer = account,
        .time_ms = time_ms,
        .kind = (uint8_t)kind,
        .verb = VERB_SHOW };
}

static inline struct sighting direct(
    enum object_kind kind, enum sighting_verb verb, uint64_t object, uint64_t account, int64_t time_ms)
{
    struct sighting sighting = show(kind, object, account, time_ms);
    sighting.verb = (uint8_t)verb;
    return sighting;
}

static inline struct object_table *new_table(void)
{
    struct object_config config = {
        .singles_bytes = 1 << 20, .shared_bytes = 1 << 20, .issued_bytes = 1 << 20
    };
    struct object_table *table;
    assert_ok(object_table_new(&config, &table));
    return table;
}

/* Applies one sighting; how many ties it makes, the first of them in ret_tie (may be NULL). */
static inline size_t apply(struct object_table *table, struct sighting sighting,
    const struct population *population, struct tie *ret_tie)
{
    struct tie_list ties = { 0 };
    assert_ok(object_apply(table, &sighting, 1, population, &ties));
    size_t n = ties.n;
    if (n && ret_tie)
        *ret_tie = ties.items[0];
    tie_list_fini(&ties);
    return n;
}

static inline uint64_t next_random(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005U + 1442695040888963407U;
    uint64_t x = *seed ^ *seed >> 29;
    x *= 0xbf58476d1ce4e5b9U;
    return x ^ x >> 32;
}

static inline uint32_t below(uint64_t *seed, uint32_t n)
{
    return (uint32_t)((next_random(seed) >> 32) * n >> 32);
}

#endif
