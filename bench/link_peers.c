/*
 * bench_link_peers: what FRAUDAR, SynchroTrap and the union of shared objects flag in the sightings that `stillwatch link` reads.
 *
 * Model: every method at many settings, each at every threshold of its ranking; a line a point: method, setting, threshold, accounts
 *   flagged, of them in the truth. Reading and repeats as in `stillwatch link`.
 *   fraudar: dense blocks one after the other (rival/blocks.h), of the whole graph, of every 28 and of every 7 days; blocks by density.
 *   synchrotrap: pairs that act on an object within a window, Jaccard over all their acts, single linkage, five accounts at least;
 *   windows of an hour, six and a day; one, two or three matches at least. Smallest objects first, up to 80 million pairs.
 *   union: objects of at most so many accounts join these; five accounts at least.
 * Source: see src/rival/{fraudar,synchrotrap,union}.c. Deviation from those: they watch day by day and forget after a week; here each
 *   sees the whole time at once, which helps them.
 * Order: bench_link_peers FILE.csv TRUTH, the truth one account a line.
 */
#include "link/csv.h"
#include "link/radix.h"
#include "rival/blocks.h"
#include "rival/sets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CLUSTER_MIN = 5, THRESHOLDS = 20, PAIRS_MAX = 80000000 };
#define HOUR_MS INT64_C(3600000)
#define DAY_MS (24 * HOUR_MS)

struct bench {
    struct acts acts;
    uint8_t *truth; /* by account */
    const char *method;
    char setting[32];
    uint8_t *flagged;
    size_t n_flagged, n_true;
};

static void begin(struct bench *b, const char *method)
{
    b->method = method;
    memset(b->flagged, 0, b->acts.accounts.n);
    b->n_flagged = b->n_true = 0;
}

static enum status flag(void *context, const uint32_t *accounts, size_t n)
{
    struct bench *b = context;
    for (size_t i = 0; i < n; i++) {
        b->n_flagged += !b->flagged[accounts[i]];
        b->n_true += !b->flagged[accounts[i]] && b->truth[accounts[i]];
        b->flagged[accounts[i]] = 1;
    }
    return STATUS_OK;
}

static void say(const struct bench *b, double threshold)
{
    printf("%s,%s,%g,%zu,%zu\n", b->method, b->setting, threshold, b->n_flagged, b->n_true);
    fflush(stdout);
}

/* union */

static enum status run_union(struct bench *b, uint32_t users_max)
{
    enum status st = STATUS_OK;
    struct sets sets = { 0 };
    const struct acts *acts = &b->acts;
    begin(b, "union");
    snprintf(b->setting, sizeof b->setting, "at most %u", users_max);
    TRY(sets_init(&sets, acts->accounts.n));
    for (size_t o = 0; o < acts->objects.n; o++) {
        uint32_t from = acts->object_start[o];
        uint32_t to = acts->object_start[o + 1];
        for (uint32_t i = from; to - from <= users_max && i < to; i++)
            sets_join(&sets, acts->items[from].account, acts->items[i].account);
    }
    TRY(sets_list(&sets, CLUSTER_MIN, b, flag));
    say(b, 0);
fail:
    sets_fini(&sets);
    return st;
}

/* fraudar */

struct block {
    uint64_t density;
    uint32_t *rows;
    size_t n;
};

struct blocks {
    struct block items[4096];
    size_t n;
};

static enum status keep_block(void *context, const uint32_t *rows, size_t n, uint64_t density)
{
    struct blocks *blocks = context;
    if (blocks->n == sizeof blocks->items / sizeof *blocks->items)
        return STATUS_OK;
    uint32_t *copy = calloc(n + 1, sizeof *copy);
    if (!copy)
        return STATUS_NOMEM;
    if (n > 0)
        memcpy(copy, rows, n * sizeof *copy);
    blocks->items[blocks->n++] = (struct block){ density, copy, n };
    return STATUS_OK;
}

