#include "campaign/graph.h"

#include <stdlib.h>
#include <string.h>

void graph_init(struct graph *graph, size_t accounts_max, size_t edges_max)
{
    *graph = (struct graph){ .accounts_max = accounts_max, .edges_max = edges_max };
    map_init(&graph->account_index, accounts_max);
    map_init(&graph->object_index, edges_max);
    map_init(&graph->direct_index, edges_max);
}

void graph_fini(struct graph *graph)
{
    map_fini(&graph->account_index);
    map_fini(&graph->object_index);
    map_fini(&graph->direct_index);
    free(graph->accounts);
    free(graph->objects);
    free(graph->edges);
    free(graph->direct);
    free(graph->row_start);
    free(graph->row_object);
    free(graph->column_start);
    free(graph->column_account);
    free(graph->direct_start);
    free(graph->direct_at);
    free(graph->has_strong);
    *graph = (struct graph){ 0 };
}

/* Makes room for one more item of an array that never exceeds max. */
static enum status make_room(void **items, size_t *capacity, size_t n, size_t max, size_t size)
{
    enum status st = STATUS_OK;
    if (n < *capacity)
        return STATUS_OK;
    REQUIRE(n < max, STATUS_FULL);
    size_t wider = *capacity ? *capacity * 2 : 256;
    wider = wider > max ? max : wider;
    void *grown = realloc(*items, wider * size);
    REQUIRE(grown, STATUS_NOMEM);
    *items = grown;
    *capacity = wider;
fail:
    return st;
}

static enum status account_at(
    struct graph *graph, uint64_t account, uint64_t organization, uint32_t *ret_index)
{
    enum status st = STATUS_OK;
    uint32_t found = map_find(&graph->account_index, account);
    if (found == MAP_NONE) {
        TRY(make_room((void **)&graph->accounts, &graph->accounts_capacity, graph->n_accounts,
            graph->accounts_max, sizeof *graph->accounts));
        found = (uint32_t)graph->n_accounts;
        TRY(map_put(&graph->account_index, account, found));
        graph->accounts[graph->n_accounts++] = (struct graph_account){ .account = account };
    }
    if (organization)
        graph->accounts[found].organization = organization;
    *ret_index = found;
fail:
    return st;
}

static enum status object_at(struct graph *graph, const struct tie *tie, uint32_t *ret_index)
{
    enum status st = STATUS_OK;
    uint32_t found = map_find(&graph->object_index, tie->object);
    if (found == MAP_NONE) {
        TRY(make_room((void **)&graph->objects, &graph->objects_capacity, graph->n_objects, graph->edges_max,
            sizeof *graph->objects));
        found = (uint32_t)graph->n_objects;
        TRY(map_put(&graph->object_index, tie->object, found));
        graph->objects[graph->n_objects++] =
            (struct graph_object){ .object = tie->object, .first_ms = tie->time_ms, .kind = tie->kind };
    }
    *ret_index = found;
fail:
    return st;
}

static enum status add_member(struct graph *graph, const struct tie *tie)
{
    enum status st = STATUS_OK;
    uint32_t account;
    uint32_t object;
    TRY(make_room((void **)&graph->edges, &graph->edges_capacity, graph->n_edges, graph->edges_max,
        sizeof *graph->edges));
    TRY(account_at(graph, tie->a, tie->organization, &account));
    TRY(object_at(graph, tie, &object));
    graph->edges[graph->n_edges++] = (struct graph_edge){ account, object };
fail:
    return st;
}

/* Weak ties of a pair say nothing once it has a strong one, and do not add up to one. */
static void count_direct(struct graph_direct *direct, const struct tie *tie)
{
    bool strong = object_kind_info[tie->kind].strong;
    bool was_strong = object_kind_info[direct->kind].strong;
    if (strong && !was_strong) {
        direct->kind = tie->kind;
        direct->object = tie->object;
        direct->first_ms = tie->time_ms;
        direct->count = 0;
    }
    if (strong || !was_strong)
        direct->count++;
}

