#include "campaign/queues.h"

#include "campaign/hands.h"

#include <stdlib.h>

/* Of a hand-off, once from each end. */
struct end {
    uint32_t hand, other;
};

struct ends {
    struct end *items;
    size_t n;
};

void queues_init(struct queues *queues)
{
    *queues = (struct queues){ 0 };
}

void queues_fini(struct queues *queues)
{
    free(queues->items);
    queues_init(queues);
}

static enum status start_anew(struct queues *queues, size_t n_accounts)
{
    enum status st = STATUS_OK;
    if (n_accounts > queues->room) {
        struct queue *grown = realloc(queues->items, n_accounts * sizeof *grown);
        REQUIRE(grown, STATUS_NOMEM);
        queues->items = grown;
        queues->room = n_accounts;
    }
    for (size_t i = 0; i < n_accounts; i++)
        queues->items[i] = (struct queue){ .parent = (uint32_t)i, .size = 1 };
fail:
    return st;
}

static uint32_t queue_of(struct queues *queues, uint32_t hand)
{
    struct queue *items = queues->items;
    while (items[hand].parent != hand)
        hand = items[hand].parent = items[items[hand].parent].parent;
    return hand;
}

static void join(struct queues *queues, uint32_t a, uint32_t b)
{
    a = queue_of(queues, a);
    b = queue_of(queues, b);
    if (a == b)
        return;
    uint32_t root = a < b ? a : b;
    queues->items[a < b ? b : a].parent = root;
    queues->items[root].size = queues->items[a].size + queues->items[b].size;
}

static bool is_strong(const struct graph_direct *direct)
{
    return direct->count > 0 && object_kind_info[direct->kind].strong;
}

/* Work that moved from one stranger to another. */
static bool is_one(const struct graph *graph, struct rings *identity, const struct graph_direct *direct)
{
    return is_strong(direct) && hands_are_strangers(graph, identity, direct);
}

static enum status list_ends(const struct graph *graph, struct rings *identity, struct ends *ret_ends)
{
    enum status st = STATUS_OK;
    struct ends ends = { 0 };
    for (size_t i = 0; i < graph->n_direct; i++)
        ends.n += is_one(graph, identity, &graph->direct[i]);
    ends.items = malloc((2 * ends.n + 1) * sizeof *ends.items);
    REQUIRE(ends.items, STATUS_NOMEM);
    ends.n = 0;
    for (size_t i = 0; i < graph->n_direct; i++) {
        const struct graph_direct *d = &graph->direct[i];
        if (!is_one(graph, identity, d))
            continue;
        uint32_t a = hands_of(graph, identity, d->a), b = hands_of(graph, identity, d->b);
        ends.items[ends.n++] = (struct end){ a, b };
        ends.items[ends.n++] = (struct end){ b, a };
    }
    *ret_ends = ends;
fail:
    return st;
}

static int by_hand(const void *a, const void *b)
{
    const struct end *x = a;
    const struct end *y = b;
    if (x->hand != y->hand)
        return x->hand < y->hand ? -1 : 1;
    return x->other < y->other ? -1 : x->other > y->other;
}

static void count_partners(struct queues *queues, const struct ends *ends)
{
    if (ends->n > 0)
        qsort(ends->items, ends->n, sizeof *ends->items, by_hand);
    for (size_t i = 0; i < ends->n; i++) {
        const struct end *end = &ends->items[i];
        queues->items[end->hand].partners += i == 0 || by_hand(end - 1, end) != 0;
        join(queues, end->hand, end->other);
    }
}

static bool is_between_many(struct queues *queues, uint32_t hand)
{
    return queues->items[hand].partners > 1 && queues->items[queue_of(queues, hand)].size > QUEUES_FIRM;
}

/* What work has to do with those who are held is no firm's matter; what may be chance a second partner tells from it. */
static bool is_to_count(struct queues *queues, const struct graph *graph, struct rings *identity,
    const struct graph_direct *direct)
{
    if (!hands_are_strangers(graph, identity, direct))
        return true;
    uint32_t a = hands_of(graph, identity, direct->a), b = hands_of(graph, identity, direct->b);
    if (graph->accounts[direct->a].watched || graph->accounts[direct->b].watched)
        return !graph_may_be_chance(direct) ||
               (queues->items[a].partners > 1 && queues->items[b].partners > 1);
    return is_between_many(queues, a) && is_between_many(queues, b);
}

static void let_count(struct queues *queues, struct graph *graph, struct rings *identity)
{
    for (size_t i = 0; i < graph->n_direct; i++)
        if (is_strong(&graph->direct[i]) && is_to_count(queues, graph, identity, &graph->direct[i]))
            graph_count_direct(graph, &graph->direct[i]);
}

enum status queues_update(struct queues *queues, struct graph *graph, struct rings *identity)
{
    enum status st = STATUS_OK;
    struct ends ends = { 0 };
    TRY(list_ends(graph, identity, &ends));
    TRY(start_anew(queues, graph->n_accounts));
    count_partners(queues, &ends);
    let_count(queues, graph, identity);
fail:
    free(ends.items);
    return st;
}

size_t queues_bytes(const struct queues *queues)
{
    return queues->room * sizeof *queues->items;
}
