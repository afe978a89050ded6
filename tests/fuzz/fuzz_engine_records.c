/*
 * Any records that decode, into two small engines: at once, and cut into batches as rings cut them, with two threads. Both
 * take the same, decide the same at the same times, and agree at the end. The input is letters with what follows them: i
 * a length and so many bytes of items; f an account's facts: account, card; e an exchange: account, frame, task; t time
 * goes on: seconds; a line end ends a batch. Accounts, cards and frames are one byte.
 */
#include "fuzz.h"

#include "engine/engine.h"
#include "record/codec.h"
#include "support/random.h"

#include <stdlib.h>
#include <string.h>

enum { DECISIONS_MAX = 4096 };

struct run {
    struct engine *engine;
    struct decision decisions[DECISIONS_MAX];
    size_t n;
};

static enum status on_decision(void *context, const struct decision *decision, struct span account)
{
    struct run *run = context;
    (void)account; /* known from the batch on in which it is named: that differs */
    if (run->n < DECISIONS_MAX)
        run->decisions[run->n] = *decision;
    run->n++;
    return STATUS_OK;
}

static void start(struct run *run, const struct policy *policy, unsigned n_threads)
{
    const struct engine_config config = { .n_threads = n_threads,
        .accounts_max = 256,
        .issued_bytes = 1 << 12,
        .pending_max = 64,
        .policy = policy };
    const struct engine_sink sink = { .context = run, .decision = on_decision };
    run->n = 0;
    if (engine_new(&config, &sink, &run->engine) != STATUS_OK)
        abort();
}

static void give(const struct run *run, struct record_batch *batch)
{
    if (engine_batch(run->engine, batch) != STATUS_OK)
        abort();
    record_batch_reset(batch);
}

static void add_items(struct record_batch *batch, struct span items)
{
    enum status st = record_items_decode(items, batch, NULL);
    if (st != STATUS_OK && st != STATUS_BAD)
        abort();
}

static void add(struct record_batch *batch, const struct record *record)
{
    uint8_t items[2 * RECORD_ITEM_MAX];
    char name = (char)('!' + record->account % 90);
    size_t n = record_encode_name(record->account, (struct span){ &name, 1 }, items);
    n += record_encode(record, items + n, RECORD_ITEM_MAX);
    add_items(batch, (struct span){ (const char *)items, n });
}

/* A small number to a hash; 0 stays absent. */
static uint64_t hashed(unsigned kind, uint32_t n)
{
    struct test_random random = { (uint64_t)kind << 32 | n };
    return n ? test_random_u64(&random) : 0;
}

static struct record facts(struct fuzz_script *script, int64_t time_ms)
{
    struct record record = { .kind = RECORD_ACCOUNT, .time_ms = time_ms };
    record.account = hashed(6, 1U + fuzz_byte(script));
    record.account_facts.created_ms = -1;
    record.account_facts.reseller = -1;
    record.account_facts.payment = hashed(1, fuzz_byte(script));
    return record;
}

static struct record exchange(struct fuzz_script *script, int64_t time_ms)
{
    struct record record = { .kind = RECORD_EXCHANGE, .time_ms = time_ms };
    record.account = hashed(6, 1U + fuzz_byte(script));
    uint8_t frame = fuzz_byte(script);
    uint32_t task = fuzz_number(script);
    record.exchange.status = 200;
    record.exchange.input_tok = 900;
    record.exchange.output_tok = 400;
    record.exchange.system.id = hashed(2, frame);
    record.exchange.lead[2] = hashed(3, frame);
    record.exchange.user.id = hashed(4, task);
    record.exchange.slot = hashed(5, task);
    record.exchange.ip = record.account;
    return record;
}

static struct span raw_items(struct fuzz_script *script)
{
    size_t n = fuzz_number(script), left = (size_t)(script->end - script->at);
    struct span items = { (const char *)script->at, n < left ? n : left };
    script->at += items.n;
    return items;
}

static void take(struct run *run, struct record_batch *batch, struct fuzz_script script, bool whole)
{
    int64_t time_ms = INT64_C(1699200000000);
    struct record record;
    record_batch_reset(batch);
    while (fuzz_more(&script)) {
        switch (fuzz_byte(&script)) {
        case 'i':
            add_items(batch, raw_items(&script));
            break;
        case 'f':
            record = facts(&script, time_ms);
            add(batch, &record);
            break;
        case 'e':
            record = exchange(&script, time_ms);
            add(batch, &record);
            break;
        case 't':
            time_ms += 1000 * (int64_t)fuzz_number(&script);
            break;
        case '\n':
            if (!whole)
                give(run, batch);
            break;
        default:
            break;
        }
    }
    give(run, batch);
    if (engine_finish(run->engine) != STATUS_OK)
        abort();
}

static void check_same(const struct run *a, const struct run *b)
{
    struct engine_stats of_a, of_b;
    engine_stats(a->engine, &of_a);
    engine_stats(b->engine, &of_b);
    if (of_a.records != of_b.records || of_a.exchanges != of_b.exchanges || of_a.late != of_b.late ||
        of_a.ticks != of_b.ticks || of_a.first_ms != of_b.first_ms || of_a.last_ms != of_b.last_ms ||
        memcmp(of_a.decisions, of_b.decisions, sizeof of_a.decisions) != 0 || a->n != b->n ||
        engine_campaigns(a->engine) != engine_campaigns(b->engine))
        abort();
    for (size_t i = 0; i < a->n && i < DECISIONS_MAX; i++)
        if (a->decisions[i].account != b->decisions[i].account ||
            a->decisions[i].time_ms != b->decisions[i].time_ms ||
            a->decisions[i].action != b->decisions[i].action ||
            a->decisions[i].campaign.value != b->decisions[i].campaign.value)
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static struct run at_once, in_pieces;
    static struct record_batch *batch;
    static struct policy *policy;
    const struct fuzz_script script = { data, data + n };
    struct key key;
    struct diag diag = { 0 };
    key_init(&key, key_default_secret);
    if (!batch && (record_batch_new(&batch) != STATUS_OK ||
                      policy_read((struct span){ "", 0 }, &key, &policy, &diag) != STATUS_OK))
        abort();
    start(&at_once, policy, 1);
    start(&in_pieces, policy, 2);
    take(&at_once, batch, script, true);
    take(&in_pieces, batch, script, false);
    check_same(&at_once, &in_pieces);
    engine_free(at_once.engine);
    engine_free(in_pieces.engine);
    return 0;
}