static enum status add_direct(struct graph *graph, const struct tie *tie)
{
    enum status st = STATUS_OK;
    uint32_t a;
    uint32_t b;
    TRY(account_at(graph, tie->a, tie->organization, &a));
    TRY(account_at(graph, tie->b, 0, &b));
    uint64_t pair = ((uint64_t)a << 32 | b) * 4 + object_kind_info[tie->kind].family % 4 + 1;
    uint32_t found = map_find(&graph->direct_index, pair);
    if (found == MAP_NONE) {
        TRY(make_room((void **)&graph->direct, &graph->direct_capacity, graph->n_direct, graph->edges_max,
            sizeof *graph->direct));
        found = (uint32_t)graph->n_direct;
        TRY(map_put(&graph->direct_index, pair, found));
        graph->direct[graph->n_direct++] = (struct graph_direct){
            .a = a, .b = b, .first_ms = tie->time_ms, .object = tie->object, .kind = tie->kind
        };
    }
    count_direct(&graph->direct[found], tie);
fail:
    return st;
}

enum status graph_add(struct graph *graph, const struct tie *tie)
{
    graph->dirty = true;
    if (tie->op == TIE_WITHDRAW) {
        uint32_t object = map_remove(&graph->object_index, tie->object);
        if (object != MAP_NONE)
            graph->objects[object].dead = true;
        return STATUS_OK;
    }
    enum status st = tie->op == TIE_DIRECT ? add_direct(graph, tie) : add_member(graph, tie);
    if (st == STATUS_FULL) {
        graph->dropped++;
        st = STATUS_OK;
    }
    return st;
}

void graph_forget(struct graph *graph, uint64_t account)
{
    uint32_t index = map_remove(&graph->account_index, account);
    if (index == MAP_NONE)
        return;
    graph->accounts[index].dead = true;
    graph->dirty = true;
}

/* Gives every living item of an array its new index; dead ones get MAP_NONE. */
static void renumber_accounts(struct graph *graph, uint32_t *moved)
{
    size_t kept = 0;
    for (size_t i = 0; i < graph->n_accounts; i++) {
        moved[i] = graph->accounts[i].dead ? MAP_NONE : (uint32_t)kept;
        if (!graph->accounts[i].dead)
            graph->accounts[kept++] = graph->accounts[i];
    }
    graph->n_accounts = kept;
}

static void renumber_objects(struct graph *graph, uint32_t *moved)
{
    size_t kept = 0;
    for (size_t i = 0; i < graph->n_objects; i++) {
        moved[i] = graph->objects[i].dead ? MAP_NONE : (uint32_t)kept;
        if (!graph->objects[i].dead)
            graph->objects[kept++] = graph->objects[i];
    }
    graph->n_objects = kept;
}

static enum status index_again(struct graph *graph)
{
    enum status st = STATUS_OK;
    map_clear(&graph->account_index);
    map_clear(&graph->object_index);
    map_clear(&graph->direct_index);
    for (size_t i = 0; i < graph->n_accounts; i++)
        TRY(map_put(&graph->account_index, graph->accounts[i].account, (uint32_t)i));
    for (size_t i = 0; i < graph->n_objects; i++)
        TRY(map_put(&graph->object_index, graph->objects[i].object, (uint32_t)i));
    for (size_t i = 0; i < graph->n_direct; i++) {
        const struct graph_direct *d = &graph->direct[i];
        uint64_t pair = ((uint64_t)d->a << 32 | d->b) * 4 + object_kind_info[d->kind].family % 4 + 1;
        TRY(map_put(&graph->direct_index, pair, (uint32_t)i));
    }
fail:
    return st;
}

