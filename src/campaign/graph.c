#include "campaign/graph.h"

#include <stdlib.h>
#include <string.h>

/* A tie object has at least two members, and most have many. */
enum { EDGES_AN_OBJECT = 4, OBJECTS_LEAST = 1024 };

void graph_init(struct graph *graph, size_t accounts_max, size_t edges_max)
{
    *graph = (struct graph){ .accounts_max = accounts_max,
        .edges_max = edges_max,
        .objects_max = edges_max / EDGES_AN_OBJECT + OBJECTS_LEAST };
    map_init(&graph->account_index, accounts_max);
    map_init(&graph->object_index, graph->objects_max);
    map_init(&graph->direct_index, edges_max);
}

void graph_fini(struct graph *graph)
{
    map_fini(&graph->account_index);
    map_fini(&graph->object_index);
    map_fini(&graph->direct_index);
    free(graph->accounts);
    free(graph->objects);
    free(graph->direct);
    free(graph->waiting);
    adjacency_fini(&graph->rows);
    adjacency_fini(&graph->columns);
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
        TRY(make_room((void **)&graph->objects, &graph->objects_capacity, graph->n_objects,
            graph->objects_max, sizeof *graph->objects));
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
    REQUIRE(graph->n_edges < graph->edges_max, STATUS_FULL);
    TRY(make_room((void **)&graph->waiting, &graph->waiting_capacity, graph->n_waiting, graph->edges_max,
        sizeof *graph->waiting));
    TRY(account_at(graph, tie->a, tie->organization, &account));
    TRY(object_at(graph, tie, &object));
    graph->waiting[graph->n_waiting++] = (uint64_t)account << 32 | object;
    graph->n_edges++;
fail:
    return st;
}

/* Of a pair and family. */
static uint64_t pair_key(uint32_t a, uint32_t b, enum object_kind kind)
{
    return ((uint64_t)a << 32 | b) * 4 + object_kind_info[kind].family % 4 + 1;
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
    uint64_t pair = pair_key(a, b, tie->kind);
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
            graph->any_dead = graph->objects[object].dead = true;
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
    graph->any_dead = graph->accounts[index].dead = true;
    graph->dirty = true;
}

/* The new index of every living item; dead ones get MAP_NONE. */
static uint32_t number_accounts(const struct graph *graph, uint32_t *moved)
{
    uint32_t kept = 0;
    for (size_t i = 0; i < graph->n_accounts; i++)
        moved[i] = graph->accounts[i].dead ? MAP_NONE : kept++;
    return kept;
}

static void number_objects(const struct graph *graph, uint32_t *moved)
{
    uint32_t kept = 0;
    for (size_t i = 0; i < graph->n_objects; i++)
        moved[i] = graph->objects[i].dead ? MAP_NONE : kept++;
}

static void drop_dead(struct graph *graph)
{
    size_t kept = 0;
    for (size_t i = 0; i < graph->n_accounts; i++)
        if (!graph->accounts[i].dead)
            graph->accounts[kept++] = graph->accounts[i];
    graph->n_accounts = kept;
    kept = 0;
    for (size_t i = 0; i < graph->n_objects; i++)
        if (!graph->objects[i].dead)
            graph->objects[kept++] = graph->objects[i];
    graph->n_objects = kept;
}

/* Ties with a dead end go. The index has room for what is left. */
static enum status renumber_direct(struct graph *graph, const uint32_t *accounts)
{
    enum status st = STATUS_OK;
    size_t kept = 0;
    map_clear(&graph->direct_index);
    for (size_t i = 0; i < graph->n_direct; i++) {
        struct graph_direct d = graph->direct[i];
        d.a = accounts[d.a];
        d.b = accounts[d.b];
        if (d.a == MAP_NONE || d.b == MAP_NONE)
            continue;
        TRY(map_put(&graph->direct_index, pair_key(d.a, d.b, d.kind), (uint32_t)kept));
        graph->direct[kept++] = d;
    }
    graph->n_direct = kept;
fail:
    return st;
}

static void renumber_waiting(struct graph *graph, const uint32_t *accounts, const uint32_t *objects)
{
    size_t kept = 0;
    for (size_t i = 0; i < graph->n_waiting; i++) {
        uint32_t account = accounts[graph->waiting[i] >> 32];
        uint32_t object = objects[(uint32_t)graph->waiting[i]];
        if (account != MAP_NONE && object != MAP_NONE)
            graph->waiting[kept++] = (uint64_t)account << 32 | object;
    }
    graph->n_waiting = kept;
}

static size_t n_built_edges(const struct graph *graph)
{
    return graph->rows.n ? graph->rows.start[graph->rows.n] : 0;
}