static int by_density(const void *left, const void *right)
{
    const struct block *a = left;
    const struct block *b = right;
    return (a->density < b->density) - (a->density > b->density);
}

/* Blocks of the acts from..to, with columns numbered as they are. */
static enum status find_blocks(
    struct bench *b, int64_t from_ms, int64_t to_ms, size_t most, struct blocks *blocks)
{
    enum status st = STATUS_OK;
    const struct acts *acts = &b->acts;
    struct blocks_graph graph = { .n_rows = acts->accounts.n, .n_columns = acts->objects.n };
    graph.edges = calloc(acts->n + 1, sizeof *graph.edges);
    REQUIRE(graph.edges, STATUS_NOMEM);
    for (size_t i = 0; i < acts->n; i++)
        if (acts->items[i].time_ms >= from_ms && acts->items[i].time_ms < to_ms)
            graph.edges[graph.n++] = (struct blocks_edge){ acts->items[i].account, acts->items[i].object };
    TRY(blocks_find(&graph, 0, most, blocks, keep_block));
fail:
    free(graph.edges);
    return st;
}

static enum status run_fraudar(struct bench *b, int64_t period_ms, size_t most)
{
    enum status st = STATUS_OK;
    static struct blocks blocks;
    begin(b, "fraudar");
    blocks.n = 0;
    if (period_ms)
        snprintf(b->setting, sizeof b->setting, "%d days", (int)(period_ms / DAY_MS));
    else
        snprintf(b->setting, sizeof b->setting, "whole");
    int64_t step_ms = period_ms ? period_ms : b->acts.last_ms - b->acts.first_ms + 1;
    for (int64_t from_ms = b->acts.first_ms; from_ms <= b->acts.last_ms; from_ms += step_ms)
        TRY(find_blocks(b, from_ms, from_ms + step_ms, most, &blocks));
    qsort(blocks.items, blocks.n, sizeof *blocks.items, by_density);
    for (size_t i = 0; i < blocks.n; i++) {
        TRY(flag(b, blocks.items[i].rows, blocks.items[i].n));
        say(b, (double)blocks.items[i].density / 1e6);
    }
fail:
    for (size_t i = 0; i < blocks.n; i++)
        free(blocks.items[i].rows);
    return st;
}

/* synchrotrap */

struct pairs {
    uint64_t *items;
    size_t n;
    uint64_t left_out;
};

static void pair_users(const struct bench *b, uint32_t object, int64_t window_ms, struct pairs *pairs)
{
    const struct act *items = b->acts.items;
    uint32_t end = b->acts.object_start[object + 1];
    for (uint32_t i = b->acts.object_start[object]; i < end; i++)
        for (uint32_t j = i + 1; j < end && items[j].time_ms - items[i].time_ms <= window_ms; j++) {
            uint32_t one = items[i].account;
            uint32_t two = items[j].account;
            if (pairs->n == PAIRS_MAX)
                pairs->left_out++;
            else
                pairs->items[pairs->n++] = one < two ? (uint64_t)one << 32 | two : (uint64_t)two << 32 | one;
        }
}

/* Smallest objects first, so that what is left out is the popular. */
static enum status pair_all(const struct bench *b, int64_t window_ms, struct pairs *pairs)
{
    enum status st = STATUS_OK;
    const size_t n = b->acts.objects.n;
    uint64_t *order = calloc(n + 1, sizeof *order);
    REQUIRE(order, STATUS_NOMEM);
    for (size_t o = 0; o < n; o++)
        order[o] = (uint64_t)(b->acts.object_start[o + 1] - b->acts.object_start[o]) << 32 | o;
    TRY(radix_sort(order, n));
    for (size_t i = 0; i < n; i++)
        pair_users(b, (uint32_t)order[i], window_ms, pairs);
    TRY(radix_sort(pairs->items, pairs->n));
fail:
    free(order);
    return st;
}