/* Drops dead accounts and objects with their edges, when there are any. */
static enum status sweep(struct graph *graph)
{
    enum status st = STATUS_OK;
    bool any = false;
    for (size_t i = 0; i < graph->n_accounts && !any; i++)
        any = graph->accounts[i].dead;
    for (size_t i = 0; i < graph->n_objects && !any; i++)
        any = graph->objects[i].dead;
    if (!any)
        return STATUS_OK;
    uint32_t *accounts = malloc((graph->n_accounts + 1) * sizeof *accounts);
    uint32_t *objects = malloc((graph->n_objects + 1) * sizeof *objects);
    REQUIRE(accounts && objects, STATUS_NOMEM);
    renumber_accounts(graph, accounts);
    renumber_objects(graph, objects);
    size_t kept = 0;
    for (size_t i = 0; i < graph->n_edges; i++) {
        struct graph_edge e = { accounts[graph->edges[i].account], objects[graph->edges[i].object] };
        if (e.account != MAP_NONE && e.object != MAP_NONE)
            graph->edges[kept++] = e;
    }
    graph->n_edges = kept;
    kept = 0;
    for (size_t i = 0; i < graph->n_direct; i++) {
        struct graph_direct d = graph->direct[i];
        d.a = accounts[d.a];
        d.b = accounts[d.b];
        if (d.a != MAP_NONE && d.b != MAP_NONE)
            graph->direct[kept++] = d;
    }
    graph->n_direct = kept;
    TRY(index_again(graph));
fail:
    free(accounts);
    free(objects);
    return st;
}

/* Offsets by key after counting: start[k + 2] holds counts, afterwards start[k + 1] is where key k begins. */
static void offsets(uint32_t *start, size_t n)
{
    for (size_t k = 0; k < n; k++)
        start[k + 2] += start[k + 1];
}

/* The columns, each in the order of edges; rows filled from them are ascending. */
static void order_by_object(struct graph *graph)
{
    size_t n = graph->n_objects;
    memset(graph->column_start, 0, (n + 2) * sizeof *graph->column_start);
    for (size_t i = 0; i < graph->n_edges; i++)
        graph->column_start[graph->edges[i].object + 2]++;
    offsets(graph->column_start, n);
    for (size_t i = 0; i < graph->n_edges; i++)
        graph->column_account[graph->column_start[graph->edges[i].object + 1]++] = graph->edges[i].account;
}

static void sort_rows(struct graph *graph)
{
    size_t n = graph->n_accounts;
    memset(graph->row_start, 0, (n + 2) * sizeof *graph->row_start);
    for (size_t i = 0; i < graph->n_edges; i++)
        graph->row_start[graph->edges[i].account + 2]++;
    offsets(graph->row_start, n);
    for (size_t c = 0; c < graph->n_objects; c++)
        for (uint32_t e = graph->column_start[c]; e < graph->column_start[c + 1]; e++)
            graph->row_object[graph->row_start[graph->column_account[e] + 1]++] = (uint32_t)c;
}

/* Drops what stands twice in a row; edges are rewritten to match, in the order of rows. */
static void drop_duplicates(struct graph *graph)
{
    uint32_t out = 0;
    uint32_t from = 0;
    for (size_t r = 0; r < graph->n_accounts; r++) {
        uint32_t to = graph->row_start[r + 1];
        graph->row_start[r] = out;
        for (uint32_t e = from; e < to; e++) {
            if (out > graph->row_start[r] && graph->row_object[e] == graph->row_object[out - 1])
                continue;
            graph->row_object[out] = graph->row_object[e];
            graph->edges[out] = (struct graph_edge){ (uint32_t)r, graph->row_object[e] };
            out++;
        }
        from = to;
    }
    graph->row_start[graph->n_accounts] = out;
    graph->n_edges = out;
}