/* Drops dead accounts and objects with their edges. What is left keeps its order. */
static enum status sweep(struct graph *graph)
{
    enum status st = STATUS_OK;
    uint32_t *accounts = malloc((graph->n_accounts + 1) * sizeof *accounts);
    uint32_t *objects = malloc((graph->n_objects + 1) * sizeof *objects);
    REQUIRE(accounts && objects, STATUS_NOMEM);
    bool fewer_accounts = number_accounts(graph, accounts) < graph->n_accounts;
    number_objects(graph, objects);
    if (fewer_accounts)
        TRY(renumber_direct(graph, accounts));
    renumber_waiting(graph, accounts, objects);
    adjacency_renumber(&graph->rows, accounts, objects);
    adjacency_renumber(&graph->columns, objects, accounts);
    drop_dead(graph);
    map_revalue(&graph->account_index, accounts);
    map_revalue(&graph->object_index, objects);
    graph->n_edges = n_built_edges(graph) + graph->n_waiting;
    graph->any_dead = false;
fail:
    free(accounts);
    free(objects);
    return st;
}

static int ascending(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* Sorts what waits by account, then object, and drops what is there already. */
static void sort_waiting(struct graph *graph)
{
    uint64_t *pairs = graph->waiting;
    size_t kept = 0;
    if (graph->n_waiting > 0)
        qsort(pairs, graph->n_waiting, sizeof *pairs, ascending);
    for (size_t i = 0; i < graph->n_waiting; i++)
        if ((kept == 0 || pairs[kept - 1] != pairs[i]) &&
            !adjacency_has(&graph->rows, (uint32_t)(pairs[i] >> 32), (uint32_t)pairs[i]))
            pairs[kept++] = pairs[i];
    graph->n_edges -= graph->n_waiting - kept;
    graph->n_waiting = kept;
}

static void merge_waiting(struct graph *graph)
{
    adjacency_add(&graph->rows, graph->n_accounts, graph->waiting, graph->n_waiting);
    for (size_t i = 0; i < graph->n_waiting; i++)
        graph->waiting[i] = graph->waiting[i] << 32 | graph->waiting[i] >> 32;
    if (graph->n_waiting > 0)
        qsort(graph->waiting, graph->n_waiting, sizeof *graph->waiting, ascending);
    adjacency_add(&graph->columns, graph->n_objects, graph->waiting, graph->n_waiting);
    graph->n_waiting = 0;
}

/* Offsets by key after counting: start[k + 2] holds counts, afterwards start[k + 1] is where key k begins. */
static void offsets(uint32_t *start, size_t n)
{
    for (size_t k = 0; k < n; k++)
        start[k + 2] += start[k + 1];
}

static enum status reserve(struct graph *graph)
{
    enum status st = STATUS_OK;
    struct {
        uint32_t **array;
        size_t n;
    } arrays[] = {
        { &graph->direct_start, graph->n_accounts + 2 },
        { &graph->direct_at, 2 * graph->n_direct + 1 },
    };
    TRY(adjacency_reserve(&graph->rows, graph->n_accounts, graph->n_edges));
    TRY(adjacency_reserve(&graph->columns, graph->n_objects, graph->n_edges));
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
        for (uint32_t e = graph->columns.start[c]; e < graph->columns.start[c + 1]; e++)
            graph->has_strong[graph->columns.items[e]] = 1;
    }
    for (size_t i = 0; i < graph->n_direct; i++)
        if (object_kind_info[graph->direct[i].kind].strong)
            graph->has_strong[graph->direct[i].a] = graph->has_strong[graph->direct[i].b] = 1;
    for (size_t c = 0; c < graph->n_objects; c++) {
        graph->objects[c].strong = 0;
        if (object_kind_info[graph->objects[c].kind].family != FAMILY_CONTENT)
            continue;
        for (uint32_t e = graph->columns.start[c]; e < graph->columns.start[c + 1]; e++)
            graph->objects[c].strong += graph->has_strong[graph->columns.items[e]];
    }
}

enum status graph_build(struct graph *graph)
{
    enum status st = STATUS_OK;
    if (graph->any_dead)
        TRY(sweep(graph));
    sort_waiting(graph);
    TRY(reserve(graph));
    merge_waiting(graph);
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
           graph->waiting_capacity * sizeof *graph->waiting + graph->n_edges * 2 * sizeof(uint32_t) +
           graph->direct_capacity * (sizeof *graph->direct + 2 * sizeof(uint32_t)) +
           (graph->n_rows + graph->n_columns + 4) * sizeof(uint32_t) + map_bytes(&graph->account_index) +
           map_bytes(&graph->object_index) + map_bytes(&graph->direct_index);
}

bool graph_shows(const struct graph *graph, uint32_t account, uint32_t object)
{
    return adjacency_has(&graph->rows, account, object);
}
