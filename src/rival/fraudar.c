/*
 * fraudar.c: accounts and the rare things they share form blocks that are denser than chance.
 *
 * Model: at the end of every day (UTC) a bipartite graph of accounts and what they showed in the last seven days: system
 *   prompts, user frames (first 24 masked tokens, 12 in shorter texts), networks, clients; and payment instruments and devices,
 *   which stay. Objects of one account are left out: they tie nobody. Blocks are found one after the other (blocks.h), and the
 *   accounts of each are suspended, as long as it has at least five and its density is at least 1.5 times the null's.
 * Source: Hooi, Song, Beutel, Shah, Shin, Faloutsos, "FRAUDAR: bounding graph fraud in the face of camouflage", KDD 2016: column
 *   weights 1/log(degree + 5), greedy peeling, repeated after removing the block's edges. The paper gives the analyst a
 *   ranking and no cut-off; the multiple of the density in a graph of the same degrees with swapped edges is ours.
 * Threshold: that multiple.
 * Memory: 32 edges an account, 4 million at most; 5 times that for the call at midnight.
 * Cost: O(E log V) a block, up to 16 blocks a day.
 * Benign look-alikes: a class, an office on one tool behind one network: dense blocks that are nobody's fraud.
 * Evasion: fewer shared objects an account; many small groups, each no denser than chance in so large a graph.
 */
#include "rival/blocks.h"
#include "rival/daily.h"
#include "rival/edges.h"
#include "rival/kinds.h"

#include "base/mix.h"

#include <stdlib.h>

enum { EDGES_EACH = 32, EDGES_MAX = 4000000 };
enum { WINDOW_DAYS = 7, BLOCKS_MAX = 16, BLOCK_MIN = 5 };
static const double null_multiple = 1.5;

enum column_kind {
    COLUMN_SYSTEM = 1,
    COLUMN_FRAME,
    COLUMN_NETWORK,
    COLUMN_CLIENT,
    COLUMN_PAYMENT,
    COLUMN_DEVICE
};

struct detector {
    struct daily daily;
    struct edges edges; /* value: day last shown, from 1; UINT64_MAX: stays */
    double multiple;
};

static void fraudar_close(struct detector *d)
{
    if (!d)
        return;
    daily_fini(&d->daily);
    edges_fini(&d->edges);
    free(d);
}

static enum status fraudar_open(
    const struct detector_config *config, const struct detector_sink *sink, struct detector **ret_detector)
{
    enum status st = STATUS_OK;
    struct detector *d = calloc(1, sizeof *d);
    REQUIRE(d, STATUS_NOMEM);
    size_t edges_max = daily_init(&d->daily, config, sink) * EDGES_EACH;
    d->multiple = config->threshold > 0 ? config->threshold : null_multiple;
    edges_init(&d->edges, edges_max < EDGES_MAX ? edges_max : EDGES_MAX);
    *ret_detector = d;
fail:
    return st;
}

static enum status show(
    struct detector *d, uint32_t account, enum column_kind kind, uint64_t hash, uint64_t day)
{
    enum status st = STATUS_OK;
    struct edge *edge;
    uint64_t object = hash ? mix_fold(hash, UINT64_C(0x9e3779b97f4a7c15) * (uint64_t)kind) : 0;
    TRY(edges_add(&d->edges, object, account, &edge));
    if (edge)
        edge->value = day;
fail:
    return st;
}

static enum status take_exchange(struct detector *d, const struct record *record, uint32_t account)
{
    enum status st = STATUS_OK;
    const struct exchange_record *e = &record->exchange;
    uint64_t day = (uint64_t)(record->time_ms / DAILY_MS) + 1;
    TRY(show(d, account, COLUMN_SYSTEM, e->system.id, day));
    TRY(show(d, account, COLUMN_FRAME, e->lead[2] ? e->lead[2] : e->lead[1], day));
    TRY(show(d, account, COLUMN_NETWORK, e->net, day));
    TRY(show(d, account, COLUMN_CLIENT, e->client, day));
fail:
    return st;
}

