/*
 * fixture.h: records made by hand, fed to a detector tick by tick, and what it said of them.
 *
 * Model: accounts and objects are small numbers; hashes are mixed from them and their purpose. feed() cuts the records
 *   into ticks of ten seconds, as the closed loop does, and gives a tick to every ten seconds between, so that what a
 *   detector does at midnight happens at midnight.
 */
#ifndef TESTS_RIVAL_FIXTURE_H
#define TESTS_RIVAL_FIXTURE_H

#include "rival/detector.h"
#include "rival/kinds.h"
#include "support/alloc_sweep.h"
#include "support/random.h"
#include "support/test.h"

#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define T0 (INT64_C(20552) * DAY) /* a midnight UTC */
#define TICK (10 * SECOND)

struct traffic {
    struct record *records;
    size_t n, capacity;
};

enum purpose { OF_ACCOUNT = 1, OF_PAYMENT, OF_DEVICE, OF_IP, OF_NET, OF_FRAME, OF_SLOT, OF_CLIENT };

/* Small numbers to hashes; the same number has another hash for another purpose. 0 stays 0: absent. */
static inline uint64_t hash_of(enum purpose purpose, uint64_t n)
{
    struct test_random random = { n * 16 + purpose };
    return n ? test_random_u64(&random) | 1 : 0;
}

static inline struct record *traffic_next(
    struct traffic *traffic, enum record_kind kind, uint64_t account, int64_t time_ms)
{
    if (traffic->n == traffic->capacity) {
        traffic->capacity = traffic->capacity ? 2 * traffic->capacity : 1024;
        traffic->records = realloc(traffic->records, traffic->capacity * sizeof *traffic->records);
        assert_non_null(traffic->records);
    }
    struct record *record = &traffic->records[traffic->n++];
    memset(record, 0, sizeof *record);
    record->time_ms = time_ms;
    record->account = hash_of(OF_ACCOUNT, account);
    record->kind = (uint8_t)kind;
    return record;
}

/* An exchange that was served; the caller sets what the test is about. */
static inline struct exchange_record *exchange_at(struct traffic *traffic, uint64_t account, int64_t time_ms)
{
    struct exchange_record *exchange = &traffic_next(traffic, RECORD_EXCHANGE, account, time_ms)->exchange;
    exchange->status = 200;
    return exchange;
}

static inline struct account_record *facts_at(struct traffic *traffic, uint64_t account, int64_t time_ms)
{
    struct account_record *facts = &traffic_next(traffic, RECORD_ACCOUNT, account, time_ms)->account_facts;
    facts->created_ms = -1;
    facts->reseller = -1;
    return facts;
}

/* By time; facts before exchanges, then by account. */
static inline int traffic_compare(const void *a, const void *b)
{
    const struct record *x = a;
    const struct record *y = b;
    if (x->time_ms != y->time_ms)
        return x->time_ms < y->time_ms ? -1 : 1;
    if (x->kind != y->kind)
        return x->kind > y->kind ? -1 : 1;
    return (x->account > y->account) - (x->account < y->account);
}

/* Into the order of a log. */
static inline void traffic_sort(struct traffic *traffic)
{
    if (traffic->n > 0)
        qsort(traffic->records, traffic->n, sizeof *traffic->records, traffic_compare);
}

static inline void traffic_fini(struct traffic *traffic)
{
    free(traffic->records);
}

/* What a detector said. */
struct heard {
    struct detection *detections;
    size_t n, capacity;
    struct detector_group *groups;
    size_t n_groups, groups_capacity;
    int64_t now_ms; /* of the feed */
    uint64_t state_bytes;
    enum status answer; /* of the sink */
};