static enum status reserve(struct graph *graph)
{
    enum status st = STATUS_OK;
    struct {
        uint32_t **array;
        size_t n;
    } arrays[] = {
        { &graph->row_start, graph->n_accounts + 2 },
        { &graph->row_object, graph->n_edges + 1 },
        { &graph->column_start, graph->n_objects + 2 },
        { &graph->column_account, graph->n_edges + 1 },
        { &graph->direct_start, graph->n_accounts + 2 },
        { &graph->direct_at, 2 * graph->n_direct + 1 },
    };
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++) {
        uint32_t *grown = realloc(*arrays[i].array, arrays[i].n * sizeof **arrays[i].array);
        REQUIRE(grown, STATUS_NOMEM);
        *arrays[i].array = grown;
    }
    uint8_t *flags = realloc(graph->has_strong, graph->n_accounts + 1);
    REQUIRE(flags, STATUS_NOMEM);
    graph->has_strong = flags;
fail:
    return st;
}

static void sort_direct(struct graph *graph)
{
    size_t n = graph->n_accounts;
    memset(graph->direct_start, 0, (n + 2) * sizeof *graph->direct_start);
    for (size_t i = 0; i < graph->n_direct; i++) {
        graph->direct_start[graph->direct[i].a + 2]++;
        graph->direct_start[graph->direct[i].b + 2]++;
    }
    offsets(graph->direct_start, n);
    for (size_t i = 0; i < graph->n_direct; i++) {
        graph->direct_at[graph->direct_start[graph->direct[i].a + 1]++] = (uint32_t)i;
        graph->direct_at[graph->direct_start[graph->direct[i].b + 1]++] = (uint32_t)i;
    }
}

static void flag_strong(struct graph *graph)
{
    memset(graph->has_strong, 0, graph->n_accounts + 1);
    for (size_t c = 0; c < graph->n_objects; c++) {
        if (!object_kind_info[graph->objects[c].kind].strong || graph_degree(graph, (uint32_t)c) < 2)
            continue;
        for (uint32_t e = graph->column_start[c]; e < graph->column_start[c + 1]; e++)
            graph->has_strong[graph->column_account[e]] = 1;
    }
    for (size_t i = 0; i < graph->n_direct; i++)
        if (object_kind_info[graph->direct[i].kind].strong)
            graph->has_strong[graph->direct[i].a] = graph->has_strong[graph->direct[i].b] = 1;
    for (size_t c = 0; c < graph->n_objects; c++) {
        graph->objects[c].strong = 0;
        for (uint32_t e = graph->column_start[c]; e < graph->column_start[c + 1]; e++)
            graph->objects[c].strong += graph->has_strong[graph->column_account[e]];
    }
}

enum status graph_build(struct graph *graph)
{
    enum status st = STATUS_OK;
    TRY(sweep(graph));
    TRY(reserve(graph));
    order_by_object(graph);
    sort_rows(graph);
    drop_duplicates(graph);
    order_by_object(graph);
    sort_direct(graph);
    flag_strong(graph);
    graph->n_rows = graph->n_accounts;
    graph->n_columns = graph->n_objects;
    graph->dirty = false;
    graph->n_built = graph->n_edges + graph->n_direct;
fail:
    return st;
}

size_t graph_bytes(const struct graph *graph)
{
    return graph->accounts_capacity * sizeof *graph->accounts +
           graph->objects_capacity * sizeof *graph->objects +
           graph->edges_capacity * (sizeof *graph->edges + 2 * sizeof(uint32_t)) +
           graph->direct_capacity * (sizeof *graph->direct + 2 * sizeof(uint32_t)) +
           (graph->n_rows + graph->n_columns + 4) * sizeof(uint32_t) + map_bytes(&graph->account_index) +
           map_bytes(&graph->object_index) + map_bytes(&graph->direct_index);
}

bool graph_shows(const struct graph *graph, uint32_t account, uint32_t object)
{
    uint32_t low = graph->row_start[account];
    uint32_t high = graph->row_start[account + 1];
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (graph->row_object[middle] < object)
            low = middle + 1;
        else
            high = middle;
    }
    return low < graph->row_start[account + 1] && graph->row_object[low] == object;
}
