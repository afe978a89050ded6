#include "campaign/sweep.h"

#include <stdlib.h>

enum { SHARE = 16, LEAST = 256 };

/* Where everything moves; MAP_NONE for empty slots. One place more than there are slots, which is MAP_NONE. */
struct moves {
    uint32_t *accounts, *objects, *direct;
};

static bool many(size_t empty, size_t n)
{
    return empty * SHARE > n + LEAST;
}

bool sweep_is_due(const struct graph *graph)
{
    return many(graph->empty.accounts, graph->n_accounts) || many(graph->empty.objects, graph->n_objects) ||
           many(graph->empty.direct, graph->n_direct);
}

static void moves_fini(struct moves *moves)
{
    free(moves->accounts);
    free(moves->objects);
    free(moves->direct);
}

static enum status moves_init(struct moves *moves, const struct graph *graph)
{
    enum status st = STATUS_OK;
    *moves = (struct moves){
        .accounts = calloc(graph->n_accounts + 1, sizeof(uint32_t)),
        .objects = calloc(graph->n_objects + 1, sizeof(uint32_t)),
        .direct = calloc(graph->n_direct + 1, sizeof(uint32_t)),
    };
    REQUIRE(moves->accounts && moves->objects && moves->direct, STATUS_NOMEM);
    uint32_t kept = 0;
    for (size_t i = 0; i < graph->n_accounts; i++)
        moves->accounts[i] = graph->accounts[i].account ? kept++ : MAP_NONE;
    kept = 0;
    for (size_t i = 0; i < graph->n_objects; i++)
        moves->objects[i] = graph->objects[i].dead ? MAP_NONE : kept++;
    kept = 0;
    for (size_t i = 0; i < graph->n_direct; i++)
        moves->direct[i] = graph->direct[i].count ? kept++ : MAP_NONE;
    moves->accounts[graph->n_accounts] = moves->objects[graph->n_objects] = MAP_NONE;
    moves->direct[graph->n_direct] = MAP_NONE;
fail:
    return st;
}

static uint32_t moved_link(const struct moves *moves, uint32_t direct)
{
    return direct ? moves->direct[direct - 1] + 1 : 0;
}

static void move_accounts(struct graph *graph, const struct moves *moves)
{
    size_t kept = 0;
    size_t known = 0;
    lookup_clear(&graph->account_index);
    for (size_t i = 0; i < graph->n_accounts; i++) {
        if (moves->accounts[i] == MAP_NONE)
            continue;
        graph->accounts[kept] = graph->accounts[i];
        graph->accounts[kept].direct = moved_link(moves, graph->accounts[i].direct);
        lookup_put(&graph->account_index, graph->accounts[kept].account, (uint32_t)kept);
        kept++;
        known += i < graph->n_known;
    }
    graph->n_accounts = kept;
    graph->n_known = known;
}

static void move_objects(struct graph *graph, const struct moves *moves)
{
    size_t kept = 0;
    lookup_clear(&graph->object_index);
    for (size_t i = 0; i < graph->n_objects; i++) {
        if (moves->objects[i] == MAP_NONE)
            continue;
        graph->objects[kept] = graph->objects[i];
        lookup_put(&graph->object_index, graph->objects[kept].object, (uint32_t)kept);
        kept++;
    }
    graph->n_objects = kept;
}

/* Their keys are made of the accounts' indices. The index has room: it held them all. */
static enum status move_direct(struct graph *graph, const struct moves *moves)
{
    enum status st = STATUS_OK;
    size_t kept = 0;
    map_clear(&graph->direct_index);
    for (size_t i = 0; i < graph->n_direct; i++) {
        struct graph_direct d = graph->direct[i];
        if (moves->direct[i] == MAP_NONE)
            continue;
        d.a = moves->accounts[d.a];
        d.b = moves->accounts[d.b];
        for (unsigned end = 0; end < 2; end++) {
            d.next[end] = moved_link(moves, d.next[end]);
            d.prev[end] = moved_link(moves, d.prev[end]);
        }
        TRY(map_put(&graph->direct_index, graph_pair_key(d.a, d.b, d.kind), (uint32_t)kept));
        graph->direct[kept++] = d;
    }
    graph->n_direct = kept;
fail:
    return st;
}

enum status sweep_graph(struct graph *graph)
{
    enum status st = STATUS_OK;
    struct moves moves = { 0 };
    TRY(moves_init(&moves, graph));
    adjacency_renumber(&graph->frames, moves.accounts, moves.objects);
    adjacency_renumber(&graph->ties, moves.accounts, moves.objects);
    adjacency_renumber(&graph->columns, moves.objects, moves.accounts);
    TRY(move_direct(graph, &moves));
    move_accounts(graph, &moves);
    move_objects(graph, &moves);
    marks_clear(&graph->changed);
    marks_clear(&graph->restrung);
    graph->empty = (struct graph_slots){ 0 };
    graph->generation++;
fail:
    moves_fini(&moves);
    return st;
}
