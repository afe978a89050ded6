/*
 * crowd.h: sightings of a made-up crowd: accounts of skewed activity on objects of skewed popularity, by day and night, with
 *   days on which an object is everybody's; and crews among them.
 *
 * Model: 4,000 accounts act 1 to 128 times (half of those left stop at each doubling) on 400 objects, the product of two uniform
 *   numbers; two acts of three fall into the day's half. Names tell who is who: "u..." people, "c..." crews.
 */
#ifndef TESTS_LINK_CROWD_H
#define TESTS_LINK_CROWD_H

#include "link/acts.h"
#include "support/random.h"
#include "support/test.h"

#include <stdio.h>

enum { CROWD_PEOPLE = 4000, CROWD_OBJECTS = 400, CROWD_DAYS = 100 };
#define CROWD_START_MS INT64_C(1700006400000)
#define CROWD_DAY_MS INT64_C(86400000)

struct crowd {
    struct acts acts;
    struct test_random random;
};

static inline void crowd_act(struct crowd *c, char who, unsigned account, unsigned object, int64_t time_ms)
{
    char name[32];
    char thing[32];
    snprintf(name, sizeof name, "%c%u", who, account);
    snprintf(thing, sizeof thing, "o%u", object);
    assert_ok(acts_add(&c->acts, span_of(name), span_of(thing), (struct span){ 0 }, time_ms));
}

static inline int64_t crowd_time(struct crowd *c)
{
    int64_t day = (int64_t)test_random_below(&c->random, CROWD_DAYS);
    int64_t half = CROWD_DAY_MS / 2;
    int64_t within = (int64_t)test_random_below(&c->random, (uint64_t)half / 1000) * 1000;
    return CROWD_START_MS + day * CROWD_DAY_MS + within + (test_random_below(&c->random, 3) ? half : 0);
}

/* Low numbers are popular. */
static inline unsigned crowd_object(struct crowd *c)
{
    uint64_t once = test_random_below(&c->random, CROWD_OBJECTS);
    return (unsigned)(once * test_random_below(&c->random, CROWD_OBJECTS) / CROWD_OBJECTS);
}

static inline void crowd_init(struct crowd *c, uint64_t seed)
{
    *c = (struct crowd){ .random = { seed } };
    acts_init(&c->acts, &(struct acts_limits){ 1000000, 100000, 1000000 });
    for (unsigned account = 0; account < CROWD_PEOPLE; account++) {
        uint64_t n = 1;
        while (n < 128 && test_random_below(&c->random, 2))
            n *= 2;
        for (uint64_t i = 0; i < n; i++)
            crowd_act(c, 'u', account, crowd_object(c), crowd_time(c));
    }
}

static inline void crowd_fini(struct crowd *c)
{
    acts_fini(&c->acts);
}

/* Everybody's day: people as they come, whose other acts are elsewhere. */
static inline void crowd_hot_day(struct crowd *c, unsigned object, unsigned n)
{
    int64_t day_ms = CROWD_START_MS + (int64_t)test_random_below(&c->random, CROWD_DAYS) * CROWD_DAY_MS;
    /* By their acts: those who act more come more often. */
    for (unsigned i = 0; i < n; i++) {
        const struct act *act = &c->acts.items[test_random_below(&c->random, c->acts.n)];
        struct span name = roll_name(&c->acts.accounts, act->account);
        char text[32];
        char thing[32];
        snprintf(text, sizeof text, "%.*s", (int)name.n, name.data);
        snprintf(thing, sizeof thing, "o%u", object);
        assert_ok(acts_add(&c->acts, span_of(text), span_of(thing), (struct span){ 0 },
            day_ms + (int64_t)test_random_below(&c->random, (uint64_t)CROWD_DAY_MS)));
    }
}

/* n accounts from a number on act on an object within the width. */
static inline void crowd_drop(
    struct crowd *c, unsigned from, unsigned n, unsigned object, int64_t at_ms, int64_t width_ms)
{
    for (unsigned i = 0; i < n; i++)
        crowd_act(
            c, 'c', from + i, object, at_ms + (int64_t)test_random_below(&c->random, (uint64_t)width_ms));
}

/* A crew that meets on some quiet objects, each on a day of its own, and acts elsewhere as people do. */
static inline void crowd_crew(
    struct crowd *c, unsigned from, unsigned n, unsigned n_objects, unsigned camouflage)
{
    for (unsigned k = 0; k < n_objects; k++) {
        unsigned object = CROWD_OBJECTS * 3 / 4 + (unsigned)test_random_below(&c->random, CROWD_OBJECTS / 4);
        crowd_drop(c, from, n, object, crowd_time(c), CROWD_DAY_MS / 2);
    }
    for (unsigned i = 0; i < n; i++)
        for (unsigned k = 0; k < camouflage; k++)
            crowd_act(c, 'c', from + i, crowd_object(c), crowd_time(c));
}

/* The same crew, whose accounts come to its objects each at a time of its own. */
static inline void crowd_scattered_crew(
    struct crowd *c, unsigned from, unsigned n, unsigned n_objects, unsigned camouflage)
{
    for (unsigned k = 0; k < n_objects; k++) {
        unsigned object = CROWD_OBJECTS * 3 / 4 + (unsigned)test_random_below(&c->random, CROWD_OBJECTS / 4);
        for (unsigned i = 0; i < n; i++)
            crowd_act(c, 'c', from + i, object, crowd_time(c));
    }
    for (unsigned i = 0; i < n; i++)
        for (unsigned k = 0; k < camouflage; k++)
            crowd_act(c, 'c', from + i, crowd_object(c), crowd_time(c));
}

#endif
