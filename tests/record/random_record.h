/* random_record.h: records in which any field may be set, for properties of the codec. */
#ifndef TESTS_RECORD_RANDOM_RECORD_H
#define TESTS_RECORD_RANDOM_RECORD_H

#include "base/clock.h"
#include "exchange/event.h"
#include "record/record.h"
#include "support/random.h"

#include <stddef.h>
#include <string.h>

static inline void random_bytes(struct test_random *random, void *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        ((uint8_t *)bytes)[i] = (uint8_t)test_random_u64(random);
}

static inline void random_exchange_record(struct test_random *random, struct exchange_record *exchange)
{
    struct frame_sig *frames[] = { &exchange->system, &exchange->tools, &exchange->user };
    uint64_t *anchors = (uint64_t *)&exchange->anchors;
    random_bytes(random, exchange, sizeof *exchange);
    exchange->api %= API_COUNT;
    exchange->language %= LANG_COUNT;
    exchange->finish %= FINISH_OTHER + 1;
    for (size_t i = 0; i < 3; i++)
        if (test_random_below(random, 2))
            memset(frames[i], 0, sizeof *frames[i]);
    for (size_t i = 0; i < sizeof exchange->anchors / 8; i++)
        anchors[i] = test_random_below(random, 3) ? 0 : anchors[i];
}

/* Zeroes what lies between two members, so that equal records are equal bytes. */
#define CLEAR_GAP(base, type, member, next)                                                                  \
    memset((uint8_t *)(base) + offsetof(type, member) + sizeof((base)->member), 0,                           \
        offsetof(type, next) - offsetof(type, member) - sizeof((base)->member))

static inline void clear_padding(struct record *record)
{
    struct exchange_record *exchange = &record->exchange;
    if (record->kind == RECORD_EXCHANGE) {
        CLEAR_GAP(exchange, struct exchange_record, param_flags, shape);
        CLEAR_GAP(exchange, struct exchange_record, output_bytes, system);
        CLEAR_GAP(exchange, struct exchange_record, elicitation, anchors);
    } else if (record->kind == RECORD_ACCOUNT) {
        size_t end = offsetof(struct account_record, email_disposable) + 1;
        memset((uint8_t *)&record->account_facts + end, 0, sizeof record->account_facts - end);
    }
}

static inline int64_t random_time(struct test_random *random)
{
    return CLOCK_MIN_MS + (int64_t)test_random_below(random, CLOCK_MAX_MS - CLOCK_MIN_MS + 1);
}

static inline struct record random_record(struct test_random *random)
{
    struct record record;
    memset(&record, 0, sizeof record);
    record.time_ms = random_time(random);
    record.account = test_random_u64(random);
    record.kind = (uint8_t)test_random_below(random, 4);
    if (record.kind == RECORD_EXCHANGE) {
        random_exchange_record(random, &record.exchange);
    } else if (record.kind == RECORD_ACCOUNT) {
        random_bytes(random, &record.account_facts, sizeof record.account_facts);
        record.account_facts.created_ms = random_time(random);
        record.account_facts.tier %= TIER_COUNT;
        record.account_facts.programme %= PROGRAMME_STARTUP + 1;
        record.account_facts.reseller = (int8_t)((int)test_random_below(random, 3) - 1);
    } else if (record.kind == RECORD_ENFORCEMENT) {
        record.enforcement.action = (uint8_t)(1 + test_random_below(random, 3));
    } else {
        record.release.model = test_random_u64(random);
    }
    clear_padding(&record);
    return record;
}

#endif
