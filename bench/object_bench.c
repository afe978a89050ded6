/*
 * object_bench: what the sightings of one exchange cost the object stage, with tables larger than the
 * cache.
 *
 * Model: 500,000 accounts take turns at random. An exchange shows an address and a band of its own
 *   account, a client (one of 50) and a lead (one of 100,000 of some ten accounts each, one of 20 one time
 *   in four), sends a task, is issued a turn and two echoes, and returns an echo issued to it before. A
 *   peer is measured in the same run: reading and writing one random cache line of a table of equal size
 *   for each sighting, one after another: the least that a stage without foresight can do. Medians of 9
 *   runs. Order: bench_object [accounts] prints one JSON object.
 */
#include "bench.h"
#include "object/object.h"

#include <stdio.h>
#include <stdlib.h>

enum { RUNS = 9, EXCHANGES = 100000, EACH = 9, TICK = 2000, TABLE_BYTES = 256 << 20 };

struct bench {
    struct object_table *table;
    struct sighting *sightings; /* EXCHANGES * EACH, made before the clock runs */
    struct tie_list ties;
    uint64_t *lines;
    uint32_t accounts;
    uint64_t seed, ties_seen;
    int64_t time_ms;
    struct population population;
};

static struct sighting sighting_of(
    const struct bench *bench, uint64_t account, unsigned kind, unsigned verb, uint64_t hash)
{
    return (struct sighting){ .account = account * UINT64_C(0xD6E8FEB86659FD93),
        .payer = account,
        .object = (hash + 1) * UINT64_C(0x9E3779B97F4A7C15) ^ (uint64_t)kind << 56,
        .time_ms = bench->time_ms,
        .kind = (uint8_t)kind,
        .verb = (uint8_t)verb };
}

static void make_exchange(struct bench *bench, struct sighting *at)
{
    uint64_t random = random_next(&bench->seed), account = random % bench->accounts + 1;
    uint64_t lead = random >> 62 ? 1000 + (random >> 32) % 100000 : (random >> 32) % 20;
    uint64_t turn = random_next(&bench->seed), own = account * 64;
    bench->time_ms += 10;
    at[0] = sighting_of(bench, account, OBJECT_IP, VERB_SHOW, own + random % 3);
    at[1] = sighting_of(bench, account, OBJECT_CLIENT, VERB_SHOW, account % 50);
    at[2] = sighting_of(bench, account, OBJECT_LEAD6, VERB_SHOW, lead);
    at[2].slot = turn;
    at[3] = sighting_of(bench, account, OBJECT_BAND, VERB_SHOW, own + random % 8);
    at[4] = sighting_of(bench, account, OBJECT_REFUSED, VERB_RETURN, turn);
    at[5] = sighting_of(bench, account, OBJECT_TURN, VERB_ISSUE, turn);
    at[6] = sighting_of(bench, account, OBJECT_ECHO, VERB_ISSUE, own + turn % 64);
    at[7] = sighting_of(bench, account, OBJECT_ECHO, VERB_ISSUE, own + turn / 64 % 64);
    at[8] = sighting_of(bench, account, OBJECT_ECHO, VERB_RETURN, own + random % 64);
}

static void make_exchanges(struct bench *bench)
{
    for (size_t i = 0; i < EXCHANGES; i++)
        make_exchange(bench, bench->sightings + i * EACH);
}

static void run_objects(struct bench *bench)
{
    for (size_t i = 0; i < EXCHANGES; i += TICK) {
        bench->ties.n = 0;
        if (object_apply(bench->table, bench->sightings + i * EACH, TICK * EACH, &bench->population,
                &bench->ties) != STATUS_OK)
            exit(1);
        bench->ties_seen += bench->ties.n;
    }
}

static void run_lines(struct bench *bench)
{
    for (size_t i = 0; i < EXCHANGES * EACH; i++) {
        uint64_t object = bench->sightings[i].object;
        uint64_t *line = bench->lines + (object >> 32) * (TABLE_BYTES / 64) / (UINT64_C(1) << 32) * 8;
        *line += object;
        bench->seed += *line & 1; /* the next one waits for it */
    }
}

static double median_us(struct bench *bench, void (*run)(struct bench *), unsigned warm_up)
{
    double times[RUNS];
    for (unsigned i = 0; i < warm_up + RUNS; i++) {
        make_exchanges(bench);
        double start = now_us();
        run(bench);
        if (i >= warm_up)
            times[i - warm_up] = (now_us() - start) / EXCHANGES;
    }
    qsort(times, RUNS, sizeof *times, by_value);
    return times[RUNS / 2];
}

int main(int argc, char **argv)
{
    struct bench bench = { .accounts = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 500000,
        .seed = 1,
        .time_ms = INT64_C(1760000000000) };
    bench.population = (struct population){ .accounts = bench.accounts, .payer_ratio = 0.96 };
    struct object_config config = {
        .singles_bytes = TABLE_BYTES, .shared_bytes = TABLE_BYTES / 2, .issued_bytes = TABLE_BYTES
    };
    struct object_stats stats;
    bench.sightings = calloc(EXCHANGES * EACH, sizeof *bench.sightings);
    bench.lines = calloc(1, TABLE_BYTES);
    if (!bench.sightings || !bench.lines || object_table_new(&config, &bench.table) != STATUS_OK)
        return 1;
    double lines_us = median_us(&bench, run_lines, 5);
    double apply_us = median_us(&bench, run_objects, 50);
    object_stats(bench.table, &stats);
    printf(
        "{\"bench\":\"object\",\"accounts\":%u,\"sightings\":%d,\"us_per_exchange\":%.4f,\"lines_us\":%.4f,"
        "\"ratio\":%.2f,\"ties\":%llu,\"singles\":%llu,\"shared\":%llu,\"issued\":%llu,\"publics\":%llu,"
        "\"evicted\":%llu}\n",
        bench.accounts, EACH, apply_us, lines_us, apply_us / lines_us, (unsigned long long)bench.ties_seen,
        (unsigned long long)stats.singles, (unsigned long long)stats.shared, (unsigned long long)stats.issued,
        (unsigned long long)stats.publics,
        (unsigned long long)(stats.singles_evicted + stats.shared_evicted + stats.issued_evicted));
    object_table_free(bench.table);
    tie_list_fini(&bench.ties);
    free(bench.sightings);
    free(bench.lines);
    return 0;
}