static enum status link_at(struct bench *b, const struct pairs *pairs, size_t matches_min, double similarity)
{
    enum status st = STATUS_OK;
    struct sets sets = { 0 };
    TRY(sets_init(&sets, b->acts.accounts.n));
    for (size_t i = 0, end; i < pairs->n; i = end) {
        for (end = i + 1; end < pairs->n && pairs->items[end] == pairs->items[i];)
            end++;
        uint32_t one = (uint32_t)(pairs->items[i] >> 32);
        uint32_t two = (uint32_t)pairs->items[i];
        double matched = (double)(end - i);
        double all = (double)(acts_of(&b->acts, one) + acts_of(&b->acts, two)) - matched;
        if (end - i >= matches_min && matched >= similarity * all)
            sets_join(&sets, one, two);
    }
    begin(b, "synchrotrap");
    TRY(sets_list(&sets, CLUSTER_MIN, b, flag));
    say(b, similarity);
fail:
    sets_fini(&sets);
    return st;
}

static enum status run_synchrotrap(struct bench *b, int64_t window_ms)
{
    enum status st = STATUS_OK;
    struct pairs pairs = { 0 };
    pairs.items = calloc(PAIRS_MAX, sizeof *pairs.items);
    REQUIRE(pairs.items, STATUS_NOMEM);
    TRY(pair_all(b, window_ms, &pairs));
    if (pairs.left_out)
        fprintf(stderr, "synchrotrap, %d h: %llu pairs on the most popular objects are left out\n",
            (int)(window_ms / HOUR_MS), (unsigned long long)pairs.left_out);
    for (size_t matches = 1; matches <= 3; matches++)
        for (int i = THRESHOLDS; i >= 1; i--) {
            snprintf(b->setting, sizeof b->setting, "%d h; %zu", (int)(window_ms / HOUR_MS), matches);
            TRY(link_at(b, &pairs, matches, (double)i / THRESHOLDS));
        }
fail:
    free(pairs.items);
    return st;
}

static enum status read_truth(struct bench *b, const char *path)
{
    enum status st = STATUS_OK;
    char line[512];
    FILE *file = fopen(path, "r");
    REQUIRE(file, STATUS_IO);
    while (fgets(line, sizeof line, file)) {
        uint32_t number;
        line[strcspn(line, "\n")] = '\0';
        TRY(roll_add(&b->acts.accounts, span_of(line), (struct span){ 0 }, &number));
        REQUIRE(number < b->acts.accounts.n, STATUS_BAD);
        b->truth[number] = 1;
    }
fail:
    if (file)
        fclose(file);
    return st;
}

static enum status run_all(struct bench *b)
{
    enum status st = STATUS_OK;
    static const uint32_t users_max[] = { 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 20000, 100000 };
    for (size_t i = 0; i < sizeof users_max / sizeof *users_max; i++)
        TRY(run_union(b, users_max[i]));
    TRY(run_synchrotrap(b, HOUR_MS));
    TRY(run_synchrotrap(b, 6 * HOUR_MS));
    TRY(run_synchrotrap(b, DAY_MS));
    TRY(run_fraudar(b, 7 * DAY_MS, 8));
    TRY(run_fraudar(b, 28 * DAY_MS, 16));
    TRY(run_fraudar(b, 0, 30));
fail:
    return st;
}

int main(int argc, char **argv)
{
    enum status st = STATUS_OK;
    struct bench b = { 0 };
    struct csv_counts counts;
    struct diag diag;
    if (argc != 3)
        return 2;
    acts_init(&b.acts, &(struct acts_limits){ 50000000, 50000000, 100000000 });
    TRY(csv_read(argv[1], 0, &b.acts, &counts, &diag));
    TRY(acts_settle(&b.acts));
    b.truth = calloc(b.acts.accounts.n + 1, 1);
    b.flagged = calloc(b.acts.accounts.n + 1, 1);
    REQUIRE(b.truth && b.flagged, STATUS_NOMEM);
    TRY(read_truth(&b, argv[2]));
    TRY(run_all(&b));
fail:
    free(b.truth);
    free(b.flagged);
    acts_fini(&b.acts);
    return st == STATUS_OK ? 0 : 1;
}