static inline enum status hear_detection(void *context, const struct detection *detection)
{
    struct heard *heard = context;
    assert_true(detection->time_ms <= heard->now_ms);
    if (heard->n == heard->capacity) {
        heard->capacity = heard->capacity ? 2 * heard->capacity : 64;
        heard->detections = realloc(heard->detections, heard->capacity * sizeof *heard->detections);
        assert_non_null(heard->detections);
    }
    if (heard->n > 0)
        assert_true(heard->detections[heard->n - 1].time_ms <= detection->time_ms);
    heard->detections[heard->n++] = *detection;
    return heard->answer;
}

static inline enum status hear_group(void *context, const struct detector_group *membership)
{
    struct heard *heard = context;
    assert_true(membership->group != 0 && membership->account != 0);
    if (heard->n_groups == heard->groups_capacity) {
        heard->groups_capacity = heard->groups_capacity ? 2 * heard->groups_capacity : 64;
        heard->groups = realloc(heard->groups, heard->groups_capacity * sizeof *heard->groups);
        assert_non_null(heard->groups);
    }
    heard->groups[heard->n_groups++] = *membership;
    return STATUS_OK;
}

static inline void heard_fini(struct heard *heard)
{
    free(heard->detections);
    free(heard->groups);
}

/* The last thing said of the account that was not a release; ACTION_OBSERVE if nothing was. */
static inline enum action heard_of(const struct heard *heard, uint64_t account)
{
    enum action action = ACTION_OBSERVE;
    for (size_t i = 0; i < heard->n; i++)
        if (heard->detections[i].account == hash_of(OF_ACCOUNT, account))
            action =
                heard->detections[i].action == ACTION_RELEASE ? ACTION_OBSERVE : heard->detections[i].action;
    return action;
}

/* The group that the account is in at the end; 0: none. */
static inline uint64_t group_of(const struct heard *heard, uint64_t account)
{
    for (size_t i = 0; i < heard->n_groups; i++)
        if (heard->groups[i].account == hash_of(OF_ACCOUNT, account))
            return heard->groups[i].group;
    return 0;
}

static inline size_t count_actions(const struct heard *heard, enum action action)
{
    size_t n = 0;
    for (size_t i = 0; i < heard->n; i++)
        n += heard->detections[i].action == action;
    return n;
}

/* Feeds the records, which are in time order, up to that time. */
static inline enum status feed_until(const struct detector_kind *kind, struct detector *detector,
    const struct traffic *traffic, int64_t until_ms, struct heard *heard)
{
    enum status st = STATUS_OK;
    size_t from = 0;
    int64_t tick_ms = traffic->n > 0 ? traffic->records[0].time_ms / TICK * TICK : until_ms;
    for (; tick_ms < until_ms; tick_ms += TICK) {
        size_t to = from;
        heard->now_ms = tick_ms + TICK;
        while (to < traffic->n && traffic->records[to].time_ms < tick_ms + TICK)
            to++;
        struct record_batch records = { .records = traffic->records + from, .n = to - from };
        if (to > from)
            TRY(kind->batch(detector, &(struct detector_batch){ .records = &records }));
        if (kind->tick)
            TRY(kind->tick(detector, tick_ms + TICK));
        from = to;
    }
    assert_true(from == traffic->n);
fail:
    return st;
}

/* A whole run: until_ms 0 ends it with the tick of the last record. */
static inline enum status feed(const struct detector_kind *kind, const struct detector_config *config,
    const struct traffic *traffic, int64_t until_ms, struct heard *heard)
{
    enum status st = STATUS_OK;
    struct detector *detector = NULL;
    struct detector_sink sink = { .context = heard, .detection = hear_detection };
    if (until_ms == 0 && traffic->n > 0)
        until_ms = traffic->records[traffic->n - 1].time_ms / TICK * TICK + TICK;
    TRY(kind->open(config, &sink, &detector));
    TRY(feed_until(kind, detector, traffic, until_ms, heard));
    if (kind->finish)
        TRY(kind->finish(detector));
    if (kind->groups)
        TRY(kind->groups(detector, heard, hear_group));
    heard->state_bytes = kind->state_bytes(detector);
fail:
    kind->close(detector);
    return st;
}

#endif
