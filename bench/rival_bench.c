/*
 * rival_bench: what each content-blind detector costs in a run of the closed loop: CPU seconds, detections, memory.
 *
 * Model: 45 days in ticks of ten seconds; a few accounts send most (the product of two uniform numbers), a tenth is one ring
 *   with one system prompt, twenty to a user frame. The others use 40 tools, frames of their own, addresses that four share,
 *   networks that twenty share, clients that thirty share. It is load, not a test of who is found.
 * Order: bench_rival [records [accounts [detector [threshold]]]] prints one JSON object a detector.
 */
#include "bench.h"
#include "rival/detector.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS INT64_C(86400000)
#define START_MS (20552 * DAY_MS)
enum { DAYS = 45, TICK_MS = 10000 };

static uint64_t hash_of(uint64_t purpose, uint64_t n)
{
    uint64_t seed = n * 16 + purpose;
    return random_next(&seed) | 1;
}

static void make_facts(struct record *record, uint64_t account, uint64_t *seed)
{
    struct account_record *facts = &record->account_facts;
    record->kind = RECORD_ACCOUNT;
    facts->payment = hash_of(2, account % 20 ? account : account / 200);
    facts->device = hash_of(3, account);
    facts->signup_ip = hash_of(4, random_next(seed) % 30 ? account : account / 3);
    facts->tier = (uint8_t)(TIER_FREE + account % 3);
}

static void make_exchange(struct record *record, uint64_t account, uint64_t accounts, uint64_t *seed)
{
    struct exchange_record *exchange = &record->exchange;
    bool ring = account >= accounts - accounts / 10;
    uint64_t tool = random_next(seed) % 3 ? account % 40 : 1000 + account;
    record->kind = RECORD_EXCHANGE;
    exchange->status = 200;
    exchange->system.id = hash_of(5, ring ? 999999999 : tool);
    exchange->lead[2] = ring ? hash_of(6, account / 20) : hash_of(7, account * 50 + random_next(seed) % 50);
    exchange->ip =
        hash_of(8, random_next(seed) % 4 && !ring ? account / 4 : account * 40 + random_next(seed) % 40);
    exchange->net = hash_of(9, ring ? random_next(seed) % 3000 : account / 20);
    exchange->client = hash_of(10, account / 30);
}

static uint64_t pick_account(uint64_t accounts, uint64_t *seed)
{
    double once = (double)(random_next(seed) >> 11) / 9007199254740992.0;
    double twice = (double)(random_next(seed) >> 11) / 9007199254740992.0;
    uint64_t account = (uint64_t)((double)accounts * once * twice);
    return random_next(seed) % 4 ? account : random_next(seed) % accounts;
}

static struct record *make_records(size_t n, uint64_t accounts)
{
    uint64_t seed = 7;
    struct record *records = calloc(n + 1, sizeof *records);
    for (size_t i = 0; i < n && records; i++) {
        uint64_t account = i < accounts ? i : pick_account(accounts, &seed);
        records[i].time_ms = START_MS + (int64_t)((double)i / (double)n * (double)(DAYS * DAY_MS));
        records[i].account = hash_of(1, account);
        if (i < accounts)
            make_facts(&records[i], account, &seed);
        else
            make_exchange(&records[i], account, accounts, &seed);
    }
    return records;
}

static enum status count(void *context, const struct detection *detection)
{
    (void)detection;
    ++*(size_t *)context;
    return STATUS_OK;
}

static enum status feed(
    const struct detector_kind *kind, struct detector *detector, struct record *records, size_t n)
{
    enum status st = STATUS_OK;
    size_t from = 0;
    for (int64_t end_ms = START_MS + TICK_MS; end_ms <= START_MS + DAYS * DAY_MS; end_ms += TICK_MS) {
        size_t to = from;
        while (to < n && records[to].time_ms < end_ms)
            to++;
        struct record_batch batch = { .records = records + from, .n = to - from };
        if (to > from)
            TRY(kind->batch(detector, &(struct detector_batch){ .records = &batch }));
        if (kind->tick)
            TRY(kind->tick(detector, end_ms));
        from = to;
    }
    if (kind->finish)
        TRY(kind->finish(detector));
fail:
    return st;
}

static enum status measure(
    const struct detector_kind *kind, struct record *records, size_t n, uint64_t accounts, double threshold)
{
    enum status st = STATUS_OK;
    size_t detections = 0;
    struct detector *detector = NULL;
    struct detector_config config = { .accounts_max = (uint32_t)accounts + 1, .threshold = threshold };
    double from_us = now_us();
    TRY(kind->open(&config, &(struct detector_sink){ &detections, count }, &detector));
    TRY(feed(kind, detector, records, n));
    printf("{\"detector\": \"%s\", \"cpu_s\": %.2f, \"detections\": %zu, \"state_mb\": %.1f}\n", kind->name,
        (now_us() - from_us) / 1e6, detections, (double)kind->state_bytes(detector) / 1e6);
fail:
    kind->close(detector);
    return st;
}

int main(int argc, char **argv)
{
    size_t n = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000000;
    uint64_t accounts = argc > 2 ? strtoul(argv[2], NULL, 10) : 10000;
    struct record *records = make_records(n, accounts);
    bool fine = records != NULL && accounts > 0;
    for (size_t i = 0; fine && detector_kind_at(i); i++) {
        const struct detector_kind *kind = detector_kind_at(i);
        if (kind->wants_queries || (argc > 3 && strcmp(argv[3], kind->name) != 0))
            continue;
        fine = measure(kind, records, n, accounts, argc > 4 ? strtod(argv[4], NULL) : 0) == STATUS_OK;
    }
    free(records);
    return fine ? 0 : 1;
}
