/*
 * service_bench: what the service makes of records in a second, and how long its restart takes.
 *
 * Model: a record file (stillwatch simulate --records) goes through one ring, entry by entry as a worker writes them,
 *   and through rounds into a state folder; then the folder is opened anew and its journal replayed. Wall time, because
 *   the disk is part of it; the records' reading and encoding is not counted.
 * Order: bench_service FILE.swr [THREADS] prints one JSON object.
 */
#define _GNU_SOURCE /* nftw */
#include "record/codec.h"
#include "service/service.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

struct bench {
    struct key key;
    struct service_config config;
    struct service *service;
    struct ring *ring;
    double round_s, longest_round_s;
    unsigned long rounds;
    int64_t now_ms;
};

static double wall_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void must(enum status st, const struct diag *diag)
{
    if (st == STATUS_OK)
        return;
    fprintf(stderr, "bench_service: %s (%s)\n", diag ? diag->reason : "", status_text(st));
    exit(1);
}

static void rounds(struct bench *bench)
{
    struct diag diag;
    for (bool more = true; more; bench->rounds++) {
        double before = wall_s();
        must(service_round(bench->service, bench->now_ms += 200, &more, &diag), &diag);
        double took = wall_s() - before;
        bench->round_s += took;
        bench->longest_round_s = took > bench->longest_round_s ? took : bench->longest_round_s;
    }
}

static void append(struct bench *bench, struct span items)
{
    if (ring_append(bench->ring, items))
        return;
    rounds(bench);
    if (!ring_append(bench->ring, items))
        must(STATUS_FULL, NULL);
}

/* Names first, as in the batch; each record is an entry. */
static void feed(struct bench *bench, const struct record_batch *batch)
{
    uint8_t items[RECORD_ITEM_MAX];
    for (size_t i = 0; i < batch->n_names; i++) {
        size_t n = record_encode_name(batch->names[i].account, record_batch_name_at(batch, i), items);
        append(bench, (struct span){ (const char *)items, n });
    }
    for (size_t i = 0; i < batch->n; i++) {
        size_t n = record_encode(&batch->records[i], items, sizeof items);
        append(bench, (struct span){ (const char *)items, n });
    }
}

static uint64_t feed_file(struct bench *bench, const char *path)
{
    struct record_reader *reader;
    struct record_batch *batch;
    struct diag diag = { 0 };
    enum status st;
    uint64_t n = 0;
    must(record_batch_new(&batch), NULL);
    must(record_reader_open(path, &bench->key, &reader, &diag), &diag);
    while ((st = record_reader_next(reader, batch, &diag)) == STATUS_OK) {
        feed(bench, batch);
        n += batch->n;
        record_batch_reset(batch);
    }
    must(st == STATUS_END ? STATUS_OK : st, &diag);
    rounds(bench);
    record_reader_free(reader);
    record_batch_free(batch);
    return n;
}

static void start(struct bench *bench)
{
    struct diag diag = { 0 };
    enum status st;
    must(service_open(&bench->config, 0, &bench->service, &diag), &diag);
    while ((st = service_replay(bench->service, &diag)) == STATUS_OK)
        ;
    must(st == STATUS_END ? STATUS_OK : st, &diag);
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *at)
{
    (void)info;
    (void)kind;
    (void)at;
    return remove(path);
}

int main(int argc, char **argv)
{
    char folder[] = P_tmpdir "/service-bench-XXXXXX", path[sizeof folder + 16];
    struct bench bench = { 0 };
    struct service_stats stats;
    struct diag diag = { 0 };
    if (argc < 2 || !mkdtemp(folder))
        return 2;
    key_init(&bench.key, key_default_secret);
    bench.config = (struct service_config){
        .state = folder, .key = &bench.key, .n_threads = argc > 2 ? (unsigned)atoi(argv[2]) : 2
    };
    start(&bench);
    snprintf(path, sizeof path, "%s/spool/w.ring", folder);
    must(ring_open(path, 16 << 20, bench.key.check, &bench.ring, &diag), &diag);
    uint64_t n = feed_file(&bench, argv[1]);
    ring_close(bench.ring);
    service_stats(bench.service, &stats);
    service_close(bench.service);
    double before = wall_s();
    start(&bench);
    double replay_s = wall_s() - before;
    printf("{\"records\": %llu, \"threads\": %u, \"live_us\": %.2f, \"rounds\": %lu, \"longest_round_ms\": "
           "%.1f, "
           "\"journal_bytes_each\": %.0f, \"restart_s\": %.2f, \"restart_s_per_million\": %.2f}\n",
        (unsigned long long)n, bench.config.n_threads, bench.round_s * 1e6 / (double)n, bench.rounds,
        1000 * bench.longest_round_s, (double)stats.journal_bytes / (double)n, replay_s,
        replay_s * 1e6 / (double)n);
    service_close(bench.service);
    return nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}
