/*
 * account_bench: what one exchange record costs the account stage, emission included.
 *
 * Model: 10,000 accounts take turns in a fixed random order (or 1,000,000, for what a cold account costs); records
 *   carry a system prompt, a lead, a tail, bands, a slot, five issued anchors and one echo. A peer is measured in the
 *   same run: copying the record, which is the least that a stage can do. Medians of 9 runs.
 * Order: bench_account [accounts] prints one JSON object.
 */
#include "account/account.h"
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RUNS = 9, RECORDS = 200000, TEMPLATES = 4096, TICK = 4096, AHEAD = 8 };

struct bench {
    struct account_table *table;
    struct sighting_list sightings;
    struct usage_list usages;
    struct record *templates;
    uint32_t accounts;
    uint64_t seed, sightings_seen;
    uint64_t next[AHEAD]; /* accounts of the records to come, prefetched */
    int64_t time_ms;
};

static struct record template_of(uint64_t *seed)
{
    struct record record = { .kind = RECORD_EXCHANGE };
    struct exchange_record *x = &record.exchange;
    x->status = 200;
    x->ip = random_next(seed) % 50000 + 1;
    x->net = x->ip / 64 + 1;
    x->client = random_next(seed) % 50 + 1;
    x->session = random_next(seed);
    x->model = random_next(seed) % 3 + 1;
    x->system.id = random_next(seed) % 100 + 1;
    x->shape = random_next(seed) % 20 + 1;
    x->user.id = random_next(seed);
    for (unsigned i = 0; i < MINHASH_BINS; i++)
        x->user.minhash[i] = (uint16_t)random_next(seed);
    for (unsigned i = 0; i < LEAD_COUNT; i++)
        x->lead[i] = random_next(seed) % 1000 + 1;
    for (unsigned i = 0; i < TAIL_COUNT; i++)
        x->tail[i] = random_next(seed) % 1000 + 1;
    x->slot = random_next(seed);
    x->input_tok = 500;
    x->output_tok = 300;
    x->country = 'U' << 8 | 'S';
    x->capability[CAP_CODING] = 255;
    x->anchors.issued_turn = random_next(seed);
    for (unsigned i = 0; i < ISSUED_MAX; i++)
        x->anchors.issued[i] = random_next(seed);
    x->anchors.echo[0] = random_next(seed);
    return record;
}

static void run_accounts(struct bench *bench)
{
    uint64_t evicted;
    for (unsigned i = 0; i < RECORDS; i++) {
        struct record *record = &bench->templates[i % TEMPLATES];
        record->account = bench->next[i % AHEAD];
        bench->next[i % AHEAD] = random_next(&bench->seed) % bench->accounts + 1;
        if (record->account == 0)
            continue;
        account_prefetch(bench->table, bench->next[i % AHEAD]);
        record->time_ms = bench->time_ms += 30;
        if (account_apply(bench->table, record, &bench->sightings, &bench->usages, &evicted) != STATUS_OK)
            exit(1);
        if (i % TICK == TICK - 1) {
            bench->sightings_seen += bench->sightings.n;
            bench->sightings.n = bench->usages.n = 0;
        }
    }
}

static void run_copies(struct bench *bench)
{
    static struct record ring[TEMPLATES];
    for (unsigned i = 0; i < RECORDS; i++) {
        struct record *record = &bench->templates[random_next(&bench->seed) % TEMPLATES];
        ring[i % TEMPLATES] = *record;
        __asm__ volatile("" : : "r"(ring) : "memory");
    }
}

static double median_us(struct bench *bench, void (*run)(struct bench *))
{
    double times[RUNS];
    run(bench);
    for (unsigned i = 0; i < RUNS; i++) {
        double start = now_us();
        run(bench);
        times[i] = (now_us() - start) / RECORDS;
    }
    qsort(times, RUNS, sizeof *times, by_value);
    return times[RUNS / 2];
}

int main(int argc, char **argv)
{
    struct bench bench = { .accounts = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 10000, .seed = 1 };
    struct account_config config = { .capacity = bench.accounts + bench.accounts / 2 };
    struct account_stats stats;
    bench.time_ms = INT64_C(1760000000000);
    bench.templates = calloc(TEMPLATES, sizeof *bench.templates);
    if (!bench.templates || account_table_new(&config, &bench.table) != STATUS_OK)
        return 1;
    for (unsigned i = 0; i < TEMPLATES; i++)
        bench.templates[i] = template_of(&bench.seed);
    double copy_us = median_us(&bench, run_copies);
    double apply_us = median_us(&bench, run_accounts);
    account_stats(bench.table, &stats);
    printf("{\"bench\":\"account\",\"accounts\":%u,\"us_per_record\":%.4f,\"copy_us\":%.4f,\"ratio\":%.1f,"
           "\"sightings_per_record\":%.2f,\"bytes_per_account\":%.1f}\n",
        bench.accounts, apply_us, copy_us, apply_us / copy_us,
        (double)bench.sightings_seen / ((RUNS + 1.0) * RECORDS), (double)stats.state_bytes / config.capacity);
    account_table_free(bench.table);
    sighting_list_fini(&bench.sightings);
    usage_list_fini(&bench.usages);
    free(bench.templates);
    return 0;
}
