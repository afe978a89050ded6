/*
 * text_fixture.h: exchanges with text made by hand, and words to make it of, for the baselines that read text.
 *
 * Model: texts are drawn from small vocabularies: words of one topic have one first letter and number. Items may be added
 *   in any order; text_feed puts them into the order of time and feeds them tick by tick with their queries.
 */
#ifndef TESTS_RIVAL_TEXT_FIXTURE_H
#define TESTS_RIVAL_TEXT_FIXTURE_H

#include "fixture.h"

#include "exchange/exchange.h"
#include "rival/query.h"

#include <stdio.h>

struct text_item {
    struct record record;
    struct query query;
    size_t number; /* in which it was added */
};

struct text_traffic {
    struct text_item *items;
    size_t n, capacity;
    struct key key;
};

static inline struct text_traffic text_traffic_new(void)
{
    struct text_traffic traffic = { 0 };
    key_init(&traffic.key, key_default_secret);
    return traffic;
}

static inline void text_traffic_fini(struct text_traffic *traffic)
{
    free(traffic->items);
}

static inline struct query query_from(const struct key *key, const char *text)
{
    struct query query;
    struct part part = { .role = ROLE_USER, .kind = PART_TEXT, .text = span_of(text) };
    query_make(&(struct exchange){ .n_parts = 1, .parts = &part }, key, &query);
    return query;
}

/* The record may be filled further until the next call. */
static inline struct exchange_record *text_at(
    struct text_traffic *traffic, uint64_t account, int64_t time_ms, const char *text)
{
    if (traffic->n == traffic->capacity) {
        traffic->capacity = traffic->capacity ? 2 * traffic->capacity : 1024;
        traffic->items = realloc(traffic->items, traffic->capacity * sizeof *traffic->items);
        assert_non_null(traffic->items);
    }
    struct text_item *item = &traffic->items[traffic->n++];
    memset(item, 0, sizeof *item);
    item->number = traffic->n;
    item->record.time_ms = time_ms;
    item->record.kind = RECORD_EXCHANGE;
    item->record.account = hash_of(OF_ACCOUNT, account);
    item->record.exchange.status = 200;
    item->record.exchange.ip = hash_of(OF_IP, account);
    item->record.exchange.slot = key_hash(&traffic->key, KEY_TEXT, text, strlen(text));
    item->query = query_from(&traffic->key, text);
    return &item->record.exchange;
}

/* So many words out of `range` of the topic, after the prefix. */
static inline const char *words_of(
    struct test_random *random, const char *prefix, unsigned topic, unsigned n, uint64_t range)
{
    static char text[8192];
    char *to = text + sprintf(text, "%s", prefix);
    for (unsigned i = 0; i < n; i++) {
        unsigned word = (unsigned)test_random_below(random, range);
        to += sprintf(to, " %c%u%c%u", 'a' + (int)(topic % 26), topic, 'a' + (int)(word % 26), word);
    }
    return text;
}

static inline int text_compare(const void *a, const void *b)
{
    const struct text_item *x = a;
    const struct text_item *y = b;
    if (x->record.time_ms != y->record.time_ms)
        return x->record.time_ms < y->record.time_ms ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

static inline enum status feed_items(const struct detector_kind *kind, struct detector *detector,
    const struct record *records, const struct query *queries, size_t n, struct heard *heard)
{
    enum status st = STATUS_OK;
    for (size_t from = 0, to = 0; from < n; from = to) {
        int64_t end_ms = (records[from].time_ms / TICK + 1) * TICK;
        while (to < n && records[to].time_ms < end_ms)
            to++;
        struct record *borrowed = (struct record *)(uintptr_t)(records + from);
        struct record_batch batch = { .records = borrowed, .n = to - from };
        heard->now_ms = end_ms;
        TRY(kind->batch(detector, &(struct detector_batch){ &batch, queries + from }));
        if (kind->tick)
            TRY(kind->tick(detector, end_ms));
    }
fail:
    return st;
}

static inline enum status text_feed(const struct detector_kind *kind, const struct detector_config *config,
    struct text_traffic *traffic, struct heard *heard)
{
    enum status st = STATUS_OK;
    struct detector *detector = NULL;
    struct detector_sink sink = { .context = heard, .detection = hear_detection };
    struct record *records = calloc(traffic->n + 1, sizeof *records);
    struct query *queries = calloc(traffic->n + 1, sizeof *queries);
    REQUIRE(records && queries, STATUS_NOMEM);
    if (traffic->n > 0)
        qsort(traffic->items, traffic->n, sizeof *traffic->items, text_compare);
    for (size_t i = 0; i < traffic->n; i++) {
        records[i] = traffic->items[i].record;
        queries[i] = traffic->items[i].query;
    }
    TRY(kind->open(config, &sink, &detector));
    TRY(feed_items(kind, detector, records, queries, traffic->n, heard));
    if (kind->finish)
        TRY(kind->finish(detector));
    if (kind->groups)
        TRY(kind->groups(detector, heard, hear_group));
    heard->state_bytes = kind->state_bytes(detector);
fail:
    kind->close(detector);
    free(records);
    free(queries);
    return st;
}

/* Every allocation that fails leaves nothing behind and is reported; run under the sanitizer for the former. */
static inline void fail_every_allocation(const struct detector_kind *kind, struct text_traffic *traffic)
{
    for (long n = 0; n < 100000; n = n < 60 ? n + 1 : n + n / 7) {
        struct heard heard = { .capacity = 64, .groups_capacity = 64 };
        heard.detections = calloc(heard.capacity, sizeof *heard.detections);
        heard.groups = calloc(heard.groups_capacity, sizeof *heard.groups);
        assert_true(heard.detections && heard.groups);
        alloc_sweep_arm(n);
        enum status st = text_feed(kind, &(struct detector_config){ .accounts_max = 1000 }, traffic, &heard);
        bool failed = alloc_sweep_disarm();
        heard_fini(&heard);
        if (!failed) {
            assert_ok(st);
            return;
        }
        assert_int_equal(st, STATUS_NOMEM);
    }
    fail();
}

#endif