static enum status take_record(struct detector *d, const struct record *record)
{
    enum status st = STATUS_OK;
    uint32_t account;
    if (record->kind != RECORD_EXCHANGE && record->kind != RECORD_ACCOUNT)
        return STATUS_OK;
    TRY(ids_add(&d->daily.accounts, record->account, &account));
    if (account == MAP_NONE)
        return STATUS_OK;
    if (record->kind == RECORD_EXCHANGE)
        return take_exchange(d, record, account);
    TRY(show(d, account, COLUMN_PAYMENT, record->account_facts.payment, UINT64_MAX));
    TRY(show(d, account, COLUMN_DEVICE, record->account_facts.device, UINT64_MAX));
fail:
    return st;
}

/* Objects that several accounts showed since, numbered anew. The caller frees the edges. */
static enum status make_graph(const struct detector *d, uint64_t since, struct blocks_graph *ret_graph)
{
    enum status st = STATUS_OK;
    struct blocks_graph graph = { .n_rows = d->daily.accounts.n };
    uint32_t *start = NULL;
    uint32_t *order = NULL;
    TRY(edges_by_object(&d->edges, &start, &order));
    graph.edges = calloc(d->edges.n + 1, sizeof *graph.edges);
    REQUIRE(graph.edges, STATUS_NOMEM);
    for (size_t o = 0; o < d->edges.objects.n; o++) {
        size_t from = graph.n;
        for (uint32_t i = start[o]; i < start[o + 1]; i++) {
            const struct edge *edge = &d->edges.items[order[i]];
            if (edge->value >= since)
                graph.edges[graph.n++] =
                    (struct blocks_edge){ .row = edge->account, .column = (uint32_t)graph.n_columns };
        }
        if (graph.n - from < 2)
            graph.n = from;
        else
            graph.n_columns++;
    }
    *ret_graph = graph;
fail:
    free(start);
    free(order);
    return st;
}

static enum status report_block(void *context, const uint32_t *rows, size_t n, uint64_t density)
{
    struct detector *d = context;
    (void)density;
    if (n < BLOCK_MIN)
        return STATUS_OK;
    return daily_report(&d->daily, rows, n);
}

static enum status end_day(struct detector *d)
{
    enum status st = STATUS_OK;
    struct blocks_graph graph = { 0 };
    uint64_t by_chance;
    int64_t oldest = d->daily.day + 1 - (WINDOW_DAYS - 1);
    uint64_t since = oldest > 0 ? (uint64_t)oldest : 0;
    TRY(edges_prune(&d->edges, since));
    TRY(make_graph(d, since, &graph));
    TRY(blocks_null(&graph, (uint64_t)d->daily.day, &by_chance));
    uint64_t least = (uint64_t)((double)by_chance * d->multiple);
    TRY(blocks_find(&graph, least, BLOCKS_MAX, d, report_block));
fail:
    free(graph.edges);
    return st;
}

static enum status fraudar_batch(struct detector *d, const struct detector_batch *batch)
{
    return daily_batch(&d->daily, batch, d, take_record);
}

static enum status fraudar_tick(struct detector *d, int64_t now_ms)
{
    enum status st = STATUS_OK;
    if (!daily_is_over(&d->daily, now_ms))
        return STATUS_OK;
    TRY(end_day(d));
    d->daily.day = now_ms / DAILY_MS;
fail:
    return st;
}

static enum status fraudar_finish(struct detector *d)
{
    return d->daily.day < 0 ? STATUS_OK : end_day(d);
}

static enum status fraudar_groups(const struct detector *d, void *context, detector_group_each each)
{
    return ledger_groups(&d->daily.ledger, context, each);
}

static uint64_t fraudar_state_bytes(const struct detector *d)
{
    return sizeof *d + daily_bytes(&d->daily) + edges_bytes(&d->edges);
}

const struct detector_kind fraudar_kind = {
    .name = "fraudar",
    .summary =
        "dense blocks of accounts and objects (Hooi et al., FRAUDAR, 2016); threshold: multiple of chance",
    .open = fraudar_open,
    .batch = fraudar_batch,
    .tick = fraudar_tick,
    .finish = fraudar_finish,
    .groups = fraudar_groups,
    .state_bytes = fraudar_state_bytes,
    .close = fraudar_close,
};
